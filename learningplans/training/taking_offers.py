"""A list of offers, kept for a day while HR looks at its preview, and taken over row by row."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kompetenz import hooks
from kompetenz.forms.stamp import stamp
from kompetenz.jobs.batches import JobKind
from kompetenz.refusals import Refused
from learningplans.models import Booking, Offer, OfferDate, OfferList

from . import booking
from .offer_lists import CHANGED, FIELDS, NEW, key_of, known_offers, outcome_of

KEPT = timedelta(days=settings.RETENTION_DAYS["lists"])
USED = "Maßnahmen verwenden das Angebot; darum bleibt sein Format."
ANOTHER = "Jemand hat das Angebot inzwischen geändert; bitte laden Sie die Liste noch einmal."
BOOKED = "Auf einem Termin sind schon mehr gebucht, als Plätze in der Liste stehen."


def keep(*, rows, name, by):
    """Keep what was read for the one who has sent it, in place of what they looked at before; of the file itself nothing."""
    values = {"name": name[-200:], "rows": rows, "uploaded_at": timezone.now()}
    return OfferList.objects.update_or_create(uploaded_by=by, defaults=values)[0]


def list_of(person):
    """What ``person`` has sent and neither confirmed nor discarded; nobody else ever sees it."""
    return OfferList.objects.filter(uploaded_by=person.pk, uploaded_at__gt=timezone.now() - KEPT).first()


def stamp_of(found, known):
    """What the preview sends back: another one once another list is looked at, or an offer that it would change is another."""
    keys = {key_in(row) for row in found.rows if not row["problems"]}
    return stamp(found.stamp, sorted((key, state_of(known[key])) for key in keys & known.keys()))


def key_in(row):
    return key_of(row["values"]["title"], row["values"].get("provider"))


def states_of(rows, known):
    """{what an offer is recognised by, as JSON keeps it: the stamp of what it is} of the offers of these rows; of a new one nothing."""
    return {"\n".join(key): stamp(state_of(known[key])) for row in rows if (key := key_in(row)) in known}


def state_of(offer):
    dates = sorted((str(day), str(one.ends_on), one.place) for day, one in offer.its_days.items())
    return offer.stamp, offer.format_id, str(offer.seats), sorted(offer.named), dates


def take_some(job, rows):
    """Each row that has no problem: its offer is made or changed, its date added; an offer that somebody has changed since stays so."""
    known, as_read = known_offers(holds=True), job.options["states"]
    now = states_of(rows, known)
    mine = [row for row in rows if (key := "\n".join(key_in(row))) and now.get(key) == as_read.get(key)]
    job.count(ANOTHER, len(rows) - len(mine))
    for row in mine:
        outcome = outcome_of(row, known)
        if outcome in (NEW, CHANGED):
            try:
                take(row["values"], known, job.asked_by)
            except Refused as reason:
                outcome = str(reason)
        job.count(outcome)
    as_read |= states_of(mine, known_offers())


def take(values, known, by):
    """Write one row; ``known`` is kept true. What the row leaves empty stays. Raises Refused for a format that cannot change,
    and for fewer seats than are taken.
    """
    key = key_of(values["title"], values.get("provider"))
    offer = known.get(key) or Offer(title=values["title"], format_id=values["format"])
    if offer.pk and (seats := values.get("seats")) and Booking.objects.most_on_a_date(offer) > seats:
        raise Refused(BOOKED)
    if offer.pk and offer.format_id != values["format"]:
        if offer.measures.exists():
            raise Refused(USED)
        offer.format_id = values["format"]
    for name in FIELDS:
        if values.get(name) is not None:
            setattr(offer, name, values[name])
    offer.save()
    if key not in known:
        offer.named, offer.its_days, known[key] = set(), {}, offer
    offer.competencies.add(*(values.get("competencies") or ()))
    offer.named |= set(values.get("competencies") or ())
    if day := values.get("starts_on"):
        take_date(offer, day, values, by)


def take_date(offer, day, values, by):
    found = offer.its_days.get(day) or OfferDate(offer=offer, starts_on=date.fromisoformat(day))
    before = found.ends_on
    if values.get("ends_on"):
        found.ends_on = date.fromisoformat(values["ends_on"])
    if values.get("place"):
        found.place = values["place"]
    found.save()
    if found.ends_on != before:
        booking.note_and_tell(Booking.objects.on(found).taking_a_seat(), by)
    offer.its_days[day] = found


def say_what_was_taken(job):
    tally = job.tally
    job.sentence = f"Übernommen: {tally.get(NEW, 0)} neu, {tally.get(CHANGED, 0)} geändert."
    job.lines = [
        f"Nicht geändert: {tally[reason]}. {reason}" for reason in (USED, BOOKED, ANOTHER) if tally.get(reason)
    ]


def page_of_offers(job):
    return f"{reverse('learningplans:formats')}#angebote"


TAKING = JobKind(
    "offers of a list", batch=take_some, finish=say_what_was_taken, leads_to=page_of_offers, size=100, at_once=100
)


@hooks.register("every_day")
def delete_unconfirmed_offer_lists(today):
    """Nobody waits longer than a day with a list."""
    deleted, _ = OfferList.objects.filter(uploaded_at__lte=timezone.now() - KEPT).delete()
    return f"Unbestätigte Angebotslisten gelöscht: {deleted}." if deleted else None
