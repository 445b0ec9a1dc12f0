"""The preview: what is new, changed, unchanged, missing, and what cannot be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bench.lists import read_table
from kompetenz.people.models import Person, Unit
from kompetenz.people.staff.checks import LAST_OF_HR, OWN_MANAGER
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.managers import NOBODY_CALLED_SO, NOBODYS_ADDRESS, NOT_THEIRS, SEVERAL
from kompetenz.people.staff.sheet_cells import NO_RESULT
from kompetenz.people.staff.taking_over import take_over
from kompetenz.people.staff.withholding import EVERYTHING, NOTHING
from roles.models import RoleHolding, RoleProfile
from tests.clock import TODAY, in_days
from tests.kompetenz.people.staff.lists import FULL, full_row, text, workbook

NAMES = FULL[:3]
NEW = ["0100", "Neu", "Nora"]


def preview(*rows, header=NAMES):
    return compare(read_table(text(header, *rows)))


def problems(*rows, header=NAMES):
    return [(problem.address, problem.reason) for problem in preview(*rows, header=header).problems]


def everybody():
    """A row for each of the cast that says what is so already."""
    people = (
        Person.objects.exclude(personnel_number=None).select_related("unit", "manager").order_by("personnel_number")
    )
    return {person.first_name.lower(): full_row(person) for person in people}


def with_changes(**changes):
    """Everybody's rows, with changes by heading for some."""
    rows = everybody()
    for who, values in changes.items():
        for heading, value in values.items():
            rows[who][FULL.index(heading)] = value
    return list(rows.values())


def changes(found):
    return {one.listed_as: [(c.what, c.before, c.after) for c in one.changes] for one in found}


def test_a_list_of_what_is_so_already_changes_nothing(cast):
    found = preview(*everybody().values(), header=FULL)

    assert (found.problems, found.new, found.changed, found.units, found.unchanged, found.missing, found.hints) == (
        [], [], [], [], 6, [], [],
    )  # fmt: skip
    assert not found.changes_something


def test_new_people_show_all_that_the_list_says_of_them(cast):
    found = preview(["0100", "Şen-Žižek", "Éva", "Eva@Test.Example", "10.1", "0002", ""], header=FULL)

    assert changes(found.new) == {
        "Şen-Žižek, Éva": [
            ("Personalnummer", "", "0100"),
            ("Nachname", "", "Şen-Žižek"),
            ("Vorname", "", "Éva"),
            ("E-Mail", "", "eva@test.example"),
            ("Organisationseinheit", "", "10.1 Digitalisierung"),
            ("Führungskraft", "", "Şahin-Žižek, Bernd (0002)"),
        ]
    }


def test_changed_people_show_each_field_before_and_after(cast):
    rows = with_changes(
        anna={"Nachname": "Neumann", "E-Mail": "", "OE-Nr.": "10", "Führungskraft": "0001", "Austritt": "31.12.2099"},
        dora={"OE-Nr.": "", "Führungskraft": ""},
    )

    found = preview(*rows, header=FULL)

    assert (found.problems, changes(found.changed)) == (
        [],
        {
            "Neumann, Anna": [
                ("Nachname", "Ärmel", "Neumann"),
                ("E-Mail", cast.anna.email, ""),
                ("Organisationseinheit", "10.1 Digitalisierung", "10 Hauptamt"),
                ("Führungskraft", "Şahin-Žižek, Bernd (0002)", "Chefin, Clara (0001)"),
                ("Austritt", "", "31.12.2099"),
            ],
            "Özgür, Dora": [
                ("Organisationseinheit", "10.1 Digitalisierung", ""),
                ("Führungskraft", "Şahin-Žižek, Bernd (0002)", ""),
            ],
        },
    )


def test_a_column_that_is_not_there_changes_nothing(cast):
    found = preview(["0003", "Ärmel", "Anna"])

    assert (found.changed, found.unchanged) == ([], 1)


def test_whoever_is_not_in_the_list_is_offered_as_gone_but_neither_hr_nor_technical_staff(cast):
    root = Person.objects.create_superuser("it@test.example", first_name="I", last_name="T", personnel_number="0099")
    Person.objects.filter(pk=cast.fremd.pk).update(leaving_date=TODAY - timedelta(days=1))

    found = preview(["0001", "Chefin", "Clara"])

    assert found.missing == [cast.anna, cast.dora, cast.bernd]
    assert not {cast.paula, root} & set(found.missing)
    assert found.hints == [
        (
            "Aus Personalentwicklung und technischer Verwaltung fehlen in der Liste 2 Personen. "
            "Als ausgeschieden lässt sich dort hier niemand eintragen."
        )
    ]


def test_a_list_that_misses_more_than_half_is_suspicious(cast):
    assert preview(["0001", "Chefin", "Clara"]).misses_many
    assert not preview(*everybody().values(), header=FULL).misses_many


