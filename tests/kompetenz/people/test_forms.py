"""Lists of people that somebody types in: as long as an administration, and no longer."""

import pytest
from django.core.exceptions import ValidationError

from kompetenz.people import forms
from kompetenz.people.forms import PeopleField
from kompetenz.people.staff.csv_files import WIDEST, sheets_of_text


def errors_of(text):
    with pytest.raises(ValidationError) as refused:
        PeopleField().clean(text)
    return refused.value.messages


def test_of_many_unknown_people_a_page_names_the_first(cast):
    found = errors_of("\n".join(["0003", *(f"x{n}" for n in range(60))]))

    assert len(found) == 51
    assert found[0] == "Zeile 2: Zu „x0“ gibt es keine aktive Person."
    assert found[-1] == "Ebenso in 10 weiteren Zeilen."


def test_a_list_longer_than_any_administration_is_refused_before_anybody_is_looked_up(
    db, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(forms, "MOST_LINES", 3)

    with django_assert_num_queries(0):
        found = errors_of("1\n2\n3\n4")

    assert found == ["Das sind 4 Zeilen, höchstens 3 sind möglich."]


def test_of_a_row_without_end_a_beginning_is_read():
    semicolons, *_ = sheets_of_text("Nachname;" + ";" * 5_000)

    assert [len(cells) for _, cells in semicolons.head()] == [WIDEST]
