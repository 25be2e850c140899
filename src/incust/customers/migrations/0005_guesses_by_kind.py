"""Codes and cards are guessed, and limited, apart: a new guest's phone may look like a card."""

from django.db import migrations

WINDOWS = """
ALTER TABLE customers.guess_window ADD COLUMN kind text NOT NULL DEFAULT 'code';
ALTER TABLE customers.guess_window DROP CONSTRAINT guess_window_pkey;
ALTER TABLE customers.guess_window ADD PRIMARY KEY (business_id, terminal_id, kind);
ALTER TABLE customers.guess_window ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE customers.guess_window ADD CONSTRAINT guess_window_kind CHECK (kind IN ('code', 'card'));
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_identification_of_one_check")]

    operations = [migrations.RunSQL(WINDOWS, migrations.RunSQL.noop)]
