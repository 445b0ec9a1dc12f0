"""The reference data can be loaded again and again."""

import pytest
from django.apps import apps
from django.core.management import call_command

from kompetenz.catalogue.models import Category, Competency, LevelAnchor
from learningplans.models import LearningFormat
from roles.models import Requirement, RoleProfile

LOADED = [Category, Competency, LevelAnchor, RoleProfile, Requirement, LearningFormat]


def counts():
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in {"catalogue", "roles", "learningplans"}
    }


def test_loading_twice_is_loading_once(cast):
    before = counts()

    call_command("loaddata", "catalogue", "roles", "formats", verbosity=0)

    assert counts() == before
    assert (Category.objects.count(), Competency.objects.count(), LevelAnchor.objects.count()) == (4, 25, 75)
    assert Requirement.objects.filter(profile__is_builtin=True).count() == 25 * RoleProfile.objects.count()


@pytest.mark.parametrize("model", LOADED)
def test_loading_again_brings_back_what_was_changed_and_keeps_what_is_new(cast, model):
    row = model.objects.first()
    pk, text = row.pk, "changed by somebody"
    field = {LevelAnchor: "text", Requirement: "ground"}.get(model, "name")
    before = getattr(row, field)
    model.objects.filter(pk=pk).update(**{field: text[:7]})

    call_command("loaddata", "catalogue", "roles", "formats", verbosity=0)

    assert getattr(model.objects.get(pk=pk), field) == before
