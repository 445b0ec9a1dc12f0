"""Which letters a round writes, to whom and when. None of them says more than that there is something, and where.

Everything a letter hints at stands in "Meine Aufgaben", too: whoever gets none misses nothing.
"""

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation, Progress, Round, goes_on
from kompetenz import hooks
from kompetenz.letters.attaching import calendar_of
from kompetenz.letters.models import Letter
from kompetenz.letters.writing import moment_in_key, write_letters
from kompetenz.people.models import Deputy, Person

from .calendar import awaits_date, talk_event

KINDS = Letter.Kind


def people_of(participations, whose):
    """The participants, or whoever leads one of them today; see ``leading``."""
    if whose == "manager":
        return leading(participations)
    return Person.objects.filter(pk__in=participations.values("person"))


def leading(participations):
    """The managers of these participations and their deputies of today, as far as they have access.

    A former manager has none, from the day the person has another; a deputy has it for the people named.
    """
    present = participations.filter(manager=F("person__manager"))
    entrusted = Deputy.acting_for(present.values("person"))
    return Person.objects.filter(Q(pk__in=present.values("manager")) | Q(pk__in=entrusted.values("deputy__person")))


def own_page(participations):
    """A function from a person to the page of their participation among these; one query."""
    pages = dict(participations.values_list("person", "pk"))
    return lambda person: reverse("assessments:participation", args=[pages[person.pk]])


def write_to(participations, whose, *, kind, key):
    """A letter with this key to each person, or to whoever leads one of them; how many are new.

    Managers and deputies get one, however many people it is about.
    """
    page = own_page(participations) if whose == "person" else reverse("assessments:team")
    return write_letters(kind=kind, key=f"{key}-{whose}", path=page, people=people_of(participations, whose))


def invite(participations, *, first=None):
    """Tell new participants and their managers that a round has begun for them; they all are of one round.

    Each time again: a manager of whose people one enters later, and whoever was removed and is admitted once more. But once where
    many are told bit by bit: then ``first`` is the id of the first of all of them.
    """
    keys = [participation.pk for participation in participations]
    rows = Participation.objects.filter(pk__in=keys)
    key = f"round-{participations[0].round_id}-invitation-{first or keys[0]}"
    for whose in ("person", "manager"):
        write_to(rows, whose, kind=KINDS.INVITATION, key=key)


def tell_of_release(assessment):
    """Tell the other side once they may see something they could not see before.

    Once as long as the person takes part, also where it is taken back and given again; but a letter that was discarded has told nobody.
    """
    participation = Participation.objects.select_related("round").get(pk=assessment.participation_id)
    if not participation.both_released and participation.round.disclosure != Round.Disclosure.EACH:
        return
    this, key = Participation.objects.filter(pk=participation.pk), f"participation-{participation.pk}-release"
    people = people_of(this, "manager" if assessment.is_self else "person")
    told = Letter.objects.filter(person__in=people, key__startswith=f"{key}-{assessment.kind}")
    told = told.exclude(state=Letter.State.DISCARDED)
    write_letters(
        kind=KINDS.RELEASE,
        key=f"{key}-{assessment.kind}-{moment_in_key(assessment.released_at)}",
        path=participation.get_absolute_url(),
        people=people.exclude(pk__in=told.values("person")),
    )


def forget_releases(participation, kind=""):
    """Whoever declines has released nothing: what was told of it counts no more, should they take part after all.

    Of one ``kind`` alone, if that is said.
    """
    Letter.objects.filter(key__startswith=f"participation-{participation.pk}-release-{kind}").delete()


def tell_of_entry(assessment):
    """Tell the person that somebody has typed in the Selbsteinschätzung they had filled in on paper."""
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{assessment.participation_id}-entered-{moment_in_key()}",
        path=assessment.get_absolute_url(),
        people=[assessment.participation.person],
    )


def tell_who_entered(assessment, people=None):
    """Tell whoever has typed in a Selbsteinschätzung from paper, or all ``people`` who have, what the person has answered to that."""
    participation = Participation.objects.filter(pk=assessment.participation_id)
    who = Person.objects.employed().filter(pk__in=[one.pk for one in people or [assessment.entered_by] if one])
    # Only to whom the page that says so is still open: a manager may have another team by now, HR another task.
    still = [person for person in who if participation.of_papers_for(person).exists()]
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{assessment.participation_id}-entry-{moment_in_key()}",
        path=reverse("assessments:enter_from_paper", args=[assessment.participation_id]),
        people=still,
    )