def test_somebody_without_a_number_gets_theirs_by_the_same_address(cast):
    row = ["0006", "Datenschutz", "Audit", cast.audit.email.upper()]

    found = preview(row, header=FULL[:4])

    assert changes(found.changed) == {"Datenschutz, Audit": [("Personalnummer", "", "0006")]}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["", "Neu", "Nora"], ("A2", "Personalnummer fehlt.")),
        (["0100", "", "Nora"], ("B2", "Nachname fehlt.")),
        (["0100", "Neu", " "], ("C2", "Vorname fehlt.")),
        (["0100", "=cmd|'/c calc'!A1", "Nora"], ("B2", "„=cmd|'/c calc'!A1“ beginnt mit = wie eine Formel.")),
        (
            ["3", "Ärmel", "Anna"],
            (
                "A2",
                (
                    "3 ist nur anders geschrieben als 0003 (Anna Ärmel). Führende Nullen bleiben erhalten, "
                    "wenn die Spalte als Text formatiert ist."
                ),
            ),
        ),
    ],
)
def test_a_row_that_names_nobody_rightly_is_an_error_in_its_cell(cast, row, expected):
    assert problems(row) == [expected]


def test_formulas_without_a_result_are_errors_in_their_cells(cast):
    found = compare(read_table(workbook(NAMES, ["0003", '="Är"&"mel"', "Anna"])))

    assert [(one.address, one.reason) for one in found.problems] == [("B2", NO_RESULT)]


def test_merged_cells_are_an_error(cast):
    content = workbook(NAMES, NEW, ["0101", "Neu", "Nils"], change=lambda book: book.active.merge_cells("B2:B3"))

    assert [problem.address for problem in compare(read_table(content)).problems] == ["B2:B3", "B3"]


def test_a_number_twice_in_the_list_names_both_cells(cast):
    said = "Die Personalnummer 0100 steht schon in A2, dort bei Neu, Nora. Sie kann nur zu einer Person gehören."

    assert problems(NEW, ["0101", "Neu", "Nils"], ["0100", "Neu", "Nele"]) == [("A4", said)]


def test_a_row_that_says_the_same_once_more_is_read_once_and_named(cast):
    found = preview(NEW, ["0101", "Neu", "Nils"], NEW)

    assert (found.problems, len(found.new)) == ([], 2)
    assert found.hints[1:] == ["Zeilen, in denen dasselbe noch einmal steht, nur einmal gelesen: Zeile 4."]


def test_two_numbers_that_differ_in_zeros_are_not_two_people(cast):
    assert problems(NEW, ["100", "Neu", "Nora"]) == [("A3", "100 ist nur anders geschrieben als 0100 in A2.")]


def test_two_known_people_may_have_numbers_that_differ_in_zeros(cast):
    Person.objects.filter(pk=cast.fremd.pk).update(personnel_number="3")

    assert problems(["3", "Fremd", "Frieda"], ["0003", "Ärmel", "Anna"]) == []


def test_an_address_belongs_to_one_person(cast):
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)
    rows = [
        ["0100", "Neu", "Nora", "nora@test.example"],
        ["0101", "Neu", "Nils", "NORA@test.example"],
        ["0102", "Neu", "Nina", cast.fremd.email],
        ["0103", "Neu", "Nele", cast.bernd.email],
        ["0003", "Ärmel", "Anna", cast.dora.email],
        ["0004", "Özgür", "Dora", cast.anna.email],
    ]

    assert problems(*rows, header=FULL[:4]) == [
        ("D2", "Die E-Mail-Adresse nora@test.example steht auch in D3."),
        ("D3", "Die E-Mail-Adresse nora@test.example steht schon in D2."),
        ("D4", f"Die E-Mail-Adresse {cast.fremd.email} gehört schon Frieda Fremd (0007, inaktiv)."),
        ("D5", f"Die E-Mail-Adresse {cast.bernd.email} gehört schon Bernd Şahin-Žižek (0002)."),
    ]


def test_a_manager_must_be_there_or_in_the_list(cast):
    header = [*NAMES, "Führungskraft"]
    rows = [
        [*NEW, "0101"],
        ["0101", "Neu", "Nils", "0001"],
        ["0102", "Neu", "Nina", "999"],
        ["0103", "Neu", "Nele", "2"],
        ["0104", "Neu", "Noah", "0104"],
    ]

    assert problems(*rows, header=header) == [
        ("D4", "Zu der Personalnummer 999 gibt es niemanden, auch nicht in der Liste."),
        ("D5", "Zu der Personalnummer 2 gibt es niemanden, auch nicht in der Liste. Ist 0002 gemeint?"),
        ("D6", OWN_MANAGER),
    ]


def test_a_circle_of_managers_is_named_also_through_people_who_are_not_in_the_list(cast):
    header = [*NAMES, "Führungskraft"]

    assert problems(["0001", "Chefin", "Clara", "0100"], [*NEW, "0003"], header=header) == [
        (
            "D2",
            (
                "Die Führungskräfte ergeben einen Kreis: Clara Chefin (0001) → Nora Neu (0100) → Anna Ärmel (0003) → "
                "Bernd Şahin-Žižek (0002) → Clara Chefin (0001). "
                "Bitte eine davon ändern oder leeren."
            ),
        )
    ]


