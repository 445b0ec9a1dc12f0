"""What this app answers when assessments and letters ask: the way from a round to its fact sheet, and the letters about it."""

from datetime import date

from django.utils.formats import date_format

from assessments.from_above import RoundOutput
from assessments.models import Round
from kompetenz import hooks
from kompetenz.letters.occasions import Occasion, Said

from .fact_sheets import OPENED_MEANWHILE, address_of
from .models import FactSheetComment, PaperVersion, ShownFactSheet
from .papers import PAPERS
from .text_file import lines


@hooks.register("round_outputs", order=20)
def fact_sheet(round_, user):
    return [RoundOutput("Steckbrief der Runde", address_of(round_))]


@hooks.register("round_papers")
def fact_sheet_to_show(round_, user):
    """The same before the round opens: whoever opens it reads whether it was shown."""
    shown_on = ShownFactSheet.objects.filter(round=round_).values_list("shown_on", flat=True).first()
    said = f"gezeigt am {shown_on:%d.%m.%Y}" if shown_on else "noch nicht gezeigt"
    return [RoundOutput(f"Steckbrief der Runde ({said})", address_of(round_))]


@hooks.register("notices_to_employees")
def notices_to_employees():
    """For the Auskunft, which has to say the same."""
    html = PAPERS["datenschutzhinweise"].html()
    return html, lines(html)


def still_asked(letter, round_id):
    """Auditors are asked as long as the round is being prepared."""
    if not letter.person.is_auditor:
        return "Inzwischen prüft jemand anderes."
    return "" if Round.objects.filter(pk=round_id, state=Round.State.DRAFT).exists() else OPENED_MEANWHILE


def still_hr(letter, round_id, comment):
    if not letter.person.is_hr:
        return "Inzwischen ist jemand anderes zuständig."
    return "" if FactSheetComment.objects.filter(pk=comment).exists() else "Die Runde gibt es nicht mehr."


def still_auditor(letter, day):
    return "" if letter.person.is_auditor else "Inzwischen prüft jemand anderes."


def changed(letter, day):
    titles = [PAPERS[slug].title for slug in PaperVersion.objects.changed_on(day) if slug in PAPERS]
    return Said(
        f"Neue Fassung von Unterlagen vom {date_format(date.fromisoformat(day))}",
        "Unterlagen lesen sich anders als zuvor. Was sich geändert hat, steht bei jeder unter „Fassungen“.",
        (f"Es geht um: {', '.join(titles)}.",) if titles else (),
    )


def asked(letter, round_id):
    title = Round.objects.values_list("title", flat=True).get(pk=round_id)
    return Said(
        f"Steckbrief der Runde „{title}“",
        f"die Personalentwicklung bereitet die Runde „{title}“ vor. Bitte lesen Sie den Steckbrief; dort können Sie Stellung nehmen, "
        "bis sie eröffnet ist.",
    )


def answered(letter, round_id, comment):
    title = Round.objects.values_list("title", flat=True).get(pk=round_id)
    return Said(
        f"Stellungnahme zur Runde „{title}“",
        f"zum Steckbrief der Runde „{title}“ gibt es eine Stellungnahme.",
    )


@hooks.register("letter_occasions")
def occasions():
    return [
        Occasion(r"round-(\d+)-steckbrief(?:-\w+)?", still_asked, said=asked),
        Occasion(r"round-(\d+)-stellungnahme-(\d+)", still_hr, said=answered),
        Occasion(r"papers-(\d{4}-\d{2}-\d{2})", still_auditor, said=changed),
    ]
