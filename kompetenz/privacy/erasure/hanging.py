"""What hangs on a person, said to HR before anything is erased: what has to be settled first, and what will be gone."""

from dataclasses import dataclass

from assessments.models import Participation, PlanProgress, Round
from kompetenz import hooks
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person
from kompetenz.privacy.access_log.models import Access
from learningplans.models import Booking, LearningPlan

from .finding import spellings_of
from .relations import relations_of_others, rows_of
from .removing import STANDS_STILL

OWN = "Sich selbst kann niemand löschen. Bitten Sie eine andere Person der Personalentwicklung darum."
TECHNICAL = "{} hat Zugang zur technischen Verwaltung. Er muss dort zuerst beendet werden."
LEADS = "{} führt noch {} Person{}. Tragen Sie zuerst eine Nachfolge ein."
IS_MANAGER = "Als Führungskraft noch zuständig: {}. Übergeben Sie das zuerst."
HAS_RIGHTS = (
    "{} hat Rechte über andere. Nehmen Sie sie der Person zuerst: Wer prüft und die Personalentwicklung erfahren davon."
)
JOBS = "Unter „Aufträge“ läuft noch etwas oder steht still. Warten Sie, bis es fertig ist, oder brechen Sie es ab."
OF_RETENTION, OF_ONE_PERSON = (
    "retention",
    "erasing a person",
)  # jobs that erase; they name nobody, and none waits for another


@dataclass(frozen=True)
class Hanging:
    """``obstacles`` are sentences why it cannot be done yet, ``facts`` what whoever does it should know, ``gone`` how much of what goes."""

    obstacles: list
    facts: list
    gone: list


def hanging_on(person, by):
    return Hanging(obstacles_to(person, by), list(facts_of(person)), counts_of(person))


def obstacles_to(person, by):
    led = Person.objects.employed().filter(manager=person.pk).count()
    as_manager = hooks.ask_for_all("hangs_on_manager", person)
    going = Job.objects.unfinished().exclude(kind__in=[OF_RETENTION, OF_ONE_PERSON]).exclude(STANDS_STILL)
    found = [
        (by is not None and person.pk == by.pk, OWN),
        (person.is_staff or person.is_superuser, TECHNICAL.format(person)),
        (led, LEADS.format(person, led, "" if led == 1 else "en")),
        (as_manager, IS_MANAGER.format(", ".join(as_manager))),
        (person.is_hr or person.is_auditor, HAS_RIGHTS.format(person)),
        (going.exists(), JOBS),
    ]
    return [sentence for is_so, sentence in found if is_so]


def facts_of(person):
    if person.is_employed:
        yield "Die Person arbeitet hier. Steht sie in der nächsten Personalliste, wird sie dort neu angelegt, ohne alles Bisherige."
    theirs = Participation.objects.filter(person=person).taking_part()
    for title in theirs.filter(round__state=Round.State.OPEN).values_list("round__title", flat=True):
        yield f"Nimmt an der laufenden Runde „{title}“ teil und steht danach nicht mehr darin."
    plans = theirs.filter(plan_state=PlanProgress.AGREED).count()
    if plans:
        yield "Ein Lernplan läuft noch." if plans == 1 else f"{plans} Lernpläne laufen noch."
    booked = Booking.objects.filter(measure__plan__participation__person=person, state="booked").count()
    if booked:
        yield f"Gebuchte Maßnahmen: {booked}. Sagen Sie sie ab; die Plätze werden im Kompetenzrad frei."
    signed = sum(rows_of(one, person).count() for one in relations_of_others() if one.related_model is not Access)
    if signed:
        where = "An einer Stelle" if signed == 1 else f"An {signed} Stellen"
        yield f"{where} in Unterlagen anderer steht danach „gelöschte Person“, oder nur „Person“ oder „Führungskraft“."
    if shared := spellings_of(person).shared:
        name = str(person) if str(person) in shared else shared[0]
        alike = Person.objects.filter(sort_key=person.sort_key).exclude(pk=person.pk).select_related("unit")[:3]
        who = ", ".join(one.number_and_unit for one in alike if one.number_and_unit)
        name = f"{name} ({who})" if who else name
        yield f"So heißt oder hieß noch jemand: {name}. Wo andere diesen Namen in ihren Texten geschrieben haben, bleibt er deshalb stehen."


def counts_of(person):
    """(what, how many) of what goes, without what is nothing."""
    found = [
        ("Teilnahmen an Runden", Participation.with_entering.filter(person=person).count()),
        ("Lernpläne", LearningPlan.objects.filter(participation__person=person).count()),
        ("Buchungen", Booking.objects.filter(measure__plan__participation__person=person).count()),
    ]
    return [(name, number) for name, number in found if number]