def test_a_long_circle_is_shortened(cast):
    rows = [[f"01{n:02}", "Neu", f"N{chr(97 + n)}", f"01{(n + 1) % 20:02}"] for n in range(20)]

    [(address, reason)] = problems(*rows, header=[*NAMES, "Führungskraft"])

    assert (address, reason) == (
        "D2",
        (
            "Die Führungskräfte ergeben einen Kreis: Na Neu (0100) → Nb Neu (0101) → Nc Neu (0102) → Nd Neu (0103) → "
            "Ne Neu (0104) → … → Na Neu (0100). "
            "Bitte eine davon ändern oder leeren."
        ),
    )


def test_somebody_who_is_gone_becomes_nobodys_manager(cast):
    yesterday = f"{TODAY - timedelta(days=1):%d.%m.%Y}"
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)
    rows = with_changes(bernd={"Austritt": yesterday}, dora={"Führungskraft": "0007"}, paula={"Führungskraft": "0002"})

    found = preview(*rows, header=FULL)

    assert [(one.address, one.reason) for one in found.problems] == [
        ("F5", "Frieda Fremd (0007) ist nicht mehr aktiv und kann keine Führungskraft werden."),
        ("F6", "Bernd Şahin-Žižek (0002) ist nicht mehr aktiv und kann keine Führungskraft werden."),
    ]


def test_a_manager_who_leaves_is_said_and_people_they_had_before_are_no_error(cast):
    found = preview(*with_changes(bernd={"Austritt": "01.02.2020"}), header=FULL)

    assert (found.problems, found.hints) == (
        [],
        ["Mit letztem Arbeitstag und noch Führungskraft anderer: Bernd Şahin-Žižek (0002, 01.02.2020)."],
    )


def test_a_manager_of_nobody_who_stays_is_not_worth_a_word(cast):
    gone = {"Austritt": "01.02.2020"}

    assert preview(*with_changes(bernd=gone, anna=gone, dora=gone), header=FULL).hints == []


def test_somebody_new_who_has_left_already_is_not_taken_up(cast):
    header = [*NAMES, "Austritt"]

    found = preview([*NEW, "31.01.2020"], ["0101", "Neu", "Nils", "31.01.2099"], header=header)

    assert [one.listed_as for one in found.new] == ["Neu, Nils"]
    assert found.hints[0] == "Schon ausgeschieden und deshalb nicht angelegt: Nora Neu (0100)."


def test_many_names_in_a_hint_are_counted(cast):
    rows = [[f"01{n:02}", "Neu", f"N{chr(97 + n)}", "31.01.2020"] for n in range(7)]

    assert preview(*rows, header=[*NAMES, "Austritt"]).hints[0] == (
        "Schon ausgeschieden und deshalb nicht angelegt: Na Neu (0100), Nb Neu (0101), Nc Neu (0102), Nd Neu (0103), "
        "Ne Neu (0104) und 2 weitere."
    )


def test_of_two_lists_below_each_other_each_is_read_in_its_own_encoding(cast):
    content = text(NAMES, ["0100", "Müller", "Nora"], encoding="utf-8") + "\r\n0101;Größe;Nils".encode("cp1252")

    found = compare(read_table(content))

    assert (found.problems, [one.listed_as for one in found.new]) == ([], ["Müller, Nora", "Größe, Nils"])


def test_who_is_inactive_stays_so_unless_the_list_says_otherwise(cast):
    gone = TODAY - timedelta(days=9)
    Person.objects.filter(pk__in=[cast.anna.pk, cast.dora.pk]).update(leaving_date=gone)
    Person.objects.filter(pk=cast.fremd.pk).update(is_active=False)
    Person.objects.filter(pk=cast.clara.pk).update(leaving_date=gone)
    rows = with_changes(anna={"Austritt": ""}, clara={"Austritt": "31.12.2099", "Nachname": "Chef"})

    found = preview(*rows, header=FULL)

    assert changes(found.changed) == {
        "Chef, Clara": [("Nachname", "Chefin", "Chef"), ("Austritt", f"{gone:%d.%m.%Y}", "31.12.2099")],
        "Ärmel, Anna": [("Austritt", f"{gone:%d.%m.%Y}", "")],
    }
    assert found.hints[:2] == [
        "Inaktiv und bleiben es: Dora Özgür (0004), Frieda Fremd (0007).",
        "Ausgeschieden und jetzt wieder hier, mit allem, was noch gespeichert ist: Clara Chef (0001), Anna Ärmel (0003).",
    ]


BY_NUMBER = [*NAMES, "E-Mail"]


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("address", ["frida@test.example", ""])
def test_a_number_of_one_person_beside_name_and_address_of_another_is_refused(cast, gone, address):
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=TODAY - timedelta(days=40) if gone else None)

    found = preview(["0004", "Neumann", "Frida", address], header=BY_NUMBER)

    [problem] = found.problems
    assert (problem.address, problem.who) == ("A2", "Neumann, Frida")
    assert problem.reason.startswith(
        "0004 ist die Nummer von Dora Özgür. Name und Adresse in dieser Zeile sind andere."
    )
    assert (found.new, found.changed) == ([], [])


