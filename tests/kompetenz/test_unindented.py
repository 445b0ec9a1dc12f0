"""What is the same on every page is written out when a template is compiled."""

from django.template import Context, Template, engines
from django.template.base import TextNode
from django.template.defaulttags import URLNode
from django.urls import reverse

from kompetenz import unindented
from kompetenz.unindented import write_out


def compiled(source):
    template = engines["django"].engine.from_string("{% load static %}" + source)
    before = template.render(Context({"number": 7, "yes": True}))
    write_out(template.nodelist)
    return template, before


def test_addresses_without_arguments_become_text():
    template, before = compiled('<a href="{% url "start" %}">{# a note #}{% static "css/app.css" %}</a>')

    (only,) = template.nodelist
    assert (type(only), only.s) == (TextNode, before)


def test_inside_of_conditions_and_blocks_too():
    template, before = compiled(
        '{% if yes %}<a href="{% url "start" %}">{% else %}-{% endif %}{% block one %}{% url "my_data" %}{% endblock %}'
    )

    assert template.render(Context({"yes": True})) == before == f'<a href="/">{reverse("my_data")}'
    assert template.render(Context({"yes": False})) == f"-{reverse('my_data')}"
    assert template.nodelist.get_nodes_by_type(URLNode) == []


def test_what_differs_stays():
    source = (
        '{% url "roles:detail" number %}{% url "start" as here %}{{ here }}{% if no %}{% url "nowhere" %}{% endif %}'
    )
    template, before = compiled(source)

    assert template.render(Context({"number": 7})) == before == f"{reverse('roles:detail', args=[7])}/"
    assert len(template.nodelist.get_nodes_by_type(URLNode)) == 3


def test_nobody_is_given_a_template_that_is_not_ready(monkeypatch):
    """Another thread would render it while its parts are exchanged."""
    (loader,) = engines["django"].engine.template_loaders[0].loaders
    loader.reset()
    kept = []
    monkeypatch.setattr(unindented, "write_out", lambda nodes: kept.append(dict(loader.get_template_cache)))

    template = loader.get_template("pages/imprint.html")

    assert isinstance(template, Template)
    assert kept == [{}]
    loader.reset()
