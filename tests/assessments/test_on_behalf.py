"""The paper path: who may type in whose Selbsteinschätzung, what becomes of it, and that nobody sees more by it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import answers, on_behalf, peers
from assessments.models import Assessment, Participation, Round
from assessments.opening import close_round
from kompetenz.letters.models import Letter
from tests.assessments.test_comparing import text_of

HAND = "vom Papier eingetragen am"


def paper(stage):
    return reverse("assessments:enter_from_paper", args=[stage.participation.pk])


def typed(stage, level=1):
    return {f"level-{competency.id}": str(level) for competency in stage.competencies}


def entered(stage, by, level=1):
    on_behalf.enter(participation=stage.participation, by=by, levels=stage.levels(level))
    return stage._again()


def obstacle(stage, by):
    return on_behalf.obstacle(Participation.objects.select_related("round").get(pk=stage.participation.pk), by)


def own_tasks(client):
    return client.get("/").text.count("Eingetragene Selbsteinschätzung bestätigen")


def test_hr_types_in_everything_and_it_is_released_with_their_name(as_, stage, cast):
    response = as_(cast.paula).post(paper(stage), typed(stage, 1))

    stage._again()
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert stage.own.levels() == stage.levels(1)
    assert (stage.own.entered_by, stage.own.entered_on, stage.own.rater) == (
        cast.paula,
        timezone.localdate(),
        cast.anna,
    )
    assert stage.participation.get_self_state_display() == "freigegeben"


def test_afterwards_hr_sees_no_more_than_before(as_, stage, cast):
    entered(stage, cast.paula)
    client = as_(cast.paula)

    page = client.get(paper(stage))

    assert "schon freigegeben" in page.text
    assert '<input type="radio"' not in page.text
    assert client.get(stage.own.get_absolute_url()).status_code == 404
    assert client.get(stage.participation.get_absolute_url()).status_code == 404
    assert client.post(paper(stage), typed(stage, 3)).status_code == 409
    assert stage.own.levels() == stage.levels(1)


def test_what_is_missing_stands_beside_it_and_what_was_chosen_stays(as_, stage, cast):
    last = stage.competencies[24]
    sent = typed(stage, 2)
    del sent[f"level-{last.id}"]

    page = as_(cast.paula).post(paper(stage), sent).text

    assert ("Noch 1 Kompetenz ohne Stufe" in page, 'id="fehler-25"' in page, "#kompetenz-25" in page) == (True,) * 3
    assert page.count(" checked") == 24
    assert stage.own.levels() == {}


@pytest.mark.parametrize("level", ["4", "-1", "x", ""])
def test_a_level_that_is_none_is_not_taken(as_, stage, cast, level):
    page = as_(cast.paula).post(paper(stage), typed(stage) | {f"level-{stage.competencies[0].id}": level}).text

    assert 'id="fehler-1"' in page
    assert stage.own.levels() == {}


def test_remarks_are_not_taken_over(as_, stage, cast):
    as_(cast.paula).post(paper(stage), typed(stage) | {f"remark-{stage.competencies[0].id}": "Wort"})

    assert (stage._again().own.released_at is not None, stage.own.remarks.count()) == (True, 0)


def test_a_manager_types_in_only_once_their_own_view_is_released(as_, stage, cast):
    client = as_(cast.bernd)

    before = client.get(paper(stage)).text
    refused = client.post(paper(stage), typed(stage))
    stage.release(stage.manager)
    response = client.post(paper(stage), typed(stage))

    assert ("Geben Sie zuerst Ihre Fremdeinschätzung frei" in before, refused.status_code) == (True, 409)
    assert "Diese Angaben wurden nicht übernommen" in refused.text
    assert response.headers["Location"] == stage.participation.get_absolute_url()
    assert stage._again().own.entered_by == cast.bernd


def test_a_manager_who_is_hr_waits_for_their_own_view_too(stage, cast):
    cast.bernd.is_hr = True
    cast.bernd.save()

    assert obstacle(stage, cast.bernd) == on_behalf.OWN_VIEW_FIRST
    stage.release(stage.manager)
    assert obstacle(stage, cast.bernd) == ""


def test_a_colleague_who_was_asked_leaves_it_to_somebody_else(stage, cast):
    Round.objects.update(has_peers=True, peer_due=timezone.localdate() + timedelta(days=3))
    peers.nominate(participation=stage.participation, colleague=cast.paula)

    assert obstacle(stage, cast.paula) == on_behalf.ASKED


@pytest.mark.parametrize("what", ["level", "remark"])
def test_what_the_person_has_begun_is_theirs(stage, cast, what):
    first = stage.competencies[0].id
    given = {"levels": {first: 1}} if what == "level" else {"remarks": {first: "Wort"}}
    answers.save_answers(pk=stage.own.pk, by=cast.anna, **given)

    with pytest.raises(on_behalf.NotNow, match="selbst begonnen"):
        entered(stage, cast.paula)
    stage._again()

    assert (len(stage.own.levels()), stage.own.entered_on) == (len(given.get("levels", {})), None)


def test_nothing_is_typed_in_after_the_round(stage, cast):
    close_round(round_=stage.round)

    with pytest.raises(on_behalf.NotNow, match="beendet"):
        entered(stage, cast.paula)


def test_nobody_types_in_their_own(as_, stage, cast):
    cast.anna.is_hr = True
    cast.anna.save()

    assert as_(cast.anna).get(paper(stage)).status_code == 404


def test_the_person_is_told_and_confirms(as_, stage, cast):
    entered(stage, cast.paula)
    client = as_(cast.anna)
    page = client.get(stage.own.get_absolute_url()).text
    before = own_tasks(client)

    client.post(reverse("assessments:confirm_entry", args=[stage.own.pk]))

    stage._again()
    assert (before, own_tasks(client), stage.own.confirmed_on) == (1, 0, timezone.localdate())
    assert f"{HAND} " in page
    assert "von Paula Personal" in page
    letters = Letter.objects.filter(person=cast.anna, path=stage.own.get_absolute_url())
    assert [letter.kind for letter in letters] == [Letter.Kind.NOTICE]


def test_taken_back_it_is_the_persons_own_to_correct(as_, stage, cast):
    entered(stage, cast.paula)

    as_(cast.anna).post(reverse("assessments:take_back", args=[stage.own.pk]))
    stage._again()

    assert (stage.own.entered_by, stage.own.entered_on, stage.own.released_at) == (None, None, None)
    assert stage.own.levels() == stage.levels(1)
    assert obstacle(stage, cast.paula) == on_behalf.BEGUN
    assert as_(cast.anna).post(reverse("assessments:confirm_entry", args=[stage.own.pk])).status_code == 302
    assert Assessment.objects.get(pk=stage.own.pk).confirmed_on is None


def test_whoever_is_shown_the_assessment_reads_how_it_came_about(as_, stage, cast):
    stage.release(stage.manager)
    entered(stage, cast.paula)
    pages = [reverse(f"assessments:{name}", args=[stage.participation.pk]) for name in ("participation", "talk")]
    pdf = as_(cast.bernd).get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content

    shown = [f"{HAND} " in as_(who).get(page).text for who in (cast.anna, cast.bernd) for page in pages]

    assert shown == [True] * 4
    assert f"{HAND} " in text_of(pdf)


def test_before_disclosure_the_manager_does_not_read_it(as_, stage, cast):
    entered(stage, cast.paula)

    assert HAND not in as_(cast.bernd).get(stage.participation.get_absolute_url()).text


def test_hr_finds_the_way_from_the_list_while_the_person_has_not_begun(as_, stage, cast):
    page = as_(cast.paula).get(stage.round.get_absolute_url()).text
    entered(stage, cast.paula)
    later = as_(cast.paula).get(stage.round.get_absolute_url()).text

    link = f"../../teilnahmen/{stage.participation.pk}/vom-papier/"
    assert (link in page, link in later) == (True, False)
    assert reverse("assessments:round", args=[0]).count("/") + 2 == paper(stage).count("/") + 1  # where "../.." leads


@pytest.mark.parametrize(
    ("who", "rules", "told"),
    [
        ("anna", {"hides_target": False}, True),
        ("anna", {"hides_target": True}, False),
        ("paula", {"hides_target": False}, False),
        ("paula", {"hides_target": False, "shows_levels_to_hr": True}, True),
        ("bernd", {"hides_target": False}, True),
        ("bernd", {"hides_target": True}, False),
    ],
)
def test_the_empty_form_tells_the_soll_to_whom_it_is_shown_and_asks_the_five_questions(as_, stage, who, rules, told):
    Round.objects.update(**rules)
    name, args = ("round_form_pdf", [stage.round.pk, stage.participation.pk]) if who == "paula" else ("form_pdf", None)
    address = reverse(f"assessments:{name}", args=args or [stage.participation.pk])

    text = text_of(as_(getattr(stage.cast, who)).get(address, {"bogen": "selbst"}).content)

    assert ("Soll Ihrer Rolle:" in text) is told
    assert ("Welche Aufgaben haben Sie zurzeit?" in text, "Ausgefüllt am" in text) == (True, True)


def test_the_managers_form_has_neither(as_, stage):
    Round.objects.update(hides_target=False)

    text = text_of(as_(stage.cast.bernd).get(reverse("assessments:form_pdf", args=[stage.participation.pk])).content)

    assert ("Soll Ihrer Rolle:" in text, "Welche Aufgaben haben Sie zurzeit?" in text) == (False, False)
