-- Who calls? Finds the terminal of a request before its business is known, and binds the transaction to that business.
-- Runs as the look-up role; returns nothing of any other business. `caller`:
--   {"door": "poster", "account", "spot", "tablet", "application"}  (signed with the secret of that application),
--     "number"  (of the account, which Poster tells but does not sign: it lets nobody in, and keeps out the register of an
--     account that took over the name of another one)
--   {"door": "key", "key_hash": hex of SHA-256}
-- `till_account_id` and `spot` say where the terminal's receipts belong at the till's maker. They are the same whichever
-- door its till came through, so that a receipt reported at both is one; NULL for a terminal without integration.
DROP FUNCTION IF EXISTS businesses.resolve_terminal(jsonb);
CREATE OR REPLACE FUNCTION businesses.resolve_terminal(
  caller jsonb,
  OUT business_id bigint, OUT terminal_id bigint, OUT point_of_sale_id bigint, OUT currency text, OUT language text,
  OUT till_account_id bigint, OUT spot text
)
-- The look-up role's policies cost more for each row than the planner thinks; it would read all rows of a small table.
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
  found_terminal record;
  is_connected boolean;
  installed_application text;
  bound text;
BEGIN
  IF caller->>'door' = 'poster' THEN
    SELECT a.id, a.connected, a.application_id INTO till_account_id, is_connected, installed_application
      FROM businesses.till_account a
      WHERE a.system = 'poster' AND a.name = caller->>'account'
        AND (a.number = '' OR coalesce(caller->>'number', '') IN ('', a.number))
      ORDER BY a.connected DESC LIMIT 1;
    -- Another application of ours has a secret of its own, which its owner knows: it opens its own accounts only.
    IF till_account_id IS NULL OR NOT is_connected
        OR installed_application IS DISTINCT FROM caller->>'application' THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'account-disconnected';
    END IF;
    SELECT t.id, t.business_id, t.point_of_sale_id, t.currency, t.language, t.enabled, t.use_poster,
        t.poster_account_id, t.poster_location_id
      INTO found_terminal FROM businesses.terminal t
      WHERE t.use_poster AND t.poster_account_id = till_account_id
        AND t.poster_location_id = caller->>'spot' AND t.poster_register_id = caller->>'tablet';
    IF found_terminal.id IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'register-unknown';
    END IF;
  ELSE
    SELECT t.id, t.business_id, t.point_of_sale_id, t.currency, t.language, t.enabled, t.use_poster,
        t.poster_account_id, t.poster_location_id
      INTO found_terminal FROM businesses.terminal_key k
      JOIN businesses.terminal t ON t.business_id = k.business_id AND t.id = k.terminal_id
      WHERE k.key_hash = decode(caller->>'key_hash', 'hex') AND k.revoked_at IS NULL;
    IF found_terminal.id IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'key-unknown';
    END IF;
  END IF;
  IF NOT found_terminal.enabled THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000', MESSAGE = 'terminal-off';
  END IF;
  business_id := found_terminal.business_id;
  terminal_id := found_terminal.id;
  point_of_sale_id := found_terminal.point_of_sale_id;
  currency := found_terminal.currency;
  language := found_terminal.language;
  IF found_terminal.use_poster THEN
    till_account_id := found_terminal.poster_account_id;
    spot := found_terminal.poster_location_id;
  END IF;
  -- An assignment, where PERFORM would run a query.
  bound := set_config('incust.business_id', business_id::text, true);
END $$;
ALTER FUNCTION businesses.resolve_terminal(jsonb) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION businesses.resolve_terminal(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION businesses.resolve_terminal(jsonb) TO incust_app, incust_owner;
