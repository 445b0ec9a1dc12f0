"""All people of one manager get another one in a single step: of who leaves, has left or cannot sign in."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.people.own_reach import objections_to
from kompetenz.people.tasks import Task
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import Faster, Refused

SOON = timedelta(weeks=8)
NAMED = 3  # reasons of one kind


@dataclass(frozen=True)
class Vacancy:
    """A manager for whom somebody else is needed, why, and how many people who work here are theirs."""

    manager: Person
    reason: str
    number: int

    @property
    def lacks_address(self):
        return self.reason == NO_ADDRESS


NO_ADDRESS = "ohne E-Mail-Adresse"


def vacancies():
    """The Vacancies, those with most people first; two queries."""
    today = timezone.localdate()
    numbers = numbers_of_vacancies(today)
    managers = Person.objects.select_related("unit").in_bulk(numbers)
    return [Vacancy(managers[pk], reason_of(managers[pk], today), number) for pk, number in numbers.items()]


def numbers_of_vacancies(today):
    """How many people each manager leads who is to be replaced, by the manager's id, the most first; one query."""
    led = Person.objects.employed().of_managers_to_replace(today + SOON).order_by().values_list("manager")
    return dict(led.annotate(number=Count("pk")).order_by("-number", "manager"))


def number_left_alone(last_day):
    """How many people have a manager whose last working day this is; one query."""
    return Person.objects.employed().filter(manager__leaving_date=last_day).count()


def left_alone(number):
    """The same in a sentence."""
    who = "1 Person braucht" if number == 1 else f"{number} Personen brauchen"
    return f"{who} eine andere Führungskraft, denn die bisherige scheidet aus."


def reason_of(manager, today):
    """Why somebody else is needed; "" if nobody is."""
    if not manager.works_here_on(today):
        return "nicht mehr aktiv"
    if manager.leaving_date and manager.leaving_date <= today + SOON:
        return f"letzter Arbeitstag am {manager.leaving_date:%d.%m.%Y}"
    return "" if manager.email else NO_ADDRESS


def stamp_of(people):
    return stamp(sorted(person.pk for person in people))


@transaction.atomic
def pass_on(*, manager, to, by, read):
    """Make ``to`` the manager of all people of ``manager``, and of what runs with them; returns (how many, what else in sentences).

    ``read`` is the stamp of the people that the page has named. Whoever of them takes over stays with ``manager``. Raises Faster
    if they are others by now, Refused for whom ``by`` may not name and for circles.
    """
    people = list(Person.objects.of_manager(manager).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if stamp_of(people) != read:
        raise Faster
    moving = [person for person in people if person.pk != to.pk]
    if to.pk == manager.pk or not moving:
        raise Refused("Bitte wählen Sie eine andere Person als bisher.")
    if not to.email:
        raise Refused(f"{to} hat keine E-Mail-Adresse und kann sich nicht anmelden.")
    if objections := objections_to(to, moving, by):
        raise Refused(" ".join(objections[:NAMED]))
    keys = [person.pk for person in moving]
    Person.objects.filter(pk__in=keys).update(manager=to)
    accesses.note(by, Access.What.MASTER_DATA, Access.How.CHANGED, keys, role=Access.Role.HR)
    return len(keys), hooks.ask_for_all("people_passed_on", keys, by)


def still_with_former_manager(person):
    """What runs with them and has not followed them to another manager, in words."""
    return hooks.ask_for_all("still_with_former_manager", person)


@transaction.atomic
def pass_on_running(*, person, by):
    """What runs with one person goes on with the manager they have now; what was done, in sentences. A second time does nothing."""
    waiting = still_with_former_manager(person)
    return hooks.ask_for_all("people_passed_on", [person.pk], by) if waiting else []


def hangs_on(manager):
    """What else is of this manager today, in words."""
    return hooks.ask_for_all("hangs_on_manager", manager)


def tasks_of(user):
    """For HR one task while anybody is to be replaced; one query."""
    numbers = numbers_of_vacancies(timezone.localdate()) if user.is_hr else {}
    if not numbers:
        return []
    who = "eine Führungskraft" if len(numbers) == 1 else f"{len(numbers)} Führungskräfte"
    people = sum(numbers.values())
    note = f"Nicht mehr aktiv, bald nicht mehr oder ohne E-Mail-Adresse; {people} Person{'en' if people > 1 else ''}"
    return [Task(f"Nachfolge für {who} eintragen", reverse("people:vacancies"), note=note)]
