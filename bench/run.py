"""Measures the app against H and against what docs/benchmarks.md promises; exits 1 if a promise is broken."""

import argparse
import io
import os
import platform
import re
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import documents, entering, growth, killed, load, long_jobs, slow, staff, stage, telling_apart
from bench.cold import ColdLoad, cold_loads
from bench.pages import PAGES, PDFS, Budget
from bench.timing import HELLO, PASSES, SCATTER, Measured, measured

REPORT = stage.ROOT / "docs" / "benchmarks.md"
PDF_TIMES = 20
LARGE = "overview-5000"
HEADER = """| Page | CPU ms | x H | +- % | p50 ms | p95 ms | p50 x H | SQL | HTML kB | gzip kB | cold load KiB | requests | budget |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"""


@dataclass
class Result:
    name: str
    title: str
    budget: Budget
    measured: Measured
    sql: int
    cold: ColdLoad | None = None
    base: "Result | None" = None  # the same page in the small district, measured beside it

    @property
    def key(self):
        return "overview" if self.base else self.name

    @property
    def timed(self):
        return self.measured.median.timed

    @property
    def ratio(self):
        return self.measured.median.ratio

    @property
    def growth(self):
        return self.ratio / self.base.ratio if self.base else None

    def cost_missed(self):
        """The promises about time that this measurement breaks."""
        checks = [
            (f"{self.ratio:.1f} x H", self.ratio, self.budget.ratio, " x H"),
            (f"{self.growth or 0:.2f} x its cost at 200", self.growth, self.budget.growth, " x"),
            (f"{self.timed.p50:.2f} s", self.timed.p50, self.budget.seconds, " s"),
        ]
        return [f"{said}, promised {most}{unit}" for said, value, most, unit in checks if most and value > most]

    def missed(self):
        """Every promise that this page breaks, in words."""
        checks = [
            ("SQL queries", self.sql, self.budget.sql),
            ("bytes of HTML as gzip", len(self.timed.body), self.budget.html),
            ("bytes at a cold load", self.cold and self.cold.bytes, self.budget.cold),
            ("requests at a cold load", self.cold and self.cold.requests, self.budget.cold_requests),
        ]
        broken = [
            f"{value:,} {what}, promised {most:,}" for what, value, most in checks if most and (value or 0) > most
        ]
        if self.base and self.sql != self.base.sql:
            broken.append(f"{self.sql} SQL queries, {self.base.sql} at 200")
        return [f"{self.title}: {text}" for text in self.cost_missed() + broken]


def measure_page(name, servers, pages, times):
    """Measure a page; the overview of the large district also that of the small one, just before."""
    title, budget = PAGES[name]

    def at(size, key, base=None):
        often = {"warm_ups": 3, "times": PDF_TIMES} if name in PDFS else {"warm_ups": 10, "times": times}
        found = measured((servers[size], pages[size][key]), (servers["hello"], HELLO), **often)
        return Result(name, title, budget, found, pages[size][key]["sql"], base=base)

    return at("5000", "overview", at("200", "overview")) if name == LARGE else at("200", name)


