"""What each address leaves in the access log (ADR 49): of whom, what, how; an address that is in none of these tables fails.

Names, states and dates of many (a team, a round, a list of people) are no content of anybody, nor are published results; nor
is what colleagues answer, of which nobody shall know who has.
"""

from kompetenz.privacy.access_log.models import Access

ROLES = {"bernd": "manager", "clara": "manager", "paula": "hr", "audit": "auditor", "root": "admin"}
WHOSE = {"of dora": "Dora"}  # else Anna's
COLLEAGUES = {"asked of anna", "asked rating"}

# Opened by somebody else than the person it is about, what of them is read or taken along.
READ = {
    "assessments:assessment": "assessment read",
    "assessments:check": "assessment read",
    "assessments:participation": "comparison read",
    "assessments:participation_pdf": "comparison taken",
    "assessments:form_pdf": "form taken",
    "assessments:round_form_pdf": "form taken",
    "assessments:stock_taking": "stock_taking read",
    "assessments:targets": "targets read",
    "assessments:talk": "talk read",
    "assessments:talk_record": "talk read",
    "assessments:talk_date": "dates read",
    "assessments:talk_calendar": "dates taken",
    "assessments:round_person": "course read",
    "learningplans:detail": "plan read",
    "learningplans:pdf": "plan taken",
    "learningplans:summary_pdf": "plan taken",
    "learningplans:needs_pdf": "plan taken",
    **dict.fromkeys(
        (
            f"learningplans:{name}"
            for name in (
                *("frame", "choose_goals", "goal", "goal_remove", "measure_add", "measure", "measure_remove"),
                *("review_add", "change_frame", "add_goal_later", "reopen", "add_measure_later", "change_goal"),
                *("change_measure", "end_goal", "plan_change"),
            )
        ),
        "plan read",
    ),
    **dict.fromkeys(
        (f"learningplans:review{name}" for name in ("", "_result", "_move", "_prepare", "_remove")), "review read"
    ),
    "learningplans:review_pdf": "review taken",
    "learningplans:review_calendar": "dates taken",
    **dict.fromkeys((f"learningplans:growth_{name}" for name in ("of", "talk_wheel", "review_wheel")), "growth read"),
    "audit:workbook": "log taken",
    **dict.fromkeys(("people:edit", "privacy:erase", "privacy:erase_confirm"), "master_data read"),
    "roles:person": "roles read",
}

# Of everybody who stands on it: who does, beside them, here. What the table's stage has nobody on, its own tests look at.
LISTED = {
    "assessments:round_list": ("states taken", {"Anna", "Dora"}),
    "people:staff_export": ("master_data taken", {"Anna", "Bernd", "Clara", "Dora", "Frieda"}),
    "people:staff_difference": ("master_data taken", set()),
    "people:staff_preview": ("master_data read", set()),
    "learningplans:refreshes": ("refreshes read", set()),
    "learningplans:refreshes_workbook": ("refreshes taken", set()),
    "learningplans:training": ("measures read", set()),
    "learningplans:training_offer": ("measures read", set()),
    "learningplans:training_guests": ("measures taken", set()),
    "learningplans:training_workbook": ("measures taken", set()),
    "learningplans:training_csv": ("measures taken", set()),
    "learningplans:round_measures": ("measures taken", {"Anna"}),
    "learningplans:round_documents_zip": ("documents taken", set()),
    "learningplans:group": ("measures read", set()),
    "learningplans:team_needs": ("needs read", {"Anna"}),
    "audit:accesses": ("log read", set()),
    "audit:listed": ("master_data taken", {"Paula", "Rita"}),
    "calendar": ("dates taken", set()),
    "subscribed_calendar": ("dates taken", set()),
}

# Sent by somebody else than the person it is about; where it is refused, it is read alone.
CHANGED = {
    **dict.fromkeys(
        (f"assessments:{name}" for name in ("assessment", "rate", "remark", "release", "take_back")), "assessment"
    ),
    "assessments:enter_from_paper": "self",
    "assessments:check_paper": "self",
    "assessments:targets": "targets",
    "assessments:talk_date": "dates",
    **dict.fromkeys((f"assessments:talk{name}" for name in ("", "_adopt", "_record", "_reopen")), "talk"),
    **dict.fromkeys(
        (
            f"learningplans:{name}"
            for name in (
                *("draw_up", "frame", "choose_goals", "goal", "goal_remove", "measure_add", "measure", "measure_state"),
                *("measure_remove", "review_add", "agree", "change_frame", "add_goal_later", "reopen"),
                *("add_measure_later", "change_goal", "change_measure", "end_goal", "answer_change", "withdraw_change"),
            )
        ),
        "plan",
    ),
    **dict.fromkeys(
        (
            f"learningplans:review{name}"
            for name in ("", "_move", "_prepare", "_take_back", "_remove", "_answer", "_withdraw")
        ),
        "review",
    ),
    **dict.fromkeys(
        (f"people:{name}" for name in ("create", "edit", "deactivate", "activate", "successor")), "master_data"
    ),
    **dict.fromkeys(("people:staff_preview", "people:staff_take_back"), "master_data"),
    "roles:person": "roles",
    "roles:holders": "roles",
    "learningplans:training_move": "measures",
    "learningplans:training_date": "measures",
    "assessments:round_people": "master_data",
    "assessments:round_decide": "targets",
    "assessments:round_remove": "course",
}

