"""Who reaches what: every address, for each of the cast, in every state of a participation.

A row names an address and the answers for anna (the person), bernd (her manager), clara (his manager),
paula (HR), audit (Datenschutz) and fremd, and, where it matters, in which states. Nobody signed in never
reaches anything that is not PUBLIC. An address without a row fails, and so does a GET that writes; what it writes into the access
log, and what it does not, tests/noted.py says of every address.
"""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.answering import paper_entry
from assessments.changes import declining
from assessments.models import Assessment, EarlierRoundsConsent, Participation, PeerNomination, Round, StockTaking
from assessments.peers import asking
from assessments.rounds import closing, opening
from kompetenz.jobs.models import Job
from kompetenz.people.models import Deputy, Person, StaffImport
from kompetenz.people.staff.history import packed
from kompetenz.privacy.access_log.models import Access
from kompetenz.privacy.papers.reports import reported
from kompetenz.results.models import Publication, PublishedGroup
from learningplans.drafting import drawing_up
from learningplans.following import changing, steps
from learningplans.models import (
    Bundle,
    Goal,
    GoalTally,
    GroupPlace,
    LearningFormat,
    LearningGroup,
    LearningPlan,
    Measure,
    OfferDate,
    Review,
    TrainingBudget,
)
from tests.clock import TODAY
from tests.conftest import Stage, plan_round
from tests.markup import problems_in
from tests.noted import CHANGED, LISTED, OF_NOBODY_ELSE, READ, entries, is_noted
from tests.thorough import thorough_but

WHO = ["anna", "bernd", "clara", "paula", "audit", "fremd"]
ALL, NOBODY = [200] * 6, [404] * 6
HR = [404, 404, 404, 200, 404, 404]
HR_SENDS = [404, 404, 404, 302, 404, 404]
PERSON, MANAGER = [200, 404, 404, 404, 404, 404], [404, 200, 404, 404, 404, 404]
BOTH = [200, 200, 404, 404, 404, 404]
BOTH_SEND = [302, 302, 404, 404, 404, 404]
BOTH_AND_HR = [200, 200, 404, 200, 404, 404]
HR_AND_AUDITOR, AUDITOR = [404, 404, 404, 200, 200, 404], [404, 404, 404, 404, 200, 404]
READERS = [404, 200, 200, 200, 200, 404]
PERSON_ALONE = {"get": [200, 404, 404, 404, 404, 404], "post": [302, 404, 404, 404, 404, 404]}
PERSON_AND_NEW = [200, 404, 200, 404, 404, 404]  # clara is anna's manager since
PERSON_SENDS, MANAGER_SENDS = [302, 404, 404, 404, 404, 404], [404, 302, 404, 404, 404, 404]


def with_a_typed_in_paper(stage):
    """HR has typed in anna's Selbsteinschätzung, and she has not said yet whether it is hers."""
    stage.release(stage.manager)
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=stage.levels(1))
    return stage._again()


def declined(stage):
    declining.decline(participation=stage.participation)
    return stage._again()


# State by state how far anna's participation has come.
STATES = {
    "opened": lambda stage: stage,
    "typed in": with_a_typed_in_paper,
    "self released": lambda stage: stage.release(stage.own),
    "both released": lambda stage: stage.release_both(),
    "talk begun": lambda stage: stage.release_both().talk(),
    "recorded": lambda stage: stage.release_both().record(),
    "confirmed": lambda stage: stage.release_both().record().confirm(),
    "declined": declined,
}
ALWAYS = [state for state in STATES if state != "declined"]
TALKING = ["both released", "talk begun", "recorded", "confirmed"]
BEFORE = ["opened", "typed in", "self released"]
AGREED = ["recorded", "confirmed"]

OF_AN_AGREED_PLAN = ["change_frame", "add_goal_later", "reopen"]

