-- The published version that a business's checks are evaluated by; NULLs while none is published.
CREATE OR REPLACE FUNCTION programs.current_version(of_business bigint, OUT version_id bigint, OUT number integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT v.id, v.number FROM programs.program p
  JOIN programs.program_version v ON v.business_id = p.business_id AND v.id = p.current_version_id
  WHERE p.business_id = of_business ORDER BY p.id LIMIT 1
$$;
