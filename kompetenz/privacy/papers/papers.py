"""The papers that an introduction needs, printed from what the app is and how it is set (DESIGN 4; paper 4.3.1).

Each is one template of plain HTML (headings, paragraphs, lists, tables): page, PDF and the text to edit are made of it. A new paper gets a
line in PAPERS and its template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from assessments.models import Round
from assessments.peers.asking import minimum
from assessments.telling.who_sees import who_sees
from kompetenz.people import crowd, installation
from kompetenz.people.models import Person
from kompetenz.privacy.retention import wording
from kompetenz.privacy.rules import RULES, TABLES

from .measures import measures
from .reports import REPORTS
from .rights import AREAS, READERS

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
        "superusers": Person.objects.filter(is_superuser=True, is_active=True).count(),
    }


def group_of_directory(right):
    """The group of the directory that gives this right, however it is asked; "" where the right is given in here."""
    asked = "OIDC" if settings.OIDC_SERVER else "LDAP" if settings.LDAP_SERVER else ""
    return asked and getattr(settings, f"{asked}_{right}_GROUP")


def about_size():
    people = Person.objects.employed().count()
    return {"people": people, "people_are_many": people >= MANY_PEOPLE, "rounds": Round.objects.opened().count()}


def about_retention():
    return {"rules": [(rule, wording.period_of(rule)) for rule in RULES.values()]}


def catalogue_of_data():
    """(table, what it says of people, the rules that hold for that) for every table that says anything of them."""
    return [
        (table, [*table.personal.values(), *table.signed.values()], rules_of(table))
        for table in TABLES
        if table.personal or table.signed
    ]


def rules_of(table):
    keys = [table.rule_of(key) for key in (*table.personal, *table.signed)]
    return [RULES[key].name for key in dict.fromkeys(keys)]


@dataclass(frozen=True)
class Paper:
    """A paper at /papiere/<slug>/; ``facts()`` is what its template needs beyond the settings. Muster have to be looked at by a lawyer."""

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
        }
        return render_to_string(self.template, facts | self.facts() | more)


PAPERS = {
    paper.slug: paper
    for paper in (
        Paper(
            "dienstvereinbarung",
            "Muster-Dienstvereinbarung",
            "Vollständiges Muster mit drei Varianten, als Anfang der Verhandlung.",
            "papers/texts/agreement.html",
            lambda: {"variant": chosen({})},
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
            lambda: {"tables": catalogue_of_data()},
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
            about_size,
            is_sample=True,
        ),
        Paper(
            "massnahmen",
            "Technische und organisatorische Maßnahmen",
            "Nach Art. 32 DSGVO, mit den Einstellungen dieser Anwendung.",
            "papers/texts/measures.html",
            lambda: {"measures": measures()},
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
