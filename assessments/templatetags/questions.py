"""The questions of the rating form: what is the same for everybody who rates with the same texts is rendered once."""

from functools import lru_cache

from django import template
from django.template import Context, engines
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()

MOST = 4000  # so many are kept: of some editions 25 competencies with each answer, for a side and for colleagues
ADDRESS = "\0"  # stands for the address of the assessment in what is kept; no text holds it (kompetenz.text)
WORDS = ("remark", "stored_remark", "stored", "error")  # a row with one of these is rendered for its page alone
kept = {}


@register.simple_tag(takes_context=True)
def question(context, row):
    """One competency of ``rows_of`` with its levels; see assessments/_question.html.

    Kept are the words of an edition with one answer or none, and no words of anybody's.
    """
    facts = {name: context.get(name, "") for name in ("here", "cannot_judge", "takes_remarks")}
    if any(row.get(name) for name in WORDS):
        return drawn(row, facts)
    here, *others = facts.values()
    key = (row["competency"], context["scale"], row["answer"], row["stored_answer"], bool(here), *others)
    if key not in kept:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = drawn(row, facts | {"here": here and ADDRESS}).split(ADDRESS)
    return mark_safe(escape(here).join(kept[key]))  # the pieces are rendered, with every value in them escaped


@lru_cache
def look():
    return engines["django"].engine.get_template("assessments/_question.html")


def drawn(row, facts):
    return look().render(Context({"row": row, **facts}))
