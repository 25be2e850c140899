-- The credits of a stored outcome as arrays for the ledger. Lifetimes count from the day the check was closed, in the time
-- zone of the business; the last day is good to its end.
CREATE OR REPLACE FUNCTION checks.credits_of(
  outcome jsonb, of_business bigint, closed_at timestamptz,
  OUT credit_minor bigint[], OUT expires_on date[], OUT expires_at timestamptz[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  zone text;
  lifetimes integer[];
BEGIN
  SELECT coalesce(array_agg((c.credit->>'amount_minor')::bigint ORDER BY c.position), '{}'),
      array_agg((c.credit->>'lifetime_days')::integer ORDER BY c.position)
    INTO credit_minor, lifetimes
    FROM jsonb_array_elements(outcome->'credits') WITH ORDINALITY AS c (credit, position);
  IF coalesce(array_length(array_remove(lifetimes, NULL), 1), 0) = 0 THEN
    RETURN;
  END IF;
  SELECT b.time_zone INTO STRICT zone FROM businesses.business b WHERE b.id = of_business;
  SELECT array_agg(d.last_day ORDER BY d.position),
      array_agg((d.last_day + 1)::timestamp AT TIME ZONE zone ORDER BY d.position)
    INTO expires_on, expires_at
    FROM (
      SELECT l.position, (closed_at AT TIME ZONE zone)::date + l.days AS last_day
      FROM unnest(lifetimes) WITH ORDINALITY AS l (days, position)
    ) d;
END $$;
