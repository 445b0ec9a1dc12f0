"""Earlier versions of the papers, so that whoever has agreed to one sees what has changed since."""

from difflib import ndiff

from django.urls import reverse

from kompetenz import hooks
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import write_letters
from kompetenz.people.models import Person

from .models import PaperVersion
from .papers import PAPERS
from .text_file import lines

ADDED, REMOVED = "+ ", "- "


@hooks.register("every_day")
def keep_versions(today):
    """A version of each paper that reads differently than the one kept last; what changes twice on a day is one version.

    Auditors are written to once a day if a paper has changed that they could have read before.
    """
    last = {version.slug: version.lines for version in PaperVersion.objects.order_by("from_day")}
    now = {slug: lines(paper.html()) for slug, paper in PAPERS.items()}
    changed = [slug for slug, text in now.items() if last.get(slug) != text]
    for slug in changed:
        PaperVersion.objects.update_or_create(slug=slug, from_day=today, defaults={"lines": now[slug]})
    if any(slug in last for slug in changed):
        tell_auditors(today)
    return f"Neue Fassungen von Unterlagen: {len(changed)}." if changed else None


def tell_auditors(today):
    auditors = Person.objects.employed().filter(is_auditor=True)
    key = f"papers-{today.isoformat()}"
    write_letters(kind=Letter.Kind.NOTICE, key=key, path=reverse("papers:papers"), people=auditors)


def version_of(paper):
    """The day from which ``paper`` reads as it does now, None where that is not kept yet."""
    last = PaperVersion.objects.of(paper.slug).last()
    return last.from_day if last and last.lines == lines(paper.html()) else None


def differences(before, after):
    """(whether it was added, the line) of all lines that only one of the two texts has, in the order of the text."""
    compared = ndiff(before, after)
    return [(line.startswith(ADDED), line[2:]) for line in compared if line.startswith((ADDED, REMOVED))]
