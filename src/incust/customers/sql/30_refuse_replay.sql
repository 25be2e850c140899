-- A signed request that reads is answered once: raises `replayed-request` for a number that this terminal has used.
-- Else true, for an assignment: PERFORM would run a query. Numbers are kept a little longer than a signature is good for
-- (five minutes either way).
DROP FUNCTION IF EXISTS customers.refuse_replay(bigint, bigint, text, timestamptz);
CREATE FUNCTION customers.refuse_replay(
  of_business bigint, of_terminal bigint, request_id text, at_time timestamptz
) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Every sixteenth request forgets what is older: its number, which is random, says whether.
  IF right(request_id, 1) = '0' THEN
    DELETE FROM customers.read_request r
      WHERE r.business_id = of_business AND r.terminal_id = of_terminal AND r.seen_at < at_time - interval '15 minutes';
  END IF;
  INSERT INTO customers.read_request VALUES (of_business, of_terminal, refuse_replay.request_id, at_time)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'replayed-request';
  END IF;
  RETURN true;
END $$;
