"""Between till and server stands a proxy that does what bad lines do."""
