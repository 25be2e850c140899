"""One module per group of operations. Each decodes, calls a use case, and encodes."""
