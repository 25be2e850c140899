"""The ledger: the only writer of balances.

`migrations/0001_ledger.sql` says what the tables promise, `sql/` holds the functions that write them, `models.py` lets
the panel and the wallet read.
"""
