"""What the administration puts at the head of its papers and pages."""

from base64 import b64encode
from hashlib import sha256

from django.db import models

from kompetenz.documents.emblem import MOST_BYTES, TYPES


class EmblemQuerySet(models.QuerySet):
    def replace(self, kind, content):
        """The coat of arms or logo is this one from now on; ``kind`` and ``content`` as ``emblem.accepted`` gives them."""
        return self.update_or_create(only=True, defaults={"kind": kind, "content": content})


class Emblem(models.Model):
    """The administration's coat of arms or logo: one for the whole installation, or none.

    ``content`` is what ``emblem.accepted`` has let in: a PNG, or an SVG without scripts and addresses.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    kind = models.CharField("Art", max_length=3, choices=[(kind, kind.upper()) for kind in TYPES])
    content = models.BinaryField("Bild", max_length=MOST_BYTES)
    uploaded_at = models.DateTimeField("hochgeladen am", auto_now=True)

    objects = EmblemQuerySet.as_manager()

    class Meta:
        verbose_name = "Wappen oder Logo"
        verbose_name_plural = "Wappen oder Logo"
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_emblem")]

    def __str__(self):
        return f"{self.get_kind_display()} vom {self.uploaded_at:%d.%m.%Y}"

    @property
    def media_type(self):
        return TYPES[self.kind]

    @property
    def as_data(self):
        """The picture as an address that holds it."""
        return f"data:{self.media_type};base64,{b64encode(self.content).decode()}"

    @property
    def version(self):
        """Another one for another picture."""
        return sha256(self.content).hexdigest()[:16]
