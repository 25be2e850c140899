-- Look-ups before the business is known; numbers only. Owned by the look-up role.

-- A page of lots that have expired and are not posted yet, oldest first, after the lot (`after_expiry`, `after_lot`).
DROP FUNCTION IF EXISTS ledger.accounts_with_expired_lots(timestamptz, integer);
CREATE OR REPLACE FUNCTION ledger.expired_lots(
  at_time timestamptz, after_expiry timestamptz, after_lot bigint, count_max integer
) RETURNS TABLE (business_id bigint, account_id bigint, expires_at timestamptz, lot_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT l.business_id, l.account_id, l.expires_at, l.id FROM ledger.lot l
  WHERE l.remaining_minor > 0 AND l.expires_at <= at_time AND (l.expires_at, l.id) > (after_expiry, after_lot)
  ORDER BY l.expires_at, l.id LIMIT count_max
$$;
ALTER FUNCTION ledger.expired_lots(timestamptz, timestamptz, bigint, integer) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION ledger.expired_lots(timestamptz, timestamptz, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.expired_lots(timestamptz, timestamptz, bigint, integer) TO incust_app, incust_owner;

-- Every business that has accounts.
CREATE OR REPLACE FUNCTION ledger.businesses()
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT DISTINCT a.business_id FROM ledger.account a ORDER BY 1 $$;
ALTER FUNCTION ledger.businesses() OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION ledger.businesses() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.businesses() TO incust_app, incust_owner;
