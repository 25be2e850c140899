-- How sure the till is of this customer: 'strong' only by an identification of this customer at this terminal within
-- the last twelve hours. Anything else, an unknown number included, is 'weak'.
CREATE OR REPLACE FUNCTION customers.strength_of(
  of_business bigint, of_customer bigint, of_terminal bigint, identification_id bigint, at_time timestamptz
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce((
    SELECT i.strength FROM customers.identification i
    WHERE i.business_id = of_business AND i.id = identification_id AND i.customer_id = of_customer
      AND i.terminal_id = of_terminal AND i.happened_at > at_time - interval '12 hours'
  ), 'weak')
$$;
