"""A Soll that has changed since the start: found, decided, recorded, shown; and never told before it may be seen."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.changes import concerned, deciding, target_changes
from assessments.changes.adjusting import adjust_targets
from assessments.changes.concerned import with_changed_profile, with_other_role
from assessments.changes.deciding import decide
from assessments.changes.target_changes import pending_changes, summary
from assessments.models import Participation, Target, TargetChange
from assessments.rounds.closing import close_round
from kompetenz.catalogue.models import Competency
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Person, RightChange
from kompetenz.privacy.access_log.models import Access
from roles.holding import assign_role, end_role
from roles.models import Requirement, RoleHolding, RoleProfile, copy_profile
from tests.assessments.rounds.test_opening import many
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY, in_days
from tests.conftest import Stage, person

ADJUSTED = "Hier zählt es besonders."


@pytest.fixture
def lotse(cast):
    """The profile anna and dora hold, asking Könner everywhere."""
    profile = RoleProfile.objects.get(key="digitallotse")
    profile.requirements.update(level=2, necessity="required")
    return profile


@pytest.fixture
def stage(lotse, stage):
    """As everywhere, but opened after the profile asks Könner everywhere."""
    return stage


@pytest.fixture
def other(lotse):
    """Another role that asks Könner, too, except Experte of the first and nothing of the last."""
    profile = copy_profile(profile=lotse, name="Andere Rolle")
    competencies = list(profile.requirements.values_list("competency", flat=True))
    profile.requirements.filter(competency=competencies[0]).update(level=3)
    profile.requirements.filter(competency=competencies[-1]).delete()
    return profile


def ask(profile, competency, level):
    """Change what the profile asks; None: it asks nothing any more."""
    rows = Requirement.objects.filter(profile=profile, competency=competency.id)
    if level is None:
        rows.delete()
    elif not rows.update(level=level):
        Requirement.objects.create(profile=profile, competency_id=competency.id, level=level)


def names(rows):
    return [row.person.first_name for row in rows.select_related("person")]


def found(round_):
    """Whose profile has changed, and who has another role."""
    return names(with_changed_profile(round_)), names(with_other_role(round_))


def told(pending):
    """What is pending, as {first name: [(number, old, new)]}."""
    return {
        one.participation.person.first_name: [(c.competency.number, c.old, c.new) for c in one.changes]
        for one in pending.values()
    }


def everybody(stage):
    return list(Participation.objects.filter(round=stage.round).select_related("round", "person"))


def pending(stage):
    return told(pending_changes(everybody(stage)))


def soll(stage, competency):
    target = Target.objects.filter(participation=stage.participation, competency=competency.id).first()
    return target and (target.profile_level, target.level, target.reason, target.necessity)


def record(stage):
    rows = TargetChange.objects.filter(participation=stage.participation).order_by("pk")
    return [(one.competency_id, one.old_level, one.new_level, one.taken_over) for one in rows]


def for_anna(stage, *, take_over=True, **options):
    return decide(participations=[stage.participation], take_over=take_over, by=stage.cast.paula, **options)


# What is found ------------------------------------------------------------------------------------


def test_at_the_start_nothing_is_pending(stage):
    assert found(stage.round) == ([], [])
    assert pending(stage) == {}


def test_a_changed_level_is_found_for_everybody_with_the_profile(stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, 3)
    ask(lotse, second, 0)

    assert found(stage.round) == (["Anna", "Dora"], [])
    assert pending(stage) == {"Anna": [(1, 2, 3), (2, 2, 0)], "Dora": [(1, 2, 3), (2, 2, 0)]}


def test_a_competency_no_longer_asked_and_one_asked_anew(stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, None)
    Target.objects.filter(participation=stage.participation, competency=second.id).delete()

    assert found(stage.round) == (["Anna", "Dora"], [])
    assert pending(stage) == {"Anna": [(1, 2, None), (2, None, 2)], "Dora": [(1, 2, None)]}


def test_a_level_the_manager_has_adjusted_is_no_change(stage):
    adjust(stage, stage.competencies[0], 3)

    assert pending(stage) == {}


def test_another_role_is_found_with_all_that_differs(stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)

    assert found(stage.round) == ([], ["Anna"])
    assert pending(stage) == {"Anna": [(1, 2, 3), (COMPETENCIES, 2, None)]}


def test_another_role_that_asks_the_same_is_pending_too(stage, lotse):
    same = copy_profile(profile=lotse, name="Dasselbe unter anderem Namen")
    assign_role(person=stage.cast.anna, profile=same, since=TODAY)

    assert found(stage.round) == ([], ["Anna"])
    assert pending(stage) == {"Anna": []}


def test_a_role_to_come_counts_from_its_first_day(stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY + timedelta(days=1))

    assert found(stage.round) == ([], [])


def test_who_has_no_role_any_more_is_compared_with_the_one_of_the_round(stage, lotse):
    end_role(person=stage.cast.anna, until=TODAY)
    lotse.holdings.update(since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
    ask(lotse, stage.competencies[0], 3)

    assert found(stage.round) == (["Anna", "Dora"], [])


def test_who_has_left_is_not_decided_on(stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    Person.objects.filter(pk=stage.cast.dora.pk).update(is_active=False)

    assert found(stage.round) == (["Anna"], [])


def test_a_competency_the_round_does_not_know_is_left_out(stage, lotse):
    known = Competency.objects.first()
    new = Competency.objects.create(
        key="neu", order=99, category=known.category, name="Neu", wheel_label="Neu", description="Neu."
    )
    Requirement.objects.create(profile=lotse, competency=new, level=3)

    assert found(stage.round) == ([], [])
    assert pending(stage) == {}


# Deciding -----------------------------------------------------------------------------------------


def adjust(stage, competency, level):
    adjust_targets(participation=stage.participation, changes={competency.id: (level, ADJUSTED)}, by=stage.cast.bernd)


def test_taking_over_renews_the_soll_and_is_recorded(stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, 3)
    Requirement.objects.filter(profile=lotse, competency=first.id).update(necessity="desirable")

    for_anna(stage)

    assert soll(stage, first) == (3, 3, "", "desirable")
    assert soll(stage, second) == (2, 2, "", "required")
    assert record(stage) == [(first.id, 2, 3, True)]
    one = TargetChange.objects.get()
    assert (one.by, one.on, one.profile) == (stage.cast.paula, TODAY, lotse)
    assert pending(stage) == {"Dora": [(1, 2, 3)]}


def test_declining_keeps_the_soll_and_is_recorded(stage, lotse):
    first = stage.competencies[0]
    ask(lotse, first, 3)

    for_anna(stage, take_over=False)

    assert soll(stage, first) == (2, 2, "", "required")
    assert record(stage) == [(first.id, 2, 3, False)]
    assert found(stage.round) == (["Dora"], [])
    assert pending(stage) == {"Dora": [(1, 2, 3)]}


def test_what_was_declined_is_asked_again_once_the_profile_changes_again(stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, 3)
    for_anna(stage, take_over=False)

    ask(lotse, second, 1)
    only_new = pending(stage)["Anna"]
    ask(lotse, first, 1)
    both = pending(stage)["Anna"]
    ask(lotse, first, 3)
    declined_again = pending(stage)["Anna"]

    assert (only_new, both, declined_again) == ([(2, 2, 1)], [(1, 2, 1), (2, 2, 1)], [(2, 2, 1)])
    assert found(stage.round)[0] == ["Anna", "Dora"]


def test_a_decline_counts_only_as_long_as_it_is_the_last_decision(stage, lotse):
    first = stage.competencies[0]
    ask(lotse, first, 3)
    for_anna(stage, take_over=False)
    ask(lotse, first, 1)
    for_anna(stage)

    ask(lotse, first, 3)

    assert found(stage.round)[0] == ["Anna", "Dora"]
    assert pending(stage)["Anna"] == [(1, 1, 3)]


def test_what_goes_back_by_itself_is_not_pending(stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    ask(lotse, stage.competencies[0], 2)

    assert found(stage.round) == ([], [])


@pytest.mark.parametrize(
    ("mine", "new", "expected"),
    [
        (3, 1, (1, 3, ADJUSTED, "required")),  # the manager's level and reason hold
        (3, 3, (3, 3, "", "required")),  # the profile has caught up: nothing is adjusted any more
        (1, 3, (3, 1, ADJUSTED, "required")),
    ],
)
def test_an_adjusted_level_holds_unless_the_profile_asks_the_same(stage, lotse, mine, new, expected):
    first = stage.competencies[0]
    adjust(stage, first, mine)
    ask(lotse, first, new)

    for_anna(stage)

    target = Target.objects.get(participation=stage.participation, competency=first.id)
    assert soll(stage, first) == expected
    assert bool(target.adjusted_on) == bool(expected[2])
    assert record(stage) == [(first.id, 2, new, True)]


def test_competencies_asked_anew_and_no_more(stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, None)
    Target.objects.filter(participation=stage.participation, competency=second.id).delete()

    for_anna(stage)

    assert (soll(stage, first), soll(stage, second)) == (None, (2, 2, "", "required"))
    assert record(stage) == [(first.id, 2, None, True), (second.id, None, 2, True)]
    assert pending(stage) == {"Dora": [(1, 2, None)]}


def test_taking_over_another_role_changes_role_and_soll(stage, other):
    Requirement.objects.filter(profile=other, competency=stage.competencies[1].id).update(necessity="desirable")
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)

    for_anna(stage)

    now = Participation.objects.get(pk=stage.participation.pk)
    assert (now.profile, now.role_name) == (other, "Andere Rolle")
    assert soll(stage, stage.competencies[0]) == (3, 3, "", "required")
    assert soll(stage, stage.competencies[1]) == (2, 2, "", "desirable")
    assert soll(stage, stage.competencies[-1]) is None
    assert len(record(stage)) == COMPETENCIES
    assert [row for row in record(stage) if row[1] != row[2]] == [
        (stage.competencies[0].id, 2, 3, True),
        (stage.competencies[-1].id, 2, None, True),
    ]
    assert found(stage.round) == ([], [])


def test_the_tasks_of_the_role_come_with_its_levels_and_not_before(stage, lotse):
    at_the_start = stage.participation.task_list
    RoleProfile.objects.filter(pk=lotse.pk).update(tasks="Neue Aufgabe\nNoch eine")
    ask(lotse, stage.competencies[0], 3)

    for_anna(stage, take_over=False)
    assert Participation.objects.get(pk=stage.participation.pk).task_list == at_the_start

    ask(lotse, stage.competencies[0], 1)
    for_anna(stage)
    assert Participation.objects.get(pk=stage.participation.pk).task_list == ["Neue Aufgabe", "Noch eine"]
    assert stage.round.participations.get(person=stage.cast.dora).task_list == at_the_start


@pytest.mark.parametrize("same", [False, True])
def test_another_role_is_declined_once_even_if_it_asks_the_same(stage, lotse, other, same):
    profile = copy_profile(profile=lotse, name="Dasselbe") if same else other
    assign_role(person=stage.cast.anna, profile=profile, since=TODAY)

    for_anna(stage, take_over=False)

    now = Participation.objects.get(pk=stage.participation.pk)
    assert (now.profile, now.role_name) == (lotse, lotse.name)
    assert found(stage.round) == ([], [])
    assert pending(stage) == {}


def test_a_declined_role_that_changes_is_asked_for_whole(stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)
    for_anna(stage, take_over=False)

    ask(other, stage.competencies[5], 1)

    assert found(stage.round) == ([], ["Anna"])
    assert pending(stage) == {"Anna": [(1, 2, 3), (6, 2, 1), (COMPETENCIES, 2, None)]}


def test_two_roles_and_two_profiles_are_decided_at_once(stage, lotse, other):
    ask(lotse, stage.competencies[3], 1)
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)

    done = decide(participations=everybody(stage), take_over=True, by=stage.cast.paula)

    assert len(done) == 2
    of_dora = Participation.objects.get(round=stage.round, person=stage.cast.dora)
    levels = dict(of_dora.targets.values_list("competency", "level"))
    assert [number for number, c in enumerate(stage.competencies) if levels[c.id] != 2] == [3]
    assert soll(stage, stage.competencies[3]) == (2, 2, "", "required")  # the copy asks what the profile asked before
    assert pending(stage) == {}


# When it is too late, or somebody was faster -----------------------------------------------------


@pytest.mark.parametrize(("step", "possible"), [("talk", True), ("record", False)])
def test_decided_until_the_talk_is_recorded(stage, lotse, step, possible):
    stage.release_both()
    getattr(stage, step)()
    ask(lotse, stage.competencies[0], 3)

    done = for_anna(stage)

    assert (bool(done), bool(record(stage))) == (possible, possible)
    assert soll(stage, stage.competencies[0])[1] == (3 if possible else 2)


def test_nothing_is_decided_in_a_closed_round(stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    close_round(round_=stage.round)

    assert (for_anna(stage), record(stage)) == ([], [])


def test_a_second_time_changes_nothing(stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    for_anna(stage)

    assert for_anna(stage) == []
    assert for_anna(stage, take_over=False) == []
    assert len(record(stage)) == 1


def test_what_was_not_looked_at_is_not_decided(stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    seen = {pk: one.stamp for pk, one in pending_changes(everybody(stage)).items()}
    ask(lotse, stage.competencies[0], 1)

    assert for_anna(stage, read=seen) == []
    assert for_anna(stage, read={}) == []
    assert record(stage) == []


def test_what_many_share_is_summed_up(stage, lotse):
    ask(lotse, stage.competencies[1], 0)
    ask(lotse, stage.competencies[0], 3)
    Target.objects.filter(participation=stage.participation, competency=stage.competencies[0].id).delete()

    rows = summary(pending_changes(everybody(stage)).values())

    assert [(c.competency.number, c.old_name, c.new_name, n) for c, n in rows] == [
        (1, "nicht verlangt", "Experte", 1),
        (1, "Könner", "Experte", 1),
        (2, "Könner", "keine", 2),
    ]


# On the page of the participation -----------------------------------------------------------------


def words(response):
    """What a page says, without markup."""
    return " ".join(re.sub("<[^>]+>", " ", response.text).split())


def page_of(client, stage):
    return words(client.get(stage.participation.get_absolute_url()))


def test_the_manager_reads_what_is_pending_and_then_how_it_was_decided(as_, stage, lotse):
    first, second = stage.competencies[:2]
    ask(lotse, first, 3)
    ask(lotse, second, 1)
    client = as_(stage.cast.bernd)
    before = page_of(client, stage)
    for_anna(stage)

    after = page_of(client, stage)

    assert "Soll geändert seit Start: 2 Kompetenzen" in before
    assert f"1 {first.name}: Könner → Experte 2 {second.name}: Könner → Kenner" in before
    assert "Soll geändert seit Start: 2 Kompetenzen" in after
    assert "übernommen" in after
    assert "Die Personalentwicklung entscheidet" not in after


@pytest.mark.parametrize("decision", [None, True, False])
def test_the_person_reads_nothing_of_it_while_the_soll_is_hidden_from_them(as_, stage, lotse, decision):
    ask(lotse, stage.competencies[0], 3)
    if decision is not None:
        for_anna(stage, take_over=decision)
    hidden = page_of(as_(stage.cast.anna), stage)
    stage.release(stage.own)

    seen = page_of(as_(stage.cast.anna), stage)

    assert "Soll geändert" not in hidden
    assert "Könner → Experte" not in hidden
    assert "Soll geändert seit Start: 1 Kompetenz" in seen
    assert {None: "Die Personalentwicklung entscheidet", True: "übernommen", False: "abgelehnt"}[decision] in seen


def test_the_person_reads_it_at_once_where_the_soll_is_not_hidden(as_, cast, lotse):
    stage = Stage(cast, hides_target=False)
    ask(lotse, stage.competencies[0], 3)

    assert "Soll geändert seit Start: 1 Kompetenz" in page_of(as_(cast.anna), stage)


def test_another_role_is_named_on_the_page(as_, stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)

    assert "Die Rolle ist heute Andere Rolle." in page_of(as_(stage.cast.bernd), stage)


def test_competencies_that_stay_the_same_are_not_listed(as_, stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)
    for_anna(stage)

    assert "Soll geändert seit Start: 2 Kompetenzen" in page_of(as_(stage.cast.bernd), stage)


@pytest.mark.parametrize("too_late", ["recorded", "closed"])
def test_nothing_is_said_to_be_pending_when_it_is_too_late(as_, stage, lotse, too_late):
    stage.release_both().record()
    if too_late == "closed":
        close_round(round_=stage.round)
    ask(lotse, stage.competencies[0], 3)

    assert "Soll geändert" not in page_of(as_(stage.cast.bernd), stage)


# HR's page ----------------------------------------------------------------------------------------


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def shown(client, stage, **query):
    return client.get(reverse("assessments:round_changes", args=[stage.round.pk], query={"art": "profil", **query}))


def post(client, stage, **sent):
    address = reverse("assessments:round_decide", args=[stage.round.pk])
    return client.post(address, {"art": "profil", "entscheidung": "uebernehmen", **sent}, follow=True).text


def marks(response):
    return [f"{one.participation.pk}-{one.stamp}" for one, is_late in response.context["pending"] if not is_late]


def test_hr_sees_old_and_new_levels_before_they_decide(hr, stage, lotse):
    ask(lotse, stage.competencies[0], 3)

    page = shown(hr, stage)

    assert "Rollenprofil geändert (2)" in words(page)
    assert (
        f"Anna Ärmel 0003 · 10.1 Digitalisierung {lotse.name} 1 Kompetenz 1 {stage.competencies[0].name}: Könner → Experte"
        in words(page)
    )
    assert len(marks(page)) == 2


@pytest.mark.parametrize(
    ("answer", "told"), [("uebernehmen", "das geänderte Soll übernommen"), ("ablehnen", "die Änderung abgelehnt")]
)
def test_hr_decides_for_whom_they_choose(hr, stage, lotse, answer, told):
    ask(lotse, stage.competencies[0], 3)

    page = post(hr, stage, entscheidung=answer, auswahl=marks(shown(hr, stage))[:1])

    assert f"Für 1 Person {told}" in page
    assert record(stage) == [(stage.competencies[0].id, 2, 3, answer == "uebernehmen")]
    assert TargetChange.objects.count() == 1


@pytest.mark.parametrize("answer", ["uebernehmen", "ablehnen"])
def test_whose_soll_hr_has_decided_on_finds_it_in_their_access_log(hr, stage, lotse, answer):
    ask(lotse, stage.competencies[0], 3)

    post(hr, stage, art="profil", entscheidung=answer, auswahl=marks(shown(hr, stage, art="profil"))[:1])

    noted = Access.objects.filter(how="changed").values_list("about", "reader", "what", "role", "round_id")
    assert list(noted) == [(stage.cast.anna.pk, stage.cast.paula.pk, "targets", "hr", stage.round.pk)]


def test_hr_decides_on_another_role(hr, stage, other):
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)

    page = shown(hr, stage, art="rolle")
    post(hr, stage, art="rolle", auswahl=marks(page))

    assert "heute: Andere Rolle" in page.text
    assert Participation.objects.get(pk=stage.participation.pk).profile == other


@pytest.mark.parametrize(("rated", "told"), [(True, ["anna", "bernd"]), (False, [])])
def test_both_are_told_when_another_soll_comes_after_they_have_rated(cast, stage, lotse, rated, told):
    if rated:
        stage.release_both()
    Letter.objects.all().delete()
    ask(lotse, stage.competencies[0], 3)

    for_anna(stage._again())

    letters = Letter.objects.order_by("person__first_name")
    assert [one.person for one in letters] == [getattr(cast, name) for name in told]
    assert [obstacle_to(one) for one in letters] == [""] * len(told)


@pytest.mark.parametrize(("hides", "told"), [(True, ["bernd"]), (False, ["anna", "bernd"])])
def test_nobody_is_told_of_a_soll_that_their_page_still_hides(cast, lotse, hides, told):
    stage = Stage(cast, hides_target=hides)
    stage.release(stage.manager)
    Letter.objects.all().delete()
    ask(lotse, stage.competencies[0], 3)

    for_anna(stage._again())

    assert [one.person for one in Letter.objects.order_by("person__first_name")] == [getattr(cast, one) for one in told]


def test_for_all_with_one_profile_at_once(hr, cast, lotse, run_jobs):
    many(cast, 60)
    stage = Stage(cast)
    ask(lotse, stage.competencies[0], 3)
    page = shown(hr, stage)

    post(hr, stage, profil=lotse.pk, alle=page.context["all_read"])
    run_jobs()
    done = hr.get(Job.objects.get().get_absolute_url()).text

    assert "Für alle 62 übernehmen" in page.text
    assert "Für 62 Personen das geänderte Soll übernommen." in done
    assert Target.objects.filter(level=3).count() == 62


def test_not_for_all_if_the_profile_has_changed_since(hr, stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    seen = shown(hr, stage).context["all_read"]
    ask(lotse, stage.competencies[0], 1)

    page = post(hr, stage, profil=lotse.pk, alle=seen)

    assert "Inzwischen hat sich etwas geändert." in page
    assert TargetChange.objects.count() == 0


def test_not_for_all_if_the_profile_changes_while_it_is_being_decided(hr, stage, lotse, monkeypatch):
    ask(lotse, stage.competencies[0], 3)
    seen = shown(hr, stage).context["all_read"]

    def meanwhile(**arguments):
        ask(lotse, stage.competencies[0], 1)
        return decide(**arguments)

    monkeypatch.setattr(deciding, "decide", meanwhile)
    page = post(hr, stage, profil=lotse.pk, alle=seen)

    assert "2 nicht entschieden" in page
    assert TargetChange.objects.count() == 0


def test_sent_again_from_another_tab_it_is_decided_once(hr, stage, lotse):
    ask(lotse, stage.competencies[0], 3)
    page = shown(hr, stage)
    one, every = marks(page), page.context["all_read"]

    post(hr, stage, auswahl=one)
    again = post(hr, stage, entscheidung="ablehnen", auswahl=one)
    all_again = post(hr, stage, entscheidung="ablehnen", profil=lotse.pk, alle=every)

    assert "2 nicht entschieden" in again
    assert "Inzwischen hat sich etwas geändert." in all_again
    assert [row[3] for row in record(stage)] == [True]


def test_several_profiles_are_decided_apart(hr, stage, lotse, other):
    Participation.objects.filter(pk=stage.participation.pk).update(profile=other)
    assign_role(person=stage.cast.anna, profile=other, since=TODAY)
    ask(lotse, stage.competencies[3], 0)

    everybody_ = shown(hr, stage)
    lotses = shown(hr, stage, profil=lotse.pk)

    assert "all_read" not in everybody_.context
    assert [len(marks(page)) for page in (everybody_, lotses)] == [2, 1]
    assert ("Für alle" in lotses.text, ">Übernehmen<" in lotses.text, ">Ablehnen<" in lotses.text) == (
        False,
        True,
        True,
    )


def test_those_whose_result_stands_are_listed_and_cannot_be_chosen(hr, stage, lotse):
    stage.release_both().record()
    ask(lotse, stage.competencies[0], 3)
    page = shown(hr, stage)
    (dora,) = marks(page)
    late = target_changes.pending_changes([stage.participation])[stage.participation.pk]

    answered = post(hr, stage, auswahl=[dora, f"{stage.participation.pk}-{late.stamp}"])

    assert "zu spät" in page.text
    assert "Für 1 Person ist es zu spät" in page.text
    assert "1 nicht entschieden" in answered
    assert record(stage) == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"auswahl": ""},
        {"auswahl": "x-y"},
        {"auswahl": "1-"},
        {"auswahl": "9999999999999999999999-x"},
        {"entscheidung": "vielleicht"},
        {"art": "unsinn"},
        {"art": ""},
        {"alle": ""},
        {"alle": "x", "profil": "x"},
    ],
)
def test_nonsense_decides_nothing(hr, stage, lotse, sent):
    ask(lotse, stage.competencies[0], 3)

    post(hr, stage, **sent)

    assert TargetChange.objects.count() == 0


def test_of_another_round_nobody_is_decided_on(hr, cast, lotse):
    one, stage = Stage(cast), Stage(cast, title="Andere Runde")
    ask(lotse, stage.competencies[0], 3)

    post(hr, one, auswahl=marks(shown(hr, stage)))

    assert TargetChange.objects.count() == 0


def test_whose_role_was_never_noted_in_short_is_looked_at(stage, lotse):
    Participation.objects.update(role_asked="")
    unchanged = found(stage.round)
    ask(lotse, stage.competencies[0], 3)

    assert (unchanged, found(stage.round)) == (([], []), (["Anna", "Dora"], []))


def test_what_was_declined_is_found_again_once_the_role_asks_something_else(stage, lotse):
    first = stage.competencies[0]
    ask(lotse, first, 3)
    decide(participations=everybody(stage), take_over=False, by=stage.cast.paula)
    declined = found(stage.round)
    ask(lotse, first, 1)

    assert (declined, found(stage.round)) == (([], []), (["Anna", "Dora"], []))


@pytest.mark.parametrize("more", [0, 45])
@pytest.mark.parametrize("word", ["profil", "rolle"])
def test_changes_query_count(hr, cast, lotse, other, more, word, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)
    ask(lotse, stage.competencies[0], 3)
    if word == "rolle":
        for someone in Person.objects.filter(manager=cast.bernd):
            assign_role(person=someone, profile=other, since=TODAY)
    shown(hr, stage, art=word)

    # session, user, round, what is hidden; four counts, what the profiles ask, whether that is known of all, other profiles, whether
    # anybody has another role, other roles;
    # profiles; the page's participations, their present roles, these profiles, requirements, targets, decisions; the same six
    # for all with this profile
    with django_assert_num_queries(25 + (word == "rolle")):
        page = shown(hr, stage, art=word)

    assert len(marks(page)) == 2 + more


@pytest.mark.parametrize("more", [0, 45])
def test_deciding_costs_the_same_for_two_and_for_many(cast, lotse, more, django_assert_num_queries):
    many(cast, more)
    stage = Stage(cast)
    ask(lotse, stage.competencies[0], 3)
    rows = everybody(stage)

    # savepoint and release; rounds, locks, present roles, profiles, requirements, targets, decisions; the record; the adjusted, the others; the role;
    # what it asks; whose Soll it was, for the access log
    with django_assert_num_queries(15):
        done = decide(participations=rows, take_over=True, by=cast.paula)

    assert len(done) == 2 + more


# HR who takes part ---------------------------------------------------------------------------------


def test_hr_decides_nothing_about_herself_nor_reads_what_is_hidden_from_her(as_, cast, lotse):
    RoleHolding.objects.create(person=cast.paula, profile=lotse, since=TODAY)
    Person.objects.filter(pk=cast.paula.pk).update(manager=cast.clara)
    stage = Stage(cast)
    own = Participation.objects.get(round=stage.round, person=cast.paula)
    ask(lotse, stage.competencies[0], 3)
    petra = person("Petra", "Personal", is_hr=True)
    page = reverse("assessments:round_changes", args=[stage.round.pk]) + "?art=profil"

    hers, anothers = (as_(who).get(page).context for who in (cast.paula, petra))
    refused = decide(participations=[own], take_over=True, by=cast.paula)
    stage.release(own.assessments.get(kind="self"))
    released = as_(cast.paula).get(page)

    assert ([one.count for one in hers["sections"]], hers["pending"]) == ([0, 0, 0, 0, 0, 0], [])
    assert len(anothers["pending"]) == 3
    assert refused == []
    assert [one.participation.person_id == cast.paula.pk for one, _ in released.context["pending"]] == [False, False]
    assert len(decide(participations=[own], take_over=True, by=petra)) == 1


def test_whoever_is_new_in_hr_decides_on_no_soll_of_a_colleague_there(as_, cast, lotse, clock):
    """Whoever gives the right may be who uses it: HR would decide on her own Soll by a second account."""
    RoleHolding.objects.create(person=cast.paula, profile=lotse, since=TODAY)
    Person.objects.filter(pk=cast.paula.pk).update(manager=cast.clara)
    stage = Stage(cast)
    own = Participation.objects.get(round=stage.round, person=cast.paula)
    ask(lotse, stage.competencies[0], 3)
    petra = person("Petra", "Personal", is_hr=True)
    RightChange.objects.bulk_create(
        [RightChange(person=petra, right="is_hr", given=True, through="page", on=in_days(-29))]
    )
    page = as_(petra).get(reverse("assessments:round_changes", args=[stage.round.pk]) + "?art=profil")

    assert "Wer seit weniger als 30 Tagen in der Personalentwicklung ist" in " ".join(page.text.split())
    assert {one.participation.person_name for one, _ in page.context["pending"]} == {"Anna Ärmel", "Dora Özgür"}
    assert decide(participations=[own], take_over=True, by=petra) == []
    assert len(decide(participations=everybody(stage), take_over=True, by=petra)) == 2
    clock.shift(timedelta(days=1))
    assert len(decide(participations=[own], take_over=True, by=petra)) == 1


def test_what_is_read_of_roles_for_the_start_page_does_not_grow_with_the_rounds(cast, lotse):
    rounds = [Stage(cast, title=f"Runde {number}").round.pk for number in range(3)]
    copy_profile(profile=lotse, name="Hat niemand")

    frozen = [list(concerned.asked_when_frozen(keys)) for keys in (rounds[:1], rounds)]

    assert (frozen[0], len(frozen[0])) == (frozen[1], 1)
    assert [pk for pk, _ in concerned.asked_today([lotse.pk])] == [lotse.pk]


def test_of_several_rounds_only_those_in_which_the_role_asked_otherwise_wait(cast, lotse):
    old = Stage(cast, title="Vorher")
    ask(lotse, old.competencies[0], 3)
    new = Stage(cast, title="Nachher")

    told = list(concerned.targets_to_decide(cast.paula, [old.round, new.round]))

    assert told == [("profil", old.round.pk, 2)]
