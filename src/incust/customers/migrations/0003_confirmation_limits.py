"""What the limits on confirmation codes count."""

from django.db import migrations

from incust.businesses.schema import BUSINESS_OF_TRANSACTION

EVENTS = f"""
-- Codes sent and wrong tries of the last hour; older rows go when the next one is written.
CREATE TABLE customers.confirmation_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  business_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  terminal_id bigint,
  kind text NOT NULL,
  happened_at timestamptz NOT NULL,
  CONSTRAINT confirmation_event_kind CHECK (kind IN ('sent', 'wrong')),
  CONSTRAINT confirmation_event_customer_same_business
    FOREIGN KEY (business_id, customer_id) REFERENCES customers.customer (business_id, id) ON DELETE CASCADE
);
CREATE INDEX confirmation_event_customer ON customers.confirmation_event (business_id, customer_id, happened_at);
CREATE INDEX confirmation_event_terminal ON customers.confirmation_event (business_id, terminal_id, happened_at);
ALTER TABLE customers.confirmation_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY business ON customers.confirmation_event
  USING (business_id = {BUSINESS_OF_TRANSACTION}) WITH CHECK (business_id = {BUSINESS_OF_TRANSACTION});
GRANT SELECT, INSERT, DELETE ON customers.confirmation_event TO incust_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA customers TO incust_app;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_lookup_by_name")]

    operations = [
        migrations.RunSQL(EVENTS, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="confirmationcode", name="times_sent"),
    ]
