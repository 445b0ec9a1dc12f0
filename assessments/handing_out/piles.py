"""The empty forms of many, for whom no letter reaches: ordered by unit, each Amt's behind a cover sheet that goes with them."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Participation, Progress, Round
from assessments.models.accesses import What
from assessments.pdf import empty_form_paper
from assessments.rounds import monitoring
from assessments.rounds.monitoring import NO_UNIT, Narrowing
from assessments.rounds.workbook import page_of_rounds
from kompetenz.documents import file_name, pdf_response, render_together, side_by_side, zip_response
from kompetenz.jobs.batches import JobKind
from kompetenz.jobs.models import JobPart
from kompetenz.people.tree import read_tree

MOST = 25  # forms in one file: half a minute, some 160 MB while it is made, a hundred sheets

NOBODY = "Für diese Auswahl gibt es nichts auszudrucken: Niemand davon hat die Selbsteinschätzung noch vor sich."


# Whose, in which order -------------------------------------------------------------------------------------


def on_paper(round_, narrowing, today):
    """Those of a list whose form may still come on paper: they work here, take part, do not rest and have not begun."""
    rows = monitoring.listed(round_, narrowing, today).taking_part().with_who_left().filter(has_left=False)
    return rows.filter(self_state=Progress.OPEN, paused_on=None)


def piles_of(rows):
    """(names of Dezernat and Amt, ids of participations) in the order of the tree, in each by unit and name; three queries."""
    tree = read_tree()
    names, places = tree.names(), {unit: place for place, unit in enumerate(tree.depths)}
    found = rows.order_by("sort_key", "pk").values_list("unit", "pk")
    in_order = sorted(found, key=lambda row: places.get(row[0], len(places)))
    piles = groupby(in_order, lambda row: tree.top_two(row[0], names))
    return [([name for name in upper if name] or [NO_UNIT], [pk for _, pk in pile]) for upper, pile in piles]


def parts_of(piles):
    """What stands in each file: piles of MOST forms at most together, each as (names, which part of how many, ids).

    A pile is in one file if it can be.
    """
    parts, room = [], 0
    for names, ids in piles:
        several = range(0, len(ids), MOST)
        for place, start in enumerate(several, 1):
            some = ids[start : start + MOST]
            if len(some) > room:
                parts.append([])
                room = MOST
            parts[-1].append([names, [place, len(several)], some])
            room -= len(some)
    return parts


# The papers ------------------------------------------------------------------------------------------------


def make_part(job, items):
    """(name, PDF) of the next part, as far as there is anything left to print of it."""
    round_ = Round.objects.select_related("responsible").get(pk=job.options["round"])
    papers = [paper for pile in items[0] for paper in papers_of(round_, job.asked_by, *pile)]
    suffix = f"-{job.done + 1:0{len(str(job.total))}}.pdf" if job.total > 1 else ".pdf"
    return file_name("Bögen", round_.title, suffix=suffix), papers and render_together(papers)


def papers_of(round_, by, names, part, ids):
    """Templates and contexts of a pile: its cover sheet, then the forms."""
    rows = (
        on_paper(round_, Narrowing(), timezone.localdate()).select_related("person", "round__responsible").in_bulk(ids)
    )
    forms = [rows[pk] for pk in ids if pk in rows]
    if not forms:
        return []
    return [cover_sheet(round_, names, part, forms), *(form(one, by) for one in forms)]


def form(participation, by):
    template, context = empty_form_paper(participation, by, is_self=True)
    return template, context | {"both_sides": True}


def cover_sheet(round_, names, part, forms):
    """Template and context of what lies on a pile: whose forms follow, what is done with them, who gets them back and when."""
    place, several = part
    number = f"{len(forms)}, Teil {place} von {several}" if several > 1 else len(forms)
    context = {
        "title": "Begleitblatt",
        "subtitle": f"{names[-1]} · {round_.title}",
        "stand": timezone.localdate(),
        "round": round_,
        "facts": side_by_side(
            [
                ("Amt oder Bereich", names[-1]),
                ("Dezernat", names[0] if names[1:] else ""),
                ("Bögen", number),
                ("Zurück bis", date_format(round_.self_due)),
                ("Zurück an", f"Personalentwicklung, {round_.responsible or 'Anschrift wie oben'}"),
            ]
        ),
        "forms": forms,
    }
    return "documents/cover_sheet.html", context


def keep_part(job, items, made):
    name, content = made
    if content:
        JobPart.objects.create(job=job, name=name, content=content)


def say_how_many_files(job):
    number = job.parts.count()
    if number:
        name = job.parts.first().name
        job.file_name = name if number == 1 else f"{name.rpartition('-')[0]}.zip"
        job.sentence = (
            "Die Datei ist fertig." if number == 1 else f"{number} Dateien sind fertig, zusammen in einer ZIP-Datei."
        )
    else:
        job.sentence = NOBODY


def hand_out(job):
    """The one PDF, or all as a ZIP, of which one is in memory at a time."""
    if (parts := list(job.parts.defer("content")))[1:]:
        files = ((one.name, timezone.localtime(one.made_at), bytes(one.content)) for one in parts)
        return zip_response(files, job.file_name)
    return pdf_response(bytes(parts[0].content), job.file_name)


def people_of_the_piles(job):
    printed = [pk for part in job.items for *_, ids in part for pk in ids]
    people = Participation.objects.filter(pk__in=printed).order_by()
    return What.FORM, people.values_list("person", flat=True), job.options["round"]


FORMS = JobKind(
    "forms on paper",
    make=make_part,
    batch=keep_part,
    finish=say_how_many_files,
    leads_to=page_of_rounds,
    hands_out=hand_out,
    tells_of=people_of_the_piles,
    size=1,
    at_once=0,
    in_hand=timedelta(minutes=5),
)
