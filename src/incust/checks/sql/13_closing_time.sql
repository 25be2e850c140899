-- What a till's word on when a receipt was closed is worth. Its clock may be years off: `closed_at` is what it said, or now
-- where no receipt can be of that year. Bonuses count from `counted_at`: what it said if that is of the last seven days
-- (a till may have been cut off) and at most ten minutes ahead, else now.
CREATE OR REPLACE FUNCTION checks.closing_time(
  told timestamptz, at_time timestamptz, OUT closed_at timestamptz, OUT counted_at timestamptz
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  closed_at := CASE WHEN told >= '2000-01-01 00:00+00' AND told < '2100-01-01 00:00+00' THEN told ELSE at_time END;
  counted_at := CASE
    WHEN told BETWEEN at_time - interval '7 days' AND at_time + interval '10 minutes' THEN told ELSE at_time END;
END $$;
