"""Who reaches what: every address, for each of the cast, in every state of a participation.

A row names an address and the answers for anna (the person), bernd (her manager), clara (his manager),
paula (HR), audit (Datenschutz) and fremd, and, where it matters, in which states. Nobody signed in never
reaches anything that is not PUBLIC. An address without a row fails.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments import peers
from assessments.models import Assessment, Participation, PeerNomination, Round, StockTaking
from kompetenz.people.models import Deputy, Person
from learningplans import planning
from learningplans.models import Bundle, Goal, LearningFormat, LearningPlan, Measure, Review
from tests.conftest import Stage, plan_round

WHO = ["anna", "bernd", "clara", "paula", "audit", "fremd"]
ALL, NOBODY = [200] * 6, [404] * 6
HR = [404, 404, 404, 200, 404, 404]
HR_SENDS = [404, 404, 404, 302, 404, 404]
PERSON, MANAGER = [200, 404, 404, 404, 404, 404], [404, 200, 404, 404, 404, 404]
BOTH = [200, 200, 404, 404, 404, 404]
BOTH_SEND = [302, 302, 404, 404, 404, 404]
BOTH_AND_HR = [200, 200, 404, 200, 404, 404]
PERSON_SENDS, MANAGER_SENDS = [302, 404, 404, 404, 404, 404], [404, 302, 404, 404, 404, 404]

# State by state how far anna's participation has come; each builds on the one before.
STATES = {
    "opened": lambda stage: stage,
    "self released": lambda stage: stage.release(stage.own),
    "both released": lambda stage: stage.release_both(),
    "talk begun": lambda stage: stage.release_both().talk(),
    "recorded": lambda stage: stage.release_both().record(),
    "confirmed": lambda stage: stage.release_both().record().confirm(),
}
ALWAYS = list(STATES)
TALKING = ["both released", "talk begun", "recorded", "confirmed"]
BEFORE = ["opened", "self released"]
AGREED = ["recorded", "confirmed"]

# (address, which object, method, states, answers for WHO)
TABLE = [
    ("start", None, "get", ALWAYS, ALL),
    ("my_data", None, "get", ALWAYS, ALL),
    ("calendar", None, "get", ["opened"], [200, 200, 302, 302, 302, 302]),  # back to the start where there is no date
    ("catalogue:list", None, "get", ["opened"], ALL),
    ("catalogue:refreshing", None, "get", ["opened"], HR),
    ("catalogue:refreshing", None, "post", ["opened"], HR),  # an empty form: itself again
    # HR's rounds
    ("assessments:rounds", None, "get", ["opened"], HR),
    ("assessments:round_create", None, "get", ["opened"], HR),
    ("assessments:round", "round", "get", ALWAYS, HR),
    ("assessments:round", "draft", "get", ["opened"], HR_SENDS),  # to where its preparation goes on
    ("assessments:round_create", None, "post", ["opened"], HR_SENDS),
    ("assessments:round_purpose", "draft", "get", ["opened"], HR),
    ("assessments:round_purpose", "draft", "post", ["opened"], HR),  # an empty form: itself again
    ("assessments:round_purpose", "round", "get", ["opened"], NOBODY),
    ("assessments:round_people", "draft", "get", ["opened"], HR),
    ("assessments:round_people", "draft", "post", ["opened"], HR_SENDS),
    ("assessments:round_people", "round", "post", ["opened"], NOBODY),
    ("assessments:round_dates", "draft", "get", ["opened"], HR),
    ("assessments:round_dates", "round", "post", ["opened"], NOBODY),
    ("assessments:round_visibility", "draft", "get", ["opened"], HR),
    ("assessments:round_visibility", "round", "post", ["opened"], NOBODY),
    ("assessments:round_preview", "draft", "get", ["opened"], HR),
    ("assessments:round_preview", "round", "get", ["opened"], NOBODY),
    ("assessments:round_units", "round", "get", ALWAYS, HR),
    ("assessments:round_units", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_list", "round", "get", ALWAYS, HR),
    ("assessments:round_list", "draft", "get", ["opened"], NOBODY),
    *(
        (f"assessments:round_{action}", what, method, ["opened"], answers)
        for action in ("remind", "extend", "pause", "resume", "remove")
        for what, answers in (("round", HR_SENDS), ("draft", NOBODY))  # told that nobody is chosen
        for method in ("get", "post")
    ),
    ("assessments:round_admit", "round", "get", ["opened"], HR),
    ("assessments:round_admit", "round", "post", ["opened"], HR),  # an empty form: itself again
    ("assessments:round_admit", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_deadlines", "round", "get", ["opened"], HR),
    ("assessments:round_deadlines", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_open", "draft", "get", ["opened"], HR),
    ("assessments:round_open", "draft", "post", ["opened"], HR_SENDS),
    ("assessments:round_changes", "round", "get", ALWAYS, HR),
    ("assessments:round_changes", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_hand_over", "round", "post", ALWAYS, HR_SENDS),
    ("assessments:round_hand_over", "draft", "post", ["opened"], NOBODY),
    ("assessments:round_decide", "round", "post", ALWAYS, HR_SENDS),
    ("assessments:round_decide", "draft", "post", ["opened"], NOBODY),
    ("assessments:round_close", "round", "get", ["opened"], HR),
    ("assessments:round_close", "round", "post", ["opened"], HR_SENDS),
    ("assessments:round_delete", "draft", "get", ["opened"], HR),
    ("assessments:round_delete", "draft", "post", ["opened"], HR_SENDS),
    ("assessments:round_delete", "round", "post", ["opened"], NOBODY),
    # assessments: drafts and released ones alike are their rater's page alone
    ("assessments:team", None, "get", ["opened"], ALL),
    ("assessments:deputies", None, "get", ["opened"], [404, 200, 200, 404, 404, 404]),  # who manages people
    ("assessments:deputies", None, "post", ["opened"], [404, 200, 200, 404, 404, 404]),  # an empty form: itself again
    ("assessments:deputy_end", "deputy", "post", ["opened"], MANAGER_SENDS),
    ("assessments:assessment", "self", "get", ALWAYS, PERSON),
    ("assessments:assessment", "manager", "get", ALWAYS, MANAGER),
    ("assessments:assessment", "self", "post", ["opened"], PERSON_SENDS),
    ("assessments:rate", "self rating", "post", ["opened"], PERSON_SENDS),
    ("assessments:rate", "manager rating", "post", ["opened"], MANAGER_SENDS),
    ("assessments:remark", "self rating", "post", ["opened"], PERSON_SENDS),
    ("assessments:check", "self", "get", ["opened"], PERSON),
    ("assessments:check", "manager", "get", ["opened"], MANAGER),
    ("assessments:release", "self", "post", ["opened"], PERSON_SENDS),
    ("assessments:take_back", "self", "post", ["self released"], PERSON_SENDS),
    ("assessments:assessment_wheel", "self", "get", ALWAYS, PERSON),
    # colleagues: whom anna asks is hers alone to see; what dora asks of anna is anna's draft
    ("assessments:colleagues", "asking colleagues", "get", ALWAYS, PERSON),
    ("assessments:colleagues", "participation", "get", ["opened"], NOBODY),  # a round without colleagues
    ("assessments:colleagues", "asking colleagues", "post", ["opened"], PERSON),  # nobody chosen: the form again
    ("assessments:colleague_search", "asking colleagues", "post", ALWAYS, PERSON),
    ("assessments:colleague_withdraw", "nomination", "post", ["opened"], PERSON_SENDS),
    ("assessments:peer_requests", None, "get", ["opened"], ALL),
    ("assessments:assessment", "asked of anna", "get", ALWAYS, PERSON),
    ("assessments:assessment", "asked of anna", "post", ["opened"], PERSON_SENDS),
    ("assessments:rate", "asked rating", "post", ["opened"], PERSON_SENDS),
    ("assessments:remark", "asked rating", "post", ["opened"], PERSON_SENDS),  # told that there are no remarks
    ("assessments:check", "asked of anna", "get", ["opened"], PERSON),
    ("assessments:release", "asked of anna", "post", ["opened"], PERSON_SENDS),
    ("assessments:take_back", "asked of anna", "post", ["opened"], PERSON_SENDS),
    ("assessments:assessment_wheel", "asked of anna", "get", ["opened"], PERSON),
    ("assessments:peer_decline", "asked of anna", "get", ["opened"], PERSON),
    ("assessments:peer_decline", "asked of anna", "post", ["opened"], PERSON_SENDS),
    ("assessments:peer_decline", "self", "get", ["opened"], NOBODY),
    ("assessments:participation", "of dora", "get", ["opened"], MANAGER),
    # the participation: person and manager; HR sees the state in the monitor, not this
    ("assessments:participation", "participation", "get", ALWAYS, BOTH),
    ("assessments:participation_wheel", "participation", "get", ALWAYS, BOTH),
    ("assessments:participation_pdf", "participation", "get", ["confirmed"], BOTH),
    ("assessments:form_pdf", "participation", "get", ["opened"], BOTH),
    ("assessments:round_form_pdf", "round's participation", "get", ["opened"], HR),
    # the Bestandsaufnahme: the person's alone until shared, and HR's never
    ("assessments:stock_taking", "participation", "get", ALWAYS, PERSON),
    ("assessments:stock_taking", "participation with a shared stock-taking", "get", ALWAYS, BOTH),
    ("assessments:stock_taking", "participation with a shared stock-taking", "post", ["opened"], PERSON_SENDS),
    # the paper path: HR and the manager are told on the page where they cannot type it in (yet, any more)
    ("assessments:enter_from_paper", "participation", "get", ALWAYS, [404, 200, 404, 200, 404, 404]),
    ("assessments:enter_from_paper", "participation", "post", ["opened"], [404, 409, 404, 200, 404, 404]),
    ("assessments:enter_from_paper", "participation", "post", ["self released"], [404, 409, 404, 409, 404, 404]),
    ("assessments:confirm_entry", "self", "post", ALWAYS, PERSON_SENDS),
    ("assessments:confirm_entry", "manager", "post", ["opened"], NOBODY),
    ("assessments:targets", "participation", "get", ["opened"], MANAGER),
    ("assessments:targets", "participation", "get", ["self released", *TALKING], MANAGER_SENDS),
    ("assessments:talk_date", "participation", "get", [*BEFORE, "both released", "talk begun"], MANAGER),
    ("assessments:talk_date", "participation", "post", [*BEFORE, "both released", "talk begun"], MANAGER),  # the form
    ("assessments:talk_date", "participation", "get", AGREED, MANAGER_SENDS),  # told that it is too late
    ("assessments:talk_calendar", "participation", "get", ALWAYS, NOBODY),  # there is no date
    ("assessments:talk_calendar", "participation with a date", "get", [*BEFORE, "both released", "talk begun"], BOTH),
    ("assessments:talk_calendar", "participation with a date", "get", AGREED, NOBODY),
    ("assessments:talk", "participation", "get", BEFORE, NOBODY),
    ("assessments:talk", "participation", "get", TALKING, BOTH),
    ("assessments:talk", "participation", "post", ["both released"], MANAGER_SENDS),
    ("assessments:talk_adopt", "participation", "post", ["talk begun"], MANAGER_SENDS),
    ("assessments:talk_record", "participation", "get", ["talk begun"], MANAGER),
    ("assessments:talk_record", "participation", "post", ["talk begun"], MANAGER_SENDS),
    ("assessments:talk_reopen", "participation", "post", AGREED, MANAGER_SENDS),
    ("assessments:talk_statement", "participation", "post", ["talk begun"], PERSON_SENDS),
    ("assessments:talk_acknowledge", "participation", "post", BEFORE, NOBODY),
    ("assessments:talk_acknowledge", "participation", "post", ["recorded"], BOTH),  # an empty answer: the form again
    # the plan: draft and agreed
    ("learningplans:draw_up", "for participation", "post", AGREED, BOTH_SEND),
    (
        "learningplans:draw_up",
        "for participation",
        "post",
        ["opened", "both released"],
        BOTH_SEND,
    ),  # told that the talk comes first
    ("learningplans:detail", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:detail", "agreed plan", "get", ["confirmed"], BOTH_AND_HR),
    ("learningplans:wheel", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:wheel", "agreed plan", "get", ["confirmed"], BOTH),
    ("learningplans:path", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:path", "agreed plan", "get", ["confirmed"], BOTH_AND_HR),
    ("learningplans:pdf", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:pdf", "agreed plan", "get", ["confirmed"], BOTH_AND_HR),
    ("learningplans:frame", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:frame", "agreed plan", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:choose_goals", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:choose_goals", "agreed plan", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:goal", "goal", "get", ["confirmed"], BOTH),
    ("learningplans:goal_remove", "goal", "post", ["confirmed"], BOTH_SEND),
    ("learningplans:seek_companions", "goal", "post", ["confirmed"], PERSON_SENDS),  # told that the plan is a draft
    ("learningplans:seek_companions", "agreed goal", "post", ["confirmed"], PERSON_SENDS),
    ("learningplans:measure_add", "plan", "get", ["confirmed"], BOTH_SEND),  # a measure needs a goal
    ("learningplans:measure_add", "goal's plan", "get", ["confirmed"], BOTH),
    ("learningplans:measure", "measure", "get", ["confirmed"], BOTH),
    ("learningplans:measure_state", "measure", "post", ["confirmed"], [400, 400, 404, 404, 404, 404]),
    ("learningplans:measure_remove", "measure", "post", ["confirmed"], BOTH_SEND),
    ("learningplans:review_add", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:review", "review", "get", ["confirmed"], BOTH),
    ("learningplans:review_calendar", "review", "get", ["confirmed"], NOBODY),  # a draft's dates do not stand yet
    ("learningplans:review_calendar", "agreed plan's review", "get", ["confirmed"], BOTH),
    ("learningplans:review", "agreed plan's review", "get", ["confirmed"], BOTH),
    ("learningplans:review", "agreed plan's review", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:review", "plan's held review", "get", ["confirmed"], BOTH),  # to correct it
    ("learningplans:review_prepare", "agreed plan's review", "get", ["confirmed"], BOTH),
    ("learningplans:review_prepare", "agreed plan's review", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:review_prepare", "plan's held review", "get", ["confirmed"], BOTH_SEND),  # to what it has brought
    ("learningplans:review_prepare", "review", "get", ["confirmed"], BOTH_SEND),  # told that the plan is a draft
    ("learningplans:review_take_back", "agreed plan's review", "post", ["confirmed"], BOTH_SEND),
    *(
        (f"learningplans:{name}", what, "get", ["confirmed"], answers)
        for name in ("review_result", "review_wheel", "review_pdf")
        for what, answers in (("plan's held review", BOTH), ("agreed plan's review", NOBODY))
    ),
    ("learningplans:review_remove", "review", "post", ["confirmed"], BOTH_SEND),
    ("learningplans:agree", "plan", "post", ["confirmed"], BOTH_SEND),
    ("learningplans:change_goal", "agreed goal", "get", ["confirmed"], BOTH),
    ("learningplans:change_goal", "goal", "get", ["confirmed"], BOTH_SEND),  # a draft's own page is for that
    ("learningplans:change_measure", "agreed measure", "get", ["confirmed"], BOTH),
    ("learningplans:change_measure", "agreed measure", "post", ["confirmed"], BOTH),  # an empty form: itself again
    ("learningplans:change_measure", "measure", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:add_measure_later", "agreed plan", "get", ["confirmed"], BOTH),
    ("learningplans:add_measure_later", "plan", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:reopen", "agreed plan", "post", ["confirmed"], BOTH_SEND),
    # the learning formats are everybody's to read and HR's to keep
    ("learningplans:formats", None, "get", ["opened"], ALL),
    ("learningplans:format", "format", "get", ["opened"], HR),
    ("learningplans:format", "format", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer_create", None, "get", ["opened"], HR),
    ("learningplans:offer_create", None, "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer", "offer", "get", ["opened"], HR),
    ("learningplans:offer", "offer", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer_delete", "offer", "get", ["opened"], HR),
    ("learningplans:offer_delete", "offer", "post", ["opened"], HR_SENDS),
    ("learningplans:summary_pdf", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:summary_pdf", "agreed plan", "get", ["confirmed"], BOTH),
    ("learningplans:needs_pdf", "plan", "get", ["confirmed"], BOTH),
    ("learningplans:needs_pdf", "agreed plan", "get", ["confirmed"], BOTH_AND_HR),
    # how somebody has grown: everybody their own, who manages them theirs
    ("learningplans:growth", None, "get", ["opened", "confirmed"], ALL),
    ("learningplans:growth_of", "anna", "get", ALWAYS, BOTH),
    ("learningplans:growth_talk_wheel", "participation", "get", [*BEFORE, "both released", "talk begun"], NOBODY),
    ("learningplans:growth_talk_wheel", "participation", "get", AGREED, BOTH),
    ("learningplans:growth_review_wheel", "held review", "get", ["confirmed"], BOTH),
    ("learningplans:growth_workbook", None, "get", ["opened", "confirmed"], ALL),
    ("learningplans:growth_pdf", None, "get", ["confirmed"], ALL),
    # all documents of a round
    ("learningplans:round_documents", "round", "get", ["opened", "confirmed"], HR),
    ("learningplans:round_documents", "round", "post", ["opened", "confirmed"], HR_SENDS),
    ("learningplans:round_documents_zip", "round", "get", ["confirmed"], NOBODY),  # none is put together
    ("learningplans:round_documents_zip", "round with documents", "get", ["confirmed"], HR),
    ("learningplans:round_documents_discard", "finished bundle", "post", ["confirmed"], HR_SENDS),
    ("learningplans:round_measures", "round", "get", ["opened", "confirmed"], HR_SENDS),  # told that there are none
    ("learningplans:round_measures", "measure's round", "get", ["confirmed"], HR),
    # roles
    ("roles:list", None, "get", ["opened"], ALL),
    ("roles:detail", "profile", "get", ["opened"], ALL),
    ("roles:wheel", "profile", "get", ["opened"], ALL),
    ("roles:copy", "profile", "get", ["opened"], HR),
    ("roles:edit", "profile", "get", ["opened"], NOBODY),  # built in: to be copied, not changed
    ("roles:require", "profile requirement", "post", ["opened"], NOBODY),
    ("roles:retire", "profile", "post", ["opened"], HR_SENDS),
    ("roles:restore", "profile", "post", ["opened"], HR_SENDS),
    ("roles:holders", "profile", "get", ["opened"], HR),
    ("roles:person", "person", "get", ["opened"], HR),
    # people
    ("people:list", None, "get", ["opened"], HR),
    ("people:create", None, "get", ["opened"], HR),
    ("people:edit", "anna", "get", ["opened"], HR),
    ("people:set_password", "anna", "get", ["opened"], HR),
    ("people:deactivate", "anna", "post", ["opened"], HR_SENDS),
    ("people:activate", "anna", "post", ["opened"], HR_SENDS),
    ("people:staff_import", None, "get", ["opened"], HR),
    ("people:staff_import", None, "post", ["opened"], HR),  # without a file: the form again
    ("people:staff_preview", None, "get", ["opened"], HR_SENDS),  # without a list: to the upload
    ("people:staff_preview", None, "post", ["opened"], HR_SENDS),
    ("people:staff_discard", None, "post", ["opened"], HR_SENDS),
    ("people:staff_template", None, "get", ["opened"], HR),
    ("people:staff_template_csv", None, "get", ["opened"], HR),
    ("people:deputies", None, "get", ["opened"], HR),
    ("people:deputy_create", None, "get", ["opened"], HR),
    ("people:deputy_create", None, "post", ["opened"], HR),  # without a manager: asked for one
    ("people:deputy_end", "deputy", "post", ["opened"], HR_SENDS),
    ("people:units", None, "get", ["opened"], HR),
    ("people:unit_create", None, "get", ["opened"], HR),
    ("people:unit_edit", "unit", "get", ["opened"], HR),
    # e-mails
    ("letters:waiting", None, "get", ["opened"], HR),
    ("letters:send_now", None, "post", ["opened"], HR_SENDS),
    ("letters:send_again", None, "post", ["opened"], HR_SENDS),
    ("letters:discard", None, "post", ["opened"], HR_SENDS),
    ("letters:mute", None, "post", ["opened"], [302] * 6),  # everybody their own
]
PUBLIC = {"accessibility", "privacy", "imprint", "health", "theme"}
CASES = [(*row[:3], state, row[4]) for row in TABLE for state in row[3]]


def routes(resolver=None, namespace=""):
    """Every named address but allauth's and the admin's, which their own projects test."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name and not entry.name.startswith("account_"):
            yield f"{namespace}{entry.name}"


