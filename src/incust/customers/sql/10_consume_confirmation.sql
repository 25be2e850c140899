-- The guest's answer to a confirmation code. `code_hash` is the keyed hash over customer, check, amount and code (see
-- customers/confirmation.py), so a code for another check or amount is simply a wrong one; a row for another amount
-- counts as no code at all.
--   ok        right; consumed now, so it does not count twice
--   wrong     and how many tries are left
--   expired
--   exhausted no tries left at this code, or at all the customer's codes within the hour
--   missing   none was sent for this check and amount, or it was consumed already
-- IMPORTANT: the count of tries is worth nothing
-- if it is rolled back. Commit after `wrong` and `exhausted`; a caller that refuses does so after its transaction.
CREATE OR REPLACE FUNCTION customers.consume_confirmation(
  of_business bigint, of_customer bigint, of_check text, amount bigint, entered_hash bytea, at_time timestamptz,
  OUT status text, OUT tries_left integer
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  sent customers.confirmation_code;
BEGIN
  -- His row first, as where codes are sent: tries at all his codes together are counted one by one.
  PERFORM FROM customers.customer c WHERE c.business_id = of_business AND c.id = of_customer FOR NO KEY UPDATE;
  SELECT c.* INTO sent FROM customers.confirmation_code c
    WHERE c.business_id = of_business AND c.customer_id = of_customer AND c.external_id = of_check
    FOR UPDATE;
  tries_left := 0;
  IF sent.id IS NULL OR sent.amount_minor <> amount OR sent.consumed_at IS NOT NULL THEN
    status := 'missing';
  ELSIF sent.tries_left <= 0 OR NOT customers.may_try_confirmation(of_business, of_customer, at_time) THEN
    status := 'exhausted';
  ELSIF sent.expires_at <= at_time THEN
    status := 'expired';
  ELSIF sent.code_hash = entered_hash THEN
    UPDATE customers.confirmation_code SET consumed_at = at_time WHERE id = sent.id;
    status := 'ok';
    tries_left := sent.tries_left;
  ELSE
    UPDATE customers.confirmation_code SET tries_left = sent.tries_left - 1 WHERE id = sent.id;
    PERFORM customers.note_confirmation(of_business, of_customer, NULL, 'wrong', at_time);
    tries_left := sent.tries_left - 1;
    status := CASE WHEN tries_left > 0 THEN 'wrong' ELSE 'exhausted' END;
  END IF;
END $$;
