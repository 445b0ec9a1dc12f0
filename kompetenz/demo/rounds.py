"""Three rounds of the demo district: one of last year, one that runs, one in preparation."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from types import MappingProxyType

from django.utils import timezone

from assessments.answering import paper_entry
from assessments.changes import declining
from assessments.models import (
    Acknowledgement,
    AgreedLevel,
    Assessment,
    Participation,
    Progress,
    Rating,
    Remark,
    Round,
    Side,
    StockTaking,
    Talk,
    TalkProgress,
    Target,
)
from assessments.rounds.closing import close_round
from assessments.rounds.opening import open_round
from assessments.rounds.schedule import working_day_until
from kompetenz.catalogue.models import Edition
from kompetenz.letters.models import Letter
from kompetenz.people.models import Unit
from kompetenz.refusals import Refused
from kompetenz.results import publishing
from kompetenz.results.models import Publication
from learningplans.models import GoalTally
from learningplans.synergies import counting
from roles.models import Requirement, RoleProfile

from . import texts
from .levels import agreed_of, views_of

BATCH = 2000
TOOK_STOCK = 0.4  # the share of those who began their self-assessment
SHARED = 0.7  # the share of these who shared the Bestandsaufnahme once they released
CHUNK = 400  # participations written at a time, so that a large district fits into memory


@dataclass(frozen=True)
class Stage:
    """How far a participation has come; the record of a talk that is CONFIRMED has been answered."""

    own: Progress
    manager: Progress
    talk: TalkProgress = TalkProgress.OPEN
    has_plan: bool = False
    own_answers: int | None = None  # of a begun self-assessment; None lets chance decide


NOT_BEGUN = Stage(Progress.OPEN, Progress.OPEN)
BEGUN = Stage(Progress.STARTED, Progress.OPEN)
BEGUN_BY_BOTH = Stage(Progress.STARTED, Progress.STARTED)
OWN_RELEASED = Stage(Progress.RELEASED, Progress.STARTED)
MANAGER_RELEASED = Stage(Progress.STARTED, Progress.RELEASED)
BOTH_RELEASED = Stage(Progress.RELEASED, Progress.RELEASED)
TALKING = Stage(Progress.RELEASED, Progress.RELEASED, TalkProgress.STARTED)
RECORDED = Stage(Progress.RELEASED, Progress.RELEASED, TalkProgress.RECORDED)
CONFIRMED = Stage(Progress.RELEASED, Progress.RELEASED, TalkProgress.CONFIRMED)
PLANNED = Stage(Progress.RELEASED, Progress.RELEASED, TalkProgress.CONFIRMED, has_plan=True)

OPEN_STAGES = {
    NOT_BEGUN: 7,
    BEGUN: 7,
    BEGUN_BY_BOTH: 5,
    OWN_RELEASED: 8,
    MANAGER_RELEASED: 5,
    BOTH_RELEASED: 9,
    TALKING: 5,
    RECORDED: 8,
    CONFIRMED: 12,
    PLANNED: 70,
}
CLOSED_STAGES = {PLANNED: 84, CONFIRMED: 8, RECORDED: 3, BOTH_RELEASED: 3, BEGUN: 2}
TEAM_STAGES = [MANAGER_RELEASED, TALKING, RECORDED, PLANNED, OWN_RELEASED, NOT_BEGUN, CONFIRMED]
FIXED_STAGES = {
    "employee": Stage(Progress.STARTED, Progress.OPEN, own_answers=17),
    "ready": BOTH_RELEASED,
    "manager": RECORDED,
    "hr": OWN_RELEASED,
}


@dataclass(frozen=True)
class Timetable:
    """When things happen, in days after the opening; each pair is the earliest and the latest day.

    ``own_late`` and ``manager_late`` hold for those who have had no talk yet.
    """

    opened: date
    own: tuple[int, int]
    manager: tuple[int, int]
    talk: tuple[int, int]
    own_late: tuple[int, int]
    manager_late: tuple[int, int]


@dataclass
class DemoCourse:
    """What one participation has come to: levels by competency id, and on which days."""

    participation: Participation
    stage: Stage
    own: dict
    manager: dict
    own_on: date
    manager_on: date
    held_on: date
    agreed: dict = field(default_factory=dict)
    talk: Talk | None = None
    declined: bool = False


def moment(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def hold_last_years(people):
    """The round of two departments a year ago, ended; answers (round, courses)."""
    today = timezone.localdate()
    opened = working_day_until(today - timedelta(days=365))
    round_ = Round.objects.create(
        title=f"Pilotrunde {opened.year}",
        purpose=texts.PURPOSE_PILOT,
        self_due=opened + timedelta(days=21),
        manager_due=opened + timedelta(days=28),
        talk_due=opened + timedelta(days=56),
        created_by=account(people, "hr"),
    )
    round_.units.set(Unit.objects.filter(number__in=["I", "III"]))
    begin(round_, opened, account(people, "hr"))
    Edition.objects.filter(pk=round_.edition_id).update(created_at=round_.opened_at)
    times = Timetable(opened, (2, 20), (4, 27), (30, 54), (2, 40), (4, 45))
    courses = carry_out(round_, times, closed_stages(round_, people), Random("Landkreis Musterland: Pilotrunde"))
    close_round(round_=round_)
    Round.objects.filter(pk=round_.pk).update(closed_at=moment(opened + timedelta(days=75)))
    return round_, courses


def publish_last_years(round_, people):
    """What it said in the end, with the plans that came of it."""
    publishing.begin_publishing(round_=round_, is_for_all=True, by=account(people, "hr"), at_once=True)
    Publication.objects.update(at=round_.opened_at + timedelta(days=80))


def hold_this_years(people, reached):
    """The round that runs: its first deadline has passed; answers (round, courses).

    ``reached`` are the levels of those who took part before, by person id and competency id.
    """
    today = timezone.localdate()
    opened = working_day_until(today - timedelta(days=35))
    round_ = Round.objects.create(
        title=f"Kompetenzrunde {today.year}",
        purpose=texts.PURPOSE,
        self_due=today - timedelta(days=3),
        manager_due=today + timedelta(days=11),
        talk_due=today + timedelta(days=39),
        has_peers=True,
        peer_due=today - timedelta(days=1),
        created_by=account(people, "hr"),
    )
    begin(round_, opened, account(people, "hr"))
    times = Timetable(opened, (2, 13), (4, 17), (19, 26), (2, 32), (4, 32))
    rng = Random("Landkreis Musterland: laufende Runde")
    courses = carry_out(round_, times, open_stages(round_, people), rng, reached)
    adjust_targets(courses, account(people, "ready"), opened)
    take_stock(courses, people)
    let_one_decline(courses, people)
    type_one_in(courses, account(people, "hr"))
    return round_, courses


def publish_so_far(round_, people):
    """What the talks and plans agreed so far say, as HR has had them counted today; of too few nothing."""
    with suppress(Refused):
        publishing.begin_publishing(round_=round_, is_for_all=False, by=account(people, "hr"), at_once=True)
    with suppress(Refused):
        counting.take_stock(by=account(people, "hr"))
    for counted in (Publication.objects.of(round_), GoalTally.objects.all()):
        counted.update(at=moment(timezone.localdate(), 8))


def let_one_decline(courses, people):
    """Somebody has said, a week after the opening, that they do not take part."""
    accounts = {person.pk for someone, person in people if someone.account}
    declining_one = next(
        course for course in courses if course.stage == NOT_BEGUN and course.participation.person_id not in accounts
    )
    declining.decline(participation=declining_one.participation)
    day = timezone.localdate(declining_one.participation.round.opened_at) + timedelta(days=7)
    Participation.objects.filter(pk=declining_one.participation.pk).update(declined_on=day)
    courses.remove(declining_one)


def type_one_in(courses, by):
    """HR has typed in the paper of somebody who has not confirmed it yet."""
    waiting = [course for course in courses if course.stage == NOT_BEGUN and course.participation.person_id != by.pk]
    for course in waiting[1:2]:
        levels = {pk: level or 0 for pk, level in course.own.items()}
        paper_entry.enter(participation=course.participation, by=by, levels=levels)


def prepare_next(people):
    """A round for the coming quarter, not opened yet."""
    today = timezone.localdate()
    quarter = (today.month - 1) // 3 + 1
    begins = date(today.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    round_ = Round.objects.create(
        title=f"Führung im digitalen Wandel {begins.year}",
        purpose=texts.PURPOSE_DRAFT,
        self_due=begins + timedelta(days=27),
        manager_due=begins + timedelta(days=34),
        talk_due=begins + timedelta(days=69),
        has_peers=True,
        peer_due=begins + timedelta(days=34),
        disclosure=Round.Disclosure.TALK,
        created_by=account(people, "hr"),
    )
    round_.profiles.set(RoleProfile.objects.filter(key="fuehrungskraft"))
    return round_


def account(people, key):
    return next(person for someone, person in people if someone.account == key)


def begin(round_, opened, by):
    """Open a round as HR does, and date it back."""
    opened_round = open_round(round_=round_, by=by)
    round_.state, round_.edition_id = opened_round.state, opened_round.edition_id
    round_.opened_at = moment(opened, 9)
    Round.objects.filter(pk=round_.pk).update(opened_at=round_.opened_at)
    round_.participations.update(admitted_on=opened)
    invitations = Letter.objects.filter(state=Letter.State.WAITING)
    invitations.update(
        state=Letter.State.SENT, written_at=round_.opened_at, claimed_at=round_.opened_at, sent_on=opened
    )


def closed_stages(round_, people):
    """Stage by participation: the manager account's office has finished everything."""
    rng = Random("Landkreis Musterland: Stand der Pilotrunde")
    office = {person.pk for someone, person in people if someone.unit == "16"}
    kinds, weights = list(CLOSED_STAGES), list(CLOSED_STAGES.values())
    return {
        participation: PLANNED if participation.person_id in office else rng.choices(kinds, weights)[0]
        for participation in round_.participations.all()
    }


