"""What many tests begin with is made once in a process; for the next test its rows are written again.

Opening a round takes fifty queries; writing its rows again takes one for each table, whose SQL is kept with them.
"""

from django.apps import apps
from django.db import connection, transaction


class Kept:
    """The rows that ``make()`` adds to the database; without it, all rows that are there.

    They keep their primary keys, so what they refer to has to be the same as when they were made.
    """

    def __init__(self, make=None):
        before = {model: list(model._base_manager.values_list("pk", flat=True)) for model in tables()} if make else {}
        self.made = make() if make else None
        found = {model: list(model._base_manager.exclude(pk__in=before.get(model, []))) for model in tables()}
        self.rows = {model: rows for model, rows in found.items() if rows}
        self.statements = []

    @transaction.atomic
    def write_again(self):
        """At once, as some of the rows refer to others of them."""
        if not self.statements:
            with connection.execute_wrapper(self.note):
                for model, rows in self.rows.items():
                    model._base_manager.bulk_create(rows)
            return
        with connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)

    def note(self, execute, sql, params, many, context):
        self.statements.append((sql, params))
        return execute(sql, params, many, context)


def tables():
    """Every table of the project's apps, those of many-to-many fields too; the others' rows come with `migrate`."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model.__module__.startswith("django.")]
