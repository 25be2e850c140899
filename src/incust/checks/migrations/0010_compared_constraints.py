"""Rows of before meet the constraints of checks in fewer words."""

from pathlib import Path

from django.db import migrations

COMPARED = (Path(__file__).parent / "0010_compared_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0008_shorter_constraints")]

    operations = [migrations.RunSQL(COMPARED, migrations.RunSQL.noop)]
