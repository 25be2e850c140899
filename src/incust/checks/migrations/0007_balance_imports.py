"""Balances brought along from another system: what the ledger's imports are caused by."""

from pathlib import Path

from django.db import migrations

IMPORTS = (Path(__file__).parent / "0007_balance_imports.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0006_found_by_day"), ("customers", "0001_initial")]

    operations = [migrations.RunSQL(IMPORTS, migrations.RunSQL.noop)]
