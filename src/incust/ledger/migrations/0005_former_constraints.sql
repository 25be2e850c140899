-- What the constraints of 0003 say in fewer words goes, now that all rows have met them. For the wait see 0003.
SET LOCAL lock_timeout = '250ms';
ALTER TABLE ledger.account
  DROP CONSTRAINT IF EXISTS account_version_counts,
  DROP CONSTRAINT IF EXISTS account_debt_limit_sane,
  DROP CONSTRAINT IF EXISTS account_not_below_limit,
  DROP CONSTRAINT IF EXISTS account_held_covered;
ALTER TABLE ledger.posting DROP CONSTRAINT IF EXISTS posting_kind_known_before;
ALTER TABLE ledger.entry
  DROP CONSTRAINT IF EXISTS entry_of_one_account_before,
  DROP CONSTRAINT IF EXISTS entry_of_customer_is_numbered,
  DROP CONSTRAINT IF EXISTS entry_system_account_known_before;
ALTER TABLE ledger.hold DROP CONSTRAINT IF EXISTS hold_resolution_known_before;
