"""A confirmed list is written as its preview has shown it, all of it or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from bench.lists import read_table
from kompetenz.people import notices
from kompetenz.people.models import Person, StaffFile, Unit
from kompetenz.people.staff import taking_over
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.taking_over import Leavers, Taken, take_over
from kompetenz.people.staff.uploading import keep
from kompetenz.refusals import Faster
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY
from tests.kompetenz.people.staff.lists import FULL, full_row, text
from tests.kompetenz.people.test_notices import waiting

NAMES = FULL[:3]
UNITS = [*NAMES, "OE-Nr.", "OE-Bezeichnung", "Übergeordnete OE"]


def table_of(*rows, header=FULL):
    return read_table(text(header, *rows))


def take(*rows, header=FULL, **more):
    table = table_of(*rows, header=header)
    preview = compare(table)
    assert preview.problems == []
    return take_over(table=table, read=preview.stamp, **more)


def test_new_people_are_as_if_hr_had_entered_them(cast):
    taken = take(
        ["0100", "Şen-Žižek", "Éva", "Eva@Test.Example", "10.1", "0101", f"31.12.{TODAY.year + 4}"],
        ["0101", "Neu", "Nils", "", "", "0001", ""],
    )

    eva, nils = Person.objects.get(personnel_number="0100"), Person.objects.get(personnel_number="0101")
    assert taken == Taken(new=2, changed=0, units=0, left=0)
    assert (eva.last_name, eva.email, eva.unit, eva.manager, eva.leaving_date, eva.sort_key) == (
        "Şen-Žižek", "eva@test.example", cast.anna.unit, nils, date(TODAY.year + 4, 12, 31), "sen-zizek, eva",
    )  # fmt: skip
    assert (nils.email, nils.manager, nils.is_hr, nils.is_active, nils.wants_mail) == (
        None,
        cast.clara,
        False,
        True,
        True,
    )
    assert not eva.has_usable_password()


def test_known_people_change_where_the_list_says_so_and_nowhere_else(cast):
    before = Person.objects.get(pk=cast.anna.pk)

    taken = take(full_row(cast.anna, **{"Nachname": "Ähren", "E-Mail": "", "Führungskraft": "0001", "OE-Nr.": ""}))

    anna = Person.objects.get(pk=cast.anna.pk)
    assert taken == Taken(new=0, changed=1, units=0, left=0)
    assert (anna.last_name, anna.sort_key, anna.email, anna.manager, anna.unit) == (
        "Ähren",
        "ahren, anna",
        None,
        cast.clara,
        None,
    )
    assert (anna.password, anna.first_name, anna.is_active) == (before.password, "Anna", True)
    assert list(Person.objects.search("ahren")) == [anna]


def test_two_people_may_swap_their_addresses_and_a_newcomer_may_inherit_one(cast):
    anna, bernd, dora = cast.anna.email, cast.bernd.email, cast.dora.email

    take(
        ["0003", "Ärmel", "Anna", bernd],
        ["0002", "Şahin-Žižek", "Bernd", anna],
        ["0004", "Özgür", "Dora", "neu@test.example"],
        ["0100", "Neu", "Nora", dora],
        header=FULL[:4],
    )

    assert dict(Person.objects.filter(personnel_number__in=["0002", "0003", "0004", "0100"]).values_list("personnel_number", "email")) == {
        "0002": anna, "0003": bernd, "0004": "neu@test.example", "0100": dora,
    }  # fmt: skip


def test_managers_may_change_places(cast):
    take(
        full_row(cast.clara, Führungskraft="0003"),
        full_row(cast.bernd, Führungskraft=""),
        full_row(cast.anna),
    )

    assert [Person.objects.get(pk=one.pk).manager for one in (cast.clara, cast.bernd, cast.anna)] == [
        cast.anna,
        None,
        cast.bernd,
    ]


def test_somebody_without_a_number_gets_it(cast):
    take(["0006", "Datenschutz", "Audit", cast.audit.email], header=FULL[:4])

    assert Person.objects.get(personnel_number="0006") == cast.audit


def test_units_are_made_renamed_and_moved(cast):
    taken = take(
        ["0100", "Neu", "Nora", "10.2", "Personal", "30"],
        ["0101", "Neu", "Nils", "30", "Zentrales", ""],
        ["0003", "Ärmel", "Anna", "10.1", "Digitales", "30"],
        header=UNITS,
    )

    assert taken == Taken(new=2, changed=0, units=3, left=0)
    assert list(Unit.objects.values_list("number", "name", "parent__number")) == [
        ("10", "Hauptamt", None), ("10.1", "Digitales", "30"), ("10.2", "Personal", "30"), ("30", "Zentrales", None),
    ]  # fmt: skip
    assert Person.objects.get(personnel_number="0100").unit.number == "10.2"


def test_roles_are_given_from_today_on(cast):
    today = TODAY
    profile = RoleProfile.objects.create(name="Kümmerer")
    RoleHolding.objects.filter(person=cast.anna).update(since=today - timedelta(days=30))

    take(
        ["0100", "Neu", "Nora", "kümmerer"],
        ["0003", "Ärmel", "Anna", "Kümmerer"],
        ["0004", "Özgür", "Dora", ""],
        header=[*NAMES, "Rolle"],
    )

    nora = Person.objects.get(personnel_number="0100")
    assert list(RoleHolding.objects.filter(profile=profile).order_by("person").values_list("person", "since", "until")) == [
        (cast.anna.pk, today, None), (nora.pk, today, None),
    ]  # fmt: skip
    assert RoleHolding.objects.get(person=cast.anna, until__isnull=False).until == today - timedelta(days=1)
    assert RoleHolding.objects.get(person=cast.dora).profile.key == "digitallotse"


def test_of_the_missing_only_those_named_leave_and_nobody_is_deleted(cast):
    people = Person.objects.count()
    day = TODAY - timedelta(days=1)

    taken = take(
        ["0001", "Chefin", "Clara"],
        header=NAMES,
        leavers=Leavers(day, frozenset([cast.anna.pk, cast.clara.pk, cast.paula.pk, 999_999])),
    )

    assert taken == Taken(new=0, changed=0, units=0, left=1)
    assert list(Person.objects.exclude(leaving_date=None).values_list("pk", "leaving_date")) == [(cast.anna.pk, day)]
    assert (Person.objects.count(), Person.objects.get(pk=cast.anna.pk).is_employed) == (people, False)


def test_all_missing_people_leave_when_that_is_said_but_never_hr(cast):
    taken = take(["0001", "Chefin", "Clara"], header=NAMES, leavers=Leavers(TODAY, all_missing=True))

    assert taken.left == 4
    assert set(Person.objects.filter(leaving_date=None)) == {cast.clara, cast.paula, cast.audit}


def test_a_list_is_taken_over_once(cast):
    row = ["0100", "Neu", "Nora"]
    table = table_of(row, header=NAMES)
    read = compare(table).stamp

    take_over(table=table, read=read)
    with pytest.raises(Faster):
        take_over(table=table, read=read)

    assert Person.objects.filter(personnel_number="0100").count() == 1


def test_what_has_changed_since_the_preview_is_not_written_over(cast):
    table = table_of(full_row(cast.anna, Nachname="Neumann"))
    read = compare(table).stamp
    Person.objects.filter(pk=cast.anna.pk).update(last_name="Inzwischen")

    with pytest.raises(Faster):
        take_over(table=table, read=read)

    assert Person.objects.get(pk=cast.anna.pk).last_name == "Inzwischen"


def test_a_list_with_an_error_is_not_written_at_all(cast):
    table = table_of(["0100", "Neu", "Nora"], ["0101", "", "Nils"], header=NAMES)

    with pytest.raises(Faster):
        take_over(table=table, read=compare(table).stamp)

    assert not Person.objects.filter(personnel_number="0100").exists()


def test_when_writing_fails_nothing_is_written_and_the_file_stays(cast, monkeypatch):
    table = table_of(["0100", "Neu", "Nora", "10.9", "Neues Amt", ""], header=UNITS)
    uploaded = keep(table=table, name="liste.csv", by=cast.paula)

    def fail(*_):
        raise IntegrityError

    monkeypatch.setattr(taking_over, "write_further", fail)
    with pytest.raises(Faster):
        take_over(table=table, read=compare(table).stamp, uploaded=uploaded)

    assert not Person.objects.filter(personnel_number="0100").exists()
    assert (Unit.objects.filter(number="10.9").exists(), StaffFile.objects.count()) == (False, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_the_same_moment_one_gets_the_fresh_preview(cast):
    table = table_of(["0100", "Neu", "Nora", "", "10", "0001", ""], full_row(cast.anna, Nachname="Neumann"))
    read, start = compare(table).stamp, Barrier(2)

    def confirm(_):
        start.wait()
        try:
            return take_over(table=table, read=read)
        except Faster:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(confirm, range(2)))

    assert sorted(answers, key=str) == [Taken(new=1, changed=1, units=0, left=0), None]
    assert Person.objects.filter(personnel_number="0100").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database")
def test_what_only_names_somebody_does_not_wait_for_a_list(cast):
    def keep_a_list_of_annas():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        StaffFile.objects.create(uploaded_by=cast.anna, name="liste.csv", content=b"")
        connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        taking_over.lock_everybody()
        other.submit(keep_a_list_of_annas).result()

    assert StaffFile.objects.get().uploaded_by == cast.anna


def test_old_addresses_are_told_and_new_ones_are_not(cast, mailoutbox):
    anna, dora = cast.anna.email, cast.dora.email
    take(
        full_row(cast.anna, **{"E-Mail": "neu@test.example", "Nachname": "Neumann"}),
        full_row(cast.dora, **{"E-Mail": ""}),
        full_row(cast.bernd, Nachname="Neumann"),
        ["0100", "Neu", "Nora", "nora@test.example", "", "", ""],
    )

    (of_hr, _), (manager, _), (arguments, later) = sorted(waiting(), key=lambda one: str(one[0]), reverse=True)
    notices.tell.call(*arguments)

    assert (arguments, later) == ([[["Anna Ärmel", anna], ["Dora Özgür", dora]]], False)
    assert [of_hr, manager] == [[[["Paula Personal", cast.paula.email]]], [[["Bernd Şahin-Žižek", cast.bernd.email]]]]
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([anna], notices.SUBJECTS["email_changed"]),
        ([dora], notices.SUBJECTS["email_changed"]),
    ]
    assert mailoutbox[0].body.startswith("Guten Tag Anna Ärmel,")
    assert "neu@test.example" not in mailoutbox[0].body
    assert len(waiting()) == 3


def test_nobody_is_told_where_no_address_changes(cast):
    take(full_row(cast.anna, Nachname="Neumann"), ["0100", "Neu", "Nora", "nora@test.example", "", "", ""])

    assert waiting() == []


@pytest.mark.parametrize("size", [2, 30])
def test_query_count_of_taking_over(cast, size, django_assert_num_queries):
    for n in range(size):
        Person.objects.create(
            first_name="K", last_name="Da N", personnel_number=f"01{n:02}", email=f"k{n}@test.example"
        )
    rows = [
        [f"01{n:02}", "Neu", "N", f"n{n}@test.example", "0001", "Digitallotse", f"7{n}", "Amt"] for n in range(size)
    ]
    rows += [
        [f"02{n:02}", "Neu", "N", f"m{n}@test.example", "0001", "Digitallotse", "10", "Hauptamt"] for n in range(size)
    ]
    table = table_of(*rows, header=[*FULL[:4], "Führungskraft", "Rolle", "OE-Nr.", "OE-Bezeichnung"])
    read = compare(table).stamp

    # savepoint; lock people, units; people, units, role profiles, holdings; new units, their names and places;
    # addresses freed for those who are new and for those who change, new people, six fields of changed people; their changed
    # names, participations and hand-overs that bear them; managers of new people; roles: savepoint, lock,
    # holdings, new ones, release; one task that tells of new addresses; release; and for those who may have to be told of a
    # change who they were and are: addresses freed, new addresses, managers of those known and of new people; of these
    # two the talks and plans to come, and what they had answered about the manager until now; of new addresses HR is told: whose they are, who is of HR, one task; addresses of
    # calendars that end with another e-mail address; who is in a running round; further numbers; bookings of those in
    # another unit; who is named in learning plans by a name borne before (names, measures, goals, changes);
    # that the list was taken over, and whom, whom anew and which units it has changed, which is noted
    with django_assert_num_queries(59):
        taken = take_over(table=table, read=read)

    assert taken == Taken(new=size, changed=size, units=size, left=0)
