"""Mutation of the SQL: each guard and each line of the functions is broken once, and a test has to turn red.

`python -m mutation` reads the functions out of the migrated template, breaks them one place at a time in a copy of it,
and runs the tests of ledger, checks and guards against each mutant. See docs/mutation.md.
"""
