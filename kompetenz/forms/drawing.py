"""What forms consist of, written by functions: Django's templates for it take ten times as long, and there are many fields."""

from functools import lru_cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe

LOOKS = {"checkbox": "kern-form-check__checkbox", "radio": "kern-form-check__radio"}
KINDS = (
    "checkbox",
    "color",
    "date",
    "datetime",
    "email",
    "file",
    "hidden",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "time",
    "url",
)
INPUTS = {f"django/forms/widgets/{kind}.html" for kind in KINDS}  # of Django; there is nothing in them but an <input>


def attributes(named):
    """What stands in a tag, as Django's attrs.html: True is an attribute without a value, and False none."""
    return mark_safe("".join(f" {name}{value_of(value)}" for name, value in named.items() if value is not False))


def value_of(value):
    return "" if value is True else f'="{conditional_escape(value)}"'


def drawn_input(widget):
    """The <input> of a widget or of one of its options, as Django describes them to a template."""
    named = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        named["value"] = str(widget["value"])  # True is a value here
    if not widget["attrs"].get("class"):
        named["class"] = LOOKS.get(widget["type"], "kern-form-input__input")
    return mark_safe(f"<input{attributes(named | widget['attrs'])}>")


def drawn_options(options):
    """Those of a <select>, or of one group in it."""
    return mark_safe("".join(map(drawn_option, options)))


def drawn_option(option):
    named = {"value": str(option["value"])} | option["attrs"]
    return f"<option{attributes(named)}>{conditional_escape(option['label'])}</option>"


def options(choices, chosen):
    """Those of a <select> that no form describes, as (value, label)."""
    return options_drawn(tuple(choices), chosen)


@lru_cache(maxsize=256)  # most pages show the same ones, with the same one chosen
def options_drawn(choices, chosen):
    drawn = [
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    ]
    return mark_safe("".join(drawn))
