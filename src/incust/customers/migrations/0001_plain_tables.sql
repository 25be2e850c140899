-- Tables of the till's path that only functions touch.

-- Shown in the wallet, good for minutes, gone once used. The primary key makes a code unique among the live ones of its
-- business: a new code may take over the row of a lapsed one only.
CREATE TABLE customers.temporary_code (
  business_id bigint NOT NULL,
  code text NOT NULL,
  customer_id bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, code),
  CONSTRAINT temporary_code_one_each UNIQUE (business_id, customer_id),
  CONSTRAINT temporary_code_six_digits CHECK (code ~ '^[0-9]{6}$'),
  CONSTRAINT temporary_code_customer_same_business
    FOREIGN KEY (business_id, customer_id) REFERENCES customers.customer (business_id, id) ON DELETE CASCADE
);

-- When unusable codes were entered at a terminal lately: a sliding window, bounded by the limit itself.
CREATE TABLE customers.guess_window (
  business_id bigint NOT NULL,
  terminal_id bigint NOT NULL,
  failed_at timestamptz[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (business_id, terminal_id),
  CONSTRAINT guess_window_bounded CHECK (cardinality(failed_at) <= 10)
) WITH (fillfactor = 70);

-- Answers to requests that changed a customer, written in the transaction of the change; sealed, for they hold personal
-- data and links. May be pruned after a day.
CREATE TABLE customers.stored_answer (
  business_id bigint NOT NULL,
  terminal_id bigint NOT NULL,
  key text NOT NULL,
  input_hash bytea NOT NULL,
  answer_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, terminal_id, key),
  CONSTRAINT stored_answer_key_bounded CHECK (length(key) BETWEEN 1 AND 64)
);
CREATE INDEX stored_answer_age ON customers.stored_answer USING brin (created_at);

-- Requests that only read and were answered: the same signed request is not answered twice. Nothing is lost with it.
CREATE UNLOGGED TABLE customers.read_request (
  business_id bigint NOT NULL,
  terminal_id bigint NOT NULL,
  request_id text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, terminal_id, request_id)
);
CREATE INDEX read_request_seen ON customers.read_request USING brin (seen_at);

DO $$
DECLARE
  fenced text;
BEGIN
  FOREACH fenced IN ARRAY ARRAY['temporary_code', 'guess_window', 'stored_answer', 'read_request'] LOOP
    EXECUTE format('ALTER TABLE customers.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', fenced);
    EXECUTE format($policy$CREATE POLICY business ON customers.%I
      USING (business_id = nullif(current_setting('incust.business_id', true), '')::bigint)
      WITH CHECK (business_id = nullif(current_setting('incust.business_id', true), '')::bigint)$policy$, fenced);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON customers.%I TO incust_app', fenced);
  END LOOP;
END $$;
