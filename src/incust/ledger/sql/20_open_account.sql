-- The customer's account of that unit; opened where there is none yet.
CREATE OR REPLACE FUNCTION ledger.open_account(of_business bigint, of_customer bigint, of_unit text, at_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found_id bigint;
BEGIN
  SELECT a.id INTO found_id FROM ledger.account a
    WHERE a.business_id = of_business AND a.customer_id = of_customer AND a.unit = of_unit;
  IF found_id IS NULL THEN
    INSERT INTO ledger.account (business_id, customer_id, unit, opened_at)
      VALUES (of_business, of_customer, of_unit, at_time)
      ON CONFLICT ON CONSTRAINT account_once DO NOTHING RETURNING id INTO found_id;
  END IF;
  IF found_id IS NULL THEN  -- somebody else opened it just now
    SELECT a.id INTO found_id FROM ledger.account a
      WHERE a.business_id = of_business AND a.customer_id = of_customer AND a.unit = of_unit;
  END IF;
  RETURN found_id;
END $$;
ALTER FUNCTION ledger.open_account(bigint, bigint, text, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.open_account(bigint, bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.open_account(bigint, bigint, text, timestamptz) TO incust_app, incust_owner;
