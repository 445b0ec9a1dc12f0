"""Who has got or lost a right over others, when and by whom."""

from django.db import models
from django.utils import timezone

from kompetenz.people.rights import PersonRight, Through, differences
from kompetenz.privacy.access_log.appended import Appended, AppendedQuerySet


class RightChangeQuerySet(AppendedQuerySet):
    def note(self, pairs, hand):
        """Write down each right that differs between people before (None: somebody new) and now; ``hand`` has done it."""
        changes = [
            RightChange(person_id=after.pk, right=right, given=given, through=hand.through, by=hand.by)
            for before, after in pairs
            for right, given in differences(before, after)
        ]
        return self.bulk_create(changes) if changes else []

    def visible_to(self, user):
        """Auditors read who has given and taken rights."""
        return self if user.is_auditor else self.none()

    def with_names(self):
        return self.select_related("person", "by")


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
            is_known = self.through in {Through.DIRECTORY, Through.COMMAND}
            return self.get_through_display() if is_known else "eine Person, deren Daten gelöscht sind"
        return f"{self.by.listed_as} ({self.get_through_display()})"

    def __str__(self):
        return f"{self.get_right_display()} {'gegeben' if self.given else 'genommen'} am {self.on:%d.%m.%Y}"
