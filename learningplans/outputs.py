"""The way from a round to all of its documents, and to a list of its measures."""

from django.urls import reverse

from assessments.round_outputs import Output, offer_output


@offer_output
def all_documents(round_, user):
    if not user.is_hr:
        return []
    return [Output("Alle Dokumente (ZIP)", reverse("learningplans:round_documents", args=[round_.pk]))]


@offer_output
def measures_and_confirmations(round_, user):
    if not user.is_hr:
        return []
    return [Output("Maßnahmen und Bestätigungen (Excel)", reverse("learningplans:round_measures", args=[round_.pk]))]
