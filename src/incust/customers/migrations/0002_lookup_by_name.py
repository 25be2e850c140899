"""The look-up role's sight of links is for that role alone, not for its members."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER POLICY lookup ON customers.wallet_link USING (current_user = 'incust_lookup')",
            migrations.RunSQL.noop,
        ),
    ]
