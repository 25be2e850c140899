-- Unusable codes per terminal, and unusable cards apart from them: ten within five minutes, then none is looked at until the oldest of them is five minutes
-- old. Six digits, a hundred live codes at once: ten tries hit one with a chance of one in a thousand.

DROP FUNCTION IF EXISTS customers.guess_wait(bigint, bigint, timestamptz);
DROP FUNCTION IF EXISTS customers.note_wrong_guess(bigint, bigint, timestamptz);

-- Seconds until the terminal may try a code (or card) again; 0 if it may now. Locks the terminal's window until the end of the
-- transaction, so that tries at the same moment are counted one by one.
CREATE OR REPLACE FUNCTION customers.guess_wait(
  of_business bigint, of_terminal bigint, of_kind text, at_time timestamptz
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  recent timestamptz[];
BEGIN
  INSERT INTO customers.guess_window AS w (business_id, terminal_id, kind) VALUES (of_business, of_terminal, of_kind)
    ON CONFLICT (business_id, terminal_id, kind) DO UPDATE SET failed_at = ARRAY(
      SELECT f FROM unnest(w.failed_at) f WHERE f > at_time - interval '5 minutes' ORDER BY f)
    RETURNING failed_at INTO recent;
  IF cardinality(recent) < 10 THEN
    RETURN 0;
  END IF;
  RETURN greatest(1, ceil(extract(epoch FROM recent[1] + interval '5 minutes' - at_time))::integer);
END $$;

-- Only after guess_wait() said 0.
CREATE OR REPLACE FUNCTION customers.note_wrong_guess(
  of_business bigint, of_terminal bigint, of_kind text, at_time timestamptz
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE customers.guess_window SET failed_at = failed_at || at_time
  WHERE business_id = of_business AND terminal_id = of_terminal AND kind = of_kind
$$;
