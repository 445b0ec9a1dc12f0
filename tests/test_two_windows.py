"""Every form with stored values, open in two windows: the older never replaces the newer unseen, and nothing typed is lost."""

import re
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessments.changes import handing_over
from assessments.models import Participation, Round
from assessments.rounds import running
from kompetenz.catalogue.models import Competency
from kompetenz.forms.stamp import FASTER
from kompetenz.people.models import Person, SentForm, Unit
from learningplans.models import LearningFormat, LearningPlan, Offer, TrainingBudget
from roles.models import RoleHolding, RoleProfile, copy_profile
from tests.browser.crowd import crowd_around
from tests.clock import in_days
from tests.conftest import Stage, person, plan_round
from tests.filled_in import TYPED
from tests.learningplans.making import participation_of, plan_of
from tests.markup import problems_in
from tests.security.test_everywhere import different_forms


class Window:
    """A page with a form as somebody has opened it."""

    def __init__(self, who, address):
        self.client, self.address = Client(), address
        self.client.force_login(who)
        self.look(self.client.get(address))

    def look(self, page):
        self.page = page
        rows = [row for _, of in page.context.get("categories", []) for row in of if hasattr(row, "add_prefix")]
        shown = {
            one.add_prefix(name): one[name].value()
            for one in filter(None, [page.context.get("form"), *rows])
            for name in one.fields
        }
        self.shown = {name: value for name, value in shown.items() if value not in (None, "") and value is not False}
        hidden = re.findall(r'<input type="hidden" name="([^"]*(?:read|was-)[^"]*)" value="([^"]*)"', page.text)
        self.shown |= dict(hidden)

    def send(self, **fields):
        return self.client.post(self.address, self.shown | fields)


@pytest.fixture
def profile(cast):
    return copy_profile(profile=RoleProfile.objects.first(), name="Eigenes Profil")


def form_of(kind, cast, profile):
    """(address, whose, field, older, newer, what is stored)"""
    draft, offer = plan_round(cast), Offer.objects.create(format=LearningFormat.objects.first(), title="Kurs")
    unit, format_, first = Unit.objects.first(), LearningFormat.objects.first(), Competency.objects.first()

    def value(row, field):
        return lambda: str(type(row).objects.values_list(field, flat=True).get(pk=row.pk))

    return {
        "person": (reverse("people:edit", args=[cast.anna.pk]), "last_name", value(cast.anna, "last_name")),
        "unit": (reverse("people:unit_edit", args=[unit.pk]), "name", value(unit, "name")),
        "offer": (reverse("learningplans:offer", args=[offer.pk]), "title", value(offer, "title")),
        "format": (reverse("learningplans:format", args=[format_.pk]), "name", value(format_, "name")),
        "profile": (reverse("roles:edit", args=[profile.pk]), "description", value(profile, "description")),
        "purpose": (reverse("assessments:round_purpose", args=[draft.pk]), "title", value(draft, "title")),
        "dates": (reverse("assessments:round_dates", args=[draft.pk]), "plan_due", value(draft, "plan_due")),
        "refreshing": (reverse("catalogue:refreshing"), f"monate-{first.pk}", value(first, "refresh_months")),
    }[kind]


@pytest.mark.parametrize("kind", ["person", "unit", "offer", "format", "profile", "purpose", "dates", "refreshing"])
def test_the_older_of_two_windows_is_told_what_the_newer_has_saved(cast, profile, kind):
    address, field, stored = form_of(kind, cast, profile)
    newer_value, older_value = {"dates": (f"{in_days(90)}", f"{in_days(99)}"), "refreshing": ("11", "22")}.get(
        kind, ("Neuer", "Älter")
    )
    older, newer = Window(cast.paula, address), Window(cast.paula, address)
    assert newer.send(**{field: newer_value}).status_code == 302

    refused = older.send(**{field: older_value})

    assert (refused.status_code, stored()) == (200, newer_value)
    assert FASTER in refused.text
    assert "Jetzt gespeichert: " in refused.text
    assert refused.context["form"][field].value() == older_value
    assert problems_in(refused) == []
    older.look(refused)
    assert older.send(**{field: older_value}).status_code == 302
    assert stored() == older_value


