"""What letters about plans and reviews say: the round, the day and what is to be done, and nothing of the plan.

Whom a review is with, they say where the round lets calendars say so.
"""

from datetime import date

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format

from assessments.telling.calendar import partner
from assessments.telling.words import day_after, whom_to_ask
from kompetenz.letters.occasions import Said
from learningplans.models import TIME_TO_ANSWER, LearningGroup, LearningPlan, PlanChange, Review

DAYS = TIME_TO_ANSWER.days
WHAT = "Worum es geht: Im Lernplan steht, was beide vereinbart haben; im Review schauen Sie zusammen, was daraus wird."


def in_words(on):
    return date_format(on)


def round_of(plan):
    found = LearningPlan.objects.select_related(
        "participation__round__responsible", "participation__person__manager", "participation__manager"
    )
    return found.get(pk=plan).participation


def with_whom(participation, reader):
    name = partner(participation, reader) if participation.round.calendar_names_people else ""
    return f" mit {name}" if name else ""


def said_of_plan(letter, plan, subject, sentence, due=None):
    """A Said that names the round of this plan; ``{}`` in both stands for " mit ..." or nothing."""
    row = round_of(plan)
    name = with_whom(row, letter.person)
    return Said(
        f"{row.round.title}: {subject.format(name)}",
        f"{sentence.format(name)} (Runde „{row.round.title}“)",
        (WHAT, *whom_to_ask(row.round)),
        due,
    )


def review_reminder(letter, review, day):
    on, found = date.fromisoformat(day), Review.objects.get(pk=review)
    when = in_words(on) + (f" um {found.starts_at:%H:%M} Uhr" if found.starts_at else "")
    called = found.kind_name
    return said_of_plan(letter, found.plan_id, f"{called}{{}} am {when}", f"Ihr {called}{{}} ist am {when}.", on)


def late_review(letter, review, day):
    on, found = date.fromisoformat(day), Review.objects.get(pk=review)
    return said_of_plan(
        letter, found.plan_id, f"{found.kind_name}{{}}, überfällig seit {day_after(on)}",
        f"Ihr {found.kind_name}{{}} war am {in_words(on)} geplant und ist noch nicht festgehalten. Bitte tragen Sie das Ergebnis "
        "oder einen neuen Tag ein.",
    )  # fmt: skip


def review_dates(letter, plan):
    coming = Review.objects.filter(plan=plan, held_on=None, planned_on__gte=timezone.localdate())
    first = coming.aggregate(first=Min("planned_on"))["first"]
    when = f", das nächste am {in_words(first)}" if first else ""
    return said_of_plan(
        letter, plan, f"Review-Gespräche{{}}{when}", f"die Termine Ihrer Review-Gespräche{{}} stehen fest{when}.", first
    )


def free_seat(letter, booking):
    return Said(
        "Ein gebuchter Platz ist frei geworden",
        "in einem Lernplan ist ein anderes Angebot vereinbart. Der Platz, den Sie dafür gebucht hatten, ist frei.",
        (
            "Bitte sagen Sie dem Anbieter ab oder vergeben Sie den Platz. In der Fortbildungsplanung steht er unter „zu prüfen“.",
        ),
    )


def late_measures(letter, plan, day):
    on = date.fromisoformat(day)
    return said_of_plan(
        letter, plan, f"Maßnahme, überfällig seit {day_after(on)}",
        f"in Ihrem Lernplan war eine Maßnahme bis {in_words(on)} geplant. Bitte tragen Sie ein, ob sie erledigt ist, oder vereinbaren Sie "
        "einen neuen Tag.",
    )  # fmt: skip


def of_plan(subject, sentence):
    return lambda letter, plan, *_more: said_of_plan(letter, plan, subject, sentence)


def of_change(subject, sentence):
    def said(letter, change, *_more):
        plan = PlanChange.objects.filter(pk=change).values_list("plan", flat=True).first()
        plan = plan or LearningPlan.objects.filter(pk=change).values_list("pk", flat=True).first()
        return plan and said_of_plan(letter, plan, subject, sentence)

    return said


