"""Emptying the database after tests that commit, in a way that a server which keeps running can bear."""

from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

_kept: dict[str, frozenset[str]] = {}


def keep_what_migrations_wrote(alias: str = "default") -> None:
    """Notes the tables that have rows now, right after migrating; call it once, before the first test.

    Django's own way empties every table and writes content types and permissions anew, with other ids. A
    server that a test has started would go on with the old ones, and writing them takes longer than most tests.
    """
    connection = connections[alias]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        filled = set()
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
            if cursor.fetchone():
                filled.add(table)
    _kept[alias] = frozenset(filled)
    TransactionTestCase._fixture_teardown = _empty_the_rest  # type: ignore[attr-defined]


def _empty_the_rest(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        connection = connections[alias]
        tables = [
            table
            for table in connection.introspection.django_table_names(only_existing=True)
            if table not in _kept[alias]
        ]
        statements = connection.ops.sql_flush(no_style(), tables)
        connection.ops.execute_sql_flush(statements)
