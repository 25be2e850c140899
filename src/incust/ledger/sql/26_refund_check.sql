-- Posts one refund of a check, whole or in part: gives back what the guest redeemed, takes back what the check earned.
--
-- `returned_before_minor`: what earlier refunds of the check gave back to the guest; `return_minor`: what this one gives
-- back now; `unbacked_minor`: what of the returned redemption no balance had covered, so it goes to nobody.
-- `take_minor`: what is to be taken back of the earnings; `expired_before_minor`: what earlier refunds found expired.
--
-- Earnings that expired as the check's own lots are not taken a second time (`expired_minor`). Points that a live hold
-- has promised to a cashier are not taken either. For the rest the account, less what is held, may go down to
-- -`debt_max_minor` (0: no debt); what it does not give is `absorbed_minor`, of which nothing is posted.
--
-- Who is below zero repays his debt first, with what would expire soonest of all that comes back. Lots keep their dates: what
-- is past its date expires at once, by an entry of its own.
CREATE OR REPLACE FUNCTION ledger.refund_check(
  of_business bigint, of_account bigint, refund_id bigint, check_id bigint, returned_before_minor bigint,
  return_minor bigint, unbacked_minor bigint, take_minor bigint, expired_before_minor bigint, debt_max_minor bigint,
  by_actor text, refunded_at timestamptz, at_time timestamptz,
  OUT taken_minor bigint, OUT expired_minor bigint, OUT absorbed_minor bigint, OUT balance_minor bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  account ledger.account;
  posting_id bigint;
  spent_version bigint;
  credit_versions bigint[];
  returned_version bigint;
  free_minor bigint;
BEGIN
  account := ledger.settle_account(of_business, of_account, at_time);
  IF account.id IS NULL THEN
    RAISE EXCEPTION 'business % has no account %', of_business, of_account;
  END IF;
  SELECT max(e.account_version) FILTER (WHERE e.amount_minor < 0),
      coalesce(array_agg(e.account_version) FILTER (WHERE e.amount_minor > 0), '{}')
    INTO spent_version, credit_versions
    FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id AND e.account_id = of_account
    WHERE p.business_id = of_business AND p.kind = 'check' AND p.cause_id = check_id AND p.unit = account.unit;
  expired_minor := least(take_minor, ledger.expired_of(of_business, of_account, credit_versions) - expired_before_minor);
  free_minor := account.balance_minor + return_minor - account.held_minor;
  taken_minor := least(take_minor - expired_minor, greatest(0, free_minor + debt_max_minor));
  absorbed_minor := take_minor - expired_minor - taken_minor;

  returned_version := account.version + (return_minor > 0)::int;
  IF return_minor > 0 OR unbacked_minor > 0 OR taken_minor > 0 THEN
    INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
      VALUES (of_business, account.unit, 'refund', refund_id, by_actor, refunded_at, at_time)
      RETURNING id INTO posting_id;
    INSERT INTO ledger.entry
      (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
      SELECT of_business, posting_id, account.unit, leg.account_id, leg.system_account, leg.amount_minor,
          leg.account_version, leg.balance_after_minor
        FROM (VALUES
          (of_account, NULL, return_minor, returned_version, account.balance_minor + return_minor),
          (of_account, NULL, -taken_minor, returned_version + 1, account.balance_minor + return_minor - taken_minor),
          (NULL, 'redeemed', -(return_minor + unbacked_minor), NULL, NULL),
          (NULL, 'unbacked', unbacked_minor, NULL, NULL),
          (NULL, 'issued', taken_minor, NULL, NULL)
        ) AS leg (account_id, system_account, amount_minor, account_version, balance_after_minor)
        WHERE leg.amount_minor <> 0;
  END IF;
  IF return_minor > 0 THEN
    PERFORM ledger.restore_lots(of_business, of_account, spent_version, returned_version, returned_before_minor,
      returned_before_minor + least(return_minor, greatest(0, account.balance_minor + return_minor)));
  END IF;
  IF taken_minor > 0 THEN
    PERFORM ledger.spend_lots(of_business, of_account, returned_version + 1, taken_minor, credit_versions);
  END IF;
  UPDATE ledger.account a SET
      version = returned_version + (taken_minor > 0)::int,
      balance_minor = account.balance_minor + return_minor - taken_minor,
      debt_limit_minor = CASE WHEN taken_minor > greatest(0, free_minor)
        THEN greatest(a.debt_limit_minor, debt_max_minor) ELSE a.debt_limit_minor END
    WHERE a.business_id = of_business AND a.id = of_account;
  account := ledger.settle_account(of_business, of_account, at_time);
  balance_minor := account.balance_minor;
END $$;
ALTER FUNCTION ledger.refund_check(bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, text,
  timestamptz, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.refund_check(bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint,
  text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.refund_check(bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint,
  bigint, text, timestamptz, timestamptz) TO incust_app, incust_owner;

-- How much of the lots that those entries credited has expired.
CREATE OR REPLACE FUNCTION ledger.expired_of(of_business bigint, of_account bigint, credit_versions bigint[]) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(sum(s.amount_minor), 0)::bigint
  FROM ledger.lot l
  JOIN ledger.lot_spend s ON s.business_id = l.business_id AND s.lot_id = l.id
  JOIN ledger.entry e ON e.account_id = s.account_id AND e.account_version = s.account_version
  JOIN ledger.posting p ON p.id = e.posting_id AND p.kind = 'expiry'
  WHERE l.business_id = of_business AND l.account_id = of_account AND l.account_version = ANY (credit_versions)
$$;
