"""What is wrong with a page's HTML, as far as nobody sees it: nesting, ids, what points at ids, and headings left out."""

import re
from collections import Counter
from html.parser import HTMLParser

LAYOUT = re.compile(r"\s*(<[^>]*>)\s*")
VOID = set("area base br col embed hr img input link meta source track wbr".split())
NOT_IN_A_PARAGRAPH = set(
    "address article aside blockquote details div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p"
    " section table ul".split()
)
HEADING = re.compile(r"h[1-6]$")
TICKED = ("radio", "checkbox")
POINTING = ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers")


class Reader(HTMLParser):
    """Reads a page or a part of one and notes what a lenient browser would mend in silence."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.pointed_at = [], [], [], []
        self.heading = 6  # of a part it is not known what stands above it

    def handle_starttag(self, tag, attrs):
        where = f"<{tag}> in line {self.getpos()[0]}"
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.problems += [f"{where}: {name} twice" for name in twice]
        if tag in NOT_IN_A_PARAGRAPH and "p" in self.open:
            self.problems.append(f"{where} in a paragraph")
        if HEADING.match(tag):
            if int(tag[1]) > self.heading + 1:
                self.problems.append(f"{where} follows <h{self.heading}>")
            self.heading = int(tag[1])
        attributes = dict(attrs)
        if "autocomplete" in attributes and attributes.get("type") in TICKED:
            self.problems.append(f"{where}: autocomplete where nothing is typed")
        self.ids += [attributes["id"]] if "id" in attributes else []
        for name in POINTING:
            self.pointed_at += [(f"{where}: {name}", id_) for id_ in (attributes.get(name) or "").split()]
        link = attributes.get("href") or ""
        if link.startswith("#"):
            self.pointed_at.append((f"{where}: href", link[1:]))
        if any(" " in (attributes.get(name) or "") for name in ("href", "src", "action")):
            self.problems.append(f"{where}: an address with a blank")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """<rect/> in a drawing is closed by itself; <br/> is void anyway."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.problems.append(f"</{tag}> in line {self.getpos()[0]} where {self.open[-1:] or 'nothing'} is open")


def problems_of(html):
    """Everything found in ``html``, a whole page or a part that htmx puts into one.

    Of a part it is not known what else the page has: what it points at is not looked for.
    """
    reader = Reader()
    reader.feed(html)
    reader.close()
    found = reader.problems + [f"<{tag}> is never closed" for tag in reader.open]
    found += [f"id {id_} {count} times" for id_, count in Counter(reader.ids).items() if count > 1]
    if "<html" in html:
        found += [f"{where} points at {id_}" for where, id_ in reader.pointed_at if id_ not in reader.ids]
    return found


def html_in(response):
    """The HTML of an answer: nothing, if it is something else."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.text if is_html and not response.streaming else ""


def problems_in(response):
    """Everything found in an answer, if it is HTML of ours."""
    return problems_of(html_in(response))


def tight(html):
    """The page without the white space that only its layout has: none around tags, else one blank."""
    return LAYOUT.sub(lambda tag: " ".join(tag[1].split()).replace(" >", ">"), " ".join(html.split()))


class Alike(HTMLParser):
    """Collects where each link, button and fold leads, by the words that a screen reader lists it with.

    What stands in a list or table is told apart from the others there; lists and tables have headings of their own.
    """

    NAMED = ("a", "button", "summary")
    AROUND = ("ul", "ol", "table")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.places, self.count, self.form, self.named, self.words = [0], 0, None, None, []
        self.leads = {}

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.count += 1
        if tag in self.AROUND:
            self.places.append(self.count)
        if tag == "form":
            self.form = attributes.get("id", self.count)
        if tag in self.NAMED:
            to = {
                "a": attributes.get("href"),
                "button": (attributes.get("form", self.form), attributes.get("name"), attributes.get("value")),
                "summary": self.count,
            }[tag]
            self.named, self.words = (tag, to), [attributes.get("aria-label", "")]

    def handle_data(self, data):
        if self.named:
            self.words.append(data)

    def handle_endtag(self, tag):
        if self.named and self.named[0] == tag:
            words = self.words[0] or " ".join("".join(self.words).split())
            self.leads.setdefault((self.places[-1], tag, words), set()).add(self.named[1])
            self.named = None
        elif tag in self.AROUND and len(self.places) > 1:
            self.places.pop()
        elif tag == "form":
            self.form = None


def alike_in(html):
    """The words with which two links, buttons or folds of one place lead to different things."""
    reader = Alike()
    reader.feed(html)
    reader.close()
    return sorted({words for (_, _, words), leads in reader.leads.items() if len(leads) > 1})
