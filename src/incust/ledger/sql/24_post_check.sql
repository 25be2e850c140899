-- Posts a paid check on a customer's account: takes `redeem_minor`, then credits what was earned.
--
-- The till's truth: the receipt was reduced by exactly `redeem_minor`. The check's own hold (`own_hold`) covers it first,
-- then what else is available; the remainder is booked to the business's unbacked account, never as a debt of the guest.
-- The hold is resolved here: captured as far as it was needed, released otherwise.
--
-- The guest's balance covers `cover_max_minor` at most (NULL: all): what a receipt was reduced by beyond its total is a
-- mistake of the till and no payment of his.
--
-- Credits come as three arrays of one length; a credit without an expiry (NULL) forms no lot. Below zero, credits repay
-- the debt before they form lots.
DROP FUNCTION IF EXISTS ledger.post_check(bigint, bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[], text,
  timestamptz, timestamptz, bigint);
CREATE OR REPLACE FUNCTION ledger.post_check(
  of_business bigint, of_account bigint, check_id bigint, own_hold bigint, redeem_minor bigint,
  credit_minor bigint[], credit_expires_on date[], credit_expires_at timestamptz[],
  by_actor text, closed_at timestamptz, at_time timestamptz, cover_max_minor bigint,
  OUT captured_minor bigint, OUT unbacked_minor bigint, OUT balance_minor bigint, OUT posting_id bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
  account ledger.account;
  own_minor bigint := 0;
  of_guest_minor bigint := least(redeem_minor, cover_max_minor);
  spent_version bigint;
  earned_minor bigint := 0;
  credits_count integer := coalesce(cardinality(credit_minor), 0);
BEGIN
  FOR position IN 1 .. credits_count LOOP
    earned_minor := earned_minor + credit_minor[position];
  END LOOP;
  account := ledger.settle_account(of_business, of_account, at_time);
  IF account.id IS NULL THEN
    RAISE EXCEPTION 'business % has no account %', of_business, of_account;
  END IF;
  IF own_hold IS NOT NULL THEN
    UPDATE ledger.hold h SET
        resolution = CASE WHEN of_guest_minor > 0 THEN 'captured' ELSE 'released' END,
        captured_minor = least(h.amount_minor, of_guest_minor), resolved_at = at_time
      WHERE h.business_id = of_business AND h.account_id = of_account AND h.id = own_hold AND h.resolution IS NULL
      RETURNING h.amount_minor INTO own_minor;
    own_minor := coalesce(own_minor, 0);
  END IF;
  -- A live hold was promised to the cashier. A refund that took the guest into debt since then does not break the promise:
  -- the hold is honoured whole, and the debt limit leaves room for it (balance - held stays above the limit).
  captured_minor := least(of_guest_minor, greatest(own_minor, account.balance_minor - account.held_minor + own_minor));
  unbacked_minor := redeem_minor - captured_minor;
  spent_version := account.version + (captured_minor > 0)::int;
  balance_minor := account.balance_minor - captured_minor + earned_minor;
  IF redeem_minor > 0 OR credits_count > 0 THEN
    INSERT INTO ledger.posting (business_id, unit, kind, cause_id, actor, happened_at, recorded_at)
      VALUES (of_business, account.unit, 'check', check_id, by_actor, closed_at, at_time)
      RETURNING id INTO posting_id;
    INSERT INTO ledger.entry AS e
      (business_id, posting_id, unit, account_id, system_account, amount_minor, account_version, balance_after_minor)
      SELECT of_business, posting_id, account.unit, leg.account_id, leg.system_account, leg.amount_minor,
          leg.account_version, leg.balance_after_minor
        FROM (VALUES
          (of_account, NULL, -captured_minor, spent_version, account.balance_minor - captured_minor),
          (NULL, 'unbacked', -unbacked_minor, NULL, NULL),
          (NULL, 'redeemed', redeem_minor, NULL, NULL),
          (NULL, 'issued', -earned_minor, NULL, NULL)
        ) AS leg (account_id, system_account, amount_minor, account_version, balance_after_minor)
        WHERE leg.amount_minor <> 0
      UNION ALL
      SELECT of_business, posting_id, account.unit, of_account, NULL, c.amount_minor, spent_version + c.position,
          account.balance_minor - captured_minor + sum(c.amount_minor) OVER (ORDER BY c.position)
        FROM unnest(credit_minor) WITH ORDINALITY AS c (amount_minor, position);
  END IF;
  IF captured_minor > 0 THEN
    IF EXISTS (SELECT FROM ledger.lot l WHERE l.account_id = of_account AND l.remaining_minor > 0) THEN
      PERFORM ledger.spend_lots(of_business, of_account, spent_version, captured_minor);
    END IF;
  END IF;
  IF array_length(array_remove(credit_expires_at, NULL), 1) > 0 THEN
    PERFORM ledger.form_lots(of_business, of_account, spent_version, account.balance_minor - captured_minor,
      credit_minor, credit_expires_on, credit_expires_at);
  END IF;
  UPDATE ledger.account a SET
      version = spent_version + credits_count,
      balance_minor = post_check.balance_minor,
      held_minor = account.held_minor - own_minor
    WHERE a.business_id = of_business AND a.id = of_account;
  -- What the hold kept from expiring, or what a receipt told late earned, may be past its date already: it is gone before
  -- anybody hears of a balance.
  IF own_minor > captured_minor OR at_time >= ANY (credit_expires_at) THEN
    account := ledger.settle_account(of_business, of_account, at_time);
    balance_minor := account.balance_minor;
  END IF;
END $$;
ALTER FUNCTION ledger.post_check(bigint, bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[], text, timestamptz,
  timestamptz, bigint) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.post_check(bigint, bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[], text,
  timestamptz, timestamptz, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.post_check(bigint, bigint, bigint, bigint, bigint, bigint[], date[], timestamptz[], text,
  timestamptz, timestamptz, bigint) TO incust_app, incust_owner;
