-- PostgreSQL reads a table's constraints from their text anew for each statement that writes to it; that was a quarter of all
-- that a receipt cost it. Said with fewer words: one comparison of the least of several sums, and lists as one value.
--
-- Tills go on meanwhile. Here nothing is read (NOT VALID: from now on), so the lock is held for an instant, and it is not
-- waited for longer than a till would bear behind it: `incust migrate` fails then and is said once more. The rows that are
-- there are compared in 0004, under a lock that lets tills write; the old constraints hold until that is done (0005).
SET LOCAL lock_timeout = '250ms';
ALTER TABLE ledger.account
  -- Version, debt limit and held points count from zero; the balance is not below the limit; what is held is covered.
  ADD CONSTRAINT account_amounts_within CHECK (least(version, debt_limit_minor, held_minor, balance_minor + debt_limit_minor,
    greatest(balance_minor, '0') + debt_limit_minor - held_minor) >= 0) NOT VALID;
ALTER TABLE ledger.posting RENAME CONSTRAINT posting_kind_known TO posting_kind_known_before;
ALTER TABLE ledger.posting
  ADD CONSTRAINT posting_kind_known
    CHECK (kind = ANY ('{check,refund,expiry,correction,gift,referral,import}')) NOT VALID;
ALTER TABLE ledger.entry RENAME CONSTRAINT entry_of_one_account TO entry_of_one_account_before;
ALTER TABLE ledger.entry RENAME CONSTRAINT entry_system_account_known TO entry_system_account_known_before;
ALTER TABLE ledger.entry
  -- Either an account of the business, or a customer's with its number and the balance after it.
  ADD CONSTRAINT entry_of_one_account CHECK (
    num_nonnulls(account_id, account_version, balance_after_minor) = CASE WHEN system_account IS NULL THEN 3 ELSE 0 END)
    NOT VALID,
  ADD CONSTRAINT entry_system_account_known CHECK (
    system_account = ANY ('{issued,redeemed,expired,unbacked,correction,gift,imported}')) NOT VALID;
ALTER TABLE ledger.hold RENAME CONSTRAINT hold_resolution_known TO hold_resolution_known_before;
ALTER TABLE ledger.hold
  ADD CONSTRAINT hold_resolution_known CHECK (resolution = ANY ('{captured,released,expired}')) NOT VALID;
