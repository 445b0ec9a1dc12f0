"""Rules of the house that import-linter cannot see."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = settings.BASE_DIR
TEMPLATES = ROOT / "templates"

# What each app's templates may link to: themselves and the apps beneath. ``start`` and the account pages have no
# namespace; everybody may lead back there.
BENEATH = {
    "catalogue": {"catalogue", "people"},
    "people": {"catalogue", "people"},
    "letters": {"catalogue", "people", "letters"},
    "roles": {"catalogue", "people", "letters", "roles"},
    "assessments": {"catalogue", "people", "letters", "roles", "assessments"},
    "learningplans": {"catalogue", "people", "letters", "roles", "assessments", "learningplans"},
}
# These may link anywhere: they are the frame around all apps, look at all of them (like start.py), or belong to
# nobody; person_pages joins HR's pages about one person, which lie in two apps.
ABOVE_ALL = {
    *("base.html", "start.html", "my_data.html", "lost_session.html", "404.html", "429.html", "500.html"),
    *("account", "pages", "demo", "_partials", "django"),
}
DOCUMENTS = "documents"  # on paper there are no links
EMAILS = "emails"  # their one link is in the letter, and their styles go with them: no file of ours does


def our(label):
    return label in BENEATH


def templates():
    return sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))


def view_modules():
    patterns = [
        "*/views.py",
        "*/views/*.py",
        "kompetenz/*/views.py",
        "kompetenz/*/views/*.py",
        "kompetenz/*/*/views.py",
    ]
    return [ROOT / "kompetenz" / "start.py", *(path for pattern in patterns for path in ROOT.glob(pattern))]


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def foreign_keys_across_apps():
    return [
        field
        for model in apps.get_models(include_auto_created=False)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.remote_field
        and our(model._meta.app_label)
        and our(field.related_model._meta.app_label)
        and model._meta.app_label != field.related_model._meta.app_label
        and field.remote_field.parent_link is False
    ]


def test_a_lower_app_does_not_see_the_one_above_through_a_foreign_key():
    fields = foreign_keys_across_apps()

    # Django turns the "+" of a many-to-many field into a hidden name of its own that ends the same way
    seen_from_below = [str(field) for field in fields if not field.remote_field.related_name.endswith("+")]
    assert len(fields) > 10
    assert seen_from_below == []


def test_every_template_belongs_to_an_app_or_is_above_all():
    assert {path.parts[0] for path in templates()} <= {*BENEATH, *ABOVE_ALL, DOCUMENTS, EMAILS}


@pytest.mark.parametrize("app", BENEATH)
def test_templates_of_an_app_link_to_no_app_above(app):
    linked = {
        (str(path), namespace)
        for path in templates()
        if path.parts[0] == app
        for namespace in re.findall(r"{%\s*url\s+[\"'](\w+):", (TEMPLATES / path).read_text())
    }

    assert {(path, namespace) for path, namespace in linked if namespace not in BENEATH[app]} == set()


def test_documents_link_nowhere():
    assert [p for p in templates() if p.parts[0] == DOCUMENTS and "{% url" in (TEMPLATES / p).read_text()] == []


INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "event handler": r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=",
    "script": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "javascript address": r"javascript:",
    "address elsewhere": r"(?:src|href)=\"(?:https?:)?//",
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_needs_more_than_the_policy_allows(what):
    ours = [*TEMPLATES.rglob("*.html"), *ROOT.glob("kompetenz/*/templates/**/*.html")]
    if what == "style attribute":
        ours = [path for path in ours if path.parent != TEMPLATES / EMAILS]
    found = [str(p.relative_to(ROOT)) for p in ours if re.search(INLINE[what], p.read_text(), re.IGNORECASE)]

    # the paper's and the authorities' addresses on the pages of information are links to read, nothing that is loaded
    assert [path for path in found if what != "address elsewhere" or not path.startswith("templates/pages/")] == []


def functions(path):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def test_no_view_is_longer_than_a_screen():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length
        for path in view_modules()
        for node in functions(path)
        if (length := node.end_lineno - node.lineno + 1) > 25
    }

    assert {"kompetenz/people/views.py", "kompetenz/people/staff/views.py", "assessments/views/talking.py"} <= set(
        names(view_modules())
    )
    assert long == {}


@pytest.mark.parametrize("path", view_modules(), ids=names(view_modules()))
def test_a_view_asks_for_what_its_user_may_see(path):
    calls = re.findall(r"objects\.(?:all|get|values|values_list)\(", Path(path).read_text())

    assert calls == []


def test_every_queryset_of_people_and_their_data_can_say_who_sees_it():
    spoken = {
        model.__name__
        for model in apps.get_models()
        if our(model._meta.app_label) and hasattr(model.objects.none(), "visible_to")
    }

    assert {"Participation", "Assessment", "Talk", "LearningPlan", "RoleProfile"} <= spoken


def test_no_module_is_called_after_nothing():
    nothing = {"utils.py", "helpers.py", "services.py", "signals.py"}
    ours = [path for app in ("kompetenz", *BENEATH) for path in (ROOT / app).rglob("*.py") if (ROOT / app).exists()]

    assert [str(path) for path in ours if path.name in nothing] == []
