-- Comparisons of refunds: with the totals of their checks, with what is returned of the lines, and with the ledger. No rows:
-- all is well. `subject` is the number of the check; of `no-refund`, that of the posting.
CREATE OR REPLACE FUNCTION checks.verify_refunds(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET enable_nestloop = off
AS $$
  WITH refunded AS MATERIALIZED (
    SELECT r.check_id, sum(r.returned_minor)::bigint AS returned_minor,
      sum(r.returned_unbacked_minor)::bigint AS returned_unbacked_minor,
      sum(r.taken_back_minor)::bigint AS taken_back_minor, sum(r.absorbed_minor)::bigint AS absorbed_minor,
      sum(r.expired_minor)::bigint AS expired_minor
    FROM checks.refund r WHERE r.business_id = of_business GROUP BY r.check_id
  ), receipt AS MATERIALIZED (
    SELECT c.id, c.customer_id, c.redeem_minor, c.earned_minor, c.returned_minor, c.returned_unbacked_minor, c.taken_back_minor,
      c.absorbed_minor, c.expired_minor, c.returned_whole
    FROM checks.check c
    WHERE c.business_id = of_business AND (
      (c.returned_whole, c.returned_minor, c.returned_unbacked_minor, c.taken_back_minor, c.absorbed_minor, c.expired_minor)
        <> (false, 0, 0, 0, 0, 0)
      OR c.id IN (SELECT f.check_id FROM refunded f))
  ), line AS MATERIALIZED (
    SELECT l.check_id, sum(checks.share_back(l.redeemed_minor, l.returned_quantity, l.quantity))::bigint AS redeemed_minor,
      sum(checks.share_back(l.earned_minor, l.returned_quantity, l.quantity))::bigint AS earned_minor
    FROM checks.check_line l WHERE l.business_id = of_business AND l.returned_quantity <> 0 GROUP BY l.check_id
  ), posted AS MATERIALIZED (
    SELECT p.id, p.cause_id, min(e.account_id) AS account_id, max(e.account_id) AS other_account_id,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'redeemed'), 0)::bigint AS redeemed_minor,
      coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'unbacked'), 0)::bigint AS unbacked_minor,
      coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'issued'), 0)::bigint AS issued_minor
    FROM ledger.posting p JOIN ledger.entry e ON e.business_id = of_business AND e.posting_id = p.id
    WHERE p.business_id = of_business AND p.kind = 'refund' GROUP BY p.id, p.cause_id
  ), compared AS MATERIALIZED (
    SELECT p.id AS posting_id, r.check_id, r.returned_minor, r.returned_unbacked_minor, r.taken_back_minor, p.account_id,
      p.other_account_id, coalesce(p.redeemed_minor, 0) AS redeemed_minor, coalesce(p.unbacked_minor, 0) AS unbacked_minor,
      coalesce(p.issued_minor, 0) AS issued_minor
    FROM (SELECT * FROM checks.refund WHERE business_id = of_business) r FULL JOIN posted p ON p.cause_id = r.id
  )
  SELECT total.fault, c.id, total.expected, total.found
    FROM receipt c LEFT JOIN refunded f ON f.check_id = c.id CROSS JOIN LATERAL (VALUES
      ('refunds-returned', coalesce(f.returned_minor, 0), c.returned_minor),
      ('refunds-unbacked', coalesce(f.returned_unbacked_minor, 0), c.returned_unbacked_minor),
      ('refunds-taken-back', coalesce(f.taken_back_minor, 0), c.taken_back_minor),
      ('refunds-absorbed', coalesce(f.absorbed_minor, 0), c.absorbed_minor),
      ('refunds-expired', coalesce(f.expired_minor, 0), c.expired_minor)
    ) AS total (fault, expected, found)
    WHERE total.expected <> total.found
  UNION ALL
  SELECT share.fault, share.check_id, share.expected, share.found
    FROM (SELECT coalesce(c.id, l.check_id) AS check_id, c.*, l.redeemed_minor AS line_redeemed_minor,
            l.earned_minor AS line_earned_minor FROM receipt c FULL JOIN line l ON l.check_id = c.id) c
    CROSS JOIN LATERAL (VALUES
      ('returned-redeemed', c.check_id, CASE WHEN c.returned_whole THEN c.redeem_minor ELSE coalesce(c.line_redeemed_minor, 0) END,
        coalesce(c.returned_minor + c.returned_unbacked_minor, 0)),
      ('returned-earned', c.check_id, CASE WHEN c.returned_whole THEN c.earned_minor ELSE coalesce(c.line_earned_minor, 0) END,
        coalesce(c.taken_back_minor + c.absorbed_minor + c.expired_minor, 0))
    ) AS share (fault, check_id, expected, found)
    WHERE share.expected <> share.found
  UNION ALL
  SELECT leg.fault, r.check_id, leg.expected, leg.found
    FROM compared r CROSS JOIN LATERAL (VALUES
      ('refund-redeemed', r.returned_minor + r.returned_unbacked_minor, r.redeemed_minor),
      ('refund-unbacked', r.returned_unbacked_minor, r.unbacked_minor),
      ('refund-taken-back', r.taken_back_minor, r.issued_minor)
    ) AS leg (fault, expected, found)
    WHERE r.check_id IS NOT NULL AND leg.expected <> leg.found
  UNION ALL
  SELECT 'refund-of-another-customer', r.check_id, c.customer_id, a.customer_id
    FROM compared r JOIN receipt c ON c.id = r.check_id
    JOIN ledger.account a ON a.business_id = of_business AND a.id = r.account_id
    WHERE a.customer_id <> c.customer_id OR r.account_id <> r.other_account_id
  UNION ALL
  SELECT 'no-refund', r.posting_id, NULL, NULL FROM compared r WHERE r.check_id IS NULL
$$;
