-- Posts what expired by `at_time` on an account that the caller has locked. A live hold was promised to the cashier while
-- the points were good: as much as is held stays until the hold is resolved, and it is the held check that then takes the
-- oldest lots first. Returns the account as it is now.
CREATE OR REPLACE FUNCTION ledger.expire_lots(account ledger.account, at_time timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  settled ledger.account := account;
  expired_minor bigint;
  posting_id bigint;
BEGIN
  SELECT greatest(0, sum(l.remaining_minor) - account.held_minor) INTO expired_minor FROM ledger.lot l
    WHERE l.account_id = account.id AND l.remaining_minor > 0 AND l.expires_at <= at_time;
  IF coalesce(expired_minor, 0) = 0 THEN
    RETURN settled;
  END IF;
  settled.version := account.version + 1;
  settled.balance_minor := account.balance_minor - expired_minor;
  INSERT INTO ledger.posting (business_id, unit, kind, actor, happened_at, recorded_at)
    VALUES (account.business_id, account.unit, 'expiry', 'job', at_time, at_time)
    RETURNING id INTO posting_id;
  INSERT INTO ledger.entry
    (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
    VALUES
    (account.business_id, posting_id, account.unit, account.id, NULL, -expired_minor, settled.version, settled.balance_minor),
    (account.business_id, posting_id, account.unit, NULL, 'expired', expired_minor, NULL, NULL);
  PERFORM ledger.spend_lots(account.business_id, account.id, settled.version, expired_minor);
  UPDATE ledger.account a SET version = settled.version, balance_minor = settled.balance_minor WHERE a.id = account.id;
  RETURN settled;
END $$;
ALTER FUNCTION ledger.expire_lots(ledger.account, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.expire_lots(ledger.account, timestamptz) FROM PUBLIC;
