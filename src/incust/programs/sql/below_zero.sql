-- What the program in force says about a refund that takes back points which were spent already: `debt` (down to
-- `debt_limit_minor`), `absorb` or `block`. Where none is published any more, that version counts which the check was evaluated
-- by; without one, `absorb`.
CREATE OR REPLACE FUNCTION programs.below_zero(
  of_business bigint, by_version bigint, OUT policy text, OUT debt_limit_minor bigint
)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(v.definition->>'below_zero', 'absorb'), coalesce((v.definition->>'debt_limit_minor')::bigint, 0)
  FROM (SELECT 1) once LEFT JOIN programs.program_version v ON v.business_id = of_business
    AND v.id = coalesce(programs.current_version(of_business), by_version)
$$;
