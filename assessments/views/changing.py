"""What has changed since a running round was opened: managers, roles, role profiles, people who have left."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assessments import handing_over, target_changes
from assessments.models import Participation, Round, TalkProgress
from kompetenz.people.access import for_hr
from kompetenz.people.deputies.naming import concerning
from roles.models import RoleProfile

PER_PAGE = 50
LONGEST_ID = 18  # digits; no database counts further
TARGETS = {"rolle": target_changes.with_other_role, "profil": target_changes.with_changed_profile}
OTHERWISE_BY_NOW = "Inzwischen hat sich etwas geändert. Es wurde nichts gespeichert; bitte prüfen Sie noch einmal."
NOBODY_CHOSEN = "Bitte wählen Sie mindestens eine Person aus."


def running(request, pk):
    return get_object_or_404(Round.objects.run_by(request.user).open(), pk=pk)


@dataclass(frozen=True)
class Section:
    """One kind of change: the address's word, its title, whose it is, and how many wait for something to be done."""

    word: str
    title: str
    rows: object
    count: int


@require_GET
@for_hr
def changes(request, pk):
    """One kind at a time: the one that was asked for, else the first with anything in it."""
    found = running(request, pk)
    sections = sections_of(found)
    asked = [section for section in sections if section.word == request.GET.get("art")]
    shown = next(iter([*asked, *(section for section in sections if section.count), *sections]))
    lists = {"rolle": target_list, "profil": target_list}.get(shown.word, plain_list)
    context = {"round": found, "sections": sections, "shown": shown, **lists(request, shown)}
    return render(request, "assessments/changes.html", context)


def sections_of(round_):
    """All kinds of changes with their counts; one query each."""
    plain = [
        ("fuehrungskraft", "Führungskraft gewechselt", handing_over.to_hand_over(round_)),
        ("ohne-fuehrungskraft", "Ohne Führungskraft", handing_over.without_manager(round_)),
    ]
    targets = [("rolle", "Andere Rolle"), ("profil", "Rollenprofil geändert")]
    sections = [Section(word, title, rows, rows.count()) for word, title, rows in plain]
    for word, title in targets:
        rows = [Waiting(*row) for row in TARGETS[word](round_).values_list("pk", "present_profile", "talk_state")]
        sections.append(Section(word, title, rows, sum(not row.is_late for row in rows)))
    left = handing_over.of_people_who_left(round_)
    return [*sections, Section("ausgeschieden", "Ausgeschieden", left, left.count())]


def plain_list(request, shown):
    paginator = Paginator(shown.rows, PER_PAGE)
    paginator.count = shown.count  # counted already; spares a query
    context = {"page": paginator.get_page(request.GET.get("seite")), "query": urlencode({"art": shown.word})}
    if shown.word == "fuehrungskraft" and paginator.num_pages > 1:
        context["all_checked"] = checked(pairs(shown.rows))
    return context


def pairs(rows):
    """Whose participation would go to whom, as ids."""
    return list(rows.order_by("pk").values_list("pk", "person__manager"))


def checked(what):
    """A short text that differs as soon as something else is shown."""
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


@require_POST
@for_hr
def hand_over(request, pk):
    """Hand over those chosen on the page, or all; each to the manager who was shown."""
    found = running(request, pk)
    back = f"{reverse('assessments:round_changes', args=[pk])}?art=fuehrungskraft"
    rows = handing_over.to_hand_over(found)
    if "alle" in request.POST and request.POST["alle"] != checked(pairs(rows)):
        messages.warning(request, OTHERWISE_BY_NOW)
        return redirect(back)
    chosen = set(request.POST.getlist("auswahl"))
    picked = [row for row in rows if "alle" in request.POST or f"{row.pk}-{row.person.manager_id}" in chosen]
    done = handing_over.hand_over(participations=picked, by=request.user)
    if not chosen and "alle" not in request.POST:
        messages.error(request, NOBODY_CHOSEN)
    elif len(done) < len(chosen):
        messages.warning(request, f"{len(chosen) - len(done)} nicht übergeben: Das hat sich inzwischen geändert.")
    if done:
        messages.success(
            request, f"{people(len(done))} übergeben. Person und neue Führungskraft sehen es in ihrer Runde."
        )
    return redirect(back)


def people(number):
    return "Eine Person ist" if number == 1 else f"{number} Personen sind"


# The Soll ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A participation whose role asks something else today: its id, the role's, and how far its talk is."""

    pk: int
    profile: int
    talk_state: int

    @property
    def is_late(self):
        return self.talk_state >= TalkProgress.RECORDED


