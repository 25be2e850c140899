-- Writes the final row of a receipt and, once it is paid, its lines; returns its number. A receipt that somebody else wrote meanwhile is a
-- serialization failure: the caller starts over and finds it.
DROP FUNCTION IF EXISTS checks.write_final(
  bigint, bigint, bigint, bigint, text, text, bigint, boolean, text, bigint, jsonb, jsonb, jsonb);
DROP FUNCTION IF EXISTS checks.write_final(
  bigint, bigint, bigint, bigint, text, text, bigint, boolean, text, bigint, jsonb, jsonb, text[], timestamptz, jsonb);
CREATE OR REPLACE FUNCTION checks.write_final(
  of_business bigint, of_terminal bigint, of_point_of_sale bigint, of_till_account bigint, at_spot text, of_currency text,
  check_id bigint, is_known boolean, new_status text, version_id bigint, outcome jsonb, answer jsonb,
  concerns text[], closed_at timestamptz, ask jsonb
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  at_time timestamptz := (ask->>'now')::timestamptz;
BEGIN
  IF is_known THEN
    UPDATE checks.check c SET status = new_status, terminal_id = of_terminal,
        transaction_id = coalesce(nullif(ask->>'transaction_id', ''), c.transaction_id),
        customer_id = (ask->>'customer_id')::bigint, currency = of_currency, total_minor = (ask->>'total_minor')::bigint,
        service_minor = (ask->>'service_minor')::bigint, content_hash = ask->>'content_hash',
        program_version_id = coalesce(version_id, c.program_version_id), outcome = outcome,
        redeem_minor = (answer->>'redeemed_minor')::bigint, earned_minor = (answer->>'earned_minor')::bigint,
        unbacked_minor = (answer->>'unbacked_minor')::bigint, fingerprint = ask->>'fingerprint', answer = answer,
        payment = ask->'payment', salesperson_external_id = coalesce(ask#>>'{salesperson,external_id}', ''),
        salesperson_name = coalesce(ask#>>'{salesperson,name}', ''), closed_at = closed_at,
        finalized_at = at_time, concerns = concerns
      WHERE c.business_id = of_business AND c.id = check_id;
  ELSE
    INSERT INTO checks.check (id, business_id, terminal_id, point_of_sale_id, till_account_id, spot, external_id,
        transaction_id, status, customer_id, identification_id, currency, total_minor, service_minor, content_hash,
        program_version_id, evaluated_at, outcome, redeem_minor, earned_minor, unbacked_minor, fingerprint, answer,
        payment, salesperson_external_id, salesperson_name, closed_at, finalized_at, concerns)
      VALUES (check_id, of_business, of_terminal, of_point_of_sale, of_till_account,
        CASE WHEN of_till_account IS NOT NULL THEN at_spot END, ask->>'external_id', ask->>'transaction_id',
        new_status, (ask->>'customer_id')::bigint, (ask->>'identification_id')::bigint, of_currency,
        (ask->>'total_minor')::bigint, (ask->>'service_minor')::bigint, ask->>'content_hash', version_id, at_time,
        outcome, (answer->>'redeemed_minor')::bigint, (answer->>'earned_minor')::bigint,
        (answer->>'unbacked_minor')::bigint, ask->>'fingerprint', answer, ask->'payment',
        coalesce(ask#>>'{salesperson,external_id}', ''), coalesce(ask#>>'{salesperson,name}', ''),
        closed_at, at_time, concerns)
      ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'another request posted this receipt just now' USING ERRCODE = 'serialization_failure';
    END IF;
  END IF;
  IF new_status <> 'finalized' THEN
    RETURN check_id;
  END IF;
  INSERT INTO checks.check_line (business_id, check_id, line_id, product_id, modification_id, quantity, amount_minor,
      discountable, promotion, redeemed_minor, earned_minor)
    SELECT of_business, check_id, l.line_id, l.product_id, l.modification_id, l.quantity, l.amount_minor,
        l.discountable, l.promotion, coalesce(s.redeemed_minor, 0), coalesce(s.earned_minor, 0)
      FROM jsonb_to_recordset(ask->'lines') AS l (line_id text, product_id text, modification_id text, quantity numeric,
        amount_minor bigint, discountable boolean, promotion boolean)
      LEFT JOIN jsonb_to_recordset(outcome->'shares') AS s (line_id text, redeemed_minor bigint, earned_minor bigint)
        ON s.line_id = l.line_id;
  RETURN check_id;
END $$;
