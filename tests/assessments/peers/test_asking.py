"""Colleagues: who may be asked, who learns what, and that nothing leads from an answer to whoever gave it."""

from datetime import timedelta
from html import unescape
from itertools import product
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.checks import run_checks
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from assessments import pdf
from assessments.answering import saving
from assessments.changes.handing_over import hand_over
from assessments.models import (
    Assessment,
    HandOver,
    Participation,
    PeerNomination,
    PeerTally,
    Progress,
    Rating,
    Remark,
    Round,
)
from assessments.peers import asking, counting, showing
from assessments.peers.distribution import may_be_shown
from assessments.rounds.closing import close_round
from assessments.telling import tasks
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import Refused, TooLate
from tests.catalogue import COMPETENCIES, LEVELS
from tests.clock import NOW, TODAY, in_days
from tests.conftest import Stage, of_a_session, person
from tests.thorough import thorough_but

HTMX = {"HTTP_HX_REQUEST": "true"}
PEER = Assessment.Kind.PEER
FIRST = "Emil Fritz Greta Hanna Iris Jan Karl Lena Mia".split()


class Peers(Stage):
    """A round with colleagues, and nine of them who may be asked: none of them takes part or has to do with anna."""

    def __init__(self, cast, **fields):
        super().__init__(cast, **{"has_peers": True, "peer_due": in_days(10), **fields})
        self.people = [person(first, "Gernegroß", unit=cast.paula.unit) for first in FIRST]

    def ask(self, *colleagues):
        for colleague in colleagues:
            asking.nominate(participation=self.participation, colleague=colleague)
        return self

    def draft(self, colleague):
        return self.participation.assessments.get(kind=PEER, rater=colleague)

    def fill(self, colleague, levels):
        """A level for every competency, or a dictionary of levels."""
        given = levels if isinstance(levels, dict) else self.levels(levels)
        saving.save_answers(pk=self.draft(colleague).pk, by=colleague, levels=given)
        return self

    def answer_as(self, colleague, levels):
        self.fill(colleague, levels)
        saving.release(pk=self.draft(colleague).pk, by=colleague)
        return self

    def answered_by(self, *levels):
        """As many colleagues asked as there are levels; each gives one level to everything."""
        self.ask(*self.people[: len(levels)])
        for colleague, level in zip(self.people, levels, strict=False):
            self.answer_as(colleague, level)
        return self

    def pass_the_deadline(self):
        Round.objects.filter(pk=self.round.pk).update(peer_due=in_days(-1))
        self.round.refresh_from_db()
        return self._again()

    def seen_by(self, user):
        participation = Participation.objects.select_related("round", "person").get(pk=self.participation.pk)
        return showing.seen_by(participation, user)

    def shown(self, user):
        """What is shown to ``user`` of the first competency, in words."""
        seen = self.seen_by(user)
        return str(seen.rows[0][1]) if seen and seen.rows else None

    def numbers(self):
        standing = asking.asked_so_far(self.participation)
        return standing.asked, standing.answered, standing.declined


@pytest.fixture
def stage(cast):
    return Peers(cast)


@pytest.fixture
def five(stage):
    """Five have answered, both sides have released and the deadline is over: the distribution is shown."""
    return stage.answered_by(1, 2, 2, 2, 3).release_both().pass_the_deadline()


FIVE = "keine 0 · Kenner 1 · Könner 3 · Experte 1"


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def read_of(draft):
    """What the page before the release sends of what it has shown."""
    return {"read": saving.stamp_of_answers(draft.levels(), {})}


def titles(somebody):
    return [task.title for task in tasks.tasks_of(somebody, tasks.participations_of(somebody))]


def counts():
    return sorted(PeerTally.objects.exclude(count=0).values_list("competency", "level", "count"))


# Whom somebody may ask ----------------------------------------------------------------------------


def test_colleagues_may_be_asked_but_not_who_gives_the_fremdeinschaetzung_or_deputises(stage, cast):
    clara, dora, fremd = cast.clara, cast.dora, cast.fremd
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.paula, since=in_days(5), until=in_days(9))
    deputy.people.add(cast.anna)
    over = Deputy.objects.create(manager=cast.bernd, person=fremd, since=in_days(-9), until=in_days(-5))
    over.people.add(cast.anna)

    may = set(asking.who_may_be_asked(stage.participation))

    assert may == {clara, dora, fremd, cast.audit, *stage.people}


def test_neither_the_manager_at_the_start_nor_the_present_one_may_be_asked(stage, cast):
    cast.anna.manager = cast.clara
    cast.anna.save()
    stage._again()

    assert {cast.bernd, cast.clara, cast.anna} & set(asking.who_may_be_asked(stage.participation)) == set()


def deputised(stage, clock, somebody, *, releases=False):
    """They have acted for bernd since the round began, perhaps released, and are his deputy no more."""
    deputy = Deputy.objects.create(manager=stage.cast.bernd, person=somebody, since=in_days(-9), until=in_days(0))
    deputy.people.add(stage.cast.anna)
    if releases:
        stage.answer(stage.manager)
        saving.release(pk=stage.manager.pk, by=of_a_session(somebody))
    clock.shift(timedelta(days=1))
    return stage._again()


@pytest.mark.any_day
@pytest.mark.parametrize("releases", [True, False])
def test_whoever_has_deputised_in_this_round_is_not_asked(stage, cast, clock, releases):
    """They may have read what colleagues must not have seen."""
    deputised(stage, clock, cast.fremd, releases=releases)

    assert cast.fremd not in asking.who_may_be_asked(stage.participation)


@pytest.mark.parametrize("releases", [True, False])
def test_a_former_manager_is_no_colleague(stage, cast, releases):
    if releases:
        stage.release(stage.manager)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    hand_over(participations=[stage.participation], by=cast.paula)
    stage._again()

    assert cast.bernd not in asking.who_may_be_asked(stage.participation)