@pytest.mark.parametrize("how", ["open", "delete"])
def test_nobody_opens_or_deletes_a_round_that_somebody_prepares_otherwise_meanwhile(cast, how):
    draft = plan_round(cast)
    older = Window(cast.paula, reverse(f"assessments:round_{how}", args=[draft.pk]))
    Round.objects.filter(pk=draft.pk).update(shows_levels_to_hr=True)

    told = older.client.post(older.address, older.shown, follow=True)
    kept = Round.objects.filter(pk=draft.pk, state="draft").count()
    older.look(older.client.get(older.address))
    older.client.post(older.address, older.shown)

    assert "Die Vorbereitung ist inzwischen eine andere." in told.text
    assert (kept, Round.objects.filter(pk=draft.pk, state="draft").count()) == (1, 0)


REMOVED = {
    "offer": ("offer_delete", "offer_delete", {"title": "Anders"}),
    "date": ("training_date", "training_date_remove", {"starts_on": in_days(77), "ends_on": in_days(77)}),
    "budget": ("training_budget", "training_budget_remove", {"amount": 99000}),
}


@pytest.mark.parametrize("kind", REMOVED)
def test_what_is_another_by_now_is_not_removed_unseen(cast, kind):
    offer = Offer.objects.create(format=LearningFormat.objects.first(), title="Kurs")
    row = {
        "offer": lambda: offer,
        "date": lambda: offer.dates.create(starts_on=in_days(40), ends_on=in_days(40)),
        "budget": lambda: TrainingBudget.objects.create(year=in_days(0).year, amount=100),
    }[kind]()
    page, remove, changed = REMOVED[kind]
    args = [offer.pk, row.pk] if kind == "date" else [row.pk]
    client, rows = Client(), type(row).objects.filter(pk=row.pk)
    client.force_login(cast.paula)

    def send():
        shown = re.findall(r'name="read" value="([^"]*)"', client.get(reverse(f"learningplans:{page}", args=args)).text)
        return lambda: client.post(
            reverse(f"learningplans:{remove}", args=args),
            {"read": shown[-1], "once": f"{cast.paula.pk}-x"},
            follow=True,
        )

    stale = send()
    rows.update(**changed)
    told = stale()

    assert ("Nicht entfernt: " in told.text, rows.count()) == (True, 1)
    send()()
    assert rows.count() == 0


@pytest.mark.parametrize("kind", ["person", "unit", "offer", "format", "profile", "purpose"])
def test_a_page_of_ours_that_has_lost_its_stamp_replaces_nothing(cast, profile, kind):
    address, field, stored = form_of(kind, cast, profile)
    window, before = Window(cast.paula, address), stored()
    window.shown = {name: value for name, value in window.shown.items() if not name.endswith("read")}

    refused = window.send(**{field: "Anders", "once": f"{cast.paula.pk}-x"})

    assert (refused.status_code, stored()) == (200, before)
    assert FASTER in refused.text


def test_a_form_that_comes_back_for_another_reason_has_still_not_read_what_is_new(cast):
    address = reverse("people:edit", args=[cast.anna.pk])
    older, newer = Window(cast.paula, address), Window(cast.paula, address)
    newer.send(last_name="Neuer")
    wrong = older.send(last_name="Älter", email="keine Adresse")
    older.look(wrong)

    refused = older.send(last_name="Älter", email=cast.anna.email)

    assert FASTER in refused.text
    cast.anna.refresh_from_db()
    assert cast.anna.last_name == "Neuer"


def test_who_was_deactivated_meanwhile_is_not_saved_over_without_a_word(as_, cast):
    older = Window(cast.paula, reverse("people:edit", args=[cast.anna.pk]))
    as_(cast.paula).post(reverse("people:deactivate", args=[cast.anna.pk]))

    refused = older.send(last_name="Älter")

    assert FASTER in refused.text
    assert Person.objects.values_list("last_name", "is_active").get(pk=cast.anna.pk) == ("Ärmel", False)
    older.look(refused)
    assert older.send(last_name="Älter").status_code == 302


