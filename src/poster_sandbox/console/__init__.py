"""The management console: what the owner of a café sees."""
