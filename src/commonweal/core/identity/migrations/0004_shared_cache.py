"""Codes on their way, of systems and televisions, have to be found by every web process: they are kept in the database."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_consents_provider_keys")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
