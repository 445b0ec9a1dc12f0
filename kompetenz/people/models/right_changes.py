"""Who has got or lost a right over others, when and by whom."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from kompetenz.people import notices
from kompetenz.people.rights import PersonRight, Through, differences
from kompetenz.privacy.access_log.appended import Appended, AppendedQuerySet

NEW = timedelta(days=30)  # so long a right that somebody of HR has given makes nobody a second pair of eyes


class RightChangeQuerySet(AppendedQuerySet):
    def note(self, pairs, hand):
        """Write down each right that differs between people before (None: somebody new) and now; ``hand`` has done it.

        They, all of HR and who audits are told; not of what the command line does, whose users reach the database anyway.
        """
        changes = [
            RightChange(person=after, right=right, given=given, through=hand.through, by=hand.by)
            for before, after in pairs
            for right, given in differences(before, after)
        ]
        if changes and hand.through != Through.COMMAND:
            notices.inform_of_rights(changes)
        return self.bulk_create(changes) if changes else []

    def new_in_hr(self):
        """Rights of HR that somebody of HR has given lately.

        Whoever gives one may be who uses it, so it makes nobody another one of HR yet.
        """
        since = timezone.localdate() - NEW
        return self.filter(right=PersonRight.HR, given=True, through=Through.PAGE, on__gt=since)

    def visible_to(self, user):
        """Auditors read who has given and taken rights."""
        return self if user.is_auditor else self.none()

    def with_names(self):
        return self.select_related("person__unit", "by")


class RightChange(Appended):
    """That somebody was given a right over others, or it was taken, on a day, and by whom or through what; never changed."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    right = models.CharField("Recht", max_length=12, choices=PersonRight.choices)
    given = models.BooleanField("gegeben")
    on = models.DateField("am", default=timezone.localdate)
    through = models.CharField("auf dem Weg", max_length=9, choices=Through.choices)
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    objects = RightChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "Änderung eines Rechts"
        verbose_name_plural = "Änderungen von Rechten"
        ordering = ["-on", "-pk"]

    @property
    def who(self):
        """Who has done it, as the auditor reads it."""
        if self.by is None:
            is_known = self.through in {Through.DIRECTORY, Through.COMMAND, Through.LEAVING}
            return self.get_through_display() if is_known else "eine Person, deren Daten gelöscht sind"
        return f"{self.by.listed_as} ({self.get_through_display()})"

    def __str__(self):
        return f"{self.get_right_display()} {'gegeben' if self.given else 'genommen'} am {self.on:%d.%m.%Y}"
