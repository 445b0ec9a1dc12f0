"""A round in which many have an agreed Ist, written as rows: what led to it is tested elsewhere."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.models import Acknowledgement, AgreedLevel, Participation, Round, Talk, Target
from kompetenz.people.models import Person, Unit
from roles.models import RoleProfile
from tests.clock import TODAY, in_days


def unit(number, name="Amt", parent=None):
    return Unit.objects.create(number=number, name=name, parent=parent)


def role(name):
    return RoleProfile.objects.create(name=name, key=name.lower())


def agree(round_, number, *, unit, profile, levels=(1,), target=2, declined=False, manager=None):
    """``number`` more people of this unit and role whose talks are answered; they have these ``levels`` in turn, in everything."""
    known, nobody = Person.objects.count(), make_password(None)
    people = Person.objects.bulk_create(
        Person(
            first_name=f"P{known + at:04}", last_name="Viele", sort_key=f"viele, p{known + at:04}", unit=unit, password=nobody,
            manager=manager,
        )
        for at in range(number)
    )  # fmt: skip
    due = {"self_due": in_days(14), "manager_due": in_days(14), "talk_due": in_days(42)}
    participations = Participation.objects.bulk_create(
        Participation(
            round=round_, person=one, profile=profile, person_name=str(one), sort_key=one.sort_key, role_name=profile.name,
            unit=unit, unit_name=str(unit or ""), manager_name="-", self_state=3, manager_state=3, talk_state=3, **due,
        )
        for one in people
    )  # fmt: skip
    now = timezone.now()
    talks = Talk.objects.bulk_create(Talk(participation=one, held_on=TODAY, recorded_at=now) for one in participations)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(talk=one, side="person", declined=declined, statement="Nein." if declined else "")
        for one in talks
    )
    competencies = [one.id for one in round_.catalogue.competencies]
    AgreedLevel.objects.bulk_create(
        AgreedLevel(talk=talk, competency_id=competency, level=levels[at % len(levels)])
        for at, talk in enumerate(talks)
        for competency in competencies
    )
    Target.objects.bulk_create(
        Target(participation=one, competency_id=competency, profile_level=target, level=target, necessity="required")
        for one in participations
        for competency in competencies
    )
    return participations


def end(round_):
    Round.objects.filter(pk=round_.pk).update(state=Round.State.CLOSED, closed_at=timezone.now())
