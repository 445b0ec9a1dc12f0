"""What has changed since a running round was opened: managers, roles, role profiles, people who have left."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import Participation, Round, TalkProgress
from kompetenz.forms.stamp import stamp, was_read
from kompetenz.jobs.batches import answer, begin
from kompetenz.lists import id_in, page_of
from kompetenz.people.access import for_hr
from kompetenz.people.deputies.naming import concerning, concerning_before
from kompetenz.people.models import Person
from kompetenz.refusals import Refused, TooLate
from roles.models import RoleProfile, hidden_from

from . import declining, earlier_rounds, handing_over, target_changes
from .deciding import DECIDING

TARGETS = {"rolle": target_changes.with_other_role, "profil": target_changes.with_changed_profile}
OTHERWISE_BY_NOW = "Inzwischen hat sich etwas geändert. Es wurde nichts gespeichert; bitte prüfen Sie noch einmal."
ANSWERS = {
    "ja": "{} liest jetzt Ihre früheren Runden. Sie können das hier jederzeit beenden.",
    "nein": "{} liest Ihre früheren Runden nicht. Sie können das hier jederzeit ändern.",
}
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
        rows = waiting(word, round_, user, hidden)
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


@dataclass(frozen=True)
class Waiting:
    """A participation whose role asks something else today: its id, the role's, how far its talk is, the frozen role's id."""

    pk: int
    profile: int
    talk_state: int
    frozen: int

    @property
    def is_late(self):
        return self.talk_state >= TalkProgress.RECORDED


def waiting(word, round_, user, hidden):
    """Those of one kind that are ``user``'s to decide on: of others, and of no role ``hidden`` from themselves."""
    rows = TARGETS[word](round_).of_others(user).values_list("pk", "present_profile", "talk_state", "profile")
    return [row for row in (Waiting(*row) for row in rows) if hidden.isdisjoint({row.profile, row.frozen})]


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
    if word not in TARGETS or answer_ is None:
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
    rows = waiting(word, round_, request.user, hidden_from(request.user))
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


# The person's own hand-over ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def entrust(request, pk):
    """The person gives a plan that outlives its round to their manager of today: a page that says what that means."""
    own = Participation.objects.of_person(request.user).select_related("round", "person__manager")
    found = get_object_or_404(own, pk=pk)
    manager = found.person.manager
    if request.method == "GET" and handing_over.may_be_entrusted(found):
        return render(request, "assessments/entrust.html", {"participation": found, "manager": manager})
    try:
        handing_over.entrust(participation=found, manager=id_in(request.POST.get("an", "")))
    except TooLate as problem:
        is_done = manager and found.manager_id == manager.pk
        messages.warning(request, f"{manager} führt dies schon mit Ihnen weiter." if is_done else str(problem))
    else:
        messages.success(request, f"Übergeben. {manager} bekommt eine Nachricht und führt dies mit Ihnen weiter.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def open_earlier_rounds(request):
    """The person says whether their manager of today may read the rounds that ended with another one; they can say otherwise later."""
    own = Participation.objects.of_person(request.user).select_related("round").order_by("-round__opened_at")
    found, said = earlier_rounds.of_person(request.user, own), request.POST.get("antwort")
    if found is None:
        messages.info(request, "Es gibt keine früheren Runden, über die Sie hier entscheiden könnten.")
        return redirect("my_data")
    if said not in ANSWERS:
        return render(request, "assessments/earlier_rounds.html", {"earlier_rounds": found})
    if said == "ja" and not was_read(request, found.stamp):
        messages.warning(request, earlier_rounds.MORE)
        return redirect("assessments:earlier_rounds")
    try:
        manager = id_in(request.POST.get("an", ""))
        earlier_rounds.answer(person=request.user, manager=manager, agrees=said == "ja")
    except TooLate as problem:
        messages.warning(request, str(problem))
        return redirect("assessments:earlier_rounds")
    messages.success(request, ANSWERS[said].format(found.manager))
    return redirect(f"{reverse('my_data')}#fruehere-runden")


# Not taking part ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def decline(request, pk):
    """The person does not take part: a page that says what that means, and one button."""
    own = Participation.objects.of_person(request.user).select_related("round")
    found = get_object_or_404(own if request.method == "POST" else own.taking_part(), pk=pk)
    if request.method == "GET" and found.may_decline:
        return render(request, "assessments/decline.html", {"participation": found, "round": found.round})
    if request.method == "GET":
        messages.error(request, declining.why_not(found))
        return redirect(found)
    try:
        declining.decline(participation=found)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Sie nehmen an dieser Runde nicht teil.")
    return redirect(found)


@require_POST
def ask_back(request, pk):
    """The person would like to take part after all; HR reads that they ask, and nothing else."""
    own = Participation.objects.of_person(request.user).select_related("round")
    found = get_object_or_404(own, pk=pk)
    if found.takes_part:
        messages.info(request, "Sie nehmen an dieser Runde teil.")
        return redirect(found)
    try:
        declining.ask_back(participation=found)
    except TooLate as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Die Personalentwicklung liest, dass Sie doch teilnehmen möchten.")
    return redirect(found)


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


# On the page of one participation ---------------------------------------------------------------


def since_start(participation, comparison):
    """What of all this the person and the manager read, as far as the Soll may be seen by this reader."""
    sees_target = comparison.shows_target
    hand_overs = handing_over.hand_overs_of(participation.pk)
    awaits_hand_over = participation.round.is_open and handing_over.is_due(participation)
    deputies = deputies_of(participation) if participation.round.is_open else []
    may_entrust = participation.person_id == comparison.user.pk and handing_over.may_be_entrusted(participation)
    return {
        "hand_overs": hand_overs,
        "awaits_hand_over": awaits_hand_over,
        "deputies": deputies,
        "former_deputies": former_deputies_of(participation, hand_overs) if participation.round.is_open else [],
        "may_entrust": may_entrust,
        "tells_of_managers": bool(hand_overs or awaits_hand_over or deputies or may_entrust),
        "decided": target_changes.decided_for(participation) if sees_target else [],
        "pending": target_changes.pending_for(participation) if sees_target else None,
    }


def deputies_of(participation):
    """Who has acted for the manager of this participation since its round was opened, does or will, the last to end first.

    Nobody, once the person has another manager.
    """
    if participation.manager_id != participation.person.manager_id:
        return []
    return list(concerning(participation.person).lasting_until(timezone.localdate(participation.round.opened_at)))


def former_deputies_of(participation, hand_overs):
    """Who has acted in it for managers whom the person does not have any more; a query where there are any."""
    managers = {participation.manager_id, *(one.from_person_id for one in hand_overs)}
    former = managers - {participation.person.manager_id, None}
    if not former:
        return []
    named = concerning_before(participation.person).of_managers(former)
    return list(named.lasting_until(timezone.localdate(participation.round.opened_at)))
