-- The rows of before meet the constraints of 0008. Tills write meanwhile: SHARE UPDATE EXCLUSIVE alone is held.
ALTER TABLE checks.check
  VALIDATE CONSTRAINT check_final_is_whole,
  VALIDATE CONSTRAINT check_amounts_within,
  VALIDATE CONSTRAINT check_returned_is_final,
  VALIDATE CONSTRAINT check_concerns_known;
ALTER TABLE checks.check_line
  VALIDATE CONSTRAINT check_line_amounts_positive,
  VALIDATE CONSTRAINT check_line_returned_within;
