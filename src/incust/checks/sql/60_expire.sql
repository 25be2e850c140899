-- A page of the reservations whose hold has lapsed, of all businesses, oldest first, after the one of (`after_lapse`,
-- `after_check`). Only numbers: the work is done inside each business.
DROP FUNCTION IF EXISTS checks.lapsed_reservations(timestamptz, integer);
CREATE OR REPLACE FUNCTION checks.lapsed_reservations(
  at_time timestamptz, after_lapse timestamptz, after_check bigint, count_max integer
) RETURNS TABLE (business_id bigint, check_id bigint, lapsed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.business_id, c.id, c.hold_expires_at FROM checks.check c
  WHERE c.status = 'reserved' AND c.hold_expires_at <= at_time AND (c.hold_expires_at, c.id) > (after_lapse, after_check)
  ORDER BY c.hold_expires_at, c.id LIMIT count_max
$$;
ALTER FUNCTION checks.lapsed_reservations(timestamptz, timestamptz, bigint, integer) OWNER TO incust_lookup;
REVOKE ALL ON FUNCTION checks.lapsed_reservations(timestamptz, timestamptz, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION checks.lapsed_reservations(timestamptz, timestamptz, bigint, integer) TO incust_app, incust_owner;

-- Records that a reservation lapsed; the hold itself counted as released from that instant. Skips a check that a till is
-- working on just now. True where it was recorded. The transaction must be bound to the business.
CREATE OR REPLACE FUNCTION checks.expire(of_business bigint, of_check bigint, at_time timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
BEGIN
  PERFORM FROM checks.check c
    WHERE c.business_id = of_business AND c.id = of_check AND c.status = 'reserved' AND c.hold_expires_at <= at_time
    FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM ledger.release_holds(of_business, 'check', of_check, at_time);
  UPDATE checks.check c SET status = 'expired', confirmed_minor = 0 WHERE c.business_id = of_business AND c.id = of_check;
  RETURN true;
END $$;
