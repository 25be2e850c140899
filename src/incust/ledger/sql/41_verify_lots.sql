-- Lots against the credits they come from, what was spent of them, and the balances they are part of. See 40_verify.sql.
CREATE OR REPLACE FUNCTION ledger.verify_lots(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  SELECT 'lot-remaining', l.id, l.amount_minor - coalesce(s.spent_minor, 0), l.remaining_minor
    FROM ledger.lot l LEFT JOIN (
      SELECT lot_id, sum(amount_minor)::bigint AS spent_minor FROM ledger.lot_spend
      WHERE business_id = of_business GROUP BY lot_id
    ) s ON s.lot_id = l.id
    WHERE l.business_id = of_business AND l.remaining_minor <> l.amount_minor - coalesce(s.spent_minor, 0)
  UNION ALL
  SELECT 'lots-above-balance', i.account_id, greatest(coalesce(a.balance_minor, 0), 0), i.remaining_minor
    FROM (
      SELECT account_id, sum(remaining_minor)::bigint AS remaining_minor FROM ledger.lot
      WHERE business_id = of_business GROUP BY account_id
    ) i LEFT JOIN ledger.account a ON a.business_id = of_business AND a.id = i.account_id
    WHERE i.remaining_minor > greatest(coalesce(a.balance_minor, 0), 0)
  UNION ALL
  -- What repaid a debt forms no lot, so a lot may be smaller than its credit.
  SELECT 'lot-without-credit', l.id, coalesce(e.amount_minor, 0), l.amount_minor
    FROM ledger.lot l LEFT JOIN ledger.entry e
      ON e.business_id = of_business AND e.account_id = l.account_id AND e.account_version = l.account_version
    WHERE l.business_id = of_business AND coalesce(e.amount_minor, 0) < l.amount_minor
$$;

-- What each entry took from lots, or put back into them, is part of what it took from the balance, or put back.
CREATE OR REPLACE FUNCTION ledger.verify_lot_spends(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  SELECT CASE WHEN e.id IS NULL THEN 'spend-without-entry' ELSE 'spend-above-entry' END,
      coalesce(e.id, s.account_id), coalesce(-e.amount_minor, s.account_version), s.spent_minor
    FROM (
      SELECT account_id, account_version, sum(amount_minor)::bigint AS spent_minor FROM ledger.lot_spend
      WHERE business_id = of_business GROUP BY account_id, account_version
    ) s LEFT JOIN ledger.entry e
      ON e.business_id = of_business AND e.account_id = s.account_id AND e.account_version = s.account_version
    WHERE e.id IS NULL OR s.spent_minor NOT BETWEEN least(-e.amount_minor, 0) AND greatest(-e.amount_minor, 0)
  UNION ALL
  SELECT 'spend-of-another', s.lot_id, l.account_id, s.account_id
    FROM ledger.lot_spend s LEFT JOIN ledger.lot l ON l.business_id = of_business AND l.id = s.lot_id
    WHERE s.business_id = of_business AND l.account_id IS DISTINCT FROM s.account_id
$$;

-- What accounts keep of held points against the holds that are not resolved.
CREATE OR REPLACE FUNCTION ledger.verify_holds(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  SELECT 'held', coalesce(a.id, h.account_id), coalesce(h.held_minor, 0), coalesce(a.held_minor, 0)
  FROM (SELECT id, held_minor FROM ledger.account WHERE business_id = of_business AND held_minor <> 0) a
  FULL JOIN (
    SELECT account_id, sum(amount_minor)::bigint AS held_minor FROM ledger.hold
    WHERE business_id = of_business AND resolution IS NULL GROUP BY account_id
  ) h ON h.account_id = a.id
  WHERE coalesce(a.held_minor, 0) <> coalesce(h.held_minor, 0)
$$;

-- All comparisons of this room.
CREATE OR REPLACE FUNCTION ledger.verify(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT * FROM ledger.verify_accounts(of_business)
  UNION ALL SELECT * FROM ledger.verify_running_balances(of_business)
  UNION ALL SELECT * FROM ledger.verify_postings(of_business)
  UNION ALL SELECT * FROM ledger.verify_expiries(of_business)
  UNION ALL SELECT * FROM ledger.verify_lots(of_business)
  UNION ALL SELECT * FROM ledger.verify_lot_spends(of_business)
  UNION ALL SELECT * FROM ledger.verify_holds(of_business)
$$;
