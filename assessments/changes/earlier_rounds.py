"""A new manager reads rounds that ended with another one only where the person lets them (ADR 58): asking, answering, ending."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import EarlierRoundsConsent, Participation, Round, as_it_is_now
from assessments.rounds.opening import has_manager
from kompetenz import hooks
from kompetenz.forms.stamp import stamp
from kompetenz.people.models import Person
from kompetenz.people.tasks import Task
from kompetenz.prepared import prepared
from kompetenz.refusals import TooLate

ANOTHER = (
    "Nicht gespeichert: Inzwischen hat Ihre Führungskraft gewechselt. Bitte sehen Sie noch einmal nach, um wen es geht."
)

MORE = "Nicht gespeichert: Inzwischen ist eine weitere Runde beendet. Bitte lesen Sie noch einmal, um welche es geht."


@dataclass(frozen=True)
class EarlierRounds:
    """The participations of a person that ended with another manager, and what they have answered about ``manager``, if anything."""

    manager: Person
    rows: list[Participation]
    answer: EarlierRoundsConsent | None

    @property
    def stamp(self):
        """What a page sends back that has shown which rounds these are: another one once one more has ended."""
        return stamp(self.manager.pk, sorted(row.pk for row in self.rows))

    @property
    def is_given(self):
        return self.answer is not None and self.answer.agrees


def of_person(person, participations):
    """What there is to decide about the person's manager of today, or None; ``participations`` are theirs and perhaps others', with rounds.

    A query where there is anything, and one for a manager who is not known yet.
    """
    rows = [
        row
        for row in participations
        if row.person_id == person.pk
        and row.round.state == Round.State.CLOSED
        and row.both_released
        and row.manager_id != person.manager_id
    ]
    if not (rows and has_manager(person)):
        return None
    return EarlierRounds(person.manager, rows, answer_of.first(person, person.manager))


@prepared
def answer_of(person, manager):
    return EarlierRoundsConsent.objects.filter(person=person.pk, manager=manager.pk)


def tasks_of(user, participations):
    """Asked once of each new manager, without a date; see of_person."""
    found = of_person(user, participations)
    if found is None or found.answer:
        return []
    note = "Ja oder nein, ohne Grund. Sie können es jederzeit ändern."
    return [Task(f"Frühere Runden: {user.manager} lesen lassen?", reverse("assessments:earlier_rounds"), note=note)]


@transaction.atomic
def answer(*, person, manager, agrees, shown=None):
    """Note whether ``manager`` (an id), who was shown to ``person`` as theirs, may read their earlier rounds; twice does no harm.

    ``shown`` is the stamp of the EarlierRounds that the page has named, None is not asked. Raises TooLate where it is another
    manager by now, or a yes to fewer rounds than there are.
    """
    # Held: whoever gives them another manager waits and finds the answer, or is waited for.
    now = Person.objects.select_related("manager").select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if manager is None or now.manager_id != manager or not has_manager(now):
        raise TooLate(ANOTHER)
    # Held: who ends a round waits, and finds the yes; or is waited for, and there is one more.
    own = Participation.objects.of_person(now).select_related("round").select_for_update(of=("self",), no_key=True)
    found = of_person(now, map(as_it_is_now, own.order_by("pk")))
    if agrees and shown is not None and (found is None or found.stamp != shown):
        raise TooLate(MORE)
    told = {"agrees": agrees, "answered_on": timezone.localdate()}
    found, is_new = EarlierRoundsConsent.objects.get_or_create(person=now, manager=now.manager, defaults=told)
    if not is_new and found.agrees != agrees:
        EarlierRoundsConsent.objects.filter(pk=found.pk).update(**told)


@hooks.register("people_moved_on")
def end_with_the_relation(pairs):
    """Forget at once what was answered about a manager who is not the person's any more: one who comes back is asked about anew."""
    moved = [now.pk for _, now in pairs]
    outlived = EarlierRoundsConsent.objects.outlived()
    (outlived.filter(person__in=moved) | outlived.filter(manager__in=moved)).delete()


@hooks.register("every_day")
def end_with_the_last_day(today):
    """Forget what was answered by and about people who have left: nobody has written anything on that day."""
    deleted, _ = EarlierRoundsConsent.objects.outlived().delete()
    return f"Beendete Zustimmungen zu früheren Runden: {deleted}." if deleted else None
