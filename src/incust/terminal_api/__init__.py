"""HTTP for tills: decode, call a use case, encode. The contract is docs/terminal-api.md."""