def test_of_two_who_give_somebody_a_role_the_second_sees_what_the_first_has_given(cast):
    address = reverse("roles:person", args=[cast.fremd.pk])
    older, newer = Window(cast.paula, address), Window(cast.paula, address)
    first, second = RoleProfile.objects.all()[:2]
    newer.send(action="assign", profile=first.pk, since=str(in_days(0)))

    refused = older.send(action="assign", profile=second.pk, since=str(in_days(0)))

    held = RoleHolding.objects.filter(person=cast.fremd).values_list("profile", flat=True)
    assert (refused.status_code, list(held)) == (200, [first.pk])
    assert FASTER in refused.text
    older.look(refused)
    assert older.send(action="assign", profile=second.pk, since=str(in_days(0))).status_code == 302
    assert list(held.all()) == [second.pk]


@pytest.mark.parametrize("art", ["genau", "runde"])
def test_deadlines_that_another_has_moved_are_not_overwritten_unseen(cast, art):
    stage = Stage(cast)
    address = reverse("assessments:round_extend", args=[stage.round.pk])
    chosen = {"wahl": stage.participation.pk}
    older, newer = (Window(cast.paula, f"{address}?wahl={stage.participation.pk}") for _ in range(2))
    newer.send(**chosen, art="genau", self_due=str(in_days(20)), talk_due="")

    refused = older.send(**chosen, art=art, self_due=str(in_days(10)), talk_due="")

    def stored():
        return Participation.objects.get(pk=stage.participation.pk).self_due

    assert (refused.status_code, stored()) == (200, in_days(20))
    assert FASTER in refused.text
    older.look(refused)
    assert older.send(**chosen, art=art, self_due=str(in_days(10)), talk_due="").status_code == 302
    assert stored() == (in_days(10) if art == "genau" else stage.round.self_due)


def test_the_first_sheet_of_two_windows_is_not_overwritten_by_the_second(cast):
    stage = Stage(cast)
    address = reverse("assessments:stock_taking", args=[stage.participation.pk])
    older, newer = Window(cast.anna, address), Window(cast.anna, address)
    newer.send(tasks="Neu")

    refused = older.send(tasks="Alt")

    assert "Jetzt gespeichert: „Neu“" in refused.text
    assert ">\nAlt</textarea>" in refused.text


def test_only_the_date_that_was_shown_is_called_off_or_moved(cast):
    stage = Stage(cast).release_both()
    address, participation = reverse("assessments:talk_date", args=[stage.participation.pk]), stage.participation
    Window(cast.bernd, address).send(day=f"{in_days(5)}", time="10:00", place="Raum 1")
    older, newer = Window(cast.bernd, address), Window(cast.bernd, address)
    newer.send(day=f"{in_days(6)}", time="10:00", place="Raum 1")

    moved, called_off = older.send(place="Raum 9"), older.send(absagen="ja")

    assert "Jetzt gespeichert: " in moved.text
    assert called_off.headers["Location"] == address
    found = Participation.objects.get(pk=participation.pk)
    assert (found.talk_at.date(), found.talk_place) == (in_days(6), "Raum 1")


# The rating form and the talk, field by field ------------------------------------------------------------------------------


def test_an_answer_changed_elsewhere_comes_back_beside_what_was_sent_and_the_rest_is_saved(cast):
    stage = Stage(cast)
    first, second = stage.competencies[:2]
    address = reverse("assessments:assessment", args=[stage.own.pk])
    client = Client()
    client.force_login(cast.anna)
    client.post(address, {f"level-{first.id}": "3", f"remark-{first.id}": "Neu"})
    sent = {
        f"level-{first.id}": "0",
        f"level-was-{first.id}": "",
        f"remark-{first.id}": "Alt",
        f"level-{second.id}": "2",
    }

    refused = client.post(address, sent)

    assert refused.status_code == 409
    assert "Inzwischen ist etwas anderes gespeichert: „Experte“ und „Neu“." in refused.text
    assert (stage.own.levels(), stage.own.remark_texts()) == ({first.id: 3, second.id: 2}, {first.id: "Neu"})
    assert f'name="level-was-{first.id}" value="3"' in refused.text
    assert ">Alt</textarea>" in refused.text
    assert problems_in(refused) == []
    again = client.post(address, sent | {f"level-was-{first.id}": "3", f"remark-was-{first.id}": "Neu"})
    assert (again.status_code, stage.own.levels()[first.id], stage.own.remark_texts()) == (302, 0, {first.id: "Alt"})


