"""The parts that pages are built from. Every template has these tags without loading them.

A tag only names what a part needs; what it looks like stands in templates/_components/.
"""

import re
import secrets
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template import Context, defaultfilters, engines
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from kompetenz.amounts import euros
from kompetenz.documents.facts import takes_room
from kompetenz.forms.drawing import attributes, drawn_input, drawn_options
from kompetenz.text import quoted

NOTHING = (None, "", {})
PLACE = "\0"  # around the name of what is put there later; no text holds it (kompetenz.text)

SAID_BY_ITSELF = (bool, tuple)
BLANKS = re.compile(r"[ \n\t]+")  # not what keeps two words together
register = template.Library()
register.filter("attributes", attributes)
register.filter("euros", euros)
register.filter("quoted", quoted)
register.filter("drawn_input", drawn_input)
register.filter("drawn_options", drawn_options)
register.filter("takes_room", takes_room)


def drawn(component, **facts):
    """The component with these facts and nothing else: what a page knows does not leak into its parts."""
    return mark_safe(filled(f"_components/{component}.html", facts))


def filled(template, facts, same=()):
    """``template`` with these facts; it is rendered once for all whose facts are alike, and of others' only the texts put in.

    What is true or false, or a tuple, makes a difference, and whether there is a text: all of that the template may ask. The
    texts themselves it only puts somewhere, without a filter. A dict becomes cells. ``same`` are further facts of any kind.
    """
    pieces = pieces_for(template, facts, same).copy()
    pieces[1::2] = [in_html(facts[name]) for name in pieces[1::2]]
    return "".join(pieces)


def pieces_for(template, facts, same):
    """pieces_of what is like these facts."""
    if settings.DEBUG:
        pieces_of.cache_clear()  # whoever works on a component wants to see it
    # A text first: nearly all of a long list.
    shape = tuple(
        [
            (name, one != "" or "")
            if type(one) is str
            else (name, one if isinstance(one, SAID_BY_ITSELF) else one not in NOTHING or "")
            for name, one in facts.items()
        ]
    )
    return pieces_of(template, shape, same)


@lru_cache(maxsize=1024)
def pieces_of(template, shape, same):
    """HTML, and at every second place the name of what stands there."""
    facts = {name: mark_safe(f"{PLACE}{name}{PLACE}") if one is True else one for name, one in shape}
    html = engines["django"].engine.get_template(template).render(Context(facts | dict(same)))
    return html.strip().split(PLACE)  # the end of the file would be a blank in a sentence


def in_one_go(texts):
    """Each of these as in_html has it: a page of a list has hundreds, and they are escaped together."""
    plain = [one for one in texts if type(one) is str]
    escaped = escape(PLACE.join(plain)).split(PLACE)
    if len(escaped) != len(plain):  # none, or one that no text of ours is
        escaped = map(escape, plain)
    following = iter(escaped)
    return [next(following) if type(one) is str else in_html(one) for one in texts]


def in_html(one):
    if type(one) is str:  # nearly all of a long list
        return escape(one)
    if isinstance(one, dict):
        return cells(one)
    return one.__html__() if hasattr(one, "__html__") else escape(str(one))


