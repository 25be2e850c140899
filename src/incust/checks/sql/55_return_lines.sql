-- The share of an amount that goes back with `returned` of `quantity`, rounded down: exactly all of it with all of them, and
-- never less with more of them.
CREATE OR REPLACE FUNCTION checks.share_back(amount_minor bigint, returned numeric, quantity numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT div(amount_minor * returned, quantity)::bigint $$;

-- Brings the lines of a paid check, whose row the caller has locked, to what a till says is returned so far: `told` is
-- [{"line_id", "returned_quantity"}], or NULL for the whole receipt. What is told is a state and only grows: less than is known
-- already changes nothing, and lines left out stay as they are.
--
-- Answers what is to go back with it, totals so far: of the redemption (`redeemed_minor`) and of the earnings. All lines
-- returned in full are the whole receipt, with all that lies on no line.
--
-- Raises `line-unknown` (line_id), `returned-above-bought` (line_id, quantity).
CREATE OR REPLACE FUNCTION checks.return_lines(
  of_business bigint, receipt checks.check, told jsonb,
  OUT changed boolean, OUT whole boolean, OUT redeemed_minor bigint, OUT earned_minor bigint, OUT returned jsonb
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  wrong record;
BEGIN
  SELECT t.line_id, l.quantity INTO wrong
    FROM jsonb_to_recordset(told) AS t (line_id text, returned_quantity numeric)
    LEFT JOIN checks.check_line l
      ON l.business_id = of_business AND l.check_id = receipt.id AND l.line_id = t.line_id
    WHERE l.id IS NULL OR t.returned_quantity > l.quantity ORDER BY t.line_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'IC000',
      MESSAGE = CASE WHEN wrong.quantity IS NULL THEN 'line-unknown' ELSE 'returned-above-bought' END,
      DETAIL = jsonb_strip_nulls(jsonb_build_object('line_id', wrong.line_id, 'quantity', wrong.quantity::text));
  END IF;
  UPDATE checks.check_line l SET returned_quantity = coalesce(t.returned_quantity, l.quantity)
    FROM (SELECT line_id, returned_quantity
            FROM jsonb_to_recordset(told) AS r (line_id text, returned_quantity numeric)
          UNION ALL SELECT a.line_id, NULL FROM checks.check_line a
            WHERE told IS NULL AND a.business_id = of_business AND a.check_id = receipt.id) t
    WHERE l.business_id = of_business AND l.check_id = receipt.id AND l.line_id = t.line_id
      AND l.returned_quantity < coalesce(t.returned_quantity, l.quantity);
  changed := FOUND OR told IS NULL AND NOT receipt.returned_whole;
  SELECT told IS NULL OR coalesce(bool_and(l.returned_quantity = l.quantity), false),
      coalesce(sum(checks.share_back(l.redeemed_minor, l.returned_quantity, l.quantity)), 0),
      coalesce(sum(checks.share_back(l.earned_minor, l.returned_quantity, l.quantity)), 0),
      coalesce(jsonb_agg(jsonb_build_object('line_id', l.line_id, 'returned_quantity', l.returned_quantity::text)
        ORDER BY l.id) FILTER (WHERE l.returned_quantity > 0), '[]')
    INTO whole, redeemed_minor, earned_minor, returned
    FROM checks.check_line l WHERE l.business_id = of_business AND l.check_id = receipt.id;
  IF whole THEN
    redeemed_minor := receipt.redeem_minor;
    earned_minor := receipt.earned_minor;
  END IF;
END $$;
