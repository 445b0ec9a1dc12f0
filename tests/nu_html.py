"""What the Nu HTML checker of the W3C has to say about pages: it knows all of the HTML standard, and takes a Java."""

import json
import os
import shutil
from collections import defaultdict
from pathlib import Path
from subprocess import PIPE, run

import pytest

CHECKER = "node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = shutil.which("java")
# One run is over before it is worth compiling well, and deep pages take more stack than a thread is given.
SHORT_RUN = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m"]
# htmx's attributes are no part of the standard; nothing else is left out. Java reads its arguments as ASCII where no locale is set.
OF_HTMX = "Attribute .hx-[a-z-]+(:inherited)?. not allowed on element .[a-z]+. at this point[.]"


def errors_in(pages, folder):
    """The errors of each of ``pages`` that has any, all checked in one run; what is no whole page is passed over.

    The pages are {name: HTML}, and are written into the empty ``folder``.
    """
    if JAVA is None and "CI" not in os.environ:
        pytest.skip("THE NU HTML CHECKER IS SKIPPED: Java is not installed (Debian package default-jre-headless)")
    names = [name for name, html in pages.items() if "<html" in html]
    for number, name in enumerate(names):
        (folder / f"{number}.html").write_text(pages[name])
    options = ["--errors-only", "--skip-non-html", "--filterpattern", OF_HTMX]
    outcome = ["--format", "json", "--stdout", "--exit-zero-always"]
    answer = run(
        [JAVA or "java", *SHORT_RUN, "-jar", CHECKER, *options, *outcome, str(folder)], check=True, stdout=PIPE
    )
    found = defaultdict(list)
    for error in json.loads(answer.stdout)["messages"]:
        found[names[int(Path(error["url"]).stem)]].append(f"line {error.get('lastLine')}: {error['message']}")
    return dict(found)
