"""Templates that people can read: short lines, states and levels by name, parts from templates/_components/."""

import re

import pytest
from django.conf import settings
from django.template import Context, engines

from kompetenz.unindented import take_layout_out, without_layout
from kompetenz.wheel import Scale

TEMPLATES = settings.BASE_DIR / "templates"
LONGEST = 120
SCALE = Scale(("keine", "Kenner", "Könner", "Experte"))
WORDY = re.compile(r"{%\s*(?:el)?if\s([^%]*)%}")
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "_components"]


def lines():
    return [
        (f"{path.relative_to(TEMPLATES)}:{number}", line)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
    ]


def written_by_hand(pattern, *, but=()):
    """Where ``pattern`` stands in a page, outside of components, paper and e-mails."""
    return [
        str(path.relative_to(TEMPLATES))
        for path in PAGES
        if path.parent.name not in {"documents", "emails", *but} and re.search(pattern, path.read_text())
    ]


def drawn(source, **context):
    return engines["django"].engine.from_string(source).render(Context(context))


def test_no_line_is_longer_than_a_screen_but_for_an_address():
    longer = [(where, line) for where, line in lines() if len(line) > LONGEST]

    assert [where for where, line in longer if "data:image" not in line] == []
    assert len(longer) == 1


@pytest.mark.parametrize(
    ("part", "pattern"),
    [
        ("button", r"kern-btn"),
        ("alert", r"kern-alert"),
        ("badge", r"<span class=\"badge"),
        ("table", r"kern-table-responsive"),
        ("table_head", r"<thead class=\"kern|<thead>\s*<tr class=\"kern"),
        ("actions", r"<div class=\"actions\""),
        ("facts", r"<dl class=\"facts\""),
        ("level_choice", r"class=\"kern-form-check__radio\"[^>]*name=\"(?:level|agreed)"),
    ],
)
def test_a_component_is_written_once(part, pattern):
    assert written_by_hand(pattern) == []


def conditions():
    return [
        (str(path.relative_to(TEMPLATES)), condition) for path in PAGES for condition in WORDY.findall(path.read_text())
    ]


def test_states_and_levels_are_asked_by_name():
    numbers = [
        (where, asked)
        for where, asked in conditions()
        if where != "assessments/team.html"  # decides the manager's next step
        and re.search(r"(?:state|level|answer|agreed)\s*(?:[=!<>]=?)\s*[\"']?\d", asked)
    ]

    assert numbers == []


def test_how_many_days_something_takes_a_page_is_told():
    """What a page says in figures is said where it is decided, or one of the two is forgotten."""
    blanks = "papers/texts/retention.html"  # where the administration fills in a number of its own
    written = [
        (where, said)
        for path in PAGES
        if (where := str(path.relative_to(TEMPLATES))) != blanks
        for said in re.findall(r"\d+\s+Tagen?\b", path.read_text())
    ]

    assert written == []


def test_no_condition_has_three_parts():
    wordy = [(where, asked) for where, asked in conditions() if len(re.findall(r"\b(?:and|or)\b", asked)) > 1]

    assert wordy == []


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<ul>\n  <li>Eins</li>\n  <li>Zwei</li>\n</ul>\n", "<ul><li>Eins</li><li>Zwei</li>\n</ul>\n"),
        ("<p>\n  Ein Satz mit\n  <b>Wort</b>\n  darin.\n</p>", "<p>Ein Satz mit <b>Wort</b> darin.\n</p>"),
        ('<input\n  name="a"\n  value="b"\n>', '<input name="a" value="b"\n>'),
        (">\n", ">\n"),  # how the content of a <textarea> begins
    ],
)
def test_the_layout_of_a_template_is_not_sent(written, sent):
    assert without_layout(written) == sent


@pytest.mark.parametrize(("is_held", "sent"), [(True, "5. Mai, geführt (im Amt)."), (False, "5. Mai (im Amt).")])
def test_no_blank_stands_before_a_comma_that_may_be_there(is_held, sent):
    template = (
        engines["django"]
        .from_string(
            "5. Mai\n  {% if is_held %}, geführt{% endif %}\n  {% if 1 %}(im Amt{% endif %}\n  {% if 1 %}).{% endif %}"
        )
        .template
    )
    take_layout_out(template.nodelist)

    assert template.render(Context({"is_held": is_held})) == sent


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "{% button %}\n  Ja &amp;\n  nein{% endbutton %}",
            '<button class="kern-btn kern-btn--primary" ><span class="kern-label">Ja &amp; nein</span></button>',
        ),
        (
            '{% button "secondary" "start" aria_label=label %}Hin{% endbutton %}',
            '<a class="kern-btn kern-btn--secondary" href="/"  aria-label="&lt;b&gt;"><span class="kern-label" >Hin</span></a>',
        ),
        (
            '{% button "tertiary" "start" submits=True formnovalidate=True %}Ab{% endbutton %}',
            '<button class="kern-btn kern-btn--tertiary"  formaction="/" formnovalidate><span class="kern-label">Ab</span></button>',
        ),
        ('{% badge "done" %}{{ label }}{% endbadge %}', '<span class="badge badge--done">&lt;b&gt;</span>'),
        ("{% level 2 %} {% level 0 %}", "Könner (2) keine (0)"),
        ("{% level nothing %}", '<span class="muted">–</span>'),
        ("{% words as said %}{{ label }}\n  hier{% endwords %}{{ said }}", "&lt;b&gt; hier"),
    ],
)  # fmt: skip
def test_components_escape_what_they_are_given(source, html):
    assert drawn(source, label="<b>", nothing=None, scale=SCALE) == html


def test_a_choice_of_a_level_marks_what_is_chosen():
    levels = [
        {"value": str(level), "name": name, "anchor": anchor}
        for level, name, anchor in zip(range(4), SCALE.names, ["", "a", "b<", "c"], strict=True)
    ]

    html = drawn('{% level_choice "level" 7 levels "2" cannot_judge=True %}', levels=levels)

    assert re.findall(r'value="(\w)"\s+(?=checked)', html) == ["2"]
    assert re.findall(r"<span>(.*?)</span>", html) == [
        "<b>keine</b> ",
        "<b>Kenner</b> a",
        "<b>Könner</b> b&lt;",
        "<b>Experte</b> c",
        "kann ich nicht beurteilen",
    ]
