"""How an app gets into an account: consent, code, token."""