@pytest.mark.parametrize(
    "row",
    [
        ["Neumann", "Dora", "neu@test.example"],
        ["Neumann-Özgür", "Theodora", "neu@test.example"],
        ["Dora", "Ozgur", "neu@test.example"],
        ["Neumann", "Frida", "dora.ozgur@test.example"],
    ],
)
def test_who_keeps_a_part_of_the_name_or_the_address_is_the_same_person(cast, row):
    assert problems(["0004", *row], header=BY_NUMBER) == []


@pytest.mark.parametrize(
    ("names", "address", "is_refused"),
    [
        (("Özgür", "Theodor"), "neu@test.example", True),
        (("Neumann", "Dora"), "", True),
        (("Özgür", "Dora"), "neu@test.example", False),
        (("Neumann", "Dora"), "dora.ozgur@test.example", False),
    ],
)
def test_who_comes_back_keeps_both_names_or_the_address(cast, names, address, is_refused):
    """Else somebody with a number that was free again would read what is stored about the one who left."""
    Person.objects.filter(pk=cast.dora.pk).update(leaving_date=TODAY - timedelta(days=40))
    cast.dora.refresh_from_db()
    last, first = names
    row = full_row(cast.dora, **{"Nachname": last, "Vorname": first, "E-Mail": address, "Austritt": ""})

    assert [cell for cell, _ in problems(row, header=FULL)] == (["A2"] if is_refused else [])


@pytest.mark.parametrize(("first", "reason"), [("Dora", None), ("Doris", "ohne Personalnummer, inaktiv")])
def test_an_address_without_a_number_leads_only_to_who_is_called_so(cast, first, reason):
    gone = TODAY - timedelta(days=40)
    Person.objects.filter(pk=cast.dora.pk).update(personnel_number=None, leaving_date=gone)

    found = preview(["0900", "Özgür", first, cast.dora.email], header=BY_NUMBER)

    assert [one.entry.person for one in found.changed] == ([] if reason else [cast.dora])
    assert [reason in one.reason for one in found.problems] == ([True] if reason else [])


def test_the_technical_staff_are_neither_readdressed_nor_let_go(cast):
    Person.objects.filter(pk=cast.clara.pk).update(is_staff=True)
    rows = with_changes(clara={"E-Mail": "neu@test.example", "Austritt": "31.12.2030", "Nachname": "Neu"})

    assert problems(*rows, header=FULL) == [
        (
            "D2",
            (
                "Clara Chefin hat Zugang zur technischen Verwaltung. Die E-Mail-Adresse wird nur dort geändert; "
                f"bitte {cast.clara.email} eintragen."
            ),
        ),
        ("G2", "Clara Chefin hat Zugang zur technischen Verwaltung. Der letzte Arbeitstag wird nur dort eingetragen."),
    ]


@pytest.mark.parametrize(("heading", "value", "cell"), [("E-Mail", "", "D6"), ("Austritt", "31.01.2020", "G6")])
def test_hr_does_not_lock_itself_out(cast, heading, value, cell):
    rows = with_changes(paula={heading: value})

    alone = problems(*rows, header=FULL)
    Person.objects.filter(pk=cast.fremd.pk).update(is_hr=True)
    together = problems(*rows, header=FULL)

    assert (alone, together) == ([(cell, LAST_OF_HR)], [])


OTHER_PARENT = "Bitte bei einer davon die übergeordnete OE ändern."
UNITS = [*NAMES, "OE-Nr.", "OE-Bezeichnung", "Übergeordnete OE"]


def unit_rows(*units):
    return [[f"01{n:02}", "Neu", f"N{chr(97 + n)}", *unit] for n, unit in enumerate(units)]


def test_units_are_new_renamed_and_moved(cast):
    Unit.objects.create(number="20", name="Bauamt")
    rows = unit_rows(
        ("10.2", "Personal", "10"), ("10.1", "Digitales", "20"), ("30", "Jugendamt", ""), ("20", "Bauamt", "")
    )

    found = preview(*rows, header=UNITS)

    assert (found.problems, [(unit.number, unit.name, unit.parent, unit.is_new, unit.changes) for unit in found.units]) == (
        [],
        [
            ("10.2", "Personal", "10", True, []),
            ("10.1", "Digitales", "20", False, [
                ("Bezeichnung", "Digitalisierung", "Digitales"), ("übergeordnete Einheit", "10", "20"),
            ]),
            ("30", "Jugendamt", None, True, []),
        ],
    )  # fmt: skip


