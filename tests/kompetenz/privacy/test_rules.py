"""The one file of retention: every field of every table is in it, and what it says is what the code does."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db import models

from kompetenz import hooks
from kompetenz.people.models import Person
from kompetenz.privacy.retention.carrying_out import ERASE
from kompetenz.privacy.retention.checks import every_field_has_its_rule, periods_make_sense, problems_of
from kompetenz.privacy.rules import BY_MODEL, RULES, TABLES


def test_every_field_of_every_table_has_its_rule():
    assert [problem.msg for problem in run_checks() if problem.id.startswith("kompetenz.E01")] == []


@pytest.fixture
def another_field():
    """A field that somebody adds to the people and does not think of its end."""
    field = models.CharField("Spitzname", max_length=20)
    field.contribute_to_class(Person, "nickname")
    yield
    Person._meta.local_fields.remove(field)
    Person._meta._expire_cache()
    del Person.nickname


@pytest.mark.usefixtures("another_field")
def test_a_field_without_a_rule_fails():
    assert [problem.msg for problem in every_field_has_its_rule(None)] == [
        "people.person.nickname steht nicht im Löschkonzept."
    ]


def test_a_table_without_rules_fails():
    class Diary(models.Model):
        text = models.TextField()

        class Meta:
            app_label = "people"
            managed = False

        def __str__(self):
            return self.text

    try:
        assert [problem.id for problem in problems_of(Diary)] == ["kompetenz.E010"]
    finally:
        del apps.all_models["people"]["diary"]
        apps.clear_cache()


def test_a_field_that_is_gone_is_noticed(monkeypatch):
    table = next(one for one in TABLES if one.model == "people.lock")
    monkeypatch.setitem(table.personal, "gone", "weg")

    assert [problem.id for problem in every_field_has_its_rule(None)] == ["kompetenz.E012"]


def test_a_table_about_people_that_says_not_what_it_is_for_is_noticed(monkeypatch):
    without = replace(BY_MODEL["people.lock"], purpose="")
    monkeypatch.setitem(BY_MODEL, "people.lock", without)

    assert [problem.id for problem in every_field_has_its_rule(None)] == ["kompetenz.E016"]


def test_no_table_is_named_twice():
    assert len({table.model for table in TABLES}) == len(TABLES)


def test_every_rule_of_a_field_is_one_and_every_rule_is_used():
    used = {table.rule_of(name) for table in TABLES for name in (*table.personal, *table.signed)}
    used |= {table.rule for table in TABLES if table.rule}

    assert used - RULES.keys() == set()
    assert RULES.keys() - used - {"drafts", "plan_drafts", "peers", "access", "erasures", "notices"} == set()


def test_every_personal_table_leads_to_its_person_or_says_why_the_auskunft_does_not():
    lost = [table.model for table in TABLES if table.personal and not (table.person or table.withheld_whole)]

    assert lost == []


@pytest.mark.parametrize("table", [one for one in TABLES if one.person], ids=lambda one: one.model)
def test_the_way_from_a_row_to_its_person_is_one(table):
    if table.model.split(".")[0] not in apps.app_configs:
        pytest.skip("this installation has no directory")
    model = apps.get_model(table.model)

    assert model._default_manager.filter(**{table.person: 0}).query.where


def test_periods_are_settings_and_each_is_used():
    periods = {**settings.RETENTION_DAYS, **settings.RETENTION_MONTHS}
    used = {rule.period for rule in RULES.values() if rule.period}

    assert used - periods.keys() == set()
    assert periods.keys() - used == {"notice"}


def test_what_a_rule_says_is_done_by_is_done_every_day():
    daily = {f"{entry.__module__}.{entry.__name__}" for entry in hooks.answers("every_day")}

    assert {rule.by for rule in RULES.values() if rule.by} - daily == set()


def test_what_is_announced_can_be_carried_out():
    assert {rule.key for rule in RULES.values() if rule.announced} == ERASE.keys()


@pytest.mark.parametrize("key", [rule.key for rule in RULES.values() if rule.by and rule.period])
def test_who_tidies_reads_the_period_of_the_installation(key):
    module = import_module(RULES[key].by.rpartition(".")[0])
    kept = getattr(module, "KEPT", None)

    assert kept is None or kept.days == settings.RETENTION_DAYS[RULES[key].period]


def test_periods_that_make_no_sense_are_refused(settings):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "drafts": 0}
    settings.RETENTION_MONTHS = {**settings.RETENTION_MONTHS, "records": 12}

    assert [problem.id for problem in periods_make_sense(None)] == ["kompetenz.E014", "kompetenz.E015"]
