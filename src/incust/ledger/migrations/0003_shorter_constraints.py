"""The constraints of the ledger in fewer words: they refuse what they refused before."""

from pathlib import Path

from django.db import migrations

SHORTER = (Path(__file__).parent / "0003_shorter_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_corrections")]

    operations = [migrations.RunSQL(SHORTER, migrations.RunSQL.noop)]
