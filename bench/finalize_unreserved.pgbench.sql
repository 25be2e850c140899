-- What finalize of a check that was never reserved writes (accrual only), by hand. Variables as in the other script.
\set order :first + :client_id * :per_client + :n
\set n :n + 1
\set terminal :terminal_first + :order % 8
\set guest :account_first + :order % 2000
BEGIN;
SELECT set_config('incust.business_id', :business::text, true);
SELECT id AS account_id, customer_id, version, balance_minor AS balance FROM ledger.account
  WHERE business_id = :business AND id = :guest FOR NO KEY UPDATE \gset
SELECT nextval('checks.check_id_seq') AS check_id \gset
INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
  VALUES (:business, :unit, 'check', :check_id, 'terminal:1', now(), now()) RETURNING id AS posting_id \gset
INSERT INTO ledger.entry
    (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
  VALUES
    (:business, :posting_id, :unit, NULL, 'issued', -450, NULL, NULL),
    (:business, :posting_id, :unit, :account_id, NULL, 450, :version + 1, :balance + 450);
UPDATE ledger.account SET version = :version + 1, balance_minor = :balance + 450 WHERE id = :account_id;
INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, external_id, status, customer_id, currency,
    total_minor, service_minor, content_hash, program_version_id, evaluated_at, outcome, earned_minor, fingerprint, answer,
    payment, closed_at, finalized_at)
  VALUES (:check_id, :business, :terminal, :place, :order::text, 'finalized', :customer_id, 'UAH', 9000, 0,
    md5('c') || md5('c'), :version_id, now(),
    '{"format": 1, "credits": [{"rule_id": "earn", "amount_minor": 450, "lifetime_days": null}],
      "shares": [{"line_id": "0", "redeemed_minor": 0, "earned_minor": 300},
                 {"line_id": "1", "redeemed_minor": 0, "earned_minor": 150}],
      "trace": [{"rule_id": "earn", "fired": true, "line_ids": ["0", "1"], "base_minor": 9000, "amount_minor": 450}]}',
    450, md5(:order::text) || md5('f'),
    '{"status": "finalized", "redeemed_minor": 0, "earned_minor": 450, "unbacked_minor": 0}',
    '{"cash_minor": 9000, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0}', now(), now());
INSERT INTO checks.check_line (business_id, check_id, line_id, product_id, quantity, amount_minor, discountable, promotion,
    redeemed_minor, earned_minor)
  VALUES (:business, :check_id, '0', '12', 2, 6000, true, false, 0, 300),
    (:business, :check_id, '1', '31', 1, 3000, true, false, 0, 150);
INSERT INTO messaging.outbox (business_id, topic, payload) VALUES (:business, 'check-finalized',
  '{"check_id": 1, "customer_id": 1, "currency": "UAH", "status": "finalized", "redeemed_minor": 0,
    "earned_minor": 450, "unbacked_minor": 0, "balance_minor": 8250, "closed_at": "2026-09-01T12:00:00+00:00"}');
INSERT INTO customers.stored_answer (business_id, terminal_id, key, input_hash, answer, created_at)
  VALUES (:business, :terminal, 'baseline-' || :order, decode(md5(:order::text) || md5('i'), 'hex'),
    '{"status": "finalized", "redeemed_minor": 0, "earned_minor": 450, "unbacked_minor": 0}', now());
COMMIT;
