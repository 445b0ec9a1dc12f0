"""What the tables of rounds are written with."""

from django.template import Context, Template

HOSTILE = '"><script>alert(1)</script>'


def written(texts, more_class=""):
    template = Template("{{ texts|cells:more_class }}")
    return template.render(Context({"texts": texts, "more_class": more_class}))


def test_cells_hold_texts_and_never_markup():
    assert written([HOSTILE]) == ('<td class="kern-table__cell">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</td>')


def test_cells_stand_in_the_class_of_all_cells_and_in_one_more():
    assert written(["1", "2"], "number") == (
        '<td class="kern-table__cell number">1</td><td class="kern-table__cell number">2</td>'
    )


def test_a_class_cannot_leave_its_attribute():
    assert written(["1"], HOSTILE).startswith('<td class="kern-table__cell &quot;&gt;&lt;script&gt;')
