"""What texts of the help are made of, besides words: ``{% load help %}``."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

from kompetenz.help.articles import BY_WORD
from kompetenz.help.guide import blocks

WIDTH, HEIGHT = 880, 560  # of every picture, as docs/screenshots.py takes them

register = template.Library()


@register.simple_tag
def article(word):
    """A link to another article, by its title."""
    return format_html('<a href="{}">{}</a>', reverse("help_article", args=[word]), BY_WORD[word].title)


# Where what a page of docs/ links to is told in the app.
TOLD_IN = {"betrieb.md": "it", "wer-sieht-was.md": "wer-sieht-was"}


@register.inclusion_tag("help/_guide.html")
def guide(name):
    """A page of docs/ as an article, so that whoever has a browser and no files reads it, too."""
    return {"blocks": blocks_of(name)}


@cache
def blocks_of(name):
    leads = {page: reverse("help_article", args=[word]) for page, word in TOLD_IN.items()}
    return list(blocks((settings.BASE_DIR / f"docs/{name}.md").read_text(encoding="utf-8"), leads))


@register.inclusion_tag("help/_picture.html")
def picture(name, shows):
    """A picture of the invented Landkreis; ``shows`` says in words what is on it."""
    return {"address": static(f"images/help/{name}.webp"), "shows": shows, "width": WIDTH, "height": HEIGHT}
