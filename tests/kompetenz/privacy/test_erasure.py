"""Erasing one person: afterwards nothing of them stands anywhere, and a restored backup does not bring them back."""

import json
import re
import stat
import time
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.models import AgreedLevel, Participation, Talk
from kompetenz.jobs import batches
from kompetenz.jobs.models import Job
from kompetenz.jobs.overwriting import empty_the_log
from kompetenz.letters.models import Letter
from kompetenz.people import notices
from kompetenz.people.models import FurtherNumber, NameChange, Person, StaffImport, Unit
from kompetenz.people.staff.history import FIELDS, difference_of, packed
from kompetenz.privacy.erasure import erasing, finding, leaving, listing, removing
from kompetenz.privacy.erasure.erasing import keep_the_list
from kompetenz.privacy.erasure.finding import find
from kompetenz.privacy.erasure.hanging import hanging_on
from kompetenz.privacy.erasure.spellings import ERASED, Spellings, names_of, numbered, politely, shortened
from kompetenz.privacy.models import Erasure
from kompetenz.privacy.retention.due import is_husk
from tests.browser.crowd import Crowd
from tests.clock import TODAY, in_days
from tests.kompetenz.privacy import marking
from tests.thorough import some

NUMBER = "ZX-4711-Q"


@pytest.fixture(autouse=True)
def _list(settings, tmp_path):
    settings.ERASURE_LIST = str(tmp_path / "liste" / "loeschungen.jsonl")


def erase(person, by=None):
    """As the worker does; the number of the row that was."""
    pk, mentions = person.pk, finding.find(person)
    listing.note(person, by)
    removing.remove(person=person, mentions=mentions)
    return pk


# Everywhere ---------------------------------------------------------------------------------------


def marked_everywhere(cast):
    """anna with a row in every table, a marker in every text about her, and her name in every text about others."""
    Crowd(cast)
    Job.objects.all().delete()
    anna = cast.anna
    Person.objects.filter(pk=anna.pk).update(personnel_number=NUMBER)
    anna.refresh_from_db()
    Group.objects.create(name="Gruppe")
    SocialApp.objects.create(provider="openid_connect", name="Verzeichnis", client_id="x")
    marking.make_the_rest(anna, cast.bernd)
    assert marking.mark(anna) == []
    assert "learningplans.measure" in marking.name_in_texts_of_others(anna)
    imported = packed(
        {
            "rows": [[3, NUMBER, "Ärmel, Anna", "Name", "Anna Ärmel", "Anna Anders"], [4, "0004", "Özgür, Dora", "Führungskraft", f"Ärmel, Anna ({NUMBER})", "0002"]],
            "before": {str(anna.pk): [NUMBER, "Ärmel"], str(cast.dora.pk): ["0004", "Özgür"]},
            "new": [anna.pk], "units": {}, "new_units": [], "further": {"Rolle": {str(anna.pk): "Lotse"}},
        }
    )  # fmt: skip
    StaffImport.objects.update(difference=imported)
    notices.inform("email_changed", [anna, cast.dora])
    leave_traces(anna, cast.paula)


def leave_traces(person, other):
    """What the technical administration has repaired, a task that failed, and a calendar file that breaks within the name."""
    LogEntry.objects.create(
        user=other, content_type=ContentType.objects.get_for_model(Person), object_id=person.pk, object_repr="x",
        action_flag=2, change_message=f"Notiz: {marking.MARKER}",
    )  # fmt: skip
    DBTaskResult.objects.create(
        status="FAILED", task_path="x", args_kwargs={}, finished_at=timezone.now(), traceback=f"{marking.MARKER}: ..."
    )
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Gespräch mit Anna Är\r\n mel\r\nEND:VCALENDAR\r\n"
    Letter.objects.create(person=other, key="x-1", kind="talk", path="/", calendar=calendar)


MARKS = [marking.MARKER, "Ärmel", "Anna Är", NUMBER, "anna.armel@test.example"]


@pytest.mark.django_db(transaction=True)
def test_an_erased_person_is_nowhere(cast, as_, run_jobs, settings, tmp_path):
    marked_everywhere(cast)
    client = as_(cast.anna)
    client.get("/")
    client = as_(cast.paula)
    before = marking.places_of(MARKS)

    sent = {"name": "Anna Ärmel", "number": NUMBER}
    response = client.post(reverse("privacy:erase_confirm", args=[cast.anna.pk]), sent)
    run_jobs()

    assert response.status_code == 302
    assert len(before) > 60
    assert [job.problem for job in Job.objects.all()] == [""]
    assert marking.places_of(MARKS) == set()
    assert not Person.objects.filter(pk=cast.anna.pk).exists()
    if connection.vendor == "sqlite":
        empty_the_log.call()
        assert [mark for mark in MARKS for content in of_files() if mark.encode() in content] == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["loeschungen.jsonl"]
    assert [mark for mark in MARKS if mark in files[0].read_text()] == []


def of_files():
    name = Path(connection.settings_dict["NAME"])
    return [path.read_bytes() for path in (name, Path(f"{name}-wal")) if path.exists()]


def test_records_of_others_stay_and_name_nobody(cast):
    crowd = Crowd(cast)
    participation = crowd.greta
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)

    erase(cast.bernd)

    again = Participation.objects.get(pk=participation.pk)
    assert (again.manager, again.manager_name) == (None, ERASED)
    assert Talk.objects.filter(participation=crowd.stage.participation).exists()


def test_the_pages_of_others_open_without_who_signed(cast, as_):
    crowd = Crowd(cast)
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    erase(cast.bernd)
    client = as_(Person.objects.get(pk=cast.anna.pk))

    pages = [client.get(url) for who, _, url in crowd.pages if who == "anna"]

    assert {page.status_code for page in pages} <= {200, 302, 404}
    assert "Şahin" not in "".join(page.text for page in pages if page.headers["Content-Type"].startswith("text/html"))


