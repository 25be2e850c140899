-- As the ledger's, and as little in the way of tills: see ../../ledger/migrations/0003_shorter_constraints.sql.
SET LOCAL lock_timeout = '250ms';
ALTER TABLE checks.check RENAME CONSTRAINT check_final_is_whole TO check_final_is_whole_before;
ALTER TABLE checks.check RENAME CONSTRAINT check_returned_is_final TO check_returned_is_final_before;
ALTER TABLE checks.check RENAME CONSTRAINT check_concerns_known TO check_concerns_known_before;
ALTER TABLE checks.check
  -- A status is a known one, and what is final has when, the answer and the fingerprint; nothing else has any of them.
  ADD CONSTRAINT check_final_is_whole CHECK (num_nonnulls(finalized_at, answer, fingerprint) = CASE
    WHEN status = ANY ('{finalized,released}') THEN 3 WHEN status = ANY ('{reserved,expired,cancelled}') THEN 0 ELSE -1 END)
    NOT VALID,
  -- No amount is below zero; what was not covered is a part of what was redeemed, what is returned a part of either, and
  -- what was taken back, absorbed and expired a part of what was earned.
  ADD CONSTRAINT check_amounts_within CHECK (least(
    total_minor, service_minor, confirmed_minor, returned_minor, redeem_minor - unbacked_minor - returned_minor,
    returned_unbacked_minor, unbacked_minor - returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor,
    earned_minor - taken_back_minor - absorbed_minor - expired_minor) >= 0) NOT VALID,
  ADD CONSTRAINT check_returned_is_final CHECK (status = 'finalized' OR NOT returned_whole AND greatest(
    returned_minor, returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor) = 0) NOT VALID,
  ADD CONSTRAINT check_concerns_known CHECK (
    concerns <@ '{unreserved,above-limit,unconfirmed,status,unbacked,above-total,absorbed}') NOT VALID;
ALTER TABLE checks.check_line RENAME CONSTRAINT check_line_amounts_positive TO check_line_amounts_positive_before;
ALTER TABLE checks.check_line RENAME CONSTRAINT check_line_returned_within TO check_line_returned_within_before;
ALTER TABLE checks.check_line
  ADD CONSTRAINT check_line_amounts_positive CHECK (
    quantity > '0' AND least(amount_minor, redeemed_minor, earned_minor) >= 0) NOT VALID,
  ADD CONSTRAINT check_line_returned_within CHECK (returned_quantity BETWEEN '0' AND quantity) NOT VALID;
