-- One client of a Poster account as he is now: what is empty with his guest is filled in. An unknown client becomes a guest
-- only where `may_create`. No balance comes along. Returns what was decided: created, matched, skipped, or unknown.
CREATE OR REPLACE FUNCTION poster.sync_client(
  of_business bigint, of_account bigint, client jsonb, may_create boolean, at_time timestamptz
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  plan jsonb := poster.plan_clients(of_business, of_account, NULL, false, jsonb_build_array(client));
  outcome text := plan->0->>'outcome';
BEGIN
  IF outcome = 'created' AND NOT may_create THEN
    RETURN 'unknown';
  END IF;
  PERFORM poster.take_clients(of_business, of_account, plan, NULL, 'poster', at_time);
  RETURN outcome;
END $$;

-- The client is no longer in Poster: no register can send him, and the guest may get another one. He himself stays.
CREATE OR REPLACE FUNCTION poster.client_removed(of_business bigint, of_account bigint, of_client bigint, at_time timestamptz)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
  DELETE FROM customers.customer_identifier i
    WHERE i.business_id = of_business AND i.kind = 'poster_client' AND i.value = of_account || '/' || of_client;
  UPDATE poster.client c SET removed_at = at_time
    WHERE c.business_id = of_business AND c.till_account_id = of_account AND c.client_id = of_client AND c.removed_at IS NULL
$$;
