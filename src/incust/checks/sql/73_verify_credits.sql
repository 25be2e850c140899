-- Comparisons of what checks promised with what the ledger keeps of it; as those of ledger/sql/40_verify.sql.

-- Each credit that a paid check's outcome lets expire is kept as a lot: of its amount less what repaid a debt, ending so many
-- days after the receipt, at the end of that day. Any other credit forms none.
--
-- The business may have moved to another time zone since, so days are compared in that of Greenwich: a lot may end a day
-- earlier or later, and its last day may end fifteen hours before or after midnight there.
CREATE OR REPLACE FUNCTION checks.verify_credits(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH outcome AS MATERIALIZED (
    SELECT id, 'bonus:' || currency AS unit, outcome->'credits' AS credits FROM checks.check
    WHERE business_id = of_business
  ), credit AS MATERIALIZED (
    -- What comes after a debt is good only as far as the balance is above nothing then.
    SELECT p.cause_id, p.unit, (p.happened_at AT TIME ZONE 'UTC')::date AS happened_on, e.account_id, e.account_version,
      least(e.amount_minor, e.balance_after_minor) AS good_minor,
      (row_number() OVER (PARTITION BY e.posting_id ORDER BY e.account_version))::integer AS position
    FROM ledger.posting p JOIN ledger.entry e
      ON e.business_id = of_business AND e.posting_id = p.id AND e.account_id IS NOT NULL AND e.amount_minor > 0
    WHERE p.business_id = of_business AND p.kind = 'check'
  ), promised AS MATERIALIZED (
    SELECT c.cause_id, c.account_id, c.account_version, c.happened_on, greatest(c.good_minor, 0) AS good_minor,
      (o.credits->(c.position - 1)->>'lifetime_days')::integer AS lifetime_days
    FROM credit c JOIN outcome o ON o.id = c.cause_id AND o.unit = c.unit
  ), compared AS MATERIALIZED (
    SELECT p.cause_id, CASE WHEN p.lifetime_days IS NULL THEN 0 ELSE p.good_minor END AS good_minor, p.lifetime_days,
      l.id AS lot_id, coalesce(l.amount_minor, 0) AS lot_minor, l.expires_on - p.happened_on AS lot_days
    FROM promised p LEFT JOIN (SELECT * FROM ledger.lot WHERE business_id = of_business) l
      ON l.account_id = p.account_id AND l.account_version = p.account_version
  )
  SELECT 'lot-of-check', c.cause_id, c.good_minor, c.lot_minor FROM compared c WHERE c.good_minor <> c.lot_minor
  UNION ALL
  SELECT 'lot-lifetime', c.lot_id, c.lifetime_days, c.lot_days FROM compared c
    WHERE c.lot_days NOT BETWEEN c.lifetime_days - 1 AND c.lifetime_days + 1
  UNION ALL
  SELECT 'lot-end', l.id, NULL, NULL FROM ledger.lot l
    WHERE l.business_id = of_business
      AND (l.expires_at AT TIME ZONE 'UTC') - (l.expires_on + 1)::timestamp
        NOT BETWEEN interval '-15 hours' AND interval '15 hours'
$$;

-- The stored answer, which every repetition gets, says what the check says; and its balance is that after the check's last
-- entry, or after what expired in the same breath.
CREATE OR REPLACE FUNCTION checks.verify_answers(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH told AS MATERIALIZED (
    SELECT id, 'bonus:' || currency AS unit, redeem_minor, earned_minor, unbacked_minor,
      (answer->>'check_id')::bigint AS told_id, (answer->>'redeemed_minor')::bigint AS told_redeemed_minor,
      (answer->>'earned_minor')::bigint AS told_earned_minor, (answer->>'unbacked_minor')::bigint AS told_unbacked_minor,
      (answer->>'balance_minor')::bigint AS told_balance_minor
    FROM checks.check WHERE business_id = of_business AND finalized_at IS NOT NULL
  ), moved AS MATERIALIZED (
    SELECT p.cause_id, p.unit, e.account_id, p.recorded_at, max(e.account_version) AS last_version
    FROM ledger.posting p JOIN ledger.entry e
      ON e.business_id = of_business AND e.posting_id = p.id AND e.account_id IS NOT NULL
    WHERE p.business_id = of_business AND p.kind = 'check' GROUP BY p.cause_id, p.unit, e.account_id, p.recorded_at
  ), expired AS MATERIALIZED (
    SELECT e.account_id, p.recorded_at, array_agg(e.balance_after_minor) AS balances_minor
    FROM ledger.posting p JOIN ledger.entry e
      ON e.business_id = of_business AND e.posting_id = p.id AND e.account_id IS NOT NULL
    WHERE p.business_id = of_business AND p.kind = 'expiry' GROUP BY e.account_id, p.recorded_at
  ), after AS MATERIALIZED (
    SELECT m.cause_id, m.unit, e.balance_after_minor, x.balances_minor
    FROM moved m JOIN ledger.entry e
      ON e.business_id = of_business AND e.account_id = m.account_id AND e.account_version = m.last_version
    LEFT JOIN expired x ON x.account_id = m.account_id AND x.recorded_at = m.recorded_at
  )
  SELECT said.fault, t.id, said.expected, said.found
    FROM told t CROSS JOIN LATERAL (VALUES
      ('answer-redeemed', t.redeem_minor, t.told_redeemed_minor), ('answer-earned', t.earned_minor, t.told_earned_minor),
      ('answer-unbacked', t.unbacked_minor, t.told_unbacked_minor), ('answer-number', t.id, t.told_id)
    ) AS said (fault, expected, found)
    WHERE said.expected IS DISTINCT FROM said.found
  UNION ALL
  SELECT 'answer-balance', t.id, a.balance_after_minor, t.told_balance_minor
    FROM told t JOIN after a ON a.cause_id = t.id AND a.unit = t.unit
    WHERE t.told_balance_minor IS DISTINCT FROM a.balance_after_minor
      AND (t.told_balance_minor = ANY (a.balances_minor)) IS NOT TRUE
$$;
