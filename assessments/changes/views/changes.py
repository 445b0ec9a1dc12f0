"""What has changed since a running round was opened: managers, roles, role profiles, people who have left."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assessments.changes import concerned, declining, handing_over, target_changes
from assessments.changes.deciding import DECIDING
from assessments.models import Participation, Round
from kompetenz.forms.stamp import stamp
from kompetenz.jobs.batches import answer, begin
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.models import Person
from kompetenz.people.models.right_changes import NEW
from kompetenz.refusals import TooLate
from roles.models import RoleProfile, hidden_from

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
    sections = sections_of(found, request.user)
    asked = [section for section in sections if section.word == request.GET.get("art")]
    shown = next(iter([*asked, *(section for section in sections if section.count), *sections]))
    lists = {"rolle": target_list, "profil": target_list}.get(shown.word, plain_list)
    context = {"round": found, "sections": sections, "shown": shown, **lists(request, shown)}
    return render(request, "assessments/changes.html", context)


def sections_of(round_, user):
    """All kinds of changes with their counts; one query each, and one for what is hidden from ``user``."""
    hidden = hidden_from(user)
    plain = [
        ("fuehrungskraft", "Führungskraft gewechselt", Participation.objects.to_hand_over_in([round_])),
        ("ohne-fuehrungskraft", "Ohne Führungskraft", Participation.objects.without_manager_in([round_])),
    ]
    targets = [("rolle", "Andere Rolle"), ("profil", "Rollenprofil geändert")]
    sections = [Section(word, title, rows, rows.count()) for word, title, rows in plain]
    for word, title in targets:
        rows = concerned.waiting(word, round_, user, hidden)
        sections.append(Section(word, title, rows, sum(not row.is_late for row in rows)))
    last = [
        ("ausgeschieden", "Ausgeschieden", Participation.objects.of_people_who_left_in([round_])),
        ("doch", "Möchte doch teilnehmen", round_.participations.asking_back()),
    ]
    return [*sections, *(Section(word, title, rows, rows.count()) for word, title, rows in last)]


def plain_list(request, shown):
    rows, causes = shown.rows, []
    if shown.word == "ohne-fuehrungskraft":
        causes, rows = causes_of(rows), rows.whose_person_has_none()
    page = page_of(request, rows, count=shown.count - sum(number for _, number in causes))
    context = {"page": page, "causes": causes, "query": urlencode({"art": shown.word})}
    if shown.word == "fuehrungskraft":
        context["own"], context["reason_for_own"] = (
            handing_over.not_theirs_to_give(page, request.user),
            handing_over.OWN,
        )
        if page.paginator.count > 1:
            context["all_read"] = stamp(pairs(shown.rows))
    return context


def causes_of(rows):
    """Managers who cannot act, each with for how many of these: two missing addresses are two lines; two queries."""
    counted = rows.order_by().values_list("person__manager").annotate(number=Count("pk")).order_by("-number")
    numbers = {pk: number for pk, number in counted if pk}
    managers = Person.objects.select_related("unit").in_bulk(numbers)
    return [(managers[pk], number) for pk, number in numbers.items()]


def pairs(rows):
    """Whose participation would go to whom, as ids."""
    return list(rows.order_by("pk").values_list("pk", "person__manager"))


@require_POST
@for_hr
def hand_over(request, pk):
    """Hand over those chosen on the page, or all; each to the manager who was shown."""
    found = running(request, pk)
    back = f"{reverse('assessments:round_changes', args=[pk])}?art=fuehrungskraft"
    rows = Participation.objects.to_hand_over_in([found])
    if "alle" in request.POST and request.POST["alle"] != stamp(pairs(rows)):
        messages.warning(request, OTHERWISE_BY_NOW)
        return redirect(back)
    chosen = set(request.POST.getlist("auswahl"))
    picked = [pair for pair in pairs(rows) if "alle" in request.POST or "{}-{}".format(*pair) in chosen]
    if not chosen and "alle" not in request.POST:
        messages.error(request, NOBODY_CHOSEN)
        return redirect(back)
    gone = len(chosen) - len(picked)
    if "alle" not in request.POST and gone > 0:
        messages.warning(request, f"{gone} nicht übergeben: Das hat sich inzwischen geändert.")
    picked.sort(key=lambda pair: pair[1])  # a manager hears of all their people in one letter, or of many in a few
    about = {"subject": pk, "title": f"Teilnahmen übergeben: {found}", "by": request.user}
    return answer(request, begin(handing_over.HANDING_OVER, items=picked, **about)) if picked else redirect(back)


# The Soll ----------------------------------------------------------------------------------------


def target_list(request, shown):
    """Who is concerned, those first for whom it is not too late; for one role profile, if one was asked for."""
    profiles = profiles_of(shown.rows)
    asked = [profile for profile, _ in profiles if str(profile.pk) == request.GET.get("profil")]
    profile = asked[0] if asked else profiles[0][0] if len(profiles) == 1 else None
    rows = [row for row in shown.rows if profile is None or row.profile == profile.pk]
    ordered = sorted(rows, key=lambda row: row.is_late)
    page = page_of(request, ordered)
    asking = {"art": shown.word, **({"profil": profile.pk} if profile else {})}
    return {
        "page": page,
        "pending": pending_on(page),
        "profile": profile,
        "profiles": profiles,
        "late": sum(row.is_late for row in rows),
        "new_days": NEW.days,
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
    shown = Participation.objects.filter(pk__in=late).select_related("round", "person").in_bulk()
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
    said = {"summary": summary, "all_count": len(waiting), "all_read": stamp(told, sorted(waiting))}
    return said, pending


@require_POST
@for_hr
def decide(request, pk):
    """Take over or decline: for those chosen on the page, or for all with one role."""
    found = running(request, pk)
    word = request.POST.get("art")
    back = f"{reverse('assessments:round_changes', args=[pk])}?{urlencode({'art': word or 'profil'})}"
    answer_ = {"uebernehmen": True, "ablehnen": False}.get(request.POST.get("entscheidung"))
    if word not in concerned.KINDS or answer_ is None:
        return redirect(back)
    chosen = everybody(request, found, word) if "alle" in request.POST else those_chosen(request, found)
    if chosen is None:
        messages.warning(request, OTHERWISE_BY_NOW)
        return redirect(back)
    seen = sorted(chosen.items())
    if not seen:
        messages.error(request, NOBODY_CHOSEN)
        return redirect(back)
    about = {"subject": f"{pk} {word}", "title": f"Geändertes Soll: {found}", "by": request.user, "taken_over": answer_}
    return answer(request, begin(DECIDING, items=seen, **about), otherwise=back)


def everybody(request, round_, word):
    """All who wait with the role that was sent, and what was shown of each; None if that is not what was shown."""
    rows = concerned.waiting(word, round_, request.user, hidden_from(request.user))
    rows = [row for row in rows if str(row.profile) == request.POST.get("profil") and not row.is_late]
    said, pending = for_all(rows)
    if said.get("all_read") != request.POST["alle"]:
        return None
    return {pk: one.stamp for pk, one in pending.items()}


def those_chosen(request, round_):
    """What was shown of each participation ticked, by its id."""
    ticked = [mark.split("-") for mark in request.POST.getlist("auswahl") if mark.count("-") == 1]
    seen = {id_in(pk): read for pk, read in ticked if id_in(pk)}
    return {pk: seen[pk] for pk in round_.participations.filter(pk__in=seen).values_list("pk", flat=True)}


# Taking part after all ---------------------------------------------------------------------------


@require_POST
@for_hr
def take_in_again(request, pk, participation):
    """HR lets somebody take part who has asked for it; there is no other way back."""
    found = running(request, pk)
    row = get_object_or_404(found.participations.select_related("round"), pk=participation)
    try:
        taken_in = declining.take_in_again(participation=row)
    except TooLate as problem:
        messages.error(request, str(problem))
        return redirect(found)
    if taken_in:
        messages.success(request, f"{row.person_name} nimmt wieder teil. Die Fristen lassen genug Zeit.")
    elif row.takes_part:
        messages.info(request, f"{row.person_name} nimmt an dieser Runde teil. Es wurde nichts geändert.")
    else:
        messages.error(request, f"{row.person_name} hat nicht darum gebeten. Es wurde nichts geändert.")
    return redirect(f"{reverse('assessments:round_changes', args=[pk])}?art=doch")
