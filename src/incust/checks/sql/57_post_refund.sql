-- Posts what a check's new state of return moves, from the totals so far to `redeemed_minor` and `earned_minor`, and writes the
-- refund with its answer, the check's totals and the outgoing event. The caller has locked the check.
--
-- Points that a receipt was reduced by without a balance to cover them go back to nobody, in proportion.
--
-- Raises `refund-blocked` (short_minor) where the program does not let a refund take points that were spent already; one that is
-- accomplished, told afterwards, is posted all the same.
CREATE OR REPLACE FUNCTION checks.post_refund(
  of_terminal bigint, receipt checks.check, whole boolean, redeemed_minor bigint, earned_minor bigint, returned jsonb, ask jsonb
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  refund_id bigint := nextval('checks.refund_id_seq');
  unbacked_total_minor bigint := coalesce(
    checks.share_back(receipt.unbacked_minor, redeemed_minor, nullif(receipt.redeem_minor, 0)), 0);
  program record;
  closing record;
  posted record;
  moved checks.refund;
  answer jsonb;
BEGIN
  SELECT * INTO program FROM programs.below_zero(receipt.business_id, receipt.program_version_id);
  SELECT * INTO closing FROM checks.closing_time((ask->>'refunded_at')::timestamptz, at_time);
  moved.returned_unbacked_minor := unbacked_total_minor - receipt.returned_unbacked_minor;
  moved.returned_minor := redeemed_minor - unbacked_total_minor - receipt.returned_minor;
  SELECT * INTO posted FROM ledger.refund_check(
    receipt.business_id,
    ledger.open_account(receipt.business_id, receipt.customer_id, 'bonus:' || receipt.currency, at_time),
    refund_id, receipt.id, receipt.returned_minor, moved.returned_minor, moved.returned_unbacked_minor,
    earned_minor - receipt.taken_back_minor - receipt.absorbed_minor - receipt.expired_minor, receipt.expired_minor,
    CASE WHEN program.policy = 'debt' THEN program.debt_limit_minor ELSE 0 END,
    'terminal:' || of_terminal, closing.counted_at, at_time);
  IF posted.absorbed_minor > 0 AND program.policy = 'block' AND NOT (ask->>'accomplished')::boolean THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'refund-blocked',
      DETAIL = jsonb_build_object('short_minor', posted.absorbed_minor);
  END IF;
  UPDATE checks.check c SET returned_minor = c.returned_minor + moved.returned_minor,
      returned_unbacked_minor = unbacked_total_minor, taken_back_minor = c.taken_back_minor + posted.taken_minor,
      absorbed_minor = c.absorbed_minor + posted.absorbed_minor, expired_minor = c.expired_minor + posted.expired_minor,
      returned_whole = whole,
      concerns = CASE WHEN posted.absorbed_minor > 0 AND 'absorbed' <> ALL (c.concerns)
        THEN c.concerns || 'absorbed'::text ELSE c.concerns END
    WHERE c.business_id = receipt.business_id AND c.id = receipt.id RETURNING c.* INTO receipt;
  answer := jsonb_build_object('check_id', receipt.id, 'status', CASE WHEN whole THEN 'refunded' ELSE 'partly_refunded' END,
    'returned_minor', receipt.returned_minor, 'taken_back_minor', receipt.taken_back_minor,
    'absorbed_minor', receipt.absorbed_minor, 'expired_minor', receipt.expired_minor,
    'balance_minor', posted.balance_minor);
  INSERT INTO checks.refund (id, business_id, check_id, number, terminal_id, actor, salesperson_external_id,
      salesperson_name, accomplished, lines, whole, returned_minor, returned_unbacked_minor, taken_back_minor, absorbed_minor,
      expired_minor, answer, refunded_at, recorded_at)
    SELECT refund_id, receipt.business_id, receipt.id, count(*) + 1, of_terminal, 'terminal:' || of_terminal,
        coalesce(ask#>>'{salesperson,external_id}', ''), coalesce(ask#>>'{salesperson,name}', ''),
        (ask->>'accomplished')::boolean, returned, whole, moved.returned_minor, moved.returned_unbacked_minor,
        posted.taken_minor, posted.absorbed_minor, posted.expired_minor, answer, closing.closed_at, at_time
      FROM checks.refund r WHERE r.business_id = receipt.business_id AND r.check_id = receipt.id;
  PERFORM messaging.enqueue(receipt.business_id, 'check-refunded', jsonb_build_object(
    'check_id', receipt.id, 'refund_id', refund_id, 'customer_id', receipt.customer_id, 'currency', receipt.currency,
    'returned_minor', moved.returned_minor, 'taken_back_minor', posted.taken_minor,
    'balance_minor', posted.balance_minor, 'refunded_at', closing.closed_at));
  RETURN answer;
END $$;
