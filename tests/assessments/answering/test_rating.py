"""The rating form: answers are saved one by one or all at once, nothing is lost, nothing is saved that must not be."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse

from assessments.answering import saving
from assessments.models import Progress, Rating, Round
from assessments.rounds.closing import close_round
from kompetenz.people.models import Deputy
from tests.catalogue import COMPETENCIES, LEVELS
from tests.clock import TODAY
from tests.conftest import of_a_session

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, stage_assessment, *args):
    return reverse(f"assessments:{name}", args=[stage_assessment.pk, *args])


def read_of(assessment):
    """What the page before the release sends of what it has shown."""
    return {"read": saving.stamp_of_answers(assessment.levels(), assessment.remark_texts())}


@pytest.fixture
def first(stage):
    return stage.competencies[0]


def test_every_competency_has_its_fieldset_radios_and_anchors(as_, stage):
    page = unescape(as_(stage.cast.anna).get(url("assessment", stage.own)).text)

    assert page.count("<fieldset") == COMPETENCIES
    assert page.count('type="radio"') == COMPETENCIES * LEVELS
    assert page.count(" checked") == 0
    assert all(anchor in page for competency in stage.competencies for anchor in competency.anchors)
    assert f"0 von {COMPETENCIES} Kompetenzen eingeschätzt" in page


def test_only_raters_of_others_may_say_that_they_cannot_judge(as_, stage):
    page = as_(stage.cast.bernd).get(url("assessment", stage.manager)).text

    assert page.count("kann ich nicht beurteilen") == COMPETENCIES
    assert "kann ich nicht beurteilen" not in as_(stage.cast.anna).get(url("assessment", stage.own)).text


def test_one_answer_is_saved_and_tells_the_wheel(as_, stage, first):
    response = as_(stage.cast.anna).post(url("rate", stage.own, first.id), {f"level-{first.id}": "2"}, **HTMX)

    assert list(stage.own.ratings.values_list("competency", "level")) == [(first.id, 2)]
    assert f"1 von {COMPETENCIES} Kompetenzen eingeschätzt" in response.text
    assert response.headers["HX-Trigger"] == '{"wheel:level": {"wheel": "rad", "number": 1, "level": 2}}'
    stage.participation.refresh_from_db()
    assert stage.participation.self_state == Progress.STARTED


def test_saving_one_answer_costs_few_queries(as_, stage, first, django_assert_num_queries):
    client = as_(stage.cast.anna)
    client.post(url("rate", stage.own, first.id), {f"level-{first.id}": "1"}, **HTMX)

    # session, user, savepoint, assessment with its round, the round as it is now, upsert, count, release savepoint
    with django_assert_num_queries(8):
        client.post(url("rate", stage.own, first.id), {f"level-{first.id}": "2"}, **HTMX)


def test_none_is_an_answer_and_differs_from_not_yet_answered(as_, stage, first):
    as_(stage.cast.anna).post(url("rate", stage.own, first.id), {f"level-{first.id}": "0"}, **HTMX)

    assert stage.own.levels() == {first.id: 0}


def test_an_answer_can_be_taken_away_again(as_, stage, first):
    client = as_(stage.cast.anna)
    client.post(url("assessment", stage.own), {f"level-{first.id}": "3", "was": ""})

    client.post(
        url("assessment", stage.own), {"loeschen": first.id, f"level-{first.id}": "3", f"level-was-{first.id}": "3"}
    )

    assert stage.own.levels() == {}


@pytest.mark.parametrize("answer", ["4", "-1", "abc", "x"])
def test_an_answer_outside_the_scale_is_refused_with_words(as_, stage, first, answer):
    response = as_(stage.cast.anna).post(url("rate", stage.own, first.id), {f"level-{first.id}": answer}, **HTMX)

    assert response.status_code == 400
    assert "Nicht gespeichert" in response.text
    assert stage.own.levels() == {}


def test_without_javascript_one_button_saves_everything(as_, stage):
    sent = {f"level-{c.id}": "1" for c in stage.competencies} | {
        f"remark-{stage.competencies[3].id}": "  Übe ich noch. "
    }

    response = as_(stage.cast.anna).post(url("assessment", stage.own), {**sent, "weiter": "pruefen"})

    assert response.headers["Location"] == url("check", stage.own)
    assert stage.own.levels() == stage.levels(1)
    assert list(stage.own.remarks.values_list("text", flat=True)) == ["Übe ich noch."]


def test_an_older_window_does_not_overwrite_what_a_newer_one_saved(as_, stage, first):
    client = as_(stage.cast.anna)
    second = stage.competencies[1]
    client.post(url("rate", stage.own, first.id), {f"level-{first.id}": "3"}, **HTMX)

    older = {
        f"level-{first.id}": "1",
        f"level-was-{first.id}": "1",
        f"level-{second.id}": "2",
        f"level-was-{second.id}": "",
    }
    client.post(url("assessment", stage.own), older)

    assert stage.own.levels() == {first.id: 3, second.id: 2}


def test_a_remark_may_come_before_its_rating(as_, stage, first):
    client = as_(stage.cast.anna)
    client.post(url("remark", stage.own, first.id), {f"remark-{first.id}": "Frage ich im Gespräch."}, **HTMX)

    assert stage.own.levels() == {}
    assert "Frage ich im Gespräch." in client.get(url("assessment", stage.own)).text


def test_a_remark_that_is_too_long_is_not_cut_silently(as_, stage, first):
    client = as_(stage.cast.anna)

    response = client.post(url("remark", stage.own, first.id), {f"remark-{first.id}": "x" * 601}, **HTMX)

    assert response.status_code == 400
    assert "höchstens 600 Zeichen" in response.text
    assert not stage.own.remarks.exists()


def test_the_check_page_lists_what_is_missing_and_release_waits_for_it(as_, stage):
    levels = stage.levels(2)
    missing = stage.competencies[-1]
    del levels[missing.id]
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels=levels)
    client = as_(stage.cast.anna)

    page = " ".join(client.get(url("check", stage.own)).text.split())
    response = client.post(url("release", stage.own))

    assert "<strong>1 Kompetenz ist noch offen.</strong>" in page
    assert (page.count("Antworten<span"), "Fehler" in page, "Jetzt freigeben" in page) == (1, False, False)
    assert f"?pruefen={missing.number}#kompetenz-{missing.number}" in page
    assert response.headers["Location"] == url("check", stage.own)
    stage.own.refresh_from_db()
    assert stage.own.released_at is None


def test_whoever_changes_an_answer_from_the_check_page_comes_back_to_its_row(as_, stage):
    client = as_(stage.answer(stage.own).cast.anna)
    form = f"{stage.own.get_absolute_url()}?pruefen=7"

    page = client.get(form).text
    response = client.post(form, {"weiter": "pruefen"})

    assert "Zurück zur Prüfung" in page
    assert response.headers["Location"] == f"{url('check', stage.own)}#antwort-7"


def test_the_check_page_shows_all_answers_before_it_asks_for_the_release(as_, stage):
    page = as_(stage.answer(stage.own).cast.anna).get(url("check", stage.own)).text

    assert page.index('id="antwort-1"') < page.index('id="antwort-25"') < page.index("Jetzt freigeben")
    assert page.count("Ändern<span") == len(stage.competencies)


def test_releasing_twice_is_releasing_once(as_, stage):
    client, read = as_(stage.answer(stage.own).cast.anna), read_of(stage.own)
    client.post(url("release", stage.own), read)
    stage.own.refresh_from_db()
    first_time = stage.own.released_at

    client.post(url("release", stage.own), read)

    stage.own.refresh_from_db()
    stage.participation.refresh_from_db()
    assert stage.own.released_at == first_time
    assert stage.participation.self_state == Progress.RELEASED


def test_a_released_assessment_takes_no_answer(as_, stage, first):
    stage.release(stage.own, 2)

    response = as_(stage.cast.anna).post(url("rate", stage.own, first.id), {f"level-{first.id}": "3"}, **HTMX)

    assert response.status_code == 409
    assert stage.own.levels() == stage.levels(2)


def test_a_release_can_be_taken_back_until_the_other_side_has_released(as_, stage):
    Round.objects.update(hides_target=False)
    client = as_(stage.release(stage.own).cast.anna)
    client.post(url("take_back", stage.own))
    stage.own.refresh_from_db()
    assert stage.own.released_at is None

    stage.release_both()
    client.post(url("take_back", stage.own))

    stage.own.refresh_from_db()
    assert stage.own.released_at is not None


def test_a_page_of_an_earlier_release_takes_back_no_later_one(as_, stage, clock):
    """A deputy may have released other answers since."""
    client = as_(stage.release(stage.manager).cast.bernd)
    pages = [client.get(stage.manager.get_absolute_url()), client.get(stage.participation.get_absolute_url())]
    stale = {"once": f"{stage.cast.bernd.pk}-alt", "read": stage.manager.release_stamp}
    clock.shift(5)
    saving.take_back(pk=stage.manager.pk, by=stage.cast.bernd)
    stage.release(stage.manager, 3)

    told = client.post(url("take_back", stage.manager), stale, follow=True).text
    kept = stage._again().manager.released_at
    client.post(url("take_back", stage.manager), stale | {"read": stage.manager.release_stamp})

    assert [f'name="read" value="{stale["read"]}"' in page.text for page in pages] == [True, True]
    assert "Nicht zurückgenommen: Inzwischen ist neu freigegeben." in told
    assert (kept is None, stage._again().manager.released_at) == (False, None)


HIDDEN = "In dieser Runde sehen Sie nach der Freigabe das Soll; deshalb lässt sie sich nicht zurücknehmen."


def test_a_release_that_shows_the_person_the_soll_is_not_taken_back(as_, stage):
    client = as_(stage.answer(stage.own).cast.anna)
    before = " ".join(client.get(url("check", stage.own)).text.split())
    stage.release(stage.own)

    page = client.get(stage.own.get_absolute_url()).text
    late = client.post(url("take_back", stage.own), follow=True).text

    assert (HIDDEN in before, "Freigabe zurücknehmen" in page, HIDDEN in late) == (True, False, True)
    assert stage._again().own.released_at is not None


def test_the_manager_takes_back_in_every_round(as_, stage):
    client = as_(stage.answer(stage.manager).cast.bernd)
    before = client.get(url("check", stage.manager)).text
    stage.release(stage.manager)

    client.post(url("take_back", stage.manager))

    assert (HIDDEN in before, stage._again().manager.released_at) == (False, None)


@pytest.mark.parametrize("was_released", [True, False])
def test_a_second_take_back_changes_nothing_and_says_what_is_so(as_, stage, was_released):
    Round.objects.update(hides_target=False)
    client = as_(stage.answer(stage.own).cast.anna)
    if was_released:
        stage.release(stage.own)
        client.post(url("take_back", stage.own))

    page = client.post(url("take_back", stage.own), follow=True).text

    assert "Diese Einschätzung ist nicht freigegeben." in page
    assert "hat inzwischen auch freigegeben" not in page
    assert (stage._again().own.released_at, stage.own.levels()) == (None, stage.levels(2))


def test_a_round_closed_meanwhile_shows_what_was_not_taken(as_, stage, first):
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={first.id: 1})
    close_round(round_=stage.round)

    sent = {f"level-{first.id}": "3", f"level-was-{first.id}": "1"}
    response = as_(stage.cast.anna).post(url("assessment", stage.own), sent)

    assert response.status_code == 409
    assert f"{first.name}: Experte" in unescape(response.text)
    assert stage.own.levels() == {first.id: 1}


def test_a_lost_session_keeps_what_was_sent(client, stage, first):
    response = client.post(url("assessment", stage.own), {f"level-{first.id}": "3", "csrfmiddlewaretoken": "alt"})

    assert response.status_code == 401
    assert f'name="level-{first.id}" value="3"' in response.text
    assert 'value="alt"' not in response.text
    assert not Rating.objects.exists()


def test_a_lost_session_answers_htmx_with_a_note(client, stage, first):
    response = client.post(url("rate", stage.own, first.id), {f"level-{first.id}": "3"}, **HTMX)

    assert response.status_code == 401
    assert "Sie sind nicht mehr angemeldet" in response.text
    assert "<html" not in response.text


@pytest.mark.parametrize("answered", [0, COMPETENCIES])
def test_the_form_costs_the_same_however_much_is_answered(as_, stage, answered, django_assert_num_queries):
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels=dict(list(stage.levels(1).items())[:answered]))
    client = as_(stage.cast.anna)
    client.get(url("assessment", stage.own))

    # session, user, assessment with its round, ratings, remarks
    with django_assert_num_queries(5):
        client.get(url("assessment", stage.own))


def test_what_is_released_is_what_was_checked(as_, stage, first):
    client = as_(stage.answer(stage.own, 1).cast.anna)
    page = client.get(url("check", stage.own)).text
    read = page.split('name="read" value="')[1].split('"')[0]
    client.post(url("rate", stage.own, first.id), {f"level-was-{first.id}": "1", f"level-{first.id}": "0"}, **HTMX)

    for sent in ({"read": read}, {}):
        response = client.post(url("release", stage.own), sent, follow=True)

        stage.own.refresh_from_db()
        assert stage.own.released_at is None
        assert "In einem anderen Fenster wurde etwas geändert" in response.text


def test_what_does_not_say_what_it_has_shown_replaces_nothing(as_, stage, first):
    words = {first.id: "Neuer"}
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={first.id: 3}, remarks=words)
    client, older = as_(stage.cast.bernd), {f"level-{first.id}": "1", f"remark-{first.id}": "Älter"}

    answers = [
        client.post(url("rate", stage.manager, first.id), older, **HTMX).status_code,
        client.post(url("remark", stage.manager, first.id), older, **HTMX).status_code,
        client.post(url("assessment", stage.manager), older).status_code,
    ]

    assert answers == [409, 409, 409]
    assert (stage.manager.levels(), stage.manager.remark_texts()) == ({first.id: 3}, words)


def test_an_answer_without_a_level_takes_nothing_away(as_, stage, first):
    client = as_(stage.answer(stage.own, 1).cast.anna)

    response = client.post(url("rate", stage.own, first.id), {}, **HTMX)

    assert (response.status_code, stage.own.levels()[first.id]) == (400, 1)


def test_who_has_released_is_named_and_not_who_leads_the_person(as_, stage):
    deputy = Deputy.objects.create(manager=stage.cast.bernd, person=stage.cast.fremd, until=TODAY)
    deputy.people.add(stage.cast.anna)
    stage.answer(stage.own).answer(stage.manager)
    saving.release(pk=stage.manager.pk, by=of_a_session(stage.cast.fremd))

    page = " ".join(as_(stage.cast.anna).get(reverse("assessments:check", args=[stage.own.pk])).text.split())

    assert "Das ist endgültig:</strong> Frieda Fremd hat schon freigegeben." in page


def test_the_page_before_the_release_says_whether_it_is_final_and_names_the_other(as_, stage):
    Round.objects.update(hides_target=False)
    stage.answer(stage.own).answer(stage.manager)
    first = " ".join(as_(stage.cast.anna).get(reverse("assessments:check", args=[stage.own.pk])).text.split())
    stage.release(stage.own)
    second = " ".join(as_(stage.cast.bernd).get(reverse("assessments:check", args=[stage.manager.pk])).text.split())

    assert "Zurücknehmen können Sie das, bis auch Bernd Şahin-Žižek freigegeben hat. Danach ist es endgültig." in first
    assert "<strong>Das ist endgültig:</strong> Anna Ärmel hat schon freigegeben." in second
    assert "Zurücknehmen können Sie das" not in second


def test_nobody_is_called_the_other_side():
    """The two have names, or are the person and the Führungskraft."""
    told = [
        path.name
        for folder in ("assessments", "emails", "_partials", "people")
        for path in (settings.BASE_DIR / "templates" / folder).rglob("*.*")
        if re.search(r"[Aa]ndere[nr]?\s+Seite", path.read_text())
    ]
    told += [
        path.name
        for path in (settings.BASE_DIR / "assessments").rglob("*.py")
        if "migrations" not in path.parts and re.search(r"[Aa]ndere[nr]? Seite", path.read_text())
    ]

    assert told == []


@pytest.mark.parametrize(("reader", "told"), [("bernd", True), ("anna", False)])
def test_whoever_rates_another_sees_which_of_two_namesakes_it_is(as_, stage, reader, told):
    """Also right before the release, and in the talk."""
    form = stage.manager if told else stage.own
    client = as_(getattr(stage.cast, reader))

    pages = [
        client.get(address).text for address in (form.get_absolute_url(), reverse("assessments:check", args=[form.pk]))
    ]

    assert ["0003 · 10.1 Digitalisierung" in page for page in pages] == [told, told]
