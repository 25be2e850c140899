-- The number of the published version that a business's checks are evaluated by; NULL while none is published.
DROP FUNCTION IF EXISTS programs.current_version(bigint);
CREATE FUNCTION programs.current_version(of_business bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  version_id bigint;
BEGIN
  SELECT p.current_version_id INTO version_id FROM programs.program p
    WHERE p.business_id = of_business AND p.current_version_id IS NOT NULL ORDER BY p.id LIMIT 1;
  RETURN version_id;
END $$;