def measure(names, times):
    """The results of these pages, and how many people take part in the rounds of both districts."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        static = directory / "static"
        sizes = ("200", "5000") if LARGE in names else ("200",)
        envs = {size: stage.environment(stage.seeded(int(size), directory), static) for size in sizes}
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=envs["200"])
        looked = {size: stage.look_inside(env) for size, env in envs.items()}
        pages = {size: found["pages"] for size, found in looked.items()}
        with ExitStack() as stack:
            servers = {size: stack.enter_context(stage.served(env)) for size, env in envs.items()}
            servers["hello"] = stack.enter_context(stage.hello())
            results = [measure_page(page, servers, pages, times) for page in names]
            add_cold_loads(results, servers, pages)
    return results, {size: found["participants"] for size, found in looked.items()}


def add_cold_loads(results, servers, pages):
    of_size = {"200": [one for one in results if not one.base], "5000": [one for one in results if one.base]}
    for size, found in of_size.items():
        names = {one.key: one for one in found if one.key not in {"answer", *PDFS}}
        loads = cold_loads(servers[size].port, {key: pages[size][key] for key in names}) if names else {}
        for key, cold in loads.items():
            names[key].cold = cold


def report(results, participants, times):
    hello = median(result.measured.median.hello.cpu for result in results)
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%d %B %Y}: {machine()}.",
        "",
        (
            "`H` is one view of a bare Django without middleware; the app and H run as `make serve` serves the app. One user asks "
            f"for H 100 times in a row, {times} times ({PDF_TIMES} for a PDF) for the page and 100 times for H again, after a warm-up "
            "and over a new connection each time. What is compared is the processor time of all processes of the server. Of "
            f"{PASSES} passes the one with the median ratio counts; where another is more than {SCATTER:.0%} away, all are measured "
            "again. SQL is counted inside the process, without BEGIN, COMMIT and SAVEPOINT. "
            + "; ".join(f"Of {size} people {count:,} are in the running round" for size, count in participants.items())
            + "."
        ),
        "",
        HEADER,
        *[row(result) for result in results],
        "",
        " ".join([f"H takes {hello * 1000:.2f} ms of a processor.", *pages_of_the_plan(results), cold_note(results)]),
        "",
    ]
    broken = [text for result in results for text in result.missed()]
    if broken:
        lines += ["Over budget:", "", *[f"- {text}" for text in broken], ""]
    return "\n".join(lines), broken


def row(result):
    timed, cold = result.timed, result.cold
    is_html = result.name not in PDFS
    cells = [
        result.title,
        f"{timed.cpu * 1000:.1f}",
        f"{result.ratio:.1f}",
        f"{result.measured.scatter * 100:.0f}",
        f"{timed.p50 * 1000:.1f}",
        f"{timed.p95 * 1000:.1f}",
        f"{result.measured.median.wall_ratio:.1f}",
        result.sql,
        f"{len(timed.raw) / 1000:.1f}" if is_html else "",
        f"{len(timed.body) / 1000:.1f}" if is_html else "",
        f"{cold.bytes / 1024:.0f}" if cold else "",
        cold.requests if cold else "",
        promise(result),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def promise(result):
    """The budget in words, with what the page at 5,000 costs against itself."""
    budget = result.budget
    words = [
        budget.ratio and f"{budget.ratio} x H",
        budget.growth and f"{budget.growth} x its cost at 200 (now {result.growth:.2f}), same SQL",
        budget.sql and f"{budget.sql} SQL",
        budget.html and f"{budget.html // 1000} kB gzip",
        budget.cold and f"{budget.cold // 1024} KiB, {budget.cold_requests} requests",
        budget.seconds and f"{budget.seconds} s",
    ]
    return ", ".join(filter(None, words))


def cold_note(results):
    if any(result.cold for result in results):
        return "A cold load is everything that Chromium with an empty cache receives for the page, headers included."
    return "Cold loads were not measured: there is no Chromium here."


def pages_of_the_plan(results):
    import pikepdf

    for result in results:
        if result.name == "pdf":
            yield f"The Lernplan has {len(pikepdf.open(io.BytesIO(result.timed.raw)).pages)} pages."


def machine():
    """What the numbers depend on."""
    return (
        f"{os.cpu_count()} x {processor()}, {memory():.0f} GiB, {platform.system()}, Python {platform.python_version()}, "
        f"Django {version('django')}, granian {version('granian')}, SQLite {sqlite3.sqlite_version}, "
        f"load {os.getloadavg()[0]:.1f} at the end"
    )


def processor():
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text()) if sys.platform == "linux" else None
    return found[1].strip() if found else platform.machine()


def memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=100, help="measured requests per page")
    arguments.add_argument("--only", nargs="+", choices=PAGES, help="print these pages, and write no report")
    asked = arguments.parse_args()
    text, broken = report(*measure(asked.only or PAGES, asked.requests), asked.requests)
    if not asked.only:
        for part in (load, entering, telling_apart, slow, documents, staff, growth, long_jobs, killed):
            said, missed = part.report(part.measure())
            text, broken = f"{text}\n{said}", broken + missed
        REPORT.write_text(text)
    print(text)
    if broken:
        sys.exit(f"{len(broken)} over budget.")


if __name__ == "__main__":
    main()