def test_an_empty_cell_moves_no_unit(cast):
    found = preview(*unit_rows(("10.1", "", "")), header=UNITS)

    assert (found.problems, found.units) == ([], [])


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (
            [("40", "", "")],
            [
                (
                    "D2",
                    "Die Organisationseinheit 40 gibt es noch nicht. Um sie anzulegen, muss die OE-Bezeichnung dabeistehen.",
                )
            ],
        ),
        (
            [("10", "Hauptamt", "99")],
            [
                (
                    "F2",
                    (
                        "Die übergeordnete OE 99 gibt es noch nicht, und niemand in der Liste gehört ihr an. "
                        "Bitte legen Sie sie zuerst unter „Organisationseinheiten“ an."
                    ),
                )
            ],
        ),
        ([("10", "Hauptamt", "10.1")], [("F2", f"Die Einheiten ergeben einen Kreis: 10 → 10.1 → 10. {OTHER_PARENT}")]),
        ([("10", "Hauptamt", "10")], [("F2", f"Die Einheiten ergeben einen Kreis: 10 → 10. {OTHER_PARENT}")]),
        (
            [("10", "Hauptamt", ""), ("10", "Amt 10", "")],
            [("E3", "Einheit 10 hat hier die OE-Bezeichnung „Amt 10“, in E2 aber „Hauptamt“.")],
        ),
        (
            [("", "Hauptamt", "")],
            [("E2", "Hier steht eine OE-Bezeichnung, aber in derselben Zeile fehlt die Organisationseinheit-Nr.")],
        ),
        ([("010", "Hauptamt", "")], [("D2", "010 ist nur anders geschrieben als 10 Hauptamt.")]),
    ],
)
def test_units_that_cannot_be_are_errors_in_their_cells(cast, units, expected):
    assert problems(*unit_rows(*units), header=UNITS) == expected


def test_circles_that_are_not_of_the_list_are_not_its_problem(cast):
    top = cast.clara.unit
    Unit.objects.filter(pk=top.pk).update(parent=cast.anna.unit)
    Person.objects.filter(pk=cast.clara.pk).update(manager=cast.anna)
    header = [*UNITS, "Führungskraft"]

    assert problems([*NEW, "10.2", "Neu", "10", "0007"], header=header) == []


def units_of(found):
    return [(unit.number, unit.name, unit.parent, unit.is_new) for unit in found.units]


def test_a_unit_may_be_told_by_its_name_alone(cast):
    found = preview([*NEW, "Hauptamt"], ["0101", "Neu", "Nils", "Jugendamt"], header=[*NAMES, "OE-Bezeichnung"])

    assert (found.problems, [one.entry.said["unit_number"] for one in found.new]) == ([], ["10", "JUGENDAMT"])
    assert units_of(found) == [("JUGENDAMT", "Jugendamt", None, True)]


def test_units_are_read_from_a_path_and_found_again_by_it(cast):
    rows = [
        ["0100", "Neu", "Nora", "Dezernat II / Amt 40 / SG 40.1"],
        ["0101", "Neu", "Nils", "Dezernat II / Amt 40"],
        ["0102", "Neu", "Nina", "Dezernat II / 50 Sozialamt / Verwaltung"],
        ["0103", "Neu", "Nele", "Dezernat II / Amt 40 / Verwaltung"],
        ["0104", "Neu", "Noah", "10 Hauptamt / Digitalisierung"],
    ]
    header = [*NAMES, "OrgEinheit Text"]

    found = preview(*rows, header=header)
    numbers = [one.entry.said["unit_number"] for one in found.new]
    take_over(table=read_table(text(header, *rows)), read=found.stamp)
    again = preview(*rows, header=header)

    assert (found.problems, [number for number in numbers if not number.startswith("VERW")]) == (
        [],
        ["40.1", "40", "10.1"],
    )
    assert len({number for number in numbers if number.startswith("VERW")}) == 2
    assert units_of(found)[:5:2] == [
        ("II", "Dezernat II", None, True),
        ("40.1", "SG 40.1", "40", True),
        (numbers[2], "Verwaltung", "50", True),
    ]
    assert (again.problems, again.new, again.changed, again.units) == ([], [], [], [])


def test_levels_of_units_in_columns_of_their_own_are_a_path(cast):
    rows = [["0100", "Neu", "Nora", "Dez. I", "Amt 16", "SG 16.1"], ["0101", "Neu", "Nils", "Dez. I", "Amt 16", ""]]

    found = preview(*rows, header=[*NAMES, "Dezernat", "Amt", "Sachgebiet"])

    assert [one.entry.said["unit_number"] for one in found.new] == ["16.1", "16"]
    assert units_of(found) == [
        ("I", "Dez. I", None, True),
        ("16", "Amt 16", "I", True),
        ("16.1", "SG 16.1", "16", True),
    ]


@pytest.mark.parametrize("said", ["A.Ärmel/Dora Özgür", "Dr.Ärmel/Dora Özgür"])
def test_of_two_managers_in_one_cell_the_second_is_not_taken_for_the_only_one(cast, said):
    (problem,) = preview([*NEW, said], header=[*NAMES, "Vorgesetzter"]).problems

    assert problem.reason == NOBODY_CALLED_SO.format(said)


