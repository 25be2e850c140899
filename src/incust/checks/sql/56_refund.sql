-- The receipt to refund, locked; NULLs where nobody knows it. Registers find receipts in an archive that they share, so our
-- number of a check counts at any terminal of the business; the receipt's own keys count where they are unique.
CREATE OR REPLACE FUNCTION checks.lock_to_refund(
  of_business bigint, of_till_account bigint, at_spot text, of_terminal bigint, ask jsonb
) RETURNS checks.check
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  receipt checks.check;
BEGIN
  IF ask->>'check_id' IS NULL THEN
    RETURN checks.lock_check(of_business, of_till_account, at_spot, of_terminal, ask->>'external_id',
      ask->>'transaction_id', NULL);
  END IF;
  SELECT c.* INTO receipt FROM checks.check c
    WHERE c.business_id = of_business AND c.id = (ask->>'check_id')::bigint
      AND c.external_id = coalesce(ask->>'external_id', c.external_id)
    FOR NO KEY UPDATE;
  RETURN receipt;
END $$;

-- Refunds a paid check, whole or by lines, once, whoever reports it and how often: what is told is the state of the receipt, not
-- a step. What changes nothing is answered as the latest refund was.
--
-- `ask`: the request's key and input_hash, now, check_id, external_id, transaction_id, lines (NULL: the whole receipt),
-- accomplished, refunded_at, salesperson. Answers {"answer", "replayed"}.
--
-- Raises `check-unknown`, `check-not-final`, `line-unknown`, `returned-above-bought`, `refund-blocked`,
-- `idempotency-mismatch`.
CREATE OR REPLACE FUNCTION checks.refund(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  till record;
  receipt checks.check;
  stored jsonb;
  target record;
  answer jsonb;
  replayed boolean := false;
BEGIN
  SELECT * INTO till FROM businesses.resolve_terminal(caller);
  stored := checks.stored_answer(till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash');
  IF stored IS NOT NULL THEN
    RETURN jsonb_build_object('answer', stored, 'replayed', true);
  END IF;
  receipt := checks.lock_to_refund(till.business_id, till.till_account_id, till.spot, till.terminal_id, ask);
  IF receipt.id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-unknown';
  ELSIF receipt.status = 'released' THEN
    -- Closed without payment: nothing was taken, nothing earned, and it may be paid after all.
    answer := checks.refund_answer(receipt, 'refunded', at_time);
  ELSIF receipt.status <> 'finalized' THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-not-final';
  ELSE
    SELECT * INTO target FROM checks.return_lines(till.business_id, receipt, nullif(ask->'lines', 'null'));
    IF target.changed THEN
      answer := checks.post_refund(till.terminal_id, receipt, target.whole, target.redeemed_minor, target.earned_minor,
        target.returned, ask);
    ELSE
      replayed := true;
      answer := coalesce(
        (SELECT r.answer FROM checks.refund r
          WHERE r.business_id = till.business_id AND r.check_id = receipt.id ORDER BY r.number DESC LIMIT 1),
        checks.refund_answer(receipt, 'partly_refunded', at_time));
    END IF;
  END IF;
  PERFORM checks.store_answer(
    till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash', answer, at_time);
  RETURN jsonb_build_object('answer', answer, 'replayed', replayed);
END $$;

-- The answer where no refund of the check has moved anything.
CREATE OR REPLACE FUNCTION checks.refund_answer(receipt checks.check, status text, at_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT jsonb_build_object('check_id', receipt.id, 'status', status, 'returned_minor', 0, 'taken_back_minor', 0,
    'absorbed_minor', 0, 'expired_minor', 0, 'balance_minor', coalesce((
      SELECT b.balance_minor FROM ledger.balance(
        receipt.business_id, receipt.customer_id, 'bonus:' || receipt.currency, at_time) b), 0))
$$;
