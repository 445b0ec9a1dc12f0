"""The date of the Gespräch: its own small page for the manager, and an entry in both calendars."""

from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods

from assessments.models import Participation, why_over
from assessments.models.accesses import How, What, read
from assessments.rounds.schedule import against
from assessments.talk.appointment import may_be_set, set_talk_date
from assessments.telling.calendar import talk_event
from kompetenz.documents import calendar_response, file_name
from kompetenz.forms.fields import day_field
from kompetenz.forms.stamp import ReadFields, held, holds
from kompetenz.in_vain import saved_nowhere
from kompetenz.refusals import Refused

FARTHEST = timedelta(days=2 * 365)


class AppointmentForm(ReadFields, forms.Form):
    """Day, time of day and place; together a moment to come that Berlin's clocks show once."""

    day = day_field("Datum")
    time = forms.TimeField(
        label="Uhrzeit",
        help_text="Für den Kalender dauert das Gespräch eine Stunde.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(label="Ort", max_length=120, required=False)

    def __init__(self, participation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["min"] = timezone.localdate().isoformat()
        self.initial["place"] = participation.talk_place
        if participation.talk_at:
            at = timezone.localtime(participation.talk_at)
            self.initial.update(day=at.date(), time=at.time())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("time"):
            cleaned["at"] = self.moment(datetime.combine(cleaned["day"], cleaned["time"]))
        return cleaned

    def moment(self, naive):
        try:
            at = forms.utils.from_current_timezone(naive)
        except forms.ValidationError:  # the hour that is left out in March, or comes twice in October
            self.add_error("time", "In dieser Nacht werden die Uhren umgestellt. Bitte wählen Sie eine andere Uhrzeit.")
            return None
        if at <= timezone.now():
            self.add_error("day", "Der Termin liegt in der Vergangenheit.")
        elif at > timezone.now() + FARTHEST:
            self.add_error("day", "Der Termin liegt mehr als zwei Jahre voraus. Bitte prüfen Sie das Jahr.")
        return at


def why_none(participation):
    """Why no date can be set for the talk, in words."""
    resting = "Die Teilnahme ruht." if participation.rests else ""
    return why_over(participation) or resting or "Das Ergebnis des Gesprächs ist schon festgehalten."


@require_http_methods(["GET", "POST"])
@holds
def appointment(request, pk):
    """Set or move the date, or call it off; only ever in a running round and before the result is recorded."""
    managed = Participation.objects.managed_by(request.user).select_related("round", "person")
    found = get_object_or_404(held(request, managed), pk=pk)
    if not may_be_set(found):
        return saved_nowhere(
            request, f"Es lässt sich kein Termin festlegen: {why_none(found)}", found.get_absolute_url()
        )
    read(request, What.DATES, found)
    if request.method == "POST" and "absagen" in request.POST:
        return called_off(request, found)
    form = AppointmentForm(found, request.POST or None)
    if form.is_valid() and not form.is_outdated():
        return noted(request, found, at=form.cleaned_data["at"], place=form.cleaned_data["place"])
    return render(request, "assessments/appointment.html", {"participation": found, "round": found.round, "form": form})


def called_off(request, participation):
    """Only the date that the page has shown is called off, not one that was set since."""
    form = AppointmentForm(participation, request.POST)
    if form.read == form.stored:
        return noted(request, participation, at=None, place="")
    messages.warning(request, "Nicht abgesagt: Der Termin ist inzwischen ein anderer. Bitte sehen Sie ihn sich an.")
    return redirect("assessments:talk_date", participation.pk)


def noted(request, participation, *, at, place):
    try:
        is_new = set_talk_date(participation=participation, at=at, place=place, by=request.user)
    except Refused as problem:
        return saved_nowhere(request, str(problem), participation.get_absolute_url())
    if not is_new:
        return redirect(participation)
    told = f"Gespräch am {date_format(timezone.localtime(at), 'DATETIME_FORMAT')} Uhr" if at else "Termin abgesagt"
    told = f"{told}. {participation.person_name} sieht das ab jetzt hier und unter „Meine Aufgaben“."
    messages.success(request, " ".join([told, *hints(participation, at)]))
    return redirect(participation)


def hints(participation, at):
    """What speaks against the day of the talk, in sentences; it is taken all the same."""
    if at is None:
        return []
    day, due = timezone.localdate(at), participation.talk_due
    late = [f"Der Termin liegt nach der Frist für das Gespräch ({date_format(due)})."] if day > due else []
    return late + [f"Der Termin {text}" for text in against("talk_at", day, {}, timezone.localdate(), settings.LAND)]


@require_GET
def calendar(request, pk):
    """The date of the talk for a calendar."""
    shared = Participation.objects.shared_with(request.user).select_related("round", "person")
    found = get_object_or_404(shared, pk=pk)
    if not (found.talk_at and may_be_set(found)):
        raise Http404
    read(request, What.DATES, found, How.TAKEN)
    name = file_name("Gespräch", found.person.listed_as, found.round.title, suffix=".ics")
    return calendar_response([talk_event(found, request.user)], name)
