"""Registers the check for the libraries that printing needs."""

from django.apps import AppConfig
from django.core.checks import register

from kompetenz.documents.checks import libraries_for_pdf


class DocumentsConfig(AppConfig):
    """Documents on paper."""

    name = "kompetenz.documents"
    verbose_name = "Dokumente"

    def ready(self):
        """Tell at start, not at the first PDF, when something is missing."""
        register(libraries_for_pdf)
