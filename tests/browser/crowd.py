"""A stage on which every page has something to show, and the list of these pages."""

from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from assessments.answering import paper_entry, saving
from assessments.changes import declining
from assessments.models import Participation, Round, StockTaking
from assessments.peers import asking
from assessments.rounds import many
from assessments.talk import recording
from assessments.talk.appointment import set_talk_date
from bench.lists import read_table
from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Person
from kompetenz.people.staff.uploading import keep
from kompetenz.results.models import Publication, PublishedGroup
from learningplans.drafting import drawing_up
from learningplans.following import changing, steps
from learningplans.models import (
    GoalTally,
    GroupPlace,
    LearningFormat,
    LearningGroup,
    LearningPlan,
    Measure,
    TrainingBudget,
)
from learningplans.round_documents import bundling
from learningplans.training.keeping import keep_in_step
from roles.holding import assign_role
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY
from tests.conftest import Stage, kept, person, plan_round, what_opening_reads
from tests.kept import Kept
from tests.learningplans.making import participation_of

LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerungsverwaltungsvorgang"


class Crowd:
    """bernd's team in every state of a round.

    anna follows her agreed plan, dora has begun, emil is in the talk, fritz drafts his plan, greta has both
    assessments released, and iris' was typed in from paper and waits for her. karla takes no part and asks to, after all. jonas works for clara by now, in another role, and bernd recorded his talk of the round before; fremd
    deputises for bernd.

    ``pages`` are (who, name of the address, its address), sorted by who looks at it.
    """

    def __init__(self, cast):
        self.cast = cast
        profile = RoleProfile.objects.get(key="digitallotse")
        for first in ("Emil", "Fritz", "Greta", "Iris", "Jonas", "Karla"):
            newcomer = person(first, LONG if first == "Emil" else "Gernegroß", manager=cast.bernd, unit=cast.anna.unit)
            RoleHolding.objects.create(person=newcomer, profile=profile, since=TODAY)
            setattr(cast, first.lower(), newcomer)
        self.stage = Stage(cast, title=f"Runde 2026 {LONG}")
        self.stage.release_both(own=1, manager=2).record().confirm()
        self.draft_round = plan_round(cast, title="Nächstes Jahr")
        self.profile = profile
        self.own_profile = RoleProfile.objects.create(name="Eigene Rolle", key="eigene")
        self._changes()
        self.dora = self._dora()
        self.greta = self._released(cast.greta)
        set_talk_date(
            participation=self.greta,
            at=timezone.now().replace(second=0, microsecond=0) + timedelta(days=3),
            place=LONG,
            by=cast.bernd,
        )
        self.emil = self._talking()
        self._letters()
        self.fritz = self._recorded()
        self.iris = self._typed_in(cast.iris)
        self.karla = self._asking_back(cast.karla)
        self._papers()
        self.offer = self._offer()
        self.agreed_plan = self._plan(self.stage.participation, agreed=True)
        self.held = self._held_review()
        self.change, self.end = self._changes_of_the_plan()
        self.draft_plan = self._plan(self.fritz, agreed=False)
        agreed = {"state": LearningPlan.State.AGREED, "agreed_by_person_on": TODAY, "agreed_by_manager_on": TODAY}
        self.reopenable = LearningPlan.objects.create(participation=self.iris, **agreed)
        bundling.begin_bundle(round_=self.stage.round, by=cast.paula)
        # Of another round than the one that is reminded of here: of this one, a second would not begin.
        self.job = Job.objects.create(
            kind=many.REMINDING.name, subject=self.draft_round.pk, title=f"Erinnern: {LONG}", total=60, done=20,
            items=list(range(60)), asked_by=cast.paula,
        )  # fmt: skip
        self._staff_list()
        self.closed = self.closed_round()
        self.left_alone = self._left_alone()
        self.published = self.publication()
        self.place = self._place_in_a_group()
        self._colleagues()
        self.pages = [*self._pages(), *self._pages_about_everybody(), *self._pages_of_changes()]

    def _changes(self):
        cast, today = self.cast, TODAY
        Person.objects.filter(pk=cast.jonas.pk).update(manager=cast.clara)
        assign_role(person=cast.jonas, profile=self.own_profile, since=today)
        several = {"people": [cast.dora, cast.greta], "since": today, "until": today + timedelta(days=9)}
        self.deputy = name_deputy(manager=cast.bernd, person=cast.fremd, by=cast.paula, **several)

    def _of(self, somebody):
        return Participation.objects.select_related("round").get(round=self.stage.round, person=somebody)

    def _side(self, somebody, kind, *, released, levels=None, remarks=None):
        participation = self._of(somebody)
        assessment = participation.assessments.get(kind=kind)
        levels = levels or {c.id: c.number % 4 for c in self.stage.competencies}
        saving.save_answers(pk=assessment.pk, by=assessment.rater, levels=levels, remarks=remarks)
        if released:
            saving.release(pk=assessment.pk, by=assessment.rater)
        return self._of(somebody)

    def _dora(self):
        some = {c.id: c.number % 4 for c in self.stage.competencies[:17]}
        remarks = {self.stage.competencies[0].id: f"Seit März. {LONG}"}
        self._side(self.cast.dora, "manager", released=False, levels={self.stage.competencies[0].id: None})
        return self._side(self.cast.dora, "self", released=False, levels=some, remarks=remarks)

    def _released(self, somebody):
        opposite = {c.id: 3 - c.number % 4 for c in self.stage.competencies}
        self._side(somebody, "manager", released=True, levels=opposite)
        return self._side(somebody, "self", released=True)

    def _typed_in(self, somebody):
        levels = {c.id: c.number % 4 for c in self.stage.competencies}
        paper_entry.enter(participation=self._of(somebody), by=self.cast.paula, levels=levels)
        return self._of(somebody)

    def _asking_back(self, somebody):
        declining.decline(participation=self._of(somebody))
        declining.ask_back(participation=self._of(somebody))
        return self._of(somebody)

    def _talking(self):
        participation = self._released(self.cast.emil)
        some = {c.id: 1 for c in self.stage.competencies[:9]}
        reasons = {self.stage.competencies[0].id: LONG}
        recording.agree_levels(talk=recording.begin_talk(participation=participation), levels=some, reasons=reasons)
        return self._of(self.cast.emil)

    def _letters(self):
        """One in every state that HR's page shows."""
        for somebody, state in zip(vars(self.cast).values(), Letter.UNSETTLED, strict=False):
            Letter.objects.create(
                person=somebody, kind="reminder", key="runde", path="/", state=state, claimed_at=timezone.now(), attempts=3,
                problem=f"Der Mailserver ist nicht zu erreichen: {LONG}",
            )  # fmt: skip

    def _recorded(self):
        talk = recording.begin_talk(participation=self._released(self.cast.fritz))
        recording.agree_levels(talk=talk, levels=self.stage.levels(1), reasons={})
        talk.held_on = TODAY
        talk.save()
        recording.record_talk(talk=talk, by=self.cast.bernd)
        return self._of(self.cast.fritz)

    def _papers(self):
        """anna has shared her Bestandsaufnahme; dora's draft has none."""
        words = dict.fromkeys(StockTaking.QUESTIONS, f"Stichworte {LONG}")
        StockTaking.objects.create(
            participation=self.stage.participation, budget=1200, shared_at=timezone.now(), **words
        )

    def _offer(self):
        """Of the first format, named by the first goal and taken up by the first measure of every plan."""
        offer = LearningFormat.objects.first().offers.create(
            title=f"Kurs {LONG}", provider=LONG, link="https://www.beispiel.de/kurs", hours=12, cost=1250
        )
        offer.competencies.add(self.stage.competencies[2].id)
        offer.dates.create(starts_on=TODAY + timedelta(days=30), place=LONG)
        TrainingBudget.objects.create(year=TODAY.year, unit=self.cast.anna.unit, amount=1250)
        return offer

    def _plan(self, participation, *, agreed):
        today = TODAY
        plan = drawing_up.draw_up_plan(participation=participation)
        first, second = self.stage.competencies[2], self.stage.competencies[10]
        for rank, competency in enumerate((first, second), start=1):
            plan.goals.create(
                competency_id=competency.id, from_level=1, to_level=2, priority=rank, specific=LONG,
                measurable="Zwei Verfahren laufen.", seen_by=LONG, due_on=today + timedelta(days=200), seeks_companions=agreed,
            )  # fmt: skip
        for at, format_ in enumerate(LearningFormat.objects.all()[:3]):
            measure = Measure.objects.create(
                plan=plan, format=format_, title=f"Maßnahme {at} {LONG}", responsible="Anna Ärmel", hours=12, cost=1250,
                due_on=today + timedelta(days=30 * at - 10), provider="Studieninstitut",
            )  # fmt: skip
            measure.goals.set(plan.goals.all()[: at % 2 + 1])
        plan.measures.filter(format=self.offer.format).update(offer=self.offer)
        plan.reviews.create(planned_on=today + timedelta(days=-3))
        plan.reviews.create(planned_on=today + timedelta(days=210), is_final=True)
        if agreed:
            LearningPlan.objects.filter(pk=plan.pk).update(
                state=LearningPlan.State.AGREED, agreed_by_person_on=today, agreed_by_manager_on=today
            )
            keep_in_step([plan.pk])
        return plan

    def _changes_of_the_plan(self):
        """bernd has written two changes of anna's plan, and she has declined the first."""
        plan, cast = LearningPlan.objects.get(pk=self.agreed_plan.pk), self.cast
        wanted = plan.goals.first()
        wanted.realistic = LONG
        wishes = [steps.of_goal(plan.goals.first(), wanted), steps.ending_goal(plan.goals.last(), [])]
        made = []
        for wish in wishes:
            plan.refresh_from_db()
            made.append(changing.write_change(plan=plan, wish=wish, by=cast.bernd, reason=LONG, read=plan.stamp))
        first = made[0]
        changing.answer_change(change=first, by=cast.anna, answer="declined", statement=LONG, read=first.stamp)
        return made

    def _place_in_a_group(self):
        """HR has counted goals and proposed a group for anna's first one."""
        goal, day = self.agreed_plan.goals.first(), TODAY + timedelta(days=30)
        way = {"from_level": goal.from_level, "to_level": goal.to_level}
        self.way = [goal.competency_id, *way.values()]
        GoalTally.objects.create(k=5, people=30, ways=[[*self.way, 14], [self.stage.competencies[4].id, 0, 1, 6]])
        self.group = LearningGroup.objects.create(
            competency=goal.competency, **way, told=14, title=LONG, provider=LONG, format=self.offer.format, due_on=day,
            answer_by=day, cost=2900, hours=16,
        )  # fmt: skip
        return GroupPlace.objects.create(group=self.group, goal=goal)

    def _held_review(self):
        """An interim review of anna's plan, prepared by both, with levels and a long word; bernd has recorded it."""
        day = TODAY - timedelta(days=60)
        review = self.agreed_plan.reviews.create(planned_on=day, held_on=day, notes=LONG)
        review.write(self.stage.participation, self.cast.bernd, self.cast.anna)
        review.save()
        for side in ("person", "manager"):
            review.preparations.create(side=side, helped=LONG, released_at=timezone.now())
        for goal in self.agreed_plan.goals.all():
            review.goal_reviews.create(goal=goal, self_level=2, manager_level=1, agreed_level=2, helped=LONG)
        return review

    def _staff_list(self):
        """Paula looks at a list with one person who is new, one who is changed, and one error."""
        rows = ["Personalnummer;Nachname;Vorname", f"0100;{LONG};Nora", f"0003;Ärmel-{LONG[:40]};Anna", "0004;;Dora"]
        keep(table=read_table("\n".join(rows).encode()), name=f"{LONG}.csv", by=self.cast.paula)

    def _colleagues(self):
        """anna is shown what five have said; in a second round dora asks emil and iris, and iris has a draft."""
        today, cast = TODAY, self.cast
        Round.objects.filter(pk=self.stage.round.pk).update(has_peers=True, peer_due=today)
        anna = Participation.objects.get(pk=self.stage.participation.pk)
        for at, somebody in enumerate((cast.clara, cast.dora, cast.emil, cast.fritz, cast.greta)):
            asking.nominate(participation=anna, colleague=somebody)
            draft = anna.assessments.get(kind="peer", rater=somebody)
            levels = {c.id: None if c.number == 1 else (at + c.number) % 4 for c in self.stage.competencies}
            saving.save_answers(pk=draft.pk, by=somebody, levels=levels)
            saving.release(pk=draft.pk, by=somebody)
        Round.objects.filter(pk=self.stage.round.pk).update(peer_due=today - timedelta(days=1))
        self.running = Stage(cast, title=f"Kollegium {LONG}", has_peers=True, peer_due=today + timedelta(days=9))
        self.asking = Participation.objects.get(round=self.running.round, person=cast.dora)
        for somebody in (cast.emil, cast.iris):
            asking.nominate(participation=self.asking, colleague=somebody)
        self.asked = self.asking.assessments.get(kind="peer", rater=cast.iris)
        saving.save_answers(pk=self.asked.pk, by=cast.iris, levels={c.id: 2 for c in self.stage.competencies})

    def publication(self):
        """What was published of the round that has ended."""
        found = Publication.objects.create(
            round=self.closed, k=5, people=30, taking_part=40, is_final=True, left_out=[LONG, "Amt"]
        )
        cells = {str(one.id): [[3, 5, 2], [0, 4, 5, 1], [2, 1]] for one in self.stage.competencies}
        small = {str(one.id): [[1, 2, 0], [0, 0, 3, 0], [0, 1]] for one in self.stage.competencies}
        PublishedGroup.objects.bulk_create(
            [
                PublishedGroup(publication=found, place=0, kind="all", name="Alle", people=30, cells=cells),
                PublishedGroup(publication=found, place=1, kind="unit", name=f"10 {LONG}", people=9, cells=small),
                PublishedGroup(publication=found, place=2, kind="role", name=LONG, people=7, cells=small),
            ]
        )
        return found

    def closed_round(self):
        return Round.objects.create(
            title="Runde 2025", purpose="Vorbei.", state=Round.State.CLOSED, edition=self.stage.round.edition,
            self_due="2025-03-01", manager_due="2025-03-01", talk_due="2025-04-01", opened_at=timezone.now(), closed_at=timezone.now(),
        )  # fmt: skip

    def _left_alone(self):
        """jonas' of the round before: bernd, who is not his manager any more, has recorded the talk, and there is no plan yet."""
        found, now = participation_of(self.cast.jonas, title="Runde 2024"), timezone.now()
        for kind, rater in (("self", self.cast.jonas), ("manager", self.cast.bernd)):
            found.assessments.create(kind=kind, rater=rater, released_at=now)
        Round.objects.filter(pk=found.round_id).update(state=Round.State.CLOSED, closed_at=now)
        return found

    def _pages(self):
        cast, stage = self.cast, self.stage
        anna, dora, emil = stage.participation.pk, self.dora.pk, self.emil.pk
        own = {who: self._of(getattr(cast, who)).assessments.get(kind="self").pk for who in ("dora", "iris")}
        of_dora = self.dora.assessments.get(kind="manager").pk
        draft, agreed = self.draft_plan, self.agreed_plan
        by = SimpleNamespace(
            anna=[
                ("assessments:statement", anna), ("start",), ("my_data",), ("audit:mine",), ("privacy:subject_access",), ("calendar_address",), ("assessments:participation", anna), ("assessments:talk", anna),
                ("assessments:assessment", stage.own.pk), ("learningplans:detail", agreed.pk), ("catalogue:list",),
                ("learningplans:growth",), ("learningplans:mentoring",), ("learningplans:group_place", self.place.pk),
                ("assessments:colleagues", anna), ("assessments:stock_taking", anna),
                ("learningplans:review_add", agreed.pk), ("learningplans:add_measure_later", agreed.pk),
                ("learningplans:change_measure", agreed.pk, agreed.measures.first().pk),
                ("learningplans:change_goal", agreed.pk, agreed.goals.first().pk),
                ("learningplans:end_goal", agreed.pk, agreed.goals.first().pk), ("learningplans:add_goal_later", agreed.pk),
                ("learningplans:change_frame", agreed.pk),
                ("learningplans:plan_change", agreed.pk, self.change.pk), ("learningplans:plan_change", agreed.pk, self.end.pk),
                *(("learningplans:review", agreed.pk, review.pk) for review in agreed.reviews.filter(held_on=None)),
                *(("learningplans:review_move", agreed.pk, review.pk) for review in agreed.reviews.filter(held_on=None)),
                *(("learningplans:review_prepare", agreed.pk, review.pk) for review in agreed.reviews.filter(held_on=None)),
                ("learningplans:review_result", agreed.pk, self.held.pk),
            ],
            dora=[
                ("start",), ("assessments:assessment", own["dora"]), ("assessments:check", own["dora"]),
                ("assessments:participation", dora), ("account_change_password",), ("assessments:stock_taking", dora),
                ("assessments:colleagues", self.asking.pk), ("assessments:participation", self.asking.pk),
            ],
            emil=[("start",), ("assessments:talk", emil), ("assessments:decline", emil)],
            jonas=[("start",), ("assessments:entrust", self.left_alone.pk)],
            karla=[("start",), ("assessments:participation", self.karla.pk)],
            fritz=[
                ("start",), ("assessments:talk", self.fritz.pk), ("learningplans:detail", draft.pk),
                ("learningplans:frame", draft.pk), ("learningplans:choose_goals", draft.pk), ("learningplans:goal", draft.pk, draft.goals.first().pk),
                ("learningplans:goal_remove", draft.pk, draft.goals.first().pk),
                ("learningplans:measure_add", draft.pk),
                ("learningplans:measure", draft.pk, draft.measures.first().pk),
                ("learningplans:measure_remove", draft.pk, draft.measures.first().pk),
                ("learningplans:review", draft.pk, draft.reviews.first().pk),
                ("learningplans:review_remove", draft.pk, draft.reviews.first().pk),
            ],
            iris=[
                ("start",), ("assessments:assessment", own["iris"]), ("assessments:peer_requests",),
                ("assessments:assessment", self.asked.pk), ("assessments:check", self.asked.pk),
                ("assessments:peer_decline", self.asked.pk), ("learningplans:reopen", self.reopenable.pk),
            ],
            bernd=[
                ("start",), ("assessments:team",), ("assessments:assessment", of_dora), ("assessments:check", of_dora),
                ("assessments:targets", dora), ("assessments:talk_date", self.greta.pk), ("assessments:participation", self.greta.pk),
                ("assessments:talk", self.greta.pk), ("assessments:talk", emil), ("assessments:talk_record", emil),
                ("learningplans:review", agreed.pk, self.held.pk), ("learningplans:plan_change", agreed.pk, self.end.pk),
                ("assessments:talk", anna), ("my_data",), ("assessments:deputies",), ("assessments:stock_taking", anna), ("assessments:enter_from_paper", dora), ("learningplans:growth_of", cast.anna.pk), ("learningplans:team_needs",),
            ],
            paula=[
                ("start",), ("jobs:jobs",), ("jobs:job", self.job.pk), ("assessments:rounds",), ("assessments:round_create",),
                ("assessments:round", stage.round.pk), ("assessments:round", self.closed.pk),
                ("assessments:round_purpose", self.draft_round.pk), ("assessments:round_people", self.draft_round.pk),
                ("assessments:round_dates", self.draft_round.pk), ("assessments:round_preview", self.draft_round.pk),
                ("assessments:round_visibility", self.draft_round.pk),
                ("assessments:round_open", self.draft_round.pk), ("assessments:round_delete", self.draft_round.pk),
                ("assessments:round_deadlines", stage.round.pk), ("assessments:round_units", stage.round.pk),
                ("assessments:enter_from_paper", self._of(cast.jonas).pk), ("assessments:check_paper", self._of(cast.iris).pk),
                ("assessments:round_admit", stage.round.pk), ("learningplans:round_documents", stage.round.pk), ("assessments:round_close", stage.round.pk),
                ("learningplans:detail", agreed.pk), ("catalogue:refreshing",), ("learningplans:formats",), ("learningplans:format", self.offer.format_id),
                ("learningplans:offer_create",), ("learningplans:offer", self.offer.pk),
                ("learningplans:training",), ("learningplans:training_budgets",), ("learningplans:training_budget_add",), ("learningplans:offer_list",),
                ("learningplans:suitability", self.offer.format_id),
                ("learningplans:training_offer", self.offer.pk), ("learningplans:training_date_add", self.offer.pk),
                ("learningplans:training_date", self.offer.pk, self.offer.dates.get().pk),
                ("learningplans:training_budget", TrainingBudget.objects.get().pk),
                ("learningplans:offer_delete", self.offer.pk), ("roles:list",), ("roles:create",), ("roles:detail", self.profile.pk),
                ("roles:detail", self.own_profile.pk), ("roles:copy", self.profile.pk),
                ("roles:edit", self.own_profile.pk), ("roles:holders", self.profile.pk),
                ("roles:person", cast.anna.pk), ("people:list",), ("people:create",), ("people:edit", cast.anna.pk),
                ("people:vacancies",), ("people:successor", cast.bernd.pk), ("people:staff_history",),
                ("assessments:round_letters", stage.round.pk), ("assessments:round_person", stage.round.pk, self.fritz.pk),
                ("people:invite", cast.anna.pk), ("people:locks",), ("people:deputies",),
                ("people:deputy_create",), ("assessments:round_changes", stage.round.pk), ("people:staff_import",), ("people:staff_preview",), ("people:units",), ("people:unit_create",),
                ("people:unit_edit", cast.anna.unit_id), ("letters:waiting",), ("people:letterhead",),
                ("results:publications",), ("results:publish", stage.round.pk), ("results:report", self.published.pk),
                ("learningplans:shared_goals",), ("learningplans:propose_group", *self.way), ("learningplans:group", self.group.pk),
                ("learningplans:refreshes",), ("assessments:round_forms", stage.round.pk), ("catalogue:level_names",),
                ("privacy:erase", cast.anna.pk), ("papers:paper_versions", "rechte"),
                ("papers:fact_sheet", stage.round.pk),
            ],
            fremd=[("start",), ("assessments:team",), ("roles:list",), ("mfa_index",)],
            audit=[
                ("audit:overview",), ("audit:accesses",), ("audit:rights",), ("audit:right_changes",), ("audit:rounds",), ("audit:round", stage.round.pk), ("audit:deputies",), ("audit:hand_overs",),
                ("privacy:retention",), ("papers:papers",), ("papers:paper", "dienstvereinbarung"), ("papers:paper", "rechte"),
                ("start",), ("my_data",), ("results:publications",), ("results:publication", self.published.pk),
                ("results:competency", self.published.pk, stage.competencies[4].id),
            ],
        )  # fmt: skip
        return [(who, name, reverse(name, args=arguments)) for who, of in vars(by).items() for name, *arguments in of]

    def _pages_of_changes(self):
        """Other kinds of changes, the form for a deputy once it is known whose, and a letter once it is known which."""
        changes = reverse("assessments:round_changes", args=[self.stage.round.pk])
        kinds = [f"{changes}?art={kind}" for kind in ("rolle", "profil", "ausgeschieden", "doch")]
        declined = self.stage.round.get_absolute_url() + "?stand=nicht-dabei"
        deputy = reverse("people:deputy_create") + f"?manager={self.cast.bernd.personnel_number}"
        letter = reverse("assessments:round_letters", args=[self.stage.round.pk]) + "?brief=invitation-person"
        return [
            ("paula", "assessments:round_letters", letter),
            *(("paula", "assessments:round_changes", kind) for kind in kinds),
            ("paula", "assessments:round", declined),
            ("paula", "people:deputy_create", deputy),
        ]

    def _pages_about_everybody(self):
        """What HR does with all participants of a round is confirmed on a page of its own."""
        names = [f"assessments:round_{action}" for action in ("remind", "extend", "pause", "resume", "remove")]
        return [("paula", name, reverse(name, args=[self.stage.round.pk]) + "?alle=1") for name in names]


def crowd_around(cast):
    """The crowd with a cast of its own; its rows are made once in a process, as those of the cast are."""
    if what_opening_reads() != kept.read:
        return Crowd(cast)
    if kept.crowd is None:
        kept.crowd = Kept(lambda: Crowd(cast))
    else:
        kept.crowd.write_again()
    return deepcopy(kept.crowd.made)


OPEN_PAGES = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
OPEN_PAGES += ["accessibility", "privacy", "imprint", "account_reset_password_from_key_done", "help"]
