"""One measure of a Lernplan."""

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.formats import date_format

from kompetenz.forms.fields import date_input, euros_field, hours_field
from kompetenz.forms.stamp import ReadForm
from kompetenz.text import quoted
from learningplans.drafting.suggesting import (
    by_suitability,
    formats_to_choose,
    goals_in_words,
    naming,
    offers_to_choose,
    planned_forms,
)
from learningplans.models import Measure

CONSENTED_TO = ["format", "offer", "provider", "mentor"]  # what the person's consent is to, where a format needs one
RENAMED = "Die Personalentwicklung hat das inzwischen geändert. Es heißt jetzt {}. Passt es noch, speichern Sie bitte noch einmal."
MARK = 8  # signs of a stamp
SUGGESTED = 5  # offers above the form; all of them are in its list


class MeasureForm(ReadForm):
    """One measure: in which format, for which goals, when, where, with whom, at what cost.

    An offer that is chosen fills what is left empty; the button "angebot" does that and saves nothing. Only the person
    themself can consent to a format that needs it; their consent is to this format with this offer, provider and mentor, and
    ends when one of them changes.
    """

    consent = forms.MultipleChoiceField(label="Einverständnis", required=False, widget=forms.CheckboxSelectMultiple)
    hours = hours_field("Zeitbedarf in Stunden", help_text="Arbeitszeit, zum Beispiel 12 oder 1,5.")
    cost = euros_field("Kosten in Euro", help_text="Zum Beispiel 1.250,50.")

    class Meta:
        model = Measure
        fields = [
            *("goals", "format", "mentor", "offer", "title", "starts_on", "due_on"),
            *("provider", "responsible", "hours", "cost", "helps", "aids", "practice"),
        ]
        labels = {"due_on": "Ende oder fällig am", "responsible": "Verantwortlich", "mentor": "Begleitet von"}
        help_texts = {
            "title": "Kurz und so, dass andere sie wiedererkennen. Die Personalentwicklung liest diesen Titel.",
            "provider": "Wer bietet sie an, wo findet sie statt?",
            "responsible": "Wer sorgt dafür, dass es dazu kommt?",
            "mentor": "Die erfahrene Person mit Namen. Fragen Sie sie vorher.",
            "helps": "Auf welchem Weg führt sie zum Ziel? Das lesen nur Sie beide.",
            "aids": "Was braucht es dazu, zum Beispiel ein Fachbuch, Software oder einen Arbeitsplatz zum Üben? Nichts über Gesundheit.",
            "practice": "Bei welcher Aufgabe wird das Gelernte danach angewendet?",
            "offer": "Titel, Anbieter, Stunden und Kosten kommen aus dem Angebot, wo Sie unten nichts eintragen.",
        }
        widgets = {
            "goals": forms.CheckboxSelectMultiple,
            "mentor": forms.TextInput(attrs={"placeholder": " "}),  # app.css asks by it whether something stands there
            "format": forms.RadioSelect,
            "starts_on": date_input(),
            "due_on": date_input(),
            "helps": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "goals": {"required": "Bitte wählen Sie mindestens ein Ziel, dem die Maßnahme dient."},
            "format": {"required": "Bitte wählen Sie ein Format."},
            "offer": {"invalid_choice": "Dieses Angebot steht nicht mehr zur Wahl."},
        }

    def __init__(self, data=None, *, goals, by=None, preselected=(), takes_over=None, serves=None, **kwargs):
        """``goals`` are the plan's GoalEntries, ``by`` is who fills the form in.

        A new measure is for the goals whose ids are ``preselected``; ``takes_over`` is the id of an offer, as text,
        that the form begins with. ``serves`` are the ids of goals that are wanted instead of those that are stored.
        """
        measure = kwargs["instance"]
        self.participation = measure.plan.participation
        self.is_person = by is not None and by.pk == self.participation.person_id
        consent = [str(measure.format_id)] if measure.consented_on else []
        super().__init__(data, initial={"consent": consent}, **kwargs)
        row = self.stored_measure()
        self.names_kept = {("format", row.format_id): row.format_then, ("offer", row.offer_id): row.offer_then}
        self.had_consent = self.instance.consented_on
        self.consented_to = {name: getattr(self.instance, name) for name in CONSENTED_TO} if self.had_consent else {}
        if not self.instance.pk:
            self.initial["goals"] = list(preselected)
            self.initial["responsible"] = self.instance.responsible or self.participation.person_name
        if serves is not None:
            self.initial["goals"] = list(self.instance.plan.goals.filter(pk__in=serves))
        self.set_goals(goals)
        self.only_takes_over = bool(self.is_bound and self.data.get("angebot"))
        self.set_formats()
        self.set_offers(takes_over)

    @property
    def guarded(self):
        """For the person their consent, too: what they have taken back in another window is not given again by an older one."""
        return [*super().guarded, "consent"] if self.is_person else super().guarded

    def set_goals(self, goals):
        self.fields["goals"].queryset = self.instance.plan.goals.pursued()
        self.fields["goals"].choices = [(e.goal.pk, f"Ziel {e.number}: {e.competency.name}") for e in goals]
        served = {getattr(goal, "pk", goal) for goal in self.initial["goals"]}
        self.wanted = [entry for entry in goals if entry.goal.pk in served] or goals

    def set_formats(self):
        formats = formats_to_choose(self.instance)
        catalogue, planned = self.participation.round.catalogue, planned_forms(self.instance)
        self.fields["format"].queryset = formats
        self.formats_known = list(formats)
        for one in self.formats_known:
            one.called = self.format_called(one)
        self.fields["format"].choices = [(one.pk, one.called) for one in self.formats_known]
        if self.is_person:
            private = [one for one in self.formats_known if one.needs_consent]
            self.fields["consent"].choices = [
                (str(one.pk), f"Ich bin mit {one.called} einverstanden.") for one in private
            ]
        else:
            del self.fields["consent"]
        self.formats = by_suitability(self.formats_known, self.wanted, catalogue, planned)

    def set_offers(self, takes_over):
        queryset = offers_to_choose(self.instance, timezone.localdate())
        self.offers = list(queryset.prefetch_related("competencies"))
        suggested = naming(self.offers, self.wanted)
        self.suggested = [(offer, goals_in_words(numbers)) for offer, numbers in suggested[:SUGGESTED]]
        if not self.offers:
            del self.fields["offer"]
            return
        self.fields["offer"].queryset = queryset
        self.fields["offer"].choices = self.offer_choices([offer for offer, _ in suggested])
        self.take_over(takes_over)

    def offer_choices(self, first):
        """Those that name a goal's competency ``first``, the others by format."""
        groups = {"Passend zum Ziel": first}
        for offer in self.offers:
            if offer not in first:
                groups.setdefault(self.format_called(offer.format), []).append(offer)
        options = [(name, [(offer.pk, self.called(offer)) for offer in of]) for name, of in groups.items() if of]
        return [("", "ohne Angebot"), *options]

    def format_called(self, format_):
        return self.names_kept.get(("format", format_.pk)) or format_.name

    def called(self, offer):
        as_now = f"{offer.title} ({offer.provider})" if offer.provider else offer.title
        return self.names_kept.get(("offer", offer.pk)) or as_now

    def stored_measure(self):
        """The measure whose format and offer go on to be called as they were when they were chosen."""
        return self.instance

    @property
    def shown(self):
        """What the page sends back of the formats and offers it shows: a mark for each, another once HR has changed it."""
        rows = [("format", one) for one in self.formats_known] + [("offer", one) for one in self.offers]
        return " ".join(f"{field}-{one.pk}-{one.stamp[:MARK]}" for field, one in rows)

    def refuse_unread(self, field, called):
        """What is chosen anew is agreed and consented to as the page has shown it, and not as HR calls it since."""
        chosen, shown = self.cleaned_data.get(field), self.data.get("shown", "" if "once" in self.data else None)
        if chosen is None or shown is None or (field, chosen.pk) in self.names_kept:
            return
        if f"{field}-{chosen.pk}-{chosen.stamp[:MARK]}" not in shown.split():
            self.add_error(field, RENAMED.format(quoted(called(chosen))))

    def take_over(self, chosen):
        """Fill what is empty from the offer that is chosen anew, in what was sent or else in what the form begins with."""
        if self.only_takes_over:
            chosen = self.data["angebot"]
            self._errors = ErrorDict()  # nobody has said yet that it is all there
        wanted = self.data.get("offer") if self.is_bound and not self.only_takes_over else chosen
        offer = next((one for one in self.offers if str(one.pk) == wanted), None)
        if offer is None or offer.pk == self.instance.offer_id:
            return
        values = self.data.copy() if self.is_bound else self.initial
        if not self.is_bound or self.only_takes_over:
            values["offer"], values["format"] = offer.pk, offer.format_id
        known = {"format": offer.format_id, "title": offer.title, "provider": offer.provider}
        known |= {name: self.fields[name].prepare_value(getattr(offer, name)) for name in ("hours", "cost")}
        for name, value in known.items():
            if value is not None and values.get(name) in (None, ""):
                values[name] = value
        if self.is_bound:
            self.data = values

    @property
    def ends_report(self):
        """Whether somebody has reported how far it is, and this makes another measure of it."""
        return self.instance.state_at is not None and not set(Measure.REPORTED).isdisjoint(self.changed_data)

    def save(self, commit=True):
        """With what format and offer are called now, if they are chosen anew."""
        if self.is_valid():
            self.instance.forget_names(self.changed_data)
            self.instance.keep_names()
        if self.ends_report:
            self.instance.forget_report()
        return super().save(commit)

    @property
    def format_groups(self):
        """``formats`` with each one's radio button and, for the person, the box of their consent."""
        buttons = {str(button.data["value"]): button for button in self["format"]}
        boxes = {str(box.data["value"]): box for box in self["consent"]} if self.is_person else {}
        return [
            (
                heading,
                reasons,
                [
                    row | {"button": buttons[key], "box": boxes.get(key)}
                    for row in rows
                    for key in [str(row["format"].pk)]
                ],
            )
            for heading, reasons, rows in self.formats
        ]

    def clean(self):
        super().clean()
        starts_on, due_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Tage.")
        held_on = self.participation.talk.held_on
        if due_on and "due_on" in self.changed_data and held_on and due_on < held_on:
            self.add_error(
                "due_on",
                f"Der Lernplan beginnt mit dem Gespräch am {date_format(held_on)}. Die Maßnahme endet davor.",
            )
        if format_ := self.cleaned_data.get("format"):
            self.fit_to(format_)
        self.refuse_unread("format", self.format_called)
        self.refuse_unread("offer", self.called)

    def fit_to(self, format_):
        """What the format asks for is there, and nothing that belongs to another."""
        offer = self.cleaned_data.get("offer")
        if offer and offer.format_id != format_.pk:
            wrong = (
                f"Dieses Angebot gehört zum Format {quoted(offer.format)}. Wählen Sie dieses Format oder kein Angebot."
            )
            self.add_error("offer", wrong)
        if not format_.needs_mentor:
            self.refuse_mentor(format_)
        elif not self.cleaned_data.get("mentor") and "mentor" not in self.errors:
            self.add_error("mentor", f"Bitte nennen Sie, wer begleitet: {format_.name} braucht eine Person mit Namen.")
        self.instance.consented_on = self.consented_on(format_)
        if format_.needs_consent and not self.instance.consented_on and not self.instance.plan.is_draft:
            self.add_error("format", self.lacking_consent(format_))

    def refuse_mentor(self, format_):
        """A name that stands there is emptied by who sends it: what was typed does not vanish because of another format."""
        if self.cleaned_data.get("mentor") and not {"format", "mentor"}.isdisjoint(self.changed_data):
            self.add_error(
                "mentor",
                f"{format_.name} hat keine Begleitung. Bitte leeren Sie das Feld, oder wählen Sie ein anderes Format.",
            )

    def lacking_consent(self, format_):
        name = self.participation.person_name
        if self.had_consent and not self.is_person:
            return (
                f"Mit dem bisherigen Angebot, Anbieter und mit wem begleitet, war {name} einverstanden. Eine Änderung daran "
                f"schreibt {name} selbst auf."
            )
        return f"{format_.name} braucht das Einverständnis der Person; nur sie selbst gibt es hier."

    def consented_on(self, format_):
        """The day of the person's consent to what is planned; None where there is none or none is needed."""
        same = all(self.cleaned_data.get(name, was) == was for name, was in self.consented_to.items())
        kept = self.had_consent if same else None
        if self.is_person and str(format_.pk) not in self.cleaned_data.get("consent", []):
            return None
        given = timezone.localdate() if self.is_person else None
        return (kept or given) if format_.needs_consent else None
