-- The numbers of all businesses, for work that the program does in each of them by itself.
CREATE OR REPLACE FUNCTION businesses.every_business()
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT b.id FROM businesses.business b ORDER BY b.id $$;
ALTER FUNCTION businesses.every_business() OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.every_business() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.every_business() TO incust_app, incust_owner;
