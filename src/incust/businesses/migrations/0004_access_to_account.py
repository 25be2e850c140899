"""An account's number outlasts its name, and the maker of the tills may stop accepting our access to it."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0003_setup_left")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), migrations.RunSQL.noop),
        migrations.AddField(
            model_name="tillaccount",
            name="access_refused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="access refused"),
        ),
        migrations.AddConstraint(
            model_name="tillaccount",
            constraint=models.UniqueConstraint(
                fields=("system", "number"),
                condition=models.Q(("connected", True), models.Q(("number", ""), _negated=True)),
                name="till_account_number_connected_once",
            ),
        ),
        migrations.AddIndex(
            model_name="tillaccount",
            index=models.Index(fields=["system", "number"], name="till_account_by_number"),
        ),
    ]
