"""Who sees what, for any page that has a round."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string

from assessments.telling import who_sees

register = template.Library()


@register.simple_tag
def readers(round_):
    return drawn(tuple((one.who, tuple(one.sees), one.note) for one in who_sees.who_sees(round_)))


@lru_cache  # rounds with the same rules say the same
def drawn(found):
    return render_to_string("assessments/_readers.html", {"readers": found})