def tell_of_record(talk):
    """Tell the person that the result of their talk waits for their Kenntnisnahme."""
    participation = talk.participation
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{participation.pk}-record-{moment_in_key(talk.recorded_at)}",
        path=reverse("assessments:talk", args=[participation.pk]),
        people=[participation.person],
    )


def tell_of_return(talk):
    """Tell whoever leads the person that the record has come back with something to change."""
    _tell_the_managers_side(talk, f"returned-{moment_in_key(talk.returned_at)}")


def tell_of_answer(acknowledgement):
    """Tell whoever leads the person that they have answered the record, and whether they have declined."""
    _tell_the_managers_side(acknowledgement.talk, "declined" if acknowledgement.declined else "answer")


def _tell_the_managers_side(talk, key):
    write_letters(
        kind=KINDS.NOTICE,
        key=f"participation-{talk.participation_id}-record-{key}",
        path=reverse("assessments:talk", args=[talk.participation_id]),
        people=leading(Participation.objects.filter(pk=talk.participation_id)),
    )


def talk_calendar(participations, reader, *, is_off=False):
    """The file that enters the dates of these talks in the calendar of ``reader``, or takes them out of it."""
    return calendar_of([talk_event(row, reader) for row in participations], is_off=is_off)


def the_two(participation):
    """The person and their manager of today, in whose calendars their talk stands."""
    return [one for one in (participation.person, participation.person.manager) if one]


def tell_of_talk_date(participation, *, people=None, was_at=None):
    """Tell ``people``, else the person, when the talk will be, with a file for their calendars.

    Or that there is no date any more, after it ``was_at`` a time: then it goes from there. Each change is told, back
    and forth.
    """
    row, people, is_off = participation, people or [participation.person], participation.talk_at is None
    key = f"talk-off-{row.pk}-{moment_in_key()}" if is_off else f"participation-{row.pk}-talk-{moment_in_key()}"
    kind = KINDS.NOTICE if is_off else KINDS.TALK
    row.talk_at = row.talk_at or was_at
    files = {one: talk_calendar([row], one, is_off=is_off) for one in people}
    row.talk_at = None if is_off else row.talk_at
    write_letters(kind=kind, key=key, path=row.get_absolute_url(), people=people, calendar=files.get)


def tell_that_talks_are_off(participations):
    """Take the talks to come of these participations out of the calendars of both; they rest, end or are removed.

    ``participations`` come with their person and round.
    """
    theirs = {}
    for row in participations:
        if awaits_date(row):
            for one in the_two(row):
                theirs.setdefault(one, []).append(row)
    take_talks_off(theirs)


def take_talks_off(theirs):
    """Take the talks of ``{person: participations}`` out of each one's calendar.

    The letters lead to the start page: what they are about may be gone.
    """
    write_letters(
        kind=KINDS.NOTICE,
        key=f"talks-off-{moment_in_key()}",
        path=reverse("start"),
        people=list(theirs),
        calendar=lambda one: talk_calendar(theirs[one], one, is_off=True),
    )


def tell_that_talks_are_on_again(participations):
    """Enter the talks to come of these participations, which go on after a rest, in both calendars again."""
    for row in participations:
        if awaits_date(row):
            tell_of_talk_date(row, people=the_two(row))


@hooks.register("people_moved_on")
def move_talks(pairs):
    """Talks to come go from the calendars of who is not the manager any more, and of both if the person leaves before.

    They come to those in whose calendars they belong by now; to a new manager with the hand-over.
    """
    people, gone = {now.pk: (before, now) for before, now in pairs}, {}
    rows = Participation.objects.filter(person__in=people, round__state=Round.State.OPEN, talk_at__gt=timezone.now())
    for row in rows.filter(paused_on=None, declined_on=None).select_related("round"):
        before, now = people[row.person_id]
        had, has = (set(holders(row, one)) if awaits_date(row) else set() for one in (before, now))
        for one in had - has:
            gone.setdefault(one, []).append(row)
        if has - had:
            tell_of_talk_date(row, people=list(has - had))
    if gone:
        take_talks_off(gone)


