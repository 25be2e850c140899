-- Posts a paid receipt, once, whoever reports it and how often: effect, receipt's keys, request's key with the stored
-- answer, and the outgoing event in one transaction.
--
-- A receipt that was closed as it was reserved posts the stored outcome at once. Any other needs an evaluation: without
-- one (`evaluated` NULL), or where the program has moved on since, this answers {"evaluate": context} and has
-- changed nothing. Else {"answer", "replayed"}.
--
-- `ask`: the request's key and input_hash, now, check_id, the receipt (external_id, transaction_id, currency, total_minor,
-- service_minor, content_hash, lines), customer_id, identification_id, redeemed_minor, non_money_minor, payment,
-- closed_without_payment, closed_at, salesperson, fingerprint (of all that two reports of one receipt must agree on).
-- `evaluated`: outcome, program_version_id, what `concerns_of` asks for, and `assumed`: what it was evaluated on where that was
-- not answered by an earlier call but guessed (`customer_status`; `available_min_minor`, the least balance that gives the
-- same). Where a guess is not surely right, it counts for nothing.
--
-- Calls of functions stand in assignments: there they are expressions, where PERFORM or SELECT would run a query each.
--
-- A receipt closed without payment may be paid after all; what was paid stays as it was posted.
--
-- Raises `customer-unknown`, `currency-mismatch`, `check-mismatch`, `idempotency-mismatch`.
CREATE OR REPLACE FUNCTION checks.finalize(caller jsonb, ask jsonb, evaluated jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  of_currency text := ask->>'currency';
  redeemed_minor bigint := (ask->>'redeemed_minor')::bigint;
  of_customer bigint := (ask->>'customer_id')::bigint;
  till record;
  receipt checks.check;
  is_known boolean;
  closing record;
  reserved_minor bigint := 0;
  own_hold bigint;
  concerns text[];
  stored jsonb;
  outcome jsonb;
  version_id bigint;
  account_id bigint;
  credits record;
  posted record;
  event_id bigint;
  new_status text := 'finalized';
  answer jsonb;
BEGIN
  till := businesses.resolve_terminal(caller);
  stored := checks.stored_answer(till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash');
  IF stored IS NOT NULL THEN
    RETURN jsonb_build_object('answer', stored, 'replayed', true);
  END IF;
  receipt := checks.lock_check(till.business_id, till.till_account_id, till.spot, till.terminal_id, ask->>'external_id',
    ask->>'transaction_id', (ask->>'check_id')::bigint);
  is_known := receipt.id IS NOT NULL;
  -- The receipt's own keys say which check it is. A number that belongs to another receipt is a mix-up at the till; one
  -- that nobody knows (any more) must not keep a paid receipt from being posted.
  IF receipt.id IS DISTINCT FROM coalesce((ask->>'check_id')::bigint, receipt.id) THEN
    IF EXISTS (
      SELECT FROM checks.check c WHERE c.business_id = till.business_id AND c.id = (ask->>'check_id')::bigint
    ) THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-mismatch';
    END IF;
  END IF;
  IF receipt.status = 'finalized' OR receipt.status = 'released' AND (ask->>'closed_without_payment')::boolean THEN
    IF receipt.fingerprint <> ask->>'fingerprint' THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-mismatch';
    END IF;
    RETURN jsonb_build_object('answer', checks.store_answer(
      till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash', receipt.answer, at_time), 'replayed', true);
  END IF;
  IF is_known AND till.till_account_id IS NOT NULL AND ask->>'transaction_id' <> '' THEN
    IF checks.transaction_is_taken(till.business_id, till.till_account_id, ask->>'transaction_id', receipt.id) THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-mismatch';
    END IF;
  END IF;
  -- The terminal may have got another currency since the check was reserved.
  IF of_currency <> till.currency AND of_currency IS DISTINCT FROM receipt.currency THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'currency-mismatch',
      DETAIL = jsonb_build_object('currency', till.currency);
  END IF;
  IF receipt.customer_id = of_customer AND receipt.currency = of_currency THEN
    own_hold := receipt.hold_id;
    reserved_minor := CASE WHEN receipt.status IN ('reserved', 'expired') THEN receipt.redeem_minor ELSE 0 END;
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
    evaluated := NULL;
  ELSIF evaluated IS NULL
      OR programs.current_version(till.business_id) IS DISTINCT FROM (evaluated->>'program_version_id')::bigint
      OR evaluated ? 'assumed' AND NOT checks.assumed_rightly(
        till.business_id, of_customer, of_currency, evaluated->'assumed', at_time) THEN
    RETURN jsonb_build_object('evaluate', checks.evaluation_context(
      till.business_id, till.terminal_id, till.till_account_id, till.spot, of_currency, of_customer,
      (ask->>'identification_id')::bigint, ask->>'external_id', at_time));
  ELSE
    outcome := evaluated->'outcome';
    version_id := (evaluated->>'program_version_id')::bigint;
  END IF;

  IF is_known AND receipt.customer_id = of_customer AND receipt.currency = of_currency THEN
    account_id := ledger.open_account(till.business_id, of_customer, 'bonus:' || of_currency, at_time);
  ELSIF is_known THEN
    -- Locks are taken once and sorted, also where the receipt was reserved for somebody else.
    account_id := checks.account_to_post(till.business_id, receipt, of_customer, of_currency, at_time);
  ELSE
    IF NOT coalesce(evaluated ? 'assumed', false) THEN  -- else he was found just now
      PERFORM FROM customers.customer c WHERE c.business_id = till.business_id AND c.id = of_customer;
      IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'customer-unknown';
      END IF;
    END IF;
    receipt.id := nextval('checks.check_id_seq');
    account_id := ledger.open_account(till.business_id, of_customer, 'bonus:' || of_currency, at_time);
  END IF;
  closing := checks.closing_time((ask->>'closed_at')::timestamptz, at_time);
  credits := checks.credits_of(outcome, till.business_id, closing.counted_at);
  posted := ledger.post_check(
    till.business_id, account_id, receipt.id, own_hold, redeemed_minor, credits.credit_minor, credits.expires_on,
    credits.expires_at, 'terminal:' || till.terminal_id, closing.counted_at, at_time, (ask->>'total_minor')::bigint);
  concerns := checks.concerns_of(
    redeemed_minor, reserved_minor, (ask->>'total_minor')::bigint, posted.unbacked_minor, evaluated);

  answer := jsonb_build_object('check_id', receipt.id, 'status', new_status, 'redeemed_minor', redeemed_minor,
    'earned_minor', credits.earned_minor, 'unbacked_minor', posted.unbacked_minor, 'balance_minor', posted.balance_minor);
  receipt.id := checks.write_final(till.business_id, till.terminal_id, till.point_of_sale_id, till.till_account_id, till.spot,
    of_currency, receipt.id, is_known, new_status, version_id, outcome, answer, concerns, closing.closed_at, ask);
  IF new_status = 'finalized' THEN
    event_id := messaging.enqueue(till.business_id, 'check-finalized', answer || jsonb_build_object(
      'customer_id', of_customer, 'currency', of_currency, 'closed_at', closing.closed_at));
  END IF;
  RETURN jsonb_build_object('answer', checks.store_answer(
    till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash', answer, at_time), 'replayed', false);
END $$;
