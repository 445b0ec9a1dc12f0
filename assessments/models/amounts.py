"""Working hours and euros as people plan with them: never below 0, and None as long as nobody knows."""

from django.core.validators import MinValueValidator
from django.db import models


def hours(name, *, max_digits=6):
    return _unknown_or(name, max_digits, 1)


def euros(name):
    return _unknown_or(name, 9, 2)


def _unknown_or(name, max_digits, decimal_places):
    return models.DecimalField(
        name,
        max_digits=max_digits,
        decimal_places=decimal_places,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