def test_of_a_list_only_what_concerns_the_person_goes(cast):
    rows = [[3, "0003", "Ärmel, Anna", "Einheit", "10", "10.1"], [4, "0004", "Özgür, Dora", "Einheit", "10", "10.1"]]
    before = {str(cast.anna.pk): ["0003"], str(cast.dora.pk): ["0004"]}
    noted = StaffImport.objects.create(
        name="Liste.xlsx", difference=packed({"rows": rows, "before": before, "new": []})
    )

    erase(cast.anna)

    noted.refresh_from_db()
    found = difference_of(noted)
    assert (found["rows"], found["before"]) == (rows[1:], {str(cast.dora.pk): ["0004"]})


def test_a_unit_with_the_same_number_keeps_it_and_a_namesake_with_a_number_goes(cast):
    """Of two of the same name the number behind it says who is meant; the number alone may be a unit's."""
    Person.objects.create(first_name="Anna", last_name="Ärmel", personnel_number="0900")
    Person.objects.filter(pk=cast.anna.pk).update(personnel_number="10.1")
    rows = [
        [4, "0004", "Özgür, Dora", "Einheit", "10", "10.1"],
        [5, "0004", "Özgür, Dora", "Führungskraft", "Ärmel, Anna (10.1)", "Ärmel, Anna (0900)"],
        [6, "0003", "Ärmel, Anna", "Einheit", "10", "10.1"],
    ]
    had = dict.fromkeys(FIELDS) | {"personnel_number": "0003"}
    difference = {"rows": rows, "before": {str(cast.anna.pk): list(had.values())}, "new": [], "new_units": ["10.1"]}
    noted = StaffImport.objects.create(name="Liste.xlsx", difference=packed(difference))

    erase(Person.objects.get(pk=cast.anna.pk))

    noted.refresh_from_db()
    found = difference_of(noted)
    assert found["rows"] == [rows[0], [*rows[1][:4], ERASED, "Ärmel, Anna (0900)"]]
    assert found["new_units"] == ["10.1"]


def test_somebody_whose_row_is_called_as_the_erased_number_is_found_again_in_a_list(cast):
    Person.objects.filter(pk=cast.anna.pk).update(personnel_number="100200")
    had = [*["0009", "Alt"], *[None] * (len(FIELDS) - 2)]
    noted = StaffImport.objects.create(name="Liste.xlsx", difference=packed({"before": {"100200": had}, "rows": []}))

    erase(Person.objects.get(pk=cast.anna.pk))

    noted.refresh_from_db()
    assert difference_of(noted)["before"] == {"100200": had}


@pytest.mark.parametrize("written", ["anna ärmel", "Anna  Ärmel", "Anna\nÄrmel"])
def test_however_a_name_is_written_it_is_found(cast, written):
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees=f"Mit {written}.")

    erase(cast.anna)

    assert Talk.objects.get(participation=crowd.fritz).attendees == f"Mit {ERASED}."


@pytest.mark.parametrize(("another", "is_replaced"), [("Özil", True), ("Ärmel", False), ("Ärmel-Lüders", False)])
def test_a_last_name_behind_a_title_goes_unless_it_may_be_another(cast, another, is_replaced):
    Person.objects.create(first_name="Berta", last_name=another)
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Frau Dr. Ärmel; der Ärmel; Herr Ärmelin")

    erase(cast.anna)

    name = ERASED if is_replaced else "Frau Dr. Ärmel"
    assert Talk.objects.get(participation=crowd.fritz).attendees == f"{name}; der Ärmel; Herr Ärmelin"


def test_nobody_gets_an_erased_manager_or_their_address_back_by_taking_back_a_list(cast):
    """The database would refuse the one, for there is no such person, and take the words that stand there now for the other."""
    had = dict.fromkeys(FIELDS)
    had |= {"personnel_number": "0004", "manager_id": cast.anna.pk, "email": cast.anna.email}
    before = {str(cast.dora.pk): list(had.values())}
    noted = StaffImport.objects.create(
        name="Liste.xlsx", difference=packed({"rows": [], "before": before, "after": {}, "new": []})
    )

    erase(cast.anna)

    noted.refresh_from_db()
    assert difference_of(noted)["before"][str(cast.dora.pk)] == list(
        (had | {"manager_id": None, "email": None}).values()
    )


def test_a_task_that_waits_goes_on_without_them(cast):
    notices.inform("email_changed", [cast.anna, cast.dora])

    erase(cast.anna)

    [task] = DBTaskResult.objects.filter(task_path=notices.tell.module_path)
    assert task.args_kwargs["args"] == [[["Dora Özgür", cast.dora.email]]]


def test_a_namesake_keeps_their_name_in_texts(cast):
    namesake = Person.objects.create(first_name="Anna", last_name="Ärmel")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Anna Ärmel")

    facts = " ".join(hanging_on(namesake, None).facts)
    erase(cast.anna)

    assert Talk.objects.get(participation=crowd.fritz).attendees == "Anna Ärmel"
    assert "So heißt oder hieß noch jemand: Anna Ärmel (0003 · 10.1 Digitalisierung)." in facts


