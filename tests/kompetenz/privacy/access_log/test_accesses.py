"""The access log: once a day, in the transaction of what it is about, never changed, and forgotten in time (ADR 49)."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Participation
from assessments.models.accesses import How, What, role_of
from bench.lists import read_table
from kompetenz import hooks
from kompetenz.catalogue.models import Competency
from kompetenz.jobs.models import Job
from kompetenz.people.models import Deputy, Person, StaffFile
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.taking_over import take_over
from kompetenz.privacy.access_log import accesses, forgetting
from kompetenz.privacy.access_log.models import Access
from learningplans.models import Booking, Bundle, BundleDocument, LearningFormat, Measure, RefreshDate
from learningplans.training.keeping import keep_in_step
from roles.models import RoleProfile
from tests.clock import TODAY, in_days
from tests.conftest import of_a_session
from tests.kompetenz.people.staff.lists import FULL, text
from tests.learningplans.making import plan_of
from tests.locks import AT_ONCE, locked
from tests.noted import entries
from tests.test_access import Objects

HR = {"role": Access.Role.HR}


def noted():
    return list(Access.objects.order_by("pk").values_list("about", "reader", "what", "how", "role"))


def test_the_same_is_noted_once_a_day_and_the_next_day_again(cast, clock):
    for _ in range(3):
        accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk, cast.dora.pk], **HR)
    clock.shift(timedelta(days=1))
    accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)

    days = Access.objects.order_by("pk").values_list("about", "on")
    assert list(days) == [(cast.anna.pk, TODAY), (cast.dora.pk, TODAY), (cast.anna.pk, in_days(1))]


def test_whoever_sends_nonsense_to_read_what_comes_back_stands_in_the_log(as_, stage):
    """Nobody has to have opened a form before they send it."""
    cast, own = stage.cast, stage.participation
    plan = plan_of(stage.release(stage.own)._again().participation)
    client = as_(cast.paula)
    for name in ("roles:person", "people:edit"):
        assert client.post(reverse(name, args=[cast.anna.pk]), {"action": "x"}).status_code == 200
    client.force_login(cast.bernd)
    assert client.post(reverse("assessments:talk_date", args=[own.pk]), {"day": "x"}).status_code == 200
    assert client.post(reverse("learningplans:frame", args=[plan.pk]), {"budget": "x"}).status_code == 200

    assert entries() == {
        *("Anna: roles read hr", "Anna: master_data read hr", "Anna: dates read manager", "Anna: plan read manager")
    }


def test_a_deputys_is_noted_once_a_day_too_for_each_manager(cast):
    for manager in (cast.bernd, cast.bernd, cast.clara):
        entry = {"role": Access.Role.DEPUTY, "instead_of": manager.pk}
        accesses.note(cast.fremd, What.PLAN, How.READ, [cast.anna.pk], **entry)

    assert sorted(Access.objects.values_list("instead_of", flat=True)) == sorted([cast.bernd.pk, cast.clara.pk])


def test_one_statement_notes_any_number_of_people(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        accesses.note(cast.paula, What.STATES, How.TAKEN, [cast.anna.pk, cast.dora.pk, cast.bernd.pk], **HR)


def test_of_ones_own_nothing_is_noted_and_nothing_asked(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        accesses.note(cast.anna, What.PLAN, How.READ, [cast.anna.pk], **HR)


@pytest.mark.django_db(transaction=True)
def test_what_a_process_has_saved_today_it_does_not_write_again(cast, django_assert_num_queries):
    accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)

    with django_assert_num_queries(0):
        accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_noted_the_next_time(cast):
    with transaction.atomic():
        accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)
        transaction.set_rollback(True)
    assert noted() == []

    accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)

    assert noted() == [(cast.anna.pk, cast.paula.pk, "roles", "read", "hr")]


def test_an_entry_is_neither_changed_nor_deleted(cast):
    accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)
    entry = Access.objects.get()
    entry.reader = cast.bernd

    for attempt in (entry.save, entry.delete, Access.objects.all().delete, lambda: Access.objects.update(how="taken")):
        with pytest.raises(TypeError, match="nur fortgeschrieben"):
            attempt()
    assert noted() == [(cast.anna.pk, cast.paula.pk, "roles", "read", "hr")]


def test_the_admin_does_not_know_the_log(client, db):
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))

    page = client.get("/verwaltung/")

    assert (page.status_code, "access_log" in page.text) == (200, False)


def test_what_is_too_old_is_forgotten_and_the_last_day_kept(cast, settings):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "log": 3}
    for days in (0, 2, 3, 200):
        row = {"about": cast.anna, "reader": cast.paula, "what": What.ROLES, "how": How.READ}
        Access.objects.create(**row, role="hr", on=in_days(-days))

    told = forgetting.forget_old_accesses(TODAY)

    assert told == "Zugriffsprotokoll: 2 alte Einträge gelöscht."
    assert sorted(Access.objects.values_list("on", flat=True)) == [in_days(-2), TODAY]
    assert forgetting.forget_old_accesses(TODAY) is None
    assert forgetting.forget_old_accesses in hooks.answers("every_day")


def test_with_a_person_goes_what_is_about_them_and_their_name_from_what_they_read(cast):
    accesses.note(cast.paula, What.ROLES, How.READ, [cast.fremd.pk, cast.anna.pk], **HR)
    accesses.note(cast.fremd, What.PLAN, How.READ, [cast.anna.pk], role="deputy", instead_of=cast.clara.pk)

    cast.fremd.delete()

    assert noted() == [
        (cast.anna.pk, cast.paula.pk, "roles", "read", "hr"),
        (cast.anna.pk, None, "plan", "read", "deputy"),
    ]


def test_the_day_is_berlins(cast, clock):
    at = timezone.make_aware(timezone.datetime(TODAY.year, TODAY.month, TODAY.day, 23, 59))
    clock.move_to(at)

    accesses.note(cast.paula, What.ROLES, How.READ, [cast.anna.pk], **HR)

    assert Access.objects.get().on == TODAY


# In which role ----------------------------------------------------------------------------------------------------------


def deputise(cast, by, **fields):
    named = Deputy.objects.create(manager=cast.bernd, person=by, since=TODAY, until=TODAY, **fields)
    named.people.add(cast.anna)


def test_a_deputy_reads_as_such_instead_of_their_manager(as_, stage):
    deputise(stage.cast, stage.cast.fremd)

    as_(stage.cast.fremd).get(stage.participation.get_absolute_url())

    entry = Access.objects.get()
    assert (entry.reader, entry.role, entry.instead_of) == (stage.cast.fremd, "deputy", stage.cast.bernd)
    assert entry.round_id == stage.round.pk


@pytest.mark.parametrize("leads", [True, False])
def test_hr_reads_as_hr_unless_it_leads_the_person(stage, leads):
    cast = stage.cast
    Person.objects.filter(pk=cast.bernd.pk).update(is_hr=True)
    if not leads:
        Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    found = role_of(
        Participation.objects.select_related("person").get(pk=stage.participation.pk), of_a_session(cast.bernd)
    )

    assert found == (("manager" if leads else "hr"), None)


def test_hr_that_acts_for_a_manager_reads_as_their_deputy(stage):
    deputise(stage.cast, stage.cast.paula)

    found = role_of(stage.participation, of_a_session(stage.cast.paula))

    assert found == ("deputy", stage.cast.bernd.pk)


def test_the_technical_administration_leaves_its_trace(client, cast):
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))

    client.get(reverse("admin:people_person_change", args=[cast.anna.pk]))

    assert entries() == {"Anna: master_data read admin"}


# In the transaction -----------------------------------------------------------------------------------------------------


def test_what_a_manager_saves_is_noted_with_it(as_, stage):
    competency = stage.competencies[0].id

    as_(stage.cast.bernd).post(
        reverse("assessments:rate", args=[stage.manager.pk, competency]), {f"level-{competency}": "2"}
    )

    assert (stage.manager.levels(), entries()) == ({competency: 2}, {"Anna: assessment changed manager"})


def test_what_is_refused_is_not_noted(as_, stage):
    competency = stage.competencies[0].id
    stage.release_both()
    Access.objects.forget()

    as_(stage.cast.bernd).post(
        reverse("assessments:rate", args=[stage.manager.pk, competency]), {f"level-{competency}": "1"}
    )

    assert entries() == set()


def test_what_comes_back_to_be_corrected_has_changed_nothing_in_a_plan(as_, stage):
    stage.release_both()
    stage.record()
    stage.confirm()
    bernd, url = as_(stage.cast.bernd), reverse("learningplans:frame", args=[plan_of(stage.participation).pk])
    Access.objects.forget()

    assert bernd.post(url, {"hours_per_month": "viel"}).status_code == 200
    assert entries() == {"Anna: plan read manager"}

    assert bernd.post(url, {"hours_per_month": "4"}).status_code == 302
    assert entries() == {"Anna: plan read manager", "Anna: plan changed manager"}


def test_what_is_refused_and_leads_back_has_changed_nothing_in_a_plan(as_, stage):
    stage.release_both().record().confirm()
    plan, review = Objects(stage).agreed_plans_review()
    bernd = as_(stage.cast.bernd)
    Access.objects.forget()

    told = bernd.post(reverse("learningplans:review_withdraw", args=[plan, review]))  # there is nothing to take back

    assert told.status_code == 302
    assert entries() == set()


def test_whoever_answers_as_a_colleague_is_not_betrayed(as_, stage):
    pk, competency = Objects(stage).asked_rating()
    client = as_(stage.cast.anna)

    client.get(reverse("assessments:assessment", args=[pk]))
    client.post(reverse("assessments:rate", args=[pk, competency]), {f"level-{competency}": "2"})

    assert Access.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_locked_nothing_is_shown_that_is_not_noted(client, stage, monkeypatch):
    for name, value in AT_ONCE[connection.vendor].items():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], name, value)
    client.raise_request_exception = False
    client.force_login(stage.cast.bernd)
    client.get(reverse("start"))
    connection.close()

    with locked():
        if connection.vendor == "postgresql":  # which locks no table for another's insert
            pytest.skip("on PostgreSQL nobody waits")
        answer = client.get(stage.participation.get_absolute_url())

    assert (answer.status_code, stage.cast.anna.last_name in answer.text) == (503, False)
    assert Access.objects.count() == 0


# Files of many, and lists with content ----------------------------------------------------------------------------------


def test_a_file_that_a_job_makes_is_noted_when_it_is_there(as_, cast, run_jobs, settings):
    settings.JOBS_AT_ONCE = 1
    address = reverse("people:staff_export")
    client = as_(cast.paula)
    client.get(address)
    client.post(address)
    assert entries() == set()

    run_jobs()

    assert entries() >= {"Anna: master_data taken hr", "Dora: master_data taken hr"}
    assert Job.objects.get().file_name.endswith(".xlsx")


def test_whose_forms_hr_fetches_to_print_is_noted(as_, stage, run_jobs, blank_pdfs):
    client = as_(stage.cast.paula)
    client.post(reverse("assessments:round_forms", args=[stage.round.pk]))
    run_jobs()

    assert entries() == {"Anna: form taken hr", "Dora: form taken hr"}


@pytest.fixture
def booked(stage):
    """anna's agreed plan has a measure that is in this year's training plan, with an offer."""
    stage.release_both().record().confirm()
    plan, pk = Objects(stage).agreed_measure()
    offer = LearningFormat.objects.first().offers.create(title="Kurs")
    Measure.objects.filter(pk=pk).update(offer=offer, due_on=TODAY)
    keep_in_step([plan])
    Access.objects.forget()
    return Booking.objects.get()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("training", "measures read"),
        ("training_offer", "measures read"),
        ("training_guests", "measures taken"),
        ("training_workbook", "measures taken"),
        ("training_csv", "measures taken"),
        ("refreshes", "refreshes read"),
        ("refreshes_workbook", "refreshes taken"),
    ],
)
def test_whose_measures_are_listed_is_noted(as_, stage, booked, name, what):
    Booking.objects.filter(pk=booked.pk).update(state=Booking.State.BOOKED)
    due = {"competency_id": stage.competencies[0].id, "was_agreed": True, "last_on": TODAY, "due_on": TODAY}
    Competency.objects.filter(pk=due["competency_id"]).update(refresh_months=12)
    RefreshDate.objects.create(person=stage.cast.anna, **due)
    about_an_offer = name in {"training_offer", "training_guests"}
    address = reverse(f"learningplans:{name}", args=[booked.offer_id] if about_an_offer else [])

    as_(stage.cast.paula).get(address, {"nach": "massnahme"})

    assert entries() == {f"Anna: {what} hr"}


def test_sums_of_the_training_plan_are_nobodys(as_, stage, booked):
    as_(stage.cast.paula).get(reverse("learningplans:training"))

    assert entries() == set()


def test_whose_booking_hr_moves_is_noted(as_, stage, booked):
    as_(stage.cast.paula).post(reverse("learningplans:training_move"), {"wahl": f"{booked.pk}-", "stand": "applied"})

    assert entries() == {"Anna: measures changed hr"}


def test_whose_documents_are_in_a_zip_is_noted(as_, stage):
    bundle = Bundle.objects.create(round=stage.round, finished_at=timezone.now())
    of_anna = {"bundle": bundle, "participation": stage.participation, "file_name": "a.pdf", "content": b"%PDF"}
    BundleDocument.objects.create(**of_anna, kind="plan", done_at=timezone.now())

    as_(stage.cast.paula).get(reverse("learningplans:round_documents_zip", args=[stage.round.pk]))

    assert entries() == {"Anna: documents taken hr"}


def test_whose_dates_go_into_a_calendar_is_noted(as_, stage):
    Participation.objects.filter(pk=stage.participation.pk).update(talk_at=timezone.now() + timedelta(days=3))

    for who in (stage.cast.anna, stage.cast.bernd):
        as_(who).get("/kalender.ics")

    assert entries() == {"Anna: dates taken manager"}


def test_whose_master_data_and_roles_hr_writes_is_noted(as_, cast):
    client = as_(cast.paula)
    named = {"first_name": "Annemarie", "last_name": "Ärmel", "email": cast.anna.email, "personnel_number": "0003"}

    client.post(reverse("people:edit", args=[cast.anna.pk]), {**named, "unit": "10.1", "manager": "0002"})
    client.post(
        reverse("roles:person", args=[cast.anna.pk]),
        {"action": "assign", "profile": RoleProfile.objects.last().pk, "since": TODAY.isoformat()},
    )

    assert entries() == {
        f"Annemarie: {what} {how} hr" for what in ("master_data", "roles") for how in ("read", "changed")
    }


def test_whom_a_staff_list_changes_is_noted(cast):
    rows = ["0003", "Ärmel", "Anna Maria"], ["0004", "Özgür", "Dora"], ["0099", "Neu", "Nele"]
    table = read_table(text(FULL[:3], *rows))
    upload = StaffFile.objects.create(uploaded_by=cast.paula, name="liste.csv")

    take_over(table=table, read=compare(table, cast.paula).stamp, uploaded=upload)

    assert entries() == {"Anna Maria: master_data changed hr", "Nele: master_data changed hr"}
