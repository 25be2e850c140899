"""Webhooks: raised inside a change of the state, delivered in the background."""
