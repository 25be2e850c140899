-- Businesses 1 and 2, alike: the numbers of each begin with its own. A guest (x001) who earned, redeemed and has points
-- held; one without an account (x002), one with points of which nothing was spent (x003), one whose account is empty
-- (x004), one whose points expired (x005), one who gets his account in a race (x006), two of whom one cause holds points
-- (x007, x008). A check that only earned (x501), one that redeemed at a register (x502) and was refunded in part, one that
-- is reserved (x503).
DO $$
DECLARE
  business bigint;
  base bigint;
  noon timestamptz := '2026-09-01 12:00+00';
BEGIN
  FOR business IN 1..2 LOOP
    base := business * 1000;
    INSERT INTO customers.customer (id, business_id, name, gender, language, status, category, created_at)
      SELECT base + n, business, 'Olena', '', 'en', 'full', '', noon FROM generate_series(1, 8) n;
    INSERT INTO ledger.account (id, business_id, customer_id, unit, version, balance_minor, held_minor, opened_at) VALUES
      (base + 101, business, base + 1, 'bonus:UAH', 2, 4000, 1000, noon),
      (base + 102, business, base + 3, 'bonus:UAH', 1, 100, 0, noon),
      (base + 103, business, base + 4, 'bonus:UAH', 0, 0, 0, noon),
      (base + 104, business, base + 5, 'bonus:UAH', 2, 0, 0, noon),
      (base + 105, business, base + 7, 'bonus:UAH', 0, 10, 10, noon),
      (base + 106, business, base + 8, 'bonus:UAH', 0, 10, 10, noon);
    INSERT INTO ledger.posting (id, business_id, unit, kind, cause_id, actor, happened_at, recorded_at) VALUES
      (base + 201, business, 'bonus:UAH', 'check', base + 501, 'terminal:1', noon, noon),
      (base + 202, business, 'bonus:UAH', 'check', base + 502, 'terminal:1', noon, noon),
      (base + 203, business, 'bonus:UAH', 'correction', 1, 'user:1', noon, noon),
      (base + 204, business, 'bonus:UAH', 'check', base + 504, 'terminal:1', noon, noon),
      (base + 205, business, 'bonus:UAH', 'expiry', NULL, 'job', noon, noon);
    INSERT INTO ledger.entry
      (id, business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
      VALUES
      (base + 301, business, base + 201, 'bonus:UAH', base + 101, NULL, 5000, 1, 5000),
      (base + 302, business, base + 201, 'bonus:UAH', NULL, 'issued', -5000, NULL, NULL),
      (base + 303, business, base + 202, 'bonus:UAH', base + 101, NULL, -1000, 2, 4000),
      (base + 304, business, base + 202, 'bonus:UAH', NULL, 'redeemed', 1000, NULL, NULL),
      (base + 305, business, base + 204, 'bonus:UAH', base + 104, NULL, 50, 1, 50),
      (base + 306, business, base + 204, 'bonus:UAH', NULL, 'issued', -50, NULL, NULL),
      (base + 307, business, base + 205, 'bonus:UAH', base + 104, NULL, -50, 2, 0),
      (base + 308, business, base + 205, 'bonus:UAH', NULL, 'expired', 50, NULL, NULL);
    INSERT INTO ledger.lot
      (id, business_id, account_id, account_version, amount_minor, remaining_minor, expires_on, expires_at) VALUES
      (base + 401, business, base + 101, 1, 3000, 2000, '2026-10-01', '2026-10-02 00:00+00'),
      (base + 402, business, base + 102, 1, 100, 100, '2026-10-01', '2026-10-02 00:00+00'),
      (base + 403, business, base + 104, 1, 50, 0, '2026-08-31', '2026-09-01 00:00+00');
    INSERT INTO ledger.lot_spend (id, business_id, lot_id, account_id, account_version, amount_minor)
      VALUES
      (base + 451, business, base + 401, base + 101, 2, 1000), (base + 452, business, base + 403, base + 104, 2, 50);
    INSERT INTO ledger.hold (id, business_id, account_id, cause_kind, cause_id, amount_minor, taken_at, expires_at,
      resolution, resolved_at, captured_minor) VALUES
      (base + 601, business, base + 101, 'check', base + 503, 1000, noon, noon + interval '30 minutes', NULL, NULL, 0),
      (base + 602, business, base + 101, 'check', base + 502, 1500, noon, noon + interval '30 minutes', 'captured', noon, 1000),
      (base + 603, business, base + 105, 'check', base + 506, 10, noon, noon + interval '30 minutes', NULL, NULL, 0),
      (base + 604, business, base + 106, 'check', base + 506, 10, noon, noon + interval '30 minutes', NULL, NULL, 0);
    INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, till_account_id, spot, external_id,
      transaction_id, status, customer_id, currency, total_minor, service_minor, content_hash, outcome, redeem_minor,
      earned_minor, fingerprint, answer, closed_at, finalized_at) VALUES
      (base + 501, business, base + 31, base + 21, NULL, NULL, '1', '', 'finalized', base + 1, 'UAH', 9000, 0, 'c', '{}',
        0, 5000, 'f', '{}', noon, noon),
      (base + 502, business, base + 32, base + 21, base + 41, '1', '2', 'T2', 'finalized', base + 1, 'UAH', 9000, 0, 'c',
        '{}', 1000, 0, 'f', '{}', noon, noon),
      (base + 503, business, base + 31, base + 21, NULL, NULL, '3', '', 'reserved', base + 1, 'UAH', 9000, 0, 'c', '{}',
        1000, 0, NULL, NULL, NULL, NULL);
    INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, external_id, status, customer_id, currency,
      total_minor, service_minor, content_hash, outcome, redeem_minor, unbacked_minor, earned_minor, returned_minor,
      returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor, returned_whole, fingerprint, answer,
      finalized_at)
      VALUES (base + 505, business, base + 31, base + 21, '5', 'finalized', base + 1, 'UAH', 9000, 0, 'c', '{}', 1000, 100,
        300, 900, 100, 100, 100, 100, true, 'f', '{}', noon);
    INSERT INTO checks.refund (id, business_id, check_id, number, terminal_id, actor, accomplished, lines, whole,
      returned_minor, returned_unbacked_minor, taken_back_minor, absorbed_minor, expired_minor, answer, refunded_at,
      recorded_at)
      VALUES (base + 801, business, base + 502, 1, base + 31, 'terminal:1', false, '[]', false, 500, 0, 0, 0, 0, '{}', noon,
        noon);
    UPDATE checks.check SET returned_minor = 500 WHERE id = base + 502;
    UPDATE checks.check SET hold_id = base + 601, hold_expires_at = noon + interval '30 minutes' WHERE id = base + 503;
    INSERT INTO checks.check_line (id, business_id, check_id, line_id, product_id, quantity, amount_minor, discountable,
      promotion, redeemed_minor, earned_minor, returned_quantity) VALUES
      (base + 701, business, base + 502, '0', '12', 2, 9000, true, false, 1000, 0, 1);
    INSERT INTO customers.stored_answer (business_id, terminal_id, key, input_hash, answer, created_at)
      VALUES (business, base + 31, 'request', '\x00', '{}', noon);
    INSERT INTO checks.verification (id, business_id, started_at, finished_at, differences, examples)
      VALUES (base + 901, business, noon, noon, 0, '[]');
    INSERT INTO checks.balance_import (id, business_id, source, customer_id, unit, amount_minor, imported_at)
      VALUES (base + 951, business, 'poster:1/7', base + 4, 'bonus:UAH', 100, noon);
    INSERT INTO customers.read_request VALUES (business, base + 31, 'read', noon);
    -- Recognised twice, once for a check, sent a code, and no more tries left within the hour. A terminal with a key, without its place.
    SET LOCAL session_replication_role = replica;
    INSERT INTO customers.identification (id, business_id, customer_id, terminal_id, kind, strength, happened_at)
      VALUES (base + 51, business, base + 1, base + 31, 'qr', 'strong', noon);
    INSERT INTO customers.identification (id, business_id, customer_id, terminal_id, kind, strength, happened_at, check_id)
      VALUES (base + 52, business, base + 1, base + 31, 'qr', 'strong', noon, 1501);
    INSERT INTO businesses.terminal (id, business_id, point_of_sale_id, name, currency, language, enabled, ask_at_pay,
      profile_display, use_poster, poster_application, poster_location_id, poster_register_id, poster_skip_customers,
      poster_always_show_benefits, poster_back_office_only, last_seen_version)
      VALUES (base + 31, business, base + 21, 'Bar', 'UAH', 'en', true, true, 'always', false, '', '', '', false, false,
        false, '');
    INSERT INTO businesses.terminal_key (business_id, terminal_id, key_hash, hint, created_at)
      VALUES (business, base + 31, decode('0' || business, 'hex'), 'key', noon);
    SET LOCAL session_replication_role = origin;
    INSERT INTO customers.confirmation_code
      (id, business_id, customer_id, external_id, amount_minor, code_hash, sent_at, expires_at, tries_left)
      VALUES (base + 61, business, base + 1, '1', 100, '\x00', noon, noon + interval '5 minutes', 5);
    INSERT INTO customers.confirmation_event (business_id, customer_id, terminal_id, kind, happened_at)
      SELECT business, base + 1, base + 31, 'wrong', noon FROM generate_series(1, 15);
  END LOOP;
END $$;
