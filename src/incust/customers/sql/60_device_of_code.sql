-- The device that a wallet's QR code names, for checking the code before `identify`: its sealed secret, or NULL.
CREATE OR REPLACE FUNCTION customers.device_of_code(caller jsonb, device_number text, OUT secret_sealed bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
AS $$
DECLARE
  at_terminal record;
BEGIN
  SELECT * INTO at_terminal FROM businesses.resolve_terminal(caller);
  SELECT d.secret_sealed INTO device_of_code.secret_sealed FROM customers.device d
    WHERE d.business_id = at_terminal.business_id AND d.number = device_number AND d.revoked_at IS NULL;
END $$;
