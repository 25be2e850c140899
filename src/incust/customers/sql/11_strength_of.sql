-- How sure the till is of this customer: 'strong' only by an identification of this customer at this terminal within
-- the last two hours, and for one check: who was scanned once is not at hand for ever. Anything else, an unknown number
-- included, is 'weak'. `of_check` is NULL for a receipt that has not been reserved yet.
DROP FUNCTION IF EXISTS customers.strength_of(bigint, bigint, bigint, bigint, timestamptz);
CREATE OR REPLACE FUNCTION customers.strength_of(
  of_business bigint, of_customer bigint, of_terminal bigint, identification_id bigint, of_check bigint,
  at_time timestamptz
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  how_sure text;
BEGIN
  IF identification_id IS NULL THEN
    RETURN 'weak';
  END IF;
  SELECT i.strength INTO how_sure FROM customers.identification i
    WHERE i.business_id = of_business AND i.id = identification_id AND i.customer_id = of_customer
      AND i.terminal_id = of_terminal AND i.happened_at > at_time - interval '2 hours'
      AND (i.check_id IS NULL OR i.check_id = of_check);
  RETURN coalesce(how_sure, 'weak');
END $$;

-- From now on the identification is that of this check. False where another one has it already.
CREATE OR REPLACE FUNCTION customers.use_identification(of_business bigint, identification_id bigint, for_check bigint)
RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE customers.identification i SET check_id = for_check
    WHERE i.business_id = of_business AND i.id = identification_id AND i.check_id IS NULL;
  IF FOUND THEN  -- by itself: beside a query it would be one
    RETURN true;
  END IF;
  RETURN EXISTS (
    SELECT FROM customers.identification i
    WHERE i.business_id = of_business AND i.id = identification_id AND i.check_id = for_check);
END $$;
