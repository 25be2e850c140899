-- What the constraints of 0008 say in fewer words goes, now that all rows have met them.
SET LOCAL lock_timeout = '250ms';
ALTER TABLE checks.check
  DROP CONSTRAINT IF EXISTS check_status_known,
  DROP CONSTRAINT IF EXISTS check_final_is_whole_before,
  DROP CONSTRAINT IF EXISTS check_amounts_positive,
  DROP CONSTRAINT IF EXISTS check_returned_within,
  DROP CONSTRAINT IF EXISTS check_taken_back_within,
  DROP CONSTRAINT IF EXISTS check_returned_is_final_before,
  DROP CONSTRAINT IF EXISTS check_concerns_known_before;
ALTER TABLE checks.check_line
  DROP CONSTRAINT IF EXISTS check_line_amounts_positive_before,
  DROP CONSTRAINT IF EXISTS check_line_returned_within_before;
