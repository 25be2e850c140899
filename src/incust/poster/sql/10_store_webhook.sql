-- Keeps a verified webhook, once however often it arrives, and puts into the outbox what has an effect; one statement, because
-- Poster holds later hooks back until this one is answered. Answers whether it is new.
--
-- An order raises a hook for each thing that is put on it, and nothing is owed before it is closed: steps of a receipt
-- matter once the receipt, or a check of it, is known here.
--
-- `hook`: account, object, object_id, action, data, sent_at, received_at, digest.
CREATE OR REPLACE FUNCTION poster.store_webhook(of_business bigint, of_till_account bigint, hook jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  outer_business text := coalesce(current_setting('incust.business_id', true), '');
  bound text := set_config('incust.business_id', of_business::text, true);
  has_effect boolean;
  hook_id bigint;
BEGIN
  has_effect := CASE hook->>'object'
    WHEN 'application' THEN hook->>'action' IN ('added', 'removed')
    WHEN 'client' THEN hook->>'action' IN ('added', 'changed', 'removed')
    WHEN 'product' THEN true
    WHEN 'dish' THEN true
    WHEN 'category' THEN true
    WHEN 'workshop' THEN true
    WHEN 'transaction' THEN hook->>'action' IN ('closed', 'removed')
      OR EXISTS (
        SELECT FROM poster.receipt r
        WHERE r.business_id = of_business AND r.till_account_id = of_till_account
          AND r.transaction_id = hook->>'object_id')
      OR EXISTS (
        SELECT FROM checks.check c
        WHERE c.business_id = of_business AND c.till_account_id = of_till_account AND c.transaction_id <> ''
          AND c.transaction_id = hook->>'object_id')
    ELSE false END;
  INSERT INTO poster.webhook_event (business_id, account, object, object_id, action, data, sent_at, received_at,
      processed_at, tries, digest)
    VALUES (of_business, hook->>'account', hook->>'object', hook->>'object_id', hook->>'action', hook->>'data',
      (hook->>'sent_at')::timestamptz, (hook->>'received_at')::timestamptz,
      CASE WHEN NOT has_effect THEN (hook->>'received_at')::timestamptz END, 0, hook->>'digest')
    ON CONFLICT (business_id, digest) DO NOTHING
    RETURNING id INTO hook_id;
  IF hook_id IS NOT NULL AND has_effect THEN
    PERFORM messaging.enqueue(of_business, 'poster-webhook', jsonb_build_object('event_id', hook_id));
  END IF;
  bound := set_config('incust.business_id', outer_business, true);
  RETURN hook_id IS NOT NULL;
END $$;
