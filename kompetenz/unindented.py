"""Loads our templates without the white space that only their layout needs, and with what is always the same written out.

Templates are broken and indented to be read. On the way to the browser that would be a third of a page, and a sentence
would hold line breaks. It is taken out once, when a template is compiled, and only where it cannot be seen: a line
break with the indentation behind it becomes one blank, or nothing beside the tag of a block. Line breaks without
indentation stay, so that what a <textarea> holds can be written at the beginning of a line. Nor does a blank stand before
an {% if %} that goes on with a comma or a full stop.

Addresses without arguments and of static files are the same on every page: they become text when a template is compiled, too.
The first page that needs a template decides for all: there is one language, one urlconf, and one path under which a process
serves (SCRIPT_NAME, always empty in kompetenz.serving).
"""

import re
from itertools import zip_longest

from django.conf import settings
from django.template.base import TextNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import base, cached
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape

OURS = str(settings.BASE_DIR / "templates")
BLOCK = (
    r"(?:html|head|body|title|meta|link|script|main|nav|header|footer|section|article|div|p|h[1-6]|hr|br|ul|ol|li|dl|dt|dd"
    r"|table|caption|thead|tbody|tfoot|tr|th|td|form|fieldset|legend|details|summary|noscript|option|optgroup)\b"
)
LAYOUT = r"[ \t]*\n[ \t\n]*[ \t]"
AFTER_A_BLOCK = re.compile(rf"(<{BLOCK}[^<>]*>|</{BLOCK}>){LAYOUT}", re.IGNORECASE)
BEFORE_A_BLOCK = re.compile(rf"{LAYOUT}(?=</?{BLOCK})", re.IGNORECASE)
ELSEWHERE = re.compile(LAYOUT)
AT_THE_END = re.compile(rf"{LAYOUT}\Z")


def without_layout(text):
    text = BEFORE_A_BLOCK.sub("", AFTER_A_BLOCK.sub(r"\1", text))
    return ELSEWHERE.sub(" ", text)


def take_layout_out(nodes):
    """Of everything in these nodes, also of what stands between the tags of a component: Django does not list that."""
    for node, following in zip_longest(nodes, nodes[1:]):
        if isinstance(node, TextNode):
            node.s = without_layout(AT_THE_END.sub("", node.s) if goes_on(following) else node.s)
        for name in {*node.child_nodelists, "nodelist"}:
            take_layout_out(getattr(node, name, None) or [])


def goes_on(node):
    """Whether it may add to the sentence before it."""
    first = node.nodelist[:1] if isinstance(node, IfNode) else []
    return any(isinstance(one, TextNode) and one.s.startswith(tuple(",;.:)")) for one in first)


def write_out(nodes):
    """Put text in the place of all that is always the same, and what stands side by side together."""
    written = []
    for node in nodes:
        for inner in nodes_in(node):
            write_out(inner)
        if isinstance(node, CommentNode | LoadNode):
            continue
        text = constant(node)
        if text is None:
            written.append(node)
        elif written and isinstance(written[-1], TextNode):
            written[-1] = TextNode(written[-1].s + text)
        else:
            written.append(TextNode(text))
    nodes[:] = written


def nodes_in(node):
    if isinstance(node, IfNode):  # its own list of them is a copy
        return [nodes for _, nodes in node.conditions_nodelists]
    return filter(None, (getattr(node, name, None) for name in {*node.child_nodelists, "nodelist"}))


def constant(node):
    """The text that this node is on every page, or None."""
    if isinstance(node, TextNode):
        return node.s
    if isinstance(node, StaticNode) and not node.varname and is_written(node.path):
        return conditional_escape(StaticNode.handle_simple(node.path.var))
    if isinstance(node, URLNode) and not (node.args or node.kwargs or node.asvar) and is_written(node.view_name):
        try:
            return conditional_escape(reverse(node.view_name.var))
        except NoReverseMatch:  # of an app that is not installed here
            return None
    return None


def is_written(expression):
    """Whether it stands in quotation marks."""
    return isinstance(expression.var, str) and not expression.filters


class Compiling(base.Loader):
    """Makes a template ready before anybody else can have it: another thread might be rendering it meanwhile."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        if template.origin.name.startswith(OURS):
            take_layout_out(template.nodelist)
            write_out(template.nodelist)
        return template


class Loader(cached.Loader, Compiling):
    """Django's own cached loader, which keeps what Compiling gives it; templates of other packages stay as they are."""
