"""What an account sells: products in categories, stations, and the latest reading of them."""

import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import tenant_foreign_key, tenant_table


def of_account() -> list[tuple[str, models.Field]]:
    """The columns that every table of an account begins with."""
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "business",
            models.ForeignKey(
                db_constraint=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="businesses.business",
            ),
        ),
        (
            "till_account",
            models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                to="businesses.tillaccount",
            ),
        ),
    ]  # fmt: skip


def named() -> list[tuple[str, models.Field]]:
    return [
        ("external_id", models.CharField(max_length=20, verbose_name="number in Poster")),
        ("name", models.CharField(max_length=200, verbose_name="name")),
    ]


def number(words: str) -> models.Field:
    return models.CharField(blank=True, default="", max_length=20, verbose_name=words)


def flag(words: str) -> models.Field:
    return models.BooleanField(default=False, verbose_name=words)


def moment(words: str) -> models.Field:
    return models.DateTimeField(blank=True, null=True, verbose_name=words)


def once(table: str, *also: str) -> list[models.UniqueConstraint]:
    return [models.UniqueConstraint(fields=("business", "till_account", *also), name=f"{table}_once")]


TABLES = ("product_category", "station", "product", "catalogue_run")


class Migration(migrations.Migration):
    dependencies = [("businesses", "0001_initial"), ("poster", "0004_clients")]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                *of_account(),
                *named(),
                ("parent_external_id", number("parent category in Poster")),
                ("hidden", flag("hidden in Poster")),
                ("takes_no_discount", flag("takes no discount")),
                ("removed_at", moment("removed in Poster")),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "db_table": "product_category",
                "constraints": once("product_category", "external_id"),
            },
        ),
        migrations.CreateModel(
            name="Station",
            fields=[*of_account(), *named(), ("removed_at", moment("removed in Poster"))],
            options={
                "verbose_name": "station",
                "verbose_name_plural": "stations",
                "db_table": "station",
                "constraints": once("station", "external_id"),
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                *of_account(),
                *named(),
                ("category_external_id", number("category in Poster")),
                ("station_external_id", number("station in Poster")),
                ("takes_no_discount", flag("takes no discount")),
                ("by_weight", flag("sold by weight")),
                ("hidden", flag("hidden in Poster")),
                ("modifications", models.JSONField(default=list, verbose_name="modifications")),
                ("removed_at", moment("removed in Poster")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "db_table": "product",
                "constraints": once("product", "external_id"),
            },
        ),
        migrations.CreateModel(
            name="CatalogueRun",
            fields=[
                *of_account(),
                ("began_at", moment("began")),
                ("finished_at", moment("last read from Poster")),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("fault", models.JSONField(blank=True, null=True, verbose_name="what went wrong")),
            ],
            options={
                "verbose_name": "reading of goods",
                "verbose_name_plural": "readings of goods",
                "db_table": "catalogue_run",
                "constraints": once("catalogue_run"),
            },
        ),
        *(tenant_table(table, schema="poster") for table in TABLES),
        *(
            tenant_foreign_key(
                table, "till_account_id", schema="poster", to="till_account", to_schema="businesses",
                on_delete="CASCADE",
            )
            for table in TABLES
        ),
    ]  # fmt: skip