@pytest.mark.any_day
@pytest.mark.parametrize("how", ["deputised", "deputised and released", "handed over"])
def test_whoever_was_asked_and_has_led_since_answers_no_more(stage, cast, as_, clock, how):
    """Also once they do not any more."""
    stage.ask(cast.fremd).fill(cast.fremd, 2)
    pk = stage.draft(cast.fremd).pk
    if how == "handed over":
        HandOver.objects.create(participation=stage.participation, from_person=cast.fremd, to_person=cast.bernd)
    else:
        deputised(stage, clock, cast.fremd, releases="released" in how)

    page = as_(cast.fremd).get(url("assessment", pk)).text
    with pytest.raises(
        TooLate, match="Sie waren in dieser Runde Führungskraft von Anna Ärmel oder haben sie vertreten"
    ):
        saving.release(pk=pk, by=cast.fremd)

    assert "Sie waren in dieser Runde Führungskraft von Anna Ärmel" in page
    assert (stage.numbers(), counts(), titles(cast.fremd)) == ((1, 0, 0), [], [])


@pytest.mark.parametrize("change", [{"email": None}, {"is_active": False}, {"leaving_date": in_days(-1)}])
def test_whoever_cannot_sign_in_is_not_asked(stage, change):
    Person.objects.filter(pk=stage.people[0].pk).update(**change)

    with pytest.raises(Refused):
        stage.ask(stage.people[0])

    assert stage.numbers() == (0, 0, 0)


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_oneself_and_the_manager_are_refused_by_the_page_too(as_, stage, cast, who):
    page = as_(cast.anna).post(url("colleagues", stage.participation.pk), {"colleague": getattr(cast, who).pk})

    assert "Diese Person kann keine Einschätzung aus dem Kollegium geben." in page.text
    assert stage.numbers() == (0, 0, 0)


def test_asking_twice_is_asking_once(stage):
    stage.ask(stage.people[0], stage.people[0])

    assert (stage.numbers(), Assessment.objects.filter(kind=PEER).count()) == ((1, 0, 0), 1)


def test_eight_may_be_asked_and_for_whoever_declines_somebody_else(stage):
    stage.ask(*stage.people[:8])

    with pytest.raises(Refused):
        stage.ask(stage.people[8])
    asking.decline(pk=stage.draft(stage.people[0]).pk, by=stage.people[0])
    stage.ask(stage.people[8])

    assert stage.numbers() == (9, 0, 1)


def test_whoever_has_declined_is_not_asked_again(stage):
    emil = stage.people[0]
    stage.ask(emil)
    asking.decline(pk=stage.draft(emil).pk, by=emil)

    stage.ask(emil)

    assert (stage.numbers(), titles(emil)) == ((1, 0, 1), [])


@pytest.mark.parametrize(
    "off", [{"has_peers": False}, {"peer_due": in_days(-1)}, {"state": "closed", "closed_at": NOW}]
)
def test_nobody_is_asked_in_a_round_without_colleagues_or_when_it_is_too_late(stage, off):
    Round.objects.filter(pk=stage.round.pk).update(**off)

    with pytest.raises(Refused):
        stage.ask(stage.people[0])


def test_the_last_day_counts(stage):
    Round.objects.filter(pk=stage.round.pk).update(peer_due=in_days(0))

    stage.ask(stage.people[0])._again()
    stage.answer_as(stage.people[0], 2)

    assert stage.numbers() == (1, 1, 0)


# Suggestions --------------------------------------------------------------------------------------


def suggested(client, stage, text, **headers):
    return unescape(client.post(url("colleague_search", stage.participation.pk), {"name": text}, **headers).text)


def test_suggestions_tell_name_and_unit_and_nothing_else(as_, stage, cast):
    text = suggested(as_(cast.anna), stage, "frie", **HTMX)

    assert "Fremd, Frieda" in text
    assert "Hauptamt" in suggested(as_(cast.anna), stage, "gern emi", **HTMX)
    assert "1 Vorschlag" in text
    assert not {"0007", cast.fremd.email} & set(text.replace("<", " ").replace(">", " ").split())


@pytest.mark.parametrize("text", ["0007", "7", "f", "", "  ", "@test.example", "test.example", "frieda.fremd"])
def test_a_personnel_number_or_half_an_address_leads_to_nobody(as_, stage, cast, text):
    assert "<input" not in suggested(as_(cast.anna), stage, text, **HTMX)


def test_a_whole_address_tells_two_of_the_same_name_apart(stage, cast):
    assert asking.suggestions(stage.participation, cast.fremd.email.upper()) == [cast.fremd]


def test_who_is_asked_already_or_may_not_be_asked_is_not_suggested(stage):
    stage.ask(*stage.people[:3])

    found = [somebody.first_name for somebody in asking.suggestions(stage.participation, "gernegroß")]

    assert found == ["Hanna", "Iris", "Jan", "Karl", "Lena", "Mia"]
    assert asking.suggestions(stage.participation, "Şahin") == []


def test_a_nul_and_a_novel_are_no_names(as_, stage, cast):
    assert "<input" not in suggested(as_(cast.anna), stage, "\0fr\0ie" + "x" * 5000, **HTMX)


def test_without_javascript_one_searches_chooses_and_asks(as_, stage, cast):
    client, address = as_(cast.anna), url("colleagues", stage.participation.pk)

    found = suggested(client, stage, "Frieda")
    refused = client.post(address, {"name": "Frieda"}).text
    nobody = client.post(address, {"name": "Xaver"}).text
    asked = client.post(address, {"name": "Frieda", "colleague": cast.fremd.pk}, follow=True).text

    assert 'value="Frieda"' in found
    assert f'value="{cast.fremd.pk}"' in found
    assert f'value="{cast.fremd.pk}"' in refused
    assert "Bitte wählen Sie eine Person aus den Vorschlägen." in refused
    assert "Bitte suchen Sie einen Namen" in nobody
    assert "Frieda Fremd findet Ihre Bitte unter „Meine Aufgaben“." in asked
    assert list(PeerNomination.objects.values_list("peer", flat=True)) == [cast.fremd.pk]


def test_the_pages_cost_the_same_for_one_and_for_eight(as_, stage, cast, django_assert_num_queries):
    client, address = as_(cast.anna), url("colleagues", stage.participation.pk)
    stage.ask(stage.people[0])
    # session, user, participation with round and person, numbers, list with units; leads_people for the menu
    with django_assert_num_queries(5):
        client.get(address)
    stage.ask(*stage.people[1:8])
    with django_assert_num_queries(5):
        page = client.get(address).text

    assert page.count("zurücknehmen<") == 8


