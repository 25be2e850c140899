-- The row of a receipt, locked for the caller's change; NULLs where nobody has reported it yet. Poster's receipts are found
-- by (account, spot, date_start), then by (account, transaction id); others by the external id among the terminals of
-- their point of sale.
CREATE OR REPLACE FUNCTION checks.lock_check(
  of_business bigint, of_till_account bigint, at_spot text, of_point_of_sale bigint, by_external_id text,
  by_transaction_id text
) RETURNS checks.check
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  receipt checks.check;
BEGIN
  IF of_till_account IS NULL THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id IS NULL AND c.point_of_sale_id = of_point_of_sale
        AND c.external_id = by_external_id FOR NO KEY UPDATE;
    RETURN receipt;
  END IF;
  SELECT c.* INTO receipt FROM checks.check c
    WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.spot = at_spot
      AND c.external_id = by_external_id FOR NO KEY UPDATE;
  IF receipt.id IS NULL AND by_transaction_id <> '' THEN
    SELECT c.* INTO receipt FROM checks.check c
      WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.transaction_id <> ''
        AND c.transaction_id = by_transaction_id FOR NO KEY UPDATE;
  END IF;
  RETURN receipt;
END $$;
