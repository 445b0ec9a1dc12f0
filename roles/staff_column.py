"""The column of a staff list that says which role somebody holds."""

from django.utils import timezone

from kompetenz import hooks
from kompetenz.people.names import fold
from kompetenz.people.staff.columns import FurtherColumn, ListColumn
from kompetenz.people.staff.previews import written_out
from kompetenz.refusals import Refused

from .holding import assign_role_to_all, take_back_role
from .models import RoleHolding, RoleProfile

ROLE = ListColumn(
    key="role",
    title="Rollenprofil",
    aliases="Funktion/Rolle Rolle/Funktion Rolle Funktion",
    explanation="Der Name eines Rollenprofils. Es gilt vom Tag der Übernahme an. Leer: Die Rolle bleibt, wie sie ist.",
    examples=("", ""),
)


class RoleColumn:
    """Which profiles there are and who holds which today, read in two queries."""

    def __init__(self):
        self.profiles = list(RoleProfile.objects.only("pk", "key", "name", "retired_at"))
        usable = [profile for profile in self.profiles if profile.retired_at is None]
        self.names = ", ".join(sorted(profile.name for profile in usable))
        self.by_text = {}
        for profile in usable:
            for text in {fold(profile.name), fold(profile.key or profile.name)}:
                self.by_text.setdefault(text, []).append(profile)
        self.held = self.held_by(RoleHolding.objects.current())

    def held_by(self, holdings):
        by_pk = {profile.pk: profile for profile in self.profiles}
        return {person: by_pk.get(profile) for person, profile in holdings.values_list("person", "profile")}

    def now(self, people):
        return self.held_by(RoleHolding.objects.current().filter(person__in=people))

    def read(self, text):
        """The profile that ``text`` names, by name or key; raises Refused if there is none, or more than one."""
        found = self.by_text.get(fold(text), [])
        if len(found) > 1:
            raise Refused(f"Das Rollenprofil „{text}“ gibt es mehrmals. Bitte benennen Sie eines um.")
        if not found:
            there = f"Es gibt: {self.names}." if self.names else "Es gibt noch keines."
            raise Refused(f"Das Rollenprofil „{text}“ gibt es nicht. {there}")
        return found[0]

    def take_over(self, given):
        """Give each profile to its people from today on."""
        today = timezone.localdate()
        for profile, people in given.items():
            assign_role_to_all(people=people, profile=profile, since=today)


def take_roles_back(had, day):
    """Give people the role again that they had before ``day``, on which a list gave them another; what they have got since stays."""
    given = RoleHolding.objects.filter(person__in=had, since=day, until=None)
    for holding in given.select_related("person"):
        take_back_role(holding=holding)
    names = {profile.name: profile for profile in RoleProfile.objects.all()}
    held = set(RoleHolding.objects.current().filter(person__in=had).values_list("person", flat=True))
    again = {}
    for person, name in had.items():
        if name in names and person.pk not in held:
            again.setdefault(names[name], []).append(person)
    for profile, people in again.items():
        assign_role_to_all(people=people, profile=profile, since=day)


def names_of_roles():
    return list(RoleProfile.objects.usable().order_by("name").values_list("name", flat=True))


def state_of_roles():
    holdings = written_out(RoleHolding.objects.all(), "id", "person_id", "profile_id", "since", "until")
    return written_out(RoleProfile.objects.all(), "id", "key", "name", "retired_at") + holdings


@hooks.register("staff_columns")
def role_column():
    return FurtherColumn(ROLE, RoleColumn, state_of_roles, take_roles_back, names_of_roles, "roles.RoleHolding")
