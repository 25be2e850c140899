"""The rules engine: what a check earns, what may be redeemed, and why. Pure: no database, clock or randomness.

Start reading at `evaluate.py`; the words are those of the product's glossary (check, rule, bonus points, program).
"""
