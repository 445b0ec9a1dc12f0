"""Rules of the house that import-linter cannot see."""

import ast
import inspect
import re
import tomllib
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.urls import URLResolver, get_resolver

ROOT = settings.BASE_DIR
TEMPLATES = ROOT / "templates"
PACKAGES = ("kompetenz", "roles", "assessments", "learningplans")

# What each app's templates may link to: themselves and the apps beneath. ``start`` and the account pages have no
# namespace; everybody may lead back there.
BENEATH = {
    "access_log": set(),
    "audit": {"audit", "privacy", "papers"},  # no app of its own: pages about the tables of others
    "jobs": {"jobs"},
    "catalogue": {"jobs", "catalogue", "people"},
    "people": {"jobs", "catalogue", "people"},
    "letters": {"jobs", "catalogue", "people", "letters"},
    "roles": {"jobs", "catalogue", "people", "letters", "roles"},
    "assessments": {"jobs", "catalogue", "people", "letters", "roles", "assessments"},
    "learningplans": {"jobs", "catalogue", "people", "letters", "roles", "assessments", "learningplans"},
    "results": {"jobs", "catalogue", "people", "letters", "roles", "assessments", "learningplans", "results"},
    "privacy": {
        "jobs",
        "catalogue",
        "people",
        "letters",
        "roles",
        "assessments",
        "learningplans",
        "results",
        "privacy",
    },
    "papers": {"jobs", "catalogue", "people", "letters", "roles", "assessments", "learningplans", "results", "papers"},
}
# These may link anywhere: they are the frame around all apps, look at all of them (like start.py), or belong to
# nobody; person_pages joins HR's pages about one person, which lie in two apps.
ABOVE_ALL = {
    *(
        "base.html",
        "start.html",
        "my_data.html",
        "lost_session.html",
        "not_saved.html",
        "refused.html",
        "unavailable.html",
        "403.html",
        "404.html",
        "429.html",
        "500.html",
    ),
    *("account", "mfa", "pages", "help", "demo", "_partials", "_components", "django"),
}
DOCUMENTS = "documents"  # on paper there are no links
EMAILS = "emails"  # their one link is in the letter, and their styles go with them: no file of ours does


def our(label):
    return label in BENEATH


def templates():
    return sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))


def is_of_views(module):
    """Whether the module, as in "assessments.talk.views.talk", holds views."""
    return module == "kompetenz.start" or ".views" in module


def is_of_forms(module):
    """Whether the module holds forms of an app; what all forms are made of (kompetenz.forms) lies beneath all apps."""
    return ".forms" in module and not module.startswith("kompetenz.forms")


def view_modules():
    """Those, and the documents, which stand beside the views that hand them out."""
    return [path for module, path in modules_with_code() if is_of_views(module) or module.endswith(".pdf")]


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
        for namespace in re.findall(r"{%\s*(?:url|button\b[^%]*?)\s+[\"'](\w+):", (TEMPLATES / path).read_text())
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
    if what.startswith("style "):
        ours = [path for path in ours if path.parent != TEMPLATES / EMAILS]
    found = [str(p.relative_to(ROOT)) for p in ours if re.search(INLINE[what], p.read_text(), re.IGNORECASE)]

    # the paper's and the authorities' addresses on the pages of information are links to read, nothing that is loaded
    assert [path for path in found if what != "address elsewhere" or not path.startswith("templates/pages/")] == []


@cache
def parsed(path):
    return ast.parse(path.read_text())


def functions(path):
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)]


def test_no_view_is_longer_than_a_screen():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length
        for path in view_modules()
        for node in functions(path)
        if (length := node.end_lineno - node.lineno + 1) > 25
    }

    assert {
        "kompetenz/start.py",
        "kompetenz/people/staff/views.py",
        "assessments/talk/views/talk.py",
        "assessments/pdf.py",
    } <= set(names(view_modules()))
    assert long == {}


def test_a_view_asks_for_what_its_user_may_see():
    calls = {
        str(path.relative_to(ROOT)): re.findall(r"objects\.(?:all|get|values|values_list)\(.*", path.read_text())
        for path in view_modules()
    }

    assert {path: found for path, found in calls.items() if found} == {}


NARROWING = {"filter", "exclude", "get", "get_or_create", "update_or_create", "get_object_or_404", "get_list_or_404"}


def narrowed_by_fields(path):
    """Where the module narrows rows by anything but their ids: such a rule belongs to the queryset."""
    for call in ast.walk(parsed(path)):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            conditions = name in {"filter", "exclude"} and isinstance(call.func, ast.Attribute) and call.args
            fields = {keyword.arg for keyword in call.keywords} - {"pk", "pk__in"}
            if name in NARROWING and (fields or conditions):
                yield f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)}"


def test_what_a_view_narrows_by_more_than_ids_has_a_name():
    assert [found for path in view_modules() for found in narrowed_by_fields(path)] == []


