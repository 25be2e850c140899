-- Releases the unresolved holds of a cause; one that lapsed before is recorded as expired. Repeating is harmless.
CREATE OR REPLACE FUNCTION ledger.release_holds(of_business bigint, for_kind text, for_id bigint, at_time timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM FROM ledger.account a WHERE a.business_id = of_business AND a.id IN (
      SELECT h.account_id FROM ledger.hold h
      WHERE h.business_id = of_business AND h.cause_kind = for_kind AND h.cause_id = for_id AND h.resolution IS NULL)
    ORDER BY a.id FOR NO KEY UPDATE;
  WITH released AS (
    UPDATE ledger.hold h SET
        resolution = CASE WHEN h.expires_at <= at_time THEN 'expired' ELSE 'released' END,
        resolved_at = least(h.expires_at, at_time)
      WHERE h.business_id = of_business AND h.cause_kind = for_kind AND h.cause_id = for_id AND h.resolution IS NULL
      RETURNING h.account_id, h.amount_minor
  ), freed AS (SELECT r.account_id, sum(r.amount_minor) AS freed_minor FROM released r GROUP BY r.account_id)
  UPDATE ledger.account a SET held_minor = a.held_minor - f.freed_minor FROM freed f WHERE a.id = f.account_id;
END $$;
ALTER FUNCTION ledger.release_holds(bigint, text, bigint, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.release_holds(bigint, text, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.release_holds(bigint, text, bigint, timestamptz) TO incust_app, incust_owner;
