-- Writes down that a till recognised a customer, and answers as `identify` does.
CREATE OR REPLACE FUNCTION customers.note_identification(
  of_business bigint, of_customer bigint, of_terminal bigint, of_till_account bigint, of_currency text,
  by_kind text, at_time timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  how_sure text := CASE WHEN by_kind IN ('qr', 'temporary_code') THEN 'strong' ELSE 'weak' END;
  number bigint;
BEGIN
  INSERT INTO customers.identification (business_id, customer_id, terminal_id, kind, strength, happened_at)
    VALUES (of_business, of_customer, of_terminal, by_kind, how_sure, at_time) RETURNING id INTO number;
  RETURN jsonb_build_object(
    'customer', customers.profile(of_business, of_customer, of_till_account, of_currency, at_time),
    'identification', jsonb_build_object('id', number::text, 'kind', by_kind, 'strength', how_sure));
END $$;
