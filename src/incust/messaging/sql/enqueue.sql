-- The outbox's entrance: work for after the transaction. Plain insert, no NOTIFY: this stands on the till's path.
-- The transaction must be bound to `business_id`; row-level security refuses any other.
CREATE OR REPLACE FUNCTION messaging.enqueue(business_id bigint, topic text, payload jsonb) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO messaging.outbox (business_id, topic, payload)
  VALUES (enqueue.business_id, enqueue.topic, enqueue.payload) RETURNING id
$$;
REVOKE ALL ON FUNCTION messaging.enqueue(bigint, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messaging.enqueue(bigint, text, jsonb) TO incust_app, incust_ledger, incust_lookup;
