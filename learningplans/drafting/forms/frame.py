"""How much time and money may go into a Lernplan (paper 4.3.1)."""

from kompetenz.forms.fields import euros_field, hours_field
from kompetenz.forms.stamp import ReadForm
from learningplans.models import LearningPlan


class FrameForm(ReadForm):
    """Hours per month and budget; either may stay open."""

    hours_per_month = hours_field(
        "Zeit zum Lernen in Stunden je Monat", max_digits=5, help_text="Arbeitszeit, zum Beispiel 4 oder 2,5."
    )
    budget = euros_field("Budget in Euro", help_text="Für alle Maßnahmen zusammen, zum Beispiel 1.200.")

    class Meta:
        model = LearningPlan
        fields = ["hours_per_month", "budget"]
