-- Whether what an evaluation assumed of the customer surely holds: his status is `customer_status`, and at least
-- `available_min_minor` is available on his account. In doubt (held points that may have lapsed, lots that may have expired)
-- false: who asks then evaluates on what is known. Raises `customer-unknown`.
CREATE OR REPLACE FUNCTION checks.assumed_rightly(
  of_business bigint, of_customer bigint, of_currency text, assumed jsonb, at_time timestamptz
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  customer_status text;
  available_minor bigint;
BEGIN
  SELECT c.status, a.balance_minor - a.held_minor INTO customer_status, available_minor
    FROM customers.customer c
    LEFT JOIN ledger.account a
      ON a.business_id = c.business_id AND a.customer_id = c.id AND a.unit = 'bonus:' || of_currency
      AND NOT EXISTS (
        SELECT FROM ledger.lot l WHERE l.account_id = a.id AND l.remaining_minor > 0 AND l.expires_at <= at_time)
    WHERE c.business_id = of_business AND c.id = of_customer;
  IF customer_status IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
  END IF;
  RETURN customer_status = assumed->>'customer_status'
    AND coalesce(available_minor, 0) >= (assumed->>'available_min_minor')::bigint;
END $$;
