"""Checks keep their answers where the customers' operations keep theirs."""

from pathlib import Path

from django.db import migrations

ONE_TABLE = (Path(__file__).parent / "0003_one_table_of_keys.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0002_concerns"), ("customers", "0001_initial")]

    operations = [migrations.RunSQL(ONE_TABLE, migrations.RunSQL.noop)]
