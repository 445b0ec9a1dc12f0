"""Text as it comes in: what was accepted can be shown, mailed, printed and handed out in every form there is."""

import io
import re
import unicodedata
import zipfile
from email.header import decode_header, make_header
from html import unescape
from itertools import groupby
from xml.etree import ElementTree as ET

import icalendar
import openpyxl
import pytest
from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.forms.renderers import get_default_renderer
from django.http import QueryDict
from django.template import Context, Template
from django.urls import get_resolver
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kompetenz import text
from kompetenz.documents.calendar import Event, calendar_file
from kompetenz.documents.pdf import load_engine
from kompetenz.documents.spreadsheet import Column, Pages, Table, workbook
from kompetenz.forms.incoming import TidyField
from kompetenz.middleware import tidied
from kompetenz.wheel import Block, Scale, Sector, Wheel
from kompetenz.wheel import svg as wheel_svg
from learningplans.timeline import Stretch, Timeline
from learningplans.timeline import svg as path_svg
from tests.clock import NOW, TODAY
from tests.markup import problems_of
from tests.pdf_text import text_of
from tests.thorough import examples

NASTY = [
    "\ufffe", "\uffff", "\U0001fffe", "\x00", "\x1b[31m", "\x85", "\ud800", "\ue000", "a\r\nb", "a\rb\nc", "\u202eNEF", "\u2066a",
    "\u200b", "\u3164", "\xad", "e\u0301", "\u0301", "\u2028", "=1+1", "</script>", "_x0041_", "\ufdd0", "\U000e0041", "]]>", "&#0;",
]  # fmt: skip
anything = st.text(st.characters(), max_size=40) | st.lists(st.sampled_from(NASTY) | st.text(max_size=3)).map("".join)
many = hypothesis_settings(max_examples=examples(300))


class Both(forms.Form):
    """What every form of the app is made of: a line, and lines."""

    title = forms.CharField(required=False)
    words = forms.CharField(required=False, widget=forms.Textarea)


PAGE = Template("<html lang='de'><body><p title='{{ t }}'>{{ w|linebreaksbr }}</p></body></html>")


def accepted(typed):
    """What a form makes of it, but for letters that it refuses."""
    typed = "".join(letter for letter in typed if not text.objection_to_text(text.tidy(letter)))
    form = Both({"title": typed, "words": typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data["title"], form.cleaned_data["words"]


@many
@given(anything)
@example("\u0627\u0316\u0316\u0301\u0653")  # the third mark is left out, and the fourth meets the letter
def test_cleaning_twice_is_cleaning_once(typed):
    for clean in (text.tidy, text.line, text.number, text.address):
        assert clean(clean(typed)) == clean(typed)
        assert unicodedata.is_normalized("NFC", clean(typed))


@many
@given(anything)
def test_one_line_is_one_line_and_hides_nothing(typed):
    line = text.line(typed)

    assert line.splitlines() in ([], [line])
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in line)


@many
@given(anything)
@example("0\u0600")  # a sign around numbers in Arabic
def test_lines_end_in_one_way_and_hold_nothing_unprintable(typed):
    lines = text.tidy(typed)

    assert not {"\r", "\x85", "\u2028", "\u2029"} & set(lines)
    categories = {unicodedata.category(letter) for letter in lines if letter not in "\n\t\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs", "Co"}
    assert lines == "" or text.INVISIBLE.sub("", lines).strip() or lines.isascii()


@many
@given(anything)
def test_it_can_be_shown(typed):
    title, words = accepted(typed)
    page = PAGE.render(Context({"t": title, "w": words}))

    assert problems_of(page) == []
    assert unescape(re.search("title='([^']*)'", page)[1]) == title


@many
@given(anything)
def test_it_can_be_mailed(typed):
    title, words = accepted(typed)

    sent = EmailMessage(title, words, "a@test.example", ["b@test.example"]).message()

    assert str(make_header(decode_header(sent["Subject"]))) == title
    assert sent.get_payload(decode=True).decode().split() == words.split()


@many
@given(anything)
def test_it_can_be_a_date_in_a_calendar(typed):
    title, words = accepted(typed)

    file = calendar_file([Event("k", title, "/", NOW, day=TODAY, location=words)], site="https://test.example", now=NOW)

    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    # icalendar reads \\N as the end of a line, however it was written.
    assert str(event["SUMMARY"]) == title.replace("\\N", "\n")
    assert str(event.get("LOCATION", "")).split() == words.replace("\\N", "\n").split()


@hypothesis_settings(max_examples=examples(100))
@given(anything)
@example("".join(NASTY))
@example("0" * 33)
@example("")
@example(" ")
def test_it_can_stand_in_a_workbook(typed):
    title, words = accepted(typed)

    made = workbook(
        Table("Liste", [title or "-"], [Column("A", 20), Column("B", 20)], [[title, words]]),
        Pages("Seiten", [10], [[[words]]]),
    )

    book = openpyxl.load_workbook(io.BytesIO(made))
    last = book["Liste"].max_row  # what stands above a narrow table may take more rows than one
    assert same(book["Liste"].cell(last, 1).value, title)
    assert same(book["Liste"].cell(last, 2).value, words)
    assert same(book["Seiten"]["A1"].value, words)
    for name in zipfile.ZipFile(io.BytesIO(made)).namelist():
        if name.endswith(".xml"):
            ET.fromstring(zipfile.ZipFile(io.BytesIO(made)).read(name))


def same(cell, written):
    """Whether a cell holds what was written; an empty one is None, and Excel's escapes are undone by its readers."""
    return (cell or "") == written or "_x" in written


@many
@given(anything)
def test_it_can_be_drawn(typed):
    title, _ = accepted(typed)
    block = Block("b", title, 0)
    measure = Stretch(1, title or "-", TODAY, TODAY, "classic", title, "planned", None)

    for drawing in (
        wheel_svg(Wheel((Sector(1, title, title, block),), Scale(("keine", "Kenner")), (), title)),
        path_svg(Timeline((measure,), (), TODAY)),
    ):
        ET.fromstring(drawing)


def test_it_can_be_printed():
    letters = [chr(number) for number in range(0x110000) if not 0xD800 <= number <= 0xDFFF]
    typed = " ".join([*NASTY, *letters[0x20:0x250], *letters[0x2000:0x2100], *letters[::701]])
    title, words = accepted(typed)

    printed = load_engine().write_pdf(PAGE.render(Context({"t": title, "w": words})))

    assert printed.startswith(b"%PDF")
    assert "ABCDEFGHIJ" in "".join(text_of(printed).split())


def test_endless_marks_are_never_put_in_order(monkeypatch):
    """Each is compared with each: a million of them, as many as a form takes, would hold up everybody for a quarter of an hour."""
    seen = []

    def note(form, typed):
        seen.append(max(len(list(run)) for is_mark, run in groupby(typed, lambda one: unicodedata.combining(one) > 0)))
        return normalize(form, typed)

    normalize = unicodedata.normalize
    monkeypatch.setattr(unicodedata, "normalize", note)
    for clean in (text.tidy, text.line, text.number, text.address, text.in_one_way):
        for marks in ("\u0301\u0327", "\u05b0\u05b4\u0651", "\u0f73\u0301"):
            clean(f"Ç{marks * 1000}a")

    assert 0 < max(seen) <= 2 * text.MOST_MARKS


def test_every_letter_that_begins_with_a_mark_is_one():
    letters = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)

    found = {one for one in letters if unicodedata.combining(unicodedata.normalize("NFD", one)[0])}
    assert found == set(text.MARKS)


