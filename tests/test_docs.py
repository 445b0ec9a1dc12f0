"""What docs/ and CONTRIBUTING.md name in backticks is there: files and folders, functions of a module."""

import re
from functools import cache
from pathlib import Path

import pytest

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
