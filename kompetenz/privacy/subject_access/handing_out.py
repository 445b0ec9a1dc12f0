"""The Auskunft (Art. 15 and 20 GDPR): a ZIP with everything as PDF and as JSON, made by a worker, for the person alone."""

import json
import logging

from django.urls import reverse
from django.utils import timezone

from kompetenz.documents import PdfUnavailable, file_name, render_pdf
from kompetenz.documents.archive import zip_stream
from kompetenz.jobs.batches import ALL, JobKind, begin, keep_file
from kompetenz.people.models import Person

from .gathering import as_json, gather, on_paper

FEW = 6  # columns that fit beside each other

logger = logging.getLogger(__name__)


def ask(person):
    """Have it made; while one is being made, that one is answered."""
    return begin(
        AUSKUNFT, subject=person.pk, title="Auskunft über meine Daten", items=[person.pk], by=person, for_hr=False
    )


def paper_of(gathered):
    """The PDF. Raises PdfUnavailable."""
    context = {
        "title": "Auskunft",
        "person": str(gathered.person),
        "stand": gathered.on,
        "sections": [on_page(section) for section in gathered.filled],
        "empty": gathered.empty,
        "left_out": gathered.left_out,
        "notices": [html for html, _ in gathered.notices],
    }
    return render_pdf("documents/subject_access.html", context)


def on_page(section):
    """Its rows in a table of what at least half of them say, if that is little enough; whichever says more, as a list of facts."""
    rows = [[(word, on_paper(row.get(word))) for word in section.columns] for row in section.rows]
    usual = [word for word in section.columns if is_usual(word, section.rows) or len(section.columns) <= FEW]
    fits = [all(word in usual for word, text in row if text) and len(usual) <= FEW for row in rows]
    return {
        "section": section,
        "columns": usual,
        "table": [
            [one for one in row if one[0] in usual] for row, is_short in zip(rows, fits, strict=True) if is_short
        ],
        "lists": [[one for one in row if one[1]] for row, is_short in zip(rows, fits, strict=True) if not is_short],
    }


def is_usual(word, rows):
    return 2 * sum(row.get(word) not in (None, "") for row in rows) >= len(rows)


def make(job, items):
    return archive_of(Person.objects.get(pk=items[0]))


def archive_of(person):
    """(name, content) of the ZIP; reads only."""
    gathered, now = gather(person), timezone.localtime()
    files = [("Auskunft.json", now, json.dumps(as_json(gathered), ensure_ascii=False, indent=2).encode())]
    try:
        files.insert(0, ("Auskunft.pdf", now, paper_of(gathered)))
    except PdfUnavailable as problem:
        files.append(("PDF-fehlt.txt", now, str(problem).encode()))
    return file_name("Auskunft", str(person), gathered.on, suffix=".zip"), b"".join(zip_stream(files))


def say_that_it_is_there(job):
    job.sentence = "Ihre Auskunft ist fertig. Nur Sie können sie herunterladen; nach sieben Tagen wird sie gelöscht."
    logger.info("An Auskunft was made: job %s", job.pk)


def is_theirs(job, user):
    return job.subject == str(user.pk)


def page_of_auskunft(job):
    return reverse("privacy:subject_access")


AUSKUNFT = JobKind(
    "subject access",
    make=make,
    batch=keep_file,
    finish=say_that_it_is_there,
    leads_to=page_of_auskunft,
    size=ALL,
    at_once=0,
    may_have=is_theirs,
)
