"""Where the links in e-mails lead."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

AT_HOME = {"127.0.0.1", "localhost", "::1"}


@register
def links_lead_to_this_installation(app_configs, **kwargs):
    """A real installation is told when the links in its e-mails lead nobody here."""
    address = urlsplit(settings.SITE_URL)
    leads_here = address.scheme in {"http", "https"} and address.hostname and address.hostname not in AT_HOME
    if leads_here or settings.DEBUG or settings.DEMO:
        return []
    return [
        CheckWarning(
            f"Die Links in E-Mails beginnen mit „{settings.SITE_URL}“ und führen andere nicht hierher.",
            hint="In .env oder der Umgebung: SITE_URL=https://... (docs/betrieb.md).",
            id="kompetenz.W002",
        )
    ]
