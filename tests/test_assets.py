"""What `make assets` builds for the browser: small enough, complete, and with its licences."""

import gzip
import re

from django.conf import settings

ASSETS = settings.ASSETS_DIR
KILOBYTE = 1000


def gzipped(path):
    return len(gzip.compress((ASSETS / path).read_bytes()))


def font_faces():
    """(file, set of characters) for each @font-face of the browser."""
    css = (ASSETS / "css/vendor.css").read_text()
    for name, ranges in re.findall(r'url\("\.\./([^"]+)"\).*?unicode-range: ([^;]+);', css, re.DOTALL):
        spans = [span.removeprefix("U+").split("-") for span in ranges.split(", ")]
        yield name, {code for span in spans for code in range(int(span[0], 16), int(span[-1], 16) + 1)}


def test_a_page_in_german_loads_one_small_file_per_face():
    german = set(map(ord, "ABCXYZabcxyzÄÖÜäöüßẞ0123456789–„“…·§€"))
    loaded = [name for name, characters in font_faces() if characters & (german - {ord("ẞ")})]

    assert loaded == ["fonts/web/fira-sans-400-latin.woff2", "fonts/web/fira-sans-600-latin.woff2"]
    assert all((ASSETS / name).stat().st_size < 25 * KILOBYTE for name in loaded)


def test_names_from_europe_add_at_most_eleven_kilobytes_per_face():
    names = set(map(ord, "ŞşĞğİıŽžČčŠšĆćĐđŁłĄąĘęŚśŻżŐőŰűȘșȚțẞ")) - {ord("ı")}
    loaded = [name for name, characters in font_faces() if characters & names]

    assert loaded == ["fonts/web/fira-sans-400-names.woff2", "fonts/web/fira-sans-600-names.woff2"]
    assert all((ASSETS / name).stat().st_size < 11 * KILOBYTE for name in loaded)


def test_no_character_makes_the_browser_load_two_files_of_a_face():
    for weight in (400, 600):
        sets = [characters for name, characters in font_faces() if f"-{weight}-" in name]

        assert len(sets) == 3
        assert len(set.union(*sets)) == sum(map(len, sets))


def test_scripts_and_styles_stay_within_their_share_of_a_cold_load():
    assert gzipped("css/kern.min.css") < 37 * KILOBYTE
    assert gzipped("js/htmx.min.js") < 14 * KILOBYTE
    assert gzipped("js/plotly.min.js") < 380 * KILOBYTE


def test_no_script_or_style_names_a_map_that_is_not_there():
    for path in [*ASSETS.glob("js/*"), *ASSETS.glob("css/*")]:
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
