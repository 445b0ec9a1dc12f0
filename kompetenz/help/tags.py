"""What texts of the help are made of, besides words: ``{% load help %}``."""

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from kompetenz.help.articles import BY_WORD

WIDTH, HEIGHT = 880, 560  # of every picture, as docs/screenshots.py takes them

register = template.Library()


@register.simple_tag
def article(word):
    """A link to another article, by its title."""
    return format_html('<a href="{}">{}</a>', reverse("help_article", args=[word]), BY_WORD[word].title)


@register.inclusion_tag("help/_picture.html")
def picture(name, shows):
    """A picture of the invented Landkreis; ``shows`` says in words what is on it."""
    return {"address": static(f"images/help/{name}.webp"), "shows": shows, "width": WIDTH, "height": HEIGHT}