def test_what_was_agreed_elsewhere_is_not_overwritten_by_an_older_talk_page(cast):
    stage = Stage(cast).release_both()
    first = stage.competencies[0]
    address = reverse("assessments:talk", args=[stage.participation.pk])
    client = Client()
    client.force_login(cast.bernd)
    client.post(address, {f"agreed-{first.id}": "3", "place": "Raum neu", "held_on": "", "attendees": ""})
    sent = {f"agreed-{first.id}": "0", f"agreed-was-{first.id}": "", "place": "Raum alt", "was-place": ""}

    refused = client.post(address, sent)
    by_htmx = client.post(address, sent, headers={"HX-Request": "true"})

    talk = Participation.objects.get(pk=stage.participation.pk).talk
    assert (talk.levels(), talk.place) == ({first.id: 3}, "Raum neu")
    assert "Inzwischen ist etwas anderes gespeichert: „Experte“." in refused.text
    assert "Jetzt gespeichert: „Raum neu“." in refused.text
    assert 'value="Raum alt"' in refused.text
    assert problems_in(refused) == []
    assert (by_htmx.status_code, "answer:stored" in by_htmx.headers["HX-Trigger"]) == (409, True)


def test_a_statement_of_an_older_window_is_told_what_the_newer_has_saved(cast):
    stage = Stage(cast).release_both().talk()
    client, address = Client(), reverse("assessments:talk_statement", args=[stage.participation.pk])
    client.force_login(cast.anna)
    page = client.get(reverse("assessments:talk", args=[stage.participation.pk])).text
    sent = {"read": re.search('name="read" value="([^"]*)"', page)[1]}
    client.post(address, sent | {"person_statement": "Neu"})

    refused = client.post(address, sent | {"person_statement": "Alt"})

    assert "Jetzt gespeichert: „Neu“" in refused.text
    assert Participation.objects.get(pk=stage.participation.pk).talk.person_statement == "Neu"


# Words ---------------------------------------------------------------------------------------------------------------------


def test_the_words_of_a_goal_that_was_removed_meanwhile_come_back(cast):
    crowd = crowd_around(cast)
    goal = crowd.draft_plan.goals.last()
    window = Window(crowd.cast.fritz, reverse("learningplans:goal", args=[crowd.draft_plan.pk, goal.pk]))
    goal.delete()

    page = window.send(specific="Mühsam formuliert.")

    assert (page.status_code, "Mühsam formuliert." in page.text) == (404, True)
    assert "Das ist im Entwurf inzwischen geändert oder entfernt." in page.text
    assert problems_in(page) == []


WORDS = "Mühsam formuliert, in drei Sätzen."


def draft_thrown_away(cast):
    draft = plan_round(cast)
    window = Window(cast.paula, reverse("assessments:round_purpose", args=[draft.pk]))
    draft.delete()
    return lambda: window.send(purpose=WORDS)


def offer_deleted(cast):
    offer = Offer.objects.create(format=LearningFormat.objects.first(), title="Kurs")
    window = Window(cast.paula, reverse("learningplans:offer", args=[offer.pk]))
    offer.delete()
    return lambda: window.send(title=WORDS)


def removed_from_the_round(cast):
    stage = Stage(cast)
    window = Window(cast.anna, reverse("assessments:stock_taking", args=[stage.participation.pk]))
    running.remove(round_=stage.round, participations=[stage.participation])
    return lambda: window.send(tasks=WORDS)


def handed_over(cast):
    stage = Stage(cast)
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    handing_over.hand_over(participations=[stage.participation], by=cast.paula)
    client, competency = Client(), stage.competencies[0].id
    client.force_login(cast.bernd)
    sent = {
        f"level-{competency}": "3",
        f"remark-{competency}": WORDS,
        f"remark-was-{competency}": "Was vorher da stand",
    }
    address = reverse("assessments:assessment", args=[stage.manager.pk])
    return lambda: client.post(address, sent | {"once": f"{cast.bernd.pk}-x"})


