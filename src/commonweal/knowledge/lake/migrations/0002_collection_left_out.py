"""How many published rows the declaration leaves out."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="left_out",
            field=models.BigIntegerField(default=0),
        ),
    ]
