"""User names are kept in lower case: signing in becomes one look-up in the index of the name itself."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Lower


def lower(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # The constraint that goes with this migration kept names apart in any case already.
    users = apps.get_model("accounts", "User").objects
    users.exclude(username=Lower("username")).update(username=Lower("username"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="user", name="user_username_unique_in_any_case"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="user_username_in_lower_case",
            ),
        ),
    ]
