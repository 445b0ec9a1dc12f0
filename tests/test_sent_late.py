"""Every form says what its page has shown when it was made, and nothing is written from one that has shown something else.

What is sent without a stamp stands in HARMLESS, with the reason why it does no harm when it is sent late.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.urls import resolve

from tests.browser.crowd import crowd_around
from tests.security.test_everywhere import different_forms
from tests.security.test_forms import difference, rows
from tests.test_access import Writes

# What a page sends back of what it has shown: stamps of rows, and of single fields what was in them.
STAMP = re.compile(r"(?:[\w-]+-)?(?:read|was-\w.*)|released|record_read|gesehen|shown|termine|corrects")
IN_A_VALUE = {"auswahl": re.compile(r"\d+-.+"), "wahl": re.compile(r"\d+-.+"), "alle": re.compile(r"[0-9a-f]{16}")}

NEW = "makes something new, or says nothing but whom it is about"
ONE_WAY = "says one thing in so many words, whatever else has become of it; said twice it changes nothing"
ASKED_AGAIN = "what has to be so for it is asked once more when it is sent"
NOBODYS = "changes no record"
HARMLESS = {
    "account_change_password": "the password until now is asked for",
    "account_logout": NOBODYS,
    "assessments:assessment": "a field without what was in it has shown nothing: an answer that is there by then is told, and stays",
    "assessments:colleague_search": NOBODYS,
    "assessments:colleague_withdraw": "one request, by its name; none any more once somebody has answered",
    "assessments:colleagues": NEW,
    "assessments:decline": ONE_WAY,
    "assessments:deputies": NEW,
    "assessments:deputy_end": ONE_WAY,
    "assessments:entrust": "names to whom; refused for anybody else",
    "assessments:peer_decline": ONE_WAY,
    "assessments:rate": "as the whole form",
    "assessments:remark": "as the whole form",
    "assessments:round_admit": NEW,
    "assessments:round_close": "sends how much would be lost; refused where it is more",
    "assessments:round_create": NEW,
    "assessments:round_forms": NOBODYS,
    "assessments:round_letters": NOBODYS,
    "assessments:round_people": "gives a role or a manager to whom is still without one, and says where that are others than it has shown",
    "assessments:round_take_in": ASKED_AGAIN,
    "assessments:talk": "begins the record; as the rating form for what is in it",
    "calendar_address": ONE_WAY,
    "introduction": ONE_WAY,
    "jobs:give_up": ONE_WAY,
    "jobs:stop": ONE_WAY,
    "learningplans:choose_goals": "adds to a draft, to which both agree only then; what is a goal already stays as it is and is told",
    "learningplans:end_group": ONE_WAY,
    "learningplans:offer_list": "a file to be looked at, which writes nothing yet",
    "learningplans:propose_group": NEW,
    "learningplans:reckon_refreshes": NOBODYS,
    "learningplans:round_documents_discard": NOBODYS,
    "learningplans:seek_companions": ONE_WAY,
    "learningplans:take_stock": NEW,
    "letters:discard": "whatever a letter would have said stands in Meine Aufgaben; who is asked for an answer is asked once more",
    "letters:mute": ONE_WAY,
    "letters:send_again": NOBODYS,
    "letters:send_now": NOBODYS,
    "people:deactivate": ONE_WAY,
    "people:deputy_create": NEW,
    "people:deputy_end": ONE_WAY,
    "people:letterhead": NEW,
    "people:staff_import": "a file to be looked at, which writes nothing yet",
    "privacy:subject_access": NOBODYS,
    "roles:copy": NEW,
    "roles:create": NEW,
    "roles:holders": NEW,
    "roles:retire": ONE_WAY,
    "sign_out_everywhere": ONE_WAY,
    "theme": NOBODYS,
}
# What is written all the same from a page that has shown something else.
ALL_THE_SAME = {
    "learningplans:training_date_add": NEW,
    "people:staff_preview": "the list is read once more, and shown",
    "roles:require": NEW,
}


def stamps_in(fields):
    named = {name for name in fields if STAMP.fullmatch(name)}
    return named | {name for name, of in IN_A_VALUE.items() if any(map(of.fullmatch, fields.get(name, ())))}


def older(fields):
    """The same from a page that has shown something else."""
    chosen = {"auswahl", "wahl"} & fields.keys()
    stale = {name: [f"{one.partition('-')[0]}-veraltet" for one in fields[name]] for name in chosen}
    return fields | {name: ["veraltet"] for name in stamps_in(fields)} | stale


def post(client, sent, fields):
    client.post(sent.address, fields, **({"HTTP_HX_REQUEST": "true"} if sent.by_htmx else {}))


def written_by(client, sent, fields):
    """The tables that say something else afterwards; undone. That something was sent, and who has read it, is no record."""
    with transaction.atomic(), connection.execute_wrapper(writes := Writes()):
        post(client, sent, fields)
        transaction.set_rollback(True)
    if not {one for one in writes.tables if not one.endswith(("_access", "_sentform"))}:
        return set()
    with transaction.atomic():
        before = rows()
        post(client, sent, fields)
        found = set(difference(before, rows())) - {"SentForm"}
        transaction.set_rollback(True)
    return found


@pytest.mark.any_day
@pytest.mark.thorough(everywhere=True)
def test_what_is_sent_late_is_told_so_or_harmless(client, cast):
    without, all_the_same, tried = set(), set(), 0
    for sent in different_forms(client, crowd_around(cast)):
        name = resolve(urlsplit(sent.address).path).view_name
        if not stamps_in(sent.fields):
            without.add(name)
        elif written_by(client, sent, sent.fields):
            tried += 1
            all_the_same |= {name} if written_by(client, sent, older(sent.fields)) else set()

    assert without == HARMLESS.keys()
    assert all_the_same == ALL_THE_SAME.keys()
    assert tried > 40
