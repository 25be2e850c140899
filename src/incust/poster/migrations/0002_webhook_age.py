"""Old webhooks are found, and go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("poster", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["business", "received_at"], name="webhook_event_age"),
        ),
    ]
