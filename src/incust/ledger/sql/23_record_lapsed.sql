-- Records what time has already decided on an account: lapsed holds, expired lots. For the sweeper; changes no answer.
CREATE OR REPLACE FUNCTION ledger.record_lapsed(of_business bigint, of_account bigint, at_time timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM ledger.settle_account(of_business, of_account, at_time);
END $$;
ALTER FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) TO incust_app, incust_owner;