# Withdrawing --------------------------------------------------------------------------------------


def test_a_request_taken_back_leaves_no_trace(as_, stage, cast):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, {stage.competencies[0].id: 2})
    nomination = PeerNomination.objects.get()

    as_(cast.anna).post(url("colleague_withdraw", stage.participation.pk, nomination.pk))

    traces = (PeerNomination, PeerTally)
    assert [model.objects.count() for model in traces] == [0, 0]
    assert (Assessment.objects.filter(kind=PEER).count(), Rating.objects.count(), titles(emil)) == (0, 0, [])


def test_taking_back_twice_or_what_is_somebody_elses_changes_nothing(stage, cast):
    stage.ask(*stage.people[:2])
    first, second = PeerNomination.objects.order_by("pk")
    other = Participation.objects.get(round=stage.round, person=cast.dora)

    for _ in range(2):
        asking.withdraw(participation=stage.participation, nomination=first.pk)
    asking.withdraw(participation=other, nomination=second.pk)

    assert list(PeerNomination.objects.all()) == [second]


@pytest.mark.parametrize("reaction", ["answers", "declines"])
def test_once_anybody_has_reacted_no_request_is_taken_back_so_that_trying_tells_nothing(as_, stage, cast, reaction):
    emil, fritz = stage.people[:2]
    stage.ask(emil, fritz)
    if reaction == "answers":
        stage.answer_as(emil, 2)
    else:
        asking.decline(pk=stage.draft(emil).pk, by=emil)
    before = stage.numbers()

    said = [
        unescape(as_(cast.anna).post(url("colleague_withdraw", stage.participation.pk, row.pk), follow=True).text)
        for row in PeerNomination.objects.all()
    ]

    assert [page.count("Jetzt lässt sich keine Bitte mehr zurücknehmen") for page in said] == [1, 1]
    assert (stage.numbers(), stage.draft(fritz).rater) == (before, fritz)


def test_after_the_deadline_nothing_is_taken_back_or_declined(stage):
    emil = stage.people[0]
    stage.ask(emil).pass_the_deadline()

    with pytest.raises(Refused):
        asking.withdraw(participation=stage.participation, nomination=PeerNomination.objects.get().pk)
    with pytest.raises(Refused):
        asking.decline(pk=stage.draft(emil).pk, by=emil)

    assert stage.numbers() == (1, 0, 0)


# Being asked --------------------------------------------------------------------------------------


def test_the_colleague_finds_a_task_and_the_person_an_offer(stage, cast):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, {stage.competencies[0].id: 2})

    (task,) = tasks.tasks_of(emil, tasks.participations_of(emil))
    offer = tasks.tasks_of(cast.anna, tasks.participations_of(cast.anna))[-1]

    assert (task.title, task.url, task.due, task.note) == (
        "Kollegiale Einschätzung für Anna Ärmel",
        url("assessment", stage.draft(emil).pk),
        stage.round.peer_due,
        f"Runde 2026 · 1 von {COMPETENCIES} eingeschätzt",
    )
    assert (offer.title, offer.url, offer.due) == (
        "Kolleginnen und Kollegen um eine Einschätzung bitten",
        url("colleagues", stage.participation.pk),
        None,
    )


def test_the_offer_ends_when_enough_are_asked_and_when_it_is_too_late(stage, cast):
    offer = "Kolleginnen und Kollegen um eine Einschätzung bitten"
    seen = [offer in titles(cast.anna)]

    stage.ask(*stage.people[:4])
    seen.append(offer in titles(cast.anna))
    stage.ask(stage.people[4])
    seen.append(offer in titles(cast.anna))
    PeerNomination.objects.all().delete()
    stage.pass_the_deadline()
    seen.append(offer in titles(cast.anna))

    assert seen == [True, True, False, False]


def test_a_resting_participation_asks_nobody_and_offers_nothing(stage, cast):
    stage.ask(stage.people[0])
    Participation.objects.update(paused_on=TODAY)

    assert (titles(stage.people[0]), titles(cast.anna)) == ([], [])


def test_by_an_old_link_nobody_answers_for_who_rests_and_the_page_says_why(as_, stage, cast):
    emil, first = stage.people[0], stage.competencies[0].id
    stage.ask(emil).fill(emil, 2)
    pk = stage.draft(emil).pk
    Participation.objects.update(paused_on=TODAY)
    client = as_(emil)

    answers = [
        client.post(url("rate", pk, first), {f"level-{first}": "3"}, **HTMX),
        client.post(url("assessment", pk), {f"level-{first}": "3"}),
        client.post(url("release", pk), follow=True),
        client.get(url("assessment", pk)),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 200, 200]
    assert all("Die Teilnahme von Anna Ärmel ruht zurzeit." in unescape(answer.text) for answer in answers)
    assert "wird gelöscht" not in answers[-1].text
    assert (stage.draft(emil).levels()[first], counts()) == (2, [])


def test_a_late_colleague_reads_that_it_was_the_deadline(as_, stage):
    emil, first = stage.people[0], stage.competencies[0].id
    stage.ask(emil).fill(emil, 2)
    pk = stage.draft(emil).pk
    stage.pass_the_deadline()
    client = as_(emil)

    said = client.post(url("rate", pk, first), {f"level-{first}": "3"}, **HTMX).text
    page = client.get(url("assessment", pk)).text

    for text in (said, page):
        assert "Die Frist für Einschätzungen aus dem Kollegium ist am" in text
        assert "Runde ist beendet" not in text


