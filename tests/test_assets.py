"""What `make assets` builds for the browser: small enough, complete, and with its licences."""

import re

import pytest
from django.conf import settings

ASSETS = settings.ASSETS_DIR
KERN = settings.BASE_DIR / "node_modules/@kern-ux/native/dist/kern.min.css"
KILOBYTE = 1000


def sent(path, coding="br"):
    """How many bytes of a file are sent; what lies beside it is served (WhiteNoise)."""
    return (ASSETS / f"{path}.{coding}").stat().st_size


def font_faces():
    """(file, set of characters) for each @font-face of the browser, in their order."""
    css = (ASSETS / "css/faces.css").read_text()
    for name, ranges in re.findall(r'url\("\.\./([^"]+)"\).*?unicode-range: ([^;]+);', css, re.DOTALL):
        spans = [span.removeprefix("U+").split("-") for span in ranges.split(", ")]
        yield name, {code for span in spans for code in range(int(span[0], 16), int(span[-1], 16) + 1)}


def loaded_for(text):
    """The files a browser loads for a text: of the faces with a character the last one."""
    faces = list(font_faces())
    weights = [[face for face in faces if f"-{weight}-" in face[0]] for weight in (400, 600)]
    return {
        next(name for name, characters in reversed(of_weight) if ord(letter) in characters)
        for letter in text
        for of_weight in weights
    }


def test_a_page_in_german_and_names_from_europe_and_vietnam_load_one_small_file_per_face():
    loaded = loaded_for("ABCXYZabcxyzÄÖÜäöüßẞ0123456789–„“…·§€ŞşĞğİıŽžČčŠšĆćĐđŁłĄąĘęŚśŻżŐőŰűȘșȚțėĮųĢķļņéÇøñễ½")

    assert loaded == {f"fonts/web/fira-sans-{weight}-usual.woff2" for weight in (400, 600)}
    assert all((ASSETS / name).stat().st_size < 12 * KILOBYTE for name in loaded)


def test_what_is_rare_is_in_a_file_of_its_own():
    assert loaded_for("Ǆ‰") == {f"fonts/web/fira-sans-{weight}-rare.woff2" for weight in (400, 600)}


EVERYWHERE = ["css/page.css", "js/page.js"]
PAGE = 8.6 * KILOBYTE  # of HTML, with its headers: the overview of a round
HEAD, EMBLEM = 390, 750  # bytes: the headers of a file, and the emblem with its own


def fonts():
    return sum(path.stat().st_size for path in ASSETS.glob("fonts/web/*-usual.woff2"))


def test_a_page_without_a_wheel_is_loaded_in_seven_requests_and_hardly_more_than_60_kibibytes():
    with_htmx = [*EVERYWHERE, "js/htmx.min.js"]

    files = [*map(sent, with_htmx), fonts()]
    assert sum(files) + (len(with_htmx) + 2) * HEAD + EMBLEM + PAGE < 61 * 1024  # 60 are promised (bench/pages.py)
    assert len(["the page", "the emblem", *with_htmx, *loaded_for("ä")]) == 7


def test_a_page_with_a_wheel_is_loaded_in_eight_requests_and_300_kibibytes():
    files = [*EVERYWHERE, "js/wheel-page.js", "js/plotly.min.js"]

    assert fonts() + sum(map(sent, files)) + PAGE < 300 * 1024
    assert len(["the page", "the emblem", *files, *loaded_for("ä")]) == 8


def test_what_is_asked_for_most_is_compressed_once_and_as_it_is():
    for path in [*EVERYWHERE, "js/htmx.min.js", "js/wheel-page.js", "js/plotly.min.js"]:
        assert sent(path) < sent(path, "gz") < (ASSETS / path).stat().st_size


def test_of_kern_the_stylesheet_has_what_templates_name_and_little_else():
    css = (ASSETS / "css/page.css").read_text()
    sources = [*settings.BASE_DIR.glob("templates/**/*.html"), *settings.BASE_DIR.glob("kompetenz/**/*.py")]
    named = {name for path in sources for name in re.findall(r"\bkern-(?!theme)[a-z][\w-]*", path.read_text())}
    whole = KERN.read_text()

    assert len(named) > 25
    assert [name for name in sorted(named) if f".{name}" in whole and f".{name}" not in css] == []
    assert [name for name in ("kern-card", "kern-dialog", "kern-grid", "kern-loader") if name in css] == []


def test_nothing_is_styled_that_no_page_has():
    """Whoever needs one of these takes it out of NEVER in assets_build/kern.mjs, or of NOT_DRAWN in own.mjs."""
    css = (ASSETS / "css/page.css").read_text()
    sources = [*settings.BASE_DIR.glob("templates/**/*.html"), *settings.BASE_DIR.glob("static/js/*.js")]
    named = "".join(path.read_text() for path in sources)

    assert [word for word in ("aria-disabled", "data-title", "cloud-dialog") if word in named] == []
    assert [word for word in ("cloud-dialog", "data-title", "modebar", "kern-btn:disabled") if word in css] == []


def test_whatever_variable_of_kern_a_rule_asks_for_is_there_in_both_themes():
    css = (ASSETS / "css/page.css").read_text()
    asked = set(re.findall(r"var\((--kern-[\w-]+)", css))

    kept = {name: len(re.findall(rf"[{{;]{name}:", css)) for name in asked}
    assert len(asked) > 50
    assert {name for name in asked if not kept[name]} == set()
    assert re.findall(r"var\(--kern-[\w-]+,[^)]*\)", css) == []  # what is there needs nothing in its place
    assert kept["--kern-color-layout-background-default"] == 4  # light and dark, by the device and by choice


def test_who_reads_the_stylesheet_learns_that_kern_was_changed_and_where_the_whole_is():
    notice = (ASSETS / "css/page.css").read_text().split("*/")[0]

    assert ("EUPL-1.2, seit dem" in notice, "https://gitlab.opencode.de/kern-ux" in notice) == (True, True)


@pytest.mark.parametrize("page", ["500.html", "refused.html"])
def test_pages_that_are_shown_when_nothing_works_ask_for_files_that_are_there(page):
    asked = re.findall(r'"/static/([^"]+)"', (settings.BASE_DIR / "templates" / page).read_text())

    assert [(ASSETS / path).is_file() for path in asked] == [True]


def test_plotly_has_nothing_that_is_never_used():
    plotly = (ASSETS / "js/plotly.min.js").read_text()

    assert [word for word in ("modebar-btn", "polybool", "makeTemplate", "downloadImage") if word in plotly] == []


def test_no_script_or_style_names_a_map_that_is_not_there():
    for path in [*ASSETS.glob("js/*.js"), *ASSETS.glob("css/*.css")]:
        assert "sourceMappingURL" not in path.read_text(), path.name


def test_each_third_party_work_brings_its_licence():
    found = {path.name: path.read_text() for path in ASSETS.glob("licences/*")}

    assert {
        name: words in found[name]
        for name, words in {
            "fira-sans.txt": "SIL OPEN FONT LICENSE Version 1.1",
            "htmx.txt": "Zero-Clause BSD",
            "kern-ux.txt": "EUROPÄISCHE UNION PUBLIC LICENCE v. 1.2",
            "plotly.js.txt": "Copyright (c) 2016-2024 Plotly Technologies Inc.",
        }.items()
    } == dict.fromkeys(found, True)
