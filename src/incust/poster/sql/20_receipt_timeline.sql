-- What happened to one receipt, newest first, at most `rows` events behind the place (`before_at`, `before_rank`, `before_number`) of
-- the list; NULL for its beginning. For readers: the panel's page of one receipt.
--
-- `of_check` is our check, `of_receipt` the row of Poster's receipt; either may be NULL. Events of one instant stand in the order in
-- which one leads to the other (`rank`), then by number. `facts` are the members of the sentence, see poster/receipt_timeline.py.
CREATE OR REPLACE FUNCTION poster.receipt_timeline(
  of_business bigint, of_check bigint, of_receipt bigint, at_time timestamptz,
  before_at timestamptz, before_rank integer, before_number bigint, rows integer
) RETURNS TABLE (at timestamptz, rank integer, number bigint, kind text, facts jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  WITH c AS MATERIALIZED (
    SELECT c.* FROM checks.check c WHERE c.business_id = of_business AND c.id = of_check
  ), r AS MATERIALIZED (
    SELECT r.* FROM poster.receipt r WHERE r.business_id = of_business AND r.id = of_receipt
  ), refund AS MATERIALIZED (
    SELECT f.* FROM checks.refund f WHERE f.business_id = of_business AND f.check_id = of_check
  ), hold AS MATERIALIZED (
    SELECT h.* FROM ledger.hold h
    WHERE h.business_id = of_business AND h.cause_kind = 'check' AND h.cause_id = of_check
  ), hook AS MATERIALIZED (
    SELECT w.* FROM poster.webhook_event w
    WHERE w.business_id = of_business AND w.object = 'transaction'
      AND w.object_id = coalesce((SELECT r.transaction_id FROM r), (SELECT nullif(c.transaction_id, '') FROM c))
      AND w.account = (SELECT a.name FROM businesses.till_account a WHERE a.business_id = of_business
        AND a.id = coalesce((SELECT r.till_account_id FROM r), (SELECT c.till_account_id FROM c)))
  ), posting AS MATERIALIZED (
    SELECT p.* FROM ledger.posting p
    WHERE p.business_id = of_business AND p.kind = 'check' AND p.cause_id = of_check
    UNION ALL
    SELECT p.* FROM refund f
      JOIN ledger.posting p ON p.business_id = of_business AND p.kind = 'refund' AND p.cause_id = f.id
  ), entry AS MATERIALIZED (
    SELECT e.account_id, e.account_version, e.amount_minor, e.balance_after_minor, p.kind, p.recorded_at, l.id AS lot_id,
        l.expires_on
      FROM posting p
      JOIN ledger.entry e ON e.posting_id = p.id AND e.business_id = p.business_id AND e.account_id IS NOT NULL
      LEFT JOIN ledger.lot l ON l.business_id = e.business_id AND l.account_id = e.account_id
        AND l.account_version = e.account_version
  ), message AS MATERIALIZED (
    SELECT m.* FROM c
      LEFT JOIN customers.confirmation_code o ON o.business_id = of_business AND o.customer_id = c.customer_id
        AND o.external_id = c.external_id
      JOIN messaging.message m ON m.business_id = of_business AND m.customer_id = c.customer_id
      WHERE m.check_id = of_check
        OR m.topic = 'confirmation-code' AND starts_with(m.dedup_key, 'confirmation-code:' || o.id || ':')
  ), event (at, rank, number, kind, facts) AS (
    SELECT i.happened_at, 10, i.id, 'identified',
        jsonb_build_object('by', i.kind, 'strength', i.strength, 'terminal', t.name)
      FROM c JOIN customers.identification i ON i.business_id = of_business AND i.id = c.identification_id
      LEFT JOIN businesses.terminal t ON t.business_id = of_business AND t.id = i.terminal_id
    UNION ALL
    SELECT o.consumed_at, 15, o.id, 'confirmed', jsonb_build_object('amount_minor', o.amount_minor)
      FROM c JOIN customers.confirmation_code o ON o.business_id = of_business AND o.customer_id = c.customer_id
        AND o.external_id = c.external_id AND o.consumed_at IS NOT NULL
    UNION ALL
    SELECT h.taken_at, 20, h.id, 'reserved', jsonb_build_object('amount_minor', h.amount_minor, 'expires_at', h.expires_at)
      FROM hold h
    UNION ALL
    SELECT c.reserved_at, 20, c.id, 'reserved-nothing', '{}'
      FROM c WHERE c.reserved_at IS NOT NULL AND NOT EXISTS (SELECT FROM hold h WHERE h.taken_at = c.reserved_at)
    UNION ALL
    SELECT coalesce(h.resolved_at, h.expires_at), 30, h.id,
        CASE WHEN h.resolution = 'released' THEN 'hold-released' ELSE 'hold-lapsed' END,
        jsonb_build_object('amount_minor', h.amount_minor)
      FROM hold h
      WHERE h.resolution IN ('released', 'expired') OR h.resolution IS NULL AND h.expires_at <= at_time
    UNION ALL
    -- A register that was offline tells it later.
    SELECT c.closed_at, 40, c.id, 'closed', jsonb_build_object('total_minor', c.total_minor)
      FROM c WHERE c.finalized_at - c.closed_at >= interval '1 minute'
    UNION ALL
    SELECT c.finalized_at, 50, c.id, c.status, jsonb_build_object('terminal', t.name, 'salesperson', c.salesperson_name,
        'total_minor', c.total_minor, 'redeemed_minor', c.redeem_minor, 'earned_minor', c.earned_minor,
        'unbacked_minor', c.unbacked_minor, 'by_comparison', EXISTS (
          SELECT FROM r WHERE r.verdict = 'accrued' OR r.looks @> '[{"verdict": "accrued"}]'))
      FROM c LEFT JOIN businesses.terminal t ON t.business_id = of_business AND t.id = c.terminal_id
      WHERE c.finalized_at IS NOT NULL
    UNION ALL
    SELECT f.recorded_at, 55, f.id, 'refunded', jsonb_build_object('terminal', t.name, 'salesperson', f.salesperson_name,
        'whole', f.whole, 'returned_minor', f.returned_minor, 'returned_unbacked_minor', f.returned_unbacked_minor,
        'taken_back_minor', f.taken_back_minor, 'absorbed_minor', f.absorbed_minor, 'expired_minor', f.expired_minor,
        -- A register names who gave the money back.
        'by_comparison', f.salesperson_external_id = '' AND EXISTS (
          SELECT FROM r WHERE r.verdict IN ('corrected', 'reversed')
            OR r.looks @> '[{"verdict": "corrected"}]' OR r.looks @> '[{"verdict": "reversed"}]'))
      FROM refund f LEFT JOIN businesses.terminal t ON t.business_id = of_business AND t.id = f.terminal_id
    UNION ALL
    SELECT e.recorded_at, 60, e.account_version, 'posted-' || e.kind, jsonb_build_object('amount_minor', e.amount_minor,
        'balance_minor', e.balance_after_minor, 'expires_on', e.expires_on)
      FROM entry e
    UNION ALL
    -- What this receipt gave, and nobody spent in time.
    SELECT p.recorded_at, 61, x.account_version, 'posted-expiry', jsonb_build_object('amount_minor', -s.amount_minor,
        'balance_minor', x.balance_after_minor)
      FROM entry e
      JOIN ledger.lot_spend s ON s.business_id = of_business AND s.lot_id = e.lot_id
      JOIN ledger.entry x ON x.account_id = s.account_id AND x.account_version = s.account_version
      JOIN ledger.posting p ON p.business_id = of_business AND p.id = x.posting_id AND p.kind = 'expiry'
    UNION ALL
    SELECT w.received_at, 70, w.id, 'webhook-received', jsonb_build_object('action', w.action) FROM hook w
    UNION ALL
    SELECT w.processed_at, 71, w.id, 'webhook-processed', jsonb_build_object('action', w.action, 'tries', w.tries)
      FROM hook w WHERE w.processed_at > w.received_at
    UNION ALL
    SELECT coalesce(w.failed_at, w.received_at), 72, w.id,
        CASE WHEN w.failed_at IS NULL THEN 'webhook-retried'
          WHEN w.fault->>'code' = 'poster-token-refused' THEN 'webhook-kept' ELSE 'webhook-failed' END,
        jsonb_build_object('action', w.action, 'tries', w.tries, 'why', w.fault)
      FROM hook w WHERE w.processed_at IS NULL AND (w.failed_at IS NOT NULL OR w.tries > 0)
    UNION ALL
    SELECT (l.look->>'at')::timestamptz, 80, l.position, 'compared', l.look - 'at'
      FROM r CROSS JOIN LATERAL jsonb_array_elements(r.looks) WITH ORDINALITY AS l (look, position)
    UNION ALL
    SELECT r.looked_at, 80, 0, 'compared', jsonb_build_object('verdict', r.verdict, 'why', r.why)
      FROM r WHERE r.looks = '[]' AND r.looked_at IS NOT NULL
    UNION ALL
    SELECT r.failing_since, 81, 0, 'compare-failed', jsonb_build_object('why', r.why)
      FROM r WHERE r.failing_since IS NOT NULL
    UNION ALL
    SELECT m.created_at, 90, m.id, 'message-queued', jsonb_build_object('topic', m.topic) FROM message m
    UNION ALL
    SELECT m.changed_at, 91, m.id, 'message-' || CASE m.state WHEN 'queued' THEN 'retried' ELSE m.state END, jsonb_build_object('topic', m.topic, 'channel', m.channel,
        'address', m.masked_address, 'attempts', m.attempts)
      FROM message m WHERE m.attempts > 0 OR m.state <> 'queued'
    UNION ALL
    -- By hand, since the receipt was posted: without them the balances would not add up.
    SELECT p.recorded_at, 95, x.account_version, 'posted-' || p.kind, jsonb_build_object('amount_minor', x.amount_minor,
        'balance_minor', x.balance_after_minor, 'reason', p.reason, 'actor', p.actor)
      FROM (SELECT e.account_id, min(e.account_version) AS since FROM entry e GROUP BY e.account_id) own
      JOIN ledger.entry x ON x.business_id = of_business AND x.account_id = own.account_id AND x.account_version > own.since
      JOIN ledger.posting p ON p.business_id = of_business AND p.id = x.posting_id AND p.kind IN ('correction', 'gift')
  )
  SELECT e.at, e.rank, e.number, e.kind, e.facts FROM event e
  WHERE before_at IS NULL OR (e.at, e.rank, e.number) < (before_at, before_rank, before_number)
  ORDER BY e.at DESC, e.rank DESC, e.number DESC LIMIT rows
$$;