# Nobody's, one's own, names and states of many, or what an installation says of itself.
OF_NOBODY_ELSE = {
    *("introduction", "help_slide", "catalogue:level_names"),
    "privacy:subject_access",
    "assessments:statement",
    *("papers:papers", "people:pass_on_running"),
    *(f"papers:fact_sheet{name}" for name in ("", "_comment", "_pdf", "_show")),
    *(f"papers:paper{name}" for name in ("", "_pdf", "_text", "_versions")),
    *("privacy:retention", "learningplans:reckon_refreshes", "assessments:round_forms"),
    *("start", "my_data", "audit:mine", "audit:overview", "audit:rights", "audit:right_changes", "audit:rounds", "audit:round", "audit:deputies", "audit:hand_overs", "calendar_address", "end_calendar_address", "stay_signed_in", "sign_out_everywhere"),
    *("catalogue:list", "catalogue:refreshing", "jobs:jobs", "jobs:job", "jobs:download", "jobs:stop", "jobs:go_on", "jobs:give_up"),
    *(f"letters:{name}" for name in ("waiting", "send_now", "send_again", "discard", "mute")),
    *(f"assessments:round{name}" for name in ("s", "", "_create", "_purpose", "_dates", "_visibility")),
    *(f"assessments:round_{name}" for name in ("preview", "units", "units_list", "letters", "remind", "extend")),
    *(f"assessments:round_{name}" for name in ("pause", "resume", "admit", "deadlines", "open", "changes")),
    *(f"assessments:round_{name}" for name in ("hand_over", "close", "delete", "take_in")),
    *(f"assessments:{name}" for name in ("team", "deputies", "deputy_end", "colleagues", "colleague_search")),
    *(f"assessments:{name}" for name in ("colleague_withdraw", "peer_requests", "peer_decline", "confirm_entry")),
    *(f"assessments:{name}" for name in ("reject_entry", "decline", "ask_back", "entrust", "earlier_rounds", "talk_statement")),
    *(f"assessments:{name}" for name in ("talk_acknowledge", "talk_send_back")),
    *(f"learningplans:{name}" for name in ("seek_companions", "formats", "format", "suitability", "offer_create")),
    *(f"learningplans:{name}" for name in ("offer", "offer_delete", "training_date_add")),
    *(f"learningplans:{name}" for name in ("training_date_remove", "training_budget_workbook", "offer_list")),
    *(f"learningplans:offer_list_{name}" for name in ("preview", "discard")),
    *(f"learningplans:training_budget{name}" for name in ("s", "_add", "", "_remove")),
    *(f"learningplans:growth{name}" for name in ("", "_workbook", "_pdf")),
    *(f"learningplans:round_documents{name}" for name in ("", "_discard")),
    *(f"learningplans:{name}" for name in ("shared_goals", "take_stock", "propose_group", "end_group")),
    *(f"learningplans:{name}" for name in ("group_place", "mentoring")),
    *(f"results:{name}" for name in ("publications", "publish", "publication", "workbook", "pdf", "json")),
    *(f"results:{name}" for name in ("competency", "report_pdf", "report")),
    *(f"roles:{name}" for name in ("list", "detail", "wheel", "create", "copy", "edit", "require", "retire", "restore")),
    *(f"people:{name}" for name in ("list", "find_person", "find_unit", "invite", "invite_found", "locks", "lift", "vacancies")),
    *(f"people:staff_{name}" for name in ("import", "mapping", "decide", "errors", "history", "discard")),
    *(f"people:{name}" for name in ("staff_template", "staff_template_csv", "deputies", "deputy_create", "deputy_end")),
    *(f"people:{name}" for name in ("units", "letterhead", "emblem_remove", "unit_create", "unit_edit")),
}  # fmt: skip


def entries():
    """What the access log says now: about whom, what, how, in which role."""
    return {
        f"{one.about.first_name}: {one.what} {one.how} {one.role}" for one in Access.objects.select_related("about")
    }


def is_noted(row, who, statuses, notes):
    """Whether what each of ``who`` has left in the log is what the tables say of this row of the access table."""
    return all(
        is_right(row, ROLES.get(one, "none"), status, found) if one != "anna" or row[1] == "of dora" else not found
        for one, status, found in zip(who, statuses, notes, strict=True)
    )


def is_right(row, role, status, found):
    name, what, method = row
    whose = WHOSE.get(what, "Anna")
    if status == 404 or name in OF_NOBODY_ELSE or what in COLLEAGUES:
        return not found
    if method == "post":
        what = CHANGED.get(name)
        return found <= {f"{whose}: {done} {role}" for done in (f"{what} changed", f"{what} read", READ.get(name))}
    if name in LISTED:
        what, people = LISTED[name]
        return found in ({f"{one}: {what} {role}" for one in people}, set())
    return found == ({f"{whose}: {READ[name]} {role}"} if status == 200 and name in READ else set())
