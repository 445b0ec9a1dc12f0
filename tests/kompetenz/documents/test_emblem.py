"""The coat of arms: what is let in is a picture and nothing else, and HR hears why something is not."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from pikepdf import Pdf
from PIL import Image

from kompetenz.documents import render_pdf
from kompetenz.documents.emblem import (
    ACTIVE,
    BROKEN,
    ENTITIES,
    IN_CIRCLES,
    LINKS,
    MOST_BYTES,
    NEITHER,
    SCRIPTS,
    TOO_INTRICATE,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    accepted,
)
from kompetenz.documents.letterhead import letterhead
from kompetenz.documents.models import Emblem
from kompetenz.people.letterhead import NO_PNG
from kompetenz.refusals import Refused
from tests.clock import TODAY
from tests.pdf_ua import problems, structure

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHIELD = '<path id="s" d="M1 1h8v6l-4 3-4-3z" fill="#a00"/>'


def drawing(inside, attributes='viewBox="0 0 10 10"'):
    return f"<svg {NAMES} {attributes}>{inside}</svg>".encode()


def picture(size=(20, 30), **how):
    file = BytesIO()
    Image.new("RGB", size, "#a00").save(file, "PNG", **how)
    return file.getvalue()


def upload(client, content, name="wappen.svg", field="picture"):
    return client.post(reverse("people:letterhead"), {field: SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", SCRIPTS),
        ("<SCRIPT>alert(1)</SCRIPT>", None),  # no such element: left out
        (f"<g onload='alert(1)'>{SHIELD}</g>", SCRIPTS),
        (f"<g OnClick='alert(1)'>{SHIELD}</g>", SCRIPTS),
        ("<foreignObject><p>x</p></foreignObject>", SCRIPTS),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", SCRIPTS),
        ("<set attributeName='onload' to='alert(1)'/>", SCRIPTS),
        ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>", SCRIPTS),
        ("<image href='https://fremd.example/x.png'/>", LINKS),
        ("<image xlink:href='data:image/png;base64,AAAA'/>", LINKS),
        ("<a href='https://fremd.example'><path d='M0 0'/></a>", LINKS),
        ("<use href='https://fremd.example/x.svg#a'/>", LINKS),
        ("<use xlink:href='file:///etc/passwd#a'/>", LINKS),
        ("<rect fill='url(https://fremd.example/x.svg#a)'/>", LINKS),
        ("<rect style='fill: url( \"//fremd.example/a\" )'/>", LINKS),
        ("<style>@import 'https://fremd.example/x.css';</style>", SCRIPTS),
        ("<style>.a { fill: url(https://fremd.example) }</style>", LINKS),
        ("<style>.a { fill: u\\72l(https://fremd.example) }</style>", SCRIPTS),
        ("<style>.a { background: image-set('https://fremd.example' 1x) }</style>", SCRIPTS),
        ("<style>.a { background: URL( 'https://fremd.example' ) }</style>", LINKS),
    ],
)
def test_a_drawing_that_acts_or_leads_elsewhere_is_refused(inside, why):
    if why is None:
        assert b"SCRIPT" not in accepted(drawing(inside))[1]
        return
    with pytest.raises(Refused) as refused:
        accepted(drawing(inside))

    assert str(refused.value) == ACTIVE.format(why)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", NEITHER),
        (b"<html><svg></svg></html>", NEITHER),
        (drawing(SHIELD)[:-3], BROKEN),
        (drawing(SHIELD, ""), BROKEN),  # of no size
        (picture()[:45], BROKEN),
        (picture((3001, 2)), TOO_MANY_PIXELS),
        (b"\x89PNG\r\n\x1a\n" + b"0" * MOST_BYTES, TOO_LARGE),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<text>&a;</text>"), ACTIVE.format(ENTITIES)),
        # In UTF-16 no byte says so but those of a comment, by which it is taken for a drawing: 猼杶 is "<svg".
        (
            '<!DOCTYPE svg [<!ENTITY a "b">]><!-- 猼杶 -->'.encode("utf-16")
            + drawing("&a;").decode().encode("utf-16-le"),
            ACTIVE.format(ENTITIES),
        ),
        (drawing("<g>" * 50 + "</g>" * 50), TOO_INTRICATE),
        (drawing("<path/>" * 5001), TOO_INTRICATE),
        (drawing('<g id="a"><use href="#a"/></g>'), IN_CIRCLES),
        (drawing('<g id="a"><use href="#b"/></g><g id="b"><use xlink:href="#a"/></g>'), IN_CIRCLES),
        (drawing('<clipPath id="c"><path style="clip-path:url(#c)"/></clipPath>'), IN_CIRCLES),
        (drawing('<g id="a"><use href="#b"/></g><g id="b"><path/></g><use href="#a"/>'), TOO_INTRICATE),
    ],
)
def test_what_is_no_sound_picture_is_refused_in_a_sentence(content, why):
    with pytest.raises(Refused) as refused:
        accepted(content)

    assert str(refused.value) == why


def test_of_a_drawing_only_what_is_drawn_is_kept():
    kind, kept = accepted(
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
        + drawing(
            '<!-- Anna Ärmel --><metadata>Anna</metadata><i:pgf xmlns:i="http://ns.adobe.com/x">Anna</i:pgf>'
            f'<g xmlns:inkscape="http://inkscape" inkscape:label="Anna">{SHIELD}</g><use href="#s" x="1"/>'
            '<linearGradient id="f"/><rect fill="url(#f)"/>',
            'width="50mm" height="60mm"',
        )
    )

    root = ET.fromstring(kept)
    assert (kind, root.get("viewBox"), b"Anna" in kept) == ("svg", "0 0 50 60", False)
    assert [one.tag.rpartition("}")[2] for one in root.iter()] == ["svg", "g", "path", "use", "linearGradient", "rect"]


def test_a_picture_is_kept_without_what_else_was_in_its_file():
    written = picture() + b"<script>alert(1)</script>"

    kind, kept = accepted(written)

    assert (kind, Image.open(BytesIO(kept)).size, b"script" in kept) == ("png", (20, 30), False)


def test_hr_sets_the_emblem_that_pages_and_papers_show(as_, cast, client):
    assert client.get(reverse("emblem")).headers["Content-Type"] == "image/svg+xml"  # ours, as long as there is none
    hr = as_(cast.paula)

    assert upload(hr, drawing(SHIELD)).status_code == 302
    assert upload(hr, drawing(SHIELD)).status_code == 302  # twice does no harm

    shown = client.get(reverse("emblem"))
    assert (shown.content, shown.headers["Content-Type"]) == (accepted(drawing(SHIELD))[1], "image/svg+xml")
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert client.get(reverse("emblem"), headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert reverse("emblem") in hr.get(reverse("start")).text
    assert letterhead().emblem == Emblem.objects.get().as_data

    printed = render_pdf("documents/base.html", {"title": "Lernplan", "stand": TODAY})
    assert problems(printed) == []
    with Pdf.open(BytesIO(printed)) as pdf:
        figures = [str(one.Alt) for one, path in structure(pdf.Root.StructTreeRoot, ("Root",)) if path[-1] == "Figure"]
    assert figures == ["Wappen oder Logo: Landkreis Musterland"]

    assert hr.post(reverse("people:emblem_remove")).status_code == 302
    assert (Emblem.objects.count(), letterhead().emblem) == (0, "")


def test_pages_show_a_small_png_and_papers_the_whole(as_, cast, client):
    whole = picture((1000, 500))
    upload(as_(cast.paula), whole, "wappen.png")

    shown = client.get(reverse("emblem"))

    assert (Image.open(BytesIO(shown.content)).size, shown.headers["Content-Type"]) == ((108, 54), "image/png")
    assert Image.open(BytesIO(bytes(Emblem.objects.get().content))).size == (1000, 500)


def test_letters_show_the_png_that_hr_lays_beside_a_drawing(as_, cast):
    hr, missing = as_(cast.paula), "In E-Mails fehlt das Bild noch."
    upload(hr, drawing(SHIELD))
    before = letterhead().picture, missing in hr.get(reverse("people:letterhead")).text
    refused = upload(hr, drawing(SHIELD), field="for_letters").context["form"].errors
    upload(hr, picture(), "wappen.png", field="for_letters")

    assert (before, refused) == ((b"", True), {"for_letters": [NO_PNG]})
    assert Image.open(BytesIO(letterhead().picture)).size == (20, 30)
    assert Emblem.objects.get().kind == "svg"
    assert missing not in hr.get(reverse("people:letterhead")).text

    upload(hr, drawing(SHIELD * 2))  # another drawing: the picture beside it was of the one before
    assert letterhead().picture == b""


def test_what_hr_cannot_use_is_said_beside_the_field_and_nothing_changes(as_, cast):
    hr = as_(cast.paula)
    upload(hr, picture(), "wappen.png")
    before = Emblem.objects.get().version

    page = upload(hr, drawing("<script/>"))

    assert page.context["form"].errors == {"picture": [ACTIVE.format(SCRIPTS)]}
    assert Emblem.objects.get().version == before


@pytest.mark.django_db
def test_there_is_one_emblem_at_most():
    Emblem.objects.replace("png", picture())
    Emblem.objects.replace("svg", drawing(SHIELD))

    assert [one.kind for one in Emblem.objects.all()] == ["svg"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Emblem.objects.create(kind="png", content=b"x")
