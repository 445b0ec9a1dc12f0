"""Why a document cannot be made; its own module, for pdf.py loads the engine late and both raise these."""

from kompetenz.refusals import Refused


class PdfUnavailable(Refused):
    """The machine lacks the libraries that set type; the message may be shown to anyone."""

    def __init__(self) -> None:
        super().__init__(
            "PDFs können auf diesem Server zurzeit nicht erstellt werden, weil ein Programm zum Schriftsatz fehlt. "
            "Bitte geben Sie Ihrer IT Bescheid. Ihre Angaben sind gespeichert."
        )


class ContentRefused(Exception):
    """A document asked for a file or an address outside the folders of static files."""
