"""What was reserved on the latest days is found without reading what was reserved before."""

from django.db import migrations

# As with what was paid (0006): rows lie in the order of their days.
BY_DAY = """
CREATE INDEX check_reserved_by_day ON checks.check
  USING brin (reserved_at) WITH (pages_per_range = 32, autosummarize = on);
"""


class Migration(migrations.Migration):
    dependencies = [("checks", "0011_former_constraints")]

    operations = [migrations.RunSQL(BY_DAY, "DROP INDEX checks.check_reserved_by_day")]
