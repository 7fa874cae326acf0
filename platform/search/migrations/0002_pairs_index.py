"""The index of pairs: GIN on PostgreSQL, FTS5 on SQLite (docs/adr/0007-search-by-bigrams.md)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# With the usual 100 figures a column PostgreSQL takes a rare pair for a common one and reads the table by date:
# 14 ms and more instead of 0.3. What no search looks at (the pairs, the text as written) is kept beside the row:
# with more rows on a page the index is a tenth smaller and a common word is found in half the time. New rows wait
# in a list that every search reads too; 256 kB is read in no time.
POSTGRESQL = """
ALTER TABLE search_searchdocument ALTER COLUMN grams SET STATISTICS 2000;
ALTER TABLE search_searchdocument ALTER COLUMN folded SET STORAGE MAIN;
ALTER TABLE search_searchdocument SET (toast_tuple_target = 1024);
CREATE INDEX search_grams ON search_searchdocument USING gin (grams)
    WITH (gin_pending_list_limit = 256);
"""
POSTGRESQL_BACK = "DROP INDEX search_grams"
# Never the trigram tokenizer: it finds nothing at all for two characters. The ascii tokenizer leaves every
# character beyond ASCII alone. Each pair is there once a document, so places are not kept.
SQLITE = """
CREATE VIRTUAL TABLE search_grams USING fts5(
    grams, content='', detail=none, tokenize="ascii tokenchars '^'"
)
"""
SQLITE_BACK = "DROP TABLE search_grams"


def add_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(
        POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(add_index, drop_index)]
