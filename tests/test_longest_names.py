"""Somebody with the longest name that the register takes: it fits wherever it is copied, on each database, on pages and paper."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from assessments.changes.handing_over import hand_over
from assessments.models import HandOver, Participation
from kompetenz.letters.delivering import deliver
from kompetenz.people.models import NameChange, Person
from kompetenz.people.renaming import note_changes
from kompetenz.privacy.erasure import finding, removing
from learningplans.models import Goal, Measure
from tests.browser.crowd import Crowd
from tests.kompetenz.privacy import marking

LONGEST = 80
# Fields that hold somebody's whole name, as the register has it or as somebody types it into a form.
WHOLE_NAMES = {
    "assessments.Participation": ["person_name", "manager_name", "sort_key"],
    "assessments.HandOver": ["from_name", "to_name"],
    "people.Person": ["sort_key"],
    "people.NameChange": ["from_name", "to_name"],
    "learningplans.Measure": ["responsible", "mentor"],
    "learningplans.Goal": ["seen_by"],
}


def longest(letter, number=1):
    """First and last name that fill their fields, so that as sorted they are even longer."""
    return {"first_name": f"{letter}nna-" + "ä" * (LONGEST - 5), "last_name": f"{letter}{number}" + "ß" * (LONGEST - 2)}


def called(person, names):
    before = Person.objects.get(pk=person.pk)
    for field, value in names.items():
        setattr(person, field, value)
    person.save()
    note_changes([(before, person)])
    return f"{names['first_name']} {names['last_name']}"


def test_every_field_that_holds_a_whole_name_takes_the_longest():
    longest_name = len(f"{'ä' * LONGEST} {'ä' * LONGEST}")
    fields = [apps.get_model(model)._meta.get_field(name) for model, names in WHOLE_NAMES.items() for name in names]

    assert [str(field) for field in fields if field.max_length < longest_name] == []


def test_every_field_called_so_is_named_above():
    """A further copy of somebody's name stands in the list, and so does whoever of a new field is meant."""
    called_so = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField)
        and field.name in {"person_name", "manager_name", "from_name", "to_name", "sort_key"}
    }

    assert called_so <= {f"{model}.{name}" for model, names in WHOLE_NAMES.items() for name in names}


@pytest.fixture
def crowd(cast):
    """A team in every state of a round, all with the longest names, who are called otherwise since."""
    for letter, one in zip("ABCDEFG", vars(cast).values(), strict=True):
        called(one, longest(letter))
    crowd = Crowd(cast)
    Measure.objects.update(responsible=str(cast.anna), mentor=str(cast.bernd))
    Goal.objects.update(seen_by=str(cast.bernd))
    return crowd


def test_a_new_name_reaches_every_copy(cast, crowd):
    anna, bernd = called(cast.anna, longest("X", 2)), called(cast.bernd, longest("Y", 2))

    row, plan = Participation.objects.get(pk=crowd.stage.participation.pk), crowd.agreed_plan
    assert (row.person_name, row.manager_name) == (anna, bernd)
    assert {(anna, bernd)} == set(plan.measures.values_list("responsible", "mentor"))
    assert set(plan.goals.values_list("seen_by", flat=True)) == {bernd}
    assert len(NameChange.objects.get(to_name=anna).from_name) == 2 * LONGEST + 1


def test_a_hand_over_names_both_and_the_former_is_erased(cast, crowd, as_, run_jobs):
    former = str(cast.bernd)
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    hand_over(participations=[Participation.objects.get(pk=crowd.greta.pk)], by=cast.paula)
    handed = HandOver.objects.get(participation=crowd.greta)

    page = as_(cast.paula).get(reverse("privacy:erase", args=[cast.bernd.pk]))

    assert (handed.from_name, handed.to_name) == (former, str(cast.clara))
    assert former in page.text


def test_a_measure_is_written_with_the_name_that_its_form_begins_with(cast, crowd, as_):
    client = as_(cast.fritz)
    page = client.get(reverse("learningplans:measure_add", args=[crowd.draft_plan.pk]))
    form = page.context["form"]
    limits = {name: form.fields[name].max_length for name in ("responsible", "mentor")}

    assert min(limits.values()) >= len(str(cast.anna))


@pytest.mark.thorough
def test_every_page_opens_letters_are_sent_and_files_are_made(cast, crowd, as_, run_jobs, mailoutbox):
    run_jobs()
    deliver.call()
    clients = {who: as_(getattr(cast, who)) for who in ("anna", "bernd", "paula", "audit")}

    pages = {(who, url): as_(getattr(cast, who)).get(url).status_code for who, _, url in crowd.pages if who in clients}

    assert {pair: status for pair, status in pages.items() if status >= 400 and status != 404} == {}
    assert len(pages) > 100
    assert str(cast.bernd) in " ".join(" ".join(mail.body.split()) for mail in mailoutbox)


def test_an_erased_person_with_the_longest_name_is_nowhere(cast, crowd):
    name = str(cast.anna)
    before = marking.places_of([name])

    removing.remove(person=cast.anna, mentions=finding.find(cast.anna))

    assert len(before) >= 3
    assert marking.places_of([name]) == set()