class Objects:
    """What the table's second column means on a given stage."""

    def __init__(self, stage):
        self.stage = stage

    def arguments(self, what):
        stage, competency = self.stage, self.stage.competencies[0].id
        cast = stage.cast
        plain = {
            None: [],
            "round": [stage.round.pk],
            "self": [stage.own.pk],
            "manager": [stage.manager.pk],
            "self rating": [stage.own.pk, competency],
            "manager rating": [stage.manager.pk, competency],
            "participation": [stage.participation.pk],
            "round's participation": [stage.round.pk, stage.participation.pk],
            "for participation": [stage.participation.pk],
            "profile": [stage.participation.profile_id],
            "profile requirement": [stage.participation.profile_id, competency],
            "person": [cast.anna.pk],
            "anna": [cast.anna.pk],
            "unit": [cast.anna.unit_id],
            "format": [LearningFormat.objects.first().pk],
        }
        return (
            plain[what] if what in plain else getattr(self, what.replace(" ", "_").replace("-", "_").replace("'", ""))()
        )

    def participation_with_a_date(self):
        at = timezone.now() + timedelta(days=3)
        Participation.objects.filter(pk=self.stage.participation.pk).update(talk_at=at)
        return [self.stage.participation.pk]

    def participation_with_a_shared_stock_taking(self):
        shared = {"participation": self.stage.participation, "tasks": "Alles.", "shared_at": timezone.now()}
        return [StockTaking.objects.create(**shared).participation_id]

    def with_colleagues(self):
        due = timezone.localdate() + timedelta(days=7)
        Round.objects.filter(pk=self.stage.round.pk).update(has_peers=True, peer_due=due)

    def asking_colleagues(self):
        self.with_colleagues()
        return [self.stage.participation.pk]

    def nomination(self):
        self.with_colleagues()
        peers.nominate(participation=self.stage.participation, colleague=self.stage.cast.fremd)
        return [self.stage.participation.pk, PeerNomination.objects.get().pk]

    def of_dora(self):
        return [Participation.objects.get(round=self.stage.round, person=self.stage.cast.dora).pk]

    def asked_of_anna(self):
        self.with_colleagues()
        of_dora = Participation.objects.get(pk=self.of_dora()[0])
        peers.nominate(participation=of_dora, colleague=self.stage.cast.anna)
        return [of_dora.assessments.get(kind=Assessment.Kind.PEER).pk]

    def asked_rating(self):
        return [*self.asked_of_anna(), self.stage.competencies[0].id]

    def deputy(self):
        cast, today = self.stage.cast, timezone.localdate()
        named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=today, until=today)
        named.people.add(cast.dora)
        return [named.pk]

    def offer(self):
        return [LearningFormat.objects.first().offers.create(title="Kurs").pk]

    def draft(self):
        return [plan_round(self.stage.cast, title="Nächstes Jahr").pk]

    def plan(self):
        return [planning.draw_up_plan(participation=self.stage.participation).pk]

    def agreed_plan(self):
        LearningPlan.objects.filter(pk__in=self.plan()).update(
            state=LearningPlan.State.AGREED, agreed_by_person_on="2026-01-01", agreed_by_manager_on="2026-01-01"
        )
        return [LearningPlan.objects.get().pk]

    def finished_bundle(self):
        now = timezone.now()
        return [self.stage.round.pk, Bundle.objects.create(round=self.stage.round, finished_at=now).pk]

    def measures_round(self):
        self.measure()
        self.agreed_plan()
        return [self.stage.round.pk]

    def round_with_documents(self):
        return self.finished_bundle()[:1]

    def goal(self):
        (plan,) = self.plan()
        competency = self.stage.competencies[10].id
        return [plan, Goal.objects.create(plan_id=plan, competency_id=competency, from_level=1, to_level=2).pk]

    def goals_plan(self):
        return self.goal()[:1]

    def measure(self):
        plan, goal = self.goal()
        measure = Measure.objects.create(
            plan_id=plan, format=LearningFormat.objects.first(), title="Üben", due_on="2027-01-01", responsible="Anna"
        )
        measure.goals.add(goal)
        return [plan, measure.pk]

    def review(self):
        (plan,) = self.plan()
        return [plan, Review.objects.create(plan_id=plan, planned_on="2027-01-01").pk]

    def agreed_goal(self):
        goal = self.goal()
        self.agreed_plan()
        return goal

    def agreed_measure(self):
        measure = self.measure()
        self.agreed_plan()
        return measure

    def held_review(self):
        plan, goal = self.goal()
        review = Review.objects.create(plan_id=plan, planned_on="2027-01-01", held_on="2027-01-01")
        review.goal_reviews.create(goal_id=goal, agreed_level=2)
        return [review.pk]

    def plans_held_review(self):
        review = self.agreed_plans_review()
        Review.objects.filter(pk=review[1]).update(held_on="2026-02-01")
        return review

    def agreed_plans_review(self):
        review = self.review()
        self.agreed_plan()
        return review