def holders(participation, person):
    """In whose calendars the date of the talk belongs, as ``person``, whose it is, works here and for a manager."""
    if not person.works_here_on(timezone.localdate(participation.talk_at)):
        return []
    manages = person.manager_id is not None and participation.manager_id == person.manager_id
    return [person, person.manager] if manages else [person]


def moment_of(job):
    """The moment in which a job wrote its first letters: a manager hears of all that it does in one."""
    return job.options.setdefault("moment", moment_in_key())


def tell_of_removal(participations, *, moment=""):
    """Tell the people, and whoever leads them, that these participations are about to be removed with everything in them.

    The letters lead to the start page: nothing of it is left to be shown. ``moment`` see moment_of.
    """
    moment, first = moment or moment_in_key(), participations.first()
    for whose in ("person", "manager") if first else ():
        write_letters(
            kind=KINDS.REMOVAL,
            key=f"removed-{first.round_id}-{moment}-{whose}",
            path=reverse("start"),
            people=people_of(participations, whose),
        )


def tell_of_new_targets(participations, *, moment=""):
    """Tell both sides that another Soll has taken the place of the one beside which somebody has rated; ``moment`` see moment_of.

    Not the person as long as it is hidden from them: their page does not show yet what is new.
    """
    moment, rounds = moment or moment_in_key(), {}
    for row in participations:
        if row.self_is_released or row.manager_is_released:
            rounds.setdefault(row.round_id, []).append(row.pk)
    for round_, keys in rounds.items():
        rows, about = (
            Participation.objects.filter(pk__in=keys),
            {"kind": KINDS.NOTICE, "key": f"targets-{round_}-{moment}"},
        )
        write_to(rows.exclude(round__hides_target=True, self_state__lt=Progress.RELEASED), "person", **about)
        write_to(rows, "manager", **about)


def tell_of_resuming(participations, *, moment=""):
    """Tell both sides that these participations of a running round, which have rested, go on; ``moment`` see moment_of."""
    rows = Participation.objects.filter(goes_on(), round__state=Round.State.OPEN)
    rows, moment = rows.filter(pk__in=[row.pk for row in participations]), moment or moment_in_key()
    first = rows.first()
    for whose in ("person", "manager") if first else ():
        write_to(rows, whose, kind=KINDS.NOTICE, key=f"resumed-{first.round_id}-{moment}")


def tell_of_end(participations):
    """Tell whoever has not released what they had begun that the round has ended; ``participations`` are of one round.

    Once, also where many are told bit by bit.
    """
    for whose, begun in (
        ("person", {"self_state": Progress.STARTED}),
        ("manager", {"manager_state": Progress.STARTED}),
    ):
        rows = participations.filter(goes_on(), **begun)
        if first := rows.first():
            write_to(rows, whose, kind=KINDS.NOTICE, key=f"round-{first.round_id}-closed")


def invite_again(participation):
    """Tell the person, and whoever leads them, that they take part after all."""
    rows = Participation.objects.filter(pk=participation.pk)
    for whose in ("person", "manager"):
        key = f"participation-{participation.pk}-again-{moment_in_key()}"
        write_to(rows, whose, kind=KINDS.INVITATION, key=key)


def tell_of_hand_overs(hand_overs, *, first=None):
    """Tell each person, and each new manager once, that they go on together; ``first`` is the first id, if these are not all."""
    if not hand_overs:
        return
    rows = Participation.objects.filter(pk__in=[row.participation_id for row in hand_overs])
    for whose in ("person", "manager"):
        write_to(rows, whose, kind=KINDS.HAND_OVER, key=f"hand-over-{first or hand_overs[0].pk}")
    dated = rows.filter(talk_at__gt=timezone.now(), paused_on=None, declined_on=None)
    for row in dated.select_related("person", "manager", "round"):
        if awaits_date(row) and row.person.works_here_on(timezone.localdate(row.talk_at)):
            tell_of_talk_date(row, people=[row.manager])


def tell_of_entrusting(hand_over):
    """Tell whoever leads the person that they go on with a plan whose round has ended; the person has said so themselves."""
    rows = Participation.objects.filter(pk=hand_over.participation_id)
    write_to(rows, "manager", kind=KINDS.HAND_OVER, key=f"hand-over-{hand_over.pk}")