def our_views(resolver=None):
    """Every view of ours that has an address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from our_views(entry)
        elif inspect.unwrap(entry.callback).__module__.startswith(PACKAGES):
            yield entry.callback


def test_every_view_states_its_methods_and_refuses_others_before_anything_else(rf):
    views = list(our_views())

    answered = {}
    for view in views:
        try:
            answered[view] = view(rf.generic("PATCH", "/")).status_code
        except Exception as too_late:  # noqa: BLE001 - without user and arguments every view fails that does not refuse at once
            answered[view] = repr(too_late)
    assert len(views) > 100
    assert {f"{view.__module__}.{view.__name__}": what for view, what in answered.items() if what != 405} == {}


def test_every_queryset_of_people_and_their_data_can_say_who_sees_it():
    spoken = {
        model.__name__
        for model in apps.get_models()
        if our(model._meta.app_label) and hasattr(model.objects.none(), "visible_to")
    }

    assert {"Participation", "Assessment", "Talk", "LearningPlan", "RoleProfile"} <= spoken


NAMES_OF_NOTHING = {"utils.py", "helpers.py", "services.py", "signals.py"}


def test_no_module_is_called_after_nothing():
    ours = [path for app in ("kompetenz", *BENEATH) for path in (ROOT / app).rglob("*.py") if (ROOT / app).exists()]

    assert [str(path) for path in ours if path.name in NAMES_OF_NOTHING] == []


def test_every_module_that_developers_read_of_is_there():
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", *(ROOT / "docs" / "adr").glob("*.md")]
    named = {(page.name, found) for page in pages for found in re.findall(r"`([\w./-]+\.py)`", page.read_text())}

    ours = [
        path.as_posix()
        for top in (*PACKAGES, "tests", "bench", "docs", "assets_build")
        for path in (ROOT / top).rglob("*.py")
    ]
    gone = {(page, name) for page, name in named if not any(f"/{path}".endswith(f"/{name}") for path in ours)}
    assert len(named) > 100
    assert {(page, name) for page, name in gone if name not in NAMES_OF_NOTHING} == set()


# Imports and types ---------------------------------------------------------------------------------

NOT_TYPED = {
    "kompetenz.settings",  # read by Django itself
    "assessments.from_above",  # hands models on to apps above
    "kompetenz.people.staff.units",  # works on rows that others have read
}


def imported(wanted, allowed):
    """ "one -> another" for every import of a module of the kind ``wanted`` by one that is not ``allowed`` to."""
    graph = import_graph()
    return [
        f"{module} -> {found}"
        for module in sorted(graph.modules)
        if module.startswith(PACKAGES) and not allowed(module)
        for found in sorted(graph.find_modules_directly_imported_by(module))
        if wanted(found)
    ]


def test_views_are_imported_by_views_and_addresses_alone():
    assert len([module for module in import_graph().modules if is_of_views(module)]) > 30
    assert imported(is_of_views, lambda module: is_of_views(module) or module.endswith((".urls", ".pdf"))) == []


def test_forms_are_imported_by_views_and_forms_alone():
    assert len([module for module in import_graph().modules if is_of_forms(module)]) > 15
    assert imported(is_of_forms, lambda module: is_of_views(module) or is_of_forms(module)) == []


@cache
def import_graph():
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def modules_with_code():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts and any(not is_docstring(node) for node in parsed(path).body):
                yield ".".join(parts).removesuffix(".__init__"), path


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def without_django():
    """The modules that import no Django, nor anything that does."""
    graph = import_graph()
    return [name for name, _ in modules_with_code() if "django" not in graph.find_upstream_modules(name)]


def configured():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]


def calculations():
    contracts = configured()["importlinter"]["contracts"]
    return next(one["source_modules"] for one in contracts if one["name"] == "calculations do not know Django")


def test_types_are_checked_of_exactly_the_modules_that_must_not_know_django():
    checked = configured()["mypy"]

    assert checked["strict"] is True
    assert sorted(checked["packages"]) == sorted(calculations())


def test_every_module_without_django_is_on_the_list():
    listed = tuple(f"{name}." for name in calculations())

    assert [name for name in without_django() if not f"{name}.".startswith(listed) and name not in NOT_TYPED] == []


def test_no_module_imports_itself_by_a_detour():
    graph = import_graph()
    imports = {
        module: graph.find_modules_directly_imported_by(module)
        for module in graph.modules
        if module.startswith(PACKAGES)
    }

    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


def test_a_class_name_has_one_meaning():
    places = defaultdict(list)
    for module, path in modules_with_code():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":  # Django finds commands by this name
                places[node.name].append(module)

    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def test_the_rules_that_mutants_break_and_the_tests_that_may_kill_them_are_there():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutants"]
    named = [(what, ":") for rule in rules.values() for what in rule["modules"]]
    named += [(what, "::") for rule in rules.values() for what in rule["tests"]]

    assert len(named) > 40
    assert [what for what, mark in named if not is_there(*what.partition(mark)[::2])] == []


def is_there(path, function):
    return any(f"def {function}(" in found.read_text() if function else True for found in ROOT.glob(path))


def test_whatever_writes_rows_comes_last_in_its_migration_or_has_them_checked():
    """PostgreSQL changes no table of which rows that were written in the same transaction are still to be checked."""
    ours = {one.label for one in apps.get_app_configs() if one.name.split(".")[0] in PACKAGES}
    found = [
        f"{app} {name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in ours
        and any(isinstance(one, RunPython) for one in migration.operations[:-1])
        and "check_constraints()" not in inspect.getsource(inspect.getmodule(type(migration)))
    ]

    assert found == []
