"""Which receipt a message was about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_failures")]

    operations = [
        migrations.AddField("message", "check_id", models.BigIntegerField(null=True, verbose_name="check")),
    ]
