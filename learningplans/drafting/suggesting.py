"""Which formats and offers suit the goals of a measure, and why, in words (paper 4.1 and 4.2)."""

from django.db.models import Q

from learningplans.models import LearningFormat, Offer


def formats_to_choose(measure):
    """The formats a measure can have, with what they suit: those offered, and the one it has already; three queries."""
    can_be_chosen = Q(is_offered=True) | Q(pk=measure.format_id)
    return LearningFormat.objects.filter(can_be_chosen).prefetch_related("suits", "suitabilities")


def offers_to_choose(measure, today):
    """The offers a measure can take up on ``today``, and the one it has already."""
    open_ = Offer.objects.to_choose(today)
    return Offer.objects.filter(Q(pk__in=open_.values("pk")) | Q(pk=measure.offer_id)).select_related("format")


def planned_forms(measure):
    """How one learns in the plan's other measures, as a set of LearningForm values; one query."""
    others = measure.plan.measures.exclude(pk=measure.pk).kept()
    return set(others.values_list("format__learning_form", flat=True))


def reasons_for(format_, wanted, catalogue, planned):
    """Why this format suits the ``wanted`` GoalEntries, in sentences; none where it suits none of them.

    One that does also complements a plan whose ``planned`` forms are all the same other one.
    """
    reasons = [f"{goals_in_words(numbers)}: für {name} geeignet." for name, numbers in fits(format_, wanted, catalogue)]
    if reasons and len(planned) == 1 and format_.learning_form not in planned:
        only, more = LearningFormat.LearningForm(*planned).label, format_.get_learning_form_display()
        reasons.append(f"Ergänzt den Plan um {more}; bisher ist nur {only} geplant.")
    return reasons


def fits(format_, wanted, catalogue):
    """(category, numbers of the ``wanted`` GoalEntries in it) for each category that the format suits.

    What is said of a competency itself holds instead, and is said with its ground.
    """
    suits, found = {category.key for category in format_.suits.all()}, []
    said = {one.competency_id: one for one in format_.suitabilities.all()}
    for category in catalogue.categories:
        competencies = {competency.id for competency in category.competencies} if category.key in suits else set()
        if numbers := [entry.number for entry in wanted if entry.competency.id in competencies - said.keys()]:
            found.append((category.name, numbers))
    named = [(entry, said[entry.competency.id]) for entry in wanted if entry.competency.id in said]
    return found + [
        (f"{entry.competency.name} ({one.get_ground_display()})", [entry.number]) for entry, one in named if one.fits
    ]


def by_suitability(formats, wanted, catalogue, planned):
    """(heading, why, rows): the formats that suit all ``wanted`` goals, with why said once; some of them; none.

    A row is the ``format``, all its ``reasons``, and ``more``, those that its heading does not say already.
    """
    groups = {"Passt zu allen Zielen": [], "Passt zu einem Teil der Ziele": [], "Weitere Formate": []}
    for format_ in formats:
        reasons = reasons_for(format_, wanted, catalogue, planned)
        fitting = {number for _, numbers in fits(format_, wanted, catalogue) for number in numbers}
        some = "Passt zu einem Teil der Ziele" if fitting else "Weitere Formate"
        heading = "Passt zu allen Zielen" if len(fitting) == len(wanted) else some
        groups[heading].append({"format": format_, "reasons": reasons})
    return [(heading, *said_once(rows)) for heading, rows in groups.items() if rows]


def said_once(rows):
    """The reasons that all rows share, and the rows, those with most further reasons first."""
    common = [one for one in rows[0]["reasons"] if all(one in row["reasons"] for row in rows)]
    rows = [row | {"more": [one for one in row["reasons"] if one not in common]} for row in rows]
    return common, sorted(rows, key=lambda row: -len(row["more"]))


def naming(offers, wanted):
    """The offers that name the competency of a ``wanted`` goal, with the goals' numbers; most of them first."""
    found = []
    for offer in offers:
        named = {competency.pk for competency in offer.competencies.all()}
        if numbers := [entry.number for entry in wanted if entry.competency.id in named]:
            found.append((offer, numbers))
    return sorted(found, key=lambda row: -len(row[1]))


def goals_in_words(numbers):
    """Goals by their numbers: "Ziel 1, 2 und 4"."""
    *first, last = [str(number) for number in numbers]
    return f"Ziel {', '.join(first)} und {last}" if first else f"Ziel {last}"