def test_managers_are_found_by_number_address_or_a_name_that_only_one_has(cast):
    header = [*NAMES, "Vorgesetzter"]
    rows = [
        ["0100", "Kaya", "Deniz", "0001"],
        ["0101", "Kaya", "Deniz", cast.bernd.email.upper()],
        ["0102", "Neu", "Nina", "sahin-zizek, bernd"],
        ["0103", "Neu", "Nele", "Clara Chefin"],
        ["0104", "Neu", "Noah", "Nina Neu"],
        ["0105", "Neu", "Nils", "Kaya, Deniz"],
        ["0106", "Neu", "Nick", "Kaya, Derya"],
        ["0107", "Neu", "Nico", "niemand@test.example"],
    ]

    found = preview(*rows, header=header)

    assert [one.entry.said["manager"] for one in found.new] == [
        cast.clara.pk,
        cast.bernd.pk,
        cast.bernd.pk,
        cast.clara.pk,
        "0102",
    ]
    assert [(one.address, one.reason) for one in found.problems] == [
        ("D7", SEVERAL.format("Kaya, Deniz", "Deniz Kaya (0100), Deniz Kaya (0101)")),
        ("D8", NOBODY_CALLED_SO.format("Kaya, Derya")),
        ("D9", NOBODYS_ADDRESS.format("niemand@test.example")),
    ]


def test_a_managers_name_may_have_titles_other_spellings_and_the_number_beside_it(cast):
    Person.objects.filter(pk=cast.clara.pk).update(last_name="Müller-Lüdenscheidt")
    header = [*NAMES, "Vorgesetzter"]
    said = [
        "Dr. Mueller Luedenscheidt, Clara",
        "MULLER-LUDENSCHEIDT, CLARA",
        "Müller-Lüdenscheidt, Clara (0001)",
        "1 Müller-Lüdenscheidt, Clara",
        "Müller-Lüdenscheidt, Clara (0003)",
        "Müller-Lüdenscheidt, Clara (0999)",
    ]

    found = preview(*[[f"010{n}", "Neu", f"N{'abcdef'[n]}", name] for n, name in enumerate(said)], header=header)

    assert [one.entry.said["manager"] for one in found.new] == [cast.clara.pk] * 4
    assert [one.reason for one in found.problems] == [NOT_THEIRS.format(name) for name in said[4:]]


def test_zeros_and_the_like_in_place_of_a_manager_or_a_unit_are_none(cast):
    rows = [["0100", "Neu", "Nora", "00000000", "#"], ["'0101", "Neu", "Nils", "k.A.", "–"]]

    found = preview(*rows, header=[*NAMES, "Vorgesetzter", "OE-Nr."])

    assert (found.problems, [one.number for one in found.new]) == ([], ["0100", "0101"])


def test_a_units_number_may_be_zero(cast):
    found = preview(["0100", "Neu", "Nora", "0", "Verwaltungsleitung"], header=[*NAMES, "OE-Nr.", "OE-Bezeichnung"])

    assert (found.problems, [unit.number for unit in found.units]) == ([], ["0"])


def test_of_two_who_differ_in_an_umlaut_the_one_who_is_written_so_is_meant(cast):
    header = [*NAMES, "Vorgesetzter"]
    rows = [["0100", "Müller", "Nora", ""], ["0101", "Mueller", "Nora", ""], ["0102", "Neu", "Nils", "Mueller, Nora"]]

    assert preview(*rows, header=header).new[2].entry.said["manager"] == "0101"


def test_nobody_becomes_a_manager_by_their_name_or_address_either(cast):
    header = [*NAMES, "Vorgesetzter"]
    rows = [["0100", "Neu", "Nora", "Paula Personal"], ["0101", "Neu", "Nils", cast.paula.email]]

    found = compare(read_table(text(header, *rows)), by=cast.paula)

    assert ["manager" in one.entry.said for one in found.new] == [False, False]


def test_two_names_in_one_cell_are_divided(cast):
    header = ["Personalnummer", "Name"]

    found = preview(["0003", "Ärmel, Anna"], ["0100", "von der Aa, Nora"], ["0101", "Neu Nils"], header=header)

    assert [(one.listed_as, one.entry.person) for one in found.new] == [("von der Aa, Nora", None)]
    assert (found.unchanged, [one.address for one in found.problems]) == (1, ["B4"])


@pytest.mark.parametrize(
    ("heading", "text", "names"),
    [
        ("Name, Vorname", "Dr. Berger, Bo", "Berger, Dr. Bo"),
        ("Name, Vorname", "Berger, Bo, Dipl.-Ing. (FH)", "Berger, Bo"),
        ("Name, Vorname", "Herr Berger, Bo", "Berger, Bo"),
        ("Name, Vorname", "Herr, Anna", "Herr, Anna"),
        ("Name, Vorname", "Berger, Frau", None),
        ("Vorname Nachname", "Prof. Dr. Bo von der Aa", "von der Aa, Prof. Dr. Bo"),
        ("Vorname Nachname", "Dr. Berger", None),
        ("Nachname Vorname in einer Spalte, ohne Komma", "von der Aa Bo", "von der Aa, Bo"),
        ("Nachname Vorname in einer Spalte, ohne Komma", "Berger", None),
        ("Vorname Nachname", "Bo C. Berger", "Berger, Bo C."),
    ],
)
def test_titles_beside_two_names_in_one_cell_stand_before_the_first_name_and_no_form_of_address_is_kept(
    cast, heading, text, names
):
    found = preview(["0100", text], header=["Personalnummer", heading])

    assert [one.listed_as for one in found.new] == ([names] if names else [])
    assert len(found.problems) == (0 if names else 1)


