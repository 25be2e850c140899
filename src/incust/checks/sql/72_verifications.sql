-- Look-ups before the business is known; numbers only. Owned by the look-up role.

-- Businesses whose ledger has not been compared since `not_since`.
CREATE OR REPLACE FUNCTION checks.businesses_to_verify(not_since timestamptz)
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT b.id FROM businesses.business b
  WHERE NOT EXISTS (SELECT FROM checks.verification v WHERE v.business_id = b.id AND v.finished_at >= not_since)
  ORDER BY b.id
$$;
ALTER FUNCTION checks.businesses_to_verify(timestamptz) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION checks.businesses_to_verify(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION checks.businesses_to_verify(timestamptz) TO incust_app, incust_owner;

-- How the newest comparisons of all businesses stand together: when the oldest of them was made (NULL: never), how many
-- businesses were never compared, and in how many something differs.
CREATE OR REPLACE FUNCTION checks.verification_summary(
  OUT oldest_at timestamptz, OUT never bigint, OUT differing bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(v.finished_at), count(*) FILTER (WHERE v.finished_at IS NULL), count(*) FILTER (WHERE v.differences > 0)
  FROM businesses.business b
  LEFT JOIN LATERAL (
    SELECT n.finished_at, n.differences FROM checks.verification n
    WHERE n.business_id = b.id ORDER BY n.finished_at DESC LIMIT 1
  ) v ON true
$$;
ALTER FUNCTION checks.verification_summary() OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION checks.verification_summary() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION checks.verification_summary() TO incust_app, incust_owner;
