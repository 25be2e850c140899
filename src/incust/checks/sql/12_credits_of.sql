-- The credits of a stored outcome as arrays for the ledger, and their sum. Lifetimes count from the day the check was closed,
-- in the time zone of the business; the last day is good to its end. Where nothing ever expires, both dates are NULL.
DROP FUNCTION IF EXISTS checks.credits_of(jsonb, bigint, timestamptz);
CREATE OR REPLACE FUNCTION checks.credits_of(
  outcome jsonb, of_business bigint, closed_at timestamptz,
  OUT credit_minor bigint[], OUT expires_on date[], OUT expires_at timestamptz[], OUT earned_minor bigint
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  credits jsonb := outcome->'credits';
  credits_count integer := jsonb_array_length(outcome->'credits');
  one_minor bigint;
  lifetime_days integer;
  last_day date;
  zone text;
BEGIN
  credit_minor := '{}';
  earned_minor := 0;
  -- A loop over positions, because each step is an expression and no query: most checks have one credit.
  FOR position IN 0 .. credits_count - 1 LOOP
    one_minor := (credits->position->>'amount_minor')::bigint;
    lifetime_days := (credits->position->>'lifetime_days')::integer;
    credit_minor := credit_minor || one_minor;
    earned_minor := earned_minor + one_minor;
    IF lifetime_days IS NOT NULL THEN
      IF zone IS NULL THEN
        SELECT b.time_zone INTO STRICT zone FROM businesses.business b WHERE b.id = of_business;
        expires_on := array_fill(NULL::date, ARRAY[credits_count]);
        expires_at := array_fill(NULL::timestamptz, ARRAY[credits_count]);
      END IF;
      last_day := (closed_at AT TIME ZONE zone)::date + lifetime_days;
      expires_on[position + 1] := last_day;
      expires_at[position + 1] := (last_day + 1)::timestamp AT TIME ZONE zone;
    END IF;
  END LOOP;
END $$;