@pytest.mark.parametrize("count", [1, 7])
def test_requests_of_many_are_one_task_and_a_list(as_, cast, count, django_assert_num_queries):
    stage, fremd = Peers(cast), cast.fremd
    everybody = Participation.objects.bulk_create(
        Participation(**{
            **{f.attname: getattr(stage.participation, f.attname) for f in Participation._meta.concrete_fields},
            "pk": None, "id": None, "person_id": somebody.pk, "person_name": str(somebody), "sort_key": somebody.sort_key,
        })
        for somebody in stage.people[:count]
    )  # fmt: skip
    for participation in everybody:
        asking.nominate(participation=participation, colleague=fremd)

    # session, user, count, page; leads_people for the menu
    client = as_(fremd)
    with django_assert_num_queries(4):
        page = client.get(url("peer_requests")).text

    assert page.count("<tr") == 1 + count
    assert titles(fremd) == (
        ["Kollegiale Einschätzung für Emil Gernegroß"] if count == 1 else ["7 kollegiale Einschätzungen"]
    )


def test_nobody_asked_is_said_too(as_, stage, cast):
    assert "Gerade bittet Sie niemand um eine Einschätzung." in as_(cast.fremd).get(url("peer_requests")).text


def test_the_colleague_sees_name_role_and_unit_and_neither_soll_nor_words_nor_other_answers(as_, stage, cast):
    first = stage.competencies[0].id
    # the Soll is no secret to anna now
    Participation.objects.filter(pk=stage.participation.pk).update(self_state=Progress.RELEASED)
    saving.save_answers(pk=stage.manager.pk, by=cast.bernd, remarks={first: "Wort des Bernd"}, levels={first: 3})
    stage.ask(stage.people[0])
    draft = stage.draft(stage.people[0])
    client = as_(stage.people[0])

    page = client.get(url("assessment", draft.pk)).text
    page, _, rest = page.partition(
        'Stufen <span class="in-full">bedeuten'
    )  # which says what a Soll of "keine" is, for everybody
    page += rest.partition("</details>")[2]

    assert all(text in page for text in ("Anna Ärmel", "Digitallotse", "10.1 Digitalisierung"))
    assert page.count("kann ich nicht beurteilen<") == COMPETENCIES
    assert page.count(" checked") == 0
    for hidden in ("Soll", "Wort des Bernd", "Bemerkung", "<textarea", url("participation", stage.participation.pk)):
        assert hidden not in page
    assert "Soll" in as_(cast.bernd).get(url("assessment", stage.manager.pk)).text  # the same page has what could leak


@pytest.mark.parametrize("name", ["remark", "assessment"])
def test_a_colleague_writes_no_words_even_if_the_form_is_forged(as_, stage, name):
    emil, first = stage.people[0], stage.competencies[0].id
    stage.ask(emil)
    arguments = [first] if name == "remark" else []

    response = as_(emil).post(
        url(name, stage.draft(emil).pk, *arguments), {f"remark-{first}": "Ich bin es", f"level-{first}": "2"}, **HTMX
    )

    assert response.status_code == (400 if name == "remark" else 200)
    assert Remark.objects.count() == 0
    assert stage.draft(emil).levels() == ({} if name == "remark" else {first: 2})


def test_answering_as_a_colleague_starts_neither_side(stage):
    stage.ask(stage.people[0]).fill(stage.people[0], 2)._again()

    assert (stage.participation.self_state, stage.participation.manager_state) == (0, 0)


def test_they_are_told_before_the_release_what_it_does_and_how_it_is_shown(as_, stage):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, 2)

    page = as_(emil).get(url("check", stage.draft(emil).pk)).text

    assert "Deshalb lässt sich die Freigabe nicht zurücknehmen." in page
    assert "nur bei Kompetenzen mit mindestens 5 Antworten, die nicht alle gleich sind" in page
    assert "freigegeben hat. Danach ist es endgültig" not in page


def test_whoever_does_not_want_to_says_so_and_the_person_learns_only_a_number(as_, stage, cast):
    emil = stage.people[0]
    stage.ask(*stage.people[:2]).fill(emil, 3)
    address = url("peer_decline", stage.draft(emil).pk)
    client = as_(emil)

    asked = client.get(address).text
    done = client.post(address, follow=True).text
    again = client.post(address)

    page = as_(cast.anna).get(url("colleagues", stage.participation.pk)).text
    assert "Ich möchte nicht" in asked
    assert "Sie haben abgelehnt." in done
    assert again.status_code == 404
    assert (stage.numbers(), Rating.objects.count(), counts()) == ((2, 0, 1), 0, [])
    assert "<strong>1</strong> möchte nicht" in page
    rows = [row.split("</tr>")[0] for row in page.split("<tr ")[2:]]
    assert rows[0].replace("Emil", "Fritz") == rows[1]


# Releasing ----------------------------------------------------------------------------------------


