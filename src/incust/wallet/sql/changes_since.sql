-- The one cursor of live balances: which customers' accounts got entries after `after_id`, in all businesses. Tells that
-- something changed and the account's version, no amounts: those a guest's page asks for behind its own fence.
CREATE OR REPLACE FUNCTION wallet.changes_since(after_id bigint, count_max integer)
RETURNS TABLE (entry_id bigint, business_id bigint, customer_id bigint, account_id bigint, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT fresh.id, fresh.business_id, a.customer_id, a.id, fresh.account_version
  FROM (
    SELECT e.id, e.business_id, e.account_id, e.account_version FROM ledger.entry e
    WHERE e.id > after_id AND e.account_id IS NOT NULL ORDER BY e.id LIMIT count_max
  ) fresh
  JOIN ledger.account a ON a.business_id = fresh.business_id AND a.id = fresh.account_id
$$;
ALTER FUNCTION wallet.changes_since(bigint, integer) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION wallet.changes_since(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wallet.changes_since(bigint, integer) TO incust_app, incust_owner;

-- Where the cursor starts.
CREATE OR REPLACE FUNCTION wallet.last_change() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce(max(e.id), 0) FROM ledger.entry e $$;
ALTER FUNCTION wallet.last_change() OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION wallet.last_change() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wallet.last_change() TO incust_app, incust_owner;
