"""Whoever has to refresh a competency is told once, when it becomes due (paper 4.3.3)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Participation
from kompetenz import hooks
from kompetenz.catalogue.models import Competency
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import Occasion, Said
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person

from .freshness import after_months, confirmed_of, due_refreshes

LATELY = timedelta(days=30)  # what has been due for longer is in Meine Aufgaben


@hooks.register("every_day")
def tell_of_refreshes(today):
    """A letter to each person for each day on which something became due lately; who rests is asked for nothing."""
    months = dict(Competency.objects.filter(refresh_months__isnull=False).values_list("pk", "refresh_months"))
    if not months:
        return None
    employed = Person.objects.employed().exclude(pk__in=Participation.objects.resting().values("person"))
    due = {}
    for (person, competency), last in confirmed_of(employed, list(months)).items():
        on = after_months(last.on, months[competency])
        if last.level and today - LATELY < on <= today:
            due.setdefault(on, set()).add(person)
    written = sum(
        write_letters(
            kind=Letter.Kind.REMINDER,
            key=f"refresh-{on:%Y%m%d}",
            path=reverse("learningplans:growth"),
            people=Person.objects.filter(pk__in=people),
        )
        for on, people in sorted(due.items())
    )
    return f"Hinweise auf Auffrischungen geschrieben: {written}." if written else None


def obstacle(letter, day):
    found = due_refreshes(letter.person, timezone.localdate())
    return "" if any(one.due_on == date.fromisoformat(day) for one in found) else "Das ist inzwischen erledigt."


def said(letter, day):
    """Which competency it is, stands on the page."""
    on = date_format(date.fromisoformat(day))
    return Said(
        f"Kompetenz auffrischen, seit {on}",
        f"was Sie in einer Kompetenz vereinbart haben, liegt so lange zurück, dass sie seit dem {on} aufzufrischen ist. "
        "Welche es ist, steht auf der Seite „Meine Entwicklung“.",
    )


@hooks.register("letter_occasions")
def occasions():
    return [Occasion(r"refresh-(\d{8})", obstacle, said=said)]
