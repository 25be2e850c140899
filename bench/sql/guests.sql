-- Once per guest.

INSERT INTO customers.customer (id, business_id, name, gender, language, status, category, created_at, created_at_terminal_id)
  SELECT n, s.business_id, 'Guest ' || n, '', '', 'full', '', s.now - interval '200 days', s.terminal_id_first
  FROM bench.setting s, generate_series(1, s.guests) n;

INSERT INTO customers.customer_identifier (business_id, customer_id, kind, value, added_at, verified_at)
  SELECT s.business_id, n, 'phone', '+380' || (500000000 + n), s.now - interval '200 days', s.now - interval '200 days'
  FROM bench.setting s, generate_series(1, s.guests) n;

INSERT INTO ledger.account (id, business_id, customer_id, unit, version, balance_minor, opened_at)
  SELECT n, s.business_id, n, 'bonus:UAH', v.version_before + 1 + (v.redeemed_minor > 0)::integer,
    v.balance_before_minor - v.redeemed_minor + v.earned_minor, s.now - interval '200 days'
  FROM bench.setting s
  CROSS JOIN LATERAL generate_series(1, s.guests) n
  JOIN bench.visit v ON v.story = n % s.stories
    AND v.visit = CASE WHEN n % 3 = 0 THEN s.visits - 1 ELSE s.visits - 2 END;
