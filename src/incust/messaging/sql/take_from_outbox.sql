-- Claims events of all businesses for the relay, the oldest first. Relays side by side skip what another one holds.
-- Gives no payloads: they stay behind the fence of their business until a handler enters it.
CREATE OR REPLACE FUNCTION messaging.take_from_outbox(count_max integer)
RETURNS TABLE (business_id bigint, event_id bigint, topic text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE messaging.outbox o SET relayed_at = clock_timestamp()
  WHERE o.id IN (
    SELECT w.id FROM messaging.outbox w WHERE w.relayed_at IS NULL ORDER BY w.id LIMIT count_max FOR UPDATE SKIP LOCKED
  )
  RETURNING o.business_id, o.id, o.topic
$$;
ALTER FUNCTION messaging.take_from_outbox(integer) OWNER TO incust_relay;
REVOKE ALL ON FUNCTION messaging.take_from_outbox(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messaging.take_from_outbox(integer) TO incust_app, incust_owner;

-- Events whose job was lost (the jobs table was emptied, or restored from another moment) go to the relay once more.
CREATE OR REPLACE FUNCTION messaging.put_back_lost(older_than interval) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  put_back integer;
BEGIN
  UPDATE messaging.outbox o SET relayed_at = NULL
  WHERE o.relayed_at < clock_timestamp() - older_than AND o.failed_at IS NULL
    AND NOT EXISTS (
      SELECT FROM public.procrastinate_jobs j
      WHERE j.lock = 'event:' || o.id AND j.status IN ('todo', 'doing')
    );
  GET DIAGNOSTICS put_back = ROW_COUNT;
  RETURN put_back;
END $$;
ALTER FUNCTION messaging.put_back_lost(interval) OWNER TO incust_relay;
REVOKE ALL ON FUNCTION messaging.put_back_lost(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messaging.put_back_lost(interval) TO incust_app, incust_owner;

-- Events that no try could handle are kept a while for whoever looks into it; then they go, and their data with them.
CREATE OR REPLACE FUNCTION messaging.forget_failed(older_than interval) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  forgotten integer;
BEGIN
  DELETE FROM messaging.outbox o WHERE o.failed_at < clock_timestamp() - older_than;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;
ALTER FUNCTION messaging.forget_failed(interval) OWNER TO incust_relay;
REVOKE ALL ON FUNCTION messaging.forget_failed(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messaging.forget_failed(interval) TO incust_app, incust_owner;
