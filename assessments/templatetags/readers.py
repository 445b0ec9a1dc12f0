"""Who sees what, for any page that has a round."""

from django import template

from assessments.telling.who_sees import who_sees

register = template.Library()
register.simple_tag(who_sees)
