-- Records what time has already decided on an account: lapsed holds, expired lots. For the sweeper; changes no answer.
-- Returns whether there was anything to record. An account that a till is working on is not waited for long.
DROP FUNCTION IF EXISTS ledger.record_lapsed(bigint, bigint, timestamptz);
CREATE OR REPLACE FUNCTION ledger.record_lapsed(of_business bigint, of_account bigint, at_time timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  before ledger.account;
  settled ledger.account;
BEGIN
  SELECT a.* INTO before FROM ledger.account a WHERE a.business_id = of_business AND a.id = of_account;
  settled := ledger.settle_account(of_business, of_account, at_time);
  RETURN settled.version > before.version OR settled.held_minor < before.held_minor;
END $$;
ALTER FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) OWNER TO incust_ledger;
REVOKE ALL ON FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.record_lapsed(bigint, bigint, timestamptz) TO incust_app, incust_owner;
