"""The paper path: who may type in whose Selbsteinschätzung, what becomes of it, and that nobody sees more by it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from assessments.answering import paper_entry, saving
from assessments.models import Assessment, Participation, Progress, Round, Talk
from assessments.peers import asking
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.talk.comparison import Comparison
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from kompetenz.refusals import Refused
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.conftest import Stage, of_a_session
from tests.pdf_text import text_of

HAND = "vom Papier übertragen von Paula Personal am"


def paper(stage):
    return reverse("assessments:enter_from_paper", args=[stage.participation.pk])


def typed(stage, level=1):
    return {f"level-{competency.id}": str(level) for competency in stage.competencies}


def entered(stage, by, level=1):
    paper_entry.enter(participation=stage.participation, by=by, levels=stage.levels(level))
    return stage._again()


def confirmed(stage, by):
    entered(stage, by)
    paper_entry.confirm_entry(pk=stage.own.pk, by=stage.cast.anna)
    return stage._again()


def answer(as_, stage, name):
    """The person presses one of the two buttons."""
    return pressed(as_, stage, name, paper_entry.stamp_of_entry(stage._again().own))


def pressed(as_, stage, name, read):
    """One of the two buttons of a page that shows the entry with this stamp."""
    client, address = as_(stage.cast.anna), reverse(f"assessments:{name}_entry", args=[stage.own.pk])
    return client.post(address, {"read": read}, follow=True)


def obstacle(stage, by):
    return paper_entry.obstacle(Participation.objects.select_related("round").get(pk=stage.participation.pk), by)


def own_tasks(client):
    return client.get("/").text.count("Eingetragene Selbsteinschätzung bestätigen oder zurückweisen")


def test_hr_types_in_everything_and_it_waits_for_the_person_with_their_name(as_, stage, cast):
    response = as_(cast.paula).post(paper(stage), typed(stage, 1))

    stage._again()
    assert response.headers["Location"] == stage.round.get_absolute_url()
    assert stage.own.levels() == stage.levels(1)
    assert (stage.own.entered_by, stage.own.entered_on, stage.own.rater) == (
        cast.paula,
        TODAY,
        cast.anna,
    )
    assert (stage.own.released_at, stage.participation.self_state) == (None, Progress.ENTERED)
    assert stage.participation.get_self_state_display() == "vom Papier übertragen, noch nicht bestätigt"


def test_what_comes_of_a_paper_of_somebody_without_an_address_is_said_before_and_after(as_, stage, cast):
    Person.objects.filter(pk=cast.anna.pk).update(email=None)
    client = as_(cast.paula)

    before, after = client.get(paper(stage)).text, client.post(paper(stage), typed(stage, 1), follow=True).text

    assert "Der Bogen braucht deshalb die Unterschrift von Anna Ärmel." in " ".join(before.split())
    assert "Eingetragen. Geben Sie den Bogen jemand anderem in der Personalentwicklung." in after


def test_the_page_of_a_person_leads_hr_there_as_long_as_a_paper_may_come(as_, stage, cast):
    page = reverse("assessments:round_person", args=[stage.round.pk, stage.participation.pk])
    before = paper(stage) in as_(cast.paula).get(page).text
    entered(stage, cast.paula)

    assert (before, paper(stage) in as_(cast.paula).get(page).text) == (True, False)


def test_afterwards_hr_sees_no_more_than_before(as_, stage, cast):
    entered(stage, cast.paula)
    client = as_(cast.paula)

    page = client.get(paper(stage))

    assert "Der Bogen ist schon eingetragen." in page.text
    assert "von Anna Ärmel noch nicht bestätigt" in page.text
    assert '<input type="radio"' not in page.text
    assert client.get(stage.own.get_absolute_url()).status_code == 404
    assert client.get(stage.participation.get_absolute_url()).status_code == 404
    assert client.post(paper(stage), typed(stage, 3)).status_code == 409
    assert stage.own.levels() == stage.levels(1)


def test_what_is_missing_stands_beside_it_and_what_was_chosen_stays(as_, stage, cast):
    last = stage.competencies[-1]
    sent = typed(stage, 2)
    del sent[f"level-{last.id}"]

    page = as_(cast.paula).post(paper(stage), sent).text

    assert (
        "Noch 1 Kompetenz ohne Stufe" in page,
        f'id="fehler-{last.number}"' in page,
        f"#kompetenz-{last.number}" in page,
    ) == (True,) * 3
    assert page.count(" checked") == COMPETENCIES - 1
    assert stage.own.levels() == {}


def test_who_has_not_read_that_the_person_has_rejected_an_entry_enters_nothing_again(as_, stage, cast):
    once = {"once": f"{cast.paula.pk}-x"}
    shown = {"read": as_(cast.paula).get(paper(stage)).context["read"]} | once
    entered(stage, cast.paula, level=2)
    paper_entry.reject_entry(pk=stage.own.pk, by=cast.anna)

    late = as_(cast.paula).post(paper(stage), typed(stage, 1) | shown)
    before = stage._again().own.levels()
    as_(cast.paula).post(paper(stage), typed(stage, 1) | once | {"read": late.context["read"]})

    assert "Inzwischen hat Anna Ärmel eine Eintragung zurückgewiesen." in late.text
    assert late.text.count(" checked") == COMPETENCIES
    assert (before, stage._again().own.levels()) == ({}, stage.levels(1))


@pytest.mark.parametrize("level", ["4", "-1", "x", ""])
def test_a_level_that_is_none_is_not_taken(as_, stage, cast, level):
    page = as_(cast.paula).post(paper(stage), typed(stage) | {f"level-{stage.competencies[0].id}": level}).text

    assert 'id="fehler-1"' in page
    assert stage.own.levels() == {}


@pytest.mark.parametrize("wrong", [{"level": 9}, {"competency": 0}])
def test_only_what_the_round_knows_is_typed_in(stage, cast, wrong):
    levels = stage.levels(1) | {wrong.get("competency", stage.competencies[0].id): wrong.get("level", 1)}

    with pytest.raises(saving.NotAnAnswer):
        paper_entry.enter(participation=stage.participation, by=cast.paula, levels=levels)

    assert (stage._again().participation.self_state, stage.own.levels()) == (Progress.OPEN, {})


def test_remarks_are_not_taken_over(as_, stage, cast):
    as_(cast.paula).post(paper(stage), typed(stage) | {f"remark-{stage.competencies[0].id}": "Wort"})

    assert (stage._again().own.entered_on, stage.own.remarks.count()) == (TODAY, 0)


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

    assert obstacle(stage, cast.bernd) == paper_entry.OWN_VIEW_FIRST
    stage.release(stage.manager)
    assert obstacle(stage, cast.bernd) == ""


def test_a_colleague_who_was_asked_leaves_it_to_somebody_else(stage, cast):
    Round.objects.update(has_peers=True, peer_due=TODAY + timedelta(days=3))
    asking.nominate(participation=stage.participation, colleague=cast.paula)

    assert obstacle(stage, cast.paula) == paper_entry.ASKED


@pytest.mark.parametrize("what", ["form", "level", "remark"])
def test_who_is_answering_as_it_is_typed_in_reads_just_that(as_, stage, cast, what):
    first = stage.competencies[0].id
    name = f"remark-{first}" if what == "remark" else f"level-{first}"
    address = stage.own.get_absolute_url()
    if what != "form":
        address = reverse(
            {"level": "assessments:rate", "remark": "assessments:remark"}[what], args=[stage.own.pk, first]
        )
    entered(stage, cast.paula)

    page = as_(cast.anna).post(address, {name: "3"}, follow=True).text

    assert saving.ENTERED_FOR_YOU in page
    assert ["jemand anderes zuständig" in page, "beendet" in page] == [False, False]
    assert stage._again().own.levels() == stage.levels(1)


@pytest.mark.parametrize("what", ["level", "remark"])
def test_what_the_person_has_begun_is_theirs(stage, cast, what):
    first = stage.competencies[0].id
    given = {"levels": {first: 1}} if what == "level" else {"remarks": {first: "Wort"}}
    saving.save_answers(pk=stage.own.pk, by=cast.anna, **given)

    with pytest.raises(Refused, match="selbst begonnen"):
        entered(stage, cast.paula)
    stage._again()

    assert (len(stage.own.levels()), stage.own.entered_on) == (len(given.get("levels", {})), None)


def test_nothing_is_typed_in_after_the_round(stage, cast):
    close_round(round_=stage.round)

    with pytest.raises(Refused, match="beendet"):
        entered(stage, cast.paula)


def test_nobody_types_in_their_own(as_, stage, cast):
    cast.anna.is_hr = True
    cast.anna.save()

    assert as_(cast.anna).get(paper(stage)).status_code == 404


def test_the_person_is_told_and_confirms_and_only_that_releases_it(as_, stage, cast):
    entered(stage, cast.paula)
    client = as_(cast.anna)
    page = client.get(stage.own.get_absolute_url()).text
    before = own_tasks(client)

    answer(as_, stage, "confirm")

    stage._again()
    assert (before, own_tasks(client), stage.own.confirmed_on) == (1, 0, TODAY)
    assert (stage.own.released_at is not None, stage.participation.self_is_released) == (True, True)
    assert (HAND[1:] in page, "noch nicht bestätigt" in page) == (True, True)
    letters = Letter.objects.filter(person=cast.anna, path=stage.own.get_absolute_url())
    assert [letter.kind for letter in letters] == [Letter.Kind.NOTICE]


@pytest.mark.parametrize("by", ["paula", "bernd"])
def test_what_was_typed_in_is_the_persons_to_reject_whatever_anybody_has_released(as_, stage, cast, by):
    stage.release(stage.manager)
    entered(stage, getattr(cast, by))

    page = answer(as_, stage, "reject").text

    stage._again()
    assert "Was eingetragen war, ist gelöscht." in page
    assert (stage.own.levels(), stage.own.released_at, stage.own.rejected_on) == ({}, None, TODAY)
    assert stage.participation.self_state == Progress.OPEN
    assert f'name="level-{stage.competencies[0].id}"' in page
    letter = Letter.objects.get(person=getattr(cast, by), path=paper(stage))
    assert letter.kind == Letter.Kind.NOTICE
    told = as_(getattr(cast, by)).get(paper(stage)).text
    assert f"von Anna Ärmel zurückgewiesen am {date_format(TODAY)}" in told
    shown = f"zurückgewiesen am {date_format(TODAY)}"
    overview = stage.participation.get_absolute_url()
    assert [shown in as_(who).get(overview).text for who in (cast.anna, cast.bernd)] == [True, True]


def test_the_talk_cannot_begin_before_the_person_has_confirmed(as_, stage, cast):
    stage.release(stage.manager)
    entered(stage, cast.bernd, level=0)
    talk = reverse("assessments:talk", args=[stage.participation.pk])
    client = as_(cast.bernd)

    answers = [client.get(talk).status_code, client.post(talk).status_code]
    with pytest.raises(Refused):
        recording.begin_talk(participation=stage.participation)

    assert (answers, Talk.objects.exists()) == ([404, 404], False)
    assert "wartet auf die Bestätigung des Bogens von Anna Ärmel" in client.get(reverse("assessments:team")).text


def test_what_is_not_confirmed_is_shown_to_nobody_as_the_persons_word(as_, cast):
    stage = Stage(cast, disclosure="each")
    stage.release(stage.manager, 3)
    entered(stage, cast.bernd, level=0)

    for who in (cast.anna, cast.bernd):
        comparison = Comparison(stage.participation, of_a_session(who))
        assert (comparison.own, comparison.shows_both) == ({}, False)
        page = as_(who).get(stage.participation.get_absolute_url()).text
        assert "vom Papier übertragen von Bernd Şahin-Žižek am" in page
        assert "von Anna Ärmel noch nicht bestätigt" in page


def test_nothing_typed_in_is_changed_or_released_but_by_confirming(as_, stage, cast):
    entered(stage, cast.paula)
    first = stage.competencies[0].id

    with pytest.raises(Refused):
        saving.save_answers(pk=stage.own.pk, by=cast.anna, levels={first: 3})
    with pytest.raises(Refused, match="bestätigen"):
        saving.release(pk=stage.own.pk, by=cast.anna)
    checked = as_(cast.anna).get(reverse("assessments:check", args=[stage.own.pk]))

    assert (checked.status_code, stage._again().own.levels()) == (302, stage.levels(1))


def test_rejected_the_person_fills_in_their_own_and_nothing_of_the_paper_stays(as_, stage, cast):
    stage.release(stage.manager)
    entered(stage, cast.bernd)
    answer(as_, stage, "reject")

    stage.release(stage.own, 2)

    stage._again()
    assert (stage.own.levels(), stage.own.entered_by, stage.own.entered_on, stage.own.rejected_on) == (
        stage.levels(2),
        None,
        None,
        None,
    )
    assert "vom Papier übertragen" not in as_(cast.bernd).get(stage.participation.get_absolute_url()).text


def test_rejected_it_can_be_typed_in_anew_and_waits_again(as_, stage, cast):
    entered(stage, cast.paula)
    answer(as_, stage, "reject")

    entered(stage, cast.paula, level=2)

    assert (stage.own.rejected_on, stage.participation.self_state) == (None, Progress.ENTERED)
    answer(as_, stage, "confirm")
    assert stage._again().own.levels() == stage.levels(2)


def test_confirming_and_rejecting_twice_does_no_harm_and_nobody_else_does_it(as_, stage, cast):
    confirmed(stage, cast.paula)

    late = answer(as_, stage, "reject").text
    others = [
        as_(who).post(reverse(f"assessments:{name}_entry", args=[stage.own.pk])).status_code
        for name in ("confirm", "reject")
        for who in (cast.bernd, cast.paula, cast.dora)
    ]

    assert ("Hier ist nichts zurückzuweisen." in late, others) == (True, [404] * 6)
    assert stage._again().own.levels() == stage.levels(1)


def test_the_page_says_beforehand_whether_confirming_is_final(as_, stage, cast):
    Round.objects.update(hides_target=False)
    entered(stage, cast.paula)
    before = " ".join(as_(cast.anna).get(stage.own.get_absolute_url()).text.split())
    stage.release(stage.manager)
    after = " ".join(as_(cast.anna).get(stage.own.get_absolute_url()).text.split())

    Round.objects.update(hides_target=True)
    Participation.objects.update(manager_state=Progress.STARTED)
    hiding = " ".join(as_(cast.anna).get(stage.own.get_absolute_url()).text.split())

    assert "Zurücknehmen können Sie das, bis auch Bernd Şahin-Žižek freigegeben hat." in before
    assert "Das ist endgültig: Bernd Şahin-Žižek hat schon freigegeben." in after
    assert "Das ist endgültig: In dieser Runde sehen Sie nach der Freigabe das Soll;" in hiding


def test_what_nobody_has_confirmed_is_deleted_with_the_end_of_the_round(stage, cast):
    entered(stage, cast.paula)

    close_round(round_=stage.round)

    stage._again()
    assert (stage.own.levels(), stage.own.entered_on, stage.participation.self_state) == ({}, None, Progress.OPEN)


@pytest.mark.parametrize("name", ["confirm", "reject"])
@pytest.mark.parametrize(("by", "level"), [("paula", 0), ("bernd", 1)])
def test_nobody_confirms_or_rejects_an_entry_that_they_have_not_seen(as_, stage, cast, name, by, level):
    stage.release(stage.manager)
    entered(stage, cast.paula)
    page = as_(cast.anna).get(stage.own.get_absolute_url()).text
    (read,) = set(re.findall(r'name="read" value="(.*?)"', page))
    paper_entry.reject_entry(pk=stage.own.pk, by=cast.anna)
    entered(stage, getattr(cast, by), level)

    refused = pressed(as_, stage, name, read).text

    stage._again()
    assert "Die Eintragung ist inzwischen eine andere." in refused
    assert (stage.participation.self_state, stage.own.levels()) == (Progress.ENTERED, stage.levels(level))
    answer(as_, stage, name)
    assert stage._again().participation.self_state != Progress.ENTERED


@pytest.mark.parametrize(("name", "said"), [("confirm", "Danke."), ("reject", "Zurückgewiesen.")])
def test_the_same_button_pressed_twice_ends_like_once(as_, stage, cast, name, said):
    entered(stage, cast.paula)
    read = paper_entry.stamp_of_entry(stage.own)

    pages = [pressed(as_, stage, name, read).text for _ in range(2)]

    assert ([said in page for page in pages], ["Hier ist nichts" in page for page in pages]) == (
        [True] * 2,
        [False] * 2,
    )
    assert Letter.objects.filter(person=cast.paula, kind=Letter.Kind.NOTICE).count() == 1


def test_whoever_has_typed_in_the_paper_does_not_rate_again_knowing_it(as_, stage, cast):
    stage.release(stage.manager)
    entered(stage, cast.bernd)

    page = as_(cast.bernd).get(stage.manager.get_absolute_url()).text
    as_(cast.bernd).post(reverse("assessments:take_back", args=[stage.manager.pk]))

    assert reverse("assessments:take_back", args=[stage.manager.pk]) not in page
    assert stage._again().manager.released_at is not None


def test_nor_once_the_person_has_rejected_what_they_have_read(as_, stage, cast):
    stage.release(stage.manager)
    entered(stage, cast.bernd)
    pressed(as_, stage, "reject", paper_entry.stamp_of_entry(stage.own))

    page = as_(cast.bernd).get(stage.manager.get_absolute_url()).text
    refused = as_(cast.bernd).post(reverse("assessments:take_back", args=[stage.manager.pk]), follow=True)

    assert reverse("assessments:take_back", args=[stage.manager.pk]) not in page
    assert "Der Bogen von Anna Ärmel wurde inzwischen vom Papier eingetragen." in refused.text
    assert stage._again().manager.released_at is not None


def test_taken_back_it_is_the_persons_own_to_correct(as_, stage, cast):
    Round.objects.update(hides_target=False)
    confirmed(stage, cast.paula)

    as_(cast.anna).post(reverse("assessments:take_back", args=[stage.own.pk]))
    stage._again()

    assert (stage.own.entered_by, stage.own.entered_on, stage.own.released_at) == (None, None, None)
    assert stage.own.levels() == stage.levels(1)
    assert obstacle(stage, cast.paula) == paper_entry.BEGUN
    assert as_(cast.anna).post(reverse("assessments:confirm_entry", args=[stage.own.pk])).status_code == 302
    assert Assessment.objects.get(pk=stage.own.pk).confirmed_on is None


def test_whoever_is_shown_the_assessment_reads_how_it_came_about(as_, stage, cast):
    stage.release(stage.manager)
    confirmed(stage, cast.paula)
    pages = [reverse(f"assessments:{name}", args=[stage.participation.pk]) for name in ("participation", "talk")]
    pdf = as_(cast.bernd).get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content

    shown = [f"{HAND} " in as_(who).get(page).text for who in (cast.anna, cast.bernd) for page in pages]

    assert shown == [True] * 4
    assert "von Anna Ärmel bestätigt am" in " ".join(text_of(pdf).split())


def test_hr_finds_who_has_not_confirmed(as_, stage, cast):
    entered(stage, cast.paula)

    page = as_(cast.paula).get(stage.round.get_absolute_url(), {"stand": "papier"}).text

    assert ("1 von 2 Personen" in page, "Ärmel, Anna" in page) == (True, True)


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
    assert ("Welche Aufgaben haben Sie zurzeit?" in text, "Ort, Datum" in text) == (True, True)


def test_the_managers_form_has_neither(as_, stage):
    Round.objects.update(hides_target=False)

    text = text_of(as_(stage.cast.bernd).get(reverse("assessments:form_pdf", args=[stage.participation.pk])).content)

    assert ("Soll Ihrer Rolle:" in text, "Welche Aufgaben haben Sie zurzeit?" in text) == (False, False)
