"""Where a round hides the Soll until the Selbsteinschätzung is released, nobody finds it in their role's profile before."""

import pytest
from django.urls import reverse

from assessments.models import Participation
from assessments.rounds.closing import close_round
from kompetenz.people.models import Person
from roles.models import RoleHolding, RoleProfile, copy_profile
from tests.clock import TODAY, in_days
from tests.conftest import Stage

ONLY_LATER = "Die Stufen sehen Sie"


def pages(client, profile):
    """What the three pages show of the profile's levels: its page, the drawing on it, its picture in the list."""
    page = client.get(reverse("roles:detail", args=[profile.pk])).text
    cards = client.get(reverse("roles:list")).text.split('<li class="card">')
    [card] = [card for card in cards if profile.get_absolute_url() in card]
    wheel = client.get(reverse("roles:wheel", args=[profile.pk])).status_code
    return "data-wheel" in page, "category-row" in page, ONLY_LATER in page, "<img" in card, ONLY_LATER in card, wheel


HIDDEN, SHOWN = (False, False, True, False, True, 404), (True, True, False, True, False, 200)


def test_until_the_release_the_own_role_shows_no_levels_and_then_it_does(as_, stage):
    client, profile = as_(stage.cast.anna), stage.participation.profile

    assert pages(client, profile) == HIDDEN
    assert pages(client, RoleProfile.objects.get(key="cio")) == SHOWN
    stage.release(stage.own)
    assert pages(client, profile) == SHOWN


@pytest.mark.parametrize("who", ["bernd", "clara", "paula", "audit", "fremd"])
def test_others_read_it_as_before(as_, stage, who):
    assert pages(as_(getattr(stage.cast, who)), stage.participation.profile) == SHOWN


def test_the_role_of_today_is_hidden_like_the_one_of_the_start(as_, stage):
    anna, new = stage.cast.anna, RoleProfile.objects.get(key="cio")
    RoleHolding.objects.filter(person=anna).update(profile=new)

    assert (pages(as_(anna), new), pages(as_(anna), stage.participation.profile)) == (HIDDEN, HIDDEN)


def test_a_role_to_come_is_hidden_like_that_of_today(as_, stage):
    anna, next_ = stage.cast.anna, RoleProfile.objects.get(key="cio")
    RoleHolding.objects.filter(person=anna).update(until=in_days(9))
    RoleHolding.objects.create(person=anna, profile=next_, since=in_days(10))

    before = pages(as_(anna), next_)
    stage.release(stage.own)

    assert (before, pages(as_(anna), next_)) == (HIDDEN, SHOWN)


def test_a_round_that_hides_nothing_or_has_ended_hides_nothing(as_, cast):
    stage = Stage(cast, hides_target=False)
    shown = pages(as_(cast.anna), stage.participation.profile)
    hiding = Stage(cast, title="Zweite")
    close_round(round_=hiding.round)

    assert (shown, pages(as_(cast.anna), stage.participation.profile)) == (SHOWN, SHOWN)


def test_nor_does_hr_find_her_own_by_changing_or_copying_it(as_, cast):
    own = copy_profile(profile=RoleProfile.objects.get(key="digitallotse"), name="Eigenes")
    RoleHolding.objects.create(person=cast.paula, profile=own, since=TODAY)
    cast.paula.manager = cast.clara
    cast.paula.save()
    Stage(cast)
    client = as_(cast.paula)

    answers = [client.get(reverse(f"roles:{name}", args=[own.pk])).status_code for name in ("edit", "copy", "detail")]

    assert answers == [404, 404, 200]
    assert pages(client, own) == HIDDEN


def readable(client, *profiles):
    return [client.get(reverse("roles:wheel", args=[profile.pk])).status_code for profile in profiles]


def test_what_was_copied_from_or_to_it_or_asks_the_same_is_hidden_as_well(as_, stage):
    lotse, other = RoleProfile.objects.get(key="digitallotse"), RoleProfile.objects.get(key="cio")
    copy = copy_profile(profile=lotse, name="Eigene Fassung")
    of_copy = copy_profile(profile=copy, name="Fassung der Fassung")
    copy.requirements.filter(level=1).update(level=2)
    twin = RoleProfile.objects.create(name="Dasselbe, neu geschrieben")
    for one in lotse.requirements.all():
        twin.requirements.create(competency=one.competency, level=one.level)
    client = as_(stage.cast.anna)

    hidden = readable(client, lotse, copy, of_copy, twin, other)
    Participation.objects.filter(pk=stage.participation.pk).update(profile=of_copy)
    RoleHolding.objects.update(profile=of_copy)
    the_other_way_round = readable(client, lotse, copy, of_copy, other)
    stage.release(stage.own)

    assert (hidden, the_other_way_round) == ([404, 404, 404, 404, 200], [404, 404, 404, 200])
    assert readable(client, lotse, copy, of_copy, twin, other) == [200] * 5


def test_hr_is_told_no_level_of_her_own_profile_by_a_save(as_, stage):
    lotse = RoleProfile.objects.get(key="digitallotse")
    own = copy_profile(profile=lotse, name="Eigene Fassung")
    Participation.objects.filter(pk=stage.participation.pk).update(profile=own)
    Person.objects.filter(pk=stage.cast.anna.pk).update(is_hr=True)
    competency = stage.competencies[0].id
    address = reverse("roles:require", args=[own.pk, competency])

    answer = as_(stage.cast.anna).post(address, {f"{competency}-read": "x"}, headers={"HX-Request": "true"})

    assert answer.status_code == 404
