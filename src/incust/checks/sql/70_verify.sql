-- Every final check has its entries, and every posting of a check its check, within the business that the transaction is
-- bound to. No rows: all is well. `subject` is the number of the check.
CREATE OR REPLACE FUNCTION checks.verify(of_business bigint)
RETURNS TABLE (fault text, subject bigint, expected bigint, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  WITH posted AS (
    SELECT p.cause_id,
      coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'redeemed'), 0)::bigint AS redeemed_minor,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'issued'), 0)::bigint AS earned_minor,
      -coalesce(sum(e.amount_minor) FILTER (WHERE e.system_account = 'unbacked'), 0)::bigint AS unbacked_minor
    FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id
    WHERE p.business_id = of_business AND p.kind = 'check' GROUP BY p.cause_id
  ), final AS (
    SELECT c.id, c.redeem_minor, c.earned_minor, c.unbacked_minor FROM checks.check c
    WHERE c.business_id = of_business AND c.finalized_at IS NOT NULL
  )
  SELECT difference.fault, c.id, difference.expected, difference.found
    FROM final c LEFT JOIN posted p ON p.cause_id = c.id
    CROSS JOIN LATERAL (VALUES
      ('redeemed by the check', c.redeem_minor, coalesce(p.redeemed_minor, 0)),
      ('earned by the check', c.earned_minor, coalesce(p.earned_minor, 0)),
      ('unbacked of the check', c.unbacked_minor, coalesce(p.unbacked_minor, 0))
    ) AS difference (fault, expected, found)
    WHERE difference.expected <> difference.found
  UNION ALL
  SELECT 'posting without a check', p.cause_id, 0, 1 FROM posted p
    WHERE NOT EXISTS (SELECT FROM final c WHERE c.id = p.cause_id)
$$;