# What is refused, and what is tidied without a word -------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  zwei\u3000Wörter\xa0 ", " zwei Wörter "),
        ("An\u200bna", "Anna"),
        ("An\xadna", "Anna"),
        ("\u202eannA", "annA"),
        ("A\u0308rmel", "Ärmel"),
        ("Titel\r\nBcc: alle@test.example", "Titel Bcc: alle@test.example"),
        ("\u3164", ""),
        ("\u200d\u2800 ", ""),
        ("\ufffeAus dem PDF\uffff", "Aus dem PDF"),
        ("A\u200d\u0308", "Ä"),
    ],
)
def test_a_line_is_tidied_without_a_word(typed, line):
    assert text.line(typed) == line


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("eins\r\nzwei\rdrei\u2028vier", "eins\nzwei\ndrei\nvier"),
        ("\uf0b7 ein Punkt aus Word", "• ein Punkt aus Word"),
        ("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f"),
        ("\u200d\n\u200b", ""),
        ("\x1b[31mrot\x07", "[31mrot"),
        ("\tein\tTabulator", "\tein\tTabulator"),
    ],
)
def test_lines_keep_what_is_meant(typed, lines):
    assert text.tidy(typed) == lines


@pytest.mark.parametrize("typed", ["40017", " 40017 ", "４００１７", "٤٠٠١٧", "4\u200b0017", "4\u202e0017", "४००१७"])
def test_a_number_has_one_way_to_be_written(typed):
    assert (text.number(typed), text.objection_to_number(text.number(typed))) == ("40017", "")


@pytest.mark.parametrize("typed", ["4001\u0417", "４０٠\u0430", "4001😀"])
def test_a_number_of_other_letters_is_none(typed):
    assert text.objection_to_number(text.number(typed)) == text.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("typed", "strange"),
    [("pet\u0131@test.example", "ı"), ("\u0430nna@test.example", "а"), ("mei\u017fter@test.example", "ſ")],
)
def test_an_address_of_letters_that_only_look_like_it_is_refused(typed, strange):
    assert text.objection_to_address(text.address(typed)) == text.NOT_AN_ADDRESS.format(
        unicodedata.normalize("NFC", strange)
    )


@pytest.mark.parametrize("typed", ["ANNA@Test.example", " anna@test.example", "an\u200bna@test.example"])
def test_an_address_has_one_way_to_be_written(typed):
    assert (text.address(typed), text.objection_to_address(text.address(typed))) == ("anna@test.example", "")


# Nothing comes in past it ---------------------------------------------------------------------------


