"""What holds for a kind of assessment is said once; of which nothing is said, that is closed to everybody."""

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from assessments.answering import saving
from assessments.models import Assessment, Participation, Rating, Remark
from assessments.models.kinds import NO_RULES, RULES, Rules, of_the_rater, rules_of
from kompetenz.people.models import Person
from kompetenz.prepared import forget
from tests.conftest import Stage
from tests.test_access import CASES, STATES, WHO, found_in, signed_in
from tests.thorough import thorough_but

UNKNOWN, SECRET = "partner", "Das darf niemand lesen."
QUERIES = ["by_rater", "visible_to", "editable_by", "returnable_by", "asked_of", "awaiting_confirmation_by"]


def rated(stage, kind, *, released):
    """An assessment of anna by fremd, complete and with a remark."""
    made = Assessment.objects.create(participation=stage.participation, kind=kind, rater=stage.cast.fremd)
    Rating.objects.bulk_create(Rating(assessment=made, competency_id=c.id, level=3) for c in stage.competencies)
    Remark.objects.create(assessment=made, competency_id=stage.competencies[0].id, text=SECRET)
    if released:
        Assessment.objects.filter(pk=made.pk).update(released_at=stage.round.opened_at)
    return made


@pytest.fixture
def everybody(cast):
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    return [*(getattr(cast, who) for who in WHO), cast.dora, root]


def test_every_kind_has_its_rules():
    assert set(RULES) == set(Assessment.Kind)
    assert Assessment.SIDES == (Assessment.Kind.SELF, Assessment.Kind.MANAGER)
    assert rules_of(UNKNOWN) is NO_RULES


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("kind", [UNKNOWN, Assessment.Kind.FORMER])
def test_a_kind_without_rules_is_nobodys(stage, everybody, kind, released):
    rated(stage.release_both(), kind, released=released)
    of_kind = Assessment.objects.filter(kind=kind)

    found = {(name, str(who)): getattr(of_kind, name)(who).count() for name in QUERIES for who in everybody}

    assert of_kind.count() == 1
    assert {case: count for case, count in found.items() if count} == {}


@pytest.mark.parametrize("released", [False, True])
def test_its_own_addresses_answer_nobody(client, stage, everybody, released):
    made = rated(stage, UNKNOWN, released=released)
    first = stage.competencies[0].id
    addresses = [
        *(("get", name, [made.pk]) for name in ("assessment", "check")),
        *(("post", name, [made.pk]) for name in ("assessment", "release", "take_back", "confirm_entry")),
        *(("post", name, [made.pk, first]) for name in ("rate", "remark")),
    ]

    def answers(who):
        client.force_login(who)
        data = {f"level-{first}": "1", f"remark-{first}": "Neu."}
        return {
            getattr(client, method)(reverse(f"assessments:{name}", args=args), data).status_code
            for method, name, args in addresses
        }

    assert {str(who): answers(who) for who in everybody} == {str(who): {404} for who in everybody}
    assert set(made.levels().values()) == {3}


@pytest.mark.usefixtures("words_of_pdfs")
@pytest.mark.parametrize("state", thorough_but(["both released", "confirmed"], "both released"))
def test_no_page_and_no_print_shows_anything_of_it(client, cast, everybody, state):
    cases = [case for case in CASES if case[3] == state and case[2] == "get"]
    stage = STATES[state](Stage(cast))

    sessions = {who: signed_in(client, who) for who in everybody}

    def told(method, address):
        """What of it each of the cast is told there."""
        return [who for who, session in sessions.items() if is_told(client, session, method, address)]

    shown = found_in(stage, cases, told, lambda: rated(stage, UNKNOWN, released=True))

    assert len(shown) > 20
    assert {case: who for case, who in shown.items() if who} == {}


def is_told(client, session, method, address):
    client.cookies.clear()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        response = getattr(client, method)(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return any(word.encode() in body for word in (SECRET, UNKNOWN))


@pytest.fixture
def forgotten():
    """What is compiled of a test's own rules is no other test's."""
    yield
    forget()


@pytest.mark.usefixtures("forgotten")
def test_a_kind_is_added_by_saying_its_rules(as_, stage, monkeypatch):
    """An outside partner: rates by the manager's day, may pass, writes remarks, and is shown no Soll."""
    cast, competencies = stage.cast, stage.competencies
    partner = Rules(rater=of_the_rater, due="manager_due", rates_another=True, takes_remarks=True)
    monkeypatch.setitem(RULES, UNKNOWN, partner)
    forget()
    made = Assessment.objects.create(participation=stage.participation, kind=UNKNOWN, rater=cast.fremd)
    client = as_(cast.fremd)
    address = {name: reverse(f"assessments:{name}", args=[made.pk]) for name in ("assessment", "check", "release")}
    rate = reverse("assessments:rate", args=[made.pk, competencies[0].id])

    form = client.get(address["assessment"]).text
    first = client.post(rate, {f"level-{competencies[0].id}": "x"}, headers={"HX-Request": "true"})
    levels = {one.id: 2 for one in competencies[1:]}
    saving.save_answers(pk=made.pk, by=cast.fremd, levels=levels, remarks={competencies[1].id: SECRET})
    check = client.get(address["check"]).text
    read = saving.stamp_of_answers(made.levels(), made.remark_texts())
    released = client.post(address["release"], {"read": read})

    assert (form.count("kann ich nicht beurteilen"), "Soll" in without_definitions(form)) == (len(competencies), False)
    assert (first.status_code, SECRET in check) == (200, True)
    assert released.headers["Location"] == address["assessment"]
    made.refresh_from_db()
    assert (made.released_at is None, made.due, made.levels()) == (
        False, stage.participation.manager_due, {**levels, competencies[0].id: None},
    )  # fmt: skip
    assert client.get(address["assessment"]).status_code == 200
    assert [
        str(who) for who in (cast.anna, cast.bernd, cast.paula) if Assessment.objects.visible_to(who).contains(made)
    ] == []
    assert Participation.objects.get(pk=stage.participation.pk).state_names == stage.participation.state_names
    assert Assessment.objects.returnable_by(cast.fremd).count() == 0


@pytest.mark.usefixtures("forgotten")
def test_what_ends_with_its_day_takes_no_answers_after_it(stage, monkeypatch, clock):
    made = Assessment.objects.create(participation=stage.participation, kind=UNKNOWN, rater=stage.cast.fremd)
    monkeypatch.setitem(RULES, UNKNOWN, Rules(rater=of_the_rater, due="manager_due", ends_when_due=True))
    forget()

    before = Assessment.objects.editable_by(stage.cast.fremd).contains(made)
    Participation.objects.update(manager_due="2020-01-01", self_due="2020-01-01")

    assert (before, Assessment.objects.editable_by(stage.cast.fremd).contains(made)) == (True, False)


def without_definitions(form):
    """The form but for what the levels mean, where everybody reads what a Soll of "keine" is."""
    before, _, rest = form.partition('Stufen <span class="in-full">bedeuten')
    return before + rest.partition("</details>")[2]
