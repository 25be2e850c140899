"""The constraints of checks of before go."""

from pathlib import Path

from django.db import migrations

FORMER = (Path(__file__).parent / "0011_former_constraints.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0010_compared_constraints")]

    operations = [migrations.RunSQL(FORMER, migrations.RunSQL.noop)]
