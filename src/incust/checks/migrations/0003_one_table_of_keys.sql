-- One table of keys for all that a till may change: a key that was used for a profile is no key for a receipt. Answers about
-- customers are sealed, those about receipts are plain JSON. What was kept so far is not carried over: the receipts' own
-- keys keep a check from being posted again.
ALTER TABLE customers.stored_answer
  ADD COLUMN answer jsonb,
  ALTER COLUMN answer_sealed DROP NOT NULL,
  ADD CONSTRAINT stored_answer_of_one_kind CHECK ((answer IS NULL) <> (answer_sealed IS NULL));
GRANT SELECT, DELETE ON customers.stored_answer TO incust_lookup;
CREATE POLICY prune ON customers.stored_answer TO incust_lookup USING (current_user = 'incust_lookup');
DROP TABLE checks.idempotency_key;