def test_with_a_namesake_without_an_address_nothing_else_is_touched(cast):
    """Of whom there is neither a name nor an address to look for, nothing is found, and not everything."""
    erased = Person.objects.create(first_name="Anna", last_name="Ärmel")
    rows = [[4, "0004", "Özgür, Dora", "Einheit", "10", "10.1"]]
    noted = StaffImport.objects.create(name="Liste.xlsx", difference=packed({"rows": rows, "before": {}, "new": []}))
    letter = Letter.objects.create(
        person=cast.dora, key="talk", kind=Letter.Kind.TALK, path="/", calendar="SUMMARY:Gespräch, 10. Mai"
    )
    notices.inform("email_changed", [cast.dora])

    erase(erased)

    noted.refresh_from_db()
    letter.refresh_from_db()
    [task] = DBTaskResult.objects.filter(task_path=notices.tell.module_path)
    assert difference_of(noted)["rows"] == rows
    assert letter.calendar == "SUMMARY:Gespräch, 10. Mai"
    assert task.args_kwargs["args"] == [[["Dora Özgür", cast.dora.email]]]


@pytest.mark.parametrize("others", [("Anna", "Ärmel-Lüders"), ("Eva Anna", "Ärmel"), ("Ärmel", "Anna")])
def test_who_has_a_longer_name_keeps_it_in_their_records(cast, others):
    first, last = others
    Person.objects.create(first_name=first, last_name=last)
    crowd = Crowd(cast)
    Participation.objects.filter(pk=crowd.fritz.pk).update(person_name=f"{first} {last}")

    erase(cast.anna)

    assert Participation.objects.get(pk=crowd.fritz.pk).person_name == f"{first} {last}"


def test_who_is_called_as_somebody_was_once_keeps_the_name(cast):
    cast.anna.name_changes.create(from_name="Dora Özgür", from_last_name="Özgür", to_name="Anna Ärmel")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Dora Özgür und Anna Ärmel")

    erase(cast.anna)

    assert Talk.objects.get(participation=crowd.fritz).attendees == f"Dora Özgür und {removing.ERASED}"


# How it is written --------------------------------------------------------------------------------

ANNA = Spellings(names_of("Anna", "Ärmel", ["Anna Alt"]), ["anna@test.example"])


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Mit Anna Ärmel besprochen", "Mit gelöschte Person besprochen"),
        ("Ärmel, Anna (10)", "gelöschte Person (10)"),
        ("ANNA ÄRMEL und anna  ärmel", "gelöschte Person und gelöschte Person"),
        ("früher Anna Alt", "früher gelöschte Person"),
        ("an anna@test.example.", "an gelöschte Person."),
        ("Johanna Ärmelkanal, Anna Ärmelin", "Johanna Ärmelkanal, Anna Ärmelin"),
        ("Anna aus Ärmel", "Anna aus Ärmel"),
        ("Anna Ärmel-Lüders und Eva-Anna Ärmel", "Anna Ärmel-Lüders und Eva-Anna Ärmel"),
        ("Anna Ärmel - neu", "gelöschte Person - neu"),
        ("an johanna.anna@test.example, anna@test.example", "an johanna.anna@test.example, gelöschte Person"),
    ],
)
def test_whole_names_are_replaced_and_no_others(text, becomes):
    assert ANNA.replaced(text) == becomes
    assert ANNA.replaced({"a": [text]}) == {"a": [becomes]}


DORA = Spellings(
    names_of("Dora Maria", "Özgür-Weiß"),
    ["dora@test.example", "d.oezguer-weiss"],
    others=["Dora Weiss", "Özgür, Emil", "Eva Dora Özgür"],
    short=[
        *shortened("Dora Maria", "Özgür-Weiß"),
        *politely(["Özgür-Weiß"], ["Weiss-Kurz"]),
        *numbered(["004711", "12"]),
    ],
)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Dora Maria Özgür-Weiß", "gelöschte Person"),
        ("Dora Maria Oezguer-Weiss und DORA OEZGUER WEISS", "gelöschte Person und gelöschte Person"),
        ("Dora Ozgur\u2011Weiss, Maria Özgür - Weiß", "gelöschte Person, gelöschte Person"),
        ("Dora\u00a0Özgür", "gelöschte Person"),
        ("D. Özgür-Weiß; Özgür, D.; D.Özgür", "gelöschte Person; gelöschte Person; gelöschte Person"),
        (
            "Dora Özgürs Plan, Frau Özgür-Weiß' Idee, Dora Özgür’s Ziel",
            "gelöschte Person Plan, gelöschte Person' Idee, gelöschte Person Ziel",
        ),
        ("Fr. Özgür und Frau Prof. Dr. Oezguer", "gelöschte Person und gelöschte Person"),
        ("Dr. Özgür und Kollegin Özgür", "gelöschte Person und gelöschte Person"),
        ("Personalnummer 12, PN 12 und 004711", "gelöschte Person, gelöschte Person und gelöschte Person"),
        ("d.oezguer-weiss fragen, D.Oezguer-Weiss", "gelöschte Person fragen, gelöschte Person"),
        # Others, and what may be a word:
        ("Dora Weiss und Eva Dora Oezguer", "Dora Weiss und Eva Dora Oezguer"),
        ("Eva Dora Özgürs Plan", "Eva Dora Özgürs Plan"),
        ("Özgür, Emil und E. Özgür", "Özgür, Emil und E. Özgür"),
        ("Frau Weiß und Dora, 12 und 0047110", "Frau Weiß und Dora, 12 und 0047110"),
        ("d.oezguer-weiss@anders.example", "d.oezguer-weiss@anders.example"),
    ],
)
def test_a_name_is_known_without_umlauts_in_short_and_in_the_genitive(text, becomes):
    assert DORA.replaced(text) == becomes
    assert DORA.is_in(text) == (text != becomes)


def every_way(first, last, others=()):
    """All spellings of somebody with this name beside ``others``, as finding.spellings_of has them."""
    theirs = [name for one in others for name in (*names_of(*one), *shortened(*one))]
    short = [*shortened(first, last), *politely([last], [name for _, name in others])]
    return Spellings(names_of(first, last), [], others=theirs, short=short)


