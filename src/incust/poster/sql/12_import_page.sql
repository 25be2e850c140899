-- One page of an import, in the transaction of its caller: decides, does it unless it is a dry run, keeps what became of
-- each client, and moves the import on. `clients` as poster.plan_clients takes them.
--
-- `seen_offset` and `seen_client` are where the caller found the import; where it is elsewhere by now, or no longer under
-- way, nothing is done and the answer is false: another one goes on with it, or somebody stopped it.
CREATE OR REPLACE FUNCTION poster.import_page(
  of_business bigint, of_import bigint, seen_offset bigint, seen_client bigint, clients jsonb, to_offset bigint, is_last boolean,
  at_time timestamptz
) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  run record;
  plan jsonb;
BEGIN
  SELECT i.* INTO run FROM poster.client_import i
    WHERE i.business_id = of_business AND i.id = of_import AND i.state = 'running' AND i.next_offset = seen_offset
      AND i.last_client_id = seen_client
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  plan := poster.plan_clients(of_business, run.till_account_id, of_import, run.with_balances, clients);
  IF NOT run.dry_run THEN
    plan := poster.take_clients(of_business, run.till_account_id, plan, run.currency, run.actor, at_time);
  END IF;
  INSERT INTO poster.imported_client (business_id, client_import_id, client_id, outcome, reason, customer_id, phone, email, card,
      bonus_minor, shown_name, shown_phone)
    SELECT of_business, of_import, p.client_id, p.outcome, p.reason,
      CASE WHEN p.outcome <> 'skipped' THEN p.customer_id END, CASE WHEN p.outcome <> 'skipped' THEN nullif(p.phone, '') END,
      CASE WHEN p.outcome <> 'skipped' AND p.gives_email THEN p.email END,
      CASE WHEN p.outcome <> 'skipped' AND p.gives_card THEN p.card END, p.bonus_minor,
      CASE WHEN p.outcome = 'skipped' THEN p.shown_name ELSE '' END,
      CASE WHEN p.outcome = 'skipped' THEN p.shown_phone ELSE '' END
    FROM jsonb_to_recordset(plan) AS p (client_id bigint, outcome text, reason text, customer_id bigint, phone text, email text,
      card text, gives_email boolean, gives_card boolean, bonus_minor bigint, shown_name text, shown_phone text);
  UPDATE poster.client_import i SET
      next_offset = to_offset, last_client_id = coalesce(page.last_client_id, i.last_client_id), tries = 0, touched_at = at_time,
      read = i.read + page.read, created = i.created + page.created, matched = i.matched + page.matched,
      filled = i.filled + page.filled, balances = i.balances + page.balances,
      balance_minor = i.balance_minor + page.carried_minor, left_minor = i.left_minor + page.left_minor,
      skipped = (
        SELECT coalesce(jsonb_object_agg(s.reason, s.number), '{}') FROM (
          SELECT each.key AS reason, sum(each.value::integer) AS number FROM (
            SELECT * FROM jsonb_each_text(i.skipped) UNION ALL SELECT * FROM jsonb_each_text(page.skipped)
          ) each GROUP BY each.key
        ) s),
      state = CASE WHEN is_last THEN 'finished' ELSE i.state END,
      finished_at = CASE WHEN is_last THEN at_time END
    FROM (
      SELECT count(*) AS read, max(p.client_id) AS last_client_id,
        count(*) FILTER (WHERE p.outcome = 'created') AS created, count(*) FILTER (WHERE p.outcome = 'matched') AS matched,
        count(*) FILTER (WHERE p.outcome = 'matched' AND (p.gives_name OR p.gives_birthday OR p.gives_gender)) AS filled,
        count(*) FILTER (WHERE p.carried_minor > 0) AS balances, coalesce(sum(p.carried_minor), 0) AS carried_minor,
        coalesce(sum(greatest(p.bonus_minor, 0)) FILTER (WHERE p.outcome = 'skipped' AND run.with_balances), 0) AS left_minor,
        (SELECT coalesce(jsonb_object_agg(s.reason, s.number), '{}') FROM (
          SELECT r.reason, count(*) AS number FROM jsonb_to_recordset(plan) AS r (reason text)
          WHERE r.reason <> '' GROUP BY r.reason) s) AS skipped
      FROM jsonb_to_recordset(plan) AS p (client_id bigint, outcome text, reason text, gives_name boolean,
        gives_birthday boolean, gives_gender boolean, carried_minor bigint, bonus_minor bigint)
    ) page
    WHERE i.business_id = of_business AND i.id = of_import;
  RETURN true;
END $$;
