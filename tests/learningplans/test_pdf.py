"""The Lernplan on paper."""

from copy import copy

import pytest
from django.urls import reverse

from learningplans.models import LearningPlan
from tests.learningplans.making import plan_of
from tests.pdf_text import pages_of, text_of
from tests.pdf_ua import problems


@pytest.fixture
def agreed(participation):
    plan = plan_of(participation, state=LearningPlan.State.AGREED, measures=6)
    plan.reviews.filter(is_final=False).update(notes="Vertrauliches Ergebnis")
    return plan


def printed(client, plan, user):
    client.force_login(user)
    response = client.get(reverse("learningplans:pdf", args=[plan.pk]))
    assert response["Content-Type"] == "application/pdf"
    return response.content


def test_the_plan_has_four_pages_with_everything_agreed(client, cast, agreed):
    pdf = printed(client, agreed, cast.anna)
    text = text_of(pdf)

    assert problems(pdf) == []
    assert len(pages_of(pdf)) == 4
    for part in (
        "Lernplan Anna Ärmel",
        "Keine dienstliche Beurteilung",
        "Führungskraft Bernd Şahin-Žižek",
        "1. Datenkompetenz: von Kenner bis Könner",
        "Verfahren 11 selbst einrichten",
        "Maßnahme 6",
        "7.503,00 €",
        "Abschlussgespräch",
        "Lernpfad",
        "Lernen aus Interaktion: 6 von 6 Maßnahmen (100 %), 75 Stunden (100 %)",
        "Vertrauliches Ergebnis",
        "Unterschrift: Anna Ärmel",
        "Unterschrift: Bernd Şahin-Žižek",
    ):
        assert part in text


def test_the_file_is_named_after_person_and_round(client, cast, agreed):
    client.force_login(cast.anna)

    response = client.get(reverse("learningplans:pdf", args=[agreed.pk]))

    assert response["Content-Disposition"] == 'inline; filename="Lernplan-Aermel-Anna-Runde-2026.pdf"'


def test_the_file_of_a_namesake_in_the_round_has_the_number_too(client, cast, agreed):
    namesake = copy(agreed.participation)
    namesake.pk, namesake.person, namesake._state.adding = None, cast.dora, True
    namesake.save()
    client.force_login(cast.anna)

    response = client.get(reverse("learningplans:pdf", args=[agreed.pk]))

    assert response["Content-Disposition"] == 'inline; filename="Lernplan-Aermel-Anna-0003-Runde-2026.pdf"'


def test_hr_prints_measures_and_dates_without_goals_levels_and_who_accompanies_them(client, cast, agreed):
    agreed.measures.update(mentor="Dora Erfahren")
    pdf = printed(client, agreed, cast.paula)
    text = text_of(pdf)

    assert problems(pdf) == []
    assert "Maßnahme 6" in text
    assert "begleitet von Dora Erfahren" in text_of(printed(client, agreed, cast.bernd))
    for secret in ("Erfahren", "Datenkompetenz", "Verfahren", "Vertrauliches Ergebnis", "Kenner", "Kompetenzrad"):
        assert secret not in text


def test_an_empty_draft_can_be_printed_too(client, cast, participation):
    plan = LearningPlan.objects.create(participation=participation)

    text = text_of(printed(client, plan, cast.bernd))

    assert [part in text for part in ("Noch keine Ziele", "Noch keine Maßnahmen", "Noch kein Termin")] == [True] * 3