WAYS = {
    ("Sean", "O'Neill"): "Sean O Neill|Sean O' Neill|Sean Oneill|SEAN O-NEILL|S. O Neill|Frau O Neill|O\u02bbNeill, Sean|Sean O\uff07Neill",
    ("Sean", "O Neill"): "Sean O'Neill|Sean O’ Neill|O'Neill,Sean|Herr O'Neill",
    ("Zoë", "D'Angelo"): "Zoe D Angelo|Zoë Dangelo",
    ("Anna Maria", "Berg"): "Anna-Maria Berg|Annamaria Berg|Anna M. Berg|A. M. Berg|A.M. Berg|Berg, A.-M.|Berg,Anna Maria",
    ("Karl-Heinz", "Groß"): "Karlheinz Gross|Karl Heinz Groß|Karl Groß|K.-H. Groß|K. H. Gross|Groß, K.-H.",
    ("Dr. Anna Maria", "Berg"): "Anna-Maria Berg|Annamaria Berg|A. M. Berg",
    ("Hans", "von der Heide"): "Heide, Hans von der|Hans v. d. Heide|Hans v.d. Heide|Herrn v. d. Heide|Hans Heide|H. von der Heide|Frau Heide",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "written"), [(name, written) for name, ways in WAYS.items() for written in ways.split("|")]
)
def test_a_name_of_several_parts_is_known_however_they_are_joined(name, written):
    assert every_way(*name).replaced(f"Mit {written}.") == f"Mit {ERASED}."
    assert every_way(*name).is_in(f"Mit {written}.")


@pytest.mark.parametrize(
    ("name", "others", "text"),
    [
        (("Anna Maria", "Berg"), [], "Das Haus am Berg, AM BERG 3 und Am Berg"),
        (("Anna Maria", "Berg"), [("Maria", "Berg")], "Maria Berg"),
        (("Anna Maria", "Berg"), [("Anna-Maria", "Berg")], "Anna-Maria Berg"),
        (("Sean", "O'Neill"), [("Sean", "O Neill")], "Sean O Neill, S. O Neill und Frau O Neill"),
        (("Hans", "von der Heide"), [("Eva", "von der Heide")], "Frau von der Heide, Frau v. d. Heide, Frau Heide"),
        (("Hans", "von der Heide"), [], "auf der Heide"),
    ],
)
def test_what_may_be_somebody_else_or_a_word_stays_however_it_is_joined(name, others, text):
    assert every_way(*name, others).replaced(text) == text


def test_a_number_with_a_hyphen_is_not_the_one_without():
    spellings = Spellings([], [], short=numbered(["4711-08", "100-200"]))
    text = "Personalnummer 471108 und 100200"
    assert (spellings.replaced(text), spellings.is_in("PN 4711-08")) == (text, True)


def test_where_somebody_else_is_called_with_a_blank_for_the_apostrophe_their_name_stays(cast):
    Person.objects.filter(pk=cast.anna.pk).update(first_name="Sean", last_name="O'Neill")
    Person.objects.create(first_name="Sean", last_name="O Neill")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Sean O'Neill, Sean O Neill")

    erase(Person.objects.get(pk=cast.anna.pk))

    assert Talk.objects.get(participation=crowd.fritz).attendees == f"{ERASED}, Sean O Neill"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("hat die Kollegen stark entlastet, Variante b stark", "hat die Kollegen stark entlastet, Variante b stark"),
        ("kollegin Stark, FRAU STARK und B Stark", "gelöschte Person, gelöschte Person und gelöschte Person"),
        ("berta stark", "gelöschte Person"),
    ],
)
def test_an_adjective_is_no_name(text, becomes):
    names = [*shortened("Berta Eva", "Stark"), *politely(["Stark"], [])]
    assert Spellings(names_of("Berta Eva", "Stark"), [], short=names).replaced(text) == becomes


@pytest.mark.parametrize(("name", "written"), [("Oezguer", "Özgür"), ("Özgür", "Oezguer"), ("Özgür", "O\u0308zgur")])
def test_a_name_that_is_spelled_otherwise_begins_with_a_capital(name, written):
    spellings = Spellings([name], [])
    assert [spellings.is_in(written), spellings.is_in(written.lower())] == [True, False]


@pytest.mark.parametrize(
    ("name", "others", "goes"),
    [
        ("Berg", ["Bergmann", "Amberg"], True),
        ("Berg", ["Berg-Kurz"], False),
        ("Peter", ["Petersen"], True),
        ("Peter", ["Peters"], False),
        ("Peters", ["Peter"], False),
    ],
)
def test_behind_a_title_a_name_goes_unless_it_may_be_somebody_elses(name, others, goes):
    text = f"Frau {name}, Herr {others[0]}"
    spellings = Spellings([], [], short=politely([name], others))

    assert spellings.replaced(text) == (text.replace(f"Frau {name}", "gelöschte Person") if goes else text)


@pytest.mark.parametrize("written", ["Anna Aermel", "A. Ärmel", "Anna Ärmels Plan", "anna.armel", "PN ZX-4711-Q"])
def test_the_database_is_asked_for_every_way_of_writing(cast, written):
    Person.objects.filter(pk=cast.anna.pk).update(personnel_number=NUMBER)
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees=f"Mit {written}.")

    erase(Person.objects.get(pk=cast.anna.pk))

    assert ERASED in Talk.objects.get(participation=crowd.fritz).attendees