def test_a_title_or_a_von_makes_nobody_somebody_else(cast):
    Person.objects.filter(pk=cast.anna.pk).update(first_name="Dr. Anna", last_name="von Berg")

    rows = [["0003", last, "Dr. Ida", "neu@test.example"] for last in ("von Stein", "von Berg")]

    assert [[cell for cell, _ in problems(row, header=BY_NUMBER)] for row in rows] == [["A2"], []]


def test_a_role_is_read_by_name_or_key_and_shown_before_and_after(cast):
    profile = RoleProfile.objects.create(name="Kümmerer", key="kuemmerer")
    rows = [
        ["0003", "Ärmel", "Anna", "KÜMMERER"],
        ["0004", "Özgür", "Dora", "Digitallotse"],
        ["0001", "Chefin", "Clara", "kuemmerer"],
        ["0002", "Şahin-Žižek", "Bernd", ""],
    ]
    held = RoleHolding.objects.current().get(person=cast.anna).profile.name

    found = preview(*rows, header=[*NAMES, "Funktion/Rolle"])

    assert changes(found.changed) == {
        "Ärmel, Anna": [("Rollenprofil", held, str(profile))],
        "Chefin, Clara": [("Rollenprofil", "", str(profile))],
    }
    assert found.unchanged == 2


def test_a_role_there_is_not_is_an_error_that_names_those_there_are(cast):
    RoleProfile.objects.exclude(key="digitallotse").update(retired_at=timezone.now())
    name = RoleProfile.objects.get(key="digitallotse").name

    assert problems([*NEW, "Häuptling"], header=[*NAMES, "Rolle"]) == [
        ("D2", f"Das Rollenprofil „Häuptling“ gibt es nicht. Es gibt: {name}.")
    ]


def test_a_role_that_two_profiles_are_called_is_an_error(cast):
    for _ in range(2):
        RoleProfile.objects.create(name="Doppelt")

    assert problems([*NEW, "Doppelt"], header=[*NAMES, "Rolle"]) == [
        ("D2", "Das Rollenprofil „Doppelt“ gibt es mehrmals. Bitte benennen Sie eines um.")
    ]


def test_who_has_left_by_the_list_and_not_when_is_missing_and_stays_as_they_are(cast):
    rows = [[*row, "ausgeschieden" if who == "anna" else "aktiv"] for who, row in everybody().items()]

    found = preview(*rows, ["0100", "Neu", "Nora", "", "", "", "", "ausgetreten"], header=[*FULL, "Status"])

    assert (found.new, found.changed, found.missing) == ([], [], [cast.anna])
    assert found.hints[0].startswith(
        "Nach der Liste ausgeschieden, ohne dass ein Tag dabeisteht, und deshalb nicht gelesen: Ärmel, Anna (Zeile "
    )


def test_who_is_marked_as_gone_with_a_day_gets_that_day(cast):
    rows = [[*row, "ausgeschieden" if who == "anna" else "aktiv"] for who, row in everybody().items()]
    next(row for row in rows if row[2] == "Anna")[FULL.index("Austritt")] = "30.06.2099"

    found = preview(*rows, header=[*FULL, "Status"])

    assert changes(found.changed) == {"Ärmel, Anna": [("Austritt", "", "30.06.2099")]}
    assert found.missing == []


def test_on_leave_and_to_leave_some_day_is_not_to_have_left(cast):
    said = ["ruht (Elternzeit)", "gekündigt", "Ruhestand ab 01.07.2099", "beurlaubt", "aktiv", "ATZ passiv"]
    rows = [[*row, status] for row, status in zip(everybody().values(), said, strict=True)]

    assert preview(*rows, header=[*FULL, "Status"]).unchanged == 6


@pytest.mark.parametrize(("others", "left"), [("aktiv", 1), ("ausgetreten", 6)])
def test_inactive_has_left_only_where_no_other_word_says_so(cast, others, left):
    rows = [[*row, "inaktiv" if who == "anna" else others] for who, row in everybody().items()]
    with_one_more = [*rows, ["0100", "Neu", "Nora", "", "", "", "", "aktiv"]]

    table = read_table(text([*FULL, "Status"], *with_one_more))

    assert len(table.gone) == (left if others == "aktiv" else left - 1)


@pytest.mark.parametrize(
    ("heading", "gone"), [("Kennzeichen", 0), ("Status", 0), ("Stand", 0), ("Aktiv", 1), ("Noch beschäftigt", 1), ("Ausgeschieden", 5)]
)  # fmt: skip
def test_yes_and_no_say_who_has_left_only_where_the_heading_asks_it(cast, heading, gone):
    rows = [[*row, "N" if who == "anna" else "J"] for who, row in everybody().items()]

    assert len(read_table(text([*FULL, heading], *rows)).gone) == gone


def jobcenter_below(number):
    """The Jobcenter below one of two Dezernate."""
    above = {one: Unit.objects.create(number=one, name=f"Dezernat {one}") for one in ("I", "III")}
    return Unit.objects.create(number="57", name="Jobcenter", parent=above[number])


