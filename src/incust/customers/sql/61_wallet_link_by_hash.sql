-- Whose wallet a link opens, before its business is known. Says nothing about whether the link is still good.
CREATE OR REPLACE FUNCTION customers.wallet_link_by_hash(wanted bytea)
RETURNS TABLE (business_id bigint, wallet_link_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT l.business_id, l.id FROM customers.wallet_link l WHERE l.token_hash = wanted $$;
ALTER FUNCTION customers.wallet_link_by_hash(bytea) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION customers.wallet_link_by_hash(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers.wallet_link_by_hash(bytea) TO incust_app, incust_owner;