def in_one_line(content):
    """What stands in a block, however its lines are broken. It is rendered: every value in it is escaped already."""
    return mark_safe(BLANKS.sub(" ", content).strip())


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Django's own tag of this name and, for whoever is signed in, ``once``: for whom the form was made, and which it is.

    What is sent twice is known by it, what was saved, and what somebody else has filled in before at the same browser.
    """
    field, user = CsrfTokenNode().render(context), context.get("user")
    if user is None or not user.is_authenticated:
        return mark_safe(field)
    return format_html(
        '{}<input type="hidden" name="once" value="{}-{}">', mark_safe(field), user.pk, secrets.token_urlsafe(9)
    )


@register.simple_tag(takes_context=True)
def current_below(context, *words):
    """What marks a link of the main navigation on every page whose address begins with one of these words."""
    return mark_safe('aria-current="page"') if context["request"].path.split("/")[1] in words else ""


@register.simple_tag
def read(form, id="", swapped=False):  # noqa: A002 - the attribute's name
    """What tells whether something else was saved since the page of this ReadForm was made; ``swapped`` by HTMX."""
    named = flatatt({"id": id, "hx-swap-oob": "true"} if swapped else {"id": id} if id else {})
    return format_html('<input type="hidden" name="{}" value="{}"{}>', form.add_prefix("read"), form.read, named)


@register.simple_tag
def suggests(field_id, address, into="vorschlaege", method="get"):
    """What asks ``address`` while somebody types into a field, and puts what it answers ``into`` an element beneath the field."""
    named = {
        f"hx-{method}": address,
        "hx-include": f"#{field_id}",
        "hx-trigger": f"input changed delay:300ms from:#{field_id}",
        "hx-target": f"#{into}",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
    }
    return flatatt(named)


@register.simple_tag(takes_context=True)
def searches(context, into):
    """What asks the page itself while somebody types into this form, and puts what is found ``into`` an element of the page."""
    named = {
        "hx-get": context["request"].path,
        "hx-trigger": "input changed delay:300ms, submit",
        "hx-target": f"#{into}",
        "hx-sync": "this:replace",
        "hx-push-url": "true",
    }
    return flatatt(named)


@register.simple_tag
def complaint(field, error):
    """What is wrong with a field of a form, with a link to it and what the field is called."""
    address, label = field.id_for_label or field.auto_id, str(field.label)
    if quoted(label) in str(error):
        return format_html('<a href="#{}">{}</a>', address, error)
    return format_html('<a href="#{}">{}</a>{} {}', address, label, "" if label[-1:] in "?:." else ":", error)


@register.simple_block_tag
def words(content):
    """Words with values in them, to be given to another tag: ``{% words as title %}Stand {{ day }}{% endwords %}``."""
    return in_one_line(content)


@register.simple_block_tag
def button(content, kind="primary", to="", *arguments, href="", submits=False, **attributes):
    """What sends a form, or with ``to`` (an address by name, and its arguments) or ``href`` a link that looks like it.

    ``kind``: primary, secondary, tertiary. With ``submits`` the form is sent to ``to``. Further attributes follow by
    name, with _ for -; True is an attribute without a value.
    """
    address = reverse(to, args=arguments) if to else href
    if submits:
        attributes["formaction"] = address
    named = flatatt({name.replace("_", "-"): value for name, value in attributes.items()})
    label = in_one_line(content)
    return drawn("button", kind=kind, href="" if submits else address, attributes=named, label=label)


@register.simple_block_tag
def actions(content):
    """Buttons and links side by side: what can be done here."""
    return drawn("actions", content=content)


@register.simple_block_tag
def alert(content, kind, title, role="", id="", in_parts=False):  # noqa: A002 - the attribute's name
    """A framed message; ``kind``: info, success, warning, danger.

    With ``id`` it is what a refused form leads to: app.js moves the focus to "fehler". What stands below the title is
    one part, or with ``in_parts`` several, each an ``alert_part``.
    """
    html = mark_safe(content.strip())  # rendered already, and escaped with it
    body = html if in_parts or not html else drawn("alert_part", content=html)
    return drawn("alert", kind=kind, title=title, role="alert" if id else role, id=id, body=body)


@register.simple_block_tag
def alert_part(content):
    return drawn("alert_part", content=content)


@register.simple_block_tag
def say(content):
    """What a screen reader says of a part that HTMX has put anew. The region that says it stays: of a new one nothing is heard."""
    return drawn("say", content=in_one_line(content))


@register.simple_block_tag
def table(content, caption="", label="", labelled_by="", look="", small=True, shown=False, scrolls=False):
    """A table in a region that scrolls by itself and has a name: ``labelled_by`` an id, else ``label``, else the caption.

    Where all of it fits, app.js takes the region away. On a telephone rows stand one below the other, each cell with the name
    of its ``data-column``; only what is read in both directions ``scrolls``, and says so. The caption is for screen readers
    unless it is ``shown``; ``look`` is a further class.
    """
    named = flatatt({"aria-labelledby": labelled_by} if labelled_by else {"aria-label": label or caption})
    itself = "" if caption or "<caption" in content else named
    return drawn(
        "table",
        caption=caption,
        named=named,
        named_itself=itself,
        look=look,
        small=small,
        shown=shown,
        scrolls=scrolls,
        content=content,
    )


@register.simple_block_tag
def table_head(content):
    """The header row of a table, from ``columns``."""
    return drawn("table_head", content=content)


@register.simple_tag
def columns(*names, kind=""):
    """Headers of columns; ``kind`` num: of numbers, to the right."""
    return drawn("columns", names=names, kind=kind)


@register.simple_block_tag
def badge(content, kind=""):
    """A word or two on the state of a thing; ``kind`` done or overdue."""
    return drawn("badge", kind=kind, content=in_one_line(content))


@register.simple_block_tag
def facts(content):
    """What is known of a thing, each as a ``fact``."""
    return drawn("facts", content=content)


@register.simple_block_tag
def fact(content, name, look=""):
    return drawn("fact", name=name, look=look, content=content)


@register.simple_block_tag
def radio(content, name, value, at, chosen=False):
    """One of several to choose from, with what it is called; ``at`` is its id."""
    return drawn("radio", name=name, value=value, at=at, chosen=chosen, label=in_one_line(content))


@register.simple_tag(takes_context=True)
def level(context, value):
    """A level in word and number, ``Könner (2)``, on the page's ``scale``, that of its round; None is a dash."""
    return level_on(context["scale"], value)


