"""Concerns of a check, and receipts of other tills than Poster's unique per terminal."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

CONCERNS = (Path(__file__).parent / "0002_concerns.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("checks", "0001_initial")]

    operations = [
        migrations.RunSQL(CONCERNS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="check",
            name="concerns",
            field=ArrayField(models.TextField(), verbose_name="to look at"),
        ),
    ]
