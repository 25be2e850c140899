"""Messages to people, and work for after the transaction: outbox, relay, texts and channels. See docs/messaging.md."""
