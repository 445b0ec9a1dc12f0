"""System checks of the documents."""

from django.core.checks import Warning as CheckWarning

from kompetenz.documents.pdf import missing_fonts, missing_packages


def libraries_for_pdf(app_configs, **kwargs):
    """Warn where PDFs cannot be made, or not every sign in them; everything else runs without."""
    return [
        CheckWarning(problem, hint=f"apt-get install --no-install-recommends {' '.join(packages)}", id=name)
        for name, problem, packages in [
            ("kompetenz.W003", "PDFs können auf diesem Rechner nicht erstellt werden.", missing_packages()),
            ("kompetenz.W005", "Griechische Buchstaben, Pfeile und Emojis fehlen in PDFs.", missing_fonts()),
        ]
        if packages
    ]
