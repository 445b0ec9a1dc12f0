"""A change that concerns one measure in many fields names the measure once."""

from learningplans.models import PlanChange

NEW = "Maßnahme „Kurs „Akte: kurz““ (neu)"


def test_what_it_is_about_is_said_once():
    lines = [{"subject": f"{NEW}: {field}", "before": "", "after": "x"} for field in ("Ziele", "Titel")]
    several, single = PlanChange(lines=lines), PlanChange(lines=lines[:1])

    assert [(thing, [line["field"] for line in found]) for thing, found in several.things] == [
        (NEW, ["Ziele", "Titel"])
    ]
    assert (several.subject, single.subject, PlanChange().subject) == (NEW, f"{NEW}: Ziele", "Lernplan")


def test_a_subject_without_a_field_is_one():
    plain = PlanChange(lines=[{"subject": "Neues Ziel „A: B“", "before": "", "after": "x"}])

    assert [(thing, found[0]["field"]) for thing, found in plain.things] == [("Neues Ziel „A: B“", "")]
