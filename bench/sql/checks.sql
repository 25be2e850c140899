-- Once per visit, see plan.sql.

INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, till_account_id, spot, external_id, transaction_id,
    status, customer_id, currency, total_minor, service_minor, content_hash, program_version_id, evaluated_at, outcome,
    redeem_minor, earned_minor, hold_id, hold_expires_at, fingerprint, answer, payment, salesperson_external_id,
    salesperson_name, closed_at, reserved_at, finalized_at)
  SELECT p.number, p.business_id, p.terminal_id_first + p.terminal, p.place_id_first + p.terminal / p.terminals_of_place,
    p.till_account_id, (1 + p.terminal / p.terminals_of_place)::text, (1500000000000 + p.number)::text, '',
    'finalized', p.guest, 'UAH', p.total_minor, 0,
    encode(sha256(p.number::text::bytea), 'hex'), p.program_version_id, p.closed_at - interval '2 minutes', p.outcome,
    p.redeemed_minor, p.earned_minor,
    CASE WHEN p.redeemed_minor > 0 THEN p.number END, p.closed_at + interval '28 minutes',
    encode(sha256(('f' || p.number)::bytea), 'hex'),
    jsonb_build_object('check_id', p.number, 'status', 'finalized', 'redeemed_minor', p.redeemed_minor,
      'earned_minor', p.earned_minor, 'unbacked_minor', 0, 'balance_minor', p.balance_after_minor),
    jsonb_build_object('cash_minor', p.total_minor - p.redeemed_minor, 'card_minor', 0, 'other_minor', 0,
      'poster_bonus_minor', 0),
    '1', 'Iryna', p.closed_at, p.closed_at - interval '2 minutes', p.closed_at
  FROM bench.paid p;

INSERT INTO checks.check_line (business_id, check_id, line_id, product_id, quantity, amount_minor, discountable, promotion,
    redeemed_minor, earned_minor)
  SELECT p.business_id, p.number, line.id, line.product_id, 1, p.line_minor[line.position], true, false,
    p.line_redeemed_minor[line.position], p.line_earned_minor[line.position]
  FROM bench.paid p CROSS JOIN (VALUES ('0', '12', 1), ('1', '31', 2)) AS line (id, product_id, position);

-- Who was recognised lately. Older ones are pruned.
INSERT INTO customers.identification (business_id, customer_id, terminal_id, kind, strength, happened_at)
  SELECT p.business_id, p.guest, p.terminal_id_first + p.terminal, 'phone', 'weak', p.closed_at - interval '5 minutes'
  FROM bench.paid p WHERE p.visit = p.visits - 1;
