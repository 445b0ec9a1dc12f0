"""Nobody lets themselves in: nobody makes themselves anybody's manager, deputy or HR.

Every write that decides who reads whom asks here, as the one who writes it (``by``). None is the command line, whose users
reach the database anyway. Where somebody of HR is in fact a person's manager, another one of HR enters it, or
`manage.py set_manager` does; the person is told of it (notices.py).
"""

from django.utils import timezone
from django.utils.functional import cached_property

from .models import Deputy
from .models.right_changes import NEW, RightChange
from .rights import PersonRight

MANAGER = (
    "Sich selbst kann niemand als Führungskraft eintragen. Bitten Sie eine andere Person der Personalentwicklung darum "
    "oder die technische Verwaltung."
)
AS_DEPUTY = (
    "Sie vertreten {manager} auch für {person} und bekämen damit selbst Einblick. Bitten Sie eine andere Person der "
    "Personalentwicklung darum oder die technische Verwaltung."
)
DEPUTY = "Sich selbst kann niemand eintragen. Bitte lassen Sie das eine andere Person tun."
DEPUTY_OF_HR = (
    "{} arbeitet in der Personalentwicklung und bekäme damit Einblick, den sie sonst nicht hat. Das kann nur {} selbst "
    "eintragen, auf der Seite „Team“."
)
RIGHT = "Dieses Recht kann sich niemand selbst geben. Bitte lassen Sie das eine andere Person tun."
NUMBER = (
    "Ihre eigene Personalnummer trägt eine andere Person der Personalentwicklung oder die technische Verwaltung ein: Listen "
    "ordnen nach ihr die Führungskräfte zu."
)
NEW_IN_HR = (
    "{} arbeitet in der Personalentwicklung. Wer selbst seit weniger als {} Tagen zu ihr gehört, trägt niemanden aus ihr als Führungskraft "
    "und keine Personalnummer für sie ein. Bitten Sie eine andere Person der Personalentwicklung darum oder die technische Verwaltung."
)
LOCKED_OUT = "Damit könnten Sie sich selbst nicht mehr anmelden. Bitten Sie eine andere Person darum."


class OwnReach:
    """Whom ``by`` would read if somebody became a person's manager; one query for any number of people, if at all."""

    def __init__(self, by):
        self.by = by

    @cached_property
    def entrusted(self):
        """For whom ``by`` acts, or will: (manager, person) as ids."""
        named = Deputy.objects.current_or_coming().filter(person=self.by.pk)
        return set(named.values_list("manager", "people"))

    @cached_property
    def is_new_in_hr(self):
        return is_new_in_hr(self.by)

    def objection_to(self, *, manager, person):
        """Why ``by`` may not make ``manager`` the manager of ``person`` (None: somebody new); "" if they may."""
        if self.by is None or manager is None or (person is not None and person.manager_id == manager.pk):
            return ""
        return self.objection_to_reading(manager=manager, person=person)

    def objection_to_reading(self, *, manager, person):
        """Why ``by`` may not entrust to ``manager`` what is theirs by now; "" if they may."""
        if self.by is None:
            return ""
        if manager.pk == self.by.pk:
            return MANAGER
        if person is not None and (manager.pk, person.pk) in self.entrusted:
            return AS_DEPUTY.format(manager=manager, person=person)
        return NEW_IN_HR.format(manager, NEW.days) if manager.is_hr and self.is_new_in_hr else ""


def is_new_in_hr(somebody):
    """Whether somebody has been of HR for so short a time, by somebody of HR, that they are not "another one of HR" yet."""
    return RightChange.objects.new_in_hr().filter(person=somebody.pk).exists()


def objections_to(manager, people, by):
    """Why ``by`` cannot make ``manager`` the Führungskraft of all of ``people``, in sentences; none if they can.

    No people are somebody new.
    """
    reach = OwnReach(by)
    lets_in = [reach.objection_to(manager=manager, person=person) for person in people or [None]]
    if any(lets_in):
        return sorted(set(filter(None, lets_in)))
    if not manager.is_employed:
        return [f"{manager} ist nicht mehr aktiv."]
    _, *above = manager.chain_of_managers()
    circles = [
        f"Das ergäbe einen Kreis: {manager} ist {person}, auch über andere, selbst unterstellt."
        for person in people
        if person.pk in above
    ]
    own = ["Eine Person kann nicht ihre eigene Führungskraft sein."] if manager in people else []
    return own + circles


def objection_to_deputy(*, by, deputy, manager):
    """Why ``by`` may not name ``deputy`` for ``manager``; "" if they may.

    HR entrusts nobody of HR with anybody: that is the manager's alone, who is there to be asked.
    """
    if by is None:
        return ""
    if deputy.pk == by.pk:
        return DEPUTY
    return DEPUTY_OF_HR.format(deputy, manager) if deputy.is_hr and by.pk != manager.pk else ""


def objections_to_own(*, by, before, after):
    """``{field: why ``by`` may not change it}`` for what is their own, ``before`` and ``after`` they write it.

    The number of somebody else of HR neither, as long as ``by`` may be they.
    """
    if by is None or before is None:
        return {}
    if before.pk != by.pk:
        others = before.is_hr and after.personnel_number != before.personnel_number and is_new_in_hr(by)
        return {"personnel_number": NEW_IN_HR.format(before, NEW.days)} if others else {}
    refused = {right: RIGHT for right in PersonRight.values if getattr(after, right) and not getattr(before, right)}
    if after.personnel_number != before.personnel_number:
        refused["personnel_number"] = NUMBER
    return refused | dict.fromkeys(what_locks_out(before, after.email, after.leaving_date), LOCKED_OUT)


def what_locks_out(before, email, leaving_date):
    """Which of these new values keep somebody, as they are ``before``, from signing in who can now."""
    gone = leaving_date is not None and leaving_date < timezone.localdate()
    found = {"email": before.email and not email, "leaving_date": gone and before.is_employed}
    return [field for field, locks in found.items() if locks]