def open_stages(round_, people):
    """Stage by participation: the fixed accounts first, their team in every state, then chance."""
    rng = Random("Landkreis Musterland: Stand der laufenden Runde")
    fixed = {person.pk: FIXED_STAGES.get(someone.account) for someone, person in people if someone.account}
    manager = account(people, "manager")
    team, everyone = iter(TEAM_STAGES), iter(OPEN_STAGES)
    kinds, weights = list(OPEN_STAGES), list(OPEN_STAGES.values())
    stages = {}
    for participation in round_.participations.all():
        waiting = team if participation.manager_id == manager.pk else everyone
        stages[participation] = (
            fixed.get(participation.person_id) or next(waiting, None) or rng.choices(kinds, weights)[0]
        )
    return stages


def carry_out(round_, times, stages, rng, reached=MappingProxyType({})):
    """Write everything that has happened in ``round_``: answers, talks, records; answers the courses."""
    asked = defaultdict(dict)
    profiles = {participation.profile_id for participation in stages}
    for requirement in Requirement.objects.filter(profile__in=profiles):
        asked[requirement.profile_id][requirement.competency_id] = requirement.level
    courses = [course_of(participation, stage, times, asked, rng, reached) for participation, stage in stages.items()]
    decline_one(courses)
    for start in range(0, len(courses), CHUNK):
        write(courses[start : start + CHUNK], rng)
    return courses