def target_list(request, shown):
    """Who is concerned, those first for whom it is not too late; for one role profile, if one was asked for."""
    profiles = profiles_of(shown.rows)
    asked = [profile for profile, _ in profiles if str(profile.pk) == request.GET.get("profil")]
    profile = asked[0] if asked else profiles[0][0] if len(profiles) == 1 else None
    rows = [row for row in shown.rows if profile is None or row.profile == profile.pk]
    ordered = sorted(rows, key=lambda row: row.is_late)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("seite"))
    asking = {"art": shown.word, **({"profil": profile.pk} if profile else {})}
    return {
        "page": page,
        "pending": pending_on(page),
        "profile": profile,
        "profiles": profiles,
        "late": sum(row.is_late for row in rows),
        "query": urlencode(asking),
        **(for_all(rows)[0] if profile else {}),
    }


def profiles_of(rows):
    """The roles these people have today, each with how many of them wait for a decision."""
    found = RoleProfile.objects.in_bulk({row.profile for row in rows})
    counts = [(found[pk], sum(row.profile == pk and not row.is_late for row in rows)) for pk in found]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0].name))


def pending_on(page):
    """What is pending on this page of rows, as (Pending, whether it is too late)."""
    late = {row.pk: row.is_late for row in page}
    shown = Participation.objects.filter(pk__in=late).select_related("round").in_bulk()
    pending = target_changes.pending_changes([shown[pk] for pk in late])
    return [(one, late[pk]) for pk, one in pending.items()]


def for_all(rows):
    """What the page says of a decision for all of these at once, and what is pending for each by its id."""
    waiting = [row.pk for row in rows if not row.is_late]
    if not waiting:
        return {}, {}
    participations = Participation.objects.filter(pk__in=waiting).select_related("round")
    pending = target_changes.pending_changes(list(participations))
    summary = target_changes.summary(pending.values())
    told = [(change.competency.id, change.old, change.new, count) for change, count in summary]
    said = {"summary": summary, "all_count": len(waiting), "all_checked": checked([told, sorted(waiting)])}
    return said, pending


@require_POST
@for_hr
def decide(request, pk):
    """Take over or decline: for those chosen on the page, or for all with one role."""
    found = running(request, pk)
    word = request.POST.get("art")
    back = f"{reverse('assessments:round_changes', args=[pk])}?{urlencode({'art': word or 'profil'})}"
    answer = {"uebernehmen": True, "ablehnen": False}.get(request.POST.get("entscheidung"))
    if word not in TARGETS or answer is None:
        return redirect(back)
    chosen = everybody(request, found, word) if "alle" in request.POST else those_chosen(request, found)
    if chosen is None:
        messages.warning(request, OTHERWISE_BY_NOW)
        return redirect(back)
    participations, seen = chosen
    done = target_changes.decide(participations=participations, take_over=answer, by=request.user, checked=seen)
    tell(request, len(done), len(participations), taken_over=answer)
    return redirect(back)


def everybody(request, round_, word):
    """All who wait with the role that was sent, and what was shown of each; None if that is not what was shown."""
    rows = [Waiting(*row) for row in TARGETS[word](round_).values_list("pk", "present_profile", "talk_state")]
    rows = [row for row in rows if str(row.profile) == request.POST.get("profil") and not row.is_late]
    said, pending = for_all(rows)
    if said.get("all_checked") != request.POST["alle"]:
        return None
    return Participation.objects.filter(pk__in=pending), {pk: one.checked for pk, one in pending.items()}


def those_chosen(request, round_):
    """The participations ticked, and what was shown of each."""
    ticked = [mark.split("-") for mark in request.POST.getlist("auswahl") if mark.count("-") == 1]
    seen = {int(pk): stand for pk, stand in ticked if pk.isdecimal() and len(pk) < LONGEST_ID}
    return round_.participations.filter(pk__in=seen), seen


def tell(request, done, asked, *, taken_over):
    if not asked:
        messages.error(request, NOBODY_CHOSEN)
    elif done < asked:
        messages.warning(request, f"{asked - done} nicht entschieden: Dort hat sich inzwischen etwas geändert.")
    if done:
        what = (
            "das geänderte Soll übernommen" if taken_over else "die Änderung abgelehnt; das bisherige Soll gilt weiter"
        )
        messages.success(request, f"Für {done} Person{'en' if done > 1 else ''} {what}.")


# On the page of one participation ---------------------------------------------------------------


def since_start(participation, comparison):
    """What of all this the person and the manager read, as far as the Soll may be seen by this reader."""
    sees_target = comparison.shows_target
    return {
        "hand_overs": list(participation.hand_overs.all()),
        "awaits_hand_over": participation.round.is_open and handing_over.is_due(participation),
        "deputies": deputies_of(participation) if participation.round.is_open else [],
        "decided": target_changes.decided_for(participation) if sees_target else [],
        "pending": target_changes.pending_for(participation) if sees_target else None,
    }


def deputies_of(participation):
    """Who acts for the manager of this participation today, or will; nobody, once the person has another manager."""
    if participation.manager_id != participation.person.manager_id:
        return []
    return list(concerning(participation.person).current_or_coming())
