-- What the owner should look at: see ../sql/43_concerns_of.sql.
ALTER TABLE checks.check
  ADD COLUMN concerns text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT check_concerns_known CHECK (
    concerns <@ ARRAY['unreserved', 'above-limit', 'unconfirmed', 'status', 'unbacked', 'above-total']);
CREATE INDEX check_to_look_at ON checks.check (business_id, id) WHERE concerns <> '{}';

-- Two tills of one point of sale may count their receipts alike: an external id is unique at its terminal.
DROP INDEX checks.check_by_external_id;
CREATE UNIQUE INDEX check_by_external_id ON checks.check (business_id, terminal_id, external_id)
  WHERE till_account_id IS NULL;
