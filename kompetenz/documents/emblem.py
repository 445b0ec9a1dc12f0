"""Which pictures are let in as coat of arms or logo: PNG drawn anew, SVG without anything that acts or leads elsewhere.

An SVG is read, what is the drawing program's own is left out, and only elements and attributes of a drawing stay. Without Django.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import NoReturn
from xml.etree import ElementTree as ET

from kompetenz.refusals import Refused

TYPES = {"png": "image/png", "svg": "image/svg+xml"}
MOST_BYTES = 300_000
MOST_PIXELS = 3000  # in each direction
ON_PAGES = 108  # pixels, three for each of its place
MOST_ELEMENTS = 5000
DEEPEST = 40

SVG = "http://www.w3.org/2000/svg"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
DRAWN = set(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc style clipPath mask"
    " linearGradient radialGradient stop pattern switch".split()
)
FORBIDDEN = set(
    "script foreignObject image feImage a iframe audio video animate animateMotion animateTransform set handler".split()
)
# An address in a style or an attribute is only that of another part of the drawing.
ADDRESS = re.compile(r"url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
PART = re.compile(r"url\(\s*['\"]?\s*#([^'\")\s]+)", re.IGNORECASE)
ACTS = re.compile(r"@import|image-set|src\s*\(|expression\s*\(|javascript:|\\|-moz-binding|behavior\s*:", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*>", re.IGNORECASE)

NEITHER = "Das ist weder ein PNG- noch ein SVG-Bild. Bitte wählen Sie eine Datei, die auf .png oder .svg endet."
TOO_LARGE = f"Die Datei ist zu groß. Sie darf höchstens {MOST_BYTES // 1000} KB haben."
BROKEN = "Das Bild ist beschädigt und lässt sich nicht lesen. Bitte speichern Sie es noch einmal als PNG oder SVG."
TOO_MANY_PIXELS = (
    f"Das Bild ist zu groß. Es darf höchstens {MOST_PIXELS} Pixel breit und {MOST_PIXELS} Pixel hoch sein."
)
TOO_INTRICATE = "Die Zeichnung hat zu viele Teile. Bitte vereinfachen Sie sie, oder speichern Sie sie als PNG."
ACTIVE = "Die Zeichnung enthält {}. Das ist aus Gründen der Sicherheit nicht erlaubt. Bitte speichern Sie sie ohne, oder als PNG."
SCRIPTS, LINKS, ENTITIES = "ein Programm", "eingebettete Bilder oder Verweise auf andere Dateien", "eigene XML-Begriffe"
IN_CIRCLES = "Teile der Zeichnung verweisen im Kreis aufeinander. Bitte speichern Sie sie als PNG."


def accepted(content: bytes) -> tuple[str, bytes]:
    """The kind ("png", "svg") of a picture and the picture as it is kept; raises Refused with a sentence for whoever sent it."""
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", png(content)
    if b"<svg" in content[:4096] or b":svg" in content[:4096]:
        return "svg", svg(content)
    raise Refused(NEITHER)


# PNG ---------------------------------------------------------------------------------------------------------------------


def png(content: bytes) -> bytes:
    """The same picture drawn anew, without whatever else was in the file."""
    from PIL import Image  # late: it takes as long as a page

    if b"IEND" not in content:  # what is cut off, Pillow fills up as soon as WeasyPrint is there
        raise Refused(BROKEN)
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            picture.load()
            plain = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(BROKEN) from error
    file = BytesIO()
    plain.save(file, "PNG", optimize=True)
    return file.getvalue()


@lru_cache(maxsize=1)
def for_pages(content: bytes) -> bytes:
    """A kept PNG as small as pages show it: paper has use for more, and every visitor would load it."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=["PNG"]) as picture:
        picture.thumbnail((ON_PAGES, ON_PAGES))
        file = BytesIO()
        picture.quantize(128, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    small = file.getvalue()
    return small if len(small) < len(content) else content


# SVG ---------------------------------------------------------------------------------------------------------------------


class WithoutEntities(ET.TreeBuilder):
    """Refuses a document type before the names in it are read, in whatever encoding it stands."""

    def doctype(self, *_: str | None) -> NoReturn:
        raise Refused(ACTIVE.format(ENTITIES))


def svg(content: bytes) -> bytes:
    """The drawing alone."""
    parser = ET.XMLParser(target=WithoutEntities())  # noqa: S314 - see there
    try:
        root: ET.Element = ET.fromstring(DOCTYPE.sub(b"", content, count=1), parser)  # noqa: S314
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Refused(BROKEN) from error
    if root.tag != f"{{{SVG}}}svg":
        raise Refused(NEITHER)
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Refused(TOO_INTRICATE)
    keep_the_drawing(root, depth=1)
    refuse_circles(root)
    if not root.get("viewBox"):
        width, height = (length(root.get(name, "")) for name in ("width", "height"))
        if not width or not height:
            raise Refused(BROKEN)
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    ET.register_namespace("", SVG)
    kept: bytes = ET.tostring(root, encoding="utf-8")
    return kept


def length(text: str) -> float:
    """A length in whatever unit; 0 if it is none."""
    found = re.match(r"\s*(\d+(?:\.\d+)?)", text)
    return float(found[1]) if found else 0


def keep_the_drawing(element: ET.Element, depth: int) -> None:
    """Leave out what is no part of a drawing; raises Refused for what acts or leads elsewhere."""
    if depth > DEEPEST:
        raise Refused(TOO_INTRICATE)
    for name, value in list(element.attrib.items()):
        check_attribute(name, value)
        if name.startswith("{") and name != XLINK_HREF:
            del element.attrib[name]
    check_words(element.text or "" if element.tag == f"{{{SVG}}}style" else "")
    for kid in list(element):
        space, _, name = str(kid.tag).rpartition("}")
        if name in FORBIDDEN:
            raise Refused(ACTIVE.format(LINKS if name in {"image", "feImage", "a", "iframe"} else SCRIPTS))
        if space == f"{{{SVG}" and name in DRAWN:
            keep_the_drawing(kid, depth + 1)
        else:
            element.remove(kid)


def check_attribute(name: str, value: str) -> None:
    plain = name.rpartition("}")[2].lower()
    if plain.startswith("on"):
        raise Refused(ACTIVE.format(SCRIPTS))
    if plain in {"href", "src"} and not value.startswith("#"):
        raise Refused(ACTIVE.format(LINKS))
    check_words(value)


def check_words(text: str) -> None:
    """``text`` of a style or an attribute."""
    if ACTS.search(text):
        raise Refused(ACTIVE.format(SCRIPTS))
    if ADDRESS.search(text):
        raise Refused(ACTIVE.format(LINKS))


def refuse_circles(root: ET.Element) -> None:
    """A part that shows itself, or is shown by one that is shown, would be drawn without end, or thousands of times."""
    leads: dict[str, set[str]] = {}
    for inside, element in with_parts_around(root, ()):
        for part in inside:
            leads.setdefault(part, set()).update(parts_shown_by(element))
    for part in leads:
        if part in reached(part, leads):
            raise Refused(IN_CIRCLES)
    shown = {element.get("href", element.get(XLINK_HREF, ""))[1:] for element in root.iter(f"{{{SVG}}}use")}
    for inside, element in with_parts_around(root, ()):
        if element.tag == f"{{{SVG}}}use" and shown & set(inside):
            raise Refused(TOO_INTRICATE)


def with_parts_around(element: ET.Element, inside: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ET.Element]]:
    """Every element with the names of the parts it lies in, its own among them."""
    inside = (*inside, *filter(None, [element.get("id")]))
    yield inside, element
    for kid in element:
        yield from with_parts_around(kid, inside)


def parts_shown_by(element: ET.Element) -> set[str]:
    named = {element.get("href", ""), element.get(XLINK_HREF, "")}
    return {one[1:] for one in named if one} | {
        part for value in element.attrib.values() for part in PART.findall(value)
    }


def reached(part: str, leads: dict[str, set[str]]) -> set[str]:
    """Every part that this one leads to, by whatever way."""
    found: set[str] = set()
    ahead = [part]
    while ahead:
        for one in leads.get(ahead.pop(), set()) - found:
            found.add(one)
            ahead.append(one)
    return found