def test_a_number_that_is_a_units_as_well_stays_where_it_stands_alone(cast):
    Unit.objects.create(name="Einheit", number="100200")
    Person.objects.filter(pk=cast.anna.pk).update(personnel_number="100200")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Einheit 100200")

    erase(Person.objects.get(pk=cast.anna.pk))

    assert Talk.objects.get(participation=crowd.fritz).attendees == "Einheit 100200"


def test_who_has_the_same_mailbox_elsewhere_keeps_it(cast):
    Person.objects.create(first_name="Eva", last_name="Neu", email=cast.anna.email.replace("test", "anders"))
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="anna.armel")

    erase(cast.anna)

    assert Talk.objects.get(participation=crowd.fritz).attendees == "anna.armel"


# One letter for another, in the register or in the text.
SPELLED_IN_TWO_WAYS = [
    ("Çelik", "Celik"), ("Bjørn", "Bjoern"), ("Bjørk", "Bjork"), ("Sørensen", "Soerensen"), ("Łukasz", "Lukasz"), ("Strauß", "Strauss"),
    ("Müller", "Mueller"), ("Möller", "Moller"), ("Şahin", "Sahin"), ("Đorđević", "Dordevic"), ("Đukić", "Djukic"), ("Åkesson", "Aakesson"),
    ("Åberg", "Aberg"), ("Kjær", "Kjaer"), ("Yıldız", "Yildiz"), ("İnönü", "Inonu"), ("Kőszegi", "Koeszegi"), ("Þórsson", "Thorsson"),
    ("Guðrún", "Gudrun"), ("Nguyễn", "Nguyen"), ("Zaħra", "Zahra"), ("D’Été", "D'Ete"), ("J̌anić", "Janic"), ("Lœb", "Loeb"),
]  # fmt: skip


@pytest.mark.parametrize(("register", "text"), [(0, 1), (1, 0)], ids=["with accents", "without"])
def test_a_name_is_found_everywhere_whatever_letters_are_folded_on_which_side(cast, register, text):
    """In every table, the log of lists, what staff lists have changed, a task that waits and a calendar file."""
    Crowd(cast)
    Job.objects.all().delete()
    pairs = some(SPELLED_IN_TWO_WAYS, *SPELLED_IN_TWO_WAYS[::4])
    people = [Person.objects.create(first_name="Ada", last_name=pair[register]) for pair in pairs]
    written = [f"Ada {pair[text]}" for pair in pairs]
    told = f"{', '.join(written[:12])}"
    more = "; ".join(written)
    tables = marking.name_in_texts_of_others(people[0], told)
    AgreedLevel.objects.update(reason=more[:300])
    StaffImport.objects.update(difference=packed({"rows": [[4, "0004", "Özgür, Dora", "Führungskraft", more, "0002"]]}))
    LogEntry.objects.create(user=cast.paula, object_repr=more[:200], action_flag=2, change_message=more)
    DBTaskResult.objects.create(
        status="READY", task_path="x", args_kwargs={"args": [[[one, "x"] for one in written]], "kwargs": {}}
    )
    Letter.objects.create(
        person=cast.dora,
        key="x-1",
        kind="talk",
        path="/",
        calendar=f"BEGIN:VCALENDAR\r\nSUMMARY:{more[:9]}\r\n {more[9:]}",
    )
    before = marking.places_of(written)

    for one in people:
        erase(one)

    assert len(tables) > 15
    assert len(before) > 20
    assert marking.places_of(written) == set()


@pytest.mark.parametrize("pair", SPELLED_IN_TWO_WAYS)
def test_both_spellings_are_one_name_for_the_database_and_behind_a_title(pair):
    for registered, written in (pair, pair[::-1]):
        spellings = every_way("Ada", registered)
        texts = [
            f"Mit Ada {written}.",
            f"mit Frau {written.upper()}.",
            f"{written}, Ada: ja",
            json.dumps(f"{written}, A."),
        ]

        assert [spellings.is_in(text) for text in texts[:3]] == [True, True, True]
        assert all(re.search(spellings.stored, text) for text in texts)


def test_longer_words_and_somebody_else_stay_whatever_letters_are_folded(cast):
    crowd = Crowd(cast)
    said = "Ada Celikbau; Ada Müllerei; Ada Strausser; Ada Straußer; Adas Çelikbau; Ida Çelik; Ada Bauer; Ada Sahinoglu; ada çelik-weg"
    Talk.objects.filter(participation=crowd.fritz).update(attendees=said)

    for name in ["Çelik", "Müller", "Strauß", "Baur", "Şahin"]:
        erase(Person.objects.create(first_name="Ada", last_name=name))

    assert Talk.objects.get(participation=crowd.fritz).attendees == said


def test_of_two_who_differ_in_an_accent_alone_each_is_who_is_written_so(cast):
    Person.objects.create(first_name="Ada", last_name="Celik")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Ada Çelik; Ada Celik; ADA ÇELIK; Ada Çelıks Idee")

    ada = Person.objects.create(first_name="Ada", last_name="Çelik")
    of_either = find(ada).alone
    erase(ada)

    talk = Talk.objects.get(participation=crowd.fritz)
    assert talk.attendees == f"{ERASED}; Ada Celik; {ERASED}; Ada Çelıks Idee"
    assert of_either == {Talk: [talk.pk]}


def test_whose_name_differs_in_an_accent_alone_is_no_doubt_where_each_is_written_so(cast):
    Person.objects.create(first_name="Ada", last_name="Celik")
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees="Ada Çelik; Ada Celik")

    assert find(Person.objects.create(first_name="Ada", last_name="Çelik")).alone == {}


