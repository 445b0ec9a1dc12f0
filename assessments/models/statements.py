"""What the person says themselves to a Fremdeinschätzung (Art. 16 GDPR)."""

from django.db import models

from .assessments import Assessment


class Statement(models.Model):
    """The person's own words beside a released Fremdeinschätzung about them: whoever reads its words reads these, too.

    Theirs alone to write and to change, also after the round, as long as the assessment is kept; it changes nothing of that.
    ``as_read`` is the release that they had read: it may have been taken back since, and another given.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="statement")
    text = models.TextField("Ihre Stellungnahme", max_length=2000, blank=True)
    written_on = models.DateField("geschrieben am", auto_now=True)
    as_read = models.CharField("Stempel der Freigabe", max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = "Stellungnahme"
        verbose_name_plural = "Stellungnahmen"

    def __str__(self):
        return f"Stellungnahme vom {self.written_on:%d.%m.%Y}"

    @property
    def is_of_another(self):
        """Whether something else is released by now than what it was written about."""
        return self.as_read not in ("", self.assessment.release_stamp)
