-- Compares all that the ledger keeps twice, within the business that the transaction is bound to. No rows: all is well.
-- `subject` is the number of the account, posting, lot or hold; `expected` comes from the entries, `found` from the cache.
CREATE OR REPLACE FUNCTION ledger.verify(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  WITH of_account AS (
    SELECT e.account_id, sum(e.amount_minor)::bigint AS balance_minor, count(*) AS entries, max(e.account_version) AS version
    FROM ledger.entry e WHERE e.business_id = of_business AND e.account_id IS NOT NULL GROUP BY e.account_id
  ), held AS (
    SELECT h.account_id, sum(h.amount_minor)::bigint AS held_minor FROM ledger.hold h
    WHERE h.business_id = of_business AND h.resolution IS NULL GROUP BY h.account_id
  ), spent AS (
    SELECT s.lot_id, sum(s.amount_minor)::bigint AS spent_minor FROM ledger.lot_spend s
    WHERE s.business_id = of_business GROUP BY s.lot_id
  ), in_lots AS (
    SELECT l.account_id, sum(l.remaining_minor)::bigint AS remaining_minor FROM ledger.lot l
    WHERE l.business_id = of_business GROUP BY l.account_id
  )
  SELECT 'balance', a.id, coalesce(e.balance_minor, 0), a.balance_minor
    FROM ledger.account a LEFT JOIN of_account e ON e.account_id = a.id
    WHERE a.business_id = of_business AND a.balance_minor <> coalesce(e.balance_minor, 0)
  UNION ALL
  SELECT 'version', a.id, coalesce(e.entries, 0), a.version
    FROM ledger.account a LEFT JOIN of_account e ON e.account_id = a.id
    WHERE a.business_id = of_business
      AND (a.version <> coalesce(e.entries, 0) OR a.version <> coalesce(e.version, 0))
  UNION ALL
  SELECT 'running balance', r.id, r.expected, r.balance_after_minor
    FROM (
      SELECT e.id, e.balance_after_minor,
        sum(e.amount_minor) OVER (PARTITION BY e.account_id ORDER BY e.account_version)::bigint AS expected
      FROM ledger.entry e WHERE e.business_id = of_business AND e.account_id IS NOT NULL
    ) r WHERE r.balance_after_minor <> r.expected
  UNION ALL
  SELECT 'posting', p.id, 0, coalesce(sum(e.amount_minor), 0)::bigint
    FROM ledger.posting p LEFT JOIN ledger.entry e
      ON e.posting_id = p.id AND e.business_id = p.business_id AND e.unit = p.unit
    WHERE p.business_id = of_business GROUP BY p.id HAVING coalesce(sum(e.amount_minor), 1) <> 0
  UNION ALL
  SELECT 'held', a.id, coalesce(h.held_minor, 0), a.held_minor
    FROM ledger.account a LEFT JOIN held h ON h.account_id = a.id
    WHERE a.business_id = of_business AND a.held_minor <> coalesce(h.held_minor, 0)
  UNION ALL
  SELECT 'lot', l.id, l.amount_minor - coalesce(s.spent_minor, 0), l.remaining_minor
    FROM ledger.lot l LEFT JOIN spent s ON s.lot_id = l.id
    WHERE l.business_id = of_business AND l.remaining_minor <> l.amount_minor - coalesce(s.spent_minor, 0)
  UNION ALL
  SELECT 'more in lots than on the account', a.id, greatest(a.balance_minor, 0), i.remaining_minor
    FROM ledger.account a JOIN in_lots i ON i.account_id = a.id
    WHERE a.business_id = of_business AND i.remaining_minor > greatest(a.balance_minor, 0)
$$;