ENDLESS = {
    "no name": "Wir haben über die Ziele gesprochen. " * 2_700,
    "all but a name": "Anna Maria von der Özgür-Weißx " * 3_200,
    "blanks": f"Anna{' ' * 100_000}Özgür",
    "hyphens": f"Özgür{'- ' * 50_000}Weiß",
    "apostrophes": f"{chr(39) * 100_000}Özgür-Weiß",
    "marks": f"A{chr(0x301) * 100_000}nna Özgür",
    "first names": f"{'Anna ' * 20_000}Anna Weiß",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_text_is_looked_through_soon(text):
    """A hundred thousand letters, three hundred ways to write a name: a tenth of a second, here with room for slow machines."""
    spellings = every_way("Dr. Anna Maria Sophie", "von der Özgür-Weiß-Çelik")
    began = time.process_time()

    spellings.replaced(text)

    assert len(spellings.names) > 300
    assert time.process_time() - began < 1


# A name alone ---------------------------------------------------------------------------------------


@pytest.fixture
def texts(cast):
    """Four texts about others: of them anna is meant in two, and nobody can tell."""
    crowd = Crowd(cast)
    Person.objects.create(first_name="Anna", last_name="Zander")
    said = ["Mit Anna besprochen", "Anna Ärmel und Anna Zander", "Annas Idee, der Ärmel", "Susanna"]
    about = [one for one in Participation.objects.exclude(person=cast.anna).order_by("pk") if one.pk != crowd.fritz.pk]
    talks = [Talk.objects.get_or_create(participation=one)[0] for one in about[: len(said)]]
    for talk, text in zip(talks, said, strict=True):
        Talk.objects.filter(pk=talk.pk).update(attendees=text)
    return [talk.pk for talk in talks]


def read(texts):
    return [Talk.objects.get(pk=pk).attendees for pk in texts]


def test_whoever_erases_is_told_how_often_a_name_stands_alone_and_what_to_do(cast, as_, run_jobs, texts):
    Job.objects.all().delete()
    client = as_(cast.paula)
    client.post(reverse("privacy:erase_confirm", args=[cast.anna.pk]), {"name": "Anna Ärmel", "number": "0003"})
    run_jobs()

    job = Job.objects.get(kind="erasing a person")
    page = client.get(job.get_absolute_url()).text

    assert read(texts)[:3] == ["Mit Anna besprochen", f"{ERASED} und Anna Zander", "Annas Idee, der Ärmel"]
    assert erasing.ALONE.format(2, "Gespräche: 2") in page
    assert "manage.py name_in_texts" in page
    assert "Anna" not in " ".join([job.sentence, *job.lines])


def test_the_it_is_shown_where_a_name_stands_alone_and_replaces_it_there(cast, capsys, texts):
    erase(cast.anna)

    call_command("name_in_texts", "Anna")
    shown = capsys.readouterr().out
    call_command("name_in_texts", "Anna", "--replace", f"assessments.talk/{texts[0]}", f"assessments.talk/{texts[3]}")

    assert [f"assessments.talk/{pk} (Gespräche)" in shown for pk in texts] == [True, False, True, False]
    assert "    Annas Idee, der Ärmel" in shown
    assert read(texts) == [f"Mit {ERASED} besprochen", f"{ERASED} und Anna Zander", "Annas Idee, der Ärmel", "Susanna"]
    assert capsys.readouterr().out.splitlines() == [
        f"assessments.talk/{texts[0]}: ersetzt",
        f"assessments.talk/{texts[3]}: Dort steht der Name nicht allein.",
    ]


@pytest.mark.parametrize("written", ["Ö Ö", "Oe Ö", "ö, oe", "O Ö"])
def test_a_name_of_which_no_letter_is_the_same_in_each_spelling_is_found(cast, written):
    crowd = Crowd(cast)
    Talk.objects.filter(participation=crowd.fritz).update(attendees=f"mit {written} besprochen")

    erase(Person.objects.create(first_name="Ö", last_name="Ö"))

    assert Talk.objects.get(participation=crowd.fritz).attendees == f"mit {ERASED} besprochen"


@pytest.mark.parametrize(("name", "written"), [("Celik", "Çelik"), ("Sørensen", "Soerensen"), ("Djukic", "Đukić")])
def test_the_it_is_shown_a_name_alone_whatever_letters_are_folded(cast, capsys, name, written):
    crowd = Crowd(cast)
    Person.objects.create(first_name="Eva", last_name=written)
    Talk.objects.filter(participation=crowd.fritz).update(attendees=f"Eva {written} und {written}s Idee")

    call_command(
        "name_in_texts", name, "--replace", f"assessments.talk/{Talk.objects.get(participation=crowd.fritz).pk}"
    )

    assert Talk.objects.get(participation=crowd.fritz).attendees == f"Eva {written} und {ERASED} Idee"


def test_of_a_list_of_addresses_one_goes():
    told = {
        "args": [[["Anna Ärmel", "anna@test.example"], ["Dora", "dora@test.example"]]],
        "kwargs": {"about": ["Anna Ärmel: x", "y"]},
    }

    assert ANNA.without(told) == {"args": [[["Dora", "dora@test.example"]]], "kwargs": {"about": ["y"]}}


# Two steps ----------------------------------------------------------------------------------------


def test_first_it_says_what_hangs_on_the_person(as_, stage):
    page = as_(stage.cast.paula).get(reverse("privacy:erase", args=[stage.cast.anna.pk])).text

    assert '<p class="muted">0003 · 10.1 Digitalisierung</p>' in page
    assert "Teilnahmen an Runden: 1" in page
    assert "Nimmt an der laufenden Runde „Runde 2026“ teil" in page
    assert reverse("privacy:erase_confirm", args=[stage.cast.anna.pk]) in page


def test_who_leads_people_or_a_running_round_is_not_erased(as_, stage):
    cast = stage.cast
    client = as_(cast.paula)

    page = client.get(reverse("privacy:erase", args=[cast.bernd.pk])).text
    response = client.post(
        reverse("privacy:erase_confirm", args=[cast.bernd.pk]), {"name": str(cast.bernd), "number": "0002"}
    )

    assert "führt noch 2 Personen" in page
    assert "2 Teilnahmen in „Runde 2026“" in page
    assert response.headers["Location"] == reverse("privacy:erase", args=[cast.bernd.pk])
    assert Person.objects.filter(pk=cast.bernd.pk).exists()


@pytest.mark.parametrize("who", ["paula"])
def test_nobody_erases_themselves(cast, who):
    person = getattr(cast, who)

    assert hanging_on(person, person).obstacles[0].startswith("Sich selbst kann niemand löschen.")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Dora Özgür", "number": "0003"}, "So heißt diese Person nicht."),
        ({"name": "Anna Ärmel", "number": "0004"}, "Das ist nicht die Personalnummer dieser Person."),
        ({"name": "", "number": ""}, "Bitte"),
    ],
)
def test_it_is_confirmed_by_name_and_number(as_, cast, sent, said):
    response = as_(cast.paula).post(reverse("privacy:erase_confirm", args=[cast.anna.pk]), sent)

    assert said in response.text
    assert not Job.objects.exists()