def test_a_release_counts_the_levels_and_leaves_nothing_of_whoever_gave_them(as_, stage):
    emil, (first, second, *others) = stage.people[0], stage.competencies
    stage.ask(*stage.people[:3])
    stage.fill(emil, {**{c.id: None for c in others}, first.id: 2, second.id: 0})
    draft, before = stage.draft(emil), Assessment.objects.count()

    response = as_(emil).post(url("release", draft.pk), read_of(draft), follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert "Ihre Antworten sind gezählt" in response.text
    assert counts() == sorted([(first.id, 2, 1), (second.id, 0, 1)])
    assert (stage.numbers(), Assessment.objects.count(), Rating.objects.count()) == ((3, 1, 0), before - 1, 0)
    assert not Assessment.objects.filter(rater=emil).exists()


def test_no_row_and_no_order_of_rows_leads_to_a_colleague(stage):
    """Tallies know neither people nor times; their ids are those of the first answer, whoever answers when."""
    stage.ask(*stage.people[:2]).answer_as(stage.people[0], 3)
    first = list(PeerTally.objects.order_by("pk").values_list("pk", "competency", "level"))

    stage.answer_as(stage.people[1], {c.id: c.number % 4 for c in stage.competencies})

    columns = {field.name for field in PeerTally._meta.get_fields()}
    assert columns == {"id", "participation", "competency", "level", "count"}
    assert {field.name for field in PeerNomination._meta.get_fields()} == {
        "id",
        "participation",
        "peer",
        "answered",
        "declined",
    }
    assert list(PeerTally.objects.order_by("pk").values_list("pk", "competency", "level")) == first
    assert [row[1:] for row in first] == [(c.id, level) for c in stage.competencies for level in range(4)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no mark of who wrote a row last")
@pytest.mark.django_db(transaction=True)
def test_the_databases_own_marks_do_not_join_an_answer_to_a_colleague(stage):
    """PostgreSQL keeps with each row which transaction wrote it last: the same for all tallies and all requests."""
    stage.ask(*stage.people[:3])
    for colleague, level in zip(stage.people, (3, 0), strict=False):
        stage.answer_as(colleague, level)

    with connection.cursor() as cursor:
        marks = [
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {model._meta.db_table}").fetchone()[0]
            for model in (PeerTally, PeerNomination)
        ]

    assert (marks, counts()[0][2]) == ([1, 1], 1)


def test_who_judges_nothing_has_answered_and_counts_nowhere(stage):
    stage.ask(stage.people[0]).answer_as(stage.people[0], None)

    assert (stage.numbers(), counts()) == ((1, 1, 0), [])


def test_an_answer_missing_keeps_the_draft(as_, stage):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, {stage.competencies[0].id: 2})
    draft = stage.draft(emil)

    response = as_(emil).post(url("release", draft.pk))

    assert response.headers["Location"] == url("check", draft.pk)
    assert (stage.numbers(), draft.levels()) == ((1, 0, 0), {stage.competencies[0].id: 2})


def test_a_second_release_changes_nothing(as_, stage):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, 2)
    pk, client = stage.draft(emil).pk, as_(emil)
    client.post(url("release", pk), read_of(stage.draft(emil)))
    before = counts()

    with pytest.raises(TooLate):
        saving.release(pk=pk, by=emil)

    assert [client.post(url("release", pk)).status_code, client.get(url("assessment", pk)).status_code] == [404, 404]
    assert client.post(url("take_back", pk)).status_code == 404
    assert (counts(), len(before)) == (before, COMPETENCIES)


def test_a_release_cannot_be_taken_back_before_it_is_one(as_, stage):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, 2)

    with pytest.raises(saving.NotReleased):
        saving.take_back(pk=stage.draft(emil).pk, by=emil)


def at_once(*steps):
    """Run ``steps`` in as many threads, let go at the same moment; returns what each raised, or None."""
    gate, raised = Barrier(len(steps)), [None] * len(steps)

    def run(at, step):
        try:
            gate.wait(timeout=10)
            step()
        except Exception as problem:  # noqa: BLE001 - told to the test
            raised[at] = type(problem)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


