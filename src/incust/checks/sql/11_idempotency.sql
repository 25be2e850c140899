-- The stored answer to a request that this terminal has made before; NULL for a new one. The same key with other input, of
-- whatever operation, raises `idempotency-mismatch`.
DROP FUNCTION IF EXISTS checks.stored_answer(bigint, text, text);
CREATE OR REPLACE FUNCTION checks.stored_answer(of_business bigint, of_terminal bigint, by_key text, with_input_hash text)
RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  stored_hash text;
  stored jsonb;
BEGIN
  SELECT encode(k.input_hash, 'hex'), k.answer INTO stored_hash, stored FROM customers.stored_answer k
    WHERE k.business_id = of_business AND k.terminal_id = of_terminal AND k.key = by_key;
  IF stored_hash <> with_input_hash THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'idempotency-mismatch';
  END IF;
  RETURN stored;
END $$;

-- Keeps the answer under the request's key, in the transaction of the effect, and returns it. Who loses a race of equal keys
-- starts over (serialization failure) and then finds the winner's answer.
DROP FUNCTION IF EXISTS checks.store_answer(bigint, bigint, text, text, text, jsonb, timestamptz);
DROP FUNCTION IF EXISTS checks.store_answer(bigint, bigint, text, text, jsonb, timestamptz);
CREATE OR REPLACE FUNCTION checks.store_answer(
  of_business bigint, of_terminal bigint, by_key text, with_input_hash text, the_answer jsonb, at_time timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO customers.stored_answer (business_id, terminal_id, key, input_hash, answer, created_at)
    VALUES (of_business, of_terminal, by_key, decode(with_input_hash, 'hex'), the_answer, at_time)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another request with the key % was quicker', by_key USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN the_answer;
END $$;

-- Forgets old keys. The receipts' own keys stay, so nothing can be posted again.
CREATE OR REPLACE FUNCTION checks.prune_idempotency_keys(older_than timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  pruned bigint;
BEGIN
  DELETE FROM customers.stored_answer k WHERE k.created_at < older_than;
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END $$;
ALTER FUNCTION checks.prune_idempotency_keys(timestamptz) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION checks.prune_idempotency_keys(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION checks.prune_idempotency_keys(timestamptz) TO incust_app, incust_owner;
