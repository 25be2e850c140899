-- An account that was renamed in Poster and connected again left a second row beside the first, both connected. Of those of one
-- number the one connected last is kept; the others are disconnected and their tokens forgotten. Their terminals go to the row
-- kept in the same business; where that one has a terminal for the same register, the moved one gives the register up.
DO $$
DECLARE
  former_role text := current_setting('role');
  doubled jsonb;
  loser record;
  connected_at timestamptz;
  position integer;
  has_installations boolean := to_regclass('poster.installation') IS NOT NULL;
BEGIN
  -- Policies bind the owner as well: the look-up role alone sees across businesses, and everything else happens within one.
  PERFORM set_config('role', 'incust_lookup', true);
  SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') INTO doubled
    FROM (SELECT t.id, t.business_id, t.system, t.number, t.name,
        count(*) OVER (PARTITION BY t.system, t.number) AS rows
      FROM businesses.till_account t WHERE t.connected AND t.number <> '') a
    WHERE a.rows > 1;
  PERFORM set_config('role', former_role, true);

  FOR position IN 0 .. jsonb_array_length(doubled) - 1 LOOP
    EXIT WHEN NOT has_installations;
    PERFORM set_config('incust.business_id', doubled->position->>'business_id', true);
    EXECUTE 'SELECT i.installed_at FROM poster.installation i WHERE i.business_id = $1 AND i.till_account_id = $2'
      INTO connected_at
      USING (doubled->position->>'business_id')::bigint, (doubled->position->>'id')::bigint;
    doubled := jsonb_set(doubled, ARRAY[position::text, 'connected_at'], coalesce(to_jsonb(connected_at), 'null'));
  END LOOP;

  FOR loser IN
    SELECT * FROM (
      SELECT a.*, first_value(a.id) OVER (PARTITION BY a.system, a.number ORDER BY a.connected_at DESC NULLS LAST, a.id DESC)
          AS kept,
        first_value(a.id) OVER (PARTITION BY a.system, a.number, a.business_id
          ORDER BY a.connected_at DESC NULLS LAST, a.id DESC) AS home
      FROM jsonb_to_recordset(doubled)
        AS a (id bigint, business_id bigint, system text, number text, name text, connected_at timestamptz)
    ) ranked
    WHERE id <> kept ORDER BY connected_at DESC NULLS LAST, id DESC
  LOOP
    PERFORM set_config('incust.business_id', loser.business_id::text, true);
    UPDATE businesses.till_account SET connected = false WHERE business_id = loser.business_id AND id = loser.id;
    IF has_installations THEN
      EXECUTE 'UPDATE poster.installation SET token_encrypted = NULL, revoked_at = now()'
        ' WHERE business_id = $1 AND till_account_id = $2'
        USING loser.business_id, loser.id;
    END IF;
    IF loser.id <> loser.home THEN
      UPDATE businesses.terminal t
        SET poster_account_id = loser.home,
          use_poster = t.use_poster AND NOT EXISTS (
            SELECT FROM businesses.terminal other
            WHERE other.business_id = t.business_id AND other.poster_account_id = loser.home AND other.use_poster
              AND other.poster_register_id = t.poster_register_id)
        WHERE t.business_id = loser.business_id AND t.poster_account_id = loser.id;
    END IF;
    INSERT INTO businesses.audit_entry (business_id, happened_at, action, subject, changes)
      VALUES (loser.business_id, now(), 'poster.disconnected', loser.name, '{}');
  END LOOP;
  PERFORM set_config('incust.business_id', '', true);
END $$;
