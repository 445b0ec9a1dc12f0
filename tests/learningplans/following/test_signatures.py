"""Who has said something stands there by name: the one who did, and as they were called when it ended."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.changes.handing_over import hand_over, released_by
from assessments.models import Participation, PlanProgress, Round, Talk
from assessments.rounds.closing import close_round
from assessments.talk import recording as talks
from kompetenz.people.models import Deputy, Person
from kompetenz.privacy.erasure.finding import find
from kompetenz.privacy.erasure.removing import remove
from kompetenz.refusals import Refused, TooLate
from learningplans.following import changing, closing, preparing, recording, steps
from learningplans.models import LearningFormat, LearningPlan, Offer, PlanChange, Preparation
from tests.assessments.changes.test_following import rename
from tests.clock import NOW, TODAY, in_days
from tests.learningplans.making import plan_of
from tests.markup import tight
from tests.pdf_text import text_of

STATES = LearningPlan.State
SO_ALREADY = "Genau das hat Frieda Fremd in Vertretung für Bernd Şahin-Žižek schon geschrieben"


@pytest.fixture
def plan(participation):
    return plan_of(participation, state=STATES.AGREED)


@pytest.fixture
def review(plan):
    return plan.reviews.get(is_final=False)


@pytest.fixture
def deputy(cast):
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=in_days(9))
    named.people.add(cast.anna)
    return Person.objects.with_reach().get(pk=cast.fremd.pk)


def release(review, by, side):
    levels = {goal.pk: 2 for goal in review.plan.goals.all()}
    preparing.save_preparation(
        preparation=Preparation(review=review, side=side, helped="Zeit"),
        levels=levels,
        read=preparing.stamp_of_preparation(Preparation(), {}),
        release=True,
        by=by,
    )


def page(as_, user, name, review):
    return as_(user).get(reverse(f"learningplans:{name}", args=[review.plan_id, review.pk])).text


def test_a_preparation_bears_the_name_of_who_has_released_it(as_, cast, review, deputy):
    release(review, deputy, "manager")
    release(review, cast.anna, "person")
    recording.record_review(review=held(review), agreed={}, read="", by=cast.bernd)
    name = "Frieda Fremd in Vertretung für Bernd Şahin-Žižek"

    result = page(as_, cast.anna, "review_result", review)
    paper = text_of(as_(cast.anna).get(reverse("learningplans:review_pdf", args=[review.plan_id, review.pk])).content)

    assert f"Vorbereitung: {name}" in " ".join(result.split())
    assert f"Vorbereitung: {name}" in " ".join(paper.split())


def held(review):
    review.held_on = TODAY
    return review


def test_what_a_deputy_has_released_is_not_called_the_managers_own(as_, cast, review, deputy):
    release(review, deputy, "manager")

    assert "Vorbereitung freigegeben von Frieda Fremd" in " ".join(
        page(as_, cast.bernd, "review_prepare", review).split()
    )
    assert "Ihre Vorbereitung ist freigegeben." in page(as_, cast.fremd, "review_prepare", review)
    preparing.take_back(review=review, by=cast.bernd)
    assert review.preparations.get().released_by is None


def test_a_former_managers_preparation_stays_theirs(as_, cast, review):
    release(review, cast.bernd, "manager")
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    Participation.objects.filter(pk=review.plan.participation_id).update(
        manager=cast.clara, manager_name=str(cast.clara)
    )

    new = page(as_, cast.clara, "review_prepare", review)
    refused = as_(cast.clara).post(
        reverse("learningplans:review_take_back", args=[review.plan_id, review.pk]), follow=True
    )

    assert "Ihre Vorbereitung ist freigegeben" not in new
    assert "Vorbereitung freigegeben von Bernd Şahin-Žižek" in " ".join(new.split())
    assert "Freigabe zurücknehmen" not in new
    assert "Nicht zurückgenommen: Diese Vorbereitung hat Bernd Şahin-Žižek freigegeben." in refused.text
    assert review.preparations.get().released_at is not None


# --- names in what has ended ---------------------------------------------------------------------------------------


def ended(plan):
    """The plan completed and its round closed, a day ago."""
    yesterday = timezone.now() - timedelta(days=1)
    LearningPlan.objects.filter(pk=plan.pk).update(state=STATES.COMPLETED, completed_on=in_days(-1))
    plan.participation.plan_state = PlanProgress.COMPLETED
    plan.participation.save()
    Round.objects.filter(pk=plan.participation.round_id).update(state=Round.State.CLOSED, closed_at=yesterday)


def test_in_what_has_ended_everybody_is_called_as_they_were(as_, cast, plan, review, deputy):
    written = {"written_at": timezone.now(), "answered_at": timezone.now(), "answer": "noted"}
    PlanChange.objects.create(
        plan=plan, reason="Wechsel", lines=[{"subject": "Rahmen", "before": "1", "after": "2"}], written_side="person",
        written_by=cast.anna, answered_by=cast.fremd, answered_for=cast.bernd, took_effect_on=in_days(-2), **written
    )  # fmt: skip
    plan.measures.update(state="done", state_by=cast.bernd, state_at=NOW - timedelta(days=2))
    LearningPlan.objects.filter(pk=plan.pk).update(manager_agreed_by=deputy, manager_agreed_for=cast.bernd)
    ended(plan)
    for one in (cast.anna, cast.bernd, cast.fremd):
        rename(one, last_name="Neuname")
    rename(cast.fremd, first_name="Fred")

    shown = as_(cast.anna).get(plan.get_absolute_url()).text
    paper = text_of(as_(cast.anna).get(reverse("learningplans:pdf", args=[plan.pk])).content)

    for text in (" ".join(shown.split("<main")[1].split()), " ".join(paper.split())):
        assert [name for name in ("Bernd", "Frieda", "Fred") if f"{name} Neuname" in text] == []
        assert "Fred Fremd in Vertretung für Bernd Şahin-Žižek" in text
    assert "gemeldet von Bernd Şahin-Žižek" in " ".join(shown.split())


def test_a_deputy_reports_for_the_manager_that_something_is_done(as_, cast, plan, deputy):
    measure = plan.measures.first()

    as_(deputy).post(reverse("learningplans:measure_state", args=[plan.pk, measure.pk]), {"state": "done"})

    shown = " ".join(as_(cast.anna).get(plan.get_absolute_url()).text.split())
    assert "gemeldet von Frieda Fremd in Vertretung für Bernd Şahin-Žižek" in shown


def test_who_has_written_or_answered_a_record_signs_its_paper(cast, plan, review, deputy):
    def signs(**written):
        for field, value in written.items():
            setattr(review, field, value)
        review.plan = plan
        return review.signs_for_the_manager

    assert signs() is None
    assert signs(written_side="person", written_by=cast.anna) is None
    answered = signs(answer="noted", answered_by=deputy, answered_for=cast.bernd)
    written = signs(written_side="manager", written_by=cast.clara, answer="")
    assert (answered, written) == (
        ("Frieda Fremd", "in Vertretung für Bernd Şahin-Žižek"), ("Clara Chefin", "Führungskraft")
    )  # fmt: skip


def signature_of(page):
    """What stands under the lines to sign on, the person's and the other's."""
    return [" ".join(part.split()) for part in " ".join(page.split()).split("Unterschrift: ")[1:]]


def test_a_deputy_signs_on_paper_as_one(as_, cast, stage, deputy):
    stage.release(stage.own)
    form = reverse("assessments:form_pdf", args=[stage.participation.pk])
    forms = [text_of(as_(one).get(form).content) for one in (deputy, cast.bernd)]
    stage.release(stage.manager).talk()
    talks.record_talk(talk=stage.participation.talk, by=deputy)
    comparison = text_of(
        as_(cast.anna).get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content
    )

    signed = [signature_of(form)[0] for form in forms] + [signature_of(comparison)[1]]
    as_a_deputy = "Frieda Fremd in Vertretung für Bernd Şahin-Žižek"
    for found, wanted in zip(signed, [as_a_deputy, "Bernd Şahin-Žižek Führungskraft", as_a_deputy], strict=True):
        assert found.startswith(wanted)


def test_as_long_as_the_plan_goes_on_everybody_bears_the_name_of_today(as_, cast, plan):
    plan.measures.update(state="done", state_by=cast.bernd, state_at=NOW - timedelta(days=2))
    rename(cast.bernd, last_name="Neuname")

    assert "gemeldet von Bernd Neuname" in as_(cast.anna).get(plan.get_absolute_url()).text


def test_a_completed_plan_keeps_what_formats_and_offers_were_called(as_, cast, plan):
    measure = plan.measures.first()
    measure.offer = Offer.objects.create(format=measure.format, title="Kurs von damals")
    measure.save()
    before = measure.format.name
    with transaction.atomic():
        closing.complete_plan(plan, TODAY)
    Offer.objects.update(title="Kurs von heute")
    LearningFormat.objects.update(name="Format von heute")

    shown = as_(cast.anna).get(plan.get_absolute_url()).text
    paper = text_of(as_(cast.anna).get(reverse("learningplans:pdf", args=[plan.pk])).content)

    assert ("Kurs von damals" in shown, "von heute" in shown, before in shown) == (True, False, True)
    assert ("Format von heute" in paper, before in " ".join(paper.split())) == (False, True)


def test_a_draft_calls_formats_as_they_are_called_today(as_, cast, plan):
    LearningPlan.objects.update(state=LearningPlan.State.DRAFT)
    LearningFormat.objects.update(name="Format von heute")

    assert "Format von heute" in as_(cast.anna).get(plan.get_absolute_url()).text


def test_the_talk_of_an_ended_round_is_signed_by_the_names_of_then(as_, stage, deputy):
    stage.release_both().talk()
    talks.record_talk(talk=stage.participation.talk, by=deputy)
    stage.confirm()
    close_round(round_=stage.round)
    Round.objects.update(closed_at=timezone.now() - timedelta(days=1))
    for one in (stage.cast.anna, stage.cast.bernd, stage.cast.fremd):
        rename(one, last_name="Neuname")

    page = as_(stage.cast.anna).get(reverse("assessments:talk", args=[stage.participation.pk])).text
    paper = text_of(
        as_(stage.cast.anna).get(reverse("assessments:participation_pdf", args=[stage.participation.pk])).content
    )

    for text in (" ".join(page.split("<main")[1].split("<footer")[0].split()), " ".join(paper.split())):
        assert "Frieda Fremd in Vertretung für Bernd Şahin-Žižek" in text
        assert [name for name in ("Bernd", "Frieda") if f"{name} Neuname" in text] == []
    assert "<strong>Anna Ärmel</strong> hat das Ergebnis am" in " ".join(page.split())


def test_what_somebody_has_done_who_is_erased_is_not_said_of_who_leads_the_person_since(
    as_, cast, review, words_of_pdfs
):
    plan, participation = review.plan, review.plan.participation
    now = timezone.now()
    Talk.objects.filter(participation=participation).update(recorded_at=now, recorded_by=cast.bernd)
    LearningPlan.objects.filter(pk=plan.pk).update(manager_agreed_by=cast.bernd)
    side = participation.assessments.create(kind="manager", rater=cast.bernd, released_at=now)
    release(review, cast.bernd, "manager")
    for person in (cast.anna, cast.dora):
        Person.objects.filter(pk=person.pk).update(manager=cast.clara)
    hand_over(participations=[participation], by=cast.paula)

    remove(person=Person.objects.get(pk=cast.bernd.pk), mentions=find(cast.bernd))

    participation.refresh_from_db()
    client = as_(cast.anna)
    talk = tight(client.get(reverse("assessments:talk", args=[participation.pk])).text)
    paper = client.get(reverse("learningplans:pdf", args=[plan.pk])).content.decode()
    preparation = review.preparations.with_authors().get()
    assert "Gespräch: Anna Ärmel und Führungskraft" in talk
    assert "von<strong>Führungskraft</strong>" in talk
    assert (preparation.author, participation.manager_name) == ("Führungskraft", str(cast.clara))
    assert Talk.objects.get(participation=participation).signs_for_the_manager == ("", "Führungskraft")
    assert LearningPlan.objects.get(pk=plan.pk).signs_for_the_manager == ("", "Führungskraft")
    assert str(cast.bernd) not in talk + paper
    side.refresh_from_db()
    assert released_by(participation, side) == "freigegeben von einer früheren Führungskraft"


# --- the same said by two of one side ------------------------------------------------------------------------------


def test_what_a_deputy_has_released_is_not_released_once_more(cast, review, deputy):
    release(review, deputy, "manager")

    with pytest.raises(
        TooLate, match="Frieda Fremd in Vertretung für Bernd Şahin-Žižek hat die Vorbereitung inzwischen freigegeben"
    ):
        release(review, cast.bernd, "manager")

    assert review.preparations.get().released_by == deputy


def test_what_a_deputy_has_recorded_in_the_same_words_is_not_ones_own_record(cast, review, deputy):
    recording.record_review(review=held(review), agreed={}, read="", by=deputy)

    with pytest.raises(Refused, match=SO_ALREADY):
        recording.record_review(review=held(review), agreed={}, read="", by=cast.bernd)

    recording.record_review(review=held(review), agreed={}, read="", by=deputy)  # sent twice
    assert review.plan.reviews.get(pk=review.pk).written_by == deputy


def test_a_change_that_a_deputy_has_written_in_the_same_words_is_not_ones_own(cast, plan, deputy):
    wish = steps.of_plan(plan, LearningPlan(budget=100, hours_per_month=None))
    wanted = {"plan": plan, "wish": wish, "reason": "Mehr Geld"}
    changing.write_change(**wanted, by=deputy, read=plan.stamp)

    with pytest.raises(Refused, match=SO_ALREADY):
        changing.write_change(**wanted, by=cast.bernd, read=plan.stamp)

    assert changing.write_change(**wanted, by=deputy, read=plan.stamp).written_by == deputy
    assert plan.changes.count() == 1


def test_whoever_takes_back_what_another_has_written_is_named(as_, cast, plan, deputy):
    wish = steps.of_plan(plan, LearningPlan(budget=100, hours_per_month=None))
    one = changing.write_change(plan=plan, wish=wish, by=cast.bernd, reason="Mehr Geld", read=plan.stamp)
    changing.send_change_back(change=one, by=cast.anna, why="Wozu?", read=one.stamp)
    changing.withdraw_change(change=one, by=deputy)
    by_deputy = f"zurückgenommen von Frieda Fremd in Vertretung für Bernd Şahin-Žižek am {TODAY:%d.%m.%Y}"

    page = as_(cast.anna).get(changing.page_of(one)).text
    with pytest.raises(
        TooLate, match="Frieda Fremd in Vertretung für Bernd Şahin-Žižek hat den Eintrag inzwischen zurückgenommen"
    ):
        changing.answer_change(change=one, by=cast.anna, answer="noted", statement="", read=one.stamp)
    PlanChange.objects.update(withdrawn_by=None, withdrawn_for=None)  # before it was noted who
    older = PlanChange.objects.get().answer_in_words

    assert by_deputy in " ".join(page.split())
    assert f"zurückgenommen von Führungskraft am {TODAY:%d.%m.%Y}" in older
