"""A page of docs/ as the help shows it: its Markdown, as far as we write it. No database."""

import pytest

from kompetenz.help.guide import Passage, blocks, said

LEADS = {"betrieb.md": "/hilfe/it/"}


def read(page):
    return list(blocks(page, LEADS))


def test_headings_paragraphs_lists_and_quotations_stand_in_their_order_and_the_title_is_the_articles():
    found = read(
        "# Titel\n\nEin Satz\nüber zwei Zeilen.\n\n## Am Montag, dann\n\n- eins\n  geht weiter\n- zwei\n\n1. erst\n2. dann\n\n> **Kopf**\n> Text\n> weiter"
    )

    assert found == [
        Passage("p", ["Ein Satz über zwei Zeilen."]),
        Passage("h2", ["Am Montag, dann"], anchor="am-montag-dann"),
        Passage("ul", ["eins geht weiter", "zwei"]),
        Passage("ol", ["erst", "dann"]),
        Passage("blockquote", ["<strong>Kopf</strong>", "Text weiter"]),
    ]


def test_a_table_has_heads_rows_and_numbers_to_the_right():
    [table] = read("| Wer | Zahl |\n| --- | ---: |\n| **alle** | 2 |\n| | |")

    assert table.heads == ["Wer", "Zahl"]
    assert table.cells == [
        [("Wer", "<strong>alle</strong>", False), ("Zahl", "2", True)],
        [("Wer", "", False), ("Zahl", "", True)],
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b `c`** d", "a <strong>b <code>c</code></strong> d"),
        ("[Betrieb](betrieb.md)", '<a href="/hilfe/it/">Betrieb</a>'),
        ("[oben](#oben)", '<a href="#oben">oben</a>'),
        ("<script> & [Datum]", "&lt;script&gt; &amp; [Datum]"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
    ],
)
def test_links_bold_type_and_code_are_drawn_and_all_else_is_text(text, html):
    assert said(text, LEADS) == html


def test_a_link_that_leads_nowhere_in_the_app_is_a_mistake():
    with pytest.raises(KeyError):
        read("[weg](gone.md)")