def test_who_has_no_number_is_confirmed_by_the_address(as_, cast):
    Person.objects.filter(pk=cast.dora.pk).update(personnel_number=None)
    client, url = as_(cast.paula), reverse("privacy:erase_confirm", args=[cast.dora.pk])

    client.post(url, {"name": str(cast.dora), "number": cast.dora.email.upper()})

    assert [job.subject for job in Job.objects.all()] == [str(cast.dora.pk)]


@pytest.mark.parametrize("right", ["is_hr", "is_auditor"])
def test_whoever_has_rights_over_others_loses_them_first_so_that_it_is_told(as_, cast, right):
    """Else HR could do away with who audits them, or with a colleague made up for an hour, and what is on record of their rights."""
    Person.objects.filter(pk=cast.dora.pk).update(**{right: True})
    cast.dora.refresh_from_db()
    url = reverse("privacy:erase_confirm", args=[cast.dora.pk])

    response = as_(cast.paula).post(url, {"name": str(cast.dora), "number": "0004"}, follow=True)

    assert "Dora Özgür hat Rechte über andere." in response.text
    assert not Job.objects.exists()


def test_a_running_job_is_waited_for(cast):
    Job.objects.create(kind="reminding", subject="1", title="Erinnern")

    assert hanging_on(cast.anna, cast.paula).obstacles == [
        "Unter „Aufträge“ läuft noch etwas oder steht still. Warten Sie, bis es fertig ist, oder brechen Sie es ab."
    ]


def test_two_erasures_are_in_nobodys_way(cast):
    """Begun at the same moment each would find the other, and neither could ever go on."""
    for person in (cast.dora, cast.fremd):
        Job.objects.create(
            kind=erasing.ERASING.name, subject=person.pk, title="Löschung einer Person", items=[person.pk], total=1, asked_by=cast.paula
        )  # fmt: skip

    batches.work.func()

    assert [(job.state, job.problem) for job in Job.objects.all()] == [("done", "")] * Job.objects.count()
    assert not Person.objects.filter(pk__in=[cast.dora.pk, cast.fremd.pk]).exists()


def test_a_list_that_cannot_be_read_is_said_and_the_person_is_erased(cast, run_jobs):
    listing.path().parent.mkdir(parents=True)
    listing.path().write_text("[]\n")

    erasing.begin_erasing(person=cast.dora, by=cast.paula)
    run_jobs()

    [job] = Job.objects.all()
    assert (job.state, job.lines) == ("done", [erasing.LIST_IS_BROKEN])
    assert not Person.objects.filter(pk=cast.dora.pk).exists()


@pytest.mark.parametrize(("state", "is_waited_for"), [("going", True), ("stopped", False), ("failed", False)])
def test_what_somebody_has_begun_for_themselves_and_stands_still_is_no_obstacle(cast, state, is_waited_for):
    """HR neither sees nor ends it, and it may tell of anybody."""
    Job.objects.create(
        kind="subject access", subject="1", title="Auskunft", asked_by=cast.dora, for_hr=False, state=state
    )

    assert bool(hanging_on(cast.anna, cast.paula).obstacles) == is_waited_for
    erase(cast.anna)
    assert Job.objects.filter(kind="subject access").exists() == is_waited_for


# The list, and a backup ---------------------------------------------------------------------------


def test_the_list_names_nobody_and_is_its_owners_alone(cast):
    erase(cast.anna, cast.paula)

    listing.export()

    file = Path(listing.path())
    [line] = map(json.loads, file.read_text().splitlines())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(line) == 4
    assert not any(word in file.read_text() for word in ("Anna", "Ärmel", "0003"))


def test_a_restored_backup_is_erased_again(cast):
    FurtherNumber.objects.create(number="0033", person=cast.anna)
    marks = listing.marks_of(cast.anna)
    erasure = Erasure(marks=marks)
    listing.sign(erasure)
    erasure.save()
    listing.export()
    Erasure.objects.all().delete()  # the backup does not know it

    call_command("replay_erasures")
    call_command("replay_erasures")

    assert not Person.objects.filter(pk=cast.anna.pk).exists()
    assert [one.key for one in Erasure.objects.all()] == [erasure.key]
    assert len(Path(listing.path()).read_text().splitlines()) == 1