def of_review(subject, sentence):
    def said(letter, review, *_more):
        found = Review.objects.select_related("plan").get(pk=review)
        on = in_words(found.held_on or found.planned_on)
        called = [words.replace("Review-Gespräch", found.kind_name).replace("@", on) for words in (subject, sentence)]
        return said_of_plan(letter, found.plan_id, *called)

    return said


to_agree = of_plan(
    "Lernplan{} wartet auf Ihre Zustimmung",
    "der Entwurf Ihres Lernplans{} hat eine Zustimmung. Er gilt, sobald auch Sie zustimmen.",
)
booking = of_plan("Neues zu Ihrer Fortbildung", "bei einer Maßnahme im Lernplan hat sich die Buchung geändert.")
about_a_plan = of_plan("Neues zu einem Lernplan", "zu einem Lernplan, der Sie betrifft, gibt es etwas Neues.")
change_to_answer = of_change(
    "Änderung am Lernplan{} wartet auf Ihre Antwort",
    "im Lernplan{} ist eine Änderung aufgeschrieben. Sie gilt, sobald Sie sie zur Kenntnis genommen haben; ablehnen können Sie auch.",
)
change_to_correct = of_change(
    "Änderung am Lernplan kam zurück", "die Änderung am Lernplan kam mit einem Wunsch zurück. Bitte ändern Sie sie."
)
change_answered = of_change(
    "Änderung am Lernplan beantwortet", "die Änderung am Lernplan, die Sie geschrieben haben, ist beantwortet."
)
change_of_a_plan = of_change("Änderung am Lernplan", "am Lernplan ändert sich etwas.")
to_answer = of_review(
    "Protokoll des Review-Gesprächs vom @ wartet auf Ihre Antwort",
    "das Review-Gespräch vom @ ist festgehalten. Bitte nehmen Sie es zur Kenntnis, lehnen Sie es ab oder geben Sie es zurück.",
)
final_to_answer = of_review(
    f"Protokoll des Abschlussgesprächs vom @ wartet {DAYS} Tage auf Ihre Antwort",
    f"das Abschlussgespräch vom @ ist festgehalten. Bitte nehmen Sie es innerhalb von {DAYS} Tagen zur Kenntnis, lehnen Sie es ab oder "
    "geben Sie es zurück. Danach endet der Lernplan auch ohne Ihre Antwort.",
)


def review_to_answer(letter, review):
    """What becomes of silence is said where it ends the plan."""
    is_final = Review.objects.filter(pk=review, is_final=True).exists()
    return (final_to_answer if is_final else to_answer)(letter, review)


def answer_reminder(letter, review, last):
    on, found = date.fromisoformat(last), Review.objects.get(pk=review)
    return said_of_plan(
        letter, found.plan_id, f"Antwort auf das Protokoll des Abschlussgesprächs{{}}, bis {in_words(on)}",
        f"Ihre Antwort auf das Protokoll des Abschlussgesprächs{{}} steht noch aus. Kommt bis {in_words(on)} keine, endet der Lernplan "
        "auch ohne sie.", on,
    )  # fmt: skip


review_to_correct = of_review(
    "Protokoll des Review-Gesprächs vom @ kam zurück",
    "das Protokoll vom @ kam mit einem Wunsch zurück. Bitte ändern Sie es.",
)
review_answered = of_review(
    "Protokoll des Review-Gesprächs vom @ beantwortet", "das Protokoll des Review-Gesprächs vom @ ist beantwortet."
)
review_silent = of_review(
    "Abschluss ohne Antwort",
    f"das Abschlussgespräch vom @ blieb {DAYS} Tage ohne Antwort; der Lernplan ist abgeschlossen.",
)
review_withdrawn = of_review(
    "Protokoll des Review-Gesprächs vom @ zurückgenommen",
    "das Protokoll des Review-Gesprächs vom @ ist zurückgenommen.",
)


def group(letter, pk):
    """Nothing of whose goal it is."""
    found = LearningGroup.objects.filter(pk=pk).first()
    return found and Said(
        f"Vorschlag für eine Lerngruppe, Antwort bis {in_words(found.answer_by)}",
        "die Personalentwicklung schlägt vor, etwas zusammen mit anderen zu lernen. Wer Sie sind, erfährt sie nur, wenn Sie zusagen.",
        ("Eine Absage erfährt niemand.",),
    )
