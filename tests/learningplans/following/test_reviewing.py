"""Reviews: both sides prepare unseen, one records what was said, and it counts as agreed once the other has taken note."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.changes.handing_over import hand_over
from assessments.models import RETURNED_OFTEN_ENOUGH, Participation, Progress, Round, TalkProgress
from kompetenz.forms.stamp import FASTER
from kompetenz.letters.models import Letter
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import Refused, TooLate
from learningplans import tasks
from learningplans.contents import review as contents_of_reviews
from learningplans.contents.plan import contents_for, goal_entries
from learningplans.drafting import agreeing, holding
from learningplans.following import changing, preparing, recording, steps
from learningplans.models import FinalCheck, Goal, GoalReview, LearningPlan, Preparation, Review
from roles.models import Requirement
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session
from tests.learningplans.making import participation_of, plan_of
from tests.markup import tight
from tests.pdf_text import text_of
from tests.pdf_ua import problems

STATES = LearningPlan.State
SIDES = Preparation.Side
SMART = {f"smart-{letter}": "yes" for letter in ("specific", "measurable", "ambitious", "realistic", "timed")} | {
    "smart-confirmed": "on"
}


@pytest.fixture
def plan(participation):
    return plan_of(participation, state=STATES.AGREED)


@pytest.fixture
def review(plan):
    return plan.reviews.get(is_final=False)


def url(name, review):
    return reverse(f"learningplans:{name}", args=[review.plan_id, review.pk])


def texts(response):
    return [str(message) for message in response.context["messages"]]


def thoughts(client, review, level=2, **more):
    """The form as it comes, filled in."""
    read = client.get(url("review_prepare", review)).context["read"]
    levels = {f"stufe-{goal.pk}": level for goal in review.plan.goals.all()}
    return {"read": read, "helped": "Zeit", "hindered": "", "wishes": "", **levels, **more}


def prepare(client, user, review, **more):
    client.force_login(user)
    return client.post(url("review_prepare", review), thoughts(client, review, **more), follow=True)


def release(client, user, review, **more):
    return prepare(client, user, review, freigeben="ja", **more)


def talked(review, level=2, **more):
    """What is sent when the review is recorded."""
    levels = {f"stand-{goal.pk}": level for goal in review.plan.goals.all()}
    return {"held_on": in_days(0).isoformat(), "notes": "Es läuft", **levels, **more}


def hold(client, user, review, **more):
    client.force_login(user)
    return client.post(url("review", review), talked(review, **more), follow=True)


def reply(client, user, review, answer="noted", statement=""):
    """The other side answers the record as it stands."""
    client.force_login(user)
    sent = {"answer": answer, "statement": statement, "read": review_again(review).stamp}
    return client.post(url("review_answer", review), sent, follow=True)


def agreed_long_ago(plan):
    LearningPlan.objects.filter(pk=plan.pk).update(agreed_by_person_on=in_days(-99), agreed_by_manager_on=in_days(-90))


def due_final(plan):
    """The final review, on its day."""
    plan.reviews.filter(is_final=True).update(planned_on=TODAY)
    return plan.reviews.get(is_final=True)


def review_again(review):
    return Review.objects.get(pk=review.pk)


# --- preparing -----------------------------------------------------------------------------------------------------


def test_a_draft_is_its_own_sides_alone(client, cast, review):
    prepare(client, cast.anna, review, helped="Wort der Person", level=3)
    seen = GoalReview.objects.with_levels_of(Preparation.objects.visible_to(cast.bernd)).first()
    client.force_login(cast.bernd)
    page = client.get(url("review_prepare", review))

    assert list(Preparation.objects.visible_to(cast.bernd)) == []
    assert (seen.seen_self, seen.get_deferred_fields()) == (None, {"self_level", "manager_level"})
    assert ("Wort der Person" in page.text, page.text.count("checked")) == (False, 0)
    assert Preparation.objects.visible_to(cast.anna).get().helped == "Wort der Person"


@pytest.mark.parametrize(("mine", "theirs"), [("anna", "bernd"), ("bernd", "anna")])
def test_neither_sees_the_others_before_both_have_released(client, cast, review, mine, theirs):
    mine, theirs = getattr(cast, mine), getattr(cast, theirs)
    release(client, mine, review, helped="Wort der einen", level=3)
    prepare(client, theirs, review, helped="Wort der anderen")

    early = Preparation.objects.visible_to(theirs).values_list("helped", flat=True)
    assert list(early) == ["Wort der anderen"]
    assert "Wort der einen" not in client.get(url("review_prepare", review)).text
    assert "Wort der einen" not in client.get(url("review", review)).text

    page = release(client, theirs, review, helped="Wort der anderen").text

    assert ("Wort der einen" in page, "Wort der anderen" in page, "Experte (3)" in page) == (True, True, True)
    assert Preparation.objects.visible_to(mine).count() == 2


@pytest.mark.parametrize("answer", ["noted", "declined"])
def test_a_bare_record_opens_nothing_its_answer_what_is_released_and_a_draft_never_lies_open(
    client, cast, review, answer
):
    release(client, cast.anna, review, helped="Freigegebenes Wort")
    prepare(client, cast.bernd, review, helped="Wort im Entwurf", level=0)

    bare = hold(client, cast.bernd, review).text
    (standing, *_) = contents_of_reviews.result_of(review_again(review)).standings
    assert ("Freigegebenes Wort" in bare, standing.own, standing.manager) == (False, None, None)
    assert list(Preparation.objects.visible_to(cast.bernd).values_list("side", flat=True)) == ["manager"]

    page = reply(client, cast.anna, review, answer, "Aha").text

    assert ("Freigegebenes Wort" in page, "Wort im Entwurf" in page) == (True, False)
    assert list(Preparation.objects.visible_to(cast.anna).values_list("side", flat=True)) == ["person"]
    (standing, *_) = contents_of_reviews.result_of(Review.objects.get(pk=review.pk)).standings
    assert (standing.own, standing.manager) == (2, None)


@pytest.mark.parametrize("who", ["paula", "fremd", "audit", "clara"])
def test_nobody_else_reads_a_preparation(client, cast, review, who):
    for side in (cast.anna, cast.bernd):
        release(client, side, review)

    assert Preparation.objects.visible_to(getattr(cast, who)).count() == 0


def test_a_released_preparation_does_not_change(client, cast, review):
    old = thoughts_of(client, cast.anna, review)
    release(client, cast.anna, review)

    response = client.post(url("review_prepare", review), old | {"helped": "anders"}, follow=True)

    assert texts(response) == ["Nicht gespeichert: Die Vorbereitung ist freigegeben und ändert sich nicht mehr."]
    assert review.preparations.get().helped == "Zeit"


def thoughts_of(client, user, review, **more):
    client.force_login(user)
    return thoughts(client, review, **more)


def test_a_release_sent_twice_releases_once(client, cast, review):
    sent = thoughts_of(client, cast.anna, review, freigeben="ja")
    client.post(url("review_prepare", review), sent)
    first = review.preparations.get().released_at

    again = client.post(url("review_prepare", review), sent, follow=True)

    assert texts(again)[-1] == "Vorbereitung freigegeben."
    assert review.preparations.get().released_at == first


def test_a_second_tab_does_not_overwrite_what_the_first_has_saved(client, cast, review):
    old = thoughts_of(client, cast.anna, review)
    prepare(client, cast.anna, review, helped="Erster Stand")

    refused = client.post(url("review_prepare", review), old | {"helped": "Zweiter Stand"})
    assert review.preparations.get().helped == "Erster Stand"
    assert "Zweiter Stand" in refused.text
    assert texts(refused) == [FASTER]

    client.post(url("review_prepare", review), old | {"helped": "Zweiter Stand", "read": refused.context["read"]})
    assert review.preparations.get().helped == "Zweiter Stand"


def test_a_release_is_taken_back_until_the_other_side_has_released(client, cast, review):
    release(client, cast.anna, review)
    client.post(url("review_take_back", review))
    assert review.preparations.get().released_at is None

    release(client, cast.anna, review)
    release(client, cast.bernd, review)
    late = client.post(url("review_take_back", review), follow=True)

    assert texts(late)[-1] == "Nicht zurückgenommen: Anna Ärmel hat inzwischen auch freigegeben."
    assert review.preparations.filter(released_at=None).count() == 0


def test_a_page_of_an_earlier_preparation_takes_back_no_later_one(client, cast, review, clock):
    release(client, cast.bernd, review)
    page = client.get(url("review_prepare", review)).text
    stale = {"once": f"{cast.bernd.pk}-alt", "read": review.preparations.get().release_stamp}
    clock.shift(5)
    preparing.take_back(review=review, by=cast.bernd)
    release(client, cast.bernd, review, helped="Neu")

    told = client.post(url("review_take_back", review), stale, follow=True)
    kept = review.preparations.get()
    client.post(url("review_take_back", review), stale | {"read": kept.release_stamp})

    assert f'name="read" value="{stale["read"]}"' in page
    assert "Nicht zurückgenommen: Inzwischen ist eine andere Vorbereitung freigegeben." in texts(told)[-1]
    assert (kept.released_at is None, review.preparations.get().released_at) == (False, None)


def test_who_releases_gives_every_goal_a_level_and_the_manager_may_not_know(client, cast, review):
    refused = release(client, cast.anna, review, level="")
    assert [str(error) for error in refused.context["form"].errors.values()] != []
    assert "Bitte wählen Sie eine Stufe, bevor Sie freigeben." in refused.text
    assert not review.preparations.exists()

    release(client, cast.bernd, review, level="x")
    assert review.preparations.get().released_at is not None
    assert release(client, cast.anna, review, level="x").context["form"].errors


def test_nothing_is_prepared_once_the_review_is_held(client, cast, review):
    sent = thoughts_of(client, cast.anna, review)
    hold(client, cast.bernd, review)

    client.force_login(cast.anna)
    response = client.post(url("review_prepare", review), sent, follow=True)

    assert (response.status_code, "<p>Zeit</p>" in response.text) == (409, True)
    assert "Nicht gespeichert: Das Gespräch ist inzwischen festgehalten." in response.text
    late = client.post(url("review_take_back", review), follow=True)
    assert texts(late) == ["Nicht zurückgenommen: Das Gespräch ist inzwischen festgehalten."]
    assert not Preparation.objects.exists()
    with pytest.raises(holding.OutOfState):
        preparing.take_back(review=review, by=cast.anna)


def test_goals_of_another_plan_are_not_rated(client, cast, review):
    other = plan_of(participation_of(cast.anna, title="Andere"), state=STATES.AGREED)
    theirs = {f"stufe-{goal.pk}": 3 for goal in other.goals.all()}

    prepare(client, cast.anna, review, **theirs)

    assert set(GoalReview.objects.values_list("goal__plan", flat=True)) == {review.plan_id}


def test_a_review_of_another_plan_is_not_there(client, cast, review):
    other = plan_of(participation_of(cast.anna, title="Andere"), state=STATES.AGREED)
    client.force_login(cast.anna)

    for name in ("review_prepare", "review", "review_result", "review_pdf"):
        assert client.get(reverse(f"learningplans:{name}", args=[other.pk, review.pk])).status_code == 404


def test_preparing_is_a_task_from_a_fortnight_before_until_it_is_released(client, cast, review):
    def titles(user):
        plans = tasks.plans_of(user)
        return [task.title for task in tasks.tasks_of(user, [], plans) if "vorbereiten" in task.title]

    found = {}
    for days in (15, 14, 0, -1):
        Review.objects.filter(pk=review.pk).update(planned_on=in_days(days))
        found[days] = titles(cast.anna)
    Review.objects.filter(pk=review.pk).update(planned_on=in_days(14))
    release(client, cast.anna, review)

    task = ["Review-Gespräch vorbereiten"]
    assert found == {15: [], 14: task, 0: task, -1: []}
    assert titles(cast.anna) == []
    assert titles(cast.bernd) == ["Review-Gespräch vorbereiten: Anna Ärmel"]


# --- recording -----------------------------------------------------------------------------------------------------


def test_a_review_agrees_a_level_for_each_goal_and_says_what_is_reached(client, cast, plan, review):
    low, exact, high = plan.goals.all()
    levels = {f"stand-{low.pk}": 0, f"stand-{exact.pk}": exact.to_level, f"stand-{high.pk}": 3}

    page = hold(client, cast.bernd, review, **levels, **{f"geholfen-{low.pk}": "Üben"})

    assert ("Festgehalten von Bernd Şahin-Žižek" in page.text, ">erreicht<" in page.text) == (True, False)
    page = reply(client, cast.anna, review)
    standings = page.context["result"].standings
    assert ("Festgehalten von" in page.text, page.text.count(">erreicht<")) == (False, 2)
    assert [(one.agreed, one.is_reached) for one in standings] == [(0, False), (exact.to_level, True), (3, True)]
    assert standings[0].helped == "Üben"
    assert client.get(plan.get_absolute_url()).text.count(">erreicht<") == 2


def test_the_latest_agreed_level_counts(client, cast, plan, review):
    goal = plan.goals.first()
    second = plan.reviews.create(planned_on=in_days(100))
    agreed_long_ago(plan)
    hold(client, cast.anna, review, held_on=in_days(-5).isoformat(), **{f"stand-{goal.pk}": 3})
    reply(client, cast.bernd, review)
    hold(client, cast.anna, second, **{f"stand-{goal.pk}": 1})

    assert goal_entries(plan)[0].standing == 3
    reply(client, cast.bernd, second)
    assert goal_entries(plan)[0].standing == 1
    assert after(review)[goal.competency_id] == 3
    assert after(second)[goal.competency_id] == 1


def after(review):
    review = Review.objects.get(pk=review.pk)
    wheel = contents_of_reviews.wheel_of(review)
    competencies = review.plan.participation.round.catalogue.competencies
    series = wheel.series[1]
    return dict(zip((one.id for one in competencies), series.levels, strict=True))


def test_the_wheel_lays_what_was_agreed_over_the_talk(client, cast, plan, review):
    first, second, _ = plan.goals.all()
    hold(client, cast.anna, review, level="", **{f"stand-{first.pk}": 3})
    wheel = contents_of_reviews.wheel_of(Review.objects.get(pk=review.pk))
    client.force_login(cast.anna)

    assert [series.name for series in wheel.series] == ["Vereinbartes Ist", "Festgehalten", "Ziel"]
    reply(client, cast.bernd, review)
    assert contents_of_reviews.wheel_of(review_again(review)).series[1].name == "Stand im Review"
    assert (after(review)[first.competency_id], after(review)[second.competency_id]) == (3, second.from_level)


def test_a_goal_removed_meanwhile_is_ignored(client, cast, plan, review):
    sent, gone = talked(review), plan.goals.first().pk
    plan.goals.first().delete()
    client.force_login(cast.anna)

    client.post(url("review", review), {name: sent[name] for name in sent if name != f"stand-{gone}"})

    assert GoalReview.objects.filter(review=review).count() == 2
    recording.record_review(
        review=Review.objects.get(pk=review.pk),
        agreed={0: (3, "")},
        read=recording.stamp_of_record(review_again(review)),
        by=cast.anna,
    )
    assert GoalReview.objects.filter(review=review).count() == 2


@pytest.mark.parametrize(("who", "other"), [("anna", "bernd"), ("bernd", "anna")])
def test_a_record_is_corrected_by_who_wrote_it_until_the_other_side_has_answered(client, cast, review, who, other):
    who, other = getattr(cast, who), getattr(cast, other)
    hold(client, who, review)
    read = client.get(url("review", review)).context["read"]
    hold(client, who, review, notes="Korrigiert", read=read)
    assert review_again(review).notes == "Korrigiert"
    client.force_login(other)
    assert client.get(url("review", review)).headers["Location"] == url("review_result", review)

    reply(client, other, review)
    late = hold(client, who, review, notes="Zu spät", read=read)

    assert "Nicht gespeichert: Das Ergebnis ist beantwortet und ändert sich nicht mehr." in late.text
    assert ("Zu spät" in late.text, review_again(review).notes) == (True, "Korrigiert")
    with pytest.raises(TooLate):
        recording.record_review(review=review_again(review), agreed={}, read="", by=who)


def test_who_writes_when_the_other_has_just_recorded_keeps_their_words_and_is_led_to_the_record(client, cast, review):
    hold(client, cast.anna, review, notes="Annas Fassung")

    refused = hold(client, cast.bernd, review, notes="Bernds Fassung")

    assert review_again(review).notes == "Annas Fassung"
    assert ("Bernds Fassung" in refused.text, "Anna Ärmel hat dieses Gespräch inzwischen" in refused.text) == (
        True,
        True,
    )
    assert url("review_result", review) in refused.text


@pytest.mark.parametrize(("who", "other"), [("anna", "bernd"), ("bernd", "anna")])
def test_the_other_side_is_told_and_asked_until_it_has_answered(client, cast, review, who, other):
    who, other = getattr(cast, who), getattr(cast, other)
    hold(client, who, review)
    letter = that_ask().get()
    before = asked(other), asked(who)

    reply(client, other, review)

    assert (letter.person, letter.path) == (other, url("review_result", review))
    assert before == ([url("review_result", review)], [])
    assert (asked(other), asked(who)) == ([], [])


def that_ask():
    """The letters about a record, without those that take a later date out of the calendars."""
    return Letter.objects.exclude(key__startswith="reviews-off-")


def asked(user):
    user = of_a_session(user)
    found = tasks.tasks_of(user, [], tasks.plans_of(user))
    return [task.url for task in found if "beantworten" in task.title or "berichtigen" in task.title]


def test_a_record_that_was_declined_says_so_and_its_levels_are_not_agreed(client, cast, plan, review):
    hold(client, cast.anna, review)

    empty = reply(client, cast.bernd, review, "declined")
    page = reply(client, cast.bernd, review, "declined", "Das hatten wir anders besprochen.")

    assert "Bitte schreiben Sie, warum Sie ablehnen." in empty.text
    assert f"abgelehnt von {cast.bernd} am {in_days(0):%d.%m.%Y}" in page.text
    assert ("Das hatten wir anders besprochen." in page.text, "Festgehalten von Anna Ärmel" in page.text) == (
        True,
        True,
    )
    assert [entry.standing for entry in goal_entries(plan)] == [None, None, None]
    assert plan.goals.count() == 3


def test_a_record_sent_back_waits_for_its_correction(client, cast, review, clock):
    hold(client, cast.anna, review, notes="Es lief")
    reply(client, cast.bernd, review, "back", "Die Stufe stimmt nicht.")
    back = asked(cast.anna), asked(cast.bernd)
    client.force_login(cast.anna)
    page = client.get(url("review", review))
    clock.shift(60)

    same = hold(client, cast.anna, review, notes="Es lief", read=page.context["read"])
    still_back = asked(cast.anna)
    corrected = hold(client, cast.anna, review, notes="Es lief anders", read=page.context["read"])

    assert ("So hat Bernd Şahin-Žižek den Eintrag zurückgegeben" in same.text, still_back) == (True, back[0])
    assert "Eine frühere Fassung hat Bernd Şahin-Žižek zurückgegeben." in tight(corrected.text)
    assert back == ([url("review_result", review)], [])
    assert "Die Stufe stimmt nicht." in page.text
    assert "Die Stufe stimmt nicht." in corrected.text
    assert (review_again(review).sent_back_at, asked(cast.bernd)) == (None, [url("review_result", review)])


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_record_is_sent_back_twice_and_then_answered(client, cast, review, clock, taken_back):
    """Taking it back and holding the review again is no way round."""
    hold(client, cast.anna, review, notes="Es lief")
    for notes in ("Es lief gut", "Es lief schlecht"):
        reply(client, cast.bernd, review, "back", f"Nicht: {notes}")
        clock.shift(60)
        client.force_login(cast.anna)
        if taken_back:
            client.post(url("review_withdraw", review))
        read = client.get(url("review", review)).context["read"]
        hold(client, cast.anna, review, notes=notes, read=read)
    client.force_login(cast.bernd)
    page = client.get(url("review_result", review)).text

    third = reply(client, cast.bernd, review, "back", "Noch einmal.")

    assert 'value="back"' not in page
    assert RETURNED_OFTEN_ENOUGH in third.text
    assert review_again(review).sent_back_at is None
    reply(client, cast.bernd, review, "declined", "Es lief nicht.")
    assert review_again(review).answer == "declined"


def test_the_final_record_is_sent_back_again_and_again_before_its_date(plan, review):
    """For it cannot be declined before."""
    final = due_final(plan)
    final.times_sent_back = 2
    at_its_date = final.is_sent_back_often_enough
    final.planned_on = in_days(1)

    assert (at_its_date, final.is_sent_back_often_enough) == (True, False)


def test_who_corrects_a_record_that_was_sent_back_meanwhile_reads_why_first(client, cast, review, clock):
    """Else silence would count about what was sent back, as if somebody had heard the reason."""
    hold(client, cast.anna, review)
    read = client.get(url("review", review)).context["read"]
    clock.shift(60)
    reply(client, cast.bernd, review, "back", "Die Stufe stimmt nicht.")

    late = hold(client, cast.anna, review, notes="Anders", read=read)
    still = review_again(review)
    hold(client, cast.anna, review, notes="Anders", read=late.context["read"])

    assert f"{cast.bernd} hat den Eintrag inzwischen zurückgegeben." in late.text
    assert ("Die Stufe stimmt nicht." in late.text, still.notes, bool(still.sent_back_at)) == (True, "Es läuft", True)
    assert (review_again(review).notes, review_again(review).sent_back_at) == ("Anders", None)


def test_what_is_sent_back_waits_for_nobody_by_name_who_may_have_left(client, cast, plan, review):
    hold(client, cast.bernd, review)
    Person.objects.filter(pk=cast.bernd.pk).update(leaving_date=in_days(-1))
    client.force_login(cast.anna)

    page = " ".join(client.get(url("review_result", review)).text.split())

    assert "Geben Sie das Geschriebene zurück, bleibt es offen, bis es berichtigt oder zurückgenommen ist." in page


def test_where_a_deputy_is_asked_it_is_they_who_are_said_to_be(client, cast, plan, review):
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)
    there = hold(client, cast.anna, review, notes="Es läuft").text
    Person.objects.filter(pk=cast.bernd.pk).update(leaving_date=in_days(-1))
    plan.refresh_from_db()

    page = client.get(url("review_result", review)).text

    asked = f"Zurzeit antwortet {cast.fremd} in Vertretung für {cast.bernd}."
    assert (f"{cast.bernd} ist jetzt um Antwort gebeten." in there, asked in there, asked in page) == (
        True,
        False,
        True,
    )


def test_while_it_rests_nobody_is_said_to_be_asked(client, cast, plan, review):
    Participation.objects.filter(pk=plan.participation_id).update(paused_on=TODAY)

    result = hold(client, cast.anna, review).text

    assert f"Die Teilnahme ruht zurzeit. {cast.bernd} wird gefragt, sobald sie weitergeht." in result
    assert "ist jetzt um Antwort gebeten" not in result


@pytest.mark.parametrize(
    ("round_", "way_out"),
    [
        (Round.State.OPEN, "Die Personalentwicklung kann die Teilnahme an die jetzige Führungskraft übergeben."),
        (Round.State.CLOSED, "Wenn Sie möchten, geben Sie den Lernplan an Clara Chefin."),
    ],
)
def test_where_nobody_can_answer_nobody_is_said_to_be_asked(client, cast, plan, review, round_, way_out):
    final = plan.reviews.get(is_final=True)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    Round.objects.filter(pk=plan.participation.round_id).update(state=round_, closed_at=timezone.now())
    nobody = (
        f"Zurzeit ist niemand da, der antworten kann: {cast.bernd} ist nicht mehr die Führungskraft von Anna Ärmel."
    )
    client.force_login(cast.anna)

    asking = [tight(client.get(url("review", one)).text) for one in (review, final)]
    result = hold(client, cast.anna, review)
    frame = reverse("learningplans:change_frame", args=[plan.pk])
    plan.refresh_from_db()
    asking.append(tight(client.get(frame).text))
    form = {"hours_per_month": "6", "reason": "Mehr Zeit", "read": plan.stamp}
    changed = client.post(frame, form, follow=True)
    change_page = client.get(reverse("learningplans:plan_change", args=[plan.pk, plan.changes.get().pk]))

    assert [f"{nobody} {way_out}" in text for text in asking] == [True] * 3
    assert [asking[1].count(nobody), "bekommt eine Nachricht" in " ".join(asking)] == [2, False]
    assert [f"{cast.bernd} vorlegen" in asking[0], f"sobald {cast.bernd}" in " ".join(asking)] == [False, False]
    assert ["sobald Ihre Führungskraft antwortet" in asking[1], "sobald Ihre Führungskraft sie" in asking[2]] == [
        True,
        True,
    ]
    assert texts(result) == [f"Review-Gespräch festgehalten. {nobody} {way_out}"]
    assert texts(changed) == [f"Zeit und Budget ändern: festgehalten. {nobody} {way_out}"]
    assert [nobody in tight(page.text) for page in (result, change_page)] == [True, True]
    assert Letter.objects.filter(calendar="").count() == 0  # but for the dates, which go to the manager of today


def test_the_writer_does_not_answer_and_an_unread_correction_is_not_answered(client, cast, review, clock):
    hold(client, cast.anna, review)
    seen = review_again(review).stamp
    own = reply(client, cast.anna, review)
    clock.shift(60)
    read = recording.stamp_of_record(review_again(review))
    hold(client, cast.anna, review, notes="Anders", read=read)

    client.force_login(cast.bernd)
    late = client.post(url("review_answer", review), {"answer": "noted", "read": seen})

    assert f"Das ist Ihr eigener Eintrag. Darauf antwortet {cast.bernd}." in own.text
    assert "schon beantwortet" not in own.text
    assert "Anna Ärmel hat den Eintrag inzwischen geändert." in late.text
    assert review_again(review).waits


@pytest.mark.parametrize("what", ["written", "corrected", "taken back"])
def test_a_change_that_stands_in_a_record_is_read_before_that_is_answered(client, cast, plan, review, what, clock):
    """What is taken note of with the record is what its reader has seen of it."""
    hold(client, cast.anna, review)

    def change(budget, corrects=None):
        plan_ = LearningPlan.objects.get(pk=plan.pk)
        plan_.budget, stored = budget, LearningPlan.objects.get(pk=plan.pk)
        more = {"by": cast.anna, "reason": "Zu wenig.", "read": stored.stamp, "corrects": corrects}
        clock.shift(60)
        return changing.write_change(plan=plan_, wish=steps.of_plan(stored, plan_), **more)

    one = None if what == "written" else change(100)
    client.force_login(cast.bernd)
    read = {"answer": "noted", "read": client.get(url("review_result", review)).context["read"]}
    changing.withdraw_change(change=one, by=cast.anna) if what == "taken back" else change(900, one)

    late = client.post(url("review_answer", review), read)
    waits = review_again(review).waits
    client.post(url("review_answer", review), read | {"read": late.context["read"]})

    assert ("Eine Änderung, die zu diesem Gespräch gehört, ist inzwischen eine andere." in tight(late.text), waits) == (
        True, True
    )  # fmt: skip
    assert review_again(review).is_noted


@pytest.mark.parametrize("becomes", ["draft", "agreed"])
def test_what_was_typed_for_the_plan_as_it_was_comes_back(client, cast, plan, review, becomes):
    """One address is for the date of a draft's review and for the record of an agreed plan's."""
    sent = {
        "draft": talked(review, notes="Ein langes Ergebnis"),
        "agreed": {"planned_on": in_days(40).isoformat(), "place": "Ein langes Ergebnis", "read": "x"},
    }[becomes]
    LearningPlan.objects.filter(pk=plan.pk).update(state=becomes)
    client.force_login(cast.anna)

    page = client.post(url("review", review), sent)

    assert (page.status_code, "Ihr Text ist noch da" in page.text, "Ein langes Ergebnis" in page.text) == (
        409,
        True,
        True,
    )
    assert (review_again(review).held_on, review_again(review).planned_on) == (None, review.planned_on)


def test_two_answers_at_once_make_one(client, cast, review):
    hold(client, cast.anna, review)
    for _ in range(2):
        recording.answer_review(
            review=review, by=cast.bernd, answer="noted", statement="", read=review_again(review).stamp
        )
    with pytest.raises(TooLate):
        recording.answer_review(
            review=review, by=cast.bernd, answer="declined", statement="Nein", read=review_again(review).stamp
        )

    assert that_ask().filter(person=cast.anna).count() == 1


def test_words_about_a_goal_that_was_ended_meanwhile_are_not_lost(client, cast, plan, review):
    goal = plan.goals.first()
    Goal.objects.filter(pk=goal.pk).update(ended_on=TODAY)

    answer = hold(client, cast.anna, review, **{f"geholfen-{goal.pk}": "Das Üben am Freitag"})

    assert answer.status_code == 409
    assert ("Das Üben am Freitag" in answer.text, "inzwischen beendet" in answer.text) == (True, True)
    review.refresh_from_db()
    assert review.held_on is None


def test_what_has_become_of_the_role_is_asked_and_shown(client, cast, plan, review):
    role = plan.participation
    type(role).objects.filter(pk=role.pk).update(role_tasks="Ansprechperson sein\nFragen sammeln")
    asked = Requirement.objects.filter(profile__key="digitallotse")  # the role anna holds
    changed = asked.first()
    frozen = role.targets.get(competency=changed.competency)
    asked.exclude(pk=changed.pk).delete()
    role.targets.exclude(pk=frozen.pk).delete()
    role.targets.update(profile_level=2, level=2)
    Requirement.objects.filter(pk=changed.pk).update(level=3)
    for who, words in ((cast.bernd, ""), (cast.anna, "Fragen sammeln andere")):
        release(client, who, review, changed_tasks=words)

    pages = [client.get(url(name, review)).text for name in ("review", "review_prepare")]
    wrong = hold(client, cast.anna, review, tasks_changed="yes")
    page = hold(client, cast.anna, review, tasks_changed="yes", changed_tasks="Neu ist die E-Akte").text

    assert [text.count('Stufen <span class="in-full">bedeuten') for text in pages] == [1, 0]  # where somebody rates
    for text in (pages[0], page):
        assert ("Profil seit Start geändert: 1" in text, "Ansprechperson sein" in text) == (True, True)
    assert "Bitte schreiben Sie, was an den Aufgaben anders ist." in wrong.text
    assert ("Neu ist die E-Akte" in page, "Fragen sammeln andere" in page) == (True, True)
    assert "Fragen sammeln andere" in pages[1]


def test_a_record_keeps_the_level_that_the_goal_led_to_then(client, cast, plan, review):
    goal = plan.goals.first()
    hold(client, cast.anna, review, level=goal.to_level)
    reply(client, cast.bernd, review)
    plan.goals.update(to_level=3)

    standing = contents_of_reviews.result_of(review_again(review)).standings[0]

    assert (standing.to_level, standing.is_reached) == (2, True)


def test_deputies_record_and_answer_by_name(client, cast, review):
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)

    page = hold(client, cast.fremd, review)

    assert f"Festgehalten von Frieda Fremd in Vertretung für {cast.bernd}" in page.text
    assert review_again(review).written_side == "manager"


def test_a_record_sent_twice_does_no_harm(client, cast, review):
    hold(client, cast.anna, review)

    again = hold(client, cast.anna, review)

    assert texts(again) == ["Review-Gespräch festgehalten. Bernd Şahin-Žižek ist jetzt um Antwort gebeten."]
    assert (GoalReview.objects.count(), that_ask().count()) == (3, 1)


@pytest.mark.parametrize("wrong", ["4", "-1", "drei"])
def test_what_is_no_level_is_refused_and_the_rest_stays(client, cast, plan, review, wrong):
    goal = plan.goals.first()

    page = hold(client, cast.anna, review, notes="Mein Text", **{f"stand-{goal.pk}": wrong})

    assert review_again(review).held_on is None
    assert ("Mein Text" in page.text, f"stand-{goal.pk}" in page.context["forms"].errors) == (True, True)


def test_the_final_review_names_the_measures_that_are_still_planned(client, cast, plan):
    done, *others = plan.measures.all()
    plan.measures.filter(pk=done.pk).update(state="done", title="Erledigtes")
    client.force_login(cast.bernd)

    page = client.get(url("review", plan.reviews.get(is_final=True))).text
    plan.measures.update(state="done")
    later = client.get(url("review", plan.reviews.get(is_final=True))).text

    assert f"„geplant“: {', '.join(measure.title for measure in others)}." in page
    assert "„geplant“" not in later


def test_the_final_review_asks_for_its_look_back_and_is_recorded_all_or_nothing(client, cast, plan):
    final = due_final(plan)

    refused = hold(client, cast.bernd, final)
    plan.refresh_from_db()
    assert (plan.is_agreed, "smart-specific" in refused.text, GoalReview.objects.exists()) == (True, True, False)

    page = hold(client, cast.bernd, final, **SMART)
    plan.refresh_from_db()
    assert (plan.state, final.final_check.specific) == (STATES.AGREED, "yes")
    assert ("War der Plan SMART?" in page.text, "Ergebnis berichtigen" in page.text) == (True, True)

    page = reply(client, cast.anna, final)
    plan.refresh_from_db()
    assert plan.state == STATES.COMPLETED
    client.force_login(cast.bernd)
    assert "Ergebnis berichtigen" not in client.get(url("review_result", final)).text


@pytest.mark.parametrize("day", [-91, 1])
def test_no_review_was_held_before_the_plan_was_agreed_or_in_the_future(client, cast, plan, review, day):
    agreed_long_ago(plan)

    for held_on in (in_days(day).isoformat(), "0001-01-01"):
        page = hold(client, cast.anna, review, held_on=held_on, notes="Mein Text")
        assert ("held_on" in page.context["forms"].errors, "Mein Text" in page.text) == (True, True)
    assert review_again(review).held_on is None
    hold(client, cast.anna, review, held_on=in_days(-90).isoformat())
    assert review_again(review).held_on == in_days(-90)


def test_nobody_holds_the_final_review_alone_before_its_day(client, cast, plan):
    final = plan.reviews.get(is_final=True)
    agreed_long_ago(plan)

    for day in (in_days(0), in_days(-80)):
        page = hold(client, cast.anna, final, held_on=day.isoformat(), **SMART)
        (error,) = page.context["forms"].errors["held_on"]
        assert error.startswith(f"Das Abschlussgespräch ist für den {final.planned_on:%d.%m.%Y} vereinbart.")
    assert review_again(final).held_on is None


def test_a_final_record_sent_back_ends_nothing_and_is_taken_back_by_who_wrote_it(client, cast, plan, review):
    final = due_final(plan)
    release(client, cast.bernd, final, helped="Bernds Wort")
    hold(client, cast.anna, final, **SMART)
    early = client.post(url("review_withdraw", final), follow=True)
    reply(client, cast.bernd, final, "back", "Das Gespräch hat nicht stattgefunden.")
    declined = reply(client, cast.bernd, final, "declined", "Gab es nicht.")
    strange = client.post(url("review_withdraw", final))
    client.force_login(cast.anna)
    assert "Ergebnis zurücknehmen" in client.get(url("review_result", final)).text

    taken_back = [client.post(url("review_withdraw", final), follow=True) for _ in range(2)]
    led = client.get(url("review_result", final), follow=True)

    assert "nur, solange das Ergebnis zurückgegeben" in early.text
    assert (
        "Bernd Şahin-Žižek hat das Ergebnis zurückgegeben. Ablehnen können Sie es, wenn Anna Ärmel es" in declined.text
    )
    assert strange.status_code == 404
    assert [page.redirect_chain for page in taken_back] == [[(plan.get_absolute_url(), 302)]] * 2
    assert f"{final}: Es ist kein Ergebnis festgehalten, oder es ist zurückgenommen." in led.text
    plan.refresh_from_db()
    again = review_again(final)
    assert (plan.state, again.held_on, again.waits, again.notes) == (STATES.AGREED, None, False, "")
    assert (FinalCheck.objects.count(), final.preparations.get().helped) == (0, "Bernds Wort")
    assert set(final.goal_reviews.values_list("manager_level", "agreed_level")) == {(2, None)}
    hold(client, cast.bernd, final, **SMART)
    assert review_again(final).written_side == "manager"


def test_what_was_sent_back_is_not_put_there_again_by_taking_it_back_first(client, cast, review):
    hold(client, cast.bernd, review)
    reply(client, cast.anna, review, "back", "Über Ziel 2 haben wir nicht gesprochen.")
    client.force_login(cast.bernd)
    client.post(url("review_withdraw", review))
    to_hold = client.get(url("review", review)).text

    same = hold(client, cast.bernd, review)
    nothing = review_again(review).held_on
    other = hold(client, cast.bernd, review, notes="Über Ziel 2 sprechen wir im Mai.")

    assert "Über Ziel 2 haben wir nicht gesprochen." in to_hold
    assert ("So hat Anna Ärmel den Eintrag zurückgegeben" in same.text, nothing) == (True, None)
    assert "Eine frühere Fassung hat Anna Ärmel zurückgegeben." in other.text
    assert "Über Ziel 2 haben wir nicht gesprochen." in other.text
    reply(client, cast.anna, review)
    assert review_again(review).sent_back_why == ""


def test_who_has_sent_a_record_back_writes_their_own_once_it_is_taken_back(client, cast, review):
    hold(client, cast.bernd, review)
    reply(client, cast.anna, review, "back", "Das halte ich lieber selbst fest.")
    client.force_login(cast.bernd)
    client.post(url("review_withdraw", review))

    page = hold(client, cast.anna, review)

    mine = review_again(review)
    assert (mine.written_by, mine.sent_back_by, mine.sent_back_why) == (cast.anna, None, "")
    assert "Das halte ich lieber selbst fest." not in page.text


def test_what_is_held_before_its_day_leaves_the_calendars_and_taken_back_it_returns(client, cast, plan, review):
    def dates():
        found = Letter.objects.exclude(calendar="").order_by("person__first_name")
        told = [(one.person.first_name, "METHOD:CANCEL" in one.calendar) for one in found]
        Letter.objects.all().delete()
        return told

    hold(client, cast.bernd, review)
    held = dates()
    hold(client, cast.bernd, review, notes="Berichtigt")
    corrected = dates()
    reply(client, cast.anna, review, "back", "Das war nicht das Review.")
    client.force_login(cast.bernd)
    client.post(url("review_withdraw", review))
    taken_back = dates()
    hold(client, cast.bernd, due_final(plan), **SMART)  # on its day it leaves by itself
    on_its_day = dates()

    assert (held, taken_back) == ([("Anna", True), ("Bernd", True)], [("Anna", False), ("Bernd", False)])
    assert (corrected, on_its_day) == ([], [])


@pytest.mark.parametrize("who", ["anna", "bernd"])
def test_what_the_role_asks_for_today_is_hidden_where_a_running_round_hides_it(client, cast, review, who):
    hidden = participation_of(cast.anna, title="Runde mit verborgenem Soll")
    type(hidden).objects.filter(pk=hidden.pk).update(self_state=Progress.OPEN, talk_state=TalkProgress.OPEN)
    type(hidden.round).objects.filter(pk=hidden.round_id).update(hides_target=True)
    client.force_login(getattr(cast, who))
    pages = [client.get(url(name, review)).text for name in ("review", "review_prepare")]
    pages.append(hold(client, getattr(cast, who), review).text)

    assert ["Profil seit Start geändert" in page for page in pages] == [who == "bernd"] * 3
    assert ["heute etwas anderes als das Soll" in page for page in pages] == [who == "bernd"] * 3


def test_a_review_held_meanwhile_is_not_moved(cast, plan, review):
    moved = plan.reviews.get(pk=review.pk)
    moved.planned_on = in_days(50)
    wish = steps.of_review(review, moved)
    plan.refresh_from_db()
    change = changing.write_change(plan=plan, wish=wish, by=cast.anna, reason="Urlaub", read=plan.stamp)
    Review.objects.filter(pk=review.pk).update(held_on=in_days(0))

    with pytest.raises(Refused, match="Das Gespräch ist schon geführt"):
        changing.answer_change(change=change, by=cast.bernd, answer="noted", statement="", read=change.stamp)


@pytest.mark.parametrize(("answer", "promised"), [("", True), ("noted", False)])
def test_a_record_promises_later_changes_only_as_long_as_it_takes_them(client, cast, review, answer, promised):
    hold(client, cast.anna, review)
    if answer:
        Review.objects.filter(pk=review.pk).update(answer=answer, answered_at=timezone.now(), answered_by=cast.bernd)

    page = client.get(url("review_result", review)).text

    assert "Ändern Sie Ziele und Maßnahmen im Lernplan" in page
    assert ("steht auch im Protokoll" in page) is promised


@pytest.mark.parametrize("goals", [(5,), (5, 8, 11)])
def test_the_result_costs_the_same_however_many_goals(client, cast, participation, django_assert_num_queries, goals):
    plan = plan_of(participation, state=STATES.AGREED, goals=goals)
    review = plan.reviews.get(is_final=False)
    release(client, cast.anna, review)
    release(client, cast.bernd, review)
    hold(client, cast.anna, review)
    client.get(url("review_result", review))

    # session, user, plan, review; standings, latest levels, goals' measures, goals, preparations, changes; the wheel's
    # goals, record, held reviews, latest levels, talk, agreed levels; the role today, where it is hidden, what it asks,
    # the Soll; who is there to answer
    # the talk's answer, an own draft; to which review a change of today belongs
    with django_assert_num_queries(24):
        client.get(url("review_result", review))


# --- HR ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shows_levels", "standings"), [(True, [2, 2, 2]), (False, [])])
def test_hr_sees_standings_only_where_the_round_shows_it_levels(client, cast, shows_levels, standings):
    plan = plan_of(participation_of(cast.anna, shows_levels_to_hr=shows_levels), state=STATES.AGREED)
    review = plan.reviews.get(is_final=False)
    hold(client, cast.anna, review, notes="Wort", **{f"geholfen-{plan.goals.first().pk}": "Wort"})
    reply(client, cast.bernd, review)
    client.force_login(cast.paula)

    contents = contents_for(plan, cast.paula)
    page = client.get(plan.get_absolute_url()).text

    assert [entry.standing for entry in contents.goals] == standings
    assert ("Wort" in page, "Stand im Review" in page) == (False, shows_levels)
    for name in ("review_result", "review_pdf", "review_prepare", "review"):
        assert client.get(url(name, review)).status_code == 404


# --- on paper ------------------------------------------------------------------------------------------------------


def test_the_record_on_paper_says_what_both_have_agreed(client, cast, plan, review):
    release(client, cast.anna, review, helped="Zeit am Freitag", level=1)
    release(client, cast.bernd, review, wishes="Mehr Übung", level=2)
    plan.changes.create(
        review=review,
        lines=[{"subject": "Ziel X: Termin", "before": "alt", "after": "neu"}],
        reason="Krankheit",
        written_at=timezone.now(),
        took_effect_on=TODAY,
    )
    hold(client, cast.anna, review, notes="Gutes Gespräch", **{f"geholfen-{plan.goals.first().pk}": "Hospitation"})

    reply(client, cast.bernd, review, "declined", "Ich sehe es anders")

    response = client.get(url("review_pdf", review))
    text = text_of(response.content)

    assert (problems(response.content), response["Content-Disposition"]) == (
        [],
        f'inline; filename="Review-Gespraech-Aermel-Anna-Runde-2026-{in_days(0)}.pdf"',
    )
    for part in (
        "Protokoll des Review-Gesprächs", "keine dienstliche Beurteilung", "1. Datenkompetenz", "Hospitation", "Gutes Gespräch",
        "Zeit am Freitag", "Mehr Übung", "Krankheit", "Ich sehe es anders", "abgelehnt von", "Unterschrift: Anna Ärmel",
    ):  # fmt: skip
        assert part in text


# --- letters -------------------------------------------------------------------------------------------------------


def test_agreeing_invites_both_to_all_dates_at_once(cast, participation):
    plan = plan_of(participation)
    plan.reviews.create(planned_on=TODAY, held_on=TODAY)
    for by in (cast.anna, cast.bernd):
        plan.refresh_from_db()
        agreeing.agree_plan(plan=plan, by=Person.objects.get(pk=by.pk), read=plan.stamp)

    assert [letter.calendar.count("BEGIN:VEVENT") for letter in Letter.objects.exclude(calendar="")] == [2, 2]


def test_a_deputy_answers_where_the_manager_works_here_no_more(client, cast, plan):
    agreed_long_ago(plan)
    final = due_final(plan)
    named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)
    Person.objects.filter(pk=cast.bernd.pk).update(leaving_date=in_days(-1))

    page = hold(client, cast.anna, final, **SMART)

    assert "niemand da, der antworten kann" not in page.text
    assert review_again(final).told == cast.fremd
    assert Letter.objects.filter(person=cast.fremd, path=url("review_result", final)).exists()


@pytest.mark.parametrize(("who", "reads"), [("anna", True), ("bernd", False)])
def test_an_unreleased_preparation_stays_to_be_read_by_its_own_side(client, cast, review, who, reads):
    prepare(client, cast.anna, review, helped="Wort im Entwurf", level=3)
    hold(client, cast.bernd, review)
    client.force_login(getattr(cast, who))

    page = client.get(url("review_prepare", review), follow=True).text

    assert ("Wort im Entwurf" in page, "Nicht freigegebene Vorbereitung" in page) == (reads, reads)
    own = page.partition('id="entwurf-titel"')[2].partition("</section>")[0]
    assert own.count("Experte (3)") == (review.plan.goals.count() if reads else 0)


# --- another manager ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("released", [True, False])
def test_a_new_manager_finds_what_the_former_one_released_and_no_draft(client, cast, review, released):
    (release if released else prepare)(client, cast.bernd, review, level=3)
    release(client, cast.anna, review)
    cast.anna.manager = cast.clara
    cast.anna.save()

    hand_over(participations=[review.plan.participation], by=cast.paula)

    kept = Preparation.objects.filter(review=review).values_list("side", flat=True)
    levels = GoalReview.objects.filter(review=review).values_list("self_level", "manager_level")
    assert set(kept) == ({"person", "manager"} if released else {"person"})
    assert set(levels) == {(2, 3 if released else None)}


def test_beside_what_was_written_stands_what_another_window_has_recorded(client, cast, review, clock):
    shown = {"read": recording.stamp_of_record(review)}
    hold(client, cast.anna, review, level=2, notes="Aus dem neueren Fenster", **shown)

    told = hold(client, cast.anna, review, level=1, notes="Aus dem älteren", **shown)

    assert texts(told) == [FASTER]
    assert "Aus dem älteren" in told.text
    assert "Jetzt gespeichert: „Aus dem neueren Fenster“." in told.text
    assert "Jetzt gespeichert: Könner." in told.text
    assert '<li><a href="#id_notes">Ergebnis</a>: Jetzt gespeichert: „Aus dem neueren Fenster“.</li>' in tight(
        told.text
    )
    assert review_again(review).notes == "Aus dem neueren Fenster"


def test_beside_what_was_prepared_stands_what_another_window_has_saved(client, cast, review):
    client.force_login(cast.anna)
    older = thoughts(client, review, level=1, helped="Älter")
    prepare(client, cast.anna, review, level=2, helped="Neuer")

    told = client.post(url("review_prepare", review), older, follow=True)

    assert texts(told) == [FASTER]
    assert [text in told.text for text in ("Älter", "Jetzt gespeichert: „Neuer“.", "Jetzt gespeichert: Könner.")] == [
        True
    ] * 3


def test_the_summary_of_a_refused_record_says_what_is_wrong_and_with_which_goal(client, cast, review):
    goal = review.plan.goals.select_related("competency").first()

    page = hold(client, cast.anna, review, **{"held_on": "", f"geholfen-{goal.pk}": "x" * 501}).text

    summary = page[page.index('id="fehler"') : page.index("<h1>")]
    assert '<a href="#id_held_on">Bitte geben Sie bei „Geführt am“ einen Tag an.</a>' in summary
    assert (
        f'<a href="#id_geholfen-{goal.pk}">Was hat geholfen? ({goal.competency.name})</a>: Das ist zu lang' in summary
    )


@pytest.mark.parametrize(("own", "seen", "preset"), [(2, 2, "2"), (1, 2, ""), (0, 0, "0")])
def test_a_record_begins_with_what_both_have_prepared_alike(client, cast, review, own, seen, preset):
    goal = review.plan.goals.first()
    for user, level in ((cast.anna, own), (cast.bernd, seen)):
        levels = {f"stufe-{one.pk}": level for one in review.plan.goals.all()}
        release(client, user, review, **levels)
    client.force_login(cast.bernd)

    form = client.get(url("review", review)).context["forms"].record

    assert str(form[f"stand-{goal.pk}"].value() if form[f"stand-{goal.pk}"].value() is not None else "") == preset


def test_a_level_for_a_goal_that_was_ended_meanwhile_is_not_lost_without_a_word(client, cast, review):
    client.force_login(cast.bernd)
    sent = talked(review)
    ended = review.plan.goals.first()
    Goal.objects.filter(pk=ended.pk).update(ended_on=TODAY)

    page = client.post(url("review", review), sent)
    still_open = review_again(review).held_on
    again = {name: text for name, text in sent.items() if name != f"stand-{ended.pk}"}
    client.post(url("review", review), again)

    assert "Ein Ziel, zu dem Sie etwas gewählt haben, ist inzwischen beendet" in page.text
    assert ("Es läuft" in page.text, still_open, review_again(review).held_on) == (True, None, TODAY)


def test_the_picture_says_with_which_ist_the_plan_began(client, cast, review):
    hold(client, cast.bernd, review)
    page = client.get(url("review_result", review)).text

    assert ("das Ist, mit dem der Lernplan begann" in page, "Ist davor" in page) == (True, False)


@pytest.mark.parametrize(
    ("state", "sent", "said"),
    [
        (STATES.AGREED, {"planned_on": "2031-01-07"}, "Nicht gespeichert: Der Lernplan ist inzwischen vereinbart."),
        (
            STATES.DRAFT,
            {"held_on": "2031-01-07"},
            "Nicht gespeichert: Das ist im Entwurf inzwischen geändert oder entfernt.",
        ),
    ],
)
def test_what_was_sent_from_the_page_of_the_other_state_is_not_taken(client, cast, plan, review, state, sent, said):
    """The page of a draft has a date to be set, that of an agreed plan a talk to be recorded: of each the other reads nothing."""
    LearningPlan.objects.filter(pk=plan.pk).update(state=state)
    client.force_login(cast.bernd)

    page = client.post(url("review", review), sent, follow=True)

    assert texts(page) == [said]
    assert Review.objects.values_list("planned_on", "held_on").get(pk=review.pk) == (review.planned_on, None)
