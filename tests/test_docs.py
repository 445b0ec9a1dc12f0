"""What docs/ and CONTRIBUTING.md name in backticks is there: files and folders, functions of a module; so is what a page links to."""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest
import yaml

from kompetenz.environment import not_understood
from kompetenz.settings import env

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", *sorted((ROOT / "docs" / "adr").glob("*.md"))]
CODE = ("assessments", "assets_build", "bench", "kompetenz", "learningplans", "roles", "static", "templates", "tests")
FILE = re.compile(r"^[\w/-]+\.(py|html|js|css|txt|toml|json|yaml|mjs)$")
FOLDER = re.compile(r"^[\w-]+(/[\w-]+)*/$")
NAME = re.compile(r"^([a-z_]+(?:\.[a-z_]+)*)\.([a-z_]\w+)$")
NOT_OURS = {
    "services.py",
    "utils.py",
    "helpers.py",
    "page.css",
    "page.js",
    "wheel-page.js",
    "plotly.js",
    "htmx.org",
    "staticfiles/",
    "mutants/",
}


@cache
def files():
    tops = [ROOT / top for top in (*CODE, "docs", "fixtures", "requirements", ".ci")]
    below = [path for top in tops for path in top.rglob("*") if "__pycache__" not in path.parts]
    return [path.relative_to(ROOT).as_posix() for path in (*tops, *below, *ROOT.glob("*"))]


@cache
def code():
    return {
        name: (ROOT / name).read_text() for name in files() if name.endswith((".py", ".js", ".html", "pyproject.toml"))
    }


def is_there(name):
    """Whether a file, a folder, or ``module.function`` of this name is in the repository."""
    if FILE.match(name) or FOLDER.match(name):
        wanted = name.rstrip("/")
        return any(path == wanted or path.endswith(f"/{wanted}") for path in files())
    module, function = NAME.match(name).groups()
    in_use = re.compile(rf"\b{re.escape(name)}\b")
    defined = re.compile(rf"^ *(def|class) {function}\b|^ *{function} *[:=]", re.MULTILINE)
    place = module.replace(".", "/")
    if any(path.endswith(f"{place}/{function}.py") for path in files()):
        return True
    return any(
        in_use.search(text) or (re.search(rf"(^|/){place}(\.py|/)", path) and defined.search(text))
        for path, text in code().items()
        if not path.startswith("tests/test_docs")
    )


def named(page):
    words = re.findall(r"`([^`\n]+)`", page.read_text())
    return [w for w in words if w not in NOT_OURS and (FILE.match(w) or FOLDER.match(w) or NAME.match(w))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page):
    assert [name for name in named(page) if not is_there(name)] == []


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("assessments/answering/saving.py", True),
        ("answering/saving.py", True),
        ("saving.release", True),
        ("answering.release", True),
        ("saving.gone", False),
        ("gone.py", False),
        ("learningplans/saving.py", False),
        ("gone/", False),
    ],
)
def test_what_is_not_there_is_found(name, there):
    assert is_there(name) is there


