"""Every form of a page, filled in as somebody would: what its buttons, and htmx for single fields, would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.clock import in_days

TYPED = "Getippt & nicht gespeichert"
BY_TYPE = {"number": "7", "time": "11:11", "email": "jemand@test.example", "date": f"{in_days(30)}"}


@dataclass
class Sent:
    """A request that a page can make. ``fields`` are lists of values by their names."""

    address: str
    fields: dict[str, list[str]]
    by_htmx: bool = False

    def by(self, client):
        htmx = {"HTTP_HX_REQUEST": "true"} if self.by_htmx else {}
        return client.post(self.address, self.fields, **htmx)


@dataclass
class Form:
    address: str | None
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    def sent(self):
        """Once for each of its buttons, and for each part of it that saves by itself."""
        for address, name, value in self.buttons or [("", "", "")]:
            pairs = [*self.fields, *([(name, value)] if name else [])]
            yield Sent(address or self.address, by_name(pairs))
        for address, pairs in self.parts:
            hidden = [(name, value) for name, value in self.fields if "was-" in name or name == "read"]
            yield Sent(address, by_name([*hidden, *pairs]), by_htmx=True)


def by_name(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


class Forms(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.page, self.ids, self.forms, self.open = page, {}, [], []  # open: (tag, form or part)
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            address = urljoin(self.page, found.get("action") or "")
            form = Form(address if found.get("method") == "post" else None)
            self.forms.append(form)
            self.ids[found.get("id")] = form
            self.open.append(("form", form))
        elif "hx-post" in found and tag not in {"button", "input", "textarea", "select"}:
            self.open.append((tag, (urljoin(self.page, found["hx-post"]), [])))
        elif self.open and tag == self.open[-1][0]:
            self.open.append((tag, None))
        if tag == "select":
            self.select = (found, [])
        elif tag == "option":
            self.select[1].append(found.get("value", ""))
        elif tag == "textarea":
            self.textarea = found
            self.add(found, TYPED)
        elif tag == "input" and "disabled" not in found:
            self.input(found)
        elif tag == "button" and found.get("type", "submit") == "submit" and (form := self.form_of(found)):
            form.buttons.append((found.get("formaction", ""), found.get("name", ""), found.get("value", "")))

    def input(self, found):
        kind = found.get("type", "text")
        if kind in {"file", "submit"}:
            return
        value = found.get("value") or ("on" if kind == "checkbox" else BY_TYPE.get(kind, TYPED))
        if kind == "hidden":
            value = found.get("value", "")
        if kind == "radio":  # the last one is chosen
            self.remove(found)
        self.add(found, value)

    def handle_endtag(self, tag):
        if tag == "select":
            found, values = self.select
            self.add(found, values[-1] if values else "")
        if self.open and self.open[-1][0] == tag:
            _, what = self.open.pop()
            if isinstance(what, tuple) and what[1] and self.form_of({}):
                self.form_of({}).parts.append(what)

    def form_of(self, found):
        if "form" in found:
            return self.ids.get(found["form"])
        return next(
            (what for _, what in reversed(self.open) if isinstance(what, Form)), self.forms[-1] if self.forms else None
        )

    def lists(self, found):
        part = next((what[1] for _, what in reversed(self.open) if isinstance(what, tuple)), None)
        form = self.form_of(found)
        return [one for one in (part, form.fields if form else None) if one is not None]

    def add(self, found, value):
        if found.get("name") and found["name"] != "csrfmiddlewaretoken":
            for fields in self.lists(found):
                fields.append((found["name"], value))

    def remove(self, found):
        for fields in self.lists(found):
            fields[:] = [pair for pair in fields if pair[0] != found["name"]]


def forms_of(address, html):
    """Everything that the page at this address can send by POST."""
    reader = Forms(address)
    reader.feed(html)
    return [
        sent for form in reader.forms if form.address is not None for sent in form.sent() if urlsplit(sent.address).path
    ]
