"""A strong identification counts for one check."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_confirmation_limits")]

    operations = [
        migrations.AddField(
            model_name="identification",
            name="check_id",
            field=models.BigIntegerField(null=True, blank=True, verbose_name="check"),
        ),
    ]
