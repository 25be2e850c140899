-- The roles, once per server. Run by the administrator's login at each `incust migrate`; repeating is harmless.
DO $$
DECLARE
  role_name text;
BEGIN
  -- incust_owner: owns every object, runs migrations. incust_app: what the program serves with.
  -- incust_lookup: owner of the few functions that look things up before the business is known.
  -- incust_ledger: owner of the few functions that write the ledger.
  -- incust_relay: owner of the few functions that move the outbox of all businesses on.
  FOREACH role_name IN ARRAY ARRAY['incust_owner', 'incust_app', 'incust_lookup', 'incust_ledger', 'incust_relay'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another migration was quicker
      END;
    END IF;
  END LOOP;
END $$;
ALTER ROLE incust_lookup NOLOGIN;
ALTER ROLE incust_ledger NOLOGIN;
ALTER ROLE incust_relay NOLOGIN;
GRANT incust_lookup, incust_ledger, incust_relay TO incust_owner;
