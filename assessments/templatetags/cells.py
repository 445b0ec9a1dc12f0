"""Rows of long tables, written in one go: a loop over every cell takes a template longer than all else on the page."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def cells(texts, more_class=""):
    """These texts as the cells of one row, in the class of all cells and in ``more_class``."""
    start = f'<td class="{escape(f"kern-table__cell {more_class}".strip())}">'
    return mark_safe("".join(f"{start}{escape(text)}</td>" for text in texts))
