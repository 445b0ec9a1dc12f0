"""What people type into assessments and talks, checked."""

from assessments.answering.saving import CLEARED
from kompetenz.catalogue.models import HIGHEST_POSSIBLE
from kompetenz.forms.fields import written
from kompetenz.forms.stamp import seen_in

LONGEST_REMARK = 600  # characters
# What a rating form may send for each choice; which levels a round knows, its catalogue says.
ANSWERS = {**{str(level): level for level in range(HIGHEST_POSSIBLE + 1)}, "x": None}


def answers_of(post, assessment):
    """The levels and remarks in ``post`` that were changed on the page it was sent from.

    Each answer comes with what the page showed before (``was-…``), so that an older window
    does not overwrite what a newer one has saved.
    """
    levels, remarks = {}, {}
    for competency in assessment.participation.round.catalogue.competencies:
        answer = post.get(f"level-{competency.id}", "")
        was = post.get(f"level-was-{competency.id}", "")
        if post.get("loeschen") == str(competency.id) or (
            was and not answer
        ):  # taken away with the button, or in place
            levels[competency.id] = CLEARED
        elif answer != was and takes(assessment, answer):
            levels[competency.id] = ANSWERS[answer]
        text = written(post, f"remark-{competency.id}")[:LONGEST_REMARK]
        if text != written(post, f"remark-was-{competency.id}"):
            remarks[competency.id] = text
    return levels, remarks


def seen_by(post, catalogue):
    """What the form has shown before; of what was not there it says nothing."""
    names = ("level", "remark")
    return {f"{name}-{one.id}": "" for one in catalogue.competencies for name in names} | seen_in(post)


def takes(assessment, answer):
    """Whether this side may answer so: with a level of the round, and only about others that they cannot judge."""
    if answer == "x":
        return assessment.rules.rates_another
    return answer in ANSWERS and assessment.participation.round.catalogue.has_level(ANSWERS[answer])


def stored_in_words(catalogue, stored):
    """What is stored instead of what was sent, by the name of its field: the value, and in words."""
    names = {"x": "kann ich nicht beurteilen", "": "nichts"} | {str(pk): name for pk, name in catalogue.choices}
    choices = ("level-", "agreed-")
    return {
        name: {"value": text, "words": f"„{names[text] if name.startswith(choices) else text or 'nichts'}“"}
        for name, text in stored.items()
    }


def words_of(catalogue, levels, remarks):
    """Answers in words, to show what was not taken."""
    names = {**dict(catalogue.choices), None: "kann ich nicht beurteilen", CLEARED: "Auswahl aufgehoben"}
    told = [f"{catalogue.by_id[pk].name}: {names[level]}" for pk, level in levels.items()]
    return told + [f"{catalogue.by_id[pk].name}: „{text}“" for pk, text in remarks.items()]
