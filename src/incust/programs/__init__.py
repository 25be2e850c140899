"""Loyalty programs: what the owner drafts and publishes, and what the engine is given."""
