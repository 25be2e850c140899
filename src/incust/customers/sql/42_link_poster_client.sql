-- From now on this client of the Poster account is this customer, whoever it was before.
CREATE OR REPLACE FUNCTION customers.link_poster_client(
  of_business bigint, of_customer bigint, of_till_account bigint, client_id bigint, at_time timestamptz
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO customers.customer_identifier AS i (business_id, customer_id, kind, value, added_at)
  VALUES (of_business, of_customer, 'poster_client', of_till_account || '/' || client_id, at_time)
  ON CONFLICT (business_id, kind, value) DO UPDATE SET customer_id = excluded.customer_id, added_at = excluded.added_at
$$;
