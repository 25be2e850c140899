-- What the owner should look at on a receipt that was reduced by `redeemed_minor`. The till's truth is posted all the same.
--
-- `reserved_minor`: what this customer had reserved for it: so much was within his rights, and confirmed where a code was
-- needed. `evaluated` (NULL: closed as it was reserved) says what was allowed without a reservation: `limit_minor` of
-- the check, `may_redeem`, `confirmation_missing`.
CREATE OR REPLACE FUNCTION checks.concerns_of(
  redeemed_minor bigint, reserved_minor bigint, total_minor bigint, unbacked_minor bigint, evaluated jsonb
) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN array_remove(ARRAY[
    CASE WHEN redeemed_minor > reserved_minor THEN 'unreserved' END,
    CASE WHEN redeemed_minor > (evaluated->>'limit_minor')::bigint THEN 'above-limit' END,
    CASE WHEN redeemed_minor > reserved_minor AND (evaluated->>'confirmation_missing')::boolean THEN 'unconfirmed' END,
    CASE WHEN redeemed_minor > reserved_minor AND NOT (evaluated->>'may_redeem')::boolean THEN 'status' END,
    CASE WHEN unbacked_minor > 0 THEN 'unbacked' END,
    CASE WHEN redeemed_minor > total_minor THEN 'above-total' END
  ], NULL);
END $$;
