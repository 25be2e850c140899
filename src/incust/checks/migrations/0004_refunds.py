"""Refunds: totals on the check, a row for each refund that changed something."""

from pathlib import Path

from django.db import migrations, models
from django.db.models.deletion import PROTECT

REFUNDS = (Path(__file__).parent / "0004_refunds.sql").read_text()

TOTALS = {
    "returned_minor": "given back to the guest",
    "returned_unbacked_minor": "returned without having been covered",
    "taken_back_minor": "taken back",
    "absorbed_minor": "could not be taken back",
    "expired_minor": "had expired already",
}


class Migration(migrations.Migration):
    dependencies = [("checks", "0003_one_table_of_keys"), ("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUNDS, migrations.RunSQL.noop),
        *(
            migrations.AddField(model_name="check", name=name, field=models.BigIntegerField(verbose_name=words))
            for name, words in TOTALS.items()
        ),
        migrations.AddField(
            model_name="check", name="returned_whole", field=models.BooleanField(verbose_name="returned whole")
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("terminal_id", models.BigIntegerField(verbose_name="terminal")),
                ("actor", models.TextField(verbose_name="who")),
                ("salesperson_external_id", models.TextField(verbose_name="salesperson's number at the till")),
                ("salesperson_name", models.TextField(verbose_name="salesperson")),
                ("accomplished", models.BooleanField(verbose_name="told afterwards")),
                ("lines", models.JSONField(verbose_name="returned so far")),
                ("whole", models.BooleanField(verbose_name="the whole receipt")),
                *((name, models.BigIntegerField(verbose_name=words)) for name, words in TOTALS.items()),
                ("answer", models.JSONField(verbose_name="answer")),
                ("refunded_at", models.DateTimeField(verbose_name="refunded")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "of_check",
                    models.ForeignKey(
                        db_column="check_id", db_constraint=False, on_delete=PROTECT, related_name="refunds",
                        to="checks.check",
                    ),
                ),
            ],
            options={"verbose_name": "refund", "verbose_name_plural": "refunds", "db_table": "refund", "managed": False},
        ),
    ]  # fmt: skip
