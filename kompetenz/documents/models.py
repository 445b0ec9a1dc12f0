"""What the administration puts at the head of its papers and pages."""

from base64 import b64encode
from hashlib import sha256

from django.db import models

from kompetenz.documents.emblem import MOST_BYTES, TYPES


class EmblemQuerySet(models.QuerySet):
    def replace(self, kind, content, for_letters=b""):
        """The coat of arms or logo is this one from now on; ``kind`` and ``content`` as ``emblem.accepted`` gives them."""
        new = {"kind": kind, "content": content, "for_letters": for_letters}
        return self.update_or_create(only=True, defaults=new)


class Emblem(models.Model):
    """The administration's coat of arms or logo: one for the whole installation, or none.

    ``content`` is what ``emblem.accepted`` has let in: a PNG, or an SVG without scripts and addresses. Mail programs show no SVG:
    beside one HR may lay the same as PNG, ``for_letters``.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    kind = models.CharField("Art", max_length=3, choices=[(kind, kind.upper()) for kind in TYPES])
    content = models.BinaryField("Bild", max_length=MOST_BYTES)
    for_letters = models.BinaryField("Bild für E-Mails", max_length=MOST_BYTES, blank=True, default=b"")
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
    def as_png(self):
        """What letters show; empty where there is a drawing alone."""
        return bytes(self.content if self.kind == "png" else self.for_letters)

    @property
    def as_data(self):
        """The picture as an address that holds it."""
        return f"data:{self.media_type};base64,{b64encode(self.content).decode()}"

    @property
    def version(self):
        """Another one for another picture."""
        return sha256(self.content).hexdigest()[:16]
