"""The rating form, the comparison and the Lernplan as a screen reader says them, line by line, against scripts in spoken/.

The reader is simulated (`npm ci` brings it, esbuild bundles it): it knows roles, names, states and their order, not the habits of NVDA or
JAWS. Where a page has changed on purpose, `SPOKEN=write pytest tests/browser/test_spoken.py` writes the scripts anew: read them
aloud, as somebody who does not see the page, before they are committed.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from learningplans.models import LearningPlan
from tests.browser.conftest import ready
from tests.conftest import Stage
from tests.test_documents import usual_stage

MODULES, SCRIPTS = Path("node_modules"), Path(__file__).parent / "spoken"
READER = MODULES / "@guidepup/virtual-screen-reader"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not READER.exists(), reason="the virtual screen reader is not installed"),
]

ROLES = {
    "banner": "Kopf", "navigation": "Navigation", "main": "Hauptteil", "contentinfo": "Fuß", "region": "Bereich",
    "article": "Artikel", "search": "Suche", "heading": "Überschrift", "link": "Link", "button": "Schalter", "image": "Bild",
    "group": "Gruppe", "radio": "Optionsfeld", "checkbox": "Kontrollfeld", "textbox": "Eingabefeld", "list": "Liste",
    "table": "Tabelle", "caption": "Beschriftung", "row": "Zeile",
}  # fmt: skip
STATES = {
    "checked": "ausgewählt", "not checked": "nicht ausgewählt", "expanded": "aufgeklappt", "not expanded": "zugeklappt",
    "pressed": "gedrückt", "current page": "diese Seite",
}  # fmt: skip
STATE = re.compile(rf", (level \d|position \d+|set size \d+|column span \d+|{'|'.join(STATES)})(?=$|, )")
HOLDERS = {"banner", "navigation", "main", "contentinfo", "region", "article", "group", "table", "list", "search"}
SILENT = {
    "document",
    "form",
    "rowgroup",
    "status",
    "alert",
    "graphics-document",
    "row",
    "caption",
    "listitem",
    "paragraph",
}
INLINE = {"strong", "emphasis", "code"}
CELLS = {"cell", "columnheader", "rowheader"}
MARKS = {"listitem": "• ", "definition": "→ "}
SOFT_HYPHEN = "\xad"
DAY = re.compile(r"\d{1,2}\.\s[A-ZÄ][a-zä]+ \d{4}|\d{2}\.\d{2}\.\d{4}|\b(im|Im) [A-ZÄ][a-zä]+ \d{4}")


@pytest.fixture(scope="session")
def reader(tmp_path_factory):
    """The simulated screen reader as one script."""
    bundle = tmp_path_factory.mktemp("reader") / "reader.js"
    command = [MODULES / ".bin/esbuild", SCRIPTS.parent / "spoken.mjs", "--bundle", "--minify", "--format=iife"]
    subprocess.run([*command, "--global-name=reader", "--log-level=error", f"--outfile={bundle}"], check=True)
    return f"{bundle.read_text()}; window.reader = reader;"


def a_form_just_begun(cast):
    stage = Stage(cast)
    for at in (0, 1):
        stage.own.ratings.create(competency_id=stage.competencies[at].id, level=2)
    return reverse("assessments:assessment", args=[stage.own.pk])


PAGES = {
    "bogen": a_form_just_begun,
    "vergleich": lambda cast: usual_stage(cast).participation.get_absolute_url(),
    "lernplan": lambda cast: usual_stage(cast) and LearningPlan.objects.get().get_absolute_url(),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_out_as_written(visitor, cast, reader, name):
    address, script = PAGES[name](cast), SCRIPTS / f"{name}.txt"
    visitor.let_in(cast.anna)
    visitor.page.goto(address)
    ready(visitor.page)
    visitor.page.evaluate(reader)

    said = in_german(visitor.page.evaluate("reader.read()"))

    if os.environ.get("SPOKEN") == "write":
        script.write_text("\n".join(said) + "\n")
    assert said == script.read_text().splitlines()


def in_german(phrases):
    """The script of what was said: a line for each thing and for each row of a table, further in what is inside of another."""
    script, plain = Script(), [DAY.sub("‹Tag›", phrase.replace(SOFT_HYPHEN, "")) for phrase in phrases]
    for at, phrase in enumerate(plain):
        script.hear(phrase, plain[at + 1 :])
    return script.lines


class Script:
    """The lines so far, and where in the page the reader is."""

    def __init__(self):
        self.lines, self.depth, self.is_new, self.mark, self.named, self.row = [], 0, True, "", "", None

    def hear(self, phrase, following):
        if ended := re.match(r"end(?: of|,) (.*)", phrase):
            return self.leave(ended[1].split(", ")[0])
        role, _, rest = phrase.partition(", ")
        if role in ROLES or role in SILENT | INLINE | CELLS or role in {"term", "definition", "progressbar"}:
            return self.enter(role, rest, is_open=f"end of {phrase}" in following)
        return None if phrase in self.named else self.say(phrase)

    def leave(self, role):
        self.depth -= role in HOLDERS
        self.is_new = self.is_new or role not in INLINE
        self.row = None if role == "row" else self.row

    def enter(self, role, rest, *, is_open):
        states = [STATES[state] for state in STATE.findall(rest) if state in STATES]
        level = re.search(r"level (\d)", rest)
        name = STATE.sub("", f", {rest}").removeprefix(", ") if rest else ""
        if role in INLINE:
            return
        self.is_new, self.mark = True, MARKS.get(role, self.mark if role == "paragraph" else "")
        if role == "row":
            self.named, self.row = "", True
            self.say("Zeile:")
        elif role in CELLS:
            goes_on = is_open and role == "cell"  # what is in it comes next
            self.lines[-1] += " |" * (not self.lines[-1].endswith("Zeile:")) + f" {name}" * (not goes_on)
            self.named = "" if goes_on else name
        elif role in ROLES and role != "caption":
            said = ROLES[role] + (f" {level[1]}" if role == "heading" and level else "")
            self.say(" ".join([said, *([f"„{name}“"] if name else []), *(f"({state})" for state in states)]))
            self.named, self.is_new = name, True
            self.depth += role in HOLDERS and is_open
        else:
            self.named = name if role == "caption" else ""

    def say(self, words):
        if self.row and words != "Zeile:":
            self.lines[-1] += f" {words}"
        elif self.is_new:
            self.lines.append("  " * self.depth + self.mark + words)
        else:
            self.lines[-1] += f" {words}"
        self.is_new, self.mark = False, ""
