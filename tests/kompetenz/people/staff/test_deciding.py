"""One answer for all rows of a cause: without what stands there, the same person, somebody else, a further contract."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy

from kompetenz.people.models import FurtherNumber, Person
from kompetenz.people.own_reach import NUMBER
from kompetenz.people.staff.causes import LOWER, OTHER, SAME, SECOND, UNTOLD, UPPER
from kompetenz.people.staff.checks import OF_ANOTHER, TAKEN
from kompetenz.people.staff.managers import ONLY_A_SURNAME
from kompetenz.people.staff.namesakes import ALIKE, CHANGED, FURTHER, HAD_LEFT, NAMESAKE, RENAMED
from tests.clock import in_days
from tests.kompetenz.people.staff.lists import FULL, full_row, text

UPLOAD, PREVIEW, DECIDE = (reverse_lazy(f"people:staff_{page}") for page in ("import", "preview", "decide"))
MAILED = FULL[:4]


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def previewed(client, *rows, header=MAILED):
    client.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text(header, *rows))})
    return client.get(PREVIEW).context["preview"]


def asked(told):
    return {cause["title"]: [how for how, _ in cause["answers"]] for cause in told["causes"]}


def answer(client, told, how, place=0):
    cause = told["causes"][place]
    client.post(DECIDE, {"key": cause["example"]["key"], "title": cause["title"], "how": how})
    return client.get(PREVIEW).context["preview"]


def confirm(client, told):
    client.post(PREVIEW, {"read": told["stamp"]})


def test_somebody_with_a_new_number_stays_who_they_are(hr, cast):
    told = previewed(hr, ["9003", "Ärmel", "Anna", cast.anna.email])
    decided = answer(hr, told, SAME)
    confirm(hr, decided)

    assert (asked(told), decided["causes"]) == ({CHANGED: [SAME]}, [])
    anna = Person.objects.get(pk=cast.anna.pk)
    assert (anna.personnel_number, Person.objects.filter(last_name="Ärmel").count()) == ("9003", 1)


def test_somebody_with_a_new_number_and_a_new_surname_stays_who_they_are_if_hr_says_so(hr, cast):
    told = previewed(hr, ["9003", "Neuname", "Anna", cast.anna.email])
    decided = answer(hr, told, SAME)
    confirm(hr, decided)

    assert (asked(told), decided["causes"]) == ({RENAMED: [SAME, OTHER]}, [])
    assert "in der Liste steht dabei Anna Neuname mit der Nummer 9003" in told["causes"][0]["example"]["reason"]
    anna = Person.objects.get(pk=cast.anna.pk)
    assert (anna.personnel_number, str(anna), anna.email) == ("9003", "Anna Neuname", cast.anna.email)


def test_somebody_else_with_the_address_is_taken_up_without_it(hr, cast):
    told = answer(hr, previewed(hr, ["9003", "Neuname", "Anna", cast.anna.email]), OTHER)
    confirm(hr, answer(hr, told, UNTOLD))

    assert asked(told) == {TAKEN: [UNTOLD]}
    assert Person.objects.filter(last_name="Neuname").values_list("email", flat=True).get() is None
    assert Person.objects.get(pk=cast.anna.pk).personnel_number == "0003"


@pytest.mark.parametrize("first", ["Berta", "Clara"])
def test_an_address_alone_makes_nobody_the_same_person(hr, cast, first):
    told = previewed(hr, ["9003", "Neuname", first, cast.anna.email])

    assert asked(told) == {TAKEN: [UNTOLD]}


def test_who_has_left_is_nobody_with_their_address_and_first_name(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-1))

    told = previewed(hr, ["9003", "Neuname", "Anna", cast.anna.email])

    assert asked(told) == {TAKEN: [UNTOLD]}


def test_who_has_the_name_alone_is_the_same_or_somebody_else_as_hr_says(hr, cast):
    rows = ["9003", "Armel", "ANNA", ""], ["9004", "Özgür", "Dora", "andere@test.example"]
    told = previewed(hr, *rows)

    assert asked(told) == {NAMESAKE: [SAME, OTHER]}
    assert (
        "Anna Ärmel (0003, 10.1 Digitalisierung) hatte bisher die Nummer 0003" in told["causes"][0]["example"]["reason"]
    )
    decided = answer(hr, told, OTHER)
    confirm(hr, decided)
    assert (decided["numbers"]["neu"], Person.objects.filter(last_name="Özgür").count()) == (2, 2)
    assert Person.objects.get(pk=cast.anna.pk).personnel_number == "0003"


def test_who_stands_in_the_list_themselves_is_nobodys_question(hr, cast):
    told = previewed(hr, full_row(cast.anna)[:4], ["9003", "Ärmel", "Anna", "zweite@test.example"])

    assert (told["causes"], told["numbers"]["neu"]) == ([], 1)


BACK = {"same": (1, 1), "other": (2, 0)}  # people of the name, and who of them stands there with all that is stored


@pytest.mark.parametrize("how", BACK)
@pytest.mark.parametrize("day", [None, "", "later"])
def test_who_has_left_comes_back_under_another_number_or_is_somebody_else_as_hr_says(hr, cast, how, day):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-30))
    said = [] if day is None else [f"{in_days(300):%d.%m.%Y}" if day else ""]
    header = MAILED if day is None else [*MAILED, "Austritt"]
    told = previewed(hr, ["9003", "Ärmel", "Anna", "", *said], header=header)

    confirm(hr, answer(hr, told, how))

    anna = Person.objects.get(pk=cast.anna.pk)
    assert asked(told) == {HAD_LEFT: [SAME, OTHER]}
    assert Person.objects.filter(last_name="Ärmel").count() == BACK[how][0]
    assert (anna.is_employed, anna.personnel_number == "9003") == (how == SAME, how == SAME)


def test_who_comes_back_with_another_name_and_address_is_the_same_person_if_hr_says_so(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-30))
    told = previewed(hr, ["0003", "Neuname", "Annegret", "neu@test.example"])

    confirm(hr, answer(hr, told, SAME))

    anna = Person.objects.get(pk=cast.anna.pk)
    assert asked(told) == {OF_ANOTHER: [SAME]}
    assert (str(anna), anna.email, anna.is_employed) == ("Annegret Neuname", "neu@test.example", True)


def test_a_number_of_somebody_who_is_here_is_not_given_to_another_by_an_answer(hr, cast):
    assert asked(previewed(hr, ["0003", "Neuname", "Berta", "neu@test.example"])) == {OF_ANOTHER: []}


def test_who_has_left_by_the_list_and_stands_in_it_is_nobodys_question(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=in_days(-30))
    gone = f"{in_days(-3):%d.%m.%Y}"

    told = previewed(hr, ["9003", "Ärmel", "Anna", "", gone], header=[*MAILED, "Austritt"])
    both = previewed(hr, ["9003", "Ärmel", "Anna", "neu@test.example"], full_row(cast.anna)[:4])

    assert (told["causes"], both["causes"]) == ([], [])


def test_an_address_of_somebody_called_otherwise_decides_nothing(hr, cast):
    told = previewed(hr, ["9003", "Ärmel", "Anna", cast.dora.email])

    assert asked(told) == {"Die E-Mail-Adresse gehört schon jemand anderem.": [UNTOLD]}


def test_a_further_contract_is_left_out_and_known_the_next_time(hr, cast):
    rows = [full_row(cast.anna)[:4], ["9003", "Ärmel", "Anna", cast.anna.email]]
    told = previewed(hr, *rows, ["9100", "Neu", "Nora", "n@test.example"], ["9101", "Neu", "Nora", "n@test.example"])
    first = answer(hr, told, SECOND)
    confirm(hr, first)
    again = previewed(hr, *rows)
    moved = previewed(hr, rows[1])

    assert {title: answers[0] for title, answers in asked(told).items()} == {FURTHER: SECOND}
    [hint] = [hint for hint in first["hints"] if hint.startswith("Weitere Verträge")]
    assert hint == "Weitere Verträge, deren Zeilen weggelassen werden: Anna Ärmel (9003), Nora Neu (9101)."
    assert dict(FurtherNumber.objects.values_list("number", "person__personnel_number"))["9003"] == "0003"
    assert (again["causes"], again["numbers"]["neu"], again["numbers"]["geaendert"]) == ([], 0, 0)
    assert asked(moved) == {CHANGED: [SAME]}


def test_whose_own_number_was_once_of_anothers_further_contract_is_not_missing(hr, cast):
    FurtherNumber.objects.create(number="9003", person=cast.anna)
    Person.objects.filter(pk=cast.dora.pk).update(personnel_number="9003")

    told = previewed(hr, full_row(cast.anna)[:4], ["9003", "Anders", "Dora", cast.dora.email])

    assert (told["numbers"]["geaendert"], told["missing"]) == (1, 3)  # bernd, clara, fremd


def test_rows_are_taken_over_without_what_stands_in_one_column(hr, cast):
    header = [*MAILED, "Führungskraft", "Rolle"]
    rows = [["9100", "Neu", "Nora", "", "999", "Häuptling"], [*full_row(cast.anna)[:4], "999", ""]]
    told = previewed(hr, *rows, header=header)
    decided = answer(hr, answer(hr, told, UNTOLD), UNTOLD)
    confirm(hr, decided)

    assert [cause["count"] for cause in told["causes"]] == [2, 1]
    assert (decided["causes"], decided["numbers"]["neu"]) == ([], 1)
    assert Person.objects.get(personnel_number="9100").manager is None
    assert Person.objects.get(pk=cast.anna.pk).manager == cast.bernd


@pytest.mark.parametrize(
    "forged",
    [
        {"key": "number", "title": "Nachname fehlt.", "how": SAME},
        {"key": "last_name", "title": "Nachname fehlt.", "how": UNTOLD},
        {"key": "last_name", "title": "Nachname fehlt.", "how": "alles"},
        {},
    ],
)
def test_what_is_no_answer_to_this_list_decides_nothing(hr, cast, forged):
    told = previewed(hr, ["9003", "", "Anna", ""])
    hr.post(DECIDE, forged)

    assert hr.get(PREVIEW).context["preview"]["causes"] == told["causes"]


def test_nobody_gives_themselves_a_number_by_such_an_answer(hr, cast):
    told = previewed(hr, ["9005", "Personal", "Paula", cast.paula.email])
    decided = answer(hr, told, SAME)

    assert asked(told) == {CHANGED: [SAME]}
    assert decided["causes"][0]["example"]["reason"].startswith(NUMBER)


def test_without_a_list_there_is_nothing_to_decide(hr):
    assert hr.post(DECIDE, {"key": "", "title": "x", "how": SAME}, follow=True).request["PATH_INFO"] == UPLOAD


MANAGED = [*FULL[:3], "Führungskraft"]


def test_zeros_that_a_list_has_lost_are_put_back_for_all_of_a_cause_as_hr_says(hr, cast):
    told = previewed(hr, ["3", "Ärmel", "Anna", "2"], ["4", "Özgür", "Dora", "2"], header=MANAGED)
    decided = answer(hr, answer(hr, told, SAME), SAME)
    confirm(hr, decided)

    assert [answers[0] for answers in asked(told).values()] == [SAME, SAME]
    assert (decided["causes"], decided["numbers"]["neu"], decided["unchanged"]) == ([], 0, 2)
    assert Person.objects.get(pk=cast.anna.pk).personnel_number == "0003"


def test_a_number_without_its_zeros_beside_another_name_is_nobodys_to_say(hr, cast):
    told = previewed(hr, ["3", "Neumann", "Frida", ""])

    assert list(asked(told).values()) == [[]]


def instead(client, told, typed, value, place=0):
    cause = told["causes"][place]
    sent = {"key": cause["example"]["key"], "title": cause["title"], "how": "instead", "value": value, "instead": typed}
    page = client.post(DECIDE, sent, follow=True)
    return page.context["preview"], [str(one) for one in page.context["messages"]]


def test_another_value_counts_in_all_rows_of_a_cause_where_the_wrong_one_stands(hr, cast):
    rows = [[f"010{n}", "Neu", "Nora", "999" if n < 3 else "888"] for n in range(4)]
    told = previewed(hr, *rows, header=MANAGED)
    one, said = instead(hr, told, cast.bernd.email, "999")
    both, _ = instead(hr, one, "0101", "888")
    confirm(hr, both)

    assert (told["wrong"], one["wrong"], both["wrong"]) == (4, 1, 0)
    assert told["causes"][0]["takes_another"]
    assert said == ["Stattdessen gilt: für 3 Zeilen vermerkt."]
    new = Person.objects.filter(personnel_number__startswith="010").order_by("personnel_number")
    assert [one.manager.personnel_number for one in new] == ["0002"] * 3 + ["0101"]


def test_a_role_or_a_day_is_answered_so_too_and_a_number_is_not(hr, cast):
    told = previewed(hr, ["0100", "Neu", "Nora", "Lotse"], ["", "Neu", "Nils", ""], header=[*FULL[:3], "Rolle"])
    after, _ = instead(hr, told, "Digitallotse", "Lotse")

    assert [cause["takes_another"] for cause in told["causes"]] == [True, False]
    assert [cause["column"] for cause in after["causes"]] == ["Personalnummer"]


@pytest.mark.parametrize(("typed", "reason"), [("777", "„777“ passt auch nicht."), ("", "was stattdessen gilt")])
def test_what_is_wrong_too_is_said_and_not_noted(hr, typed, reason):
    told = previewed(hr, ["0100", "Neu", "Nora", "999"], header=MANAGED)
    after, said = instead(hr, told, typed, "999")

    assert (after["causes"], len(said)) == (told["causes"], 1)
    assert reason in said[0]


def test_what_counts_instead_is_looked_for_as_everywhere(hr, cast):
    header = [*FULL[:3], "Führungskraft", "Rolle", "Austritt", "OE-Nr."]
    told = previewed(hr, ["0100", "Neu", "Nora", "999", "Lotse", "demnächst", "99"], header=header)
    fields = {cause["column"]: str(form["instead"]) for cause, form in hr.get(PREVIEW).context["causes"]}
    people = reverse("people:find_person"), reverse("people:find_unit")
    place = next(place for place, cause in enumerate(told["causes"]) if cause["column"].startswith("Führungskraft"))
    cause = told["causes"][place]
    sent = {"key": "manager", "title": cause["title"], "how": "instead", "value": "999", "instead": "Bernd"}
    after = hr.post(DECIDE, sent | {"instead_choice": cast.bernd.pk}, follow=True).context["preview"]

    found = hr.get(people[0], {"feld": "instead", "an": "x", "instead": "bern"}, headers={"HX-Request": "true"}).text
    assert f'hx-get="{people[0]}?feld=instead' in fields["Führungskraft (Personalnummer)"]
    assert f'hx-get="{people[1]}?feld=instead' in fields["Organisationseinheit-Nr."]
    assert '<option value="Führungskraft">' in fields["Rollenprofil"]
    assert 'type="date"' in fields["Austritt"]
    assert re.findall(r'name="instead_choice" value="(\d+)" id="x-vorschlag-\d+"', found) == [str(cast.bernd.pk)]
    assert "Führungskraft (Personalnummer)" not in {one["column"] for one in after["causes"]}


def test_a_unit_that_is_chosen_counts_by_its_number(hr, cast):
    told = previewed(hr, ["0100", "Neu", "Nora", "99"], header=[*FULL[:3], "OE-Nr."])
    sent = {"key": "unit_number", "title": told["causes"][0]["title"], "how": "instead", "value": "99"}
    after = hr.post(DECIDE, sent | {"instead": "", "instead_choice": str(cast.anna.unit)}, follow=True)

    assert after.context["preview"]["causes"] == []


def test_a_value_that_stands_nowhere_changes_nothing(hr):
    told = previewed(hr, ["0100", "Neu", "Nora", "999"], header=MANAGED)

    assert instead(hr, told, "0001", "888")[0]["causes"] == told["causes"]


UNITED = [*MAILED[:3], "Führungskraft"]


def test_of_two_rows_with_one_number_hr_says_which_counts(hr, cast):
    rows = ["0100", "Neu", "Nora", "0001"], ["0100", "Neu", "Dr. Nora", "0002"], ["0100", "Neu", "Nora", "0003"]
    told = previewed(hr, *rows, header=UNITED)
    upper = answer(hr, told, UPPER)
    lower = answer(hr, previewed(hr, *rows, header=UNITED), LOWER)
    confirm(hr, lower)

    assert list(asked(told).values()) == [[UPPER, LOWER]]
    assert told["causes"][0]["example"]["reason"] == (
        "Die Personalnummer 0100 steht schon in A2. Dort steht Vorname „Nora“, Führungskraft „0001“, hier Vorname „Dr. Nora“, "
        "Führungskraft „0002“. Welche Zeile gilt?"
    )
    assert (upper["causes"], upper["numbers"]["neu"]) == ([], 1)
    assert "Zeilen, statt derer eine andere mit derselben Personalnummer gilt: Zeile 3, Zeile 4." in upper["hints"]
    assert Person.objects.get(personnel_number="0100").manager.personnel_number == "0003"


def test_what_is_wrong_with_a_row_that_does_not_count_is_nobodys_concern(hr, cast):
    told = previewed(hr, ["0100", "Neu", "Nora", "0001"], ["0100", "Neu", "Nora", "999"], header=UNITED)
    place = next(place for place, one in enumerate(told["causes"]) if one["answers"][0][0] == UPPER)

    assert (len(told["causes"]), answer(hr, told, UPPER, place)["causes"]) == (2, [])


def test_a_number_of_two_people_is_nobodys_to_say(hr, cast):
    told = previewed(hr, ["0100", "Neu", "Nora", ""], ["0100", "Alt", "Nils", ""], header=UNITED)

    assert asked(told) == {"Eine Personalnummer steht bei zwei verschiedenen Namen.": []}


def test_a_surname_alone_leads_nobody_to_people_until_hr_says_that_the_only_one_is_meant(hr, cast):
    header = [*MAILED, "Führungskraft"]
    rows = [
        ["9001", "Neu", "Nora", "nora@test.example", cast.bernd.last_name],
        ["9002", "Neu", "Nick", "nick@test.example", f"Herr {cast.bernd.last_name}"],
    ]
    told = previewed(hr, *rows, header=header)
    decided = answer(hr, told, SAME)
    confirm(hr, decided)

    assert asked(told) == {ONLY_A_SURNAME: [SAME, UNTOLD]}
    assert f"({cast.bernd.personnel_number})" in told["causes"][0]["example"]["reason"]
    assert set(Person.objects.filter(last_name="Neu").values_list("manager", flat=True)) == {cast.bernd.pk}


def test_a_surname_of_two_is_nobodys(hr, cast):
    Person.objects.create(personnel_number="9100", last_name=cast.bernd.last_name, first_name="Zwilling")
    row = ["9001", "Neu", "Nora", "nora@test.example", cast.bernd.last_name]

    told = previewed(hr, row, header=[*MAILED, "Führungskraft"])

    assert [SAME] not in asked(told).values()
    assert "heißt niemand" in told["causes"][0]["example"]["reason"]


def test_a_backslash_in_what_names_a_manager_is_a_letter(hr, cast):
    named = f"{cast.bernd.last_name}, {cast.bernd.first_name}\\e, Kreistag"
    told = previewed(hr, ["9001", "Neu", "Nora", "nora@test.example", named], header=[*MAILED, "Führungskraft"])

    assert "heißt niemand" in told["causes"][0]["example"]["reason"]


def test_a_unit_that_nobody_knows_is_wrong_in_all_its_rows_and_answered_in_all_of_them(hr, cast):
    rows = [[f"90{n:02}", "Neu", f"N {n}", f"n{n}@test.example", "77" if n % 2 else "78"] for n in range(6)]
    told = previewed(hr, *rows, header=[*MAILED, "OE-Nr."])
    decided = answer(hr, told, UNTOLD)

    assert [(cause["count"], told["wrong"]) for cause in told["causes"]] == [(6, 6)]
    assert (decided["causes"], decided["good"]) == ([], 6)


def test_so_is_one_above_that_nobody_knows(hr, cast):
    header = [*MAILED, "OE-Nr.", "OE-Bezeichnung", "Übergeordnete OE"]
    rows = [[f"90{n:02}", "Neu", f"N {n}", f"n{n}@test.example", "77", "Neues Amt", "7"] for n in range(3)]
    told = previewed(hr, *rows, header=header)
    decided = answer(hr, told, UNTOLD)

    assert [cause["count"] for cause in told["causes"]] == [3]
    assert decided["causes"] == []


@pytest.mark.parametrize(("how", "people"), [(SECOND, 1), (OTHER, 2)])
def test_what_hr_says_of_a_row_without_an_address_is_done(hr, cast, how, people):
    header, unit = [*MAILED, "OE-Nr."], cast.anna.unit.number
    own = [cast.anna.personnel_number, "Ärmel", "Anna", cast.anna.email, unit]
    told = previewed(hr, own, ["9003", "Ärmel", "Anna", "", unit], header=header)

    confirm(hr, answer(hr, told, how))

    assert asked(told) == {ALIKE: [SECOND, OTHER]}
    assert Person.objects.filter(last_name="Ärmel").count() == people


@pytest.mark.parametrize("change", [{3: "andere@test.example"}, {4: "77", 5: "Anderes Amt"}])
def test_a_namesake_with_an_address_or_in_another_unit_is_somebody_else(hr, cast, change):
    header = [*MAILED, "OE-Nr.", "OE-Bezeichnung"]
    unit = cast.anna.unit
    own = [cast.anna.personnel_number, "Ärmel", "Anna", cast.anna.email, unit.number, unit.name]
    again = ["9003", "Ärmel", "Anna", "", unit.number, unit.name]
    for place, value in change.items():
        again[place] = value

    assert asked(previewed(hr, own, again, header=header)) == {}
