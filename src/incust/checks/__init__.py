"""The life of a check: quote, reserve, finalize, cancel, expire; one use case a file."""
