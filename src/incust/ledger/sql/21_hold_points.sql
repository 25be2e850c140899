-- Sets points aside for a cause (a check). A hold that the cause had before, on this account or another, is released: so
-- repeating renews, a smaller amount frees the rest, and zero frees everything. Answers `hold_id` NULL where nothing is
-- held; `held` false, and nothing changed, where less than `amount_minor` is available.
CREATE OR REPLACE FUNCTION ledger.hold_points(
  of_business bigint, of_account bigint, for_kind text, for_id bigint, amount_minor bigint,
  at_time timestamptz, until_time timestamptz,
  OUT held boolean, OUT hold_id bigint, OUT available_minor bigint, OUT balance_minor bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  account ledger.account;
  own_minor bigint;
  had_holds boolean;
BEGIN
  -- One lock statement, sorted: the account to hold on, and those of the holds to be replaced. Their numbers as an array:
  -- "this one, or those" would be looked for through all accounts.
  PERFORM FROM ledger.account a WHERE a.business_id = of_business AND a.id = ANY (of_account || ARRAY(
      SELECT h.account_id FROM ledger.hold h
      WHERE h.business_id = of_business AND h.cause_kind = for_kind AND h.cause_id = for_id AND h.resolution IS NULL))
    ORDER BY a.id FOR NO KEY UPDATE;
  account := ledger.settle_account(of_business, of_account, at_time);
  SELECT coalesce(sum(h.amount_minor) FILTER (WHERE h.account_id = of_account), 0), count(*) > 0 INTO own_minor, had_holds
    FROM ledger.hold h
    WHERE h.business_id = of_business AND h.cause_kind = for_kind AND h.cause_id = for_id AND h.resolution IS NULL;
  balance_minor := account.balance_minor;
  available_minor := account.balance_minor - account.held_minor + own_minor;
  held := amount_minor <= greatest(0, available_minor);
  IF NOT held THEN
    RETURN;
  END IF;
  IF had_holds THEN
    PERFORM ledger.release_holds(of_business, for_kind, for_id, at_time);
  END IF;
  IF amount_minor > 0 THEN
    INSERT INTO ledger.hold AS h (business_id, account_id, cause_kind, cause_id, amount_minor, taken_at, expires_at)
      VALUES (of_business, of_account, for_kind, for_id, hold_points.amount_minor, at_time, until_time)
      RETURNING h.id INTO hold_id;
    UPDATE ledger.account a SET held_minor = a.held_minor + hold_points.amount_minor WHERE a.id = of_account;
  END IF;
END $$;
ALTER FUNCTION ledger.hold_points(bigint, bigint, text, bigint, bigint, timestamptz, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.hold_points(bigint, bigint, text, bigint, bigint, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.hold_points(bigint, bigint, text, bigint, bigint, timestamptz, timestamptz)
  TO incust_app, incust_owner;
