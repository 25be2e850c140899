-- Recognises a guest at a till, all in one call: resolves the terminal, refuses a replay, keeps the guess limit, finds
-- the customer by the first candidate that leads to one, and reads his balance.
--
-- `candidates`: see customers.find_by(), in the order in which they are to be tried. `offer`: how to register the guest
-- if nobody is found ({"kind", "normalized"}), or NULL where an unusable code is not to be told from an unknown one.
-- `ask`: candidates, offer, now; read_id for a signed request.
--
-- Problems that leave something behind (the count of guesses) come back as {"problem": code, members}: raising them here
-- would roll the count back.
DROP FUNCTION IF EXISTS customers.identify(jsonb, jsonb, jsonb, text, timestamptz);
CREATE OR REPLACE FUNCTION customers.identify(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  candidates jsonb := ask->'candidates';
  offer jsonb := nullif(ask->'offer', 'null');
  at_terminal record;
  candidate jsonb;
  found_customer bigint;
  guessed text;
  wait_s integer;
  is_new boolean;
  -- A guest attached by Poster's own means is reported as such, whatever of his data led to him.
  from_poster boolean := candidates @> '[{"kind": "poster_client"}]';
BEGIN
  at_terminal := businesses.resolve_terminal(caller);
  IF ask ? 'read_id' THEN
    is_new := customers.refuse_replay(at_terminal.business_id, at_terminal.terminal_id, ask->>'read_id', at_time);
  END IF;
  -- By position, because each step is an expression and no query.
  FOR position IN 0 .. jsonb_array_length(candidates) - 1 LOOP
    candidate := candidates->position;
    IF candidate->>'kind' IN ('qr', 'temporary_code', 'card') THEN
      guessed := CASE candidate->>'kind' WHEN 'card' THEN 'card' ELSE 'code' END;
      wait_s := customers.guess_wait(at_terminal.business_id, at_terminal.terminal_id, guessed, at_time);
      CONTINUE WHEN wait_s > 0;
    END IF;
    found_customer := customers.find_by(at_terminal.business_id, at_terminal.till_account_id, candidate, at_time);
    EXIT WHEN found_customer IS NOT NULL;
  END LOOP;

  IF found_customer IS NOT NULL THEN
    IF from_poster AND candidate->>'kind' <> 'poster_client' THEN
      PERFORM customers.link_poster_client(at_terminal.business_id, found_customer, at_terminal.till_account_id,
        (SELECT (c->>'value')::bigint FROM jsonb_array_elements(candidates) c WHERE c->>'kind' = 'poster_client'), at_time);
    END IF;
    RETURN customers.note_identification(
      at_terminal.business_id, found_customer, at_terminal.terminal_id, at_terminal.till_account_id, at_terminal.currency,
      CASE WHEN from_poster THEN 'poster_client' ELSE candidate->>'kind' END, at_time);
  END IF;
  IF wait_s = 0 THEN
    PERFORM customers.note_wrong_guess(at_terminal.business_id, at_terminal.terminal_id, guessed, at_time);
  END IF;
  IF offer IS NOT NULL THEN
    RETURN jsonb_build_object('problem', 'customer-unknown') || offer;
  END IF;
  IF wait_s > 0 THEN
    RETURN jsonb_build_object('problem', 'too-many-guesses', 'retry_after_s', wait_s);
  END IF;
  RETURN jsonb_build_object('problem', 'identifier-unusable');
END $$;
