"""A schema for the room's functions; it has no tables."""

from django.db import migrations

from incust.businesses.schema import create_schema


class Migration(migrations.Migration):
    initial = True
    dependencies = [("poster", "0001_initial"), ("customers", "0001_initial"), ("programs", "0001_initial")]
    operations = [create_schema("terminal_api")]
