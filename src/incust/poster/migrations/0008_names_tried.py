"""Under which other names an account's token was tried: Poster is not asked again for each request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("poster", "0007_receipt_moments")]

    operations = [
        migrations.AddField(
            "installation",
            "names_tried",
            models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
