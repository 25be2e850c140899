-- Gives back to the lots what the entry `spent_version` took from them, with their old dates. The spend is undone in reverse:
-- first what came from points that never expire, which are no lots, then the latest-expiring lot. `from_minor` and `to_minor`
-- are the part of that sequence to undo now, so that refunds in parts give back as much as one. The caller has locked the
-- account and writes the entry `entry_version`.
CREATE OR REPLACE FUNCTION ledger.restore_lots(
  of_business bigint, of_account bigint, spent_version bigint, entry_version bigint, from_minor bigint, to_minor bigint
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  WITH spent AS (
    SELECT l.id, s.amount_minor, sum(s.amount_minor) OVER (ORDER BY l.expires_at, l.id) AS up_to_minor
    FROM ledger.lot_spend s JOIN ledger.lot l ON l.business_id = s.business_id AND l.id = s.lot_id
    WHERE s.business_id = of_business AND s.account_id = of_account AND s.account_version = spent_version
  ), back AS (
    -- What was spent last is undone first: a lot's place counts from the end of the whole spend.
    SELECT p.id, least(p.place_minor + p.amount_minor, to_minor) - greatest(p.place_minor, from_minor) AS back_minor
    FROM (
      SELECT s.id, s.amount_minor, (
          SELECT -e.amount_minor FROM ledger.entry e
          WHERE e.business_id = of_business AND e.account_id = of_account AND e.account_version = spent_version
        ) - s.up_to_minor AS place_minor
      FROM spent s
    ) p
  ), restored AS (
    UPDATE ledger.lot l SET remaining_minor = l.remaining_minor + b.back_minor
    FROM back b WHERE l.business_id = of_business AND l.id = b.id AND b.back_minor > 0
    RETURNING l.id, b.back_minor
  )
  INSERT INTO ledger.lot_spend (business_id, lot_id, account_id, account_version, amount_minor)
    SELECT of_business, r.id, of_account, entry_version, -r.back_minor FROM restored r
$$;
ALTER FUNCTION ledger.restore_lots(bigint, bigint, bigint, bigint, bigint, bigint) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.restore_lots(bigint, bigint, bigint, bigint, bigint, bigint) FROM PUBLIC;
