"""The papers that an introduction needs, printed from what the app is and how it is set (DESIGN 4; paper 4.3.1).

Each is one template of plain HTML (headings, paragraphs, lists, tables): page, PDF and the text to edit are made of it. A new paper gets a
line in PAPERS and its template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.template.loader import render_to_string

from assessments.models import Round
from assessments.peers.asking import minimum
from assessments.telling.who_sees import who_sees
from kompetenz.catalogue.models import Competency, Level
from kompetenz.people import crowd, installation
from kompetenz.people.models import Person
from kompetenz.people.models.right_changes import NEW
from kompetenz.privacy.models import Notice
from kompetenz.privacy.retention import wording
from kompetenz.privacy.rules import BY_MODEL, RULES, TABLES
from learningplans.models import TIME_TO_ANSWER

from .measures import measures, risks
from .reports import REPORTS
from .rights import AREAS, READERS

SIZES = (
    50,
    100,
    250,
    500,
    1000,
    2500,
    5000,
    10_000,
)  # of an administration, in steps: a paper is not another with each who comes
MANY_PEOPLE = 1000
VARIANTS = {
    "voluntary": ("Teilnahme", {"ja": "freiwillig", "nein": "verpflichtend"}),
    "levels": ("Personalentwicklung sieht Stufen", {"nein": "nein", "ja": "ja"}),
    "colleagues": ("Kollegium wird gefragt", {"nein": "nein", "ja": "ja"}),
}


def about_rights():
    usual = Round()
    return {
        "areas": AREAS,
        "readers": list(READERS.values()),
        "since": who_sees(usual),
        "hr_group": group_of_directory("HR"),
        "auditor_group": group_of_directory("AUDITOR"),
        "technicians": Person.objects.filter(Q(is_superuser=True) | Q(is_staff=True), is_active=True).count(),
        "repaired": repaired(),
        "new_days": NEW.days,
    }


def repaired():
    """What the technical administration can change on its pages, by the names of the catalogue of data."""
    import_module(settings.ROOT_URLCONF)  # which takes away from these pages what libraries have put there
    return sorted(BY_MODEL[model._meta.label_lower].name for model in admin.site._registry)  # noqa: SLF001


def group_of_directory(right):
    """The group of the directory that gives this right, however it is asked; "" where the right is given in here."""
    asked = "OIDC" if settings.OIDC_SERVER else "LDAP" if settings.LDAP_SERVER else ""
    return asked and getattr(settings, f"{asked}_{right}_GROUP")


def about_processing():
    """How much is rated, and of how many people in words."""
    people = Person.objects.employed().count()
    size = next((f"weniger als {size}" for size in SIZES if people < size), f"mindestens {SIZES[-1]}")
    levels = list(Level.objects.order_by("value").values_list("name", flat=True))
    return {
        "size": size,
        "people_are_many": people >= MANY_PEOPLE,
        "competencies": Competency.objects.count(),
        "levels": levels,
    }


def about_agreement():
    ways = Round.Disclosure
    return {"variant": chosen({}), "disclosure": ways.BOTH.label, "disclosure_in_talk": ways.TALK.label}


def about_retention():
    latest = settings.RETENTION_DAYS["notice"] + Notice.EVERY.days
    return {"rules": [(rule, wording.period_of(rule)) for rule in RULES.values()], "latest": latest}


def about_everybody():
    """For the notices to employees: what is kept of everybody and how long, and their master data."""
    person = BY_MODEL["people.person"]
    kept = [rule for rule in RULES.values() if rule.announced or rule.key in wording.OF_EVERYBODY]
    return {
        "kept": [(rule, wording.period_of(rule)) for rule in kept],
        "master_data": [name for field, name in person.personal.items() if field not in person.withheld],
    }


def catalogue_of_data():
    """(rule, period, [(table, what it says of people, who signed it)]) for every rule that holds for a field.

    A table stands under each rule that holds for one of its fields. Who signed a record stands with the record, since the name goes
    when that does; where nothing else of a table is about people, under the rule of signatures.
    """
    found = {rule.key: [] for rule in RULES.values()}
    for table in TABLES:
        ruled = {}
        for name, word in table.personal.items():
            ruled.setdefault(table.rule_of(name), []).append(word)
        signed = list(dict.fromkeys(table.signed.values()))
        main = next(iter(ruled), "signature")
        if signed:
            ruled.setdefault(main, [])
        for key, words in ruled.items():
            found[key].append((table, words, signed if key == main else []))
    return [(RULES[key], wording.period_of(RULES[key]), tables) for key, tables in found.items() if tables]


@dataclass(frozen=True)
class Paper:
    """A paper at /unterlagen/<slug>/; ``facts()`` is what its template needs beyond the settings.

    Muster have to be looked at by a lawyer.
    """

    slug: str
    title: str
    about: str
    template: str
    facts: Callable[[], dict[str, Any]] = dict
    is_sample: bool = False
    has_variants: bool = False

    def html(self, **more):
        """Its text as plain HTML, the same for page, PDF and editing. Queries do not grow with the number of people."""
        facts = {
            **installation.on_information_pages(),
            "organisation": settings.ORGANISATION,
            "contact_email": settings.CONTACT_EMAIL,
            "peer_minimum": minimum(),
            "results_minimum": crowd.minimum(),
            "directory": installation.directory(),
            "days_to_answer": TIME_TO_ANSWER.days,
            "notice_days": settings.RETENTION_DAYS["notice"],
            "periods": {rule.key: wording.period_of(rule) for rule in RULES.values()},
        }
        return render_to_string(self.template, facts | self.facts() | more)


PAPERS = {
    paper.slug: paper
    for paper in (
        Paper(
            "dienstvereinbarung",
            "Muster-Dienstvereinbarung",
            "Vollständiges Muster als Anfang der Verhandlung; ob freiwillig, mit Stufen und mit Kollegium, wählen Sie.",
            "papers/texts/agreement.html",
            about_agreement,
            is_sample=True,
            has_variants=True,
        ),
        Paper(
            "rechte",
            "Rechte- und Rollenkonzept",
            "Wer was lesen und tun darf, aus den Regeln der Anwendung.",
            "papers/texts/rights.html",
            about_rights,
        ),
        Paper(
            "loeschkonzept",
            "Löschkonzept",
            "Was wie lange bleibt und was dann geschieht, aus den Regeln, die jeden Tag ausgeführt werden.",
            "papers/texts/retention.html",
            about_retention,
        ),
        Paper(
            "daten",
            "Datenkatalog",
            "Alle Angaben über Personen, Tabelle für Tabelle, mit ihrer Frist.",
            "papers/texts/data.html",
            lambda: {"catalogue": catalogue_of_data()},
        ),
        Paper(
            "berichte",
            "Berichtskatalog",
            "Alle Dateien, die die Anwendung ausgibt, und wer sie bekommt.",
            "papers/texts/reports.html",
            lambda: {"reports": REPORTS},
        ),
        Paper(
            "datenschutzhinweise",
            "Datenschutzhinweise",
            "Information der Beschäftigten nach Art. 13 DSGVO.",
            "papers/texts/privacy.html",
            about_everybody,
        ),
        Paper(
            "verarbeitung",
            "Eintrag für das Verzeichnis von Verarbeitungstätigkeiten",
            "Nach Art. 30 DSGVO, mit den Einstellungen dieser Anwendung.",
            "papers/texts/processing.html",
        ),
        Paper(
            "schwellwertanalyse",
            "Schwellwertanalyse zur Datenschutz-Folgenabschätzung",
            "Neun Merkmale, beantwortet soweit die Anwendung es kann.",
            "papers/texts/threshold.html",
            about_processing,
            is_sample=True,
        ),
        Paper(
            "massnahmen",
            "Technische und organisatorische Maßnahmen",
            "Nach Art. 32 DSGVO, mit den Einstellungen dieser Anwendung.",
            "papers/texts/measures.html",
            lambda: {"measures": measures(), "risks": risks()},
        ),
        Paper(
            "barrierefreiheit",
            "Erklärung zur Barrierefreiheit",
            "Stand, Ausnahmen und wohin man sich wendet.",
            "papers/texts/accessibility.html",
        ),
    )
}


def chosen(asked):
    """Which variant of the sample agreement ``asked`` (a request's GET) names; what it does not know is as usual."""
    return {
        name: asked.get(name, usual) == "ja" if asked.get(name) in {"ja", "nein"} else usual == "ja"
        for name, (_, answers) in VARIANTS.items()
        for usual in [next(iter(answers))]
    }
