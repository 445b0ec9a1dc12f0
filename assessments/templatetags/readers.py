"""Who sees what, for any page that has a round."""

from django import template

from assessments import readers

register = template.Library()


@register.simple_tag
def who_sees(round_):
    return readers.who_sees(round_)
