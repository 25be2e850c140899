-- The account that a known receipt is posted on. Where it was reserved for another customer or in another currency,
-- that hold is released; both accounts are locked in one statement, sorted, before either is touched.
CREATE OR REPLACE FUNCTION checks.account_to_post(
  of_business bigint, receipt checks.check, of_customer bigint, of_currency text, at_time timestamptz
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  account_id bigint;
BEGIN
  IF receipt.customer_id <> of_customer THEN
    PERFORM FROM customers.customer c WHERE c.business_id = of_business AND c.id = of_customer;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
    END IF;
  END IF;
  account_id := ledger.open_account(of_business, of_customer, 'bonus:' || of_currency, at_time);
  IF receipt.customer_id <> of_customer OR receipt.currency <> of_currency THEN
    PERFORM ledger.hold_points(of_business, account_id, 'check', receipt.id, 0, at_time, at_time + interval '1 second');
  END IF;
  RETURN account_id;
END $$;
