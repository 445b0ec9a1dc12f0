"""Whoever has left: all that is theirs goes, and the name stays as long as records of others bear their signature (Art. 17 (3) GDPR)."""

from django.db import models, transaction

from kompetenz.jobs.models import Job
from kompetenz.people.models import Person

from .relations import about, relations_of, relations_of_others, rows_of
from .removing import remove_rows


@transaction.atomic
def remove_who_left(person):
    """Remove all that is theirs, and the row as well unless it is needed."""
    if not signs_records_of_others(person):
        remove_rows(person)
        return
    for relation in relations_of(models.CASCADE):
        rows_of(relation, person).delete()
    Job.objects.filter(asked_by=person).delete()
    people = Person._base_manager  # noqa: SLF001 - nobody is told of a new address
    people.filter(manager=person).update(manager=None)
    blank = {"email": None, "personnel_number": None, "unit": None, "manager": None, "last_login": None, "password": ""}
    flags = dict.fromkeys(["is_active", "is_hr", "is_auditor", "is_staff", "is_superuser"], False)
    days = dict.fromkeys(["leaving_date", "deactivated_on", "signed_out_at"])
    people.filter(pk=person.pk).update(**blank, **flags, **days)


def signs_records_of_others(person):
    """Whether anything that is about somebody else bears this person's hand."""
    return any(rows_of(one, person).exclude(**about(one, person)).exists() for one in relations_of_others())