@lru_cache(maxsize=64)
def level_on(scale, value):
    """Drawn once for each scale, for tables have hundreds; what a template does not find comes as an empty text."""
    return drawn("level", level=str(value), name=None if value in (None, "") else scale.names[value])


@register.filter
def cells(texts, more_class=""):
    """The cells of one row, by what their columns are called, in the class of all cells and in ``more_class``.

    A dict, or pairs where two columns may be called alike.
    """
    pairs = texts.items() if isinstance(texts, dict) else texts
    # Every text is escaped; a template that does this for hundreds of cells takes ten times as long.
    return mark_safe(
        "".join(
            [
                f"{cell_in(column, more_class)}{text.__html__() if hasattr(text, '__html__') else escape(text)}</td>"
                for column, text in pairs
            ]
        )
    )


@lru_cache(maxsize=256)
def cell_in(column, more_class):
    return f'<td class="{escape(f"kern-table__cell {more_class}".strip())}" data-column="{escape(column)}">'


@register.simple_tag
def rows(template, found, **same):
    """The rows of a table, each drawn by ``template`` from a dict of its own facts, see filled, and what is the ``same`` for all."""
    same, pieces, texts, places = tuple(same.items()), [], [], []
    for row in found:
        own = pieces_for(template, row, same)
        places += range(len(pieces) + 1, len(pieces) + len(own), 2)
        texts += [row[name] for name in own[1::2]]
        pieces += own
    for place, text in zip(places, in_one_go(texts), strict=True):
        pieces[place] = text
    return mark_safe("".join(pieces))


@register.filter(expects_localtime=True)
def date(day, form=None):
    """Django's own filter, which reads a form letter by letter each time; a page has dozens of days in these two."""
    if not day or form not in ("d.m.Y", None):
        return defaultfilters.date(day, form)
    return f"{day:%d.%m.%Y}" if form else f"{day.day}.\xa0{MONTHS[day.month]} {day.year}"  # as formats/de has it


@register.filter
def answer(value, scale):
    """An answer as it is kept in a form: a level of the scale, or "x" for "kann ich nicht beurteilen"."""
    return "kann ich nicht beurteilen" if value == "x" else scale.names[int(value)]


@register.filter
def was(name):
    """The hidden field that says what the page has shown in the field of this name; see forms.stamp.seen_in."""
    kind, dash, rest = name.partition("-")
    return f"{kind}-was-{rest}" if dash else f"was-{name}"


@register.filter
def is_optional(field):
    """Whether a form says so beside this field: not of a search, nor of what can be left for later but not for ever.

    Nor of a list to choose from: its first entry says what holds where nothing else is chosen.
    """
    searches = getattr(field.field.widget, "input_type", "") == "search" or not getattr(field.form, "is_printed", True)
    chooses = field.widget_type == "select"
    return not (field.field.required or searches or chooses or getattr(field.field, "needed_later", False))


@register.simple_tag
def level_choice(name, at, levels, chosen, form="", cannot_judge=False, short=False):
    """The radio buttons for one competency: ``name`` and ``at`` make the field's name, ``chosen`` is an answer or None.

    ``levels`` are those of Catalogue.levels_as_text. Their anchors stand beside the names, or with ``short`` in tooltips.
    """
    known = tuple((level["value"], level["name"], level["anchor"]) for level in levels)
    return radio_buttons(f"{name}-{at}", known, str(chosen), form, cannot_judge, short)


@lru_cache(maxsize=2048)  # the same for everybody who rates with the same texts, and a form has a hundred
def radio_buttons(name, levels, chosen, form, cannot_judge, short):
    choices = [(value, word, anchor, value == chosen) for value, word, anchor in levels]
    if cannot_judge:
        choices.append(("x", "kann ich nicht beurteilen", "", chosen == "x"))
    return mark_safe(
        engines["django"]
        .engine.get_template("_components/level_choice.html")
        .render(Context({"name": name, "choices": choices, "form": form, "short": short}))
    )
