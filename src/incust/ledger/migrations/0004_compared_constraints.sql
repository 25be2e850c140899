-- The rows of before meet the constraints of 0003. Tills write meanwhile: SHARE UPDATE EXCLUSIVE alone is held.
ALTER TABLE ledger.account VALIDATE CONSTRAINT account_amounts_within;
ALTER TABLE ledger.posting VALIDATE CONSTRAINT posting_kind_known;
ALTER TABLE ledger.entry VALIDATE CONSTRAINT entry_of_one_account, VALIDATE CONSTRAINT entry_system_account_known;
ALTER TABLE ledger.hold VALIDATE CONSTRAINT hold_resolution_known;
