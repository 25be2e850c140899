-- Takes up to `to_take_minor` from the account's lots, soonest-expiring first, and remembers what the entry took from which.
-- What the lots do not hold is spent from points that never expire, which are no lots. Lots that the entries
-- `first_of_versions` credited go before all others. The caller has locked the account.
DROP FUNCTION IF EXISTS ledger.spend_lots(bigint, bigint, bigint, bigint);
CREATE OR REPLACE FUNCTION ledger.spend_lots(
  of_business bigint, of_account bigint, entry_version bigint, to_take_minor bigint, first_of_versions bigint[] DEFAULT '{}'
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH queued AS (
    SELECT l.id, l.remaining_minor,
      sum(l.remaining_minor) OVER (ORDER BY l.account_version <> ALL (first_of_versions), l.expires_at, l.id)
        - l.remaining_minor AS before_minor
    FROM ledger.lot l WHERE l.account_id = of_account AND l.remaining_minor > 0
  ), taken AS (
    UPDATE ledger.lot l SET remaining_minor = l.remaining_minor - least(q.remaining_minor, to_take_minor - q.before_minor)
    FROM queued q WHERE l.id = q.id AND q.before_minor < to_take_minor
    RETURNING l.id, least(q.remaining_minor, to_take_minor - q.before_minor) AS taken_minor
  )
  INSERT INTO ledger.lot_spend (business_id, lot_id, account_id, account_version, amount_minor)
    SELECT of_business, t.id, of_account, entry_version, t.taken_minor FROM taken t
$$;
ALTER FUNCTION ledger.spend_lots(bigint, bigint, bigint, bigint, bigint[]) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.spend_lots(bigint, bigint, bigint, bigint, bigint[]) FROM PUBLIC;
