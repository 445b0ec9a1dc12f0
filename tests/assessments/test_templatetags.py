"""What the tables of rounds are written with."""

from django.template import Context, Template

HOSTILE = '"><script>alert(1)</script>'


def written(texts, more_class=""):
    template = Template("{{ texts|cells:more_class }}")
    return template.render(Context({"texts": texts, "more_class": more_class}))


def test_cells_hold_texts_and_never_markup():
    assert written({"Rolle": HOSTILE}) == (
        '<td class="kern-table__cell" data-column="Rolle">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</td>'
    )


def test_cells_stand_in_the_class_of_all_cells_and_in_one_more():
    assert written({"a": "1", "b": "2"}, "number") == (
        '<td class="kern-table__cell number" data-column="a">1</td>'
        '<td class="kern-table__cell number" data-column="b">2</td>'
    )


def test_a_class_cannot_leave_its_attribute():
    assert written({"a": "1"}, HOSTILE).startswith('<td class="kern-table__cell &quot;&gt;&lt;script&gt;')
    assert written({HOSTILE: "1"}).startswith('<td class="kern-table__cell" data-column="&quot;&gt;&lt;script&gt;')
