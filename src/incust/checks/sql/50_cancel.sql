-- Releases what a receipt that is not paid yet holds. Nothing there to cancel is fine; a paid one raises
-- `check-finalized`.
--
-- `ask`: the request's key and input_hash, now, and check_id or external_id.
CREATE OR REPLACE FUNCTION checks.cancel(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  till record;
  receipt checks.check;
  stored jsonb;
  answer jsonb;
BEGIN
  SELECT * INTO till FROM businesses.resolve_terminal(caller);
  stored := checks.stored_answer(till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash');
  IF stored IS NOT NULL THEN
    RETURN jsonb_build_object('answer', stored, 'replayed', true);
  END IF;
  IF ask->>'check_id' IS NOT NULL THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = till.business_id AND c.id = (ask->>'check_id')::bigint FOR NO KEY UPDATE;
  ELSE
    receipt := checks.lock_check(till.business_id, till.till_account_id, till.spot, till.terminal_id,
      ask->>'external_id', '', NULL);
  END IF;
  IF receipt.finalized_at IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'check-finalized';
  END IF;
  IF receipt.id IS NOT NULL THEN
    PERFORM ledger.release_holds(till.business_id, 'check', receipt.id, at_time);
    -- What the customer confirmed goes with it: who comes back starts over.
    UPDATE checks.check c SET status = 'cancelled', hold_id = NULL, hold_expires_at = NULL, confirmed_minor = 0
      WHERE c.business_id = till.business_id AND c.id = receipt.id;
  END IF;
  answer := jsonb_build_object('check_id', receipt.id, 'status', 'cancelled');
  PERFORM checks.store_answer(
    till.business_id, till.terminal_id, ask->>'key', ask->>'input_hash', answer, at_time);
  RETURN jsonb_build_object('answer', answer, 'replayed', false);
END $$;
