-- Remembers expiring credits as lots. `balance_before_minor` is the account's balance before the first of them: what
-- repays a debt is gone and forms no lot. The caller has locked the account and written the entries, numbered from
-- `version_before` + 1 on.
CREATE OR REPLACE FUNCTION ledger.form_lots(
  of_business bigint, of_account bigint, version_before bigint, balance_before_minor bigint,
  credit_minor bigint[], credit_expires_on date[], credit_expires_at timestamptz[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO ledger.lot
    (business_id, account_id, account_version, amount_minor, remaining_minor, expires_on, expires_at)
  SELECT of_business, of_account, version_before + c.position, c.good_minor, c.good_minor, c.expires_on, c.expires_at
  FROM (
    SELECT u.position, u.expires_on, u.expires_at,
      least(u.amount_minor, balance_before_minor + sum(u.amount_minor) OVER (ORDER BY u.position))::bigint AS good_minor
    FROM unnest(credit_minor, credit_expires_on, credit_expires_at) WITH ORDINALITY
      AS u (amount_minor, expires_on, expires_at, position)
  ) c
  WHERE c.expires_at IS NOT NULL AND c.good_minor > 0
$$;
ALTER FUNCTION ledger.form_lots(bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[]) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.form_lots(bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[]) FROM PUBLIC;
