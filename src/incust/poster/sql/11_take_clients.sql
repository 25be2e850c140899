-- Does what poster.plan_clients decided: new guests (limited until they consent), what was empty of known ones, the links
-- between clients and guests, and the balances, which are locked last, in the currency of the account in Poster. Within the
-- business that the transaction is bound to. Returns the plan with the numbers of the new guests.
--
-- What a guest has said meanwhile stays: each change asks again whether the place is empty. A key that another transaction
-- takes at the same time raises unique_violation; do it again then.
DROP FUNCTION IF EXISTS poster.take_clients(bigint, bigint, jsonb, text, timestamptz);
CREATE OR REPLACE FUNCTION poster.take_clients(
  of_business bigint, of_account bigint, plan jsonb, of_currency text, by_actor text, at_time timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  guests_language text;
  taken jsonb;
  carried record;
  came integer;
BEGIN
  SELECT b.language INTO guests_language FROM businesses.business b WHERE b.id = of_business;
  SELECT coalesce(jsonb_agg(CASE WHEN p.client->>'outcome' = 'created'
      THEN p.client || jsonb_build_object('customer_id', nextval(pg_get_serial_sequence('customers.customer', 'id')))
      ELSE p.client END ORDER BY p.position), '[]') INTO taken
    FROM jsonb_array_elements(plan) WITH ORDINALITY AS p (client, position);

  INSERT INTO customers.customer (id, business_id, name, birthday, gender, language, status, category, created_at)
    SELECT t.customer_id, of_business, t.name, t.birthday, t.gender, guests_language, 'limited', '', at_time
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, name text, birthday date, gender text, outcome text)
    WHERE t.outcome = 'created';
  UPDATE customers.customer c SET
      name = CASE WHEN t.gives_name AND c.name = '' THEN t.name ELSE c.name END,
      birthday = CASE WHEN t.gives_birthday THEN coalesce(c.birthday, t.birthday) ELSE c.birthday END,
      gender = CASE WHEN t.gives_gender AND c.gender = '' THEN t.gender ELSE c.gender END
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, name text, birthday date, gender text, outcome text,
      gives_name boolean, gives_birthday boolean, gives_gender boolean)
    WHERE c.business_id = of_business AND c.id = t.customer_id AND t.outcome = 'matched'
      AND (t.gives_name OR t.gives_birthday OR t.gives_gender);
  INSERT INTO customers.customer_identifier (business_id, customer_id, kind, value, added_at)
    SELECT of_business, t.customer_id, given.kind, given.value, at_time
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, phone text, email text, card text, gives_phone boolean,
      gives_email boolean, gives_card boolean, outcome text)
    CROSS JOIN LATERAL (VALUES
      ('phone', t.phone, t.gives_phone), ('email', t.email, t.gives_email), ('card', t.card, t.gives_card)
    ) AS given (kind, value, is_given)
    WHERE t.outcome = 'created' AND given.is_given ORDER BY given.kind, given.value;
  INSERT INTO customers.customer_identifier (business_id, customer_id, kind, value, added_at)
    SELECT of_business, t.customer_id, 'poster_client', of_account || '/' || t.client_id, at_time
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, client_id bigint, outcome text)
    WHERE t.outcome <> 'skipped' ORDER BY t.client_id
    ON CONFLICT (business_id, kind, value) DO NOTHING;
  INSERT INTO poster.client AS c (business_id, till_account_id, client_id, customer_id, group_id, group_name, first_seen_at,
      balance_asked_at)
    SELECT of_business, of_account, t.client_id, t.customer_id, t.group_id, t.group_name, at_time,
      CASE WHEN t.asks_balance THEN at_time END
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, client_id bigint, group_id text, group_name text, outcome text,
      asks_balance boolean)
    WHERE t.outcome <> 'skipped' ORDER BY t.client_id
    ON CONFLICT (business_id, till_account_id, client_id) DO UPDATE SET
      customer_id = excluded.customer_id, group_id = excluded.group_id, group_name = excluded.group_name, removed_at = NULL,
      balance_asked_at = coalesce(c.balance_asked_at, excluded.balance_asked_at)
    WHERE (c.customer_id, c.group_id, c.group_name) IS DISTINCT FROM
        (excluded.customer_id, excluded.group_id, excluded.group_name) OR c.removed_at IS NOT NULL
      OR c.balance_asked_at IS NULL AND excluded.balance_asked_at IS NOT NULL;

  SELECT array_agg('poster:' || of_account || '/' || t.client_id) AS sources, array_agg(t.customer_id) AS customers,
      array_agg(t.carried_minor) AS amounts_minor, count(*) AS number INTO carried
    FROM jsonb_to_recordset(taken) AS t (customer_id bigint, client_id bigint, carried_minor bigint)
    WHERE t.carried_minor > 0;
  IF carried.number > 0 THEN
    SELECT count(*) INTO came FROM checks.import_balances(of_business, of_currency, carried.sources,
      carried.customers, carried.amounts_minor, 'Poster', by_actor, at_time);
    IF came <> carried.number THEN
      RAISE EXCEPTION '% of % balances were brought by another one', carried.number - came, carried.number
        USING ERRCODE = 'serialization_failure';
    END IF;
  END IF;
  RETURN taken;
END $$;
