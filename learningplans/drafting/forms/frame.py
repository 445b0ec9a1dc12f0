"""How much time and money may go into a Lernplan (paper 4.3.1)."""

from kompetenz.forms.fields import GermanDecimalField
from kompetenz.forms.stamp import ReadForm
from learningplans.models import LearningPlan


class FrameForm(ReadForm):
    """Hours per month and budget; either may stay open."""

    hours_per_month = GermanDecimalField(
        label="Zeit zum Lernen in Stunden je Monat",
        max_digits=5,
        decimal_places=1,
        min_value=0,
        required=False,
        help_text="Arbeitszeit, zum Beispiel 4 oder 2,5.",
    )
    budget = GermanDecimalField(
        label="Budget in Euro",
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="Für alle Maßnahmen zusammen, zum Beispiel 1.200.",
    )

    class Meta:
        model = LearningPlan
        fields = ["hours_per_month", "budget"]
