"""Staff lists: the one that waits to be confirmed, how its columns were read, and what was taken over."""

from django.db import models
from django.utils import timezone

from kompetenz.forms.stamp import stamp

from .people import Person


class StaffFile(models.Model):
    """A staff list that somebody of HR has uploaded and looks at; deleted once it is taken over, or after a day.

    Nothing of it counts before it is confirmed. There is one for each uploader at most. ``raw`` is the file without what never
    belongs here, ``choices`` what its columns are read as; ``content`` is what is read of it so, nothing as long as that is not
    said. What its preview shows is kept beside it (``shown``, and the rows), with what people and units were when it was compared
    (``as_of``); see staff/previews.py.
    """

    uploaded_by = models.OneToOneField(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField("hochgeladen am", default=timezone.now)
    name = models.CharField("Dateiname", max_length=200)
    as_of = models.CharField("verglichen mit", max_length=64, default="", editable=False)
    shown = models.JSONField("Vorschau", default=dict, editable=False)
    raw = models.BinaryField("Datei", null=True, editable=False)
    choices = models.JSONField("Zuordnung", default=dict, editable=False)
    content = models.BinaryField("Inhalt", null=True)

    class Meta:
        verbose_name = "Personalliste"
        verbose_name_plural = "Personallisten"

    def __str__(self):
        return self.name

    @property
    def stamp(self):
        """What a page sends back that has shown it: another one for another file."""
        return stamp(self.uploaded_at.isoformat())


class StaffFileRow(models.Model):
    """One row of the preview of a staff list, in one of its groups: what it says, and the folded text by which it is found."""

    file = models.ForeignKey(StaffFile, models.CASCADE, related_name="rows", db_index=False)  # see Meta.indexes
    group = models.CharField("Gruppe", max_length=10)
    place = models.PositiveIntegerField("Platz")
    searched = models.TextField("gesucht wird in")
    said = models.JSONField("Angaben")

    class Meta:
        verbose_name = "Zeile einer Vorschau"
        verbose_name_plural = "Zeilen einer Vorschau"
        ordering = ["group", "place"]
        indexes = [models.Index(fields=["file", "group", "place"], name="rows_of_a_preview")]

    def __str__(self):
        return f"{self.group} {self.place}"


class ListShape(models.Model):
    """What the columns of staff lists with these headings are read as, as HR has said it last: for the next list of this shape.

    Of the list itself it holds the headings and the name of the sheet, and nobody's data.
    """

    fingerprint = models.CharField("Kennung der Überschriften", max_length=64, unique=True)
    headings = models.JSONField("Überschriften")
    sheet = models.CharField("Blatt", max_length=60, blank=True)
    keys = models.JSONField("Zuordnung")
    said_at = models.DateTimeField("zuletzt bestätigt am", default=timezone.now)

    class Meta:
        verbose_name = "gemerkte Zuordnung"
        verbose_name_plural = "gemerkte Zuordnungen"

    def __str__(self):
        return ", ".join(filter(None, self.headings))


class FurtherNumber(models.Model):
    """Another personnel number of somebody: of a further contract, whose rows in staff lists are left out as HR has said."""

    number = models.CharField("Personalnummer", max_length=20, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "weitere Personalnummer"
        verbose_name_plural = "weitere Personalnummern"

    def __str__(self):
        return f"{self.number} von {self.person}"


class ListAnswer(models.Model):
    """What HR has answered to a question about a staff list, for the next list in which the same stands: each question once.

    Of what stood there it holds nothing but a mark that cannot be read back. ``person`` is the manager who is meant, or whom HR has named
    in its place; a unit's number, a role's name or a day is ``instead``. ``said_at`` is when HR said so, or when a list that
    was taken over needed it.
    """

    question = models.CharField("Kennung der Frage", max_length=64, unique=True)
    how = models.CharField("Antwort", max_length=10)
    instead = models.CharField("stattdessen gilt", max_length=200, blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", verbose_name="gemeint ist")
    said_at = models.DateTimeField("zuletzt gegeben am", default=timezone.now)

    class Meta:
        verbose_name = "gemerkte Antwort"
        verbose_name_plural = "gemerkte Antworten"

    def __str__(self):
        return f"{self.how} vom {timezone.localdate(self.said_at):%d.%m.%Y}"


class StaffImport(models.Model):
    """That a staff list was taken over: when, by whom (nobody: at the command line), and how much it changed.

    ``difference`` is what it changed, for a workbook and to take it back; it names people and is deleted after 90 days. One that was
    given up half done never ``is_finished``, and tells what it has changed until then; nor is one of which the taking back was given up.
    """

    taken_over_at = models.DateTimeField("übernommen am", default=timezone.now)
    taken_over_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="von")
    name = models.CharField("Dateiname", max_length=200)
    new = models.PositiveIntegerField("neu", default=0)
    changed = models.PositiveIntegerField("geändert", default=0)
    left = models.PositiveIntegerField("ausgeschieden", default=0)
    units = models.PositiveIntegerField("Einheiten", default=0)
    is_finished = models.BooleanField("vollständig", default=False)
    taken_back_at = models.DateTimeField("zurückgenommen am", null=True)
    taken_back_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name="zurückgenommen von"
    )
    difference = models.BinaryField("Unterschied", null=True, editable=False)

    class Meta:
        verbose_name = "übernommene Personalliste"
        verbose_name_plural = "übernommene Personallisten"
        ordering = ["-taken_over_at", "-pk"]

    def __str__(self):
        return f"{self.name} vom {timezone.localdate(self.taken_over_at):%d.%m.%Y}"
