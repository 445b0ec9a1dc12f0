"""What HR has is had as a list, and read again it changes nothing; the list of the month after loses nothing that HR has typed in."""

from bench.lists import outcome_of, read_table
from kompetenz.jobs.models import Job
from kompetenz.people.models import Person, Unit
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.exporting import make
from kompetenz.people.staff.withholding import NOTHING
from tests.conftest import in_days
from tests.kompetenz.people.staff.lists import FULL, full_row, text

ODD = [
    ("0917", "d\u2019Ardenne", "Prof. Dr. h. c. Anne-Sophie"),
    ("917", "von der Aa", "J\u00f6rg"),
    ("A-17/3", "O'Neill", "Se\u00e1n P."),
    ("910.0", "Ende", "Michael"),
    ("93", "Anzahl", "Anna"),
    ("NN", "Vakant", "Vera"),
    ("912", "Graf von und zu \u0160imi\u0107", "Zo\u00eb"),
    ("913", "Frei", "Ohne"),
    ("1.204", "Tausend", "Theo"),
]


def test_everybody_as_a_list_read_again_changes_nothing(cast):
    units = [
        Unit.objects.create(number=number, name=name)
        for number, name in (("71", "Amt"), ("72", "Summe"), ("73", "Team 3"))
    ]
    for place, (number, last, first) in enumerate(ODD):
        Person.objects.create(
            personnel_number=number,
            last_name=last,
            first_name=first,
            unit=units[place // 2] if place < 6 and place % 2 == 0 else None,
            manager=cast.bernd if place % 3 else None,
            email=f"nr{place}@test.example" if place % 2 else None,
            leaving_date=in_days(40) if place == 2 else None,
        )
    everybody = list(Person.objects.exclude(personnel_number=None).values_list("pk", flat=True))

    _, content = make(Job(), everybody)
    found = outcome_of(content)

    assert (found.errors, found.is_asked) == (0, False)
    assert (found.preview.new, found.preview.changed, found.preview.units, found.preview.withheld) == ([], [], [], [])
    assert (found.preview.unchanged, found.preview.table.no_people) == (len(everybody), [])


def test_the_list_of_the_month_after_loses_nothing_that_hr_has_typed_in(cast):
    led = [
        Person.objects.create(
            personnel_number=f"8{n:02}",
            last_name="Viele",
            first_name=f"Nr {n}",
            manager=cast.bernd,
            email=f"v{n}@test.example",
        )
        for n in range(40)
    ]
    there = [cast.anna, *led]
    rows = [
        full_row(one, **({"E-Mail": ""} if one in led[:2] else {"Personalnummer": "9999"} if one == led[2] else {}))
        for one in there
    ]

    found = compare(read_table(text(FULL, *rows)), None, NOTHING)

    assert {(one.kind, one.entry.person) for one in found.withheld} == {("email", led[0]), ("email", led[1])}
    assert [(one.person, one.other_number) for one in found.problems if one.key == "number"] == [
        (led[2].pk, led[2].personnel_number)
    ]
    assert cast.bernd in found.missing
    assert not [one for one in found.changed if one.entry.person in led]
