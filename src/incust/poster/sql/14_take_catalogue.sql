-- Makes what is kept of an account's catalogue equal to a reading of it; one upsert for each kind of row, and rows that stay as
-- they are are not written. What the reading lacks is marked as removed and stays, because checks speak of it.
--
-- Answers false, and changes nothing, where a reading that began later is stored already: readings overtake one another.
-- Within the business that the transaction is bound to; the account's poster.catalogue_run must be there.
CREATE OR REPLACE FUNCTION poster.take_catalogue(
  of_business bigint, of_account bigint, categories jsonb, stations jsonb, products jsonb, began timestamptz,
  at_time timestamptz
) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Its lock lets one reading at a time go on.
  UPDATE poster.catalogue_run r SET began_at = began, finished_at = at_time, failures = 0, fault = NULL
    WHERE r.business_id = of_business AND r.till_account_id = of_account AND (r.began_at IS NULL OR r.began_at < began);
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  INSERT INTO poster.product_category AS c (business_id, till_account_id, external_id, name, parent_external_id, hidden,
      takes_no_discount)
    SELECT of_business, of_account, t.id, t.name, t.parent, t.hidden, t.takes_no_discount
    FROM jsonb_to_recordset(categories) AS t (id text, name text, parent text, hidden boolean, takes_no_discount boolean)
    ORDER BY t.id
    ON CONFLICT (business_id, till_account_id, external_id) DO UPDATE SET name = excluded.name,
      parent_external_id = excluded.parent_external_id, hidden = excluded.hidden,
      takes_no_discount = excluded.takes_no_discount, removed_at = NULL
    WHERE (c.name, c.parent_external_id, c.hidden, c.takes_no_discount, c.removed_at) IS DISTINCT FROM
      (excluded.name, excluded.parent_external_id, excluded.hidden, excluded.takes_no_discount, NULL::timestamptz);
  UPDATE poster.product_category c SET removed_at = at_time
    WHERE c.business_id = of_business AND c.till_account_id = of_account AND c.removed_at IS NULL
      AND c.external_id NOT IN (SELECT t.id FROM jsonb_to_recordset(categories) AS t (id text));

  INSERT INTO poster.station AS s (business_id, till_account_id, external_id, name)
    SELECT of_business, of_account, t.id, t.name FROM jsonb_to_recordset(stations) AS t (id text, name text) ORDER BY t.id
    ON CONFLICT (business_id, till_account_id, external_id) DO UPDATE SET name = excluded.name, removed_at = NULL
    WHERE (s.name, s.removed_at) IS DISTINCT FROM (excluded.name, NULL::timestamptz);
  UPDATE poster.station s SET removed_at = at_time
    WHERE s.business_id = of_business AND s.till_account_id = of_account AND s.removed_at IS NULL
      AND s.external_id NOT IN (SELECT t.id FROM jsonb_to_recordset(stations) AS t (id text));

  INSERT INTO poster.product AS p (business_id, till_account_id, external_id, name, category_external_id, station_external_id,
      takes_no_discount, by_weight, hidden, modifications)
    SELECT of_business, of_account, t.id, t.name, t.category, t.station, t.takes_no_discount, t.by_weight, t.hidden,
      t.modifications
    FROM jsonb_to_recordset(products) AS t (id text, name text, category text, station text, takes_no_discount boolean,
      by_weight boolean, hidden boolean, modifications jsonb)
    ORDER BY t.id
    ON CONFLICT (business_id, till_account_id, external_id) DO UPDATE SET name = excluded.name,
      category_external_id = excluded.category_external_id, station_external_id = excluded.station_external_id,
      takes_no_discount = excluded.takes_no_discount, by_weight = excluded.by_weight, hidden = excluded.hidden,
      modifications = excluded.modifications, removed_at = NULL
    WHERE (p.name, p.category_external_id, p.station_external_id, p.takes_no_discount, p.by_weight, p.hidden,
        p.modifications, p.removed_at) IS DISTINCT FROM
      (excluded.name, excluded.category_external_id, excluded.station_external_id, excluded.takes_no_discount,
        excluded.by_weight, excluded.hidden, excluded.modifications, NULL::timestamptz);
  UPDATE poster.product p SET removed_at = at_time
    WHERE p.business_id = of_business AND p.till_account_id = of_account AND p.removed_at IS NULL
      AND p.external_id NOT IN (SELECT t.id FROM jsonb_to_recordset(products) AS t (id text));
  RETURN true;
END $$;
