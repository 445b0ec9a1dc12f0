"""Which rows point at a person, and which of these are about somebody else."""

from django.apps import apps
from django.db import models

from kompetenz.people.models import Person
from kompetenz.privacy.rules import BY_MODEL


def relations_of(on_delete):
    """The foreign keys to a person that do this when the person is deleted; those of many-to-many tables, too."""
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields  # noqa: SLF001
        if field.is_relation and field.related_model is Person and field.remote_field.on_delete is on_delete
    ]
    return [field.remote_field for field in fields]


def relations_of_others():
    """Those with which somebody has signed records, their own and those of others."""
    return [one for one in relations_of(models.SET_NULL) if one.related_model is not Person]


def rows_of(relation, person):
    return relation.related_model._base_manager.filter(**{relation.field.name: person.pk})  # noqa: SLF001


def about(relation, person):
    """The condition on rows of a relation that are the person's own and go with them."""
    table = BY_MODEL.get(relation.related_model._meta.label_lower)  # noqa: SLF001
    return {table.person: person.pk} if table and table.person else {"pk": None}
