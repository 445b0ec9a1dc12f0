"""When a review takes place, and what it has brought (paper 4.3.3)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from learningplans.models import Review

from .fields import date_input, refuse_past


class ReviewDateForm(forms.ModelForm):
    """When a review takes place, and whether it is the final one; only one review of a plan can be."""

    class Meta:
        model = Review
        fields = ["planned_on", "is_final"]
        help_texts = {"is_final": "Mit dem Abschlussgespräch endet der Lernplan."}
        widgets = {"planned_on": date_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = list(self.instance.plan.reviews.exclude(pk=self.instance.pk))
        if any(review.is_final for review in self.others):
            del self.fields["is_final"]

    def clean(self):
        super().clean()
        refuse_past(self, "planned_on")
        planned_on = self.cleaned_data.get("planned_on")
        if planned_on is None:
            return
        if self.cleaned_data.get("is_final"):
            if any(review.planned_on > planned_on for review in self.others):
                self.add_error("planned_on", "Das Abschlussgespräch ist das letzte: Ein anderes Gespräch liegt danach.")
        elif any(review.is_final and review.planned_on < planned_on for review in self.others):
            self.add_error("planned_on", "Dieser Tag liegt nach dem Abschlussgespräch.")


class ReviewRecordForm(forms.ModelForm):
    """What a review has brought."""

    held_on = forms.DateField(label="Geführt am", widget=date_input())

    class Meta:
        model = Review
        fields = ["held_on", "notes"]
        labels = {"notes": "Ergebnis"}
        help_texts = {
            "notes": "Was ist gelungen, was hat geholfen, was ändert sich? Beide Seiten lesen diesen Text.",
        }
        widgets = {"notes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.held_on:
            self.initial["held_on"] = timezone.localdate()

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft. Festgehalten wird nach dem Gespräch.")
        return held_on