def test_every_address_states_who_may_reach_it():
    assert {row[0] for row in TABLE} | PUBLIC == set(routes())


def test_no_row_is_there_twice():
    assert max(Counter(case[:4] for case in CASES).values()) == 1


def promised(cases):
    """What the table promises, by address, object and method."""
    return {(name, what, method): expected for name, what, method, _, expected in cases}


def found_in(stage, cases, ask, prepare=lambda: None):
    """What ``ask(method, address)`` finds for each of ``cases`` after ``prepare()``, everything undone for the next."""
    found = {}
    for name, what, method, *_ in cases:
        with transaction.atomic():
            address = reverse(name, args=Objects(stage).arguments(what))
            prepare()
            found[name, what, method] = ask(method, address)
            transaction.set_rollback(True)
    return found


def answer(client, who, method, address):
    """What ``who`` is answered; whatever it changed is undone for the next of the cast."""
    with transaction.atomic():
        client.force_login(who)
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("state", STATES)
def test_access(client, cast, state):
    """The technical staff reach no more than a stranger, who stands last in the table."""
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    people = [*(getattr(cast, who) for who in WHO), root]
    cases = [case for case in CASES if case[3] == state]
    stage = STATES[state](Stage(cast))

    found = found_in(stage, cases, lambda *request: [answer(client, who, *request) for who in people])

    assert found == {row: [*expected, expected[-1]] for row, expected in promised(cases).items()}


@pytest.mark.parametrize("state", STATES)
def test_nobody_signed_in_reaches_anything(client, cast, state):
    cases = [case for case in CASES if case[3] == state]
    stage = STATES[state](Stage(cast))

    def ask(method, address):
        response = getattr(client, method)(address)
        return response.status_code, response.headers.get("Location", "").split("?")[0]

    found = found_in(stage, cases, ask)

    assert found == {row: (302, "/anmelden/") if row[2] == "get" else (401, "") for row in promised(cases)}


@pytest.mark.parametrize("name", sorted(PUBLIC - {"theme"}))
def test_public_pages_are_open_to_everybody(client, db, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("kind", Assessment.SIDES)
def test_a_former_manager_reaches_nothing_from_the_day_the_relation_ends(as_, stage, kind):
    stage.release_both().record()
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()
    client = as_(stage.cast.bernd)

    names = ["participation", "participation_wheel", "participation_pdf", "talk"]
    answers = [client.get(reverse(f"assessments:{name}", args=[stage.participation.pk])).status_code for name in names]
    own = client.get(reverse("assessments:assessment", args=[stage.participation.assessments.get(kind=kind).pk]))

    assert (answers, own.status_code) == ([404] * 4, 404)
