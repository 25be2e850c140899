"""Customers of a business: who they are, how the till recognises them, and what they agreed to.

All personal data lives in this room's schema, so that erasing a person is a job of one place.
"""