@pytest.mark.django_db(transaction=True)
def test_eight_who_release_at_once_are_all_counted(stage):
    eight = stage.people[:8]
    stage.ask(*eight)
    for at, colleague in enumerate(eight):
        stage.fill(colleague, at % 4)
    drafts = [(stage.draft(colleague).pk, colleague) for colleague in eight]

    raised = at_once(*[lambda pk=pk, by=by: saving.release(pk=pk, by=by) for pk, by in drafts])

    assert raised == [None] * 8
    assert counts() == sorted((c.id, level, 2) for c in stage.competencies for level in range(4))
    assert (stage.numbers(), Assessment.objects.filter(kind=PEER).count()) == ((8, 8, 0), 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_release_sent_twice_at_once_counts_once(stage):
    emil = stage.people[0]
    stage.ask(emil).fill(emil, 1)
    pk = stage.draft(emil).pk

    raised = at_once(*[lambda: saving.release(pk=pk, by=emil)] * 2)

    assert sorted(map(str, raised)) == sorted(map(str, [None, TooLate]))
    assert counts() == sorted((c.id, 1, 1) for c in stage.competencies)


@pytest.mark.django_db(transaction=True)
def test_taking_back_while_the_colleague_saves_or_releases_ends_well(stage):
    """Both lock draft and participation in the same order: nobody is the victim of a deadlock."""
    for first in range(4):
        emil = stage.people[first]
        stage.ask(emil).fill(emil, 1)
        pk, nomination = stage.draft(emil).pk, PeerNomination.objects.get(peer=emil).pk

        raised = at_once(
            lambda: asking.withdraw(participation=stage.participation, nomination=nomination),  # noqa: B023
            lambda: saving.save_answers(pk=pk, by=emil, levels=stage.levels(2)),  # noqa: B023
        )

        assert (raised[0], raised[1] in {None, TooLate}) == (None, True)
        assert not Rating.objects.filter(assessment__kind=PEER).exists()


# After the deadline -------------------------------------------------------------------------------


def test_an_answer_sent_again_after_the_deadline_is_not_taken(as_, stage, cast):
    emil, first = stage.people[0], stage.competencies[0].id
    stage.ask(emil).fill(emil, 2)
    pk = stage.draft(emil).pk
    stage.pass_the_deadline()
    client = as_(emil)

    late = [
        client.post(url("rate", pk, first), {f"level-{first}": "3"}, **HTMX).status_code,
        client.post(url("assessment", pk), {f"level-{first}": "3"}).status_code,
        client.post(url("release", pk)).status_code,
    ]

    page = client.get(url("assessment", pk)).text
    assert late == [409, 409, 302]
    assert (stage.draft(emil).levels()[first], counts(), stage.numbers()) == (2, [], (1, 0, 0))
    assert "Diese Einschätzung nimmt keine Antworten mehr an. Sie wurde nicht freigegeben und wird gelöscht." in page
    assert 'type="radio"' not in page
    assert client.get(url("check", pk)).headers["Location"] == url("assessment", pk)
    assert titles(emil) == []


def test_late_requests_and_withdrawals_by_the_page_change_nothing(as_, five, cast):
    client, pk = as_(cast.anna), five.participation.pk
    before = (five.numbers(), counts())

    client.post(url("colleagues", pk), {"colleague": five.people[7].pk})
    client.post(url("colleague_withdraw", pk, PeerNomination.objects.first().pk))

    page = unescape(client.get(url("colleagues", pk)).text)
    assert (five.numbers(), counts()) == before
    assert "Die Frist ist vorbei." in page
    assert "zurücknehmen<" not in page
    assert "geantwortet</li>" in page  # the numbers stay


def test_a_deadline_that_has_passed_does_not_move(as_, five, cast):
    form = {"self_due": in_days(20), "manager_due": in_days(20), "talk_due": in_days(50), "plan_due": in_days(60)}
    form |= {"peer_due": in_days(30), "calendar_tells": "people"}

    as_(cast.paula).post(url("round_deadlines", five.round.pk), form)

    assert (Round.objects.get(pk=five.round.pk).peer_due, asking.deadline_is_fixed(five.round)) == (in_days(-1), True)


def test_a_deadline_to_come_moves_for_whoever_is_asked(stage):
    stage.ask(stage.people[0])
    fixed = asking.deadline_is_fixed(stage.round)
    stage.round.peer_due = in_days(-3)  # not saved: what the database says counts

    assert (fixed, asking.deadline_is_fixed(stage.round)) == (False, False)


def test_a_round_in_preparation_or_without_colleagues_has_no_fixed_deadline(stage, cast):
    Round.objects.filter(pk=stage.round.pk).update(has_peers=False, peer_due=in_days(-1))

    assert (asking.deadline_is_fixed(stage.round), asking.deadline_is_fixed(Round())) == (False, False)


# What is shown ------------------------------------------------------------------------------------


def test_the_distribution_is_shown_to_the_person_and_the_manager(five, cast):
    assert (five.shown(cast.anna), five.shown(cast.bernd)) == (FIVE, FIVE)


def test_a_deputy_sees_what_the_manager_sees(five, cast):
    deputy = Deputy.objects.create(manager=cast.bernd, person=cast.dora, until=in_days(3))
    deputy.people.add(cast.anna)

    assert five.shown(cast.dora) == FIVE


@pytest.mark.parametrize("levels", [True, False])
def test_nobody_else_sees_it_even_where_hr_sees_levels(five, cast, levels):
    Round.objects.update(shows_levels_to_hr=levels)
    others = [cast.clara, cast.paula, cast.audit, cast.fremd, cast.dora, *five.people]

    assert [five.seen_by(somebody) for somebody in others] == [None] * len(others)


def test_a_manager_who_has_answered_as_a_colleague_cannot_take_their_answer_off_the_sum(as_, five, cast):
    emil = five.people[0]
    Person.objects.filter(pk=cast.anna.pk).update(manager=emil)
    hand_over(participations=[five.participation], by=cast.paula)

    page = as_(emil).get(url("participation", five.participation.pk)).text

    assert five.shown(cast.anna) == FIVE
    assert (five.seen_by(emil).took_part, five.seen_by(emil).rows) == (True, [])
    assert "selbst als Kollegin oder Kollege geantwortet" in page


def test_whoever_was_asked_and_has_not_answered_may_take_nothing_off_the_sum(as_, stage, cast):
    stage.answered_by(1, 2, 2, 2, 3).ask(stage.people[5]).release_both().pass_the_deadline()
    Person.objects.filter(pk=cast.anna.pk).update(manager=stage.people[5])
    hand_over(participations=[stage.participation], by=cast.paula)

    assert (stage.seen_by(stage.people[5]).took_part, stage.shown(stage.people[5])) == (False, FIVE)


def test_a_former_manager_sees_nothing_any_more(five, cast):
    cast.anna.manager = cast.clara
    cast.anna.save()

    assert five.seen_by(cast.bernd) is None


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((1, 2, 2, 3), None),  # four
        ((2, 2, 2, 2, 2), None),  # all the same
        ((2, 2, 2, 2, None), None),  # five answers, four levels
        ((1, 2, 2, 2, 3, None), FIVE),
        ((0, 0, 0, 1, 1, 2, 3, 3), "keine 3 · Kenner 2 · Könner 1 · Experte 2"),
    ],
)
def test_five_levels_that_are_not_all_the_same_are_needed(stage, cast, levels, shown):
    stage.answered_by(*levels).release_both().pass_the_deadline()

    assert stage.shown(cast.anna) == shown


def test_each_competency_needs_its_own_five(stage, cast):
    first = stage.competencies[0].id
    stage.ask(*stage.people[:5])
    for colleague in stage.people[:4]:
        stage.answer_as(colleague, 2)
    stage.answer_as(stage.people[4], {**stage.levels(3), first: None})
    stage.release_both().pass_the_deadline()

    rows = stage.seen_by(cast.anna).rows

    assert [str(shown) for _, shown in rows] == ["None"] + ["keine 0 · Kenner 0 · Könner 4 · Experte 1"] * (
        COMPETENCIES - 1
    )


@pytest.mark.parametrize("missing", ["deadline", "own", "manager"])
def test_it_waits_for_the_deadline_and_for_both_sides(stage, cast, missing):
    stage.answered_by(1, 2, 2, 2, 3)
    if missing != "own":
        stage.release(stage.own)
    if missing != "manager":
        stage.release(stage.manager)
    if missing != "deadline":
        stage.pass_the_deadline()

    assert [stage.seen_by(who).waits for who in (cast.anna, cast.bernd)] == [True, True]
    assert (stage.shown(cast.anna), stage.shown(cast.bernd)) == (None, None)


def test_on_the_last_day_it_still_waits(five, cast):
    Round.objects.filter(pk=five.round.pk).update(peer_due=TODAY)

    assert (five.seen_by(cast.anna).waits, five.shown(cast.anna)) == (True, None)


def test_a_round_closed_early_shows_it_only_once_the_deadline_has_passed(stage, cast):
    stage.answered_by(1, 2, 2, 2, 3).ask(stage.people[6]).release_both()
    close_round(round_=stage.round)
    before = stage.shown(cast.anna)
    counting.tidy_peers(TODAY)
    drafts = Assessment.objects.filter(kind=PEER).count()
    stage.pass_the_deadline()

    assert (before, drafts, stage.shown(cast.anna)) == (None, 0, FIVE)


