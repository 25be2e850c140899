-- Posts a paid receipt, once, whoever reports it and how often: effect, receipt's keys, request's key with the stored
-- answer, and the outgoing event in one transaction.
--
-- A receipt that was closed as it was reserved posts the stored outcome at once. Any other needs an evaluation: without
-- one (`evaluated` NULL), or where program or account have moved on since, this answers {"evaluate": context} and has
-- changed nothing. Else {"answer", "replayed"}.
--
-- `ask`: the request's key and input_hash, now, check_id, the receipt (external_id, transaction_id, currency, total_minor,
-- service_minor, content_hash, lines), customer_id, identification_id, redeemed_minor, non_money_minor, payment,
-- closed_without_payment, closed_at, salesperson, fingerprint (of all that two reports of one receipt must agree on).
-- `evaluated`: outcome, program_version_id, account_version.
--
-- Raises `customer-unknown`, `currency-mismatch`, `check-mismatch`, `idempotency-mismatch`.
CREATE OR REPLACE FUNCTION checks.finalize(caller jsonb, ask jsonb, evaluated jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  closed_at timestamptz := (ask->>'closed_at')::timestamptz;
  redeemed_minor bigint := (ask->>'redeemed_minor')::bigint;
  of_customer bigint := (ask->>'customer_id')::bigint;
  till record;
  receipt checks.check;
  is_known boolean;
  stored jsonb;
  outcome jsonb;
  version_id bigint;
  account_id bigint;
  credits record;
  posted record;
  earned_minor bigint;
  new_status text := 'finalized';
  answer jsonb;
BEGIN
  SELECT * INTO till FROM businesses.resolve_terminal(caller);
  stored := checks.stored_answer(till.terminal_id, ask->>'key', ask->>'input_hash');
  IF stored IS NOT NULL THEN
    RETURN jsonb_build_object('answer', stored, 'replayed', true);
  END IF;
  IF ask->>'currency' <> till.currency THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'currency-mismatch',
      DETAIL = jsonb_build_object('currency', till.currency);
  END IF;
  receipt := checks.lock_check(till.business_id, till.till_account_id, caller->>'spot', till.point_of_sale_id,
    ask->>'external_id', ask->>'transaction_id');
  is_known := receipt.id IS NOT NULL;
  -- The receipt's own keys say which check it is. A number that belongs to another receipt is a mix-up at the till; one
  -- that nobody knows (any more) must not keep a paid receipt from being posted.
  IF receipt.id IS DISTINCT FROM coalesce((ask->>'check_id')::bigint, receipt.id) AND EXISTS (
    SELECT FROM checks.check c WHERE c.business_id = till.business_id AND c.id = (ask->>'check_id')::bigint
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-mismatch';
  END IF;
  IF receipt.finalized_at IS NOT NULL THEN
    IF receipt.fingerprint <> ask->>'fingerprint' THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-mismatch';
    END IF;
    PERFORM checks.store_answer(
      till.business_id, till.terminal_id, ask->>'key', 'finalize', ask->>'input_hash', receipt.answer, at_time);
    RETURN jsonb_build_object('answer', receipt.answer, 'replayed', true);
  END IF;

  IF (ask->>'closed_without_payment')::boolean THEN
    new_status := 'released';
    redeemed_minor := 0;
    outcome := '{"format": 1, "credits": [], "shares": [], "trace": []}';
  ELSIF receipt.status IN ('reserved', 'expired') AND receipt.content_hash = ask->>'content_hash'
      AND receipt.customer_id = of_customer AND receipt.redeem_minor = redeemed_minor
      AND (ask->>'non_money_minor')::bigint = 0 THEN
    outcome := receipt.outcome;
    version_id := receipt.program_version_id;
  ELSIF evaluated IS NULL
      OR (SELECT v.version_id FROM programs.current_version(till.business_id) v)
        IS DISTINCT FROM (evaluated->>'program_version_id')::bigint THEN
    RETURN jsonb_build_object('evaluate', checks.evaluation_context(
      till.business_id, till.terminal_id, till.till_account_id, caller->>'spot', till.point_of_sale_id, till.currency,
      of_customer, (ask->>'identification_id')::bigint, ask->>'external_id', at_time));
  ELSE
    outcome := evaluated->'outcome';
    version_id := (evaluated->>'program_version_id')::bigint;
  END IF;

  IF is_known THEN
    -- Locks are taken once and sorted, also where the receipt was reserved for somebody else.
    account_id := checks.account_to_post(till.business_id, receipt, of_customer, till.currency, at_time);
  ELSE
    PERFORM FROM customers.customer c WHERE c.business_id = till.business_id AND c.id = of_customer;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
    END IF;
    receipt.id := nextval('checks.check_id_seq');
    account_id := ledger.open_account(till.business_id, of_customer, 'bonus:' || till.currency, at_time);
  END IF;
  SELECT * INTO credits FROM checks.credits_of(outcome, till.business_id, closed_at);
  earned_minor := (SELECT coalesce(sum(c), 0) FROM unnest(credits.credit_minor) c);
  SELECT * INTO posted FROM ledger.post_check(
    till.business_id, account_id, receipt.id, CASE WHEN receipt.customer_id = of_customer THEN receipt.hold_id END,
    redeemed_minor, credits.credit_minor, credits.expires_on, credits.expires_at, 'terminal:' || till.terminal_id,
    closed_at, at_time, (evaluated->>'account_version')::bigint);
  IF posted.stale THEN
    RETURN jsonb_build_object('evaluate', checks.evaluation_context(
      till.business_id, till.terminal_id, till.till_account_id, caller->>'spot', till.point_of_sale_id, till.currency,
      of_customer, (ask->>'identification_id')::bigint, ask->>'external_id', at_time));
  END IF;

  answer := jsonb_build_object('check_id', receipt.id, 'status', new_status, 'redeemed_minor', redeemed_minor,
    'earned_minor', earned_minor, 'unbacked_minor', posted.unbacked_minor, 'balance_minor', posted.balance_minor);
  PERFORM checks.write_final(till.business_id, till.terminal_id, till.point_of_sale_id, till.till_account_id,
    caller->>'spot', till.currency, receipt.id, is_known, new_status, version_id, outcome, answer, ask);
  IF new_status = 'finalized' THEN
    PERFORM messaging.enqueue(till.business_id, 'check-finalized', answer || jsonb_build_object(
      'customer_id', of_customer, 'currency', till.currency, 'closed_at', closed_at));
  END IF;
  PERFORM checks.store_answer(
    till.business_id, till.terminal_id, ask->>'key', 'finalize', ask->>'input_hash', answer, at_time);
  RETURN jsonb_build_object('answer', answer, 'replayed', false);
END $$;
