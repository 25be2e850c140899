"""Which application opens an account; and the look-up role's sight for that role alone, not for its members."""

from django.db import migrations, models

LOOKED_UP = ("business", "membership", "till_account", "terminal", "terminal_key")


class Migration(migrations.Migration):
    dependencies = [("businesses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tillaccount",
            name="application_id",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="application number"),
        ),
        migrations.RunSQL(
            [
                f"ALTER POLICY lookup ON businesses.{table} USING (current_user = 'incust_lookup')"
                for table in LOOKED_UP
            ],
            migrations.RunSQL.noop,
        ),
    ]
