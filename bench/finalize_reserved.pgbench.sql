-- What finalize of a reserved check writes, as a good hand would write it: no look-up of the till, no engine, no stored
-- request compared. Variables: business, terminal_first (of eight tills), first (order of client 0), per_client.
\set order :first + :client_id * :per_client + :n
\set n :n + 1
\set terminal :terminal_first + :order % 8
BEGIN;
SELECT set_config('incust.business_id', :business::text, true);
SELECT id AS check_id, customer_id, hold_id, terminal_id FROM checks.check
  WHERE business_id = :business AND till_account_id IS NULL AND terminal_id = :terminal AND external_id = :order::text
  FOR NO KEY UPDATE \gset
SELECT id AS account_id, version, balance_minor AS balance, held_minor AS held FROM ledger.account
  WHERE business_id = :business AND customer_id = :customer_id AND unit = :unit FOR NO KEY UPDATE \gset
UPDATE ledger.hold SET resolution = 'captured', resolved_at = now(), captured_minor = amount_minor WHERE id = :hold_id;
INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
  VALUES (:business, :unit, 'check', :check_id, 'terminal:1', now(), now()) RETURNING id AS posting_id \gset
INSERT INTO ledger.entry
    (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
  VALUES
    (:business, :posting_id, :unit, :account_id, NULL, -4000, :version + 1, :balance - 4000),
    (:business, :posting_id, :unit, NULL, 'redeemed', 4000, NULL, NULL),
    (:business, :posting_id, :unit, NULL, 'issued', -250, NULL, NULL),
    (:business, :posting_id, :unit, :account_id, NULL, 250, :version + 2, :balance - 3750);
UPDATE ledger.account SET version = :version + 2, balance_minor = :balance - 3750, held_minor = :held - 4000
  WHERE id = :account_id;
UPDATE checks.check SET status = 'finalized', earned_minor = 250, fingerprint = md5(:order::text) || md5('f'),
    answer = '{"status": "finalized", "redeemed_minor": 4000, "earned_minor": 250, "unbacked_minor": 0}',
    payment = '{"cash_minor": 5000, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0}',
    closed_at = now(), finalized_at = now()
  WHERE business_id = :business AND id = :check_id;
INSERT INTO checks.check_line (business_id, check_id, line_id, product_id, quantity, amount_minor, discountable, promotion,
    redeemed_minor, earned_minor)
  VALUES (:business, :check_id, '0', '12', 2, 6000, true, false, 2667, 167),
    (:business, :check_id, '1', '31', 1, 3000, true, false, 1333, 83);
INSERT INTO messaging.outbox (business_id, topic, payload) VALUES (:business, 'check-finalized',
  '{"check_id": 1, "customer_id": 1, "currency": "UAH", "status": "finalized", "redeemed_minor": 4000,
    "earned_minor": 250, "unbacked_minor": 0, "balance_minor": 8250, "closed_at": "2026-09-01T12:00:00+00:00"}');
INSERT INTO customers.stored_answer (business_id, terminal_id, key, input_hash, answer, created_at)
  VALUES (:business, :terminal_id, 'baseline-' || :order, decode(md5(:order::text) || md5('i'), 'hex'),
    '{"status": "finalized", "redeemed_minor": 4000, "earned_minor": 250, "unbacked_minor": 0}', now());
COMMIT;
