"""Each right over others that is given or taken is on record: since when, and by whom or through what."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kompetenz.people.directory import take_over
from kompetenz.people.leaving import end_rights_of_who_has_left
from kompetenz.people.models import Person, RightChange
from kompetenz.people.notices import SUBJECTS
from kompetenz.people.rights import AUDITS_NOBODY_ELSE, PersonRight
from tests.clock import TODAY, in_days
from tests.kompetenz.people.test_own_reach import changed_in_admin
from tests.kompetenz.people.test_views import save

both = import_module("kompetenz.people.migrations.0018_auditors_have_no_other_right")


@pytest.fixture
def noted(cast):
    """What was noted since the cast was there: (person, right, given, through, by)."""
    RightChange._base_manager.all().delete()
    names = ("person__first_name", "right", "given", "through", "by__first_name")
    return lambda: sorted(RightChange.objects.values_list(*names))


def test_on_the_page_of_a_person_it_is_noted_who_has_given_and_taken_it(as_, cast, noted):
    hr = as_(cast.paula)

    save(hr, cast.anna, is_auditor="on")
    save(hr, cast.anna, is_hr="on", is_auditor=None)
    save(hr, cast.anna, is_hr="on", wants_mail=None)

    assert noted() == [
        ("Anna", "is_auditor", False, "page", "Paula"),
        ("Anna", "is_auditor", True, "page", "Paula"),
        ("Anna", "is_hr", True, "page", "Paula"),
    ]
    assert set(RightChange.objects.values_list("on", flat=True)) == {TODAY}


def test_of_somebody_new_too(as_, cast, noted):
    data = {"first_name": "Nina", "last_name": "Neu", "is_auditor": "on"}
    as_(cast.paula).post(reverse("people:create"), data)

    assert noted() == [("Nina", "is_auditor", True, "page", "Paula")]


def test_in_the_technical_administration(client, cast, noted):
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    client.force_login(root)
    form = client.get(reverse("admin:people_person_change", args=[cast.anna.pk])).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if name in form.fields and value not in {None, False}}
    client.post(reverse("admin:people_person_change", args=[cast.anna.pk]), sent | {"is_staff": "on"})

    assert noted() == [
        ("Anna", "is_staff", True, "admin", "Rita"),
        ("Rita", "is_staff", True, "command", None),
        ("Rita", "is_superuser", True, "command", None),
    ]


def test_by_the_directory(cast, noted):
    take_over(cast.anna, cast.anna.email, is_hr=True, is_auditor=None)
    take_over(cast.anna, "anna.neu@test.example", is_hr=False, is_auditor=None)

    assert noted() == [("Anna", "is_hr", False, "directory", None), ("Anna", "is_hr", True, "directory", None)]


def test_by_a_command(db):
    call_command("createsuperuser", "--noinput", email="r@test.example", first_name="Rita", last_name="Root")

    assert RightChange.objects.count() == 2


def test_for_many_at_once_in_every_way(cast, noted):
    (new,) = Person.objects.bulk_create([Person(first_name="Viele", last_name="Neu", sort_key="v", is_hr=True)])
    new.is_hr = False
    Person.objects.bulk_update([new], ["is_hr"])
    Person.objects.filter(pk=cast.anna.pk).update(is_staff=True)

    assert noted() == [
        ("Anna", "is_staff", True, "command", None),
        ("Viele", "is_hr", False, "command", None),
        ("Viele", "is_hr", True, "command", None),
    ]


@pytest.mark.parametrize("right", PersonRight.values)
def test_what_leaves_the_rights_as_they_are_is_no_change(cast, noted, right):
    cast.paula.last_login = None
    cast.paula.save()
    cast.paula.save(update_fields=["wants_mail"])
    Person.objects.filter(pk=cast.anna.pk).update(**{right: False})

    assert noted() == []


def test_one_save_has_one_hand(cast, noted):
    take_over(cast.anna, cast.anna.email, is_hr=True, is_auditor=None)
    cast.anna.is_hr = False
    cast.anna.save()

    assert ("Anna", "is_hr", False, "command", None) in noted()


def test_nothing_of_it_is_changed_or_deleted(cast):
    one = RightChange.objects.first()

    for change in (
        one.save,
        one.delete,
        RightChange.objects.all().delete,
        lambda: RightChange.objects.update(on=in_days(-1)),
    ):
        with pytest.raises(TypeError, match="nur fortgeschrieben"):
            change()


def test_it_goes_with_the_person_and_stays_without_whoever_gave_it(as_, cast, noted):
    save(as_(cast.paula), cast.anna, is_hr="on")

    cast.paula.delete()
    assert noted() == [("Anna", "is_hr", True, "page", None)]
    cast.anna.delete()
    assert noted() == []


# Whoever audits has no other right ---------------------------------------------------------------


def test_hr_makes_nobody_of_hr_an_auditor_nor_an_auditor_one_of_hr(as_, cast):
    hr = as_(cast.paula)
    both_at_once = save(hr, cast.anna, is_hr="on", is_auditor="on")
    added = save(hr, cast.audit, is_hr="on")

    for page in (both_at_once, added):
        assert page.context["form"].errors == {"is_auditor": [AUDITS_NOBODY_ELSE]}
        assert AUDITS_NOBODY_ELSE in page.text
    assert list(Person.objects.filter(is_hr=True)) == [cast.paula]


@pytest.mark.parametrize("right", ["is_hr", "is_staff", "is_superuser"])
def test_nor_does_the_technical_administration(client, cast, right):
    client.force_login(Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root"))
    page = changed_in_admin(client, cast.audit, **{right: "on"})

    assert page.context["adminform"].form.errors == {"is_auditor": [AUDITS_NOBODY_ELSE]}


@pytest.mark.parametrize("right", ["is_hr", "is_staff", "is_superuser"])
def test_nor_does_anything_that_writes_past_every_form(cast, right):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.audit.pk).update(**{right: True})

    assert not getattr(Person.objects.get(pk=cast.audit.pk), right)


@pytest.mark.parametrize(
    ("said", "has"), [((True, True), (True, False)), ((True, None), (True, False)), ((None, True), (False, True))]
)
def test_of_the_directorys_groups_hr_counts(cast, said, has):
    take_over(cast.audit, cast.audit.email, is_hr=said[0], is_auditor=said[1])
    audit = Person.objects.get(pk=cast.audit.pk)

    assert (audit.is_hr, audit.is_auditor) == has


def test_the_directory_makes_nobody_of_the_technical_administration_an_auditor(cast):
    Person.objects.filter(pk=cast.anna.pk).update(is_staff=True)
    anna = Person.objects.get(pk=cast.anna.pk)
    take_over(anna, anna.email, is_hr=None, is_auditor=True)

    assert not Person.objects.get(pk=cast.anna.pk).is_auditor


@pytest.fixture
def as_before(db):
    """A database that does not know the rule yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE people_person DROP CONSTRAINT nobody_audits_themselves")
            yield
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_who_had_both_before_keeps_the_other_one_and_it_is_on_record(as_before, cast, noted):
    Person.objects.filter(pk=cast.audit.pk).update(is_hr=True)
    both.take_from_whoever_has_another(apps, None)

    audit = Person.objects.get(pk=cast.audit.pk)
    assert (audit.is_hr, audit.is_auditor) == (True, False)
    assert ("Audit", "is_auditor", False, "command", None) in noted()


