"""The outbox, and what became of each message."""

import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import BUSINESS_OF_TRANSACTION, create_schema, tenant_table

OUTBOX = f"""
CREATE TABLE messaging.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  business_id bigint NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  relayed_at timestamptz,                        -- a job exists since
  failed_at timestamptz,                         -- the last try failed
  CONSTRAINT outbox_business_key UNIQUE (business_id, id)
);
CREATE INDEX outbox_to_relay ON messaging.outbox (id) WHERE relayed_at IS NULL;
CREATE INDEX outbox_relayed ON messaging.outbox (relayed_at) WHERE relayed_at IS NOT NULL;
ALTER TABLE messaging.outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY business ON messaging.outbox
  USING (business_id = {BUSINESS_OF_TRANSACTION}) WITH CHECK (business_id = {BUSINESS_OF_TRANSACTION});
GRANT SELECT, DELETE, UPDATE (failed_at) ON messaging.outbox TO incust_app;

-- The relay works for all businesses before it knows them; it cannot read what the events say.
GRANT USAGE, CREATE ON SCHEMA messaging TO incust_relay;
GRANT SELECT (id, business_id, topic, relayed_at, failed_at), UPDATE (relayed_at), DELETE
  ON messaging.outbox TO incust_relay;
-- By name, because a policy for a role holds for the role's members as well, and incust_owner is one.
CREATE POLICY relay ON messaging.outbox TO incust_relay
  USING (current_user = 'incust_relay') WITH CHECK (current_user = 'incust_relay');
GRANT USAGE ON SCHEMA public TO incust_relay;
GRANT SELECT (lock, status) ON public.procrastinate_jobs TO incust_relay;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("businesses", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        create_schema("messaging"),
        migrations.RunSQL(OUTBOX, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dedup_key", models.CharField(max_length=100, verbose_name="key against doubles")),
                ("topic", models.CharField(max_length=60, verbose_name="topic")),
                ("customer_id", models.BigIntegerField(null=True, verbose_name="customer")),
                ("channel", models.CharField(blank=True, default="", max_length=20, verbose_name="channel")),
                ("masked_address", models.CharField(blank=True, default="", max_length=100, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "could not be sent"),
                            ("ambiguous", "perhaps sent"),
                            ("expired", "too late to send"),
                        ],
                        default="queued",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("error", models.CharField(blank=True, default="", max_length=60, verbose_name="error")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                (
                    "business",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="businesses.business",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "db_table": "message",
                "constraints": [models.UniqueConstraint(fields=("business", "dedup_key"), name="message_once")],
            },
        ),
        tenant_table("message", schema="messaging"),
        migrations.RunSQL(
            "CREATE INDEX message_of_customer ON messaging.message (business_id, customer_id, id DESC);",
            migrations.RunSQL.noop,
        ),
    ]