# (address, which object, method, states, answers for WHO)
TABLE = [
    ("start", None, "get", ALWAYS, ALL),
    ("my_data", None, "get", ALWAYS, ALL),
    *((f"audit:{name}", None, "get", ["opened"], AUDITOR) for name in ("overview", "accesses", "rights", "deputies")),
    ("audit:right_changes", None, "get", ["opened"], AUDITOR),
    ("audit:rounds", None, "get", ["opened"], AUDITOR),
    ("audit:round", "round", "get", ALWAYS, AUDITOR),
    ("audit:round", "draft", "get", ["opened"], AUDITOR),
    ("audit:listed", "list of rights", "get", ["opened"], AUDITOR),
    ("audit:listed", "list of hand overs", "get", ["opened"], AUDITOR),
    ("audit:hand_overs", None, "get", ["opened"], AUDITOR),
    ("audit:workbook", "anna", "get", ["opened"], AUDITOR),
    ("audit:mine", None, "get", ["opened", "confirmed"], ALL),
    ("calendar_address", None, "get", ["opened"], ALL),
    ("calendar_address", None, "post", ["opened"], ALL),  # everybody their own, which is shown in the answer
    ("end_calendar_address", None, "post", ["opened"], [302] * 6),
    ("calendar", None, "get", ["opened"], [200, 200, 302, 302, 302, 302]),  # back to the start where there is no date
    ("catalogue:list", None, "get", ["opened"], ALL),
    ("catalogue:refreshing", None, "get", ["opened"], HR),
    ("catalogue:refreshing", None, "post", ["opened"], HR),  # an empty form: itself again
    ("catalogue:level_names", None, "get", ["opened"], HR),
    ("catalogue:level_names", None, "post", ["opened"], HR),  # an empty form: itself again
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
    ("assessments:round_letters", "round", "get", ALWAYS, HR),
    ("assessments:round_letters", "draft", "get", ["opened"], HR),
    ("assessments:round_letters", "round", "post", ["opened"], HR_SENDS),
    ("assessments:round_units", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_units_list", "round", "get", ALWAYS, HR),
    ("assessments:round_units_list", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_person", "round's participation", "get", ALWAYS, HR),
    ("assessments:round_list", "round", "get", ALWAYS, HR),
    ("assessments:round_list", "draft", "get", ["opened"], NOBODY),
    ("assessments:round_forms", "round", "get", ["opened"], HR),
    ("assessments:round_forms", "round", "post", ["opened"], HR_SENDS),
    ("assessments:round_forms", "draft", "get", ["opened"], NOBODY),
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
    ("assessments:peer_decline", "asked of anna", "get", ["opened"], PERSON),
    ("assessments:peer_decline", "asked of anna", "post", ["opened"], PERSON_SENDS),
    ("assessments:peer_decline", "self", "get", ["opened"], NOBODY),
    ("assessments:participation", "of dora", "get", ["opened"], MANAGER),
    # the participation: person and manager; HR sees the state in the monitor, not this
    ("assessments:participation", "participation", "get", ALWAYS, BOTH),
    ("assessments:participation_pdf", "participation", "get", ["confirmed"], BOTH),
    ("assessments:participation", "participation open to hr", "get", BEFORE, BOTH),
    ("assessments:participation", "participation open to hr", "get", TALKING, BOTH_AND_HR),
    ("assessments:participation_pdf", "participation open to hr", "get", ["confirmed"], BOTH_AND_HR),
    ("assessments:form_pdf", "participation", "get", ["opened"], BOTH),
    ("assessments:round_form_pdf", "round's participation", "get", ["opened"], HR),
    # the Bestandsaufnahme: the person's alone until shared, and HR's never
    ("assessments:stock_taking", "participation", "get", ALWAYS, PERSON),
    ("assessments:statement", "participation", "get", TALKING, PERSON),
    ("assessments:statement", "participation", "get", BEFORE, NOBODY),
    ("assessments:statement", "participation", "post", ["confirmed"], PERSON_SENDS),
    ("assessments:stock_taking", "participation with a shared stock-taking", "get", ALWAYS, BOTH),
    ("assessments:stock_taking", "participation with a shared stock-taking", "post", ["opened"], PERSON_SENDS),
    # the paper path: HR and the manager are told on the page where they cannot type it in (yet, any more)
    ("assessments:enter_from_paper", "participation", "get", ALWAYS, [404, 200, 404, 200, 404, 404]),
    ("assessments:enter_from_paper", "participation", "post", ["opened"], [404, 409, 404, 200, 404, 404]),
    ("assessments:enter_from_paper", "participation", "post", ["self released"], [404, 409, 404, 409, 404, 404]),
    # and the second pair of eyes, which is HR's alone: told why there is nothing to check, or that the signature is missing
    ("assessments:check_paper", "participation", "get", ALWAYS, [404, 404, 404, 200, 404, 404]),
    ("assessments:check_paper", "participation", "post", ["opened", "typed in"], [404, 404, 404, 200, 404, 404]),
    ("assessments:confirm_entry", "self", "post", ALWAYS, PERSON_SENDS),
    ("assessments:confirm_entry", "manager", "post", ["opened"], NOBODY),
    ("assessments:reject_entry", "self", "post", ALWAYS, PERSON_SENDS),
    ("assessments:reject_entry", "manager", "post", ["typed in"], NOBODY),
    ("assessments:enter_from_paper", "participation", "post", ["typed in"], [404, 409, 404, 409, 404, 404]),
    # not taking part: one page each for the two, and nothing else of it for anybody
    ("assessments:decline", "participation", "get", [*BEFORE, "both released", "talk begun"], PERSON),
    ("assessments:decline", "participation", "get", AGREED, PERSON_SENDS),  # told that it is too late
    ("assessments:decline", "participation", "post", ["opened", "talk begun", "recorded"], PERSON_SENDS),
    ("assessments:ask_back", "participation", "post", ["opened"], PERSON_SENDS),  # told that they take part
    ("assessments:round_take_in", "round's participation", "post", ["opened", "declined"], HR_SENDS),
    ("start", None, "get", ["declined"], ALL),
    ("my_data", None, "get", ["declined"], ALL),
    ("assessments:team", None, "get", ["declined"], ALL),
    ("assessments:round", "round", "get", ["declined"], HR),
    ("assessments:round_units", "round", "get", ["declined"], HR),
    ("assessments:round_list", "round", "get", ["declined"], HR),
    ("assessments:round_changes", "round", "get", ["declined"], HR),
    ("assessments:participation", "participation", "get", ["declined"], BOTH),
    ("assessments:participation_pdf", "participation", "get", ["declined"], NOBODY),
    ("assessments:ask_back", "participation", "post", ["declined"], PERSON_SENDS),
    ("assessments:decline", "participation", "get", ["declined"], NOBODY),
    ("assessments:entrust", "participation whose plan nobody answers", "get", ["confirmed"], PERSON),
    ("assessments:entrust", "participation whose plan nobody answers", "post", ["confirmed"], PERSON_SENDS),
    ("assessments:earlier_rounds", None, "get", ["opened"], [302] * 6),  # nothing to decide on
    ("assessments:earlier_rounds", None, "post", ["opened"], [302] * 6),
    *(
        (address, f"consented {what}", "get", ["confirmed"], PERSON_AND_NEW)
        for address, what in (
            ("assessments:participation", "participation"),
            ("assessments:participation_pdf", "participation"),
            ("assessments:stock_taking", "shared stock taking"),
            ("learningplans:growth_of", "person"),
            ("learningplans:growth_talk_wheel", "participation"),
        )
    ),
    *(
        (f"learningplans:{name}", "consented plan", "get", ["confirmed"], [200, 404, 200, 200, 404, 404])
        for name in ("detail", "pdf", "needs_pdf")
    ),
    *(
        (address, f"consented {what}", method, ["confirmed"], PERSON_ALONE[method])
        for address, what, method in (
            ("assessments:talk", "participation", "get"),
            ("assessments:form_pdf", "participation", "get"),
            ("learningplans:draw_up", "participation", "post"),
            ("learningplans:summary_pdf", "plan", "get"),
            ("learningplans:agree", "plan", "post"),
        )
    ),
    ("assessments:targets", "consented participation", "get", ["confirmed"], NOBODY),
    ("assessments:talk_date", "consented participation", "get", ["confirmed"], NOBODY),
    ("assessments:assessment", "consented manager", "get", ["confirmed"], NOBODY),
    ("learningplans:detail", "consented draft", "get", ["confirmed"], PERSON),
    ("learningplans:growth_of", "revoked person", "get", ["confirmed"], PERSON),
    ("assessments:participation", "revoked participation", "get", ["confirmed"], PERSON),
    ("learningplans:detail", "revoked plan", "get", ["confirmed"], [200, 404, 404, 200, 404, 404]),
    (
        "assessments:entrust",
        "participation",
        "get",
        ["opened", "confirmed"],
        PERSON_SENDS,
    ),  # told that there is nothing to give
    ("assessments:decline", "participation", "post", ["declined"], PERSON_SENDS),  # a second click
    ("assessments:targets", "participation", "get", ["declined"], NOBODY),
    ("assessments:talk_date", "participation", "get", ["declined"], MANAGER_SENDS),
    *(
        (f"assessments:{name}", what, method, ["declined"], NOBODY)
        for name, what, method in (
            ("assessment", "self", "get"),
            ("assessment", "manager", "get"),
            ("assessment", "self", "post"),
            ("rate", "self rating", "post"),
            ("rate", "manager rating", "post"),
            ("remark", "self rating", "post"),
            ("check", "self", "get"),
            ("release", "self", "post"),
            ("release", "manager", "post"),
            ("take_back", "self", "post"),
            ("form_pdf", "participation", "get"),
            ("round_form_pdf", "round's participation", "get"),
            ("confirm_entry", "self", "post"),
            ("reject_entry", "self", "post"),
            ("enter_from_paper", "participation", "get"),
            ("enter_from_paper", "participation", "post"),
            ("check_paper", "participation", "get"),
            ("check_paper", "participation", "post"),
            ("colleagues", "asking colleagues", "get"),
            ("colleague_search", "asking colleagues", "post"),
            ("stock_taking", "participation", "get"),
            ("stock_taking", "participation", "post"),
            ("talk", "participation", "get"),
            ("talk", "participation", "post"),
            ("talk_acknowledge", "participation", "post"),
            ("talk_send_back", "participation", "post"),
            ("talk_calendar", "participation", "get"),
        )
    ),
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
    ("assessments:talk_acknowledge", "participation", "post", ["recorded"], PERSON),  # an empty answer: the form again
    ("assessments:talk_send_back", "participation", "post", [*BEFORE, "both released"], NOBODY),
    ("assessments:talk_send_back", "participation", "post", ["recorded"], PERSON),  # without a reason: the form again
    ("assessments:talk_send_back", "participation", "post", ["confirmed"], PERSON_SENDS),  # told that it is answered
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
    ("learningplans:review", "plan's held review", "get", ["confirmed"], BOTH_SEND),  # to what it has brought
    ("learningplans:review", "person's record", "get", ["confirmed"], [200, 302, 404, 404, 404, 404]),  # to correct it
    ("learningplans:review", "manager's record", "get", ["confirmed"], [302, 200, 404, 404, 404, 404]),
    ("learningplans:review_answer", "person's record", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:review_answer", "manager's record", "post", ["confirmed"], BOTH),
    ("learningplans:review_answer", "plan's held review", "post", ["confirmed"], NOBODY),  # nobody's to be answered
    ("learningplans:review_answer", "agreed plan's review", "post", ["confirmed"], NOBODY),
    ("learningplans:review_answer", "answered record", "post", ["confirmed"], BOTH_SEND),  # told that it is completed
    ("learningplans:review_withdraw", "person's record", "post", ["confirmed"], PERSON_SENDS),  # told: not sent back
    ("learningplans:review_withdraw", "person's record sent back", "post", ["confirmed"], PERSON_SENDS),
    ("learningplans:review_withdraw", "manager's record sent back", "post", ["confirmed"], MANAGER_SENDS),
    (
        "learningplans:review_withdraw",
        "agreed plan's review",
        "post",
        ["confirmed"],
        BOTH_SEND,
    ),  # told: nothing is recorded
    ("learningplans:review_withdraw", "plan's held review", "post", ["confirmed"], NOBODY),  # nobody's to be taken back
    ("learningplans:review_result", "person's record", "get", ["confirmed"], BOTH),
    ("learningplans:review_result", "manager's record", "get", ["confirmed"], BOTH),
    ("learningplans:review_result", "answered record", "get", ["confirmed"], BOTH),
    ("learningplans:review_pdf", "person's record", "get", ["confirmed"], BOTH),
    ("learningplans:review_pdf", "answered record", "get", ["confirmed"], BOTH),
    ("learningplans:review", "answered record", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:review_move", "agreed plan's review", "get", ["confirmed"], BOTH),
    ("learningplans:review_move", "plan's held review", "get", ["confirmed"], NOBODY),
    ("learningplans:review_move", "review", "get", ["confirmed"], BOTH_SEND),  # told that the plan is a draft
    ("learningplans:review_prepare", "agreed plan's review", "get", ["confirmed"], BOTH),
    ("learningplans:review_prepare", "agreed plan's review", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:review_prepare", "plan's held review", "get", ["confirmed"], BOTH_SEND),  # to what it has brought
    ("learningplans:review_prepare", "review", "get", ["confirmed"], BOTH_SEND),  # told that the plan is a draft
    ("learningplans:review_take_back", "agreed plan's review", "post", ["confirmed"], BOTH_SEND),
    *(
        (f"learningplans:{name}", what, "get", ["confirmed"], answers)
        for name in ("review_result", "review_pdf")
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
    *((f"learningplans:{name}", "agreed plan", "get", ["confirmed"], BOTH) for name in OF_AN_AGREED_PLAN),
    *(
        (f"learningplans:{name}", "agreed plan", "post", ["confirmed"], BOTH) for name in OF_AN_AGREED_PLAN
    ),  # empty forms
    *((f"learningplans:{name}", "plan", "get", ["confirmed"], BOTH_SEND) for name in OF_AN_AGREED_PLAN),
    ("learningplans:end_goal", "agreed goal", "get", ["confirmed"], BOTH),
    ("learningplans:end_goal", "agreed goal", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:end_goal", "goal", "get", ["confirmed"], BOTH_SEND),
    ("learningplans:plan_change", "person's change", "get", ["confirmed"], BOTH),
    ("learningplans:plan_change", "manager's change", "get", ["confirmed"], BOTH),
    ("learningplans:answer_change", "person's change", "post", ["confirmed"], BOTH),  # an empty form
    ("learningplans:answer_change", "manager's change", "post", ["confirmed"], BOTH),
    ("learningplans:withdraw_change", "person's change", "post", ["confirmed"], PERSON_SENDS),
    ("learningplans:withdraw_change", "manager's change", "post", ["confirmed"], MANAGER_SENDS),
    # the learning formats are everybody's to read and HR's to keep
    ("learningplans:formats", None, "get", ["opened"], ALL),
    ("learningplans:format", "format", "get", ["opened"], HR),
    ("learningplans:format", "format", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:suitability", "format", "get", ["opened"], HR),
    ("learningplans:suitability", "format", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer_create", None, "get", ["opened"], HR),
    ("learningplans:offer_create", None, "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer", "offer", "get", ["opened"], HR),
    ("learningplans:offer", "offer", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:offer_delete", "offer", "get", ["opened"], HR),
    ("learningplans:offer_delete", "offer", "post", ["opened"], HR_SENDS),
    # the training plan is HR's
    ("learningplans:training", None, "get", ["opened", "confirmed"], HR),
    ("learningplans:training_move", None, "post", ["opened"], HR_SENDS),  # told that nothing is chosen
    ("learningplans:training_offer", "offer", "get", ["opened"], HR),
    ("learningplans:training_date_add", "offer", "get", ["opened"], HR),
    ("learningplans:training_date_add", "offer", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:training_date", "offer's date", "get", ["opened"], HR),
    ("learningplans:training_date", "offer's date", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:training_date", "another offer's date", "get", ["opened"], NOBODY),
    ("learningplans:training_date_remove", "offer's date", "post", ["opened"], HR_SENDS),
    ("learningplans:training_date_remove", "another offer's date", "post", ["opened"], NOBODY),
    ("learningplans:training_guests", "offer", "get", ["opened"], HR),
    *(
        (f"learningplans:training_{name}", None, "get", ["opened"], HR)
        for name in ("workbook", "csv", "budget_workbook")
    ),
    ("learningplans:refreshes", None, "get", ["opened", "confirmed"], HR),
    ("learningplans:refreshes_workbook", None, "get", ["opened"], HR),
    ("learningplans:reckon_refreshes", None, "post", ["opened"], HR_SENDS),
    ("learningplans:offer_list", None, "get", ["opened"], HR),
    ("learningplans:offer_list", None, "post", ["opened"], HR),  # without a file: the form again
    ("learningplans:offer_list_preview", None, "get", ["opened"], HR_SENDS),  # without a list: to the upload
    ("learningplans:offer_list_preview", None, "post", ["opened"], HR_SENDS),
    ("learningplans:offer_list_discard", None, "post", ["opened"], HR_SENDS),
    ("learningplans:training_budgets", None, "get", ["opened"], HR),
    ("learningplans:training_budget_add", None, "get", ["opened"], HR),
    ("learningplans:training_budget_add", None, "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:training_budget", "budget", "get", ["opened"], HR),
    ("learningplans:training_budget", "budget", "post", ["opened"], HR),  # an empty form: itself again
    ("learningplans:training_budget_remove", "budget", "post", ["opened"], HR_SENDS),
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
    # shared goals and groups: counts for HR, the question for whoever is asked, and nothing of either for anybody else
    ("learningplans:shared_goals", None, "get", ["confirmed"], HR),
    ("learningplans:take_stock", None, "post", ["confirmed"], HR_SENDS),  # told that there are too few
    ("learningplans:propose_group", "common way", "get", ["confirmed"], HR),
    ("learningplans:propose_group", "common way", "post", ["confirmed"], HR),  # an empty form: itself again
    ("learningplans:group", "group", "get", ["confirmed"], HR),
    ("learningplans:end_group", "group", "post", ["confirmed"], HR_SENDS),
    ("learningplans:group_place", "place in a group", "get", ["confirmed"], PERSON),
    ("learningplans:group_place", "place in a group", "post", ["confirmed"], PERSON_SENDS),  # told to say yes or no
    ("learningplans:mentoring", None, "get", ["opened", "confirmed"], ALL),
    ("learningplans:mentoring", None, "post", ["opened"], NOBODY),  # no competency named
    ("learningplans:team_needs", None, "get", ["opened", "confirmed"], [404, 200, 200, 404, 404, 404]),
    # what is published of a round: the whole for whoever leads people, all of it for HR and auditors
    ("results:publications", None, "get", ["opened"], ALL),
    ("privacy:subject_access", None, "get", ["opened"], ALL),
    ("privacy:subject_access", None, "post", ["opened"], [302] * 6),  # everybody about themselves
    ("privacy:retention", None, "get", ["opened"], HR_AND_AUDITOR),
    ("privacy:erase", "anna", "get", ["opened"], HR),
    ("privacy:erase_confirm", "anna", "get", ["opened"], HR),
    ("privacy:erase_confirm", "anna", "post", ["opened"], HR),  # an empty form: itself again
    ("results:publish", "round", "get", ["opened", "confirmed"], HR),
    ("results:publish", "round", "post", ["opened"], HR),  # an empty form: itself again
    ("results:publish", "draft", "get", ["opened"], NOBODY),
    *(
        (f"results:{name}", what, "get", ["confirmed"], answers)
        for name in ("publication", "workbook", "pdf", "json")
        for what, answers in (("publication", READERS), ("publication for all", ALL))
    ),
    ("results:competency", "published competency", "get", ["confirmed"], READERS),
    ("results:report_pdf", "publication", "get", ["confirmed"], [404, 404, 404, 200, 200, 404]),
    ("results:report_pdf", "publication for all", "get", ["confirmed"], ALL),
    ("results:report", "publication", "get", ["confirmed"], HR),
    ("results:report", "publication for all", "get", ["confirmed"], HR),
    ("results:report", "publication", "post", ["confirmed"], HR),  # an empty form: itself again
    # what an introduction needs on paper; the fact sheet of a draft also before HR has shown it
    ("papers:papers", None, "get", ["opened"], ALL),
    *((f"papers:{name}", "paper", "get", ["opened"], ALL) for name in ("paper", "paper_pdf", "paper_text")),
    ("papers:paper_versions", "paper", "get", ["opened"], HR_AND_AUDITOR),
    *(
        (f"papers:{name}", what, "get", ["opened"], answers)
        for name in ("fact_sheet", "fact_sheet_pdf")
        for what, answers in (("round", ALL), ("draft", HR_AND_AUDITOR))
    ),
    ("papers:fact_sheet_show", "draft", "post", ["opened"], HR_SENDS),
    ("papers:fact_sheet_comment", "round", "post", ["opened"], AUDITOR),  # too late: itself, with what was typed
    ("papers:fact_sheet_comment", "draft", "post", ["opened"], AUDITOR),  # an empty form: itself again
    # roles
    ("roles:list", None, "get", ["opened"], ALL),
    ("roles:detail", "profile", "get", ["opened"], ALL),
    ("roles:wheel", "profile", "get", ["opened"], [404, 200, 200, 200, 200, 200]),  # the round hides the Soll from anna
    ("roles:wheel", "profile", "get", ["self released"], ALL),
    ("roles:create", None, "get", ["opened"], HR),
    ("roles:create", None, "post", ["opened"], HR),  # an empty form: itself again
    ("roles:copy", "profile", "get", ["opened"], HR),
    ("roles:edit", "profile", "get", ["opened"], NOBODY),  # built in: to be copied, not changed
    ("roles:require", "profile requirement", "post", ["opened"], NOBODY),
    ("roles:retire", "profile", "post", ["opened"], HR_SENDS),
    ("roles:restore", "profile", "post", ["opened"], HR_SENDS),
    ("roles:holders", "profile", "get", ["opened"], HR),
    ("roles:person", "person", "get", ["opened"], HR),
    # people
    ("people:list", None, "get", ["opened"], HR),
    ("people:find_person", None, "get", ["opened"], HR_SENDS),  # not by htmx: to the list
    ("people:create", None, "get", ["opened"], HR),
    ("people:edit", "anna", "get", ["opened"], HR),
    ("people:invite", "anna", "get", ["opened"], HR),
    ("people:invite", "anna", "post", ["opened"], HR),  # she has signed in already
    ("people:invite_found", None, "post", ["opened"], HR_SENDS),
    ("people:locks", None, "get", ["opened"], HR),
    ("people:lift", "anna", "post", ["opened"], HR_SENDS),
    ("people:deactivate", "anna", "post", ["opened"], HR_SENDS),
    ("people:vacancies", None, "get", ["opened"], HR),
    ("people:successor", "anna", "get", ["opened"], HR),
    ("people:successor", "anna", "post", ["opened"], HR),  # an empty form: itself again
    ("people:pass_on_running", "anna", "get", ["opened"], HR_SENDS),  # nothing waits: to the person
    ("people:pass_on_running", "anna", "post", ["opened"], HR_SENDS),
    ("people:activate", "anna", "post", ["opened"], HR_SENDS),
    ("people:staff_import", None, "get", ["opened"], HR),
    ("people:staff_import", None, "post", ["opened"], HR),  # without a file: the form again
    ("people:staff_mapping", None, "get", ["opened"], HR_SENDS),  # without a list: to the upload
    ("people:staff_mapping", None, "post", ["opened"], HR_SENDS),
    ("people:staff_preview", None, "get", ["opened"], HR_SENDS),  # without a list: to the upload
    ("people:staff_preview", None, "post", ["opened"], HR_SENDS),
    ("people:staff_decide", None, "post", ["opened"], HR_SENDS),  # without a list: to the upload
    ("people:staff_errors", None, "get", ["opened"], HR_SENDS),  # without a list: to the upload
    ("people:staff_history", None, "get", ["opened"], HR),
    ("people:staff_difference", "taken over", "get", ["opened"], HR),
    ("people:staff_take_back", "taken over", "post", ["opened"], HR_SENDS),
    ("people:staff_export", None, "get", ["opened"], HR),
    ("people:staff_discard", None, "post", ["opened"], HR_SENDS),
    ("people:staff_template", None, "get", ["opened"], HR),
    ("people:staff_template_csv", None, "get", ["opened"], HR),
    ("people:deputies", None, "get", ["opened"], HR),
    ("people:deputy_create", None, "get", ["opened"], HR),
    ("people:deputy_create", None, "post", ["opened"], HR),  # without a manager: asked for one
    ("people:deputy_end", "deputy", "post", ["opened"], HR_SENDS),
    ("people:units", None, "get", ["opened"], HR),
    ("people:find_unit", None, "get", ["opened"], HR_SENDS),  # not by htmx: to the units
    ("people:letterhead", None, "get", ["opened"], HR),
    ("people:letterhead", None, "post", ["opened"], HR),  # without a file: the form again
    ("people:emblem_remove", None, "post", ["opened"], HR_SENDS),
    ("people:unit_create", None, "get", ["opened"], HR),
    ("people:unit_edit", "unit", "get", ["opened"], HR),
    # jobs: HR's are all of HR's, any other is for who asked
    ("jobs:jobs", None, "get", ["opened"], ALL),
    *(
        (f"jobs:{name}", what, method, ["opened"], answers)
        for name, method in [("job", "get"), ("stop", "post"), ("go_on", "post"), ("give_up", "post")]
        for what, answers in [
            ("HR's job", HR if method == "get" else HR_SENDS),
            ("anna's job", PERSON if method == "get" else PERSON_SENDS),
        ]
    ),
    ("jobs:download", "HR's job", "get", ["opened"], NOBODY),  # it has made no file
    ("jobs:download", "anna's file", "get", ["opened"], PERSON),
    # help
    ("help_slide", None, "get", ["opened"], HR),
    ("introduction", None, "post", ["opened"], [302] * 6),  # everybody their own
    # signed in
    ("stay_signed_in", None, "post", ["opened"], ALL),
    ("sign_out_everywhere", None, "post", ["opened"], [302] * 6),
    # e-mails
    ("letters:waiting", None, "get", ["opened"], HR),
    ("letters:send_now", None, "post", ["opened"], HR_SENDS),
    ("letters:send_again", None, "post", ["opened"], HR_SENDS),
    ("letters:discard", None, "post", ["opened"], HR_SENDS),
    ("letters:mute", None, "post", ["opened"], [302] * 6),  # everybody their own
]
# subscribed_calendar: whoever has the secret address, see tests/kompetenz/people/test_subscribing.py
# help_article: tests/kompetenz/help/test_articles.py reads them all
PUBLIC = {
    "accessibility",
    "privacy",
    "imprint",
    "health",
    "theme",
    "subscribed_calendar",
    "emblem",
    "help",
    "help_article",
}
CASES = [(*row[:3], state, row[4]) for row in TABLE for state in row[3]]


def routes(resolver=None, namespace=""):
    """Every named address but allauth's and the admin's, which their own projects test."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from routes(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif (
            isinstance(entry, URLPattern)
            and entry.name
            and not entry.name.startswith(("account_", "mfa_", "openid_connect_"))
        ):
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
            "paper": ["rechte"],
        }
        return (
            plain[what] if what in plain else getattr(self, what.replace(" ", "_").replace("-", "_").replace("'", ""))()
        )

    def taken_over(self):
        difference = packed(
            {"rows": [], "before": {}, "after": {}, "new": [], "units": {}, "new_units": [], "further": {}}
        )
        return [StaffImport.objects.create(name="liste.csv", difference=difference, is_finished=True).pk]

    def participation_open_to_hr(self):
        Round.objects.filter(pk=self.stage.round.pk).update(shows_levels_to_hr=True)
        return [self.stage.participation.pk]

    def participation_with_a_date(self):
        at = timezone.now() + timedelta(days=3)
        Participation.objects.filter(pk=self.stage.participation.pk).update(talk_at=at)
        return [self.stage.participation.pk]

    def participation_with_a_shared_stock_taking(self):
        shared = {"participation": self.stage.participation, "tasks": "Alles.", "shared_at": timezone.now()}
        return [StockTaking.objects.create(**shared).participation_id]

    def with_colleagues(self):
        due = TODAY + timedelta(days=7)
        Round.objects.filter(pk=self.stage.round.pk).update(has_peers=True, peer_due=due)

    def asking_colleagues(self):
        self.with_colleagues()
        return [self.stage.participation.pk]

    def nomination(self):
        self.with_colleagues()
        asking.nominate(participation=self.stage.participation, colleague=self.stage.cast.fremd)
        return [self.stage.participation.pk, PeerNomination.objects.get().pk]

    def of_dora(self):
        return [Participation.objects.get(round=self.stage.round, person=self.stage.cast.dora).pk]

    def asked_of_anna(self):
        self.with_colleagues()
        of_dora = Participation.objects.get(pk=self.of_dora()[0])
        asking.nominate(participation=of_dora, colleague=self.stage.cast.anna)
        return [of_dora.assessments.get(kind=Assessment.Kind.PEER).pk]

    def asked_rating(self):
        return [*self.asked_of_anna(), self.stage.competencies[0].id]

    def deputy(self):
        cast, today = self.stage.cast, TODAY
        named = Deputy.objects.create(manager=cast.bernd, person=cast.fremd, since=today, until=today)
        named.people.add(cast.dora)
        return [named.pk]

    def offer(self):
        return [LearningFormat.objects.first().offers.create(title="Kurs").pk]

    def offers_date(self):
        (offer,) = self.offer()
        return [offer, OfferDate.objects.create(offer_id=offer, starts_on=TODAY).pk]

    def another_offers_date(self):
        return [*self.offer(), self.offers_date()[1]]

    def budget(self):
        return [TrainingBudget.objects.create(year=TODAY.year, amount=1).pk]

    def HRs_job(self):  # noqa: N802 - HR's
        return [self.job(asked_by=self.stage.cast.paula)]

    def annas_job(self):
        return [self.job(asked_by=self.stage.cast.anna, for_hr=False)]

    def annas_file(self):
        done = {"state": Job.State.DONE, "finished_at": timezone.now(), "file_name": "a.pdf", "content": b"%PDF"}
        return [self.job(asked_by=self.stage.cast.anna, for_hr=False, **done)]

    def job(self, **fields):
        return Job.objects.create(
            kind=opening.OPENING.name, subject="0", title="Lange", items=[1, 2], total=2, **fields
        ).pk

    def common_way(self):
        way = [self.stage.competencies[0].id, 1, 2]
        GoalTally.objects.create(k=5, people=30, ways=[[*way, 9]])
        return way

    def group(self):
        due = {"due_on": TODAY, "answer_by": TODAY, "format": LearningFormat.objects.first()}
        competency = self.stage.competencies[0].id
        group = LearningGroup(competency_id=competency, from_level=1, to_level=2, told=9, title="Gruppe", **due)
        group.save()
        return [group.pk]

    def place_in_a_group(self):
        _, goal = self.agreed_goal()
        return [GroupPlace.objects.create(group_id=self.group()[0], goal_id=goal).pk]

    def publication(self, **fields):
        """One that says of the whole that all are at their Soll."""
        found = Publication.objects.create(round=self.stage.round, k=5, people=30, taking_part=40, **fields)
        cells = {str(one.id): [[0, 10, 0], [0, 10, 0, 0], [0, 0]] for one in self.stage.competencies}
        PublishedGroup.objects.create(publication=found, place=0, kind="all", name="Alle", people=30, cells=cells)
        return [found.pk]

    def publication_for_all(self):
        return self.publication(is_for_all=True)

    def published_competency(self):
        return [*self.publication(), self.stage.competencies[0].id]

    def draft(self):
        return [plan_round(self.stage.cast, title="Nächstes Jahr").pk]

    def list_of_rights(self):
        return ["rechte"]

    def list_of_hand_overs(self):
        return ["uebergaben"]

    def plan(self):
        return [drawing_up.draw_up_plan(participation=self.stage.participation).pk]

    def agreed_plan(self):
        LearningPlan.objects.filter(pk__in=self.plan()).update(
            state=LearningPlan.State.AGREED, agreed_by_person_on="2026-01-01", agreed_by_manager_on="2026-01-01"
        )
        return [LearningPlan.objects.get().pk]

    def participation_whose_plan_nobody_answers(self):
        self.agreed_plan()
        closing.close_round(round_=self.stage.round)
        Person.objects.filter(pk=self.stage.cast.anna.pk).update(manager=self.stage.cast.clara)
        return [self.stage.participation.pk]

    def consented_participation(self):
        """Anna works for clara since, and lets her read the round that ended with bernd."""
        closing.close_round(round_=self.stage.round)
        anna, clara = self.stage.cast.anna, self.stage.cast.clara
        Person.objects.filter(pk=anna.pk).update(manager=clara)
        EarlierRoundsConsent.objects.create(person=anna, manager=clara, agrees=True)
        return [self.stage.participation.pk]

    def consented_person(self):
        self.consented_participation()
        return [self.stage.cast.anna.pk]

    def consented_manager(self):
        self.consented_participation()
        return [self.stage.manager.pk]

    def consented_shared_stock_taking(self):
        self.participation_with_a_shared_stock_taking()
        return self.consented_participation()

    def consented_plan(self):
        plan = self.agreed_plan()
        self.consented_participation()
        return plan

    def consented_draft(self):
        plan = self.plan()
        self.consented_participation()
        return plan

    def revoked_participation(self):
        found = self.consented_participation()
        EarlierRoundsConsent.objects.update(agrees=False)
        return found

    def revoked_person(self):
        self.revoked_participation()
        return [self.stage.cast.anna.pk]

    def revoked_plan(self):
        plan = self.agreed_plan()
        self.revoked_participation()
        return plan

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

    def record(self, by, **answered):
        plan, review = self.agreed_plans_review()
        found = Review.objects.get(pk=review)
        found.held_on = TODAY
        found.write(self.stage.participation, by, None)
        for name, value in answered.items():
            setattr(found, name, value)
        found.save()
        return [plan, review]

    def persons_record(self):
        return self.record(self.stage.cast.anna)

    def managers_record(self):
        return self.record(self.stage.cast.bernd)

    def persons_record_sent_back(self):
        return self.record(self.stage.cast.anna, sent_back_at=timezone.now(), sent_back_why="Weil.")

    def managers_record_sent_back(self):
        return self.record(self.stage.cast.bernd, sent_back_at=timezone.now(), sent_back_why="Weil.")

    def answered_record(self):
        plan, review = self.record(self.stage.cast.anna, answer="noted", answered_at=timezone.now(), is_final=True)
        LearningPlan.objects.filter(pk=plan).update(state=LearningPlan.State.COMPLETED, completed_on=TODAY)
        return [plan, review]

    def change(self, by):
        plan = LearningPlan.objects.get(pk=self.agreed_plan()[0])
        wanted = LearningPlan.objects.get(pk=plan.pk)
        wanted.hours_per_month = 4
        wish = steps.of_plan(plan, wanted)
        return [plan.pk, changing.write_change(plan=plan, wish=wish, by=by, reason="Weil.", read=plan.stamp).pk]

    def persons_change(self):
        return self.change(self.stage.cast.anna)

    def managers_change(self):
        return self.change(self.stage.cast.bernd)

    def agreed_plans_review(self):
        review = self.review()
        self.agreed_plan()
        return review


def test_every_address_states_who_may_reach_it():
    assert {row[0] for row in TABLE} | PUBLIC == set(routes())


def test_every_address_states_what_of_whom_it_shows():
    """A new one has to be decided upon: is it anybody's data, and of what kind? See tests/noted.py."""
    stated = [*READ, *LISTED, *CHANGED, *OF_NOBODY_ELSE]

    assert set(stated) == {*set(routes()) - PUBLIC, "subscribed_calendar"}
    assert set(OF_NOBODY_ELSE) & {*READ, *LISTED, *CHANGED} == set()


def test_no_row_is_there_twice():
    assert max(Counter(case[:4] for case in CASES).values()) == 1


def promised(cases):
    """What the table promises, by address, object and method."""
    return {(name, what, method): expected for name, what, method, _, expected in cases}


def found_in(stage, cases, ask, prepare=lambda: None):
    """What ``ask(method, address)`` finds for each of ``cases``, whose objects are there before ``prepare()``."""
    return {row: found for row, [found] in found_in_scenes(stage, cases, [(prepare, ask)]).items()}


def found_in_scenes(stage, cases, scenes):
    """For each of ``cases`` what is found in each of ``scenes`` by itself: (what happens before, who asks).

    Everything is undone in the end. An object is made once for all its addresses, so who asks undoes what that changes.
    """
    of_object, found = defaultdict(list), defaultdict(list)
    for name, what, method, *_ in cases:
        of_object[what].append((name, method))
    for what, requests in of_object.items():
        with transaction.atomic():
            arguments = Objects(stage).arguments(what)
            for happens, ask in scenes:
                with transaction.atomic():
                    happens()
                    for name, method in requests:
                        found[name, what, method].append(ask(method, reverse(name, args=arguments)))
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    return found


class Writes:
    """The tables written to inside ``with connection.execute_wrapper(writes)``; Django's sessions aside."""

    def __init__(self, leaves_out=None):
        self.tables, self.leaves_out = [], leaves_out

    def __call__(self, execute, sql, params, many, context):
        found = re.match(r"(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) \"(\w+)\"", sql)
        if found and found[1] not in {"django_session", self.leaves_out}:
            self.tables.append(found[1])
        return execute(sql, params, many, context)


def signed_in(client, who):
    """The session of ``who`` for ``answer``; one is enough for all addresses."""
    client.cookies.clear()  # or signing in would end the session of the one before
    client.force_login(who)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answer(client, session, method, address, noted=None):
    """What the owner of ``session`` is answered, well-formed; whatever it changed is undone for the next of the cast.

    ``noted`` takes what it has left in the access log (tests/noted.py).
    """
    client.cookies.clear()  # a message of the request before
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        Access.objects.forget()
        with connection.execute_wrapper(writes := Writes(leaves_out=Access._meta.db_table)):
            response = getattr(client, method)(address)
        if noted is not None:
            noted.append(entries())
        transaction.set_rollback(True)
    assert response.status_code != HTTPStatus.OK or problems_in(response) == [], (method, address)
    assert method != "get" or writes.tables == [], (method, address)
    if method == "get" and response.status_code == HTTPStatus.OK and "html" not in response.headers["Content-Type"]:
        assert response.resolver_match.view_name in reported(), f"{address} is missing in privacy/papers/reports.py"
    return response.status_code


def test_what_is_written_does_not_go_unseen(cast):
    with connection.execute_wrapper(writes := Writes()):
        cast.anna.save()
        Deputy.objects.bulk_create([Deputy(manager=cast.clara, person=cast.fremd, until=TODAY)], ignore_conflicts=True)
        list(Person.objects.select_for_update())
        Deputy.objects.filter(person=cast.fremd).delete()

    assert writes.tables == ["people_person", "people_deputy", "people_deputy_people", "people_deputy"]


@pytest.mark.parametrize("state", thorough_but(STATES, "confirmed"))
@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
def test_access(client, cast, state):
    """The technical staff reach no more than a stranger, who stands last in the table."""
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    people = [*(getattr(cast, who) for who in WHO), root]
    cases = [case for case in CASES if case[3] == state]
    stage = STATES[state](Stage(cast))
    sessions = [signed_in(client, who) for who in people]

    def ask(*request):
        notes = []
        return [answer(client, session, *request, notes) for session in sessions], notes

    found = found_in(stage, cases, ask)

    answers = {row: [*expected, expected[-1]] for row, expected in promised(cases).items()}
    assert {row: statuses for row, (statuses, _) in found.items()} == answers
    wrong = [row for row, (statuses, notes) in found.items() if not is_noted(row, [*WHO, "root"], statuses, notes)]
    # of whoever does not take part there is nothing to be read, wherever it would stand
    nothing = state == "declined" and [row for row in wrong if "Anna" not in str(found[row][1])]
    assert [row for row in wrong if not nothing or row not in nothing] == []


OF_SOMEBODY = {"self", "manager", "self rating", "manager rating", "participation", "for participation"}


@pytest.mark.any_day
@pytest.mark.usefixtures("blank_pdfs")
def test_while_a_round_is_being_opened_nobody_reaches_anything_in_it(client, cast):
    """HR is led to how far it is, and else finds nothing; neither do those who will take part."""
    stage = Stage(cast)
    Participation.objects.filter(pk=stage.participation.pk).update(admitted_on=None)
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.OPENING)
    Job.objects.create(kind=opening.OPENING.name, subject=stage.round.pk, title="Eröffnen", asked_by=cast.paula)
    rows = sorted({row[:3] for row in TABLE if row[1] in OF_SOMEBODY or row[1] == "round"})
    sessions = [signed_in(client, getattr(cast, who)) for who in WHO]

    for name, what, method in rows:
        address = reverse(name, args=Objects(stage).arguments(what))
        found = [answer(client, session, method, address) for session in sessions]
        if name in {"assessments:round", "assessments:round_open"}:
            assert found == HR_SENDS, name
        elif name.startswith("assessments:") or what != "round":
            assert found == NOBODY, (name, what, method)


@pytest.mark.any_day
@pytest.mark.parametrize("state", STATES)
def test_nobody_signed_in_reaches_anything(client, cast, state):
    cases = [case for case in CASES if case[3] == state]
    stage = STATES[state](Stage(cast))

    def ask(method, address):
        response = getattr(client, method)(address)
        return response.status_code, response.headers.get("Location", "").split("?")[0]

    found = found_in(stage, cases, ask)

    assert found == {row: (302, "/anmelden/") if row[2] == "get" else (401, "") for row in promised(cases)}


@pytest.mark.parametrize("name", sorted(PUBLIC - {"theme", "subscribed_calendar", "help_article"}))
def test_public_pages_are_open_to_everybody(client, db, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("kind", Assessment.SIDES)
def test_a_former_manager_reaches_nothing_from_the_day_the_relation_ends(as_, stage, kind):
    stage.release_both().record()
    stage.cast.anna.manager = stage.cast.clara
    stage.cast.anna.save()
    client = as_(stage.cast.bernd)

    names = ["participation", "participation_pdf", "talk"]
    answers = [client.get(reverse(f"assessments:{name}", args=[stage.participation.pk])).status_code for name in names]
    own = client.get(reverse("assessments:assessment", args=[stage.participation.assessments.get(kind=kind).pk]))

    assert (answers, own.status_code) == ([404] * 3, 404)
