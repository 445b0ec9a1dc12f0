"""System checks: every field of every table has its rule and its purpose (rules.py), and every period makes sense."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

from kompetenz.privacy.rules import BY_MODEL, RULES

HINT = "Tragen Sie es in kompetenz/privacy/rules.py ein: als Angabe über eine Person mit Frist, oder mit einem Wort, warum nicht."


@register
def every_field_has_its_rule(app_configs, **kwargs):
    """Of a field that nobody has thought of, nobody can say how long it stays."""
    return [problem for model in tables() for problem in problems_of(model)]


def tables():
    """Every model that has a table of its own."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]  # noqa: SLF001


def problems_of(model):
    label, fields = model._meta.label_lower, {field.name for field in model._meta.local_fields}  # noqa: SLF001
    table = BY_MODEL.get(label)
    if table is None:
        return [error(f"Die Tabelle {label} steht nicht im Löschkonzept.", "kompetenz.E010")]
    missing = sorted(fields - table.fields)
    unknown = sorted(table.fields - fields)
    without = sorted(name for name in table.personal if table.rule_of(name) not in RULES)
    pointless = [label] if (table.personal or table.signed) and not table.purpose else []
    return [
        *(error(f"{label}.{name} steht nicht im Löschkonzept.", "kompetenz.E011") for name in missing),
        *(
            error(f"{label}.{name} steht im Löschkonzept, aber nicht in der Tabelle.", "kompetenz.E012")
            for name in unknown
        ),
        *(error(f"{label}.{name} hat keine Regel.", "kompetenz.E013") for name in without),
        *(error(f"Bei {name} fehlt, wozu die Angaben dienen.", "kompetenz.E016") for name in pointless),
    ]


def error(text, number):
    return Error(text, hint=HINT, id=number)


@register
def periods_make_sense(app_configs, **kwargs):
    """Nothing is erased on the day it comes to be, and what was agreed does not go before what led to it."""
    days, months = settings.RETENTION_DAYS, settings.RETENTION_MONTHS
    wrong = [key for key, value in {**days, **months}.items() if value < 1]
    found = [
        Error(f"Die Frist {key!r} muss mindestens 1 sein.", hint="RETENTION_... in .env", id="kompetenz.E014")
        for key in wrong
    ]
    if months["records"] < months["assessments"]:
        found.append(
            Error(
                "RETENTION_RECORDS_MONTHS ist kürzer als RETENTION_ASSESSMENTS_MONTHS.",
                hint="Das Vereinbarte und der Lernplan bleiben mindestens so lange wie die Einschätzungen.",
                id="kompetenz.E015",
            )
        )
    return found
