"""The questions of the rating form: what is the same for everybody who rates with the same texts is rendered once."""

from functools import lru_cache

from django import template
from django.template import Context, engines
from django.utils.html import escape
from django.utils.safestring import mark_safe

from kompetenz.templatetags.components import PLACE

register = template.Library()

MOST = 4000  # so many are kept: of some editions 25 competencies with each answer, for a side and for colleagues
ALONE = ("stored", "error")  # a row with one of these is rendered for its page alone
kept = {}


@register.simple_tag(takes_context=True)
def question(context, row):
    """One competency of ``rows_of`` with its levels; see assessments/_question.html.

    Kept are the words of an edition with one answer or none. Where the assessment's address and a remark stand, a page puts
    in its own.
    """
    facts = {name: context.get(name, "") for name in ("cannot_judge", "takes_remarks")}
    texts = {"here": context.get("here", ""), "remark": row["remark"], "stored_remark": row["stored_remark"]}
    if any(row.get(name) for name in ALONE):
        return drawn(row, facts | texts)
    key = (
        row["competency"],
        context["scale"],
        row["answer"],
        row["stored_answer"],
        *facts.values(),
        *map(bool, texts.values()),
    )
    if key not in kept:
        if len(kept) >= MOST:
            kept.clear()
        places = {name: text and f"{PLACE}{name}{PLACE}" for name, text in texts.items()}
        kept[key] = drawn(row, facts | places).split(PLACE)
    pieces = kept[key].copy()
    pieces[1::2] = [escape(texts[name]) for name in pieces[1::2]]
    return mark_safe("".join(pieces))  # the pieces are rendered, with every value in them escaped


@register.filter
def answered_in(rows):
    """How many of these competencies are answered."""
    return sum(bool(row["stored_answer"]) for row in rows)


@lru_cache
def look():
    return engines["django"].engine.get_template("assessments/_question.html")


def drawn(row, facts):
    return look().render(Context({"row": row, **facts}))