def test_it_never_changes_once_it_is_shown(five, cast, settings):
    """Whatever happens afterwards: a colleague's account ends, jobs run, somebody tries to add, the minimum falls."""
    seen = [five.shown(cast.anna)]

    Person.objects.filter(pk=five.people[0].pk).update(is_active=False)
    seen.append(five.shown(cast.anna))
    five.people[1].delete()
    seen.append(five.shown(cast.anna))
    counting.tidy_peers(TODAY)
    seen.append(five.shown(cast.anna))
    settings.PEER_MINIMUM = 3
    seen.append(five.shown(cast.anna))
    with pytest.raises(Refused):
        five.ask(five.people[7])
    close_round(round_=five.round)
    seen.append(five.shown(cast.bernd))

    assert seen == [FIVE] * 6


def secrets_on(pages):
    """What of colleagues' answers or names any of these pages tells."""
    told = {"Wie oft", "Gernegroß", "Aus dem Kollegium"}
    return {word for page in pages for word in told if word in unescape(page)}


@pytest.fixture
def as_html(monkeypatch):
    monkeypatch.setattr(pdf, "render_pdf", lambda name, context: render_to_string(name, context).encode())


def pages_for(client, stage):
    pk = stage.participation.pk
    addresses = [
        "/", "/meine-daten/", *(url(name, pk) for name in ("participation", "participation_pdf", "talk", "colleagues")),
        url("round", stage.round.pk), url("rounds"), url("team"), url("peer_requests"),
        url("round_deadlines", stage.round.pk), reverse("people:edit", args=[stage.cast.anna.pk]),
    ]  # fmt: skip
    texts = [client.get(address, **headers).text for address in addresses for headers in ({}, HTMX)]
    return [*texts, client.post(url("colleague_search", pk), {"name": "fremd"}, **HTMX).text]


def test_the_two_read_it_on_the_page_and_on_paper_and_the_manager_no_names(as_, five, cast, as_html):
    anna, bernd = pages_for(as_(cast.anna), five), pages_for(as_(cast.bernd), five)

    assert (secrets_on(anna), secrets_on(bernd)) == (
        {"Wie oft", "Gernegroß", "Aus dem Kollegium"},
        {"Wie oft", "Aus dem Kollegium"},
    )
    for page in (
        as_(cast.bernd).get(url(name, five.participation.pk)) for name in ("participation", "participation_pdf")
    ):
        assert page.text.count("Wie oft") == 1
    assert "Personalentwicklung" in anna[0]


@pytest.mark.parametrize("who", ["clara", "paula", "audit", "fremd", "dora", "emil"])
@pytest.mark.parametrize("shows_levels", thorough_but([True, False], True))
def test_to_everybody_else_no_page_paper_or_partial_tells_anything(as_, five, cast, as_html, who, shows_levels):
    Round.objects.update(shows_levels_to_hr=shows_levels)
    reader = five.people[0] if who == "emil" else getattr(cast, who)

    found = secrets_on(page.replace(str(reader), "") for page in pages_for(as_(reader), five))

    assert found == set()


def test_the_wheel_knows_no_colleagues(as_, five, cast):
    page = as_(cast.anna).get(url("participation", five.participation.pk)).text
    wheel = page[page.index('class="wheel__picture"') :].partition("</script>")[0]  # drawn, and as data

    assert "Selbst" in wheel
    assert "olleg" not in wheel


def test_a_colleague_reaches_nothing_but_their_own_draft(as_, stage, cast):
    emil, fritz = stage.people[:2]
    stage.ask(emil, fritz).fill(emil, 2).release_both()
    pk, client = stage.participation.pk, as_(fritz)
    closed = ["participation", "participation_pdf", "form_pdf", "talk", "targets", "colleagues"]
    of_others = [stage.draft(emil).pk, stage.own.pk, stage.manager.pk]

    pages = [client.get(url(name, pk)).status_code for name in closed]
    drafts = [
        client.get(url(name, other)).status_code
        for other in of_others
        for name in ("assessment", "check", "peer_decline")
    ]
    writes = [client.post(url(name, other)).status_code for other in of_others for name in ("release", "peer_decline")]

    assert {*pages, *drafts, *writes} == {404}
    assert client.get(url("assessment", stage.draft(fritz).pk)).status_code == 200


@pytest.mark.parametrize("who", ["anna", "bernd", "clara", "paula", "audit", "fremd"])
def test_nobody_else_opens_a_colleagues_draft(as_, stage, cast, who):
    stage.ask(stage.people[0]).fill(stage.people[0], 2)
    pk = stage.draft(stage.people[0]).pk

    found = [as_(getattr(cast, who)).get(url(name, pk)).status_code for name in ("assessment", "check", "peer_decline")]

    assert found == [404] * 3
    assert not Assessment.objects.visible_to(getattr(cast, who)).filter(pk=pk).exists()


def test_a_round_without_colleagues_has_none_of_this(as_, cast):
    plain = Stage(cast).release_both()

    page = as_(cast.anna).get(url("participation", plain.participation.pk)).text

    assert "Aus dem Kollegium" not in page
    assert as_(cast.anna).get(url("colleagues", plain.participation.pk)).status_code == 404


def test_whoever_becomes_the_manager_meanwhile_rates_as_such_and_not_as_a_colleague(as_, stage):
    """They read the other side's assessment, which a colleague must not have seen."""
    emil = stage.people[0]
    stage.ask(emil).fill(emil, 2).release_both()
    pk = stage.draft(emil).pk
    deputy = Deputy.objects.create(manager=stage.cast.bernd, person=emil, until=in_days(3))
    deputy.people.add(stage.cast.anna)

    with pytest.raises(TooLate):
        saving.release(pk=pk, by=emil)
    with pytest.raises(TooLate):
        saving.save_answers(pk=pk, by=emil, levels=stage.levels(1))
    page = as_(emil).get(url("participation", stage.participation.pk)).text

    assert "Kollegiale Einschätzung für Anna Ärmel" not in titles(emil)
    assert "Verschieden eingeschätzt" in page
    assert url("assessment", pk) not in page
    assert stage.numbers() == (1, 0, 0)


def test_the_technical_administration_shows_nothing_of_colleagues():
    assert not {PeerNomination, PeerTally, Assessment} & set(admin.site._registry)
    assert apps.get_model("assessments.PeerTally") is PeerTally


# Every day ----------------------------------------------------------------------------------------


