-- A customer as a till sees him (`Customer` of docs/terminal-api.md); NULL where the business has no such customer.
-- `of_till_account` picks his number among the clients of that Poster account.
CREATE OR REPLACE FUNCTION customers.profile(
  of_business bigint, of_customer bigint, of_till_account bigint, of_currency text, at_time timestamptz
) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT jsonb_build_object(
    'id', c.id::text, 'name', c.name, 'status', c.status,
    'phone', coalesce(known.phone, ''), 'email', coalesce(known.email, ''), 'card_number', coalesce(known.card, ''),
    'birthday', c.birthday, 'gender', nullif(c.gender, ''), 'category', c.category,
    'bonus', jsonb_build_object(
      'balance_minor', coalesce(b.balance_minor, 0), 'available_minor', coalesce(b.available_minor, 0),
      'expiring', coalesce(ledger.expiring(of_business, b.account_id, at_time), '[]'::jsonb)),
    'poster_client_id', known.poster_client, 'is_new', false)
  FROM customers.customer c
  CROSS JOIN LATERAL (
    SELECT
      (array_agg(i.value ORDER BY i.id) FILTER (WHERE i.kind = 'phone'))[1] AS phone,
      (array_agg(i.value ORDER BY i.id) FILTER (WHERE i.kind = 'email'))[1] AS email,
      (array_agg(i.value ORDER BY i.id) FILTER (WHERE i.kind = 'card'))[1] AS card,
      -- The latest link counts: Poster keeps double clients.
      (array_agg(split_part(i.value, '/', 2)::bigint ORDER BY i.added_at DESC, i.id DESC)
        FILTER (WHERE i.kind = 'poster_client' AND split_part(i.value, '/', 1) = of_till_account::text))[1]
        AS poster_client
    FROM customers.customer_identifier i
    WHERE i.business_id = of_business AND i.customer_id = c.id
  ) known
  LEFT JOIN LATERAL ledger.balance(of_business, c.id, 'bonus:' || of_currency, at_time) b ON true
  WHERE c.business_id = of_business AND c.id = of_customer
$$;
