-- Posts balances that guests bring along from another system: one posting for each cause, from the business's account
-- `imported`. What is brought is good for ever, and repays a debt.
--
-- The three arrays are of one length; a customer stands in them once, an amount is above zero. Accounts are opened where
-- there are none, and locked once, in the order of their numbers. A cause that is posted already is left out. Returns how
-- many were posted.
CREATE OR REPLACE FUNCTION ledger.post_imports(
  of_business bigint, of_unit text, of_customers bigint[], cause_ids bigint[], amounts_minor bigint[], for_reason text,
  by_actor text, at_time timestamptz
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  to_settle bigint;
  posted integer;
BEGIN
  IF btrim(for_reason) = '' OR 0 >= ANY (amounts_minor)
    OR cardinality(of_customers) <> (SELECT count(DISTINCT u.customer) FROM unnest(of_customers) AS u (customer)) THEN
    RAISE EXCEPTION 'an import has a reason, gives something, and comes to a customer once'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO ledger.account (business_id, customer_id, unit, opened_at)
    SELECT of_business, u.customer, of_unit, at_time FROM unnest(of_customers) AS u (customer) ORDER BY u.customer
    ON CONFLICT ON CONSTRAINT account_once DO NOTHING;
  FOR to_settle IN
    SELECT a.id FROM ledger.account a
    WHERE a.business_id = of_business AND a.unit = of_unit AND a.customer_id = ANY (of_customers) ORDER BY a.id
  LOOP
    PERFORM ledger.settle_account(of_business, to_settle, at_time);
  END LOOP;
  WITH brought AS (
    SELECT u.cause_id, u.amount_minor, a.id AS account_id, a.version + 1 AS version,
      a.balance_minor + u.amount_minor AS balance_minor
    FROM unnest(of_customers, cause_ids, amounts_minor) AS u (customer_id, cause_id, amount_minor)
    JOIN ledger.account a ON a.business_id = of_business AND a.unit = of_unit AND a.customer_id = u.customer_id
    WHERE NOT EXISTS (
      SELECT FROM ledger.posting p
      WHERE p.business_id = of_business AND p.kind = 'import' AND p.cause_id = u.cause_id AND p.unit = of_unit)
  ), posting AS (
    INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, reason, happened_at, recorded_at)
      SELECT of_business, of_unit, 'import', b.cause_id, by_actor, for_reason, at_time, at_time
      FROM brought b ORDER BY b.account_id
      RETURNING id, cause_id
  ), account AS (
    UPDATE ledger.account a SET version = b.version, balance_minor = b.balance_minor FROM brought b WHERE a.id = b.account_id
  ), entry AS (
    INSERT INTO ledger.entry
      (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
      SELECT of_business, p.id, of_unit, leg.account_id, leg.system_account, leg.amount_minor, leg.version, leg.balance_minor
      FROM posting p JOIN brought b ON b.cause_id = p.cause_id
      CROSS JOIN LATERAL (VALUES
        (b.account_id, NULL, b.amount_minor, b.version, b.balance_minor), (NULL, 'imported', -b.amount_minor, NULL, NULL)
      ) AS leg (account_id, system_account, amount_minor, version, balance_minor)
  )
  SELECT count(*) INTO posted FROM posting;
  RETURN posted;
END $$;
ALTER FUNCTION ledger.post_imports(bigint, text, bigint[], bigint[], bigint[], text, text, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.post_imports(bigint, text, bigint[], bigint[], bigint[], text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.post_imports(bigint, text, bigint[], bigint[], bigint[], text, text, timestamptz)
  TO incust_app, incust_owner;