# Who is told -----------------------------------------------------------------------------------------


@pytest.fixture
def told(run_jobs, mailoutbox):
    """``told()``: to whom which rights were told, and what, since it was asked last."""

    def since():
        run_jobs()
        found = {mail.to[0]: mail for mail in mailoutbox if mail.subject == SUBJECTS["rights_changed"]}
        mailoutbox.clear()
        return set(found), " ".join({" ".join(mail.body.split()) for mail in found.values()})

    since()
    return since


def test_whose_right_it_is_all_of_hr_and_who_audits_are_told(as_, cast, told):
    save(as_(cast.paula), cast.anna, is_hr="on")
    to, text = told()
    as_(cast.paula).post(reverse("people:create"), {"first_name": "Neu", "last_name": "Nora", "is_hr": "on"})
    to_of_new, of_new = told()
    cast.anna.refresh_from_db()
    take_over(cast.anna, cast.anna.email, is_hr=False, is_auditor=None)
    _, of_directory = told()

    everybody = {cast.paula.email, cast.anna.email, cast.audit.email}
    assert (to, to_of_new) == (everybody, everybody)
    assert f"Anna Ärmel: Personalentwicklung gegeben am {TODAY:%d.%m.%Y}, durch Personal, Paula" in text
    assert "Neu Nora: Personalentwicklung gegeben" in of_new
    assert f"Personalentwicklung genommen am {TODAY:%d.%m.%Y}, durch Verzeichnis der Verwaltung" in of_directory


def test_in_the_technical_administration_they_are_told_too(client, cast, told):
    root = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    client.force_login(root)
    changed_in_admin(client, cast.anna, is_hr="on")

    to, text = told()

    assert ({cast.paula.email, cast.anna.email} <= to, "durch Root, Rita (technische Verwaltung)" in text) == (
        True,
        True,
    )


# With the last day -----------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [{"leaving_date": in_days(-1)}, {"is_active": False}])
def test_whoever_has_left_has_no_right_any_more_and_comes_back_without(cast, noted, told, gone):
    ingo = Person.objects.create_user("i@test.example", first_name="Ingo", last_name="Iwo", is_hr=True, is_staff=True)
    RightChange._base_manager.all().delete()
    Person.objects.filter(pk=ingo.pk).update(**gone)
    Person.objects.filter(pk=cast.paula.pk).update(leaving_date=TODAY)
    told()

    end_rights_of_who_has_left(TODAY)
    again = end_rights_of_who_has_left(TODAY)

    Person.objects.filter(pk=ingo.pk).update(leaving_date=None, is_active=True)
    ingo.refresh_from_db()
    assert (ingo.is_hr, ingo.is_staff, Person.objects.get(pk=cast.paula.pk).is_hr, again) == (False, False, True, None)
    assert noted() == [("Ingo", "is_hr", False, "leaving", None), ("Ingo", "is_staff", False, "leaving", None)]
    to, text = told()
    assert (to, "durch das Ausscheiden" in text) == ({cast.paula.email, cast.audit.email}, True)
