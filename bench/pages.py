"""What is measured, and what it may cost."""

from dataclasses import dataclass

KIB = 1024


@dataclass(frozen=True)
class Budget:
    """The most a page may cost; None where nothing is promised.

    ``ratio`` is its processor time against that of H, ``growth`` its ratio in a district of 5,000 people
    against that at 200, ``html`` bytes of HTML as sent (gzip), ``cold`` bytes of all its files, and
    ``seconds`` the median itself.
    """

    ratio: float | None = None
    growth: float | None = None
    sql: int | None = None
    html: int | None = None
    cold: int | None = None
    cold_requests: int | None = None
    seconds: float | None = None


PLAIN = {"cold": 60 * KIB, "cold_requests": 8}
WITH_WHEEL = {"cold": 300 * KIB, "cold_requests": 8}

# By the names that inside.py gives its requests.
PAGES = {
    "sign-in": ("Sign-in page", Budget(ratio=5, **PLAIN)),
    "start": ("Start page with wheel", Budget(ratio=35, **WITH_WHEEL)),
    "form": ("Rating form, 25 competencies with anchors", Budget(ratio=15, **WITH_WHEEL)),
    "answer": ("One saved answer", Budget(ratio=12, sql=8)),
    "comparison": ("Comparison with wheel", Budget(ratio=40, html=15_000, **WITH_WHEEL)),
    "plan": ("Lernplan page with wheel and Lernpfad", Budget(ratio=40, **WITH_WHEEL)),
    "overview": ("Round overview, district of 200", Budget(ratio=20, sql=12, **PLAIN)),
    "overview-5000": ("Round overview, district of 5,000", Budget(growth=1.3, **PLAIN)),
    "people": ("List of people, 50 of 200", Budget(ratio=20, sql=12, **PLAIN)),
    "growth": ("Meine Entwicklung", Budget()),
    "pdf": ("Lernplan as PDF", Budget(seconds=0.6)),
    "pdf-summary": ("Summary of the Lernplan as PDF", Budget(seconds=0.6)),
    "pdf-needs": ("Qualifizierungsbedarf as PDF", Budget(seconds=0.6)),
    "pdf-review": ("Record of a review as PDF", Budget(seconds=0.6)),
    "pdf-comparison": ("Comparison as PDF", Budget(seconds=0.6)),
    "pdf-form": ("Empty form to fill in by hand as PDF, 10 pages", Budget(seconds=1)),
    "pdf-growth": ("Meine Entwicklung as PDF", Budget(seconds=0.6)),
}
PDFS = {name for name in PAGES if name.startswith("pdf")}
