-- All that an evaluation needs, in one call: who calls, which program is in force, the customer and his account, what is
-- known of the receipt. Writes nothing but, for a signed request that only reads, that it has been answered.
--
-- `ask`: customer_id, identification_id, external_id, currency, now; read_id for a signed read; key and input_hash for a
-- request that will change something: where that was answered before, this is {"answer"}.
CREATE OR REPLACE FUNCTION checks.load(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  till record;
  stored jsonb;
  is_new boolean;
BEGIN
  till := businesses.resolve_terminal(caller);
  IF ask ? 'key' THEN
    stored := checks.stored_answer(till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash');
    IF stored IS NOT NULL THEN
      RETURN jsonb_build_object('answer', stored);
    END IF;
  END IF;
  IF ask ? 'read_id' THEN
    is_new := customers.refuse_replay(till.business_id, till.terminal_id, ask->>'read_id', at_time);
  END IF;
  IF ask->>'currency' <> till.currency THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'currency-mismatch',
      DETAIL = jsonb_build_object('currency', till.currency);
  END IF;
  RETURN checks.evaluation_context(
    till.business_id, till.terminal_id, till.till_account_id, till.spot, till.currency,
    (ask->>'customer_id')::bigint, (ask->>'identification_id')::bigint, ask->>'external_id', at_time);
END $$;

-- The part of `load` that finalize needs as well, once the terminal is known. An unknown customer raises
-- `customer-unknown`.
DROP FUNCTION IF EXISTS checks.evaluation_context(
  bigint, bigint, bigint, text, bigint, text, bigint, bigint, text, timestamptz);
CREATE OR REPLACE FUNCTION checks.evaluation_context(
  of_business bigint, of_terminal bigint, of_till_account bigint, at_spot text, of_currency text, of_customer bigint,
  by_identification bigint, by_external_id text, at_time timestamptz
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  customer_status text;
  receipt record;
  account record;
BEGIN
  SELECT c.status INTO customer_status FROM customers.customer c
    WHERE c.business_id = of_business AND c.id = of_customer;
  IF customer_status IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
  END IF;
  -- Two plain queries: one for both kinds would be planned anew for each call.
  IF of_till_account IS NULL THEN
    SELECT c.id, c.status, c.customer_id, c.confirmed_minor INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id IS NULL AND c.terminal_id = of_terminal
        AND c.external_id = by_external_id;
  ELSE
    SELECT c.id, c.status, c.customer_id, c.confirmed_minor INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.spot = at_spot
        AND c.external_id = by_external_id;
  END IF;
  SELECT * INTO account FROM ledger.balance(of_business, of_customer, 'bonus:' || of_currency, at_time, receipt.id);
  RETURN jsonb_build_object(
    'business_id', of_business,
    'terminal_id', of_terminal,
    'program_version_id', programs.current_version(of_business),
    'customer_status', customer_status,
    'contacts', (
      SELECT coalesce(jsonb_object_agg(i.kind, i.value ORDER BY i.id DESC), '{}'::jsonb)
      FROM customers.customer_identifier i
      WHERE i.business_id = of_business AND i.customer_id = of_customer AND i.kind IN ('email', 'phone', 'telegram')),
    'strength', customers.strength_of(of_business, of_customer, of_terminal, by_identification, receipt.id, at_time),
    'balance_minor', coalesce(account.balance_minor, 0),
    'available_minor', coalesce(account.available_minor, 0),
    'check_status', receipt.status,
    'confirmed_minor', CASE WHEN receipt.customer_id = of_customer THEN receipt.confirmed_minor ELSE 0 END);
END $$;
