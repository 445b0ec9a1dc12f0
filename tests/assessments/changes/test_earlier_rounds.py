"""A new manager has come, and there are rounds that ended with another one: the person says whether they may be read."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assessments.changes import earlier_rounds
from assessments.models import AgreedLevel, Assessment, EarlierRoundsConsent, Participation, StockTaking
from assessments.rounds.closing import close_round
from kompetenz.people.models import Deputy, Person
from kompetenz.privacy.access_log.models import Access
from kompetenz.refusals import TooLate
from learningplans.contents.plan import contents_for
from learningplans.drafting.drawing_up import draw_up_plan
from learningplans.models import FinalCheck, LearningPlan, Preparation
from tests.clock import NOW, TODAY, in_days
from tests.conftest import Stage, of_a_session
from tests.markup import tight

PAGE = "assessments:earlier_rounds"
ASKED = "Frühere Runden: Clara Chefin lesen lassen?"


def ended(stage):
    """Its round has ended, and anna works for clara since."""
    close_round(round_=stage.round)
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)
    stage.cast.anna.refresh_from_db()
    return stage._again()


@pytest.fixture
def plan(stage):
    """Of a round that has ended since, agreed between anna and bernd."""
    stage.release_both().record().confirm()
    plan = draw_up_plan(participation=stage.participation)
    agreed = {"state": LearningPlan.State.AGREED, "agreed_by_person_on": TODAY, "agreed_by_manager_on": TODAY}
    LearningPlan.objects.filter(pk=plan.pk).update(**agreed)
    ended(stage)
    return LearningPlan.objects.get(pk=plan.pk)


def say(client, who, said, about):
    client.force_login(who)
    return client.post(reverse(PAGE), {"an": about.pk, "antwort": said})


def gives(cast):
    earlier_rounds.answer(person=cast.anna, manager=cast.clara.pk, agrees=True)


def reads(who, plan):
    """Whether ``who`` opens participation, plan and growth."""
    who = of_a_session(who)
    return (
        Participation.objects.visible_to(who).filter(pk=plan.participation_id).exists(),
        LearningPlan.objects.visible_to(who).filter(pk=plan.pk).exists(),
        LearningPlan.objects.in_full_for(who).filter(pk=plan.pk).exists(),
        Participation.objects.read_by(who).filter(pk=plan.participation_id).exists(),
    )


def tasks(client, who):
    client.force_login(who)
    return client.get(reverse("start")).text


@pytest.mark.parametrize("said", ["ja", "nein"])
def test_the_person_is_asked_until_they_have_answered_and_never_again(client, plan, cast, said):
    before = tasks(client, cast.anna)
    page = tight(client.get(reverse(PAGE)).text)
    say(client, cast.anna, said, cast.clara)

    assert ASKED in before
    assert "niemand fragt nach einem Grund" in page
    assert ASKED not in tasks(client, cast.anna)


def test_nobody_is_asked_without_an_ended_round_of_another_manager(client, stage, cast):
    stage.release_both().record().confirm()
    running = tasks(client, cast.anna)
    close_round(round_=stage.round)
    own = tasks(client, cast.anna)

    assert "Frühere Runden" not in running
    assert "Frühere Runden" not in own


def test_nobody_is_asked_of_a_round_in_which_nothing_lies_open(client, stage, cast):
    stage.release(stage.own)
    ended(stage)
    client.force_login(cast.anna)

    answer = client.get(reverse(PAGE))

    assert ASKED not in tasks(client, cast.anna)
    assert answer.url == reverse("my_data")


@pytest.mark.parametrize("cannot", [{"email": None}, {"is_active": False}, {"leaving_date": TODAY - timedelta(days=1)}])
def test_nobody_is_asked_about_a_manager_who_cannot_read(client, plan, cast, cannot):
    Person.objects.filter(pk=cast.clara.pk).update(**cannot)

    assert "Frühere Runden" not in tasks(client, cast.anna)


def test_with_a_yes_the_new_manager_reads_and_with_a_no_not(client, plan, cast):
    before = reads(cast.clara, plan)
    say(client, cast.anna, "nein", cast.clara)
    refused = reads(cast.clara, plan)
    say(client, cast.anna, "ja", cast.clara)
    given = reads(cast.clara, plan)
    say(client, cast.anna, "nein", cast.clara)

    assert (before, refused, given) == ((False,) * 4, (False,) * 4, (True,) * 4)
    assert reads(cast.clara, plan) == (False,) * 4
    assert reads(cast.bernd, plan) == (False,) * 4


def test_nothing_of_it_can_be_changed(plan, cast):
    gives(cast)
    clara = of_a_session(cast.clara)

    assert not Participation.objects.shared_with(clara).exists()
    assert not Participation.objects.managed_by(clara).exists()
    assert not LearningPlan.objects.pursued_by(clara).exists()
    assert not Assessment.objects.by_rater(clara).filter(participation=plan.participation_id).exists()
    assert not Preparation.objects.visible_to(clara).exists()


def looked_back_on(plan, cast, **answered):
    """A review of the plan, written down by bernd with a change, of which anna has said nothing unless ``answered``."""
    written = {"written_side": "manager", "written_by": cast.bernd, "written_at": NOW, **answered}
    review = plan.reviews.create(planned_on=TODAY, held_on=TODAY, notes="Läuft schleppend.", **written)
    lines = [{"subject": "Ziel 1", "before": "", "after": "Nur gewünscht"}]
    effect = {"took_effect_on": TODAY} if answered.get("answer") == "noted" else {}
    plan.changes.create(review=review, reason="Zu viel zu tun.", lines=lines, steps=[], **written, **effect)
    return review


def test_of_reviews_and_changes_only_what_both_have_agreed_is_read(client, plan, cast):
    noted = {"answer": "noted", "answered_by": cast.anna, "answered_at": NOW}
    looked_back_on(plan, cast)
    gives(cast)
    words = ["Läuft schleppend.", "Zu viel zu tun.", "Nur gewünscht", "festgehalten von"]

    seen = {}
    for who in (cast.anna, cast.clara):
        client.force_login(who)
        page = tight(client.get(plan.get_absolute_url()).text)
        seen[who] = [word for word in words if word in page]
    plan.changes.all().delete()
    plan.reviews.all().delete()
    looked_back_on(plan, cast, **noted)
    agreed = tight(client.get(plan.get_absolute_url()).text)

    assert (seen[cast.anna], seen[cast.clara]) == (words, [])
    assert [word for word in words if word not in agreed] == []


@pytest.mark.parametrize(("answer", "shown"), [("noted", True), ("silent", False)])
def test_of_a_completed_plan_the_look_back_is_read_if_it_was_taken_note_of(plan, cast, answer, shown):
    review = looked_back_on(plan, cast, answer=answer, answered_by=None, answered_at=NOW)
    FinalCheck.objects.create(
        review=review, **dict.fromkeys(("specific", "measurable", "ambitious", "realistic", "timed"), "no")
    )
    LearningPlan.objects.filter(pk=plan.pk).update(state=LearningPlan.State.COMPLETED, completed_on=TODAY)
    gives(cast)

    found = contents_for(LearningPlan.objects.get(pk=plan.pk), of_a_session(cast.clara))

    assert (found.check is not None, found.reviews[0].notes != "") == (shown, shown)


def test_the_participation_stands_below_the_team_for_who_may_read_it(client, plan, cast):
    gives(cast)
    client.force_login(cast.clara)
    page = client.get(plan.participation.get_absolute_url()).text

    assert f'<a href="{reverse("assessments:team")}">Team</a></li>' in page.split("<main")[0]


def test_a_running_round_and_a_drafted_plan_are_not_in_it(stage, cast):
    stage.release_both().record().confirm()
    draft = draw_up_plan(participation=stage.participation)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    EarlierRoundsConsent.objects.create(person=cast.anna, manager=cast.clara, agrees=True)
    running = reads(cast.clara, draft)
    close_round(round_=stage.round)
    cast.anna.refresh_from_db()
    gives(cast)

    assert running == (False,) * 4
    assert reads(cast.clara, draft) == (True, False, False, True)


def test_a_bestandsaufnahme_only_if_it_was_shared(plan, cast):
    gives(cast)
    written = StockTaking.objects.create(participation_id=plan.participation_id, tasks="Alles.")
    clara = of_a_session(cast.clara)
    own = StockTaking.objects.readable_by(clara).exists()
    StockTaking.objects.filter(pk=written.pk).update(shared_at=plan.changed_at)

    assert (own, StockTaking.objects.readable_by(clara).exists()) == (False, True)


def test_a_deputy_of_the_new_manager_reads_nothing(plan, cast):
    gives(cast)
    named = Deputy.objects.create(manager=cast.clara, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)

    assert reads(cast.fremd, plan) == (False,) * 4


def another_manager(cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd)


def person_leaves(cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY - timedelta(days=1))


def manager_leaves(cast):
    Person.objects.filter(pk=cast.clara.pk).update(leaving_date=TODAY - timedelta(days=1))


@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("ends", [another_manager, person_leaves, manager_leaves])
def test_it_ends_at_once_and_does_not_come_back_with_the_manager(plan, cast, ends, agrees):
    """Away and back within a day, too: a list that was wrong, or a change of unit that was taken back."""
    earlier_rounds.answer(person=cast.anna, manager=cast.clara.pk, agrees=agrees)
    ends(cast)
    at_once = reads(cast.clara, plan)
    Person.objects.filter(pk__in=[cast.anna.pk, cast.clara.pk]).update(leaving_date=None)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    assert at_once == reads(cast.clara, plan) == (False,) * 4
    assert not EarlierRoundsConsent.objects.exists()


def test_it_ends_where_the_person_is_saved_by_itself(plan, cast):
    gives(cast)
    cast.anna.refresh_from_db()
    cast.anna.manager = cast.bernd
    cast.anna.save()

    assert not EarlierRoundsConsent.objects.exists()


def test_what_others_have_answered_stays(plan, cast):
    gives(cast)
    Person.objects.filter(pk=cast.fremd.pk).update(manager=cast.clara)

    assert reads(cast.clara, plan) == (True,) * 4


@pytest.mark.parametrize("leaves", ["anna", "clara"])
def test_it_ends_with_the_last_day(plan, cast, leaves, clock):
    """Which passes without anybody writing anything."""
    Person.objects.filter(pk=getattr(cast, leaves).pk).update(leaving_date=TODAY)
    gives(cast)
    clock.shift(timedelta(days=1))
    told = earlier_rounds.end_with_the_last_day(in_days(1))

    assert told == "Beendete Zustimmungen zu früheren Runden: 1."
    assert not EarlierRoundsConsent.objects.exists()


def test_what_holds_is_not_forgotten(plan, cast):
    gives(cast)

    assert earlier_rounds.end_with_the_last_day(TODAY) is None
    assert reads(cast.clara, plan) == (True,) * 4


def test_an_answer_about_somebody_else_by_now_is_refused(client, plan, cast):
    answer = say(client, cast.anna, "ja", cast.bernd)

    assert [str(one) for one in get_messages(answer.wsgi_request)] == [earlier_rounds.ANOTHER]
    assert not EarlierRoundsConsent.objects.exists()
    with pytest.raises(TooLate):
        earlier_rounds.answer(person=cast.anna, manager=None, agrees=True)


def test_a_record_that_was_never_put_before_the_person_is_not_in_it(client, stage, cast, words_of_pdfs):
    stage.release_both().talk(level=3)
    reason = AgreedLevel.objects.filter(talk=stage.participation.talk).first()
    AgreedLevel.objects.filter(pk=reason.pk).update(reason="Nur ein Vermerk.")
    ended(stage)
    gives(cast)
    page = stage.participation.get_absolute_url()
    paper = reverse("assessments:participation_pdf", args=[stage.participation.pk])

    seen = {}
    for who in (cast.anna, cast.clara):
        client.force_login(who)
        seen[who] = ["Nur ein Vermerk." in client.get(one).content.decode() for one in (page, paper)]

    assert seen == {cast.anna: [True, True], cast.clara: [False, False]}


def test_of_a_round_that_ends_later_the_person_is_asked_anew(client, plan, cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd)
    later = Stage(cast, title="Zweite Runde").release_both()
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    cast.anna.refresh_from_db()
    client.force_login(cast.anna)
    older = {"an": cast.clara.pk, "antwort": "ja", "once": f"{cast.anna.pk}-x"}
    older["read"] = client.get(reverse(PAGE)).context["earlier_rounds"].stamp
    gives(cast)
    before = reads(cast.clara, plan)
    close_round(round_=later.round)

    late = client.post(reverse(PAGE), older)

    assert [str(one) for one in get_messages(late.wsgi_request)] == [earlier_rounds.MORE]
    assert (before, reads(cast.clara, plan)) == ((True,) * 4, (False,) * 4)
    assert ASKED in tasks(client, cast.anna)
    assert "Zweite Runde" in client.get(reverse(PAGE)).text


def test_a_no_outlives_a_round_that_ends_later(client, stage, cast):
    stage.release_both()
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    EarlierRoundsConsent.objects.create(person=cast.anna, manager=cast.clara, agrees=False)
    close_round(round_=stage.round)

    assert "Frühere Runden" not in tasks(client, cast.anna)


def test_an_answer_that_is_none_asks_again(client, plan, cast):
    answer = say(client, cast.anna, "vielleicht", cast.clara)

    assert ASKED in tight(answer.text)
    assert not EarlierRoundsConsent.objects.exists()


def test_the_same_twice_does_no_harm(plan, cast):
    gives(cast)
    EarlierRoundsConsent.objects.update(answered_on=TODAY - timedelta(days=3))
    gives(cast)

    assert EarlierRoundsConsent.objects.get().answered_on == TODAY - timedelta(days=3)


def test_my_data_says_what_holds_and_ends_it(client, plan, cast):
    gives(cast)
    client.force_login(cast.anna)
    given = tight(client.get(reverse("my_data")).text)
    said = say(client, cast.anna, "nein", cast.clara)

    assert "Sie lassen Clara Chefin seit dem" in given
    assert said.url == f"{reverse('my_data')}#fruehere-runden"
    assert "Clara Chefin liest Ihre früheren Runden nicht." in tight(client.get(reverse("my_data")).text)


def test_the_new_manager_sees_on_the_team_page_what_they_may_read(client, plan, cast):
    client.force_login(cast.clara)
    before = client.get(reverse("assessments:team")).text
    gives(cast)
    page = client.get(reverse("assessments:team")).text

    assert "Frühere Runden" not in before
    assert reverse("assessments:participation", args=[plan.participation_id]) in page


def test_every_page_that_they_open_is_noted_in_their_role(client, plan, cast):
    gives(cast)
    client.force_login(cast.clara)
    pages = [plan.participation.get_absolute_url(), plan.get_absolute_url()]
    pages.append(reverse("learningplans:growth_of", args=[cast.anna.pk]))

    assert [client.get(page).status_code for page in pages] == [200] * 3
    noted = Access.objects.filter(reader=cast.clara, about=cast.anna).values_list("what", "role", "instead_of")
    assert set(noted) == {(what, "manager", None) for what in ("comparison", "plan", "growth")}


def test_hr_that_is_the_new_manager_reads_as_the_manager_only_with_the_consent(client, plan, cast):
    Person.objects.filter(pk=cast.clara.pk).update(is_hr=True)
    client.force_login(cast.clara)
    client.get(plan.get_absolute_url())
    gives(cast)
    client.get(plan.get_absolute_url())

    assert set(Access.objects.filter(reader=cast.clara).values_list("what", "role")) == {
        ("plan", "hr"),
        ("plan", "manager"),
    }


@pytest.mark.usefixtures("blank_pdfs")
def test_no_link_leads_where_the_new_manager_is_not_let_in(client, plan, cast):
    gives(cast)
    client.force_login(cast.clara)
    for page in (plan.participation.get_absolute_url(), plan.get_absolute_url()):
        found = client.get(page)
        links = {link.split('"')[0].split("#")[0] for link in found.text.split('href="')[1:]}
        inside = {link for link in links if link.startswith("/") and not link.startswith(("/static/", "/favicon"))}

        assert inside
        assert {link: client.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)
