-- Limits on confirmation codes in any hour: six sent to one customer, fifteen wrong tries at his codes, and 120 sent by
-- one terminal. They hold over all receipts, for the number of a receipt is what the till says it is.

-- Seconds until a code may be sent to the customer by the terminal (NULL: none asks); 0 if it may now. The caller holds
-- the customer's row.
CREATE OR REPLACE FUNCTION customers.confirmation_wait(
  of_business bigint, of_customer bigint, of_terminal bigint, at_time timestamptz
) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(greatest(0, ceil(extract(epoch FROM max(l.oldest_that_counts) + interval '1 hour' - at_time))), 0)::integer
  FROM (
    (SELECT e.happened_at AS oldest_that_counts FROM customers.confirmation_event e
      WHERE e.business_id = of_business AND e.customer_id = of_customer AND e.kind = 'sent'
      ORDER BY e.happened_at DESC OFFSET 5 LIMIT 1)
    UNION ALL
    (SELECT e.happened_at FROM customers.confirmation_event e
      WHERE e.business_id = of_business AND e.customer_id = of_customer AND e.kind = 'wrong'
      ORDER BY e.happened_at DESC OFFSET 14 LIMIT 1)
    UNION ALL
    (SELECT e.happened_at FROM customers.confirmation_event e
      WHERE e.business_id = of_business AND e.terminal_id = of_terminal AND e.kind = 'sent'
      ORDER BY e.happened_at DESC OFFSET 119 LIMIT 1)
  ) l
$$;

-- Whether the customer's codes may still be tried.
CREATE OR REPLACE FUNCTION customers.may_try_confirmation(of_business bigint, of_customer bigint, at_time timestamptz)
RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT count(*) < 15 FROM customers.confirmation_event e
  WHERE e.business_id = of_business AND e.customer_id = of_customer AND e.kind = 'wrong'
    AND e.happened_at > at_time - interval '1 hour'
$$;

CREATE OR REPLACE FUNCTION customers.note_confirmation(
  of_business bigint, of_customer bigint, of_terminal bigint, what text, at_time timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  DELETE FROM customers.confirmation_event e
    WHERE e.business_id = of_business AND (e.customer_id = of_customer OR e.terminal_id = of_terminal)
      AND e.happened_at <= at_time - interval '1 hour';
  INSERT INTO customers.confirmation_event (business_id, customer_id, terminal_id, kind, happened_at)
    VALUES (of_business, of_customer, of_terminal, what, at_time);
END $$;

-- Whether a till at the terminal's point of sale has recognised the customer lately: an order may move to another
-- register of the place with its guest, but nobody sends codes to guests whom he has never seen.
CREATE OR REPLACE FUNCTION customers.was_here_lately(
  of_business bigint, of_customer bigint, at_point_of_sale bigint, at_time timestamptz
) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM customers.identification i
    JOIN businesses.terminal t ON t.business_id = i.business_id AND t.id = i.terminal_id
    WHERE i.business_id = of_business AND i.customer_id = of_customer AND t.point_of_sale_id = at_point_of_sale
      AND i.happened_at > at_time - interval '12 hours')
$$;
