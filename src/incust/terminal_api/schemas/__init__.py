"""The shapes of the terminal API, as docs/terminal-api.md describes them. The OpenAPI document is made of these."""