def test_the_list_outlives_a_new_secret_key(cast, settings):
    marks = listing.marks_of(cast.anna)
    erasure = Erasure(marks=marks)
    listing.sign(erasure)
    erasure.save()
    listing.export()
    Erasure.objects.all().delete()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-one-" * 6

    keep_the_list(TODAY)
    call_command("replay_erasures")

    assert not Person.objects.filter(pk=cast.anna.pk).exists()
    assert len(listing.read()) == 1


def test_who_forgets_the_command_after_a_backup_has_it_done_that_night(cast, run_jobs):
    pk, erasure = cast.anna.pk, Erasure(marks=listing.marks_of(cast.anna))
    listing.sign(erasure)
    erasure.save()
    listing.export()
    Erasure.objects.all().delete()  # the backup does not know it

    told = keep_the_list(TODAY)
    run_jobs()

    assert told == "Nach einer zurückgespielten Sicherung werden Personen noch einmal gelöscht."
    assert (Person.objects.filter(pk=pk).exists(), keep_the_list(TODAY)) == (False, None)


def test_somebody_new_with_the_same_row_is_not_erased(cast):
    pk = erase(cast.anna)
    listing.export()
    Person.objects.create(pk=pk, first_name="Neu", last_name="Neu", personnel_number="0900")

    call_command("replay_erasures")

    assert Person.objects.filter(last_name="Neu").exists()


def test_somebody_new_without_number_and_address_is_not_erased_for_the_row_alone(cast, capsys):
    """Neither where the list knows no number of who was erased."""
    nameless = Person.objects.create(first_name="Alt", last_name="Alt")
    pks = [erase(person) for person in (cast.anna, nameless)]
    listing.export()
    for pk in pks:
        Person.objects.create(pk=pk, first_name="Neu", last_name="Neu")

    call_command("replay_erasures")

    assert Person.objects.filter(last_name="Neu").count() == 2
    assert capsys.readouterr().out.count("Nicht gelöscht, bitte prüfen: Die Person mit der Nummer") == 2


def test_who_has_neither_number_nor_address_is_known_by_the_name(cast):
    nameless = Person.objects.create(first_name="Alt", last_name="Alt")
    pk = erase(nameless)
    listing.export()
    Person.objects.create(pk=pk, first_name="Alt", last_name="Alt")

    call_command("replay_erasures")

    assert not Person.objects.filter(last_name="Alt").exists()


def test_two_who_had_the_same_row_one_after_the_other_are_both_known(cast):
    pk = erase(cast.anna)
    earlier = Erasure.objects.get()
    earlier.erased_on = in_days(-1)
    listing.sign(earlier)
    earlier.save()
    second = Person.objects.create(pk=pk, first_name="Zweite", last_name="Zeile", personnel_number="0901")
    erase(second)
    listing.export()
    Person.objects.create(pk=pk, first_name="Anna", last_name="Ärmel", personnel_number="0003")

    call_command("replay_erasures")

    assert not Person.objects.filter(pk=pk).exists()


def test_somebody_who_comes_back_is_not_erased(cast):
    erase(cast.anna)
    listing.export()
    Person.objects.create(first_name="Anna", last_name="Ärmel", personnel_number="0003")

    call_command("replay_erasures")

    assert Person.objects.filter(personnel_number="0003").exists()


def test_a_changed_list_erases_nobody(cast):
    erase(cast.anna)
    listing.export()
    file = Path(listing.path())
    file.write_text(file.read_text().replace(TODAY.isoformat(), in_days(-1).isoformat()))

    with pytest.raises(CommandError, match="Zeile 1 ist verändert"):
        call_command("replay_erasures")


def test_without_the_list_nothing_is_said_to_be_done(cast):
    with pytest.raises(CommandError, match="Die Liste der Löschungen fehlt"):
        call_command("replay_erasures")


def test_every_day_the_file_is_made_whole_and_what_is_old_is_forgotten(cast, settings):
    erase(cast.anna)
    Erasure.objects.update(erased_on=in_days(-500))
    erase(cast.dora)

    keep_the_list(TODAY)
    Path(listing.path()).unlink()
    keep_the_list(TODAY)

    assert Erasure.objects.count() == 1
    assert len(listing.read()) == 1


def test_without_erasures_there_is_no_file(db):
    keep_the_list(TODAY)

    assert not listing.path().exists()


# Whoever has left ---------------------------------------------------------------------------------


def test_of_who_left_the_name_stays_under_records_of_others(cast):
    crowd = Crowd(cast)
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    NameChange.objects.create(
        person=cast.bernd, from_name="Bernd Alt", to_name="Bernd Şahin-Žižek", from_last_name="Alt"
    )

    leaving.remove_who_left(Person.objects.get(pk=cast.bernd.pk))

    husk = Person.objects.get(pk=cast.bernd.pk)
    assert (str(husk), husk.email, husk.personnel_number, husk.unit, husk.is_active) == (
        "Bernd Şahin-Žižek",
        None,
        None,
        None,
        False,
    )
    assert not NameChange.objects.exists()
    assert list(Person.objects.filter(is_husk())) == [husk]
    assert Participation.objects.get(pk=crowd.greta.pk).manager_name == "Bernd Şahin-Žižek"


def test_who_has_signed_nothing_of_others_is_gone(cast):
    Crowd(cast)

    leaving.remove_who_left(cast.karla)

    assert not Person.objects.filter(pk=cast.karla.pk).exists()


def test_nobody_is_told_of_an_address_that_is_gone(cast, run_jobs, mailoutbox):
    Crowd(cast)
    Person.objects.filter(manager=cast.bernd).update(manager=cast.clara)
    DBTaskResult.objects.all().delete()

    leaving.remove_who_left(Person.objects.get(pk=cast.bernd.pk))
    run_jobs()

    assert [mail.subject for mail in mailoutbox] == []