def test_an_amt_with_its_number_and_name_below_another_dezernat_has_moved(cast):
    jobcenter_below("III")

    found = preview([*NEW, "Dezernat I / Amt 57 Jobcenter"], header=[*NAMES, "OE-Pfad"])

    assert [(one.number, one.is_new, one.changes) for one in found.units] == [
        ("57", False, [("übergeordnete Einheit", "III", "I")])
    ]


def test_an_amt_that_stands_where_it_was_as_well_has_not_moved(cast):
    jobcenter_below("III")
    paths = ["Dezernat I / Amt 57 Jobcenter", "Dezernat III / Amt 57 Jobcenter"]

    found = preview(
        *([f"010{place}", "Neu", "Nora", path] for place, path in enumerate(paths)), header=[*NAMES, "OE-Pfad"]
    )

    assert [(one.is_new, one.parent) for one in found.units] == [(True, "I")]
    assert {one.entry.said["unit_number"] for one in found.new} == {"57", found.units[0].number}


def test_a_stamp_is_that_of_the_changes(cast):
    row = ["0003", "Neumann", "Anna"]
    before = preview(row).stamp
    same, other = preview(row).stamp, preview(["0003", "Altmann", "Anna"]).stamp
    Person.objects.filter(pk=cast.anna.pk).update(last_name="Zwischendurch")

    assert (before == same, before == other, before == preview(row).stamp) == (True, False, False)


@pytest.mark.parametrize("size", [2, 60])
def test_query_count_of_a_preview(cast, size, django_assert_num_queries):
    for n in range(size // 2):
        Person.objects.create(first_name="N", last_name="Da", personnel_number=f"01{n:02}", unit=cast.anna.unit)
    rows = [[f"01{n:02}", "Neu", "N", f"n{n}@test.example", "10", "0001", ""] for n in range(size)]
    table = read_table(text([*FULL, "Rolle"], *[[*row, "Digitallotse"] for row in rows]))

    with django_assert_num_queries(
        6
    ):  # people, units, further numbers, role profiles, who holds which, who is in a running round
        found = compare(table)

    assert len(found.new) + len(found.changed) == size


# Whoever comes back ---------------------------------------------------------------------------------

SOMEBODY_ELSE = "Die Nummer gehört jemandem mit anderem Namen und anderer Adresse."
ADDRESSES = {"theirs": None, "another": "neu@test.example", "none": ""}


@pytest.mark.parametrize("allowed", [NOTHING, EVERYTHING])
@pytest.mark.parametrize("day", ["", "later"])
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(("last", "first"), [("Ärmel", "Anna"), ("Ärmel", "Änne"), ("Neu", "Anna"), ("Neu", "Änne")])
def test_the_number_of_who_has_left_is_theirs_by_both_names_or_by_the_address(cast, last, first, address, day, allowed):
    """Else somebody new who gets it would read what is stored, whatever of the row is withheld."""
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-30))
    mail = cast.anna.email if address == "theirs" else ADDRESSES[address]
    row = ["0003", last, first, mail, f"{in_days(200):%d.%m.%Y}" if day else ""]

    found = compare(read_table(text([*NAMES, "E-Mail", "Austritt"], row)), allowed=allowed)

    is_theirs = address == "theirs" or (last, first) == ("Ärmel", "Anna")
    assert [one.cause for one in found.problems] == ([] if is_theirs else [SOMEBODY_ELSE])


def test_without_an_address_in_the_list_both_other_names_are_those_of_somebody_else(cast):
    row = ["0003", "Muster", "Max"]

    for header, more in ((NAMES, []), ([*NAMES, "E-Mail"], [""])):
        found = compare(read_table(text(header, [*row, *more])), allowed=NOTHING)
        assert [one.cause for one in found.problems] == [SOMEBODY_ELSE]


def test_a_name_without_umlauts_is_the_same(cast):
    Person.objects.filter(pk=cast.anna.pk).update(first_name="Jörg", last_name="Müller")

    assert problems(["0003", "Mueller", "Joerg"]) == []


@pytest.mark.parametrize(
    ("last", "first", "names"),
    [
        ("Dr. Keller", "Nora", "Keller, Dr. Nora"),
        ("Keller, Prof. Dr.", "Dr. Nora", "Keller, Prof. Dr. Nora"),
        ("Dipl.-Ing. Keller", "Nora", "Keller, Dipl.-Ing. Nora"),
        ("Keller (B.A.)", "Nora, M. Sc.", "Keller, Nora"),
        ("Keller", "Nora Dipl.-Verw. (FH)", "Keller, Nora"),
        ("Herr", "Nora", "Herr, Nora"),
    ],
)
def test_a_title_in_the_column_of_last_names_stands_before_the_first_name_and_a_degree_nowhere(
    cast, last, first, names
):
    assert [one.listed_as for one in preview(["0100", last, first]).new] == [names]


def test_who_is_stored_with_a_title_or_a_degree_in_the_name_keeps_it(cast):
    Person.objects.filter(pk=cast.anna.pk).update(last_name="Dr. Ärmel", first_name="Anna M.A.")

    assert preview(["0003", "Dr. Ärmel", "Anna M.A."]).unchanged == 1
