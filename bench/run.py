"""Measures the app against H and against what docs/benchmarks.md promises; exits 1 if a promise is broken."""

import argparse
import io
import os
import platform
import re
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import documents, load, staff, stage
from bench.cold import ColdLoad, cold_loads
from bench.pages import PAGES, PDFS, Budget
from bench.timing import HELLO, Timed, side_by_side

REPORT = stage.ROOT / "docs" / "benchmarks.md"
PDF_TIMES = 20
RUNS = 3


@dataclass
class Result:
    name: str
    title: str
    budget: Budget
    timed: Timed
    hello: Timed
    sql: int
    cold: ColdLoad | None = None
    base: "Result | None" = None  # the same page in the small district, measured beside it

    @property
    def ratio(self):
        return self.timed.p50 / self.hello.p50

    @property
    def growth(self):
        return self.timed.p50 / self.base.timed.p50 if self.base else None

    def timing_missed(self):
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
        return [f"{self.title}: {text}" for text in self.timing_missed() + broken]


def measure_page(name, ports, pages, times):
    """Time a page beside H; the overview of the large district also beside that of the small one."""
    title, budget = PAGES[name]
    large = name == "overview-5000"
    key = "overview" if large else name
    wanted = [(ports["hello"], HELLO), (ports["200"], pages["200"][key])]
    if large:
        wanted.append((ports["5000"], pages["5000"][key]))
    hello, *measured = side_by_side(wanted, warm_ups=10 if times > PDF_TIMES else 3, times=times)
    results = [Result(name, title, budget, measured[0], hello, pages["200"][key]["sql"])]
    if large:
        results.append(Result(name, title, budget, measured[1], hello, pages["5000"][key]["sql"], base=results[0]))
    return results[-1]


def median_run(name, ports, pages, times):
    """Of several runs the middle one: what else the machine does falls on the page, or on H."""
    runs = [measure_page(name, ports, pages, PDF_TIMES if name in PDFS else times) for _ in range(RUNS)]
    return sorted(runs, key=lambda run: run.growth or run.ratio)[RUNS // 2]


def measure(times):
    """All results, and how many people take part in the rounds of both districts."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        static = directory / "static"
        envs = {size: stage.environment(stage.seeded(int(size), directory), static) for size in ("200", "5000")}
        stage.manage("collectstatic", "--noinput", "--verbosity", "0", env=envs["200"])
        looked = {size: stage.look_inside(env) for size, env in envs.items()}
        pages = {size: found["pages"] for size, found in looked.items()}
        with (
            stage.served("bench.hello:application") as hello,
            stage.served("kompetenz.wsgi:application", envs["200"]) as small,
            stage.served("kompetenz.wsgi:application", envs["5000"]) as large,
        ):
            ports = {"hello": hello, "200": small, "5000": large}
            results = [median_run(page, ports, pages, times) for page in PAGES]
            add_cold_loads(results, ports, pages)
    return results, {size: found["participants"] for size, found in looked.items()}


def add_cold_loads(results, ports, pages):
    small = cold_loads(
        ports["200"], {n: asked for n, asked in pages["200"].items() if n not in {"answer", "path", *PDFS}}
    )
    large = cold_loads(ports["5000"], {"overview": pages["5000"]["overview"]})
    for result in results:
        result.cold = large.get("overview") if result.base else small.get(result.name)


def report(results, participants, times):
    pdf = next(result for result in results if result.name == "pdf")
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%d %B %Y}: {machine()}.",
        "",
        (
            "`H` is one view of a bare Django without middleware. It and the app run behind the same granian (1 worker, "
            f"2 threads). One user asks {times} times ({PDF_TIMES} for a PDF) after a warm-up, over a new connection each "
            f"time, and asks H in turn. That is repeated, and of {RUNS} runs the one with the median ratio counts. SQL is "
            "counted inside the process, without BEGIN, COMMIT and SAVEPOINT. The demo district of 200 people has "
            f"{participants['200']:,} in its running round, that of 5,000 has {participants['5000']:,}."
        ),
        "",
        "| Page | p50 ms | p95 ms | x H | H ms | SQL | HTML kB | gzip kB | cold load KiB | requests | budget |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        *[row(result) for result in results],
        "",
        f"The Lernplan has {pages_of(pdf.timed.raw)} pages. {cold_note(results)}",
        "",
    ]
    broken = [text for result in results for text in result.missed()]
    if broken:
        lines += ["Over budget:", "", *[f"- {text}" for text in broken], ""]
    return "\n".join(lines), broken


def row(result):
    timed, cold = result.timed, result.cold
    is_html = result.name not in {"path", *PDFS}
    cells = [
        result.title,
        f"{timed.p50 * 1000:.1f}",
        f"{timed.p95 * 1000:.1f}",
        f"{result.ratio:.1f}",
        f"{result.hello.p50 * 1000:.2f}",
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


def pages_of(pdf):
    import pikepdf

    return len(pikepdf.open(io.BytesIO(pdf)).pages)


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
    times = arguments.parse_args().requests
    text, broken = report(*measure(times), times)
    for part in (load, documents, staff):
        said, missed = part.report(part.measure())
        text, broken = f"{text}\n{said}", broken + missed
    REPORT.write_text(text)
    print(text)
    if broken:
        sys.exit(f"{len(broken)} over budget.")


if __name__ == "__main__":
    main()
