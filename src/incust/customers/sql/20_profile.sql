-- A customer as a till sees him (`Customer` of docs/terminal-api.md); NULL where the business has no such customer.
-- `of_till_account` picks his number among the clients of that Poster account.
CREATE OR REPLACE FUNCTION customers.profile(
  of_business bigint, of_customer bigint, of_till_account bigint, of_currency text, at_time timestamptz
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  customer record;
  known jsonb;
  account record;
BEGIN
  SELECT c.id, c.name, c.status, c.birthday, c.gender, c.category INTO customer FROM customers.customer c
    WHERE c.business_id = of_business AND c.id = of_customer;
  IF customer.id IS NULL THEN
    RETURN NULL;
  END IF;
  -- Of one kind the last in this order counts: the identifier he had first, but of his numbers at one Poster account the
  -- latest, for Poster keeps double clients. One aggregate, because each has a sort of its own.
  SELECT jsonb_object_agg(
      CASE i.kind WHEN 'poster_client' THEN 'client of ' || split_part(i.value, '/', 1) ELSE i.kind END, i.value
      ORDER BY CASE i.kind WHEN 'poster_client' THEN i.added_at END,
        CASE i.kind WHEN 'poster_client' THEN i.id ELSE -i.id END)
    INTO known FROM customers.customer_identifier i WHERE i.business_id = of_business AND i.customer_id = of_customer;
  SELECT b.account_id, b.balance_minor, b.available_minor INTO account
    FROM ledger.balance(of_business, of_customer, 'bonus:' || of_currency, at_time) b;
  RETURN jsonb_build_object(
    'id', customer.id::text, 'name', customer.name, 'status', customer.status,
    'phone', coalesce(known->>'phone', ''), 'email', coalesce(known->>'email', ''),
    'card_number', coalesce(known->>'card', ''),
    'birthday', customer.birthday, 'gender', nullif(customer.gender, ''), 'category', customer.category,
    'bonus', jsonb_build_object(
      'balance_minor', coalesce(account.balance_minor, 0), 'available_minor', coalesce(account.available_minor, 0),
      'expiring', coalesce(ledger.expiring(of_business, account.account_id, at_time), '[]'::jsonb)),
    'poster_client_id', split_part(known->>('client of ' || of_till_account), '/', 2)::bigint, 'is_new', false);
END $$;
