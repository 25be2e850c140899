-- Brings balances along from another system, within the business that the transaction is bound to: each source once, for
-- good, whoever asks again. The arrays are of one length; a customer stands in them once, an amount is above zero.
--
-- Returns the sources whose balance came with this call. Raises `customer-unknown` for a customer of no or another business;
-- then nothing is brought.
CREATE OR REPLACE FUNCTION checks.import_balances(
  of_business bigint, of_currency text, from_sources text[], of_customers bigint[], amounts_minor bigint[], for_reason text,
  by_actor text, at_time timestamptz
) RETURNS TABLE (source text, amount_minor bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  in_unit text := 'bonus:' || of_currency;
  caused checks.balance_import[];
BEGIN
  IF EXISTS (
    SELECT FROM unnest(of_customers) AS u (customer_id)
    WHERE NOT EXISTS (SELECT FROM customers.customer c WHERE c.business_id = of_business AND c.id = u.customer_id)
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
  END IF;
  WITH fresh AS (
    INSERT INTO checks.balance_import AS i (business_id, source, customer_id, unit, amount_minor, imported_at)
      SELECT of_business, u.source, u.customer_id, in_unit, u.amount_minor, at_time
      FROM unnest(from_sources, of_customers, amounts_minor) AS u (source, customer_id, amount_minor) ORDER BY u.source
      ON CONFLICT ON CONSTRAINT balance_import_source_once DO NOTHING
      RETURNING i.*
  ) SELECT coalesce(array_agg(f), '{}') INTO caused FROM fresh f;
  PERFORM ledger.post_imports(of_business, in_unit, array_agg(c.customer_id), array_agg(c.id), array_agg(c.amount_minor),
      for_reason, by_actor, at_time)
    FROM unnest(caused) c HAVING count(*) > 0;
  RETURN QUERY SELECT c.source, c.amount_minor FROM unnest(caused) c;
END $$;
