-- Comparisons of checks with the ledger; as those of ledger/sql/40_verify.sql.

-- Every final check has exactly its entries, on the account of its customer, and every posting of a check its check.
CREATE OR REPLACE FUNCTION checks.verify_postings(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH posted AS (
    SELECT p.cause_id, p.unit, min(p.id) AS posting_id, min(e.account_id) AS account_id, max(e.account_id) AS other_account_id,
      coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'redeemed'), 0)::bigint AS redeemed_minor,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'issued'), 0)::bigint AS earned_minor,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'unbacked'), 0)::bigint AS unbacked_minor
    FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id AND e.business_id = of_business
    WHERE p.business_id = of_business AND p.kind = 'check' GROUP BY p.cause_id, p.unit
  ), compared AS MATERIALIZED (
    SELECT c.id, c.customer_id, c.redeem_minor, c.earned_minor, c.unbacked_minor, p.posting_id, p.account_id,
      a.customer_id AS posted_to, p.other_account_id,
      coalesce(p.redeemed_minor, 0) AS redeemed_posted_minor, coalesce(p.earned_minor, 0) AS earned_posted_minor,
      coalesce(p.unbacked_minor, 0) AS unbacked_posted_minor
    FROM (
      SELECT id, customer_id, currency, redeem_minor, earned_minor, unbacked_minor FROM checks.check
      WHERE business_id = of_business AND finalized_at IS NOT NULL
    ) c FULL JOIN posted p ON p.cause_id = c.id AND p.unit = 'bonus:' || c.currency
    LEFT JOIN ledger.account a ON a.business_id = of_business AND a.id = p.account_id
  )
  SELECT 'redeemed', c.id, c.redeem_minor, c.redeemed_posted_minor FROM compared c
    WHERE c.redeem_minor <> c.redeemed_posted_minor
  UNION ALL
  SELECT 'earned', c.id, c.earned_minor, c.earned_posted_minor FROM compared c WHERE c.earned_minor <> c.earned_posted_minor
  UNION ALL
  SELECT 'unbacked', c.id, c.unbacked_minor, c.unbacked_posted_minor FROM compared c
    WHERE c.unbacked_minor <> c.unbacked_posted_minor
  UNION ALL
  SELECT 'another-customer', c.id, c.customer_id, c.posted_to FROM compared c
    WHERE c.id IS NOT NULL AND (c.posted_to <> c.customer_id OR c.account_id <> c.other_account_id)
  UNION ALL
  SELECT 'no-check', c.posting_id, NULL, NULL FROM compared c WHERE c.id IS NULL
$$;

-- The shares of a paid check's lines add up to what it earned, and to what was redeemed; what a till took beyond the sum of
-- all lines lies on no line.
CREATE OR REPLACE FUNCTION checks.verify_lines(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH compared AS MATERIALIZED (
    SELECT coalesce(c.id, l.check_id) AS id, coalesce(c.earned_minor, 0) AS earned_minor,
      least(coalesce(c.redeem_minor, 0), coalesce(l.sum_minor, 0)) AS redeemed_minor,
      coalesce(l.earned_minor, 0) AS on_lines_earned_minor, coalesce(l.redeemed_minor, 0) AS on_lines_redeemed_minor
    FROM (
      SELECT id, redeem_minor, earned_minor FROM checks.check WHERE business_id = of_business AND status = 'finalized'
    ) c FULL JOIN (
      SELECT check_id, sum(amount_minor)::bigint AS sum_minor, sum(redeemed_minor)::bigint AS redeemed_minor,
        sum(earned_minor)::bigint AS earned_minor
      FROM checks.check_line WHERE business_id = of_business GROUP BY check_id
    ) l ON l.check_id = c.id
  )
  SELECT 'lines-redeemed', c.id, c.redeemed_minor, c.on_lines_redeemed_minor FROM compared c
    WHERE c.redeemed_minor <> c.on_lines_redeemed_minor
  UNION ALL
  SELECT 'lines-earned', c.id, c.earned_minor, c.on_lines_earned_minor FROM compared c
    WHERE c.earned_minor <> c.on_lines_earned_minor
$$;

-- A reserved check holds what it says, until time has released it; any other holds nothing, and a paid one captured no more
-- than its customer paid with points.
CREATE OR REPLACE FUNCTION checks.verify_holds(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH hold AS MATERIALIZED (
    SELECT id, cause_id, amount_minor, resolution, captured_minor FROM ledger.hold
    WHERE business_id = of_business AND cause_kind = 'check'
  )
  SELECT 'reservation-without-hold', c.id, c.redeem_minor, coalesce(h.amount_minor, 0)
    FROM checks.check c LEFT JOIN hold h ON h.id = c.hold_id AND h.cause_id = c.id AND h.resolution IS DISTINCT FROM 'released'
      AND h.resolution IS DISTINCT FROM 'captured'
    WHERE c.business_id = of_business AND c.status = 'reserved' AND c.redeem_minor <> coalesce(h.amount_minor, 0)
  UNION ALL
  SELECT 'hold-without-reservation', h.id, NULL, h.amount_minor
    FROM hold h LEFT JOIN checks.check c
      ON c.business_id = of_business AND c.id = h.cause_id AND c.status = 'reserved' AND c.hold_id = h.id
    WHERE h.resolution IS NULL AND c.id IS NULL
  UNION ALL
  SELECT 'captured', c.id, c.redeem_minor - c.unbacked_minor, h.captured_minor
    FROM (
      SELECT cause_id, sum(captured_minor)::bigint AS captured_minor FROM hold WHERE resolution = 'captured' GROUP BY cause_id
    ) h JOIN checks.check c ON c.business_id = of_business AND c.id = h.cause_id
    WHERE h.captured_minor > CASE WHEN c.status = 'finalized' THEN c.redeem_minor - c.unbacked_minor ELSE 0 END
$$;

-- All comparisons of this room.
CREATE OR REPLACE FUNCTION checks.verify(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT * FROM checks.verify_postings(of_business)
  UNION ALL SELECT * FROM checks.verify_lines(of_business)
  UNION ALL SELECT * FROM checks.verify_holds(of_business)
  UNION ALL SELECT * FROM checks.verify_refunds(of_business)
  UNION ALL SELECT * FROM checks.verify_credits(of_business)
  UNION ALL SELECT * FROM checks.verify_answers(of_business)
  UNION ALL SELECT * FROM checks.verify_imports(of_business)
$$;
