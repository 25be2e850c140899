-- Posts what expired by `at_time` on an account that the caller has locked: one posting for each instant at which points
-- expired, oldest first, and dated so, however late this runs. Points that a refund brought back after their date expire at
-- the refund.
--
-- A live hold was promised to the cashier while the points were good: as much as is held stays until the hold is resolved,
-- and it is the held check that then takes the oldest lots first. So an instant takes what had expired up to it, less what
-- is held, less what earlier instants took. Returns the account as it is now.
CREATE OR REPLACE FUNCTION ledger.expire_lots(account ledger.account, at_time timestamptz)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  settled ledger.account := account;
  due record;
  overdue_minor bigint := 0;  -- of this instant and those before it
  posted_minor bigint := 0;
  expired_minor bigint;
  posting_id bigint;
BEGIN
  FOR due IN
    SELECT greatest(l.expires_at, back.at) AS instant, sum(l.remaining_minor) AS remaining_minor
    FROM ledger.lot l
    CROSS JOIN LATERAL (
      SELECT max(p.recorded_at) AS at FROM ledger.lot_spend s
      JOIN ledger.entry e ON e.account_id = s.account_id AND e.account_version = s.account_version
      JOIN ledger.posting p ON p.id = e.posting_id
      WHERE s.lot_id = l.id AND s.amount_minor < 0
    ) back
    WHERE l.account_id = account.id AND l.remaining_minor > 0 AND l.expires_at <= at_time
    GROUP BY instant ORDER BY instant
  LOOP
    overdue_minor := overdue_minor + due.remaining_minor;
    expired_minor := greatest(0, overdue_minor - account.held_minor) - posted_minor;
    CONTINUE WHEN expired_minor = 0;
    posted_minor := posted_minor + expired_minor;
    settled.version := settled.version + 1;
    settled.balance_minor := settled.balance_minor - expired_minor;
    INSERT INTO ledger.posting (business_id, unit, kind, actor, happened_at, recorded_at)
      VALUES (account.business_id, account.unit, 'expiry', 'job', due.instant, at_time)
      RETURNING id INTO posting_id;
    INSERT INTO ledger.entry
      (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
      VALUES
      (account.business_id, posting_id, account.unit, account.id, NULL, -expired_minor, settled.version,
        settled.balance_minor),
      (account.business_id, posting_id, account.unit, NULL, 'expired', expired_minor, NULL, NULL);
    PERFORM ledger.spend_lots(account.business_id, account.id, settled.version, expired_minor);
  END LOOP;
  IF posted_minor > 0 THEN
    UPDATE ledger.account a SET version = settled.version, balance_minor = settled.balance_minor WHERE a.id = account.id;
  END IF;
  RETURN settled;
END $$;
ALTER FUNCTION ledger.expire_lots(ledger.account, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.expire_lots(ledger.account, timestamptz) FROM PUBLIC;
