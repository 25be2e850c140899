"""Poster's clients as we know them, and the imports that bring them over as guests."""

import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import tenant_foreign_key, tenant_table


def key() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def business() -> tuple[str, models.Field]:
    return "business", models.ForeignKey(
        db_constraint=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to="businesses.business",
    )  # fmt: skip


def of(model: str, related_name: str = "+") -> models.Field:
    return models.ForeignKey(
        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=model
    )


STATES = [("waiting", "waiting"), ("running", "running"), ("finished", "finished"), ("failed", "failed")]
OUTCOMES = [("created", "new guest"), ("matched", "known guest"), ("skipped", "skipped")]
COUNTS = [
    ("read", "read"),
    ("created", "new guests"),
    ("matched", "known guests"),
    ("filled", "known guests of whom something was filled in"),
    ("balances", "balances"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("businesses", "0001_initial"),
        ("customers", "0005_guesses_by_kind"),
        ("checks", "0007_balance_imports"),
        ("poster", "0003_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                key(),
                ("client_id", models.BigIntegerField(verbose_name="number in Poster")),
                ("group_id", models.CharField(blank=True, default="", max_length=20, verbose_name="group in Poster")),
                (
                    "group_name",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="name of the group in Poster"
                    ),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed in Poster")),
                ("balance_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="balance taken over")),
                business(),
                ("customer", of("customers.customer")),
                ("till_account", of("businesses.tillaccount")),
            ],
            options={
                "verbose_name": "client in Poster",
                "verbose_name_plural": "clients in Poster",
                "db_table": "client",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "till_account", "client_id"), name="client_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientImport",
            fields=[
                key(),
                ("dry_run", models.BooleanField(verbose_name="dry run")),
                ("with_balances", models.BooleanField(verbose_name="with balances")),
                (
                    "state",
                    models.CharField(choices=STATES, default="waiting", max_length=10, verbose_name="state"),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                ("expected", models.PositiveIntegerField(null=True, verbose_name="clients in Poster, about")),
                ("next_offset", models.PositiveIntegerField(default=0, verbose_name="read up to")),
                ("last_client_id", models.BigIntegerField(default=0, verbose_name="last client")),
                *((name, models.PositiveIntegerField(default=0, verbose_name=words)) for name, words in COUNTS),
                ("balance_minor", models.BigIntegerField(default=0, verbose_name="sum of the balances")),
                ("skipped", models.JSONField(default=dict, verbose_name="skipped, by reason")),
                ("left_minor", models.BigIntegerField(default=0, verbose_name="balances of those who were skipped")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries without an answer")),
                ("fault", models.JSONField(blank=True, null=True, verbose_name="what went wrong")),
                ("actor", models.CharField(max_length=40, verbose_name="who")),
                ("asked_at", models.DateTimeField(verbose_name="asked for")),
                ("touched_at", models.DateTimeField(verbose_name="last step")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                business(),
                ("till_account", of("businesses.tillaccount")),
            ],
            options={
                "verbose_name": "import of clients",
                "verbose_name_plural": "imports of clients",
                "db_table": "client_import",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=("business", "till_account"),
                        name="client_import_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedClient",
            fields=[
                key(),
                ("client_id", models.BigIntegerField(verbose_name="number in Poster")),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=7, verbose_name="outcome")),
                ("reason", models.CharField(blank=True, default="", max_length=20, verbose_name="why skipped")),
                ("customer_id", models.BigIntegerField(null=True, verbose_name="guest")),
                *(
                    (name, models.CharField(max_length=254, null=True, verbose_name=name))
                    for name in ("phone", "email", "card")
                ),
                ("bonus_minor", models.BigIntegerField(default=0, verbose_name="balance in Poster")),
                (
                    "shown_name",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="name in Poster"),
                ),
                (
                    "shown_phone",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="phone in Poster"),
                ),
                business(),
                ("client_import", of("poster.clientimport", "clients")),
            ],
            options={
                "verbose_name": "imported client",
                "verbose_name_plural": "imported clients",
                "db_table": "imported_client",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "client_import", "client_id"), name="imported_client_once"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q((f"{name}__isnull", False)), fields=["client_import", name],
                        name=f"imported_client_{name}",
                    )
                    for name in ("phone", "email", "card", "customer_id")
                ],
            },
        ),
        *(tenant_table(table, schema="poster") for table in ("client", "client_import", "imported_client")),
        *(
            tenant_foreign_key(
                table, "till_account_id", schema="poster", to="till_account", to_schema="businesses",
                on_delete="CASCADE",
            )
            for table in ("client", "client_import")
        ),
        tenant_foreign_key(
            "client", "customer_id", schema="poster", to="customer", to_schema="customers", on_delete="CASCADE"
        ),
        tenant_foreign_key(
            "imported_client", "client_import_id", schema="poster", to="client_import", on_delete="CASCADE"
        ),
        # A guest who is erased finds his clients.
        migrations.RunSQL(
            "CREATE INDEX client_of_customer ON poster.client (business_id, customer_id)", migrations.RunSQL.noop
        ),
    ]  # fmt: skip
