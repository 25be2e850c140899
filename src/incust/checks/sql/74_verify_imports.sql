-- Comparisons of what was brought along from another system with what was posted of it; as those of ledger/sql/40_verify.sql.
CREATE OR REPLACE FUNCTION checks.verify_imports(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH posted AS MATERIALIZED (
    SELECT p.id, p.cause_id, p.unit, min(e.account_id) AS account_id,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'imported'), 0)::bigint AS amount_minor
    FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id AND e.business_id = of_business
    WHERE p.business_id = of_business AND p.kind = 'import' GROUP BY p.id, p.cause_id, p.unit
  ), compared AS MATERIALIZED (
    SELECT i.id, i.customer_id, i.amount_minor, p.id AS posting_id, coalesce(p.amount_minor, 0) AS posted_minor,
      a.customer_id AS posted_to
    FROM (SELECT * FROM checks.balance_import WHERE business_id = of_business) i
    FULL JOIN posted p ON p.cause_id = i.id AND p.unit = i.unit
    LEFT JOIN ledger.account a ON a.business_id = of_business AND a.id = p.account_id
  )
  SELECT 'imported', c.id, c.amount_minor, c.posted_minor FROM compared c WHERE c.amount_minor <> c.posted_minor
  UNION ALL
  SELECT 'import-of-another-customer', c.id, c.customer_id, c.posted_to FROM compared c WHERE c.customer_id <> c.posted_to
  UNION ALL
  SELECT 'no-import', c.posting_id, NULL, NULL FROM compared c WHERE c.id IS NULL
$$;
