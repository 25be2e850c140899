-- Corrects an account by hand: a `correction` of plus or minus `amount_minor`, or a `gift`, with its reason. Minus goes no
-- further than what is available: never below zero, and not into what a live hold has promised to a cashier. Plus is good
-- for ever, and repays a debt.
--
-- Once for a `number` (nextval of ledger.correction_number): the same again changes nothing and answers as before; another
-- content under the same number raises `correction-mismatch`. Raises `correction-above-available` (available_minor).
CREATE OR REPLACE FUNCTION ledger.post_correction(
  of_business bigint, of_account bigint, as_kind text, number bigint, amount_minor bigint, for_reason text, by_actor text,
  at_time timestamptz,
  OUT replayed boolean, OUT balance_minor bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  account ledger.account;
  earlier record;
  posting_id bigint;
BEGIN
  IF as_kind NOT IN ('correction', 'gift') OR as_kind = 'gift' AND amount_minor < 0 OR btrim(for_reason) = '' THEN
    RAISE EXCEPTION 'a % of % needs a reason, and a gift takes nothing', as_kind, amount_minor
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  account := ledger.settle_account(of_business, of_account, at_time);
  IF account.id IS NULL THEN
    RAISE EXCEPTION 'business % has no account %', of_business, of_account;
  END IF;
  SELECT p.kind, p.reason, e.account_id, e.amount_minor, e.balance_after_minor INTO earlier
    FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id AND e.account_id IS NOT NULL
    WHERE p.business_id = of_business AND p.kind IN ('correction', 'gift') AND p.cause_id = number;
  replayed := FOUND;
  IF replayed THEN
    IF (earlier.kind, earlier.reason, earlier.account_id, earlier.amount_minor)
        <> (as_kind, for_reason, of_account, amount_minor) THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'correction-mismatch';
    END IF;
    balance_minor := earlier.balance_after_minor;
    RETURN;
  END IF;
  IF -amount_minor > greatest(0, account.balance_minor - account.held_minor) THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'correction-above-available',
      DETAIL = jsonb_build_object('available_minor', greatest(0, account.balance_minor - account.held_minor));
  END IF;
  balance_minor := account.balance_minor + amount_minor;
  INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, reason, happened_at, recorded_at)
    VALUES (of_business, account.unit, as_kind, number, by_actor, for_reason, at_time, at_time)
    RETURNING id INTO posting_id;
  INSERT INTO ledger.entry
    (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
    VALUES
    (of_business, posting_id, account.unit, of_account, NULL, amount_minor, account.version + 1, balance_minor),
    (of_business, posting_id, account.unit, NULL, as_kind, -amount_minor, NULL, NULL);
  IF amount_minor < 0 THEN
    PERFORM ledger.spend_lots(of_business, of_account, account.version + 1, -amount_minor);
  END IF;
  UPDATE ledger.account a SET version = account.version + 1, balance_minor = post_correction.balance_minor
    WHERE a.business_id = of_business AND a.id = of_account;
END $$;
ALTER FUNCTION ledger.post_correction(bigint, bigint, text, bigint, bigint, text, text, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.post_correction(bigint, bigint, text, bigint, bigint, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.post_correction(bigint, bigint, text, bigint, bigint, text, text, timestamptz)
  TO incust_app, incust_owner;