def course_of(participation, stage, times, asked, rng, reached):
    before, highest = reached.get(participation.person_id, {}), participation.round.catalogue.highest
    own, manager = views_of(rng, asked[participation.profile_id], before, highest)
    late = stage.talk == TalkProgress.OPEN

    def day(earliest_and_latest):
        return working_day_until(times.opened + timedelta(days=rng.randint(*earliest_and_latest)))

    return DemoCourse(
        participation,
        stage,
        own,
        manager,
        day(times.own_late if late else times.own),
        day(times.manager_late if late else times.manager),
        day(times.talk),
    )


def decline_one(courses):
    """One person of the round has declined to take note, and says why."""
    confirmed = [course for course in courses if course.stage.talk == TalkProgress.CONFIRMED]
    if confirmed:
        confirmed[len(confirmed) // 3].declined = True


def write(courses, rng):
    write_states(courses)
    write_answers(courses, rng)
    write_talks(courses, rng)


def write_states(courses):
    """Set what the participations repeat of their assessments and talks."""
    by_stage = defaultdict(list)
    for course in courses:
        by_stage[course.stage].append(course.participation.pk)
    for stage, pks in by_stage.items():
        Participation.objects.filter(pk__in=pks).update(
            self_state=stage.own, manager_state=stage.manager, talk_state=stage.talk
        )


def write_answers(courses, rng):
    by_pk = {course.participation.pk: course for course in courses}
    ratings, remarks, released = [], [], defaultdict(list)
    for assessment in Assessment.objects.filter(participation__in=by_pk).order_by("pk"):
        course = by_pk[assessment.participation_id]
        levels, state, released_on = side_of(course, assessment)
        given = list(levels)[: number_answered(state, course.stage if assessment.is_self else None, rng)]
        ratings += [Rating(assessment_id=assessment.pk, competency_id=pk, level=levels[pk]) for pk in given]
        remarks += remarks_on(assessment, given, rng)
        if state == Progress.RELEASED:
            released[released_on].append(assessment.pk)
    Rating.objects.bulk_create(ratings, batch_size=BATCH)
    Remark.objects.bulk_create(remarks, batch_size=BATCH)
    for day, pks in released.items():
        Assessment.objects.filter(pk__in=pks).update(released_at=moment(day, 9 + day.day % 7))


def side_of(course, assessment):
    if assessment.is_self:
        return course.own, course.stage.own, course.own_on
    return course.manager, course.stage.manager, course.manager_on


def number_answered(state, own_stage, rng):
    """How many of the 25 have an answer; all once released."""
    if state == Progress.STARTED:
        chance = rng.randint(4, 22)
        return own_stage.own_answers or chance if own_stage else chance
    return None if state == Progress.RELEASED else 0


def remarks_on(assessment, given, rng):
    written = texts.OWN_REMARKS if assessment.is_self else texts.MANAGER_REMARKS
    count = min(len(given), rng.choice([0, 0, 1, 1, 2]))
    return [
        Remark(assessment=assessment, competency_id=competency, text=text)
        for competency, text in zip(rng.sample(given, count), rng.sample(written, count), strict=True)
    ]


def write_talks(courses, rng):
    held = [course for course in courses if course.stage.talk != TalkProgress.OPEN]
    for course in held:
        course.agreed = agreed_of(rng, course.own, course.manager)
        course.talk = talk_of(course, rng)
    Talk.objects.bulk_create([course.talk for course in held], batch_size=BATCH)
    AgreedLevel.objects.bulk_create(
        [agreed for course in held for agreed in agreed_levels(course, rng)], batch_size=BATCH
    )
    Acknowledgement.objects.bulk_create(
        [answer for course in held for answer in acknowledgements(course, rng)], batch_size=BATCH
    )


def talk_of(course, rng):
    recorded = course.stage.talk >= TalkProgress.RECORDED
    return Talk(
        participation=course.participation,
        held_on=course.held_on,
        place=rng.choice(texts.PLACES),
        attendees=rng.choice(texts.ATTENDEES) if rng.random() < 0.05 else "",
        person_statement=rng.choice(texts.STATEMENTS) if recorded and rng.random() < 0.15 else "",
        recorded_at=moment(course.held_on, 15) if recorded else None,
        recorded_by_id=course.participation.manager_id if recorded else None,
    )


def agreed_levels(course, rng):
    """All of them in a record, the first half in a talk that still goes on."""
    settled = list(course.agreed)
    if course.stage.talk == TalkProgress.STARTED:
        settled = settled[: len(settled) // 2]
    return [
        AgreedLevel(
            talk_id=course.talk.pk,
            competency_id=competency,
            level=course.agreed[competency],
            reason=rng.choice(texts.REASONS) if far_apart(course, competency) else "",
        )
        for competency in settled
    ]


def far_apart(course, competency):
    manager = course.manager[competency]
    return manager is not None and abs(course.own[competency] - manager) >= 2


def acknowledgements(course, rng):
    """The person's answer to the record, given on one of the days after it."""
    if course.stage.talk != TalkProgress.CONFIRMED:
        return []
    return [
        Acknowledgement(
            talk=course.talk,
            side=Side.PERSON,
            by_id=course.participation.person_id,
            declined=course.declined,
            statement=texts.REFUSAL if course.declined else "",
            at=moment(course.held_on + timedelta(days=rng.randint(1, 5)), 8),
        )
    ]


def adjust_targets(courses, ready, opened):
    """A few are to do more than their role profile asks: their manager has said so before they released."""
    released = [course for course in courses if course.stage.own == Progress.RELEASED]
    own_soll = [course.participation.pk for course in released if course.participation.person_id == ready.pk]
    own_soll += [course.participation.pk for course in released if course.participation.pk not in own_soll][:2]
    by_pk = {course.participation.pk: course for course in released}
    targets = Target.objects.filter(competency__key=texts.TARGET_OF, participation__in=own_soll, level__range=(1, 2))
    for target in targets.order_by("pk"):
        target.level, target.reason = target.level + 1, texts.TARGET_REASON
        before = working_day_until(by_pk[target.participation_id].own_on - timedelta(days=1))
        target.adjusted_on = max(before, opened)
        target.adjusted_by_id = by_pk[target.participation_id].participation.manager_id
        target.save(update_fields=["level", "reason", "adjusted_on", "adjusted_by"])


def take_stock(courses, people):
    """Some have answered the five questions, those of the accounts always; who has released may have shared them."""
    rng = Random("Landkreis Musterland: Bestandsaufnahmen")
    certain = {account(people, key).pk for key in ("employee", "ready")}
    begun = [course for course in courses if course.stage.own >= Progress.STARTED]
    StockTaking.objects.bulk_create(
        [
            stock_taking_of(course, rng)
            for course in begun
            if rng.random() < TOOK_STOCK or course.participation.person_id in certain
        ],
        batch_size=BATCH,
    )


def stock_taking_of(course, rng):
    released = course.stage.own == Progress.RELEASED
    shared = course.stage == BOTH_RELEASED or (released and rng.random() < SHARED)
    return StockTaking(
        participation=course.participation,
        **{question: rng.choice(answers) for question, answers in texts.STOCK_TAKING.items()},
        hours_per_month=rng.choice([4, 6, 8, None]),
        budget=rng.choice([300, 500, None]),
        shared_at=moment(course.own_on, 11) if shared else None,
    )
