"""What letters about plans and reviews say: the round, the day and what is to be done, and nothing of the plan.

Whom a review is with, they say where the round lets calendars say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format

from assessments.telling.words import day_after, name_of_partner, sample_row, whom_to_ask
from kompetenz.letters.occasions import Said
from learningplans.models import TIME_TO_ANSWER, Booking, LearningGroup, LearningPlan, PlanChange, Review

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
    name = name_of_partner(participation, reader)
    return f" mit {name}" if name else ""


def said_of_plan(letter, plan, subject, sentence, due=None):
    """A Said that names the round of this plan; ``{}`` in both stands for " mit ..." or nothing."""
    return said_of_row(round_of(plan), letter.person, subject, sentence, due)


def said_of_row(row, reader, subject, sentence, due=None):
    """The same of the plan of a participation."""
    name = with_whom(row, reader)
    return Said(
        f"{row.round.title}: {subject.format(name)}",
        f"{sentence.format(name)} (Runde „{row.round.title}“)",
        (WHAT, *whom_to_ask(row.round)),
        due,
    )


def review_reminder(letter, review, day):
    found = Review.objects.get(pk=review)
    return said_of_plan(letter, found.plan_id, *coming(found, date.fromisoformat(day)))


def coming(review, on):
    when = in_words(on) + (f" um {review.starts_at:%H:%M} Uhr" if review.starts_at else "")
    return f"{review.kind_name}{{}} am {when}", f"Ihr {review.kind_name}{{}} ist am {when}.", on


def late_review(letter, review, day):
    found = Review.objects.get(pk=review)
    return said_of_plan(letter, found.plan_id, *not_held(found, date.fromisoformat(day)))


def not_held(review, on):
    said = f"Ihr {review.kind_name}{{}} war am {in_words(on)} geplant und ist noch nicht festgehalten."
    return (
        f"{review.kind_name}{{}}, überfällig seit {day_after(on)}",
        f"{said} Bitte tragen Sie das Ergebnis oder einen neuen Tag ein.",
    )


def review_dates(letter, plan):
    to_come = Review.objects.filter(plan=plan, held_on=None, planned_on__gte=timezone.localdate())
    return said_of_plan(letter, plan, *fixed(to_come.aggregate(first=Min("planned_on"))["first"]))


def fixed(first):
    when = f", das nächste am {in_words(first)}" if first else ""
    return f"Review-Gespräche{{}}{when}", f"die Termine Ihrer Review-Gespräche{{}} stehen fest{when}.", first


def free_seat(letter, booking):
    begins = Booking.objects.filter(pk=booking).values_list("booked_from", "booked_until").first()
    on = begins and (begins[0] or begins[1])
    return Said(
        f"Ein gebuchter Platz ist frei geworden{f', Beginn am {in_words(on)}' if on else ''}",
        "in einem Lernplan ist ein anderes Angebot vereinbart. Der Platz, den Sie dafür gebucht hatten, ist frei.",
        (
            "Bitte sagen Sie dem Anbieter ab oder vergeben Sie den Platz. In der Fortbildungsplanung steht er unter „zu prüfen“.",
        ),
    )


def late_measures(letter, plan, day):
    return said_of_plan(letter, plan, *not_done(date.fromisoformat(day)))


def not_done(on):
    said = f"in Ihrem Lernplan war eine Maßnahme bis {in_words(on)} geplant."
    ask = "Bitte tragen Sie ein, ob sie erledigt ist, oder vereinbaren Sie einen neuen Tag."
    return f"Maßnahme, überfällig seit {day_after(on)}", f"{said} {ask}"


def of_its_own(plan):
    return plan, None


def of_its_change(change):
    plan = PlanChange.objects.filter(pk=change).values_list("plan", flat=True).first()
    return plan or LearningPlan.objects.filter(pk=change).values_list("pk", flat=True).first(), None


def of_its_review(review):
    found = Review.objects.get(pk=review)
    return found.plan_id, found


@dataclass(frozen=True)
class OfAPlan:
    """Words for what concerns one plan, which ``find`` reads with the review that it may be about, by the number in a letter's key.

    ``@`` stands for the day of the review; the deadline of the plan is named if something has to be done ``until`` then.
    """

    subject: str
    sentence: str
    find: Callable[[str], tuple[int | None, Review | None]] = of_its_own
    until: bool = False

    def __call__(self, letter, pk, *_more):
        plan, review = self.find(pk)
        return self.about(round_of(plan), letter.person, review) if plan else None

    def about(self, row, reader, review):
        words = [self.subject, self.sentence]
        if review:
            on = in_words(review.held_on or review.planned_on)
            words = [text.replace("Review-Gespräch", review.kind_name).replace("@", on) for text in words]
        until = row.plan_due if self.until and row.plan_due and row.plan_due >= timezone.localdate() else None
        if until:
            words[0] += f", bis {in_words(until)}"
        return said_of_row(row, reader, *words, until)


to_agree = OfAPlan(
    "Lernplan{} wartet auf Ihre Zustimmung",
    "der Entwurf Ihres Lernplans{} hat eine Zustimmung. Er gilt, sobald auch Sie zustimmen.",
    until=True,
)
booking = OfAPlan("Neues zu Ihrer Fortbildung", "bei einer Maßnahme im Lernplan hat sich die Buchung geändert.")
about_a_plan = OfAPlan("Neues zu einem Lernplan", "zu einem Lernplan, der Sie betrifft, gibt es etwas Neues.")
change_to_answer = OfAPlan(
    "Änderung am Lernplan{} wartet auf Ihre Antwort",
    "im Lernplan{} ist eine Änderung aufgeschrieben. Sie gilt, sobald Sie sie zur Kenntnis genommen haben; ablehnen können Sie auch.",
    of_its_change,
)
change_to_correct = OfAPlan(
    "Änderung am Lernplan kam zurück",
    "die Änderung am Lernplan kam mit einem Wunsch zurück. Bitte ändern Sie sie.",
    of_its_change,
)
change_answered = OfAPlan(
    "Änderung am Lernplan beantwortet",
    "die Änderung am Lernplan, die Sie geschrieben haben, ist beantwortet.",
    of_its_change,
)
change_of_a_plan = OfAPlan("Änderung am Lernplan", "am Lernplan ändert sich etwas.", of_its_change)
to_answer = OfAPlan(
    "Protokoll des Review-Gesprächs vom @ wartet auf Ihre Antwort",
    "das Review-Gespräch vom @ ist festgehalten. Bitte nehmen Sie es zur Kenntnis, lehnen Sie es ab oder geben Sie es zurück.",
    of_its_review,
)
final_to_answer = OfAPlan(
    f"Protokoll des Abschlussgesprächs vom @ wartet {DAYS} Tage auf Ihre Antwort",
    f"das Abschlussgespräch vom @ ist festgehalten. Bitte nehmen Sie es innerhalb von {DAYS} Tagen zur Kenntnis, lehnen Sie es ab oder "
    "geben Sie es zurück. Danach endet der Lernplan auch ohne Ihre Antwort.",
    of_its_review,
)


def review_to_answer(letter, review):
    """What becomes of silence is said where it ends the plan."""
    is_final = Review.objects.filter(pk=review, is_final=True).exists()
    return (final_to_answer if is_final else to_answer)(letter, review)


def answer_reminder(letter, review, last):
    plan = Review.objects.values_list("plan", flat=True).get(pk=review)
    return said_of_plan(letter, plan, *not_answered(date.fromisoformat(last)))


def not_answered(on):
    answer = "Antwort auf das Protokoll des Abschlussgesprächs{}"
    said = f"Ihre {answer} steht noch aus. Kommt bis {in_words(on)} keine, endet der Lernplan auch ohne sie."
    return f"{answer}, bis {in_words(on)}", said, on


review_to_correct = OfAPlan(
    "Protokoll des Review-Gesprächs vom @ kam zurück",
    "das Protokoll vom @ kam mit einem Wunsch zurück. Bitte ändern Sie es.",
    of_its_review,
)
review_answered = OfAPlan(
    "Protokoll des Review-Gesprächs vom @ beantwortet",
    "das Protokoll des Review-Gesprächs vom @ ist beantwortet.",
    of_its_review,
)
review_silent = OfAPlan(
    "Abschluss ohne Antwort",
    f"das Abschlussgespräch vom @ blieb {DAYS} Tage ohne Antwort; der Lernplan ist abgeschlossen.",
    of_its_review,
)
review_withdrawn = OfAPlan(
    "Protokoll des Review-Gesprächs vom @ zurückgenommen",
    "das Protokoll des Review-Gesprächs vom @ ist zurückgenommen.",
    of_its_review,
)


def group(letter, pk):
    """Nothing of whose goal it is."""
    found = LearningGroup.objects.filter(pk=pk).first()
    return found and Said(
        f"Vorschlag für eine Lerngruppe, Antwort bis {in_words(found.answer_by)}",
        "die Personalentwicklung schlägt vor, etwas zusammen mit anderen zu lernen. Wer Sie sind, erfährt sie nur, wenn Sie zusagen.",
        ("Eine Absage erfährt niemand.",),
    )


# As HR looks at them before: nobody has any of these to read ------------------------------------------------

OF_A_DAY = {"dates": fixed, "coming": coming, "not-held": not_held, "not-done": not_done, "not-answered": not_answered}
OF_ONE = {
    "to-agree": to_agree, "booking": booking, "change": change_to_answer, "change-back": change_to_correct,
    "change-answered": change_answered, "record": to_answer, "record-final": final_to_answer, "record-back": review_to_correct,
    "record-answered": review_answered, "record-silent": review_silent, "record-withdrawn": review_withdrawn,
}  # fmt: skip


def sample(letter, pk, name, whose):
    """What the reader would read if it were about a plan of theirs, or of somebody whom they lead; nothing of it is stored."""
    row, today = sample_row(pk, letter.person, whose), timezone.localdate()
    review = Review(planned_on=today, is_final=name in {"record-final", "record-silent"})
    if name in OF_ONE:
        words = OF_ONE[name]
        return words.about(row, letter.person, review if words.find == of_its_review else None)
    about = (review, today) if name in {"coming", "not-held"} else (today,)
    return said_of_row(row, letter.person, *OF_A_DAY[name](*about))
