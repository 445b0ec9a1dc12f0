"""A stage on which every page has something to show, and the list of these pages."""

from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from assessments import agreement, answers
from assessments.models import Participation, Round
from learningplans import planning
from learningplans.models import LearningFormat, LearningPlan, Measure
from roles.models import RoleHolding, RoleProfile
from tests.conftest import Stage, person, plan_round

LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerungsverwaltungsvorgang"


class Crowd:
    """bernd's team in every state of a round.

    anna follows her agreed plan, dora has begun, emil is in the talk, fritz drafts his plan, greta has both
    assessments released, and iris has released hers alone.
    """

    def __init__(self, cast):
        self.cast = cast
        profile = RoleProfile.objects.get(key="digitallotse")
        for first in ("Emil", "Fritz", "Greta", "Iris"):
            newcomer = person(first, LONG if first == "Emil" else "Gernegroß", manager=cast.bernd, unit=cast.anna.unit)
            RoleHolding.objects.create(person=newcomer, profile=profile, since=timezone.localdate())
            setattr(cast, first.lower(), newcomer)
        self.stage = Stage(cast, title=f"Runde 2026 {LONG}")
        self.stage.release_both(own=1, manager=2).record().confirm()
        self.draft_round = plan_round(cast, title="Nächstes Jahr")
        self.profile = profile
        self.own_profile = RoleProfile.objects.create(name="Eigene Rolle", key="eigene")
        self.dora = self._dora()
        self.greta = self._released(cast.greta)
        self.emil = self._talking()
        self.fritz = self._recorded()
        self.iris = self._side(cast.iris, "self", released=True)
        self.agreed_plan = self._plan(self.stage.participation, agreed=True)
        self.draft_plan = self._plan(self.fritz, agreed=False)

    def _of(self, somebody):
        return Participation.objects.select_related("round").get(round=self.stage.round, person=somebody)

    def _side(self, somebody, kind, *, released, levels=None, remarks=None):
        participation = self._of(somebody)
        assessment = participation.assessments.get(kind=kind)
        levels = levels or {c.id: c.number % 4 for c in self.stage.competencies}
        answers.save_answers(pk=assessment.pk, by=assessment.rater, levels=levels, remarks=remarks)
        if released:
            answers.release(pk=assessment.pk, by=assessment.rater)
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

    def _talking(self):
        participation = self._released(self.cast.emil)
        some = {c.id: 1 for c in self.stage.competencies[:9]}
        reasons = {self.stage.competencies[0].id: LONG}
        agreement.agree_levels(talk=agreement.begin_talk(participation=participation), levels=some, reasons=reasons)
        return self._of(self.cast.emil)

    def _recorded(self):
        talk = agreement.begin_talk(participation=self._released(self.cast.fritz))
        agreement.agree_levels(talk=talk, levels=self.stage.levels(1), reasons={})
        talk.held_on = timezone.localdate()
        talk.save()
        agreement.record_talk(talk=talk)
        return self._of(self.cast.fritz)

    def _plan(self, participation, *, agreed):
        today = timezone.localdate()
        plan = planning.draw_up_plan(participation=participation)
        first, second = self.stage.competencies[2], self.stage.competencies[10]
        for rank, competency in enumerate((first, second), start=1):
            plan.goals.create(
                competency_id=competency.id, from_level=1, to_level=2, priority=rank, specific=LONG,
                measurable="Zwei Verfahren laufen.", due_on=today + timedelta(days=200),
            )  # fmt: skip
        for at, format_ in enumerate(LearningFormat.objects.all()[:3]):
            measure = Measure.objects.create(
                plan=plan, format=format_, title=f"Maßnahme {at} {LONG}", responsible="Anna Ärmel", hours=12, cost=1250,
                due_on=today + timedelta(days=30 * at - 10), provider="Studieninstitut",
            )  # fmt: skip
            measure.goals.set(plan.goals.all()[: at % 2 + 1])
        plan.reviews.create(planned_on=today + timedelta(days=-3))
        plan.reviews.create(planned_on=today + timedelta(days=210), is_final=True)
        if agreed:
            LearningPlan.objects.filter(pk=plan.pk).update(
                state=LearningPlan.State.AGREED, agreed_by_person_on=today, agreed_by_manager_on=today
            )
        return plan

    def closed_round(self):
        return Round.objects.create(
            title="Runde 2025", purpose="Vorbei.", state=Round.State.CLOSED, edition=self.stage.round.edition,
            self_due="2025-03-01", manager_due="2025-03-01", talk_due="2025-04-01", opened_at=timezone.now(), closed_at=timezone.now(),
        )  # fmt: skip

    def pages(self):
        """(who, name of the address, its arguments) for every page, sorted by who looks at it."""
        cast, stage = self.cast, self.stage
        self.closed = self.closed_round()
        anna, dora, emil = stage.participation.pk, self.dora.pk, self.emil.pk
        own = {who: self._of(getattr(cast, who)).assessments.get(kind="self").pk for who in ("dora", "iris")}
        of_dora = self.dora.assessments.get(kind="manager").pk
        draft, agreed = self.draft_plan, self.agreed_plan
        by = SimpleNamespace(
            anna=[
                ("start",), ("my_data",), ("assessments:participation", anna), ("assessments:talk", anna),
                ("assessments:assessment", stage.own.pk), ("learningplans:detail", agreed.pk), ("catalogue:list",),
                ("learningplans:review_add", agreed.pk),
                *(("learningplans:review", agreed.pk, review.pk) for review in agreed.reviews.all()),
            ],
            dora=[
                ("start",), ("assessments:assessment", own["dora"]), ("assessments:check", own["dora"]),
                ("assessments:participation", dora), ("account_change_password",),
            ],
            emil=[("start",), ("assessments:talk", emil)],
            fritz=[
                ("start",), ("assessments:talk", self.fritz.pk), ("learningplans:detail", draft.pk),
                ("learningplans:choose_goals", draft.pk), ("learningplans:goal", draft.pk, draft.goals.first().pk),
                ("learningplans:goal_remove", draft.pk, draft.goals.first().pk),
                ("learningplans:measure_add", draft.pk),
                ("learningplans:measure", draft.pk, draft.measures.first().pk),
                ("learningplans:measure_remove", draft.pk, draft.measures.first().pk),
                ("learningplans:review", draft.pk, draft.reviews.first().pk),
                ("learningplans:review_remove", draft.pk, draft.reviews.first().pk),
            ],
            iris=[("assessments:assessment", own["iris"])],
            bernd=[
                ("start",), ("assessments:team",), ("assessments:assessment", of_dora), ("assessments:check", of_dora),
                ("assessments:targets", dora), ("assessments:participation", self.greta.pk),
                ("assessments:talk", self.greta.pk), ("assessments:talk", emil), ("assessments:talk_record", emil),
                ("assessments:talk", anna), ("my_data",),
            ],
            paula=[
                ("start",), ("assessments:rounds",), ("assessments:round_create",),
                ("assessments:round", stage.round.pk), ("assessments:round", self.draft_round.pk),
                ("assessments:round", self.closed.pk), ("assessments:round_edit", self.draft_round.pk),
                ("assessments:round_open", self.draft_round.pk), ("assessments:round_delete", self.draft_round.pk),
                ("assessments:round_deadlines", stage.round.pk), ("assessments:round_close", stage.round.pk),
                ("learningplans:detail", agreed.pk), ("roles:list",), ("roles:detail", self.profile.pk),
                ("roles:detail", self.own_profile.pk), ("roles:copy", self.profile.pk),
                ("roles:edit", self.own_profile.pk), ("roles:holders", self.profile.pk),
                ("roles:person", cast.anna.pk), ("people:list",), ("people:create",), ("people:edit", cast.anna.pk),
                ("people:set_password", cast.anna.pk), ("people:units",), ("people:unit_create",),
                ("people:unit_edit", cast.anna.unit_id),
            ],
            fremd=[("start",), ("assessments:team",), ("roles:list",)],
            audit=[("start",), ("my_data",)],
        )  # fmt: skip
        return [(who, name, reverse(name, args=arguments)) for who, of in vars(by).items() for name, *arguments in of]


OPEN_PAGES = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
OPEN_PAGES += ["accessibility", "privacy", "imprint", "account_reset_password_from_key_done"]