FOR_READERS = [
    *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


def anchors(page):
    """What GitHub and openCode call the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page):
    for link in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", FOR_READERS, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page):
    assert list(dead_links(page)) == []


def test_the_middleware_is_told_in_its_order(settings):
    _, _, table = (ROOT / "docs" / "architecture.md").read_text().partition("The middleware in order")
    told = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]

    assert told[: len(settings.MIDDLEWARE)] == [path.rpartition(".")[2] for path in settings.MIDDLEWARE]


def is_a_test(file, name):
    """Whether a file of tests/ is called so, and has a test of this ``name``, if any."""
    found = [path for path in (ROOT / "tests").rglob("*.py") if path.as_posix().endswith(f"/{file}")]
    return any(f"def {name}(" in path.read_text() for path in found) if name else bool(found)


def test_every_test_that_stands_for_a_point_of_security_is_there():
    named = re.findall(r"`((?:\w+/)*test_\w+\.py)(?:::(\w+))?", (ROOT / "docs/security.md").read_text())

    assert len(named) > 60
    assert [one for one in named if not is_a_test(*one)] == []


def test_the_bill_of_materials_tells_what_runs_from_what_builds():
    components = runpy.run_path(str(ROOT / "docs/sbom.py"))["bill"]()["components"]
    scopes = {one["name"]: one["scope"] for one in components}

    assert {scopes[name] for name in ("django", "python-ldap", "htmx.org", "plotly.js", "@kern-ux/native")} == {
        "required"
    }
    assert {scopes[name] for name in ("pytest", "esbuild", "oidc-provider")} == {"excluded"}
    assert len({one["purl"] for one in components}) == len(components)


def objections_to(code):
    """What publiccode.yml 0.4 asks for and ``code`` has not, a contact that nobody answers included."""
    maintained = code["maintenance"]
    needed = {"internal": "contacts", "community": "contacts", "contract": "contractors"}.get(maintained["type"])
    if needed and not all(
        one.get("name") and (needed == "contractors" or "@" in one.get("email", ""))
        for one in maintained.get(needed, [{}])
    ):
        yield f"maintenance/{needed}"
    if not needed and maintained.keys() != {"type"}:
        yield "maintenance/type"
    missing = MANDATORY - code.keys()
    yield from sorted(missing)
    if not all(
        country.isupper() for country in code["intendedAudience"]["countries"]
    ):  # small letters are going out of use
        yield "intendedAudience/countries"
    pictures = [code["logo"], *(one for said in code["description"].values() for one in said.get("screenshots", []))]
    yield from (picture for picture in pictures if not (ROOT / picture).exists())
    for language, said in code["description"].items():
        if not (
            0 < len(said["shortDescription"]) <= 150
            and 150 <= len(said["longDescription"]) <= 10_000
            and said["features"]
        ):
            yield f"description/{language}"


MANDATORY = {
    *(
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
    ),
    *("legal", "maintenance", "localisation", "releaseDate"),
}


def test_the_entry_for_catalogues_of_software_is_whole_and_names_nobody_who_is_not_there():
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text())

    assert list(objections_to(code)) == []
    assert code["legal"]["license"] == "EUPL-1.2"
    assert set(code["localisation"]) >= {"localisationReady", "availableLanguages"}


@pytest.mark.parametrize(
    ("maintained", "objection"),
    [
        ({"type": "community"}, ["maintenance/contacts"]),
        ({"type": "internal", "contacts": [{"name": "Rita Root"}]}, ["maintenance/contacts"]),
        ({"type": "internal", "contacts": [{"name": "Rita Root", "email": "rita@kreis.example"}]}, []),
        ({"type": "contract", "contractors": [{}]}, ["maintenance/contractors"]),
        ({"type": "none", "contacts": [{"name": "Niemand"}]}, ["maintenance/type"]),
    ],
)
def test_whoever_maintains_it_says_how_they_are_reached(maintained, objection):
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text())

    assert list(objections_to(code | {"maintenance": maintained})) == objection


def test_a_link_to_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Zwei Wörter\n[da](#zwei-wörter) [weg](#drei) [weg](gone.md) [fern](https://example.org)")

    assert list(dead_links(page)) == ["#drei", "gone.md"]


def test_every_setting_of_an_installation_is_explained():
    """Those of a directory on the page about signing in."""
    pages = "".join((ROOT / "docs" / name).read_text() for name in ("betrieb.md", "anmelden.md"))
    explained = set(re.findall(r"`([A-Z][A-Z_]+)`", pages))

    assert len(env.asked) > 60
    assert env.asked - explained == set()


def test_the_example_of_an_installation_has_every_setting_and_no_other():
    """But for those of one's own machine, and for the one that says whether the file is read at all."""
    example = (ROOT / ".env.example").read_text()

    assert env.asked - set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == {
        "DEBUG",
        "KOMPETENZRAD_DEMO",
        "READ_DOT_ENV",
    }
    assert list(not_understood(ROOT / ".env.example", env.asked)) == []


def rows(heading):
    """The cells of every row in the section of docs/einfuehren.md, without blanks, bold type and thousands' gaps."""
    section = (ROOT / "docs/einfuehren.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in line] for line in lines]


def number(cell):
    return int(cell.replace(" ", ""))


def test_the_effort_is_what_its_formula_says():
    """Of steps the sum, and of people the product of the factors in the second column."""
    steps = [row for row in rows("Der Aufwand") if len(row) == 3 and row[1].isdigit()]
    formulas = [row for row in rows("Der Aufwand") if len(row) == 5 and row[1].startswith("Personen")]

    *parts, total = [(number(person), number(manager)) for _, person, manager in steps]
    assert total == tuple(map(sum, zip(*parts, strict=True)))
    assert [minutes for minutes in total if f"× {minutes} Minuten" not in str(formulas)] == []
    assert len(formulas) == 4
    for _, formula, *hours in formulas:
        factor = eval(formula.replace("Personen × ", "").replace("×", "*").replace("÷", "/").replace(" Minuten", ""))
        assert [number(cell) for cell in hours] == [round(people * factor) for people in (50, 500, 2000)], formula
