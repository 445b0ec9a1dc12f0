"""Reviews: both sides prepare unseen, the talk agrees levels, and what was agreed stands from the next one on."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments.handing_over import hand_over
from kompetenz.letters.models import Letter
from kompetenz.people.models import Person
from learningplans import planning, reviewing
from learningplans.contents import contents_for, goal_entries
from learningplans.models import GoalReview, LearningPlan, Preparation, Review
from tests.learningplans.making import in_days, participation_of, plan_of
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


def test_what_one_side_has_released_lies_open_once_the_review_is_held_and_a_draft_never_does(client, cast, review):
    release(client, cast.anna, review, helped="Freigegebenes Wort")
    prepare(client, cast.bernd, review, helped="Wort im Entwurf", level=0)

    page = hold(client, cast.anna, review).text

    assert ("Freigegebenes Wort" in page, "Wort im Entwurf" in page) == (True, False)
    assert list(Preparation.objects.visible_to(cast.anna).values_list("side", flat=True)) == ["person"]
    (standing, *_) = reviewing.result_of(Review.objects.get(pk=review.pk)).standings
    assert (standing.own, standing.manager) == (2, None)


@pytest.mark.parametrize("who", ["paula", "fremd", "audit", "dora"])
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
    assert texts(refused)[0].startswith("Nicht gespeichert: Hier wurde inzwischen")

    client.post(url("review_prepare", review), old | {"helped": "Zweiter Stand", "read": refused.context["read"]})
    assert review.preparations.get().helped == "Zweiter Stand"


def test_a_release_is_taken_back_until_the_other_side_has_released(client, cast, review):
    release(client, cast.anna, review)
    client.post(url("review_take_back", review))
    assert review.preparations.get().released_at is None

    release(client, cast.anna, review)
    release(client, cast.bernd, review)
    late = client.post(url("review_take_back", review), follow=True)

    assert texts(late)[-1] == "Nicht zurückgenommen: Die andere Seite hat inzwischen auch freigegeben."
    assert review.preparations.filter(released_at=None).count() == 0


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

    assert texts(response)[-1] == "Dieses Gespräch ist schon festgehalten."
    assert not Preparation.objects.exists()
    with pytest.raises(planning.OutOfState):
        reviewing.take_back(review=review, side=SIDES.PERSON)


def test_goals_of_another_plan_are_not_rated(client, cast, review):
    other = plan_of(participation_of(cast.anna, title="Andere"), state=STATES.AGREED)
    theirs = {f"stufe-{goal.pk}": 3 for goal in other.goals.all()}

    prepare(client, cast.anna, review, **theirs)

    assert set(GoalReview.objects.values_list("goal__plan", flat=True)) == {review.plan_id}


def test_a_review_of_another_plan_is_not_there(client, cast, review):
    other = plan_of(participation_of(cast.anna, title="Andere"), state=STATES.AGREED)
    client.force_login(cast.anna)

    for name in ("review_prepare", "review", "review_result", "review_pdf", "review_wheel"):
        assert client.get(reverse(f"learningplans:{name}", args=[other.pk, review.pk])).status_code == 404


def test_preparing_is_a_task_from_a_fortnight_before_until_it_is_released(client, cast, review):
    def tasks(user):
        plans = planning.plans_of(user)
        return [task.title for task in planning.tasks_of(user, [], plans) if "vorbereiten" in task.title]

    found = {}
    for days in (15, 14, 0, -1):
        Review.objects.filter(pk=review.pk).update(planned_on=in_days(days))
        found[days] = tasks(cast.anna)
    Review.objects.filter(pk=review.pk).update(planned_on=in_days(14))
    release(client, cast.anna, review)

    task = ["Review-Gespräch vorbereiten: für Sie selbst"]
    assert found == {15: [], 14: task, 0: task, -1: []}
    assert tasks(cast.anna) == []
    assert tasks(cast.bernd) == ["Review-Gespräch vorbereiten: Anna Şahin-Žižek"]


# --- recording -----------------------------------------------------------------------------------------------------


def test_a_review_agrees_a_level_for_each_goal_and_says_what_is_reached(client, cast, plan, review):
    low, exact, high = plan.goals.all()
    levels = {f"stand-{low.pk}": 0, f"stand-{exact.pk}": exact.to_level, f"stand-{high.pk}": 3}

    page = hold(client, cast.bernd, review, **levels, **{f"geholfen-{low.pk}": "Üben"})

    standings = page.context["result"].standings
    assert [(one.agreed, one.is_reached) for one in standings] == [(0, False), (exact.to_level, True), (3, True)]
    assert standings[0].helped == "Üben"
    assert client.get(plan.get_absolute_url()).text.count(">erreicht<") == 2


def test_the_latest_agreed_level_counts(client, cast, plan, review):
    goal = plan.goals.first()
    second = plan.reviews.create(planned_on=in_days(100))
    hold(client, cast.anna, review, held_on=in_days(-5).isoformat(), **{f"stand-{goal.pk}": 3})
    hold(client, cast.anna, second, **{f"stand-{goal.pk}": 1})

    assert goal_entries(plan)[0].standing == 1
    assert after(review)[goal.competency_id] == 3
    assert after(second)[goal.competency_id] == 1


def after(review):
    review = Review.objects.get(pk=review.pk)
    wheel = reviewing.wheel_of(review)
    competencies = review.plan.participation.round.catalogue.competencies
    (series,) = [one for one in wheel.series if one.name == "Stand im Review"]
    return dict(zip((one.id for one in competencies), series.levels, strict=True))


def test_the_wheel_lays_what_was_agreed_over_the_talk(client, cast, plan, review):
    first, second, _ = plan.goals.all()
    hold(client, cast.anna, review, level="", **{f"stand-{first.pk}": 3})
    wheel = reviewing.wheel_of(Review.objects.get(pk=review.pk))
    client.force_login(cast.anna)

    assert [series.name for series in wheel.series] == ["vereinbartes Ist", "Stand im Review", "Ziel"]
    assert (after(review)[first.competency_id], after(review)[second.competency_id]) == (3, second.from_level)
    assert client.get(url("review_wheel", review))["Content-Type"] == "image/svg+xml"


def test_a_goal_removed_meanwhile_is_ignored(client, cast, plan, review):
    sent = talked(review)
    plan.goals.first().delete()
    client.force_login(cast.anna)

    client.post(url("review", review), sent)

    assert GoalReview.objects.filter(review=review).count() == 2
    reviewing.record(
        review=Review.objects.get(pk=review.pk),
        agreed={0: (3, "")},
        read=reviewing.stamp_of_record(review_again(review)),
    )
    assert GoalReview.objects.filter(review=review).count() == 2


def review_again(review):
    return Review.objects.get(pk=review.pk)


def test_a_held_review_is_corrected_by_both_until_the_next_is_held(client, cast, plan, review):
    second = plan.reviews.create(planned_on=in_days(100))
    hold(client, cast.anna, review)
    client.force_login(cast.bernd)
    read = client.get(url("review", review)).context["read"]
    hold(client, cast.bernd, review, notes="Korrigiert", read=read)
    assert review_again(review).notes == "Korrigiert"

    hold(client, cast.anna, second)
    late = hold(client, cast.anna, review, notes="Zu spät", read=read)

    assert texts(late)[-1] == "Inzwischen ist ein späteres Gespräch festgehalten. Dieses ändert sich nicht mehr."
    assert review_again(review).notes == "Korrigiert"
    with pytest.raises(reviewing.Superseded):
        reviewing.record(review=review_again(review), agreed={}, read="")


def test_one_side_does_not_overwrite_what_the_other_has_just_recorded(client, cast, review):
    hold(client, cast.anna, review, notes="Annas Fassung")

    refused = hold(client, cast.bernd, review, notes="Bernds Fassung")

    assert review_again(review).notes == "Annas Fassung"
    assert "Bernds Fassung" in refused.text
    hold(client, cast.bernd, review, notes="Bernds Fassung", read=refused.context["read"])
    assert review_again(review).notes == "Bernds Fassung"


def test_a_record_sent_twice_does_no_harm(client, cast, review):
    hold(client, cast.anna, review)

    again = hold(client, cast.anna, review)

    assert texts(again) == ["Gespräch festgehalten."]
    assert GoalReview.objects.count() == 3


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


def test_the_final_review_asks_for_its_look_back_and_closes_all_or_nothing(client, cast, plan):
    final = plan.reviews.get(is_final=True)

    refused = hold(client, cast.bernd, final)
    plan.refresh_from_db()
    assert (plan.is_agreed, "smart-specific" in refused.text, GoalReview.objects.exists()) == (True, True, False)

    page = hold(client, cast.bernd, final, **SMART)
    plan.refresh_from_db()
    assert (plan.state, final.final_check.specific) == (STATES.COMPLETED, "yes")
    assert "War der Plan SMART?" in page.text
    assert "Ergebnis ändern" not in page.text


def test_moving_a_review_never_takes_back_that_it_was_held(cast, plan, review):
    stale = plan.reviews.get(pk=review.pk)
    Review.objects.filter(pk=review.pk).update(held_on=in_days(0))
    stale.planned_on = in_days(50)

    with pytest.raises(planning.OutOfState):
        planning.schedule_review(review=stale)


@pytest.mark.parametrize("goals", [(5,), (5, 8, 11)])
def test_the_result_costs_the_same_however_many_goals(client, cast, participation, django_assert_num_queries, goals):
    plan = plan_of(participation, state=STATES.AGREED, goals=goals)
    review = plan.reviews.get(is_final=False)
    release(client, cast.anna, review)
    release(client, cast.bernd, review)
    hold(client, cast.anna, review)
    client.get(url("review_result", review))

    # session, user, plan, review; standings, latest levels, goals' measures, goals, preparations, changes; the wheel's
    # goals, held reviews, latest levels, talk, agreed levels; the last held
    with django_assert_num_queries(16):
        client.get(url("review_result", review))


# --- HR ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shows_levels", "standings"), [(True, [2, 2, 2]), (False, [])])
def test_hr_sees_standings_only_where_the_round_shows_it_levels(client, cast, shows_levels, standings):
    plan = plan_of(participation_of(cast.anna, shows_levels_to_hr=shows_levels), state=STATES.AGREED)
    review = plan.reviews.get(is_final=False)
    hold(client, cast.anna, review, notes="Wort", **{f"geholfen-{plan.goals.first().pk}": "Wort"})
    client.force_login(cast.paula)

    contents = contents_for(plan, cast.paula)
    page = client.get(plan.get_absolute_url()).text

    assert [entry.standing for entry in contents.goals] == standings
    assert ("Wort" in page, "Stand im Review" in page) == (False, shows_levels)
    for name in ("review_result", "review_pdf", "review_wheel", "review_prepare", "review"):
        assert client.get(url(name, review)).status_code == 404


# --- on paper ------------------------------------------------------------------------------------------------------


def test_the_record_on_paper_says_what_both_have_agreed(client, cast, plan, review):
    release(client, cast.anna, review, helped="Zeit am Freitag", level=1)
    release(client, cast.bernd, review, wishes="Mehr Übung", level=2)
    plan.changes.create(
        review=review, subject="Ziel X: Termin", before="alt", after="neu", reason="Krankheitsvertretung"
    )
    hold(client, cast.anna, review, notes="Gutes Gespräch", **{f"geholfen-{plan.goals.first().pk}": "Hospitation"})

    response = client.get(url("review_pdf", review))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())

    assert (problems(response.content), response["Content-Disposition"]) == (
        [],
        f'inline; filename="Review-Gespraech-Sahin-Zizek-{in_days(0)}.pdf"',
    )
    for part in (
        "Protokoll des Review-Gesprächs", "keine dienstliche Beurteilung", "1. Datenkompetenz", "Hospitation", "Gutes Gespräch",
        "Zeit am Freitag", "Mehr Übung", "Krankheitsvertretung", "Stand im Review", "Ort, Datum, Unterschrift",
    ):  # fmt: skip
        assert part in text


# --- letters -------------------------------------------------------------------------------------------------------


def test_both_are_invited_when_a_date_is_fixed_or_moved_and_not_when_nothing_moves(client, cast, plan, review):
    client.force_login(cast.anna)
    client.post(reverse("learningplans:review_add", args=[plan.pk]), {"planned_on": in_days(120).isoformat()})
    assert Letter.objects.count() == 2

    for day in (95, 95, 90):
        client.post(url("review", review), {"planned_on": in_days(day).isoformat(), "reason": "Urlaub"})

    letters = Letter.objects.filter(kind=Letter.Kind.REVIEW)
    assert {letter.person for letter in letters} == {cast.anna, cast.bernd}
    assert letters.count() == 6
    assert f"{in_days(90):%Y%m%d}" in letters.last().calendar
    assert [letter.path for letter in letters if "Anna" in letter.calendar] == []


def test_agreeing_invites_both_to_all_dates_at_once(cast, participation):
    plan = plan_of(participation)
    plan.reviews.create(planned_on=timezone.localdate(), held_on=timezone.localdate())
    for by in (cast.anna, cast.bernd):
        plan.refresh_from_db()
        planning.agree_plan(plan=plan, by=Person.objects.get(pk=by.pk), read=plan.changed_at.isoformat())

    assert [letter.calendar.count("BEGIN:VEVENT") for letter in Letter.objects.all()] == [2, 2]


# --- another manager ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("released", [True, False])
def test_a_new_manager_finds_what_the_former_one_released_and_no_draft(client, cast, review, released):
    (release if released else prepare)(client, cast.bernd, review, level=3)
    release(client, cast.anna, review)
    cast.anna.manager = cast.dora
    cast.anna.save()

    hand_over(participations=[review.plan.participation], by=cast.paula)

    kept = Preparation.objects.filter(review=review).values_list("side", flat=True)
    levels = GoalReview.objects.filter(review=review).values_list("self_level", "manager_level")
    assert set(kept) == ({"person", "manager"} if released else {"person"})
    assert set(levels) == {(2, 3 if released else None)}
