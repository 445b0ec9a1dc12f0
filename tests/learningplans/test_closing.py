import pytest
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from learningplans import closing, planning
from learningplans.contents import goal_entries
from learningplans.forms.closing import FinalCheckForm, FollowUpForms
from learningplans.models import FinalCheck, FollowUp, LearningPlan
from tests.learningplans.making import competency, plan_of

LETTERS = {"specific": "yes", "measurable": "partly", "ambitious": "yes", "realistic": "no", "timed": "partly"}
REMARK, NOTE, TEXT = "Weniger Ziele wären besser gewesen.", "Auf das Moderieren achten.", "Eine Besprechung leiten"


@pytest.fixture
def agreed(participation):
    return plan_of(participation, state=LearningPlan.State.AGREED)


def check_of(**fields):
    return FinalCheck(**LETTERS | {"remark": REMARK, "note_for_next": NOTE} | fields)


def final_of(plan):
    review = plan.reviews.get(is_final=True)
    review.held_on, review.notes = timezone.localdate(), "Zwei Ziele sind erreicht."
    return review


def close(plan, **fields):
    follow_ups = [FollowUp(competency=competency(5), kind="deepen", text=TEXT)]
    closing.record_final(**{"review": final_of(plan), "check": check_of(), "follow_ups": follow_ups} | fields)


def sent(**fields):
    return {f"smart-{name}": value for name, value in (LETTERS | {"confirmed": "on"} | fields).items()}


def follow_up_form(plan, data=None):
    return FollowUpForms(data, entries=goal_entries(plan))


def test_the_final_review_completes_the_plan_with_its_look_back_and_what_follows(agreed):
    close(agreed)

    plan = LearningPlan.objects.get(pk=agreed.pk)
    check = FinalCheck.objects.get(review__plan=plan)
    assert (plan.state, plan.completed_on) == ("completed", timezone.localdate())
    assert check.letters == [
        ("S – spezifisch", "ja"),
        ("M – messbar", "zum Teil"),
        ("A – anspruchsvoll", "ja"),
        ("R – realistisch", "nein"),
        ("T – terminiert", "zum Teil"),
    ]
    assert list(plan.follow_ups.values_list("competency", "kind", "text")) == [(competency(5).pk, "deepen", TEXT)]


def test_a_plan_is_closed_once(agreed):
    close(agreed)

    with pytest.raises(planning.OutOfState):
        close(agreed)

    assert (FinalCheck.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_no_other_review_closes_a_plan(agreed):
    first = agreed.reviews.get(is_final=False)
    first.held_on = timezone.localdate()

    with pytest.raises(planning.OutOfState):
        close(agreed, review=first)

    assert LearningPlan.objects.get(pk=agreed.pk).is_agreed


def test_a_draft_is_not_closed(participation):
    with pytest.raises(planning.OutOfState):
        close(plan_of(participation))

    assert FinalCheck.objects.count() == 0


def test_nothing_of_a_final_review_that_fails_half_way_is_kept(agreed):
    twice = [FollowUp(competency=competency(5), kind=kind) for kind in ("deepen", "theory")]

    with pytest.raises(IntegrityError):
        close(agreed, follow_ups=twice)

    assert LearningPlan.objects.get(pk=agreed.pk).is_agreed
    assert (FinalCheck.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_every_letter_is_asked_and_texts_are_free():
    form = FinalCheckForm({"smart-specific": "maybe"})

    assert sorted(form.errors) == sorted([*LETTERS, "confirmed"])
    assert FinalCheckForm(sent()).is_valid()


def test_nothing_closes_a_plan_without_a_word_that_it_ends():
    form = FinalCheckForm(sent(confirmed=""))

    assert form.errors == {"confirmed": ["Bitte bestätigen Sie, dass der Lernplan mit diesem Gespräch endet."]}


def test_goals_go_on_or_not(agreed):
    first, _, third = (goal.pk for goal in agreed.goals.all())
    form = follow_up_form(
        agreed, {f"weiter-kind-{first}": "theory", f"weiter-text-{first}": TEXT, f"weiter-kind-{third}": ""}
    )

    assert form.is_valid()
    assert [(one.competency_id, one.kind, one.text) for one in form.chosen] == [(competency(5).pk, "theory", TEXT)]


@pytest.mark.parametrize(
    ("field", "value", "wrong"), [("text", TEXT, "kind"), ("kind", "nochmal", "kind"), ("text", "x" * 301, "text")]
)
def test_what_is_wrong_about_a_follow_up_is_said_beside_it(agreed, field, value, wrong):
    goal = agreed.goals.first().pk

    form = follow_up_form(agreed, {f"weiter-{field}-{goal}": value})

    assert next(iter(form.errors)) == f"{wrong}-{goal}"


def test_both_forms_stand_in_one_with_what_was_entered(agreed):
    goal = agreed.goals.first().pk
    data = sent(remark=REMARK) | {f"weiter-text-{goal}": TEXT}
    check, follow_ups = FinalCheckForm(data), follow_up_form(agreed, data)

    html = render_to_string("learningplans/_final_check.html", {"check_form": check, "follow_up_form": follow_ups})

    assert (REMARK in html, TEXT in html, html.count("checked")) == (True, True, 5)
    assert "Bitte wählen Sie, wie es weitergeht, oder leeren Sie den Text." in html


@pytest.mark.parametrize("levels", [False, True])
def test_page_and_paper_show_the_two_alone_how_it_went_and_goes_on(client, cast, agreed, levels, monkeypatch):
    monkeypatch.setattr(
        "learningplans.on_paper.render_pdf", lambda name, context: render_to_string(name, context).encode()
    )
    type(agreed.participation.round).objects.update(shows_levels_to_hr=levels)
    close(agreed)

    def counted(who):
        client.force_login(who)
        pages = [
            client.get(agreed.get_absolute_url()).text,
            client.get(reverse("learningplans:pdf", args=[agreed.pk])).text,
        ]
        words = [REMARK, NOTE, TEXT, "Entwurf für den nächsten Lernplan"]
        return [page.count(word) for page in pages for word in words]

    assert (counted(cast.anna), counted(cast.bernd), counted(cast.paula)) == ([1] * 8, [1] * 8, [0] * 8)