@pytest.mark.parametrize("gone", [draft_thrown_away, offer_deleted, removed_from_the_round, handed_over])
def test_what_was_typed_for_something_gone_comes_back(cast, gone):
    page = gone(cast)()

    assert (page.status_code, page.text.count(WORDS)) == (404, 1)
    assert "Nicht gespeichert" in page.text
    assert problems_in(page) == []


def test_what_comes_back_is_what_was_typed_and_not_what_the_page_sends_along(cast):
    page = handed_over(cast)()

    assert page.context["words"] == [WORDS]


def test_a_field_whose_name_has_no_end_is_looked_through_once(cast):
    client, begun = Client(), time.process_time()
    client.force_login(cast.anna)

    page = client.post(
        reverse("assessments:assessment", args=[0]),
        urlencode({"was-" * 10_000 + "\n": WORDS}),
        content_type="application/x-www-form-urlencoded",
    )

    assert (page.status_code, time.process_time() - begun < 1) == (404, True)


@pytest.mark.any_day
@pytest.mark.thorough
def test_what_is_typed_into_any_form_comes_back_where_it_is_not_the_senders_any_more(client, cast):
    """Each form of every page, sent by somebody to whom nothing of all this belongs."""
    crowd, nobody, lost, tried = crowd_around(cast), Client(), [], 0
    nobody.force_login(person("Nora", "Niemand"))
    for sent in different_forms(client, crowd):
        fields = {name: values for name, values in sent.fields.items() if name != "once"}
        if sent.by_htmx or not any(TYPED in values for values in fields.values()):
            continue
        answer = nobody.post(sent.address, fields)
        if answer.status_code == 404:
            tried += 1
            lost += [] if escape(TYPED) in answer.text else [sent.address]

    assert lost == []
    assert tried > 40


def soll_that_stands_by_now(stage):
    address = reverse("assessments:targets", args=[stage.participation.pk])
    competency = stage.competencies[0].id
    stage.release(stage.own)
    return stage.cast.bernd, address, {f"level-{competency}": "3", f"reason-{competency}": WORDS}


def talk_recorded_by_now(stage):
    stage.release_both().record()
    address = reverse("assessments:talk_date", args=[stage.participation.pk])
    return stage.cast.bernd, address, {"day": f"{in_days(3)}", "time": "10:00", "place": WORDS}


def preparation_released_by_now(stage):
    plan = plan_of(participation_of(stage.cast.anna, title="Zweite"), state=LearningPlan.State.AGREED)
    review = plan.reviews.create(planned_on=in_days(3))
    review.preparations.create(side="manager", released_by=stage.cast.fremd, released_at=timezone.now())
    return stage.cast.bernd, reverse("learningplans:review_prepare", args=[plan.pk, review.pk]), {"helped": WORDS}


@pytest.mark.parametrize("late", [soll_that_stands_by_now, talk_recorded_by_now, preparation_released_by_now])
def test_what_was_typed_too_late_comes_back_with_why_it_is_not_saved(as_, cast, late):
    who, address, fields = late(Stage(cast))

    page = as_(who).post(address, fields | {"once": f"{who.pk}-x"})

    assert (page.status_code, page.text.count(WORDS)) == (409, 1)
    assert "Nicht gespeichert" in page.text
    assert problems_in(page) == []


def test_an_offer_is_taken_over_without_losing_what_was_typed(cast):
    crowd = crowd_around(cast)
    window = Window(crowd.cast.fritz, reverse("learningplans:measure_add", args=[crowd.draft_plan.pk]))
    before = crowd.draft_plan.measures.count()

    page = window.send(angebot=crowd.offer.pk, title="Mein Titel", responsible="Fritz")

    shown = {name: page.context["form"][name].value() for name in ("title", "responsible", "provider")}
    assert shown == {"title": "Mein Titel", "responsible": "Fritz", "provider": crowd.offer.provider}
    assert (crowd.draft_plan.measures.count(), 'id="fehler"' in page.text) == (before, False)


# Sent twice ------------------------------------------------------------------------------------------------------------------


