"""Texts with which the purpose and the procedure of a round may begin, to be chosen and changed. No Django in here."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class SampleText:
    """A text for one field of a round; ``name`` says what it is for. What stands in [ ] is to be filled in."""

    name: str
    text: str


SAMPLES = {
    "purpose": (
        SampleText(
            "Erste Runde, für alle",
            "Wir möchten wissen, was Sie für die Digitalisierung brauchen, und es mit Ihnen aufbauen. Dazu schätzen Sie ein, wie sicher "
            "Sie in 25 Kompetenzen sind. Ihre Führungskraft tut das unabhängig von Ihnen. Danach sprechen Sie beide darüber und "
            "vereinbaren, was Sie lernen möchten und wie viel Zeit Sie dafür bekommen.\n\n"
            "Die Runde ist keine dienstliche Beurteilung. Was Sie angeben, wird nicht für Beurteilung, Beförderung, Leistungsentgelt oder "
            "Disziplinarisches verwendet. Es gibt keine Note und keine Rangliste. Grundlage ist die Dienstvereinbarung vom [Datum].",
        ),
        SampleText(
            "Pilot in einer Einheit",
            "Sie probieren das Kompetenzrad als Erste aus. Wir möchten erfahren, ob es Ihnen nützt, wie viel Zeit es braucht und was "
            "verständlicher werden muss. Was Sie dabei über sich schreiben, bleibt zwischen Ihnen und Ihrer Führungskraft.\n\n"
            "Der Pilot ist keine dienstliche Beurteilung und endet am [Datum]. Danach fragen wir Sie nach Ihrer Meinung und entscheiden "
            "gemeinsam mit dem Personalrat, ob es weitergeht.",
        ),
        SampleText(
            "Folgerunde",
            "Vor [einem Jahr] haben Sie vereinbart, was Sie lernen möchten. Jetzt sehen Sie gemeinsam nach: Was ist gelungen, was hat sich "
            "an Ihren Aufgaben geändert, was kommt als Nächstes? Ihre früheren Angaben bleiben, wie sie sind.\n\n"
            "Auch diese Runde ist keine dienstliche Beurteilung. Es gilt die Dienstvereinbarung vom [Datum].",
        ),
        SampleText(
            "Neue Aufgaben oder neues Fachverfahren",
            "Ihre Aufgaben ändern sich durch [das neue Fachverfahren]. Damit niemand damit allein bleibt, sehen wir vorher nach, was Sie "
            "dafür schon können und was noch fehlt. Daraus entstehen Schulungen während der Arbeitszeit.\n\n"
            "Es geht um Unterstützung, nicht um Eignung. Die Runde ist keine dienstliche Beurteilung.",
        ),
    ),
    "procedure": (
        SampleText(
            "Mit Sprechstunde",
            "1. Selbsteinschätzung: etwa 20 Minuten, am Stück oder mit Pausen. Das ist Arbeitszeit.\n"
            "2. Gespräch mit Ihrer Führungskraft: etwa eine Stunde. Den Termin machen Sie gemeinsam aus.\n"
            "3. Lernplan: wenige Ziele, Maßnahmen und ein Termin, an dem Sie darauf zurückschauen.\n\n"
            "Fragen beantworten wir in der Sprechstunde am [Datum, Uhrzeit, Raum] und am Telefon unter [Nummer].",
        ),
        SampleText(
            "Mit Papier und gemeinsamem Computer",
            "Sie können die Selbsteinschätzung am Computer, am Telefon oder auf Papier ausfüllen. Ein Computer steht "
            "am [Datum] von [Uhrzeit] bis [Uhrzeit] in [Raum]; dort hilft Ihnen [Name] beim Anmelden. Den Bogen auf "
            "Papier bekommen Sie bei [Name]. Unterschreiben Sie ihn und geben Sie ihn im verschlossenen Umschlag "
            "zurück. Wer ihn einträgt, liest ihn. Er gilt erst, wenn Sie die Eintragung bestätigt haben; ohne "
            "dienstliche E-Mail-Adresse, wenn eine zweite Person ihn ebenso eingegeben hat.",
        ),
    ),
}


def with_sample(typed: str, sample: str) -> str:
    """What stands in the field then: nothing that was typed is written over, the sample follows below it, and only once."""
    if sample in typed:
        return typed
    return f"{typed.rstrip()}\n\n{sample}" if typed.strip() else sample


TO_BE_FILLED_IN = frozenset(
    re.findall(r"\[[^\]]+\]", " ".join(sample.text for samples in SAMPLES.values() for sample in samples))
)


def left_open(*texts: str) -> list[str]:
    """What of a sample still waits to be filled in, in the order in which it stands there; other brackets are the writer's own."""
    found = re.findall(r"\[[^\]]+\]", " ".join(texts))
    return list(dict.fromkeys(one for one in found if one in TO_BE_FILLED_IN))