def every_form():
    """Every class of forms in the project, those that are made in functions aside."""
    waiting, found = [forms.BaseForm], set()
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            found.add(one)
    return {
        one for one in found if one.__module__.split(".")[0] in {"kompetenz", "roles", "assessments", "learningplans"}
    }


def test_no_form_and_no_field_has_a_way_of_its_own_to_read_what_was_sent():
    get_resolver().url_patterns  # noqa: B018 - whatever has a page is imported by now
    found = every_form()

    assert len(found) > 40
    assert get_default_renderer().bound_field_class is TidyField
    for one in found:
        assert (one.bound_field_class, one.default_renderer) == (None, None), one
        assert one._clean_fields is forms.BaseForm._clean_fields, one
        for name, field in one.base_fields.items():
            assert field.bound_field_class is None, (one, name)
            assert type(field).get_bound_field is forms.Field.get_bound_field, (one, name)


def test_every_field_that_an_error_can_name_has_a_name_in_german():
    get_resolver().url_patterns  # noqa: B018 - whatever has a page is imported by now
    fields = [(form, *found) for form in every_form() for found in form.base_fields.items()]

    assert [(form, name) for form, name, field in fields if not (field.label or field.widget.is_hidden)] == []


STRANGE = "Dieses Jahr kann nicht stimmen."


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2101-01-01", "9999-12-31"])
def test_no_form_takes_a_day_of_a_strange_year(day):
    """Each day of each form of the app; those that a form makes of its own accord are made no other way."""
    get_resolver().url_patterns  # noqa: B018 - whatever has a page is imported by now
    days = {
        (form, name): field
        for form in every_form()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DateField)
    }

    assert len(days) > 15
    for field in days.values():
        assert errors_of(field, day) == [STRANGE], field
        assert errors_of(field, "1950-01-01") == errors_of(field, "2100-12-31") == []


def errors_of(field, day):
    """What a form says of this day that has the field and nothing else."""
    form = type("OneDay", (forms.Form,), {"day": field, "__module__": __name__})({"day": day})
    return form.errors.get("day", [])


def test_what_is_read_without_a_form_has_been_tidied_too(as_, cast):
    """The middleware is the only one who sees a request as it was sent."""
    order = settings.MIDDLEWARE
    found = QueryDict("q=An%E2%80%8Bna%00&password=%00", mutable=False)

    assert order.index("kompetenz.middleware.tidy_requests") < order.index("kompetenz.middleware.LoginRequired")
    assert tidied(found).dict() == {"q": "Anna", "password": "\0"}
    assert tidied(QueryDict("q=Anna")) == QueryDict("q=Anna")


def test_text_comes_in_by_forms_and_requests_alone():
    """What else somebody could send is read by the staff list's own reader, which cleans each cell.

    Who asks is noted for the server that keeps turns, and not read. The cookie that says which forms were taken goes back as it came, the one that
    knows a browser is signed; neither is shown to anybody.
    """
    code = [
        path
        for app in ("kompetenz", "roles", "assessments", "learningplans")
        for path in (settings.BASE_DIR / app).rglob("*.py")
    ]
    raw = re.compile(
        r"request\.(body|META(?!\[settings\.WHO_ASKED\] = )|COOKIES(?!\.get\((TAKEN|BROWSER))|read\()|json\.loads\(request"
    )

    assert [path.name for path in code if raw.search(path.read_text())] == []


def test_of_what_is_looked_for_each_word_counts_once_and_ten_of_them():
    assert text.words("anna  Anna anna") == ["anna", "Anna"]
    assert text.words(" ".join(map(str, range(4000)))) == [str(number) for number in range(10)]


@given(st.text() | st.text(alphabet="aZ09 .-\t\n\x7f") | st.from_regex(r"[0-9٠-٩ ]{0,9}", fullmatch=True))
def test_what_is_plain_already_is_left_as_all_the_rules_leave_it(typed):
    """The quick ways give what the long one gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "is_plain", lambda _: False)
        tidy, line = text.tidy(typed), text.line(typed)
        digits = "".join(text._digit(letter) for letter in unicodedata.normalize("NFKC", line))
        number = text.line(digits).strip()

    assert (text.tidy(typed), text.line(typed), text.number(typed)) == (tidy, line, number)


@pytest.mark.parametrize("typed", ["https://evil.example/klick", "Anna http://evil.example", "WWW.evil.example"])
def test_a_name_brings_no_link_into_letters(typed):
    assert text.objection_to_name(typed) == text.NO_LINKS


@pytest.mark.parametrize("typed", ['"a@evil.example,b"@kreis.de', "a@[127.0.0.1]", "a(b)@kreis.de"])
def test_an_address_looks_like_no_other_and_names_a_mail_domain(typed):
    assert text.objection_to_address(typed).startswith("Diese Adresse enthält Zeichen")


@pytest.mark.parametrize("typed", ["o'neill-celik+kreis@test.example", "a_b.c@kreis-nord.de"])
def test_an_address_as_administrations_give_it_is_taken(typed):
    assert text.objection_to_address(typed) == ""
