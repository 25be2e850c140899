-- Locks a customer's account and brings it up to `at_time`: holds that lapsed are recorded as expired at the instant they
-- lapsed, lots that expired are posted. Every writer begins here, so a late sweeper changes nothing. Returns the row as it
-- is now; of an unknown account, NULLs. Not for the application: see record_lapsed.
CREATE OR REPLACE FUNCTION ledger.settle_account(of_business bigint, of_account bigint, at_time timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  account ledger.account;
  lapsed_minor bigint;
  holds_lapsed boolean;
  lots_expired boolean;
BEGIN
  -- Keys never change, so this lock lets foreign keys pass and still admits one writer.
  SELECT a.* INTO account FROM ledger.account a
    WHERE a.business_id = of_business AND a.id = of_account FOR NO KEY UPDATE;
  -- One look, after the lock, tells whether there is anything to do: for nearly every account there is not.
  SELECT account.held_minor > 0 AND EXISTS (
      SELECT FROM ledger.hold h
      WHERE h.account_id = account.id AND h.resolution IS NULL AND h.expires_at <= at_time),
    EXISTS (
      SELECT FROM ledger.lot l
      WHERE l.account_id = account.id AND l.remaining_minor > 0 AND l.expires_at <= at_time)
    INTO holds_lapsed, lots_expired;
  IF holds_lapsed THEN
    WITH lapsed AS (
      UPDATE ledger.hold h SET resolution = 'expired', resolved_at = h.expires_at
        WHERE h.account_id = account.id AND h.resolution IS NULL AND h.expires_at <= at_time
        RETURNING h.amount_minor
    ) SELECT coalesce(sum(l.amount_minor), 0) INTO lapsed_minor FROM lapsed l;
    UPDATE ledger.account a SET held_minor = a.held_minor - lapsed_minor
      WHERE a.id = account.id RETURNING a.* INTO account;
  END IF;
  IF lots_expired THEN
    account := ledger.expire_lots(account, at_time);
  END IF;
  RETURN account;
END $$;
ALTER FUNCTION ledger.settle_account(bigint, bigint, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.settle_account(bigint, bigint, timestamptz) FROM PUBLIC;
