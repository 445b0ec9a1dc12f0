"""System checks of the documents."""

from django.core.checks import Warning as CheckWarning

from kompetenz.documents.pdf import missing_packages


def libraries_for_pdf(app_configs, **kwargs):
    """Warn where PDFs cannot be made; everything else runs without them."""
    packages = missing_packages()
    if not packages:
        return []
    return [
        CheckWarning(
            "PDFs können auf diesem Rechner nicht erstellt werden.",
            hint=f"apt-get install --no-install-recommends {' '.join(packages)}",
            id="kompetenz.W003",
        )
    ]
