-- Corrects the bonuses of a customer by hand, within the business that the transaction is bound to.
--
-- `ask`: business_id, customer_id, currency, kind (correction, gift), amount_minor, reason, actor, number, now. Answers
-- {"balance_minor", "replayed"}. Raises `customer-unknown` and what ledger.post_correction raises.
CREATE OR REPLACE FUNCTION checks.correct_balance(ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  of_business bigint := (ask->>'business_id')::bigint;
  of_customer bigint := (ask->>'customer_id')::bigint;
  at_time timestamptz := (ask->>'now')::timestamptz;
  posted record;
BEGIN
  PERFORM FROM customers.customer c WHERE c.business_id = of_business AND c.id = of_customer;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
  END IF;
  SELECT * INTO posted FROM ledger.post_correction(
    of_business, ledger.open_account(of_business, of_customer, 'bonus:' || (ask->>'currency'), at_time),
    ask->>'kind', (ask->>'number')::bigint, (ask->>'amount_minor')::bigint, ask->>'reason', ask->>'actor', at_time);
  RETURN jsonb_build_object('balance_minor', posted.balance_minor, 'replayed', posted.replayed);
END $$;
