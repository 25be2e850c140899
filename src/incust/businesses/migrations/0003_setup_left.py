"""When somebody of the business put the set-up of an account aside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("businesses", "0002_application_of_account")]

    operations = [
        migrations.AddField(
            model_name="tillaccount",
            name="setup_left_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="set-up put aside"),
        ),
    ]
