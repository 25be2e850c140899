-- As the ledger's: see ../../ledger/migrations/0003_shorter_constraints.sql.
ALTER TABLE checks.check
  DROP CONSTRAINT check_status_known,
  DROP CONSTRAINT check_final_is_whole,
  DROP CONSTRAINT check_amounts_positive,
  DROP CONSTRAINT check_returned_within,
  DROP CONSTRAINT check_taken_back_within,
  DROP CONSTRAINT check_returned_is_final,
  DROP CONSTRAINT check_concerns_known,
  -- A status is a known one, and what is final has when, the answer and the fingerprint; nothing else has any of them.
  ADD CONSTRAINT check_final_is_whole CHECK (num_nonnulls(finalized_at, answer, fingerprint) = CASE
    WHEN status = ANY ('{finalized,released}') THEN 3 WHEN status = ANY ('{reserved,expired,cancelled}') THEN 0 ELSE -1 END),
  -- No amount is below zero; what was not covered is a part of what was redeemed, what is returned a part of either, and
  -- what was taken back, absorbed and expired a part of what was earned.
  ADD CONSTRAINT check_amounts_within CHECK (least(
    total_minor, service_minor, confirmed_minor, returned_minor, redeem_minor - unbacked_minor - returned_minor,
    returned_unbacked_minor, unbacked_minor - returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor,
    earned_minor - taken_back_minor - absorbed_minor - expired_minor) >= 0),
  ADD CONSTRAINT check_returned_is_final CHECK (status = 'finalized' OR NOT returned_whole AND greatest(
    returned_minor, returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor) = 0),
  ADD CONSTRAINT check_concerns_known CHECK (
    concerns <@ '{unreserved,above-limit,unconfirmed,status,unbacked,above-total,absorbed}');
ALTER TABLE checks.check_line
  DROP CONSTRAINT check_line_amounts_positive,
  DROP CONSTRAINT check_line_returned_within,
  ADD CONSTRAINT check_line_amounts_positive CHECK (
    quantity > '0' AND least(amount_minor, redeemed_minor, earned_minor) >= 0),
  ADD CONSTRAINT check_line_returned_within CHECK (returned_quantity BETWEEN '0' AND quantity);
