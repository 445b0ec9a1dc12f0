"""Rows that are written once and never changed: what happened stays as it was noted."""

from django.db import models

NEVER_CHANGED = "Das Protokoll wird nur fortgeschrieben."


class AppendedQuerySet(models.QuerySet):
    def update(self, **changes):  # noqa: ARG002 - Django's
        """Nobody's."""
        raise TypeError(NEVER_CHANGED)

    def delete(self):
        """Nobody's; rows go with what they are about, or are forgotten when they are too old."""
        raise TypeError(NEVER_CHANGED)


class Appended(models.Model):
    """Neither changed nor deleted by any code that means to; erasing a person takes theirs along."""

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError(NEVER_CHANGED)
        super().save(**kwargs)

    def delete(self, **kwargs):  # noqa: ARG002 - Django's
        raise TypeError(NEVER_CHANGED)
