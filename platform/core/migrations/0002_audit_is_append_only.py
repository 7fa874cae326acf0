"""The database itself refuses to change the audit log.

On SQLite only changes are refused: Django empties tables there by DELETE between tests that commit, where it
uses TRUNCATE on PostgreSQL. The model refuses deletion on both.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION core_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER core_audit_is_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_audit_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER core_audit_is_append_only ON core_auditentry;
DROP FUNCTION core_audit_is_append_only();
"""
SQLITE = """
CREATE TRIGGER core_audit_is_append_only BEFORE UPDATE ON core_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
SQLITE_BACK = "DROP TRIGGER core_audit_is_append_only"


def add_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(
        POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
