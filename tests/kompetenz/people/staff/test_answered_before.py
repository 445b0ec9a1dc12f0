"""What HR has answered for one list counts for the next in which the same stands."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from kompetenz.people.models import Deputy, ListAnswer, Person
from kompetenz.people.staff import answered_before
from kompetenz.people.staff.causes import INSTEAD, LOWER, SAME, UNTOLD, UPPER
from kompetenz.people.staff.checks import TWICE
from kompetenz.people.staff.entries import TWICE as ONE_NUMBER
from kompetenz.people.staff.managers import ONLY_A_SURNAME
from tests.clock import NOW, TODAY
from tests.kompetenz.people.staff.lists import text
from tests.kompetenz.people.staff.test_deciding import MAILED, PREVIEW, answer, asked, confirm, hr, previewed

__all__ = ["hr"]
TEAM = ["9001", "Berg", "Bo", "team@test.example"], ["9002", "Tal", "Tim", "team@test.example"]
LED = [*MAILED, "Führungskraft"]


def hinted(told):
    return next((hint for hint in told["hints"] if "früheren Liste" in hint), "")


@pytest.fixture
def answered(hr):
    """The client of HR, who has taken over a list with a shared mailbox."""
    confirm(hr, answer(hr, previewed(hr, *TEAM), UNTOLD))
    return hr


def test_a_shared_mailbox_is_asked_about_once(answered):
    again = previewed(answered, *TEAM)

    assert (again["causes"], again["unchanged"]) == ([], 2)
    assert hinted(again) == (
        "Beantwortet wie bei einer früheren Liste: E-Mail „team@test.example“: Ohne diese Angabe übernehmen (2 Zeilen)."
    )


def test_what_no_list_has_needed_for_long_is_forgotten(answered):
    long_ago = NOW - answered_before.KEPT - timedelta(hours=1)
    ListAnswer.objects.update(said_at=long_ago)
    confirm(answered, previewed(answered, *TEAM, ["9003", "Au", "Uta", "team@test.example"]))
    needed = answered_before.forget_unused_answers(TODAY), ListAnswer.objects.count()
    ListAnswer.objects.update(said_at=long_ago)

    assert needed == (None, 1)
    assert answered_before.forget_unused_answers(TODAY) == "Gemerkte Antworten zu Personallisten gelöscht: 1."
    assert not ListAnswer.objects.exists()


def test_an_answer_counts_once_the_list_is_taken_over(hr):
    answer(hr, previewed(hr, *TEAM), UNTOLD)

    assert asked(previewed(hr, *TEAM)) == {TWICE: [UNTOLD]}


def test_somebody_new_in_the_team_has_the_mailbox_of_all(answered):
    again = previewed(answered, *TEAM, ["9003", "Au", "Uta", "team@test.example"])

    assert (again["causes"], again["numbers"]["neu"]) == ([], 1)


def test_another_mailbox_is_another_question(answered):
    rows = [[*row[:3], "andere@test.example"] for row in TEAM]

    assert asked(previewed(answered, *rows)) == {TWICE: [UNTOLD]}


def test_hr_can_be_asked_again(answered):
    previewed(answered, *TEAM)
    answered.post(reverse("people:staff_decide"), {"neu_fragen": "1"})
    told = answered.get(PREVIEW).context["preview"]

    assert (asked(told), hinted(told)) == ({TWICE: [UNTOLD]}, "")


def test_what_hr_has_said_since_stays_when_asked_again(answered):
    rows = *TEAM, ["9004", "VAng Fels", "Ina", ""]
    answer(answered, previewed(answered, *rows), "bare")
    answered.post(reverse("people:staff_decide"), {"neu_fragen": "1"})

    assert asked(answered.get(PREVIEW).context["preview"]) == {TWICE: [UNTOLD]}


def test_which_row_hr_has_chosen_since_stays_when_asked_again_about_its_manager(hr, cast):
    row = ["9001", "Berg", "Bo", "", "Stab"]
    confirm(hr, instead(hr, previewed(hr, row, header=LED), "Stab", cast.anna.personnel_number))
    answer(hr, previewed(hr, row, [*row[:3], "bo@test.example", "Stab"], header=LED), UPPER)
    hr.post(reverse("people:staff_decide"), {"neu_fragen": "1"})
    told = hr.get(PREVIEW).context["preview"]

    assert [cause["example"]["key"] for cause in told["causes"]] == ["manager"]


def test_by_night_too_what_hr_has_answered_counts(answered, tmp_path, capsys):
    file = tmp_path / "liste.csv"
    file.write_bytes(text(MAILED, *TEAM, ["9003", "Au", "Uta", "team@test.example"]))
    call_command("import_staff", str(file), "--apply")

    assert "Hinweis: Beantwortet wie bei einer früheren Liste" in capsys.readouterr().out
    assert Person.objects.get(personnel_number="9003").email is None


def instead(client, told, value, other):
    cause = told["causes"][0]
    said = {"key": cause["example"]["key"], "title": cause["title"], "how": INSTEAD, "value": value, "instead": other}
    client.post(reverse("people:staff_decide"), said)
    return client.get(PREVIEW).context["preview"]


def test_who_is_meant_instead_is_remembered_and_asked_for_once_they_have_gone(hr, cast):
    row = ["9001", "Berg", "Bo", "", "Chefin vom Dienst"]
    told = previewed(hr, row, header=LED)
    confirm(hr, instead(hr, told, "Chefin vom Dienst", cast.anna.personnel_number))
    stored = ListAnswer.objects.get()
    again = previewed(hr, [*row[:1], "Bergmann", *row[2:]], header=LED)

    assert (stored.person, stored.instead, "Chefin" in str(vars(stored))) == (cast.anna, "", False)
    assert (again["causes"], hinted(again)) == (
        [],
        "Beantwortet wie bei einer früheren Liste: Führungskraft „Chefin vom Dienst“: 0003 (1 Zeile).",
    )
    cast.anna.delete()
    assert len(previewed(hr, row, header=LED)["causes"]) == 1


@pytest.mark.parametrize(
    ("who", "deputy", "counts"), [("clara", "fremd", True), ("clara", "paula", False), ("paula", "", False)]
)
def test_by_night_no_answer_lets_somebody_of_hr_in(hr, cast, tmp_path, who, deputy, counts):
    """Whoever names themselves has nothing of it in their own list, and none of it in the one that nobody looks at."""
    if deputy:
        Deputy.objects.create(manager=cast.clara, person=getattr(cast, deputy), since=TODAY, until=TODAY)
    meant = getattr(cast, who)
    rows = ["0003", "Ärmel", "Anna", cast.anna.email, "Stab"], ["9002", "Tal", "Tim", "", ""]
    confirm(hr, instead(hr, previewed(hr, *rows, header=LED), "Stab", meant.personnel_number))
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.bernd)
    file = tmp_path / "liste.csv"
    file.write_bytes(text(LED, *rows))
    call_command("import_staff", str(file), "--apply", "--only-good")

    assert ListAnswer.objects.get().person == meant
    assert Person.objects.get(pk=cast.anna.pk).manager == (meant if counts else cast.bernd)


def test_what_counts_instead_and_does_not_fit_any_more_is_asked(hr, cast):
    header, row = [*MAILED, "OE-Nr."], ["9001", "Berg", "Bo", "", "9.9"]
    confirm(hr, instead(hr, previewed(hr, row, header=header), "9.9", cast.anna.unit.number))
    ListAnswer.objects.update(instead="99.99")
    again = previewed(hr, row, header=header)

    assert (len(again["causes"]), hinted(again)) == (1, "")


def test_a_manager_by_the_surname_alone_is_asked_about_once(hr, cast):
    row = ["9001", "Berg", "Bo", "", "Özgür"]
    told = previewed(hr, row, header=LED)
    confirm(hr, answer(hr, told, SAME))

    again = previewed(hr, row, header=LED)

    assert SAME in asked(told)[ONLY_A_SURNAME]
    assert (again["causes"], hinted(again)) == (
        [],
        "Beantwortet wie bei einer früheren Liste: Führungskraft „Özgür“: 0004 (1 Zeile).",
    )
    assert ListAnswer.objects.get().person == cast.dora


def test_whether_a_surname_means_somebody_else_by_now_is_asked(hr, cast):
    row = ["9001", "Berg", "Bo", "", "Özgür"]
    confirm(hr, answer(hr, previewed(hr, row, header=LED), SAME))
    cast.dora.last_name = "Öz"
    cast.dora.save()
    again = previewed(hr, row, ["9007", "Özgür", "Zoe", "zoe@test.example", ""], header=LED)

    assert (list(asked(again)), hinted(again)) == ([ONLY_A_SURNAME], "")


@pytest.mark.parametrize(("how", "unit"), [(UPPER, "10"), (LOWER, "10.1")])
def test_which_of_two_rows_counts_is_asked_once_while_they_say_the_same(hr, cast, how, unit):
    header = [*MAILED, "OE-Nr."]
    rows = [["9001", "Berg", "Bo", "", one] for one in ("10", "10.1")]
    told = previewed(hr, *rows, header=header)
    confirm(hr, answer(hr, told, how))
    again = previewed(hr, *rows, header=header)

    assert asked(told) == {ONE_NUMBER: [UPPER, LOWER]}
    assert Person.objects.get(personnel_number="9001").unit.number == unit
    assert (again["causes"], again["unchanged"]) == ([], 1)
    rows[1][3] = "bo@test.example"
    assert asked(previewed(hr, *rows, header=header)) == {ONE_NUMBER: [UPPER, LOWER]}


def test_who_somebody_is_under_another_number_is_no_answer_for_the_next_list(hr, cast):
    confirm(hr, answer(hr, previewed(hr, ["9003", "Ärmel", "Anna", cast.anna.email]), SAME))

    assert not ListAnswer.objects.exists()


def test_a_long_list_remembers_too(hr, run_jobs):
    rows = [[f"8{place:03}", f"Name{chr(97 + place % 26)}", f"Vor{chr(97 + place // 26)}", ""] for place in range(60)]
    told = answer(hr, previewed(hr, *rows, *TEAM), UNTOLD)
    confirm(hr, told)
    run_jobs()

    assert ListAnswer.objects.count() == 1
