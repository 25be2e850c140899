-- All that `hello` reads and notes, in one call: who calls, his café, the program in force; that he was seen, and who stands
-- at the till.
--
-- `ask`: now, version (the till's own), salesperson {external_id, name} or null; read_id for a signed read.
CREATE OR REPLACE FUNCTION terminal_api.hello(caller jsonb, ask jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
  till record;
  terminal record;
  is_new boolean;
BEGIN
  till := businesses.resolve_terminal(caller);
  IF ask ? 'read_id' THEN
    is_new := customers.refuse_replay(till.business_id, till.terminal_id, ask->>'read_id', at_time);
  END IF;
  SELECT t.* INTO terminal FROM businesses.terminal t
    WHERE t.business_id = till.business_id AND t.id = till.terminal_id;
  -- A waiter logs in every few minutes; the row is written only when it says something new.
  IF terminal.last_seen_at IS NULL OR terminal.last_seen_at <= at_time - interval '1 minute'
     OR terminal.last_seen_version <> ask->>'version' THEN
    UPDATE businesses.terminal t SET last_seen_at = at_time, last_seen_version = ask->>'version'
      WHERE t.business_id = till.business_id AND t.id = till.terminal_id;
  END IF;
  IF ask->>'salesperson' IS NOT NULL THEN
    PERFORM terminal_api.note_salesperson(till.business_id, caller->>'door',
      ask->'salesperson'->>'external_id', ask->'salesperson'->>'name');
  END IF;
  RETURN (
    SELECT jsonb_build_object(
      'business_id', b.id,
      'terminal', jsonb_build_object('id', terminal.id::text, 'name', terminal.name),
      'business', jsonb_build_object('name', b.name),
      'point_of_sale', jsonb_build_object('id', p.id::text, 'name', p.name),
      'currency', terminal.currency,
      'country', b.country,
      'settings', jsonb_build_object(
        'ask_at_pay', terminal.ask_at_pay,
        'profile_display', terminal.profile_display,
        'always_show_benefits', terminal.poster_always_show_benefits,
        'create_poster_customers', NOT terminal.poster_skip_customers,
        -- The comparison with Poster infers what a receipt was reduced by; the register knows.
        'post_from_register', true),
      'program_version_id', programs.current_version(b.id),
      'client_group_id', (
        SELECT nullif(i.client_group_id, '')::bigint FROM poster.installation i
        WHERE i.business_id = b.id AND i.till_account_id = till.till_account_id),
      'application_name', terminal.poster_application)
    FROM businesses.business b
    JOIN businesses.point_of_sale p ON p.business_id = b.id AND p.id = till.point_of_sale_id
    WHERE b.id = till.business_id);
END $$;

-- Who stands at a till, by the number and name that the till has for him; without a name the known one stays.
CREATE OR REPLACE FUNCTION terminal_api.note_salesperson(
  of_business bigint, of_system text, by_external_id text, by_name text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  known_as text;
BEGIN
  SELECT s.name INTO known_as FROM businesses.salesperson s
    WHERE s.business_id = of_business AND s.terminal_system = of_system AND s.external_id = by_external_id;
  IF NOT FOUND THEN
    INSERT INTO businesses.salesperson (business_id, terminal_system, external_id, name)
      VALUES (of_business, of_system, by_external_id, by_name) ON CONFLICT DO NOTHING;
  ELSIF by_name <> '' AND by_name <> known_as THEN
    UPDATE businesses.salesperson s SET name = by_name
      WHERE s.business_id = of_business AND s.terminal_system = of_system AND s.external_id = by_external_id;
  END IF;
END $$;