MAKING = {
    "offer": ("paula", "learningplans:offer_create", lambda: {"format": LearningFormat.objects.first().pk, "title": "Neu"}, Offer),
    "person": ("paula", "people:create", lambda: {"first_name": "Nora", "last_name": "Neu"}, Person),
    "round": ("paula", "assessments:round_create", dict, Round),
    "unit": ("paula", "people:unit_create", lambda: {"number": "99", "name": "Neu"}, Unit),
    "profile": ("paula", "roles:create", lambda: {"name": "Neu"}, RoleProfile),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", MAKING)
@pytest.mark.parametrize("page", [True, False], ids=["from a page", "by hand"])
def test_identical_forms_at_the_same_moment_make_one_thing(cast, kind, page):
    who, name, fields, model = MAKING[kind]
    sent, before, answers = fields(), model.objects.count(), []
    if page:
        sent["once"] = f"{getattr(cast, who).pk}-eins"
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(getattr(cast, who))

    def send(client):
        try:
            answers.append(client.post(reverse(name), sent).headers["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(answers), len(set(answers)), model.objects.count()) == (4, 1, before + 1)


def test_what_is_different_or_was_refused_may_be_sent_again(as_, cast):
    client, address = as_(cast.paula), reverse("people:unit_create")
    once = {"once": f"{cast.paula.pk}-zwei"}

    refused = client.post(address, once | {"number": "98"})
    taken = client.post(address, once | {"number": "98", "name": "Neu"})
    other = client.post(address, once | {"number": "97", "name": "Neu"})

    assert [refused.status_code, taken.status_code, other.status_code] == [200, 302, 302]
    assert Unit.objects.filter(name="Neu").count() == 2
    assert SentForm.objects.count() == 2


def test_a_form_by_hand_may_be_sent_again_a_little_later(as_, cast, clock):
    client = as_(cast.paula)
    client.post(reverse("assessments:round_create"))
    clock.shift(11)
    client.post(reverse("assessments:round_create"))

    assert Round.objects.count() == 2


# Somebody else, and lost sessions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [True, False])
def test_nothing_is_taken_from_a_page_of_somebody_else(as_, cast, htmx):
    stage = Stage(cast)
    first = stage.competencies[0]
    sent = {f"level-{first.id}": "2", f"remark-{first.id}": "Vertraulich", "once": f"{cast.anna.pk}-x"}
    headers = {"HX-Request": "true", "X-Made-For": str(cast.anna.pk)} if htmx else {}

    answer = as_(cast.dora).post(reverse("assessments:assessment", args=[stage.own.pk]), sent, headers=headers)

    assert (answer.status_code, "Vertraulich" in answer.text, stage.own.levels()) == (409, False, {})
    assert "In diesem Browser hat sich inzwischen jemand anderes angemeldet." in answer.text
    assert ("<html" in answer.text) is not htmx


def test_the_next_page_hears_which_form_was_taken_and_not_of_one_that_was_refused(as_, cast):
    stage = Stage(cast)
    client, once = as_(cast.anna), f"{cast.anna.pk}-abc"
    rating = reverse("assessments:assessment", args=[stage.own.pk])

    client.post(rating, {"once": once})
    assert client.cookies["gesendet"].value == once
    client.post(reverse("assessments:take_back", args=[stage.own.pk]), {"once": f"{cast.anna.pk}-nein"})

    assert client.cookies["gesendet"].value == once


def test_a_file_sent_after_the_session_is_to_be_chosen_again(client, db):
    page = client.post(reverse("people:staff_import"), {"file": SimpleUploadedFile("liste.csv", b"a;b")})

    assert page.status_code == 401
    assert "Melden Sie sich wieder an." in page.text
    assert "Wählen Sie die Datei noch einmal aus" in page.text
    assert f'href="{reverse("people:staff_import")}"' in page.text
    assert "konnte nicht sicher zugeordnet werden" not in page.text


def test_every_form_that_is_sent_keeps_the_browser_from_filling_in_older_values(cast):
    """After Back and F5 the values of the server stand there; signing in is the browser's own to fill in."""
    forms = [
        (path.name, form)
        for path in Path("templates").rglob("*.html")
        if "account" not in path.parts
        for form in re.findall(r"<form\b[^>]*>", path.read_text())
        if 'method="post"' in form and 'autocomplete="off"' not in form
    ]
    assert forms == []
