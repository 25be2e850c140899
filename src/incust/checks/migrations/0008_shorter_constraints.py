"""The constraints of checks in fewer words: they refuse what they refused before."""

from pathlib import Path

from django.db import migrations

SHORTER = (Path(__file__).parent / "0008_shorter_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0007_balance_imports"), ("ledger", "0003_shorter_constraints")]

    operations = [migrations.RunSQL(SHORTER, migrations.RunSQL.noop)]
