"""What this installation says about itself: on every page, on the pages of information, and what it still owes them."""

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

# What the pages of information must say by law and only the installation knows: setting -> its name on the page.
OWED = {
    "ORGANISATION_ADDRESS": "Anschrift",
    "ORGANISATION_REPRESENTATIVE": "Vertretung der Verwaltung",
    "LEGAL_BASIS": "Rechtsgrundlage",
    "STORAGE_PERIODS": "Löschfristen",
    "SUPERVISORY_AUTHORITY": "Aufsichtsbehörde für den Datenschutz",
    "ENFORCEMENT_BODY": "Durchsetzungsstelle für Barrierefreiheit",
    "ACCESSIBILITY_DATE": "Datum der Erklärung zur Barrierefreiheit",
}
OPTIONAL = ["DATA_PROTECTION_EMAIL", "DATA_RECIPIENTS"]


def on_every_page(request):
    """Context processor: whose app this is, and whether its people are invented."""
    return {"organisation": settings.ORGANISATION, "contact_email": settings.CONTACT_EMAIL, "demo": settings.DEMO}


def on_information_pages():
    """The facts of imprint, privacy and accessibility by their settings' names in lower case; empty where not set."""
    return {name.lower(): getattr(settings, name) for name in [*OWED, *OPTIONAL]}


@register
def information_pages_are_complete(app_configs, **kwargs):
    """A real installation is told which facts its pages of information lack."""
    missing = [name for name in OWED if not getattr(settings, name)]
    if not missing or settings.DEBUG or settings.DEMO:
        return []
    lacking = ", ".join(OWED[name] for name in missing)
    return [
        CheckWarning(
            f"Auf den Seiten Impressum, Datenschutz und Barrierefreiheit fehlt: {lacking}.",
            hint=f"Einzutragen in .env oder der Umgebung: {', '.join(missing)} (README.md, Betreiben).",
            id="kompetenz.W001",
        )
    ]
