-- Takes the hold for a check and stores what it was evaluated to. A later reserve for the same receipt replaces it.
--
-- `ask`: the request's key and input_hash, now, hold_until, the receipt (external_id, transaction_id, currency,
-- total_minor, service_minor, content_hash), customer_id, identification_id, redeem_minor, the outcome with its
-- program_version_id, `strong` (whether it was evaluated as that of a surely recognised guest), `promised` (the amounts
-- that the answer repeats), and `confirmation` (null, or the code's `code_hash` in hex) where the program asks for one.
-- `assumed`, where it was evaluated on what an earlier quote found: customer_status, available_minor, confirmed_minor.
--
-- Answers {"answer", "replayed"}, or {"confirmation": status, "tries_left"} where the code was not right: the count of
-- tries is kept then, and nothing is held; or {"assumed": false} where it is not so any more, and nothing happened.
-- Raises `check-finalized`, `quote-changed`.
CREATE OR REPLACE FUNCTION checks.reserve(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
#variable_conflict use_variable
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  hold_until timestamptz := (ask->>'hold_until')::timestamptz;
  redeem_minor bigint := (ask->>'redeem_minor')::bigint;
  of_customer bigint := (ask->>'customer_id')::bigint;
  till record;
  receipt checks.check;
  stored jsonb;
  confirmed record;
  confirmed_minor bigint := 0;
  account_id bigint;
  held record;
  answer jsonb;
BEGIN
  till := businesses.resolve_terminal(caller);
  stored := checks.stored_answer(till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash');
  IF stored IS NOT NULL THEN
    RETURN jsonb_build_object('answer', stored, 'replayed', true);
  END IF;
  receipt := checks.lock_check(till.business_id, till.till_account_id, till.spot, till.terminal_id,
    ask->>'external_id', ask->>'transaction_id', NULL);
  IF receipt.status IN ('finalized', 'released') THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-finalized';
  END IF;
  IF programs.current_version(till.business_id) IS DISTINCT FROM (ask->>'program_version_id')::bigint THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'quote-changed';
  END IF;
  IF receipt.customer_id = of_customer THEN
    confirmed_minor := receipt.confirmed_minor;
  END IF;
  -- How many points are available is seen once they are locked.
  IF ask ? 'assumed' AND (
      ask->>'currency' <> till.currency
      OR confirmed_minor <> (ask->'assumed'->>'confirmed_minor')::bigint
      OR NOT EXISTS (
        SELECT FROM customers.customer c WHERE c.business_id = till.business_id AND c.id = of_customer
          AND c.status = ask->'assumed'->>'customer_status')
      OR (ask->>'strong')::boolean AND customers.strength_of(till.business_id, of_customer, till.terminal_id,
        (ask->>'identification_id')::bigint, receipt.id, at_time) <> 'strong') THEN
    RETURN '{"assumed": false}';
  END IF;
  IF jsonb_typeof(ask->'confirmation') = 'object' AND redeem_minor > confirmed_minor THEN
    SELECT * INTO confirmed FROM customers.consume_confirmation(till.business_id, of_customer, ask->>'external_id',
      redeem_minor, decode(ask->'confirmation'->>'code_hash', 'hex'), at_time);
    IF confirmed.status <> 'ok' THEN
      RETURN jsonb_build_object('confirmation', confirmed.status, 'tries_left', confirmed.tries_left);
    END IF;
    confirmed_minor := redeem_minor;
  END IF;

  -- Which transaction it is matters once it is paid; two orders that claim one are told apart then.
  IF till.till_account_id IS NOT NULL AND ask->>'transaction_id' <> '' THEN
    IF checks.transaction_is_taken(till.business_id, till.till_account_id, ask->>'transaction_id', receipt.id) THEN
      ask := ask || '{"transaction_id": ""}';
    END IF;
  END IF;

  receipt.id := coalesce(receipt.id, nextval('checks.check_id_seq'));
  -- Another check took the identification since this one was evaluated as that of a surely recognised guest.
  IF NOT customers.use_identification(till.business_id, (ask->>'identification_id')::bigint, receipt.id)
      AND (ask->>'strong')::boolean THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'quote-changed';
  END IF;
  account_id := ledger.open_account(till.business_id, of_customer, 'bonus:' || till.currency, at_time);
  held := ledger.hold_points(till.business_id, account_id, 'check', receipt.id, redeem_minor, at_time, hold_until);
  IF NOT held.held OR held.available_minor <> (ask->'assumed'->>'available_minor')::bigint THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'quote-changed';
  END IF;
  IF receipt.business_id IS NULL THEN
    INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, till_account_id, spot, external_id,
        transaction_id, status, customer_id, identification_id, currency, total_minor, service_minor, content_hash,
        program_version_id, evaluated_at, outcome, redeem_minor, confirmed_minor, hold_id, hold_expires_at, reserved_at)
      VALUES (receipt.id, till.business_id, till.terminal_id, till.point_of_sale_id, till.till_account_id,
        till.spot, ask->>'external_id',
        ask->>'transaction_id', 'reserved', of_customer, (ask->>'identification_id')::bigint, till.currency,
        (ask->>'total_minor')::bigint, (ask->>'service_minor')::bigint, ask->>'content_hash',
        (ask->>'program_version_id')::bigint, at_time, ask->'outcome', redeem_minor, confirmed_minor, held.hold_id,
        hold_until, at_time)
      ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'another request reserved this receipt just now' USING ERRCODE = 'serialization_failure';
    END IF;
  ELSE
    UPDATE checks.check c SET terminal_id = till.terminal_id, point_of_sale_id = till.point_of_sale_id,
        transaction_id = coalesce(nullif(ask->>'transaction_id', ''), c.transaction_id), status = 'reserved',
        customer_id = of_customer, identification_id = (ask->>'identification_id')::bigint, currency = till.currency,
        total_minor = (ask->>'total_minor')::bigint, service_minor = (ask->>'service_minor')::bigint,
        content_hash = ask->>'content_hash', program_version_id = (ask->>'program_version_id')::bigint,
        evaluated_at = at_time, outcome = ask->'outcome', redeem_minor = redeem_minor,
        confirmed_minor = confirmed_minor, hold_id = held.hold_id, hold_expires_at = hold_until,
        reserved_at = at_time
      WHERE c.business_id = till.business_id AND c.id = receipt.id;
  END IF;
  answer := ask->'promised' || jsonb_build_object('check_id', receipt.id, 'balance_minor', held.balance_minor,
    'hold_expires_at', ask->'hold_until');
  RETURN jsonb_build_object('answer', checks.store_answer(
    till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash', answer, at_time), 'replayed', false);
END $$;
