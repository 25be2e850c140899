-- Look-ups before the business is known; numbers only. Owned by the look-up role.

-- Accounts with lots that have expired and are not posted yet, oldest first.
CREATE OR REPLACE FUNCTION ledger.accounts_with_expired_lots(at_time timestamptz, count_max integer)
RETURNS TABLE (business_id bigint, account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT l.business_id, l.account_id FROM ledger.lot l
  WHERE l.remaining_minor > 0 AND l.expires_at <= at_time
  GROUP BY l.business_id, l.account_id ORDER BY min(l.expires_at) LIMIT count_max
$$;
ALTER FUNCTION ledger.accounts_with_expired_lots(timestamptz, integer) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION ledger.accounts_with_expired_lots(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.accounts_with_expired_lots(timestamptz, integer) TO incust_app, incust_owner;

-- Every business that has accounts.
CREATE OR REPLACE FUNCTION ledger.businesses()
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT DISTINCT a.business_id FROM ledger.account a ORDER BY 1 $$;
ALTER FUNCTION ledger.businesses() OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION ledger.businesses() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.businesses() TO incust_app, incust_owner;