def test_what_may_not_be_shown_is_deleted_for_good_and_lowering_the_minimum_brings_nothing_back(stage, cast, settings):
    stage.answered_by(1, 2, 2, 3).release_both().pass_the_deadline()

    said = [counting.tidy_peers(TODAY) for _ in range(2)]
    settings.PEER_MINIMUM = 3

    assert said == [
        "Kollegium: 0 nicht freigegebene Einschätzungen gelöscht; zu wenige oder gleiche Antworten gelöscht bei 1 Teilnahmen.",
        None,
    ]
    assert (PeerTally.objects.count(), stage.shown(cast.anna)) == (0, None)


def test_of_a_distribution_that_is_shown_only_that_remains(stage, cast):
    first, second, *_ = stage.competencies
    stage.ask(*stage.people[:5])
    for at, colleague in enumerate(stage.people[:5]):
        stage.answer_as(colleague, {**stage.levels(at % 4), first.id: 2, second.id: None if at else 1})
    stage.release_both().pass_the_deadline()

    counting.tidy_peers(TODAY)

    assert PeerTally.objects.filter(competency__in=[first.id, second.id]).count() == 0
    assert PeerTally.objects.count() == (COMPETENCIES - 2) * LEVELS
    assert [bool(shown) for _, shown in stage.seen_by(cast.anna).rows] == [False, False] + [True] * (COMPETENCIES - 2)


def test_before_the_deadline_nothing_is_deleted(stage):
    stage.answered_by(1, 2).ask(stage.people[3]).fill(stage.people[3], 1)
    before = counts()

    assert counting.tidy_peers(TODAY) is None
    assert (counts(), stage.draft(stage.people[3]).ratings.count()) == (before, COMPETENCIES)


def test_drafts_not_released_in_time_are_deleted_and_the_two_sides_stay(stage):
    stage.ask(*stage.people[:2]).fill(stage.people[0], 2).answer(stage.own).pass_the_deadline()

    said = counting.tidy_peers(TODAY)

    assert said.startswith("Kollegium: 2 nicht freigegebene Einschätzungen gelöscht;")
    assert not Assessment.objects.filter(kind=PEER).exists()
    assert (stage.own.ratings.count(), Assessment.objects.filter(participation=stage.participation).count()) == (
        COMPETENCIES,
        2,
    )


def many_tallied(stage, counted):
    """Participations of people nobody else knows, each with the same tallies for every competency: ``counted`` by level."""
    row = {f.attname: getattr(stage.participation, f.attname) for f in Participation._meta.concrete_fields}
    people = Person.objects.bulk_create(
        Person(email=f"p{at}@test.example", first_name="P", last_name=str(at), sort_key=f"p{at}")
        for at in range(len(counted))
    )
    many = Participation.objects.bulk_create(
        Participation(**{**row, "pk": None, "id": None, "person_id": somebody.pk}) for somebody in people
    )
    PeerTally.objects.bulk_create(
        PeerTally(participation=participation, competency_id=c.id, level=level, count=count)
        for participation, counts in zip(many, counted, strict=True)
        for c in stage.competencies
        for level, count in enumerate(counts)
    )
    return many


@pytest.mark.parametrize("minimum", [3, 5])
def test_what_is_deleted_is_what_the_rule_of_showing_hides(stage, settings, minimum):
    settings.PEER_MINIMUM = minimum
    counted = [counts for counts in product(range(4), repeat=4) if sum(counts) <= 7]
    many = many_tallied(stage, counted)
    stage.pass_the_deadline()

    counting.tidy_peers(TODAY)

    first = stage.competencies[0].id
    kept = set(PeerTally.objects.filter(competency=first).values_list("participation", flat=True))
    shown = {
        participation.pk
        for participation, counts in zip(many, counted, strict=True)
        if may_be_shown(sum(counts), max(counts), minimum)
    }
    assert (kept, 0 < len(shown) < len(many)) == (shown, True)
    assert PeerTally.objects.count() == 100 * len(shown)


def test_the_last_of_many_are_tidied_too(stage, monkeypatch):
    monkeypatch.setattr(counting, "BATCH", 1)
    many_tallied(stage, [(1, 1, 1, 1)] * 3)
    stage.pass_the_deadline()

    counting.tidy_peers(TODAY)

    assert PeerTally.objects.count() == 0


@pytest.mark.parametrize("people", [1, 200])
def test_tidying_costs_the_same_for_one_and_for_two_hundred(stage, people, django_assert_num_queries):
    many_tallied(stage, [(1, 1, 1, 1)] * people)
    stage.pass_the_deadline()

    # drafts; what to hide; which rows these are; deleting them; having SQLite's log emptied: savepoint, is it to be already,
    # row, release
    with django_assert_num_queries(8):
        counting.tidy_peers(TODAY)

    assert PeerTally.objects.count() == 0


# The setting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minimum", "errors"), [(2, 1), (0, 1), (-5, 1), (3, 0), (5, 0), (8, 0), (9, 1)])
def test_a_minimum_that_makes_no_sense_is_an_error(settings, minimum, errors):
    settings.PEER_MINIMUM = minimum

    assert [error.id for error in run_checks() if error.id == "kompetenz.E001"] == ["kompetenz.E001"] * errors


def test_two_are_never_shown_even_if_the_error_is_ignored(stage, cast, settings):
    settings.PEER_MINIMUM = 1
    stage.answered_by(1, 2).release_both().pass_the_deadline()

    assert (stage.shown(cast.anna), stage.seen_by(cast.anna).minimum) == (None, 3)


def test_nobody_reaches_anything_without_signing_in(stage):
    names = ["colleagues", "colleague_search", "peer_decline"]

    assert {Client().get(url(name, stage.participation.pk)).status_code for name in names} == {302}


def test_every_request_is_told(stage):
    """Two of the same round ask the same colleague."""
    colleague = stage.people[0]
    other = Participation.objects.get(round=stage.round, person=stage.cast.dora)

    for row in (stage.participation, other):
        asking.nominate(participation=row, colleague=colleague)

    written = list(Letter.objects.filter(person=colleague))
    assert [(one.path, obstacle_to(one)) for one in written] == [("/", "")] * 2
