-- Once per visit, see plan.sql.

INSERT INTO ledger.posting (id, business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
  SELECT p.number, p.business_id, 'bonus:UAH', 'check', p.number, 'terminal:' || p.terminal_id_first + p.terminal,
    p.closed_at, p.closed_at
  FROM bench.paid p;

INSERT INTO ledger.entry
    (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
  SELECT p.business_id, p.number, 'bonus:UAH', leg.account_id, leg.system_account, leg.amount_minor, leg.version, leg.balance
  FROM bench.paid p
  CROSS JOIN LATERAL (VALUES
    (p.guest, NULL, -p.redeemed_minor, p.version_before + 1, p.balance_before_minor - p.redeemed_minor),
    (NULL, 'redeemed', p.redeemed_minor, NULL, NULL),
    (NULL, 'issued', -p.earned_minor, NULL, NULL),
    (p.guest, NULL, p.earned_minor, p.version_before + 1 + (p.redeemed_minor > 0)::integer, p.balance_after_minor)
  ) AS leg (account_id, system_account, amount_minor, version, balance)
  WHERE leg.amount_minor <> 0;

INSERT INTO ledger.hold (id, business_id, account_id, cause_kind, cause_id, amount_minor, taken_at, expires_at, resolution,
    resolved_at, captured_minor)
  SELECT p.number, p.business_id, p.guest, 'check', p.number, p.redeemed_minor, p.closed_at - interval '2 minutes',
    p.closed_at + interval '28 minutes', 'captured', p.closed_at, p.redeemed_minor
  FROM bench.paid p WHERE p.redeemed_minor > 0;

INSERT INTO ledger.lot (id, business_id, account_id, account_version, amount_minor, remaining_minor, expires_on, expires_at)
  SELECT p.number, p.business_id, p.guest, p.version_before + 1 + (p.redeemed_minor > 0)::integer, p.earned_minor,
    p.left_minor, d.last_day, (d.last_day + 1)::timestamp AT TIME ZONE 'Europe/Kyiv'
  FROM bench.paid p
  CROSS JOIN LATERAL (SELECT (p.closed_at AT TIME ZONE 'Europe/Kyiv')::date + 365 AS last_day) d;

INSERT INTO ledger.lot_spend (business_id, lot_id, account_id, account_version, amount_minor)
  SELECT p.business_id, (taken.visit - 1) * p.guests + p.guest, p.guest, p.version_before + 1, taken.amount_minor
  FROM bench.paid p
  CROSS JOIN LATERAL unnest(p.taken_minor) WITH ORDINALITY AS taken (amount_minor, visit)
  WHERE taken.amount_minor > 0;
