-- A customer's account as it stands at `at_time`, read without locks. `available_minor` leaves out live holds (those of the
-- check `except_check` count as free) and what has expired; no row where the account was never opened.
CREATE OR REPLACE FUNCTION ledger.balance(
  of_business bigint, of_customer bigint, of_unit text, at_time timestamptz, except_check bigint DEFAULT NULL
) RETURNS TABLE (account_id bigint, version bigint, balance_minor bigint, available_minor bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.id, a.version, a.balance_minor - lapsed.expired_minor,
    a.balance_minor - lapsed.expired_minor - live.held_minor + live.own_minor
  FROM ledger.account a
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(h.amount_minor), 0)::bigint AS held_minor,
      coalesce(sum(h.amount_minor) FILTER (WHERE h.cause_kind = 'check' AND h.cause_id = except_check), 0)::bigint
        AS own_minor
    FROM ledger.hold h
    WHERE a.held_minor > 0 AND h.account_id = a.id AND h.resolution IS NULL AND h.expires_at > at_time
  ) live
  CROSS JOIN LATERAL (
    SELECT greatest(0, coalesce(sum(l.remaining_minor), 0) - live.held_minor)::bigint AS expired_minor
    FROM ledger.lot l WHERE l.account_id = a.id AND l.remaining_minor > 0 AND l.expires_at <= at_time
  ) lapsed
  WHERE a.business_id = of_business AND a.customer_id = of_customer AND a.unit = of_unit
$$;

-- What expires when: [{"amount_minor", "expires_on"}], soonest first.
CREATE OR REPLACE FUNCTION ledger.expiring(of_business bigint, of_account bigint, at_time timestamptz)
RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('amount_minor', d.amount_minor, 'expires_on', d.expires_on)
    ORDER BY d.expires_on), '[]'::jsonb)
  FROM (
    SELECT l.expires_on, sum(l.remaining_minor)::bigint AS amount_minor FROM ledger.lot l
    WHERE l.business_id = of_business AND l.account_id = of_account AND l.remaining_minor > 0 AND l.expires_at > at_time
    GROUP BY l.expires_on
  ) d
$$;
