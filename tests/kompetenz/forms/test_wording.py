"""What forms say where something is missing or does not fit."""

from django import forms
from django.template import engines

from kompetenz.forms.wording import missing
from kompetenz.text import quoted


class Everything(forms.Form):
    title = forms.CharField(label="Titel", max_length=5)
    why = forms.CharField(label="Was ändert sich?")
    day = forms.DateField(label="Gespräch bis")
    time = forms.TimeField(label="Uhrzeit")
    hours = forms.IntegerField(label="Stunden", max_value=9, min_value=2)
    role = forms.ChoiceField(label="Rolle", choices=[("a", "A")])
    goals = forms.MultipleChoiceField(label="Ziele", choices=[("a", "A")])
    sure = forms.BooleanField(label="Ich bin sicher")
    file = forms.FileField(label="Liste")
    own = forms.CharField(label="Eigenes", error_messages={"required": "Eigene Worte."})


def test_what_is_missing_is_named():
    assert {name: errors[0] for name, errors in Everything({}).errors.items()} == {
        "title": "Bitte füllen Sie „Titel“ aus.",
        "why": "Bitte beantworten Sie „Was ändert sich?“",
        "day": "Bitte geben Sie bei „Gespräch bis“ einen Tag an.",
        "time": "Bitte geben Sie bei „Uhrzeit“ eine Uhrzeit an.",
        "hours": "Bitte geben Sie bei „Stunden“ eine Zahl an.",
        "role": "Bitte wählen Sie bei „Rolle“ etwas aus.",
        "goals": "Bitte wählen Sie bei „Ziele“ mindestens eines aus.",
        "sure": "Bitte kreuzen Sie „Ich bin sicher“ an.",
        "file": "Bitte wählen Sie bei „Liste“ eine Datei aus.",
        "own": "Eigene Worte.",
    }


def test_what_is_too_long_is_said_plainly():
    too_long = Everything({"title": "zu lang"}).errors["title"]

    assert too_long == ["Das ist zu lang: Möglich sind höchstens 5 Zeichen, es sind 7."]


def test_quotation_marks_inside_others_are_single():
    assert quoted("Kurs „Excel“") == "„Kurs ‚Excel‘“"
    assert missing(forms.CharField(), "Zu „Teamfähigkeit“") == "Bitte füllen Sie „Zu ‚Teamfähigkeit‘“ aus."


def test_the_summary_leads_to_each_field_and_says_its_name_once():
    form = Everything({"title": "zu lang", "own": "x"})
    form.add_error("own", "Dieser Tag liegt in der Vergangenheit.")
    form.add_error("why", "Zu kurz.")

    page = engines["django"].from_string('{% include "_partials/error_summary.html" %}').render({"form": form})

    assert '<a href="#id_title">Titel</a>: Das ist zu lang' in page
    assert '<a href="#id_own">Eigenes</a>: Dieser Tag' in page
    assert '<a href="#id_why">Was ändert sich?</a> Zu kurz.' in page
    assert '<a href="#id_day">Bitte geben Sie bei „Gespräch bis“ einen Tag an.</a>' in page
