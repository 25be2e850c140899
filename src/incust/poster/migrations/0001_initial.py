import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import create_schema, tenant_foreign_key, tenant_table

# Every member of this table is of the installation as a whole, so no business fences it; the secret is encrypted.
APPLICATION = """
ALTER TABLE public.application SET SCHEMA poster;
GRANT SELECT, INSERT, UPDATE ON poster.application TO incust_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA poster TO incust_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("businesses", "0001_initial"),
    ]

    operations = [
        create_schema("poster"),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("application_id", models.CharField(max_length=20, unique=True, verbose_name="application number")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="Application name in Poster")),
                ("secret_encrypted", models.BinaryField(verbose_name="secret, encrypted")),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "db_table": "application",
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("application_id", models.CharField(max_length=20, verbose_name="application number")),
                ("token_encrypted", models.BinaryField(null=True, verbose_name="token, encrypted")),
                ("owner_name", models.CharField(blank=True, default="", max_length=200, verbose_name="owner")),
                ("owner_email", models.CharField(blank=True, default="", max_length=254, verbose_name="owner's email")),
                ("owner_phone", models.CharField(blank=True, default="", max_length=40, verbose_name="owner's phone")),
                ("company_name", models.CharField(blank=True, default="", max_length=200, verbose_name="company")),
                (
                    "client_group_id",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="client group"),
                ),
                ("installed_at", models.DateTimeField(verbose_name="connected")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="disconnected")),
                ("refreshed_at", models.DateTimeField(blank=True, null=True, verbose_name="last read from Poster")),
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
                (
                    "till_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="businesses.tillaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "installation",
                "verbose_name_plural": "installations",
                "db_table": "installation",
                "constraints": [models.UniqueConstraint(fields=("business", "till_account"), name="installation_once")],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=20, verbose_name="Poster Location ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("address", models.CharField(blank=True, default="", max_length=300, verbose_name="address")),
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
                (
                    "point_of_sale",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="businesses.pointofsale",
                    ),
                ),
                (
                    "till_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="businesses.tillaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "location in Poster",
                "verbose_name_plural": "locations in Poster",
                "db_table": "location",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "till_account", "external_id"), name="location_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=20, verbose_name="Poster register ID")),
                ("location_external_id", models.CharField(max_length=20, verbose_name="Poster Location ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
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
                (
                    "till_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="businesses.tillaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "register in Poster",
                "verbose_name_plural": "registers in Poster",
                "db_table": "register",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "till_account", "external_id"), name="register_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=100, verbose_name="account")),
                ("object", models.CharField(max_length=40, verbose_name="object")),
                ("object_id", models.CharField(max_length=40, verbose_name="number")),
                ("action", models.CharField(max_length=40, verbose_name="action")),
                ("data", models.TextField(blank=True, default="", verbose_name="data")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("processed_at", models.DateTimeField(blank=True, null=True, verbose_name="processed")),
                ("digest", models.CharField(max_length=32)),
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
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "db_table": "webhook_event",
                "constraints": [models.UniqueConstraint(fields=("business", "digest"), name="webhook_event_once")],
            },
        ),
        migrations.RunSQL(APPLICATION, migrations.RunSQL.noop),
        tenant_table("installation", schema="poster"),
        tenant_table("location", schema="poster"),
        tenant_table("register", schema="poster"),
        tenant_table("webhook_event", schema="poster"),
        *(
            tenant_foreign_key(
                table,
                "till_account_id",
                schema="poster",
                to="till_account",
                to_schema="businesses",
                on_delete="CASCADE",
            )
            for table in ("installation", "location", "register")
        ),
        tenant_foreign_key(
            "location",
            "point_of_sale_id",
            schema="poster",
            to="point_of_sale",
            to_schema="businesses",
            on_delete="SET NULL (point_of_sale_id)",
        ),
    ]
