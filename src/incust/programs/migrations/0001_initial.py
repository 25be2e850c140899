import django.db.models.deletion
from django.db import migrations, models

from incust.businesses.schema import create_schema, tenant_foreign_key, tenant_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("businesses", "0001_initial"),
    ]

    operations = [
        create_schema("programs"),
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.JSONField(
                        default=dict, help_text="By language: en, uk, pl, ru.", verbose_name="public title"
                    ),
                ),
                (
                    "description",
                    models.JSONField(
                        default=dict, help_text="By language: en, uk, pl, ru.", verbose_name="public description"
                    ),
                ),
                ("draft", models.JSONField(default=dict, verbose_name="rules and settings")),
                ("draft_saved_at", models.DateTimeField(verbose_name="draft saved")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
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
                "verbose_name": "loyalty program",
                "verbose_name_plural": "loyalty programs",
                "db_table": "program",
            },
        ),
        migrations.CreateModel(
            name="ProgramVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.JSONField(verbose_name="public title")),
                ("description", models.JSONField(verbose_name="public description")),
                ("definition", models.JSONField(verbose_name="rules and settings")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("published_by", models.BigIntegerField(null=True, verbose_name="published by")),
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
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "program version",
                "verbose_name_plural": "program versions",
                "db_table": "program_version",
            },
        ),
        migrations.AddField(
            model_name="program",
            name="current_version",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programs.programversion",
                verbose_name="published version",
            ),
        ),
        migrations.AddConstraint(
            model_name="programversion",
            constraint=models.UniqueConstraint(fields=("program", "number"), name="program_version_number_once"),
        ),
        tenant_table("program", schema="programs", app_rights="SELECT, INSERT, UPDATE"),
        # A published version is never changed: checks refer to it.
        tenant_table("program_version", schema="programs", app_rights="SELECT, INSERT"),
        tenant_foreign_key("program", "current_version_id", schema="programs", to="program_version"),
        tenant_foreign_key("program_version", "program_id", schema="programs", to="program"),
    ]
