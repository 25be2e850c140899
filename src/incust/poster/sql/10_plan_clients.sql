-- What is to be done with these clients of a Poster account, and nothing done yet: each element of `clients` (see
-- client_fields.py) with `outcome` (created, matched, skipped), `reason` of a skip, `customer_id` of a known guest, what is
-- given to him (`gives_name`, `gives_birthday`, `gives_gender`, `gives_phone`, `gives_email`, `gives_card`), and
-- `carried_minor`, the balance that comes along. It is asked for once, in the first import with balances that takes the
-- client (`asks_balance`): zero counts, too, and what Poster grants him afterwards stays there.
--
-- Phone, email and card come along with a new guest only. They open an account: confirmation codes and wallet links go to
-- them, so whoever edits clients in Poster must not be able to add one to a guest who is here already.
--
-- A client is known by his link, else by his phone; one without a phone by his email, else by his card. Within an import
-- (`of_import`, NULL for a single client) clients come in the order of their numbers, and the first one with a phone, or who
-- leads to a guest, has it: whoever comes later is skipped. What earlier pages decided is read from poster.imported_client,
-- not from the guests, so a dry run decides as the real one does.
CREATE OR REPLACE FUNCTION poster.plan_clients(
  of_business bigint, of_account bigint, of_import bigint, with_balances boolean, clients jsonb
) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
-- Pages are small and the tables grow under them: always by the index, whatever the statistics say.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
  WITH page AS MATERIALIZED (
    SELECT c.*, k.kind, k.value
    FROM jsonb_to_recordset(clients) AS c (
      client_id bigint, name text, birthday date, gender text, phone text, email text, card text, group_id text,
      group_name text, bonus_minor bigint, reason text, shown_name text, shown_phone text)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN c.phone <> '' THEN 'phone' WHEN c.email <> '' THEN 'email' ELSE 'card' END AS kind,
        CASE WHEN c.phone <> '' THEN c.phone WHEN c.email <> '' THEN c.email ELSE c.card END AS value
    ) k
  ), led AS MATERIALIZED (
    SELECT p.*, coalesce(link.customer_id, key.customer_id) AS known_id,
      p.reason <> '' AS is_out,
      row_number() OVER (PARTITION BY p.reason <> '', p.phone ORDER BY p.client_id) > 1 OR EXISTS (
        SELECT FROM poster.imported_client i WHERE i.client_import_id = of_import AND i.phone = p.phone
      ) AS phone_came
    FROM page p
    LEFT JOIN customers.customer_identifier link ON link.business_id = of_business AND link.kind = 'poster_client'
      AND link.value = of_account || '/' || p.client_id
    LEFT JOIN customers.customer_identifier key ON key.business_id = of_business AND key.kind = p.kind AND key.value = p.value
  ), by_phone AS MATERIALIZED (
    SELECT l.*, CASE WHEN l.is_out THEN l.reason WHEN l.phone <> '' AND l.phone_came THEN 'duplicate-phone' ELSE '' END
      AS reason_by_phone
    FROM led l
  ), by_guest AS MATERIALIZED (
    SELECT b.*, CASE
        WHEN b.reason_by_phone <> '' THEN b.reason_by_phone
        WHEN b.known_id IS NOT NULL AND (
          row_number() OVER (PARTITION BY b.reason_by_phone <> '', b.known_id ORDER BY b.client_id) > 1 OR EXISTS (
            SELECT FROM poster.imported_client i WHERE i.client_import_id = of_import AND i.customer_id = b.known_id)
        ) THEN 'duplicate-guest'
        ELSE '' END AS reason_by_guest
    FROM by_phone b
  ), wanted AS MATERIALIZED (
    -- Which of phone, email and card are free for a new guest.
    SELECT b.*, g.name AS has_name, g.birthday AS has_birthday, g.gender AS has_gender,
      b.reason_by_guest = '' AND b.known_id IS NULL AND b.phone <> '' AND NOT EXISTS (
        SELECT FROM customers.customer_identifier i
        WHERE i.business_id = of_business AND i.kind = 'phone' AND i.value = b.phone) AS gives_phone,
      b.reason_by_guest = '' AND b.known_id IS NULL AND b.email <> '' AND NOT EXISTS (
        SELECT FROM customers.customer_identifier i
        WHERE i.business_id = of_business AND i.kind = 'email' AND i.value = b.email) AND NOT EXISTS (
        SELECT FROM poster.imported_client i WHERE i.client_import_id = of_import AND i.email = b.email) AS wants_email,
      b.reason_by_guest = '' AND b.known_id IS NULL AND b.card <> '' AND NOT EXISTS (
        SELECT FROM customers.customer_identifier i
        WHERE i.business_id = of_business AND i.kind = 'card' AND i.value = b.card) AND NOT EXISTS (
        SELECT FROM poster.imported_client i WHERE i.client_import_id = of_import AND i.card = b.card) AS wants_card
    FROM by_guest b
    LEFT JOIN customers.customer g ON g.business_id = of_business AND g.id = b.known_id
  ), by_email AS MATERIALIZED (
    SELECT w.*, w.wants_email
        AND row_number() OVER (PARTITION BY w.wants_email, w.email ORDER BY w.client_id) = 1 AS gives_email
    FROM wanted w
  ), kept_by_email AS MATERIALIZED (
    SELECT e.*, e.reason_by_guest = '' AND NOT (e.kind = 'email' AND e.known_id IS NULL AND NOT e.gives_email) AS is_kept
    FROM by_email e
  ), by_card AS MATERIALIZED (
    SELECT e.*, e.wants_card AND e.is_kept
        AND row_number() OVER (PARTITION BY e.wants_card AND e.is_kept, e.card ORDER BY e.client_id) = 1 AS gives_card
    FROM kept_by_email e
  ), decided AS MATERIALIZED (
    SELECT c.*, CASE
        WHEN c.reason_by_guest <> '' THEN c.reason_by_guest
        WHEN NOT c.is_kept OR c.kind = 'card' AND c.known_id IS NULL AND NOT c.gives_card THEN 'duplicate-guest'
        ELSE '' END AS skipped_for
    FROM by_card c
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
      'client_id', d.client_id, 'name', d.name, 'birthday', d.birthday, 'gender', d.gender, 'phone', d.phone,
      'email', d.email, 'card', d.card, 'group_id', d.group_id, 'group_name', d.group_name, 'bonus_minor', d.bonus_minor,
      'shown_name', d.shown_name, 'shown_phone', d.shown_phone, 'reason', d.skipped_for, 'customer_id', d.known_id,
      'outcome', CASE WHEN d.skipped_for <> '' THEN 'skipped' WHEN d.known_id IS NULL THEN 'created' ELSE 'matched' END,
      'gives_phone', d.gives_phone, 'gives_email', d.gives_email, 'gives_card', d.gives_card,
      'gives_name', d.skipped_for = '' AND d.name <> '' AND coalesce(d.has_name, '') = '',
      'gives_birthday', d.skipped_for = '' AND d.birthday IS NOT NULL AND d.has_birthday IS NULL,
      'gives_gender', d.skipped_for = '' AND d.gender <> '' AND coalesce(d.has_gender, '') = '',
      'asks_balance', with_balances AND d.skipped_for = '',
      'carried_minor', CASE WHEN with_balances AND d.skipped_for = '' AND d.bonus_minor > 0 AND NOT EXISTS (
          SELECT FROM poster.client c WHERE c.business_id = of_business AND c.till_account_id = of_account
            AND c.client_id = d.client_id AND c.balance_asked_at IS NOT NULL
        ) AND NOT EXISTS (
          SELECT FROM checks.balance_import i
          WHERE i.business_id = of_business AND i.source = 'poster:' || of_account || '/' || d.client_id
        ) THEN d.bonus_minor ELSE 0 END
    ) ORDER BY d.client_id), '[]')
  FROM decided d
$$;
