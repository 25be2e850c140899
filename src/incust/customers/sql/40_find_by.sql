-- The customer that one candidate leads to, NULL if none; consumes what is good once.
--   {"kind": "qr", "device", "step"}      step NULL: the code was wrong
--   {"kind": "temporary_code", "value"}
--   {"kind": "phone" | "email" | "card", "value"}, {"kind": "poster_client", "value": number at Poster}
CREATE OR REPLACE FUNCTION customers.find_by(
  of_business bigint, of_till_account bigint, candidate jsonb, at_time timestamptz
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found_customer bigint;
BEGIN
  CASE candidate->>'kind'
    WHEN 'qr' THEN
      UPDATE customers.device d SET last_step = (candidate->>'step')::bigint
        WHERE d.business_id = of_business AND d.number = candidate->>'device' AND d.revoked_at IS NULL
          AND d.last_step < (candidate->>'step')::bigint
        RETURNING d.customer_id INTO found_customer;
    WHEN 'temporary_code' THEN
      DELETE FROM customers.temporary_code t
        WHERE t.business_id = of_business AND t.code = candidate->>'value' AND t.expires_at > at_time
        RETURNING t.customer_id INTO found_customer;
    ELSE
      SELECT i.customer_id INTO found_customer FROM customers.customer_identifier i
        WHERE i.business_id = of_business AND i.kind = candidate->>'kind'
          -- Of the candidate's kind, not the row's: so the index finds the one row, whatever the number of guests.
          AND i.value = CASE candidate->>'kind' WHEN 'poster_client' THEN of_till_account || '/' || (candidate->>'value')
                             ELSE candidate->>'value' END;
  END CASE;
  RETURN found_customer;
END $$;
