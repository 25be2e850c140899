-- The row of a receipt, locked for the caller's change; NULLs where nobody has reported it yet. Poster's receipts are found
-- by (account, spot, date_start), then by (account, transaction id); others by the external id at their terminal. Where
-- the terminal was moved meanwhile, our own number of the check finds it too, as long as the external id is the same.
DROP FUNCTION IF EXISTS checks.lock_check(bigint, bigint, text, bigint, text, text);
CREATE OR REPLACE FUNCTION checks.lock_check(
  of_business bigint, of_till_account bigint, at_spot text, of_terminal bigint, by_external_id text,
  by_transaction_id text, by_check_id bigint
) RETURNS checks.check
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  receipt checks.check;
BEGIN
  IF of_till_account IS NULL THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id IS NULL AND c.terminal_id = of_terminal
        AND c.external_id = by_external_id FOR NO KEY UPDATE;
  ELSE
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.spot = at_spot
        AND c.external_id = by_external_id FOR NO KEY UPDATE;
  END IF;
  IF receipt.id IS NULL AND by_check_id IS NOT NULL THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.id = by_check_id AND c.external_id = by_external_id FOR NO KEY UPDATE;
  END IF;
  IF receipt.id IS NULL AND of_till_account IS NOT NULL AND by_transaction_id <> '' THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.transaction_id <> ''
        AND c.transaction_id = by_transaction_id FOR NO KEY UPDATE;
  END IF;
  RETURN receipt;
END $$;

-- Whether another check of that till account has this transaction id.
CREATE OR REPLACE FUNCTION checks.transaction_is_taken(
  of_business bigint, of_till_account bigint, the_transaction_id text, except_check bigint
) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM checks.check c
    WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.transaction_id <> ''
      AND c.transaction_id = the_transaction_id AND c.id <> except_check)
$$;
