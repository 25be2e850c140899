-- Comparisons of all that the ledger keeps twice, within the business that the transaction is bound to. Each gives a row per
-- difference: `subject` is the number of the account, entry, lot or posting, `expected` follows from the entries, `found` is
-- what else is kept. No rows: all is well. The words for each fault stand in checks/verify_faults.py.
--
-- Made for tens of millions of entries: each reads its tables once, joins by hash and spills to the disk. Fresh from a
-- restore there are no statistics, and a nested loop chosen without them would never end.

-- Balances and numbers of accounts against their entries.
CREATE OR REPLACE FUNCTION ledger.verify_accounts(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH compared AS MATERIALIZED (
    SELECT coalesce(a.id, e.account_id) AS id, coalesce(a.balance_minor, 0) AS balance_minor, coalesce(a.version, 0) AS version,
      coalesce(e.sum_minor, 0) AS sum_minor, coalesce(e.entries, 0) AS entries, coalesce(e.last_version, 0) AS last_version
    FROM (SELECT * FROM ledger.account WHERE business_id = of_business) a
    FULL JOIN (
      SELECT account_id, sum(amount_minor)::bigint AS sum_minor, count(*) AS entries, max(account_version) AS last_version
      FROM ledger.entry WHERE business_id = of_business AND account_id IS NOT NULL GROUP BY account_id
    ) e ON e.account_id = a.id
  )
  SELECT 'balance', c.id, c.sum_minor, c.balance_minor FROM compared c WHERE c.balance_minor <> c.sum_minor
  UNION ALL
  SELECT 'version', c.id, c.last_version, c.version FROM compared c WHERE c.version <> c.last_version
  UNION ALL
  SELECT 'missing-entries', c.id, c.last_version, c.entries FROM compared c WHERE c.entries <> c.last_version
$$;

-- The balance that each entry says there was after it.
CREATE OR REPLACE FUNCTION ledger.verify_running_balances(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  SELECT 'running-balance', r.id, r.sum_minor, r.balance_after_minor
  FROM (
    SELECT e.id, e.balance_after_minor,
      sum(e.amount_minor) OVER (PARTITION BY e.account_id ORDER BY e.account_version)::bigint AS sum_minor
    FROM ledger.entry e WHERE e.business_id = of_business AND e.account_id IS NOT NULL
  ) r WHERE r.balance_after_minor <> r.sum_minor
$$;

-- Each posting sums to zero in its unit, and has a cause. Causes of checks and refunds are compared where those are kept.
CREATE OR REPLACE FUNCTION ledger.verify_postings(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH compared AS MATERIALIZED (
    SELECT p.id, e.posting_id, e.sum_minor
    FROM (SELECT id, unit FROM ledger.posting WHERE business_id = of_business) p
    FULL JOIN (
      SELECT posting_id, unit, sum(amount_minor)::bigint AS sum_minor
      FROM ledger.entry WHERE business_id = of_business GROUP BY posting_id, unit
    ) e ON e.posting_id = p.id AND e.unit = p.unit
  )
  SELECT 'unbalanced', c.id, 0::bigint, c.sum_minor FROM compared c WHERE c.id IS NOT NULL AND c.sum_minor <> 0
  UNION ALL
  SELECT 'no-entries', c.id, NULL, NULL FROM compared c WHERE c.posting_id IS NULL
  UNION ALL
  SELECT 'no-posting', c.posting_id, NULL, NULL FROM compared c WHERE c.id IS NULL
  UNION ALL
  SELECT 'no-reason', p.id, NULL, NULL FROM ledger.posting p
    WHERE p.business_id = of_business AND p.kind IN ('correction', 'gift', 'referral', 'import') AND p.reason = ''
$$;

-- Every expiry took all that it took from lots whose day had ended.
CREATE OR REPLACE FUNCTION ledger.verify_expiries(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  SELECT 'expiry', x.id, coalesce(x.expired_minor, 0), coalesce(x.from_lots_minor, 0)
  FROM (
    SELECT p.id, -min(e.amount_minor) AS expired_minor,
      sum(s.amount_minor) FILTER (WHERE l.expires_at <= p.happened_at)::bigint AS from_lots_minor
    FROM (SELECT * FROM ledger.posting WHERE business_id = of_business AND kind = 'expiry') p
    LEFT JOIN ledger.entry e ON e.business_id = of_business AND e.posting_id = p.id AND e.account_id IS NOT NULL
    LEFT JOIN ledger.lot_spend s
      ON s.business_id = of_business AND s.account_id = e.account_id AND s.account_version = e.account_version
    LEFT JOIN ledger.lot l ON l.business_id = of_business AND l.id = s.lot_id
    GROUP BY p.id
  ) x WHERE coalesce(x.expired_minor, 0) <= 0 OR x.expired_minor <> coalesce(x.from_lots_minor, 0)
$$;
