"""Sample texts for the first step of a round: chosen, put below what was typed, never over it."""

import pytest
from django.urls import reverse

from assessments.rounds.sample_texts import SAMPLES, left_open, with_sample
from tests.conftest import plan_round

SAMPLE = SAMPLES["purpose"][0].text


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("", SAMPLE),
        ("  \n", SAMPLE),
        ("Mein Text.\n", f"Mein Text.\n\n{SAMPLE}"),
        (SAMPLE, SAMPLE),
        (f"Davor. {SAMPLE} Danach.", f"Davor. {SAMPLE} Danach."),
    ],
)
def test_nothing_that_was_typed_is_written_over(typed, then):
    assert with_sample(typed, SAMPLE) == then


def test_every_sample_fits_into_its_field_even_below_another():
    for samples in SAMPLES.values():
        assert len(samples) > 1
        assert max(len(one.text) for one in samples) <= 900  # of 2,000
        assert len({one.name for one in samples}) == len(samples)


def ask_for(client, draft, asked, **typed):
    return client.post(reverse("assessments:round_purpose", args=[draft.pk]), {"muster": asked, **typed})


def test_a_sample_comes_into_the_form_with_all_else_that_was_typed_and_nothing_is_saved(as_, cast):
    draft = plan_round(cast, title="Pilot", purpose="Alt")

    response = ask_for(as_(cast.paula), draft, "procedure-1", title="Neu", purpose="Getippt", procedure="")

    form = response.context["form"]
    assert (form["title"].value(), form["purpose"].value()) == ("Neu", "Getippt")
    assert form["procedure"].value() == SAMPLES["procedure"][1].text
    assert form.errors == {}
    draft.refresh_from_db()
    assert (draft.title, draft.purpose) == ("Pilot", "Alt")


@pytest.mark.parametrize("asked", ["purpose-99", "purpose-x", "unsinn-0", "purpose", "-"])
def test_a_sample_that_is_not_there_changes_nothing(as_, cast, asked):
    form = ask_for(as_(cast.paula), plan_round(cast), asked, title="Neu", purpose="Getippt").context["form"]

    assert form["purpose"].value() == "Getippt"


def test_what_was_put_in_is_saved_with_the_step(as_, cast):
    client, draft = as_(cast.paula), plan_round(cast)
    form = ask_for(client, draft, "purpose-0", title="Neu", purpose="").context["form"]
    address = reverse("assessments:round_purpose", args=[draft.pk])

    client.post(address, {"title": "Neu", "purpose": form["purpose"].value(), "read": form.read})

    draft.refresh_from_db()
    assert draft.purpose == SAMPLE


def test_what_is_left_of_a_sample_is_named_once_and_other_brackets_are_not():
    assert left_open("Am [Datum] und am [Datum]. [Name] hilft. [sic]", "") == ["[Datum]", "[Name]"]
    assert left_open("", "Alles ersetzt.") == []


def test_the_preview_says_what_is_left_of_a_sample(as_, cast):
    client, draft = as_(cast.paula), plan_round(cast, purpose=SAMPLE)
    address = reverse("assessments:round_preview", args=[draft.pk])

    assert "Bitte ersetzen Sie [Datum]." in client.get(address).text
    type(draft).objects.filter(pk=draft.pk).update(purpose=SAMPLE.replace("[Datum]", "1. März"))
    assert "Bitte ersetzen Sie" not in client.get(address).text
