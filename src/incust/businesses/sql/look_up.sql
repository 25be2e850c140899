-- Look-ups before the business is known; each returns the least that is needed to enter it.
CREATE OR REPLACE FUNCTION businesses.business_by_slug(wanted text)
RETURNS TABLE (id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT b.id, b.name FROM businesses.business b WHERE b.slug = wanted $$;
ALTER FUNCTION businesses.business_by_slug(text) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.business_by_slug(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.business_by_slug(text) TO incust_app, incust_owner;

-- The businesses a signed-in person belongs to.
CREATE OR REPLACE FUNCTION businesses.memberships_of(wanted_user bigint)
RETURNS TABLE (business_id bigint, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT b.id, b.slug, b.name, m.role FROM businesses.membership m
  JOIN businesses.business b ON b.id = m.business_id
  WHERE m.user_id = wanted_user ORDER BY b.name, b.id
$$;
ALTER FUNCTION businesses.memberships_of(bigint) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.memberships_of(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.memberships_of(bigint) TO incust_app, incust_owner;

-- Which business has this account of a till maker, connected or not (the connected one first). The maker may rename an
-- account and give its name to another one: where its number is told, and known, the number decides.
DROP FUNCTION IF EXISTS businesses.till_account_by_name(text, text);
CREATE OR REPLACE FUNCTION businesses.till_account_of(wanted_system text, wanted_name text, wanted_number text)
RETURNS TABLE (business_id bigint, till_account_id bigint, connected boolean, application_id text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.business_id, a.id, a.connected, a.application_id, a.name FROM businesses.till_account a
  WHERE a.system = wanted_system
    AND ((wanted_number <> '' AND a.number = wanted_number)
      OR (a.name = wanted_name AND (wanted_number = '' OR a.number = '')))
  ORDER BY a.connected DESC, a.id DESC LIMIT 1
$$;
ALTER FUNCTION businesses.till_account_of(text, text, text) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.till_account_of(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.till_account_of(text, text, text) TO incust_app, incust_owner;

-- Everybody who knows an account by this name, connected or not.
CREATE OR REPLACE FUNCTION businesses.till_accounts_named(wanted_system text, wanted_name text)
RETURNS TABLE (business_id bigint, till_account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.business_id, a.id FROM businesses.till_account a
  WHERE a.system = wanted_system AND a.name = wanted_name ORDER BY a.business_id, a.id
$$;
ALTER FUNCTION businesses.till_accounts_named(text, text) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.till_accounts_named(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.till_accounts_named(text, text) TO incust_app, incust_owner;
