"""Articles found by words, however these are spelled."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from kompetenz.help.articles import BY_WORD, OTHER_WORDS
from kompetenz.help.finding import found, passage, plain
from kompetenz.help.views import texts


def words_found(typed):
    return [article.word for article, _ in found(typed.split(), texts())]


@pytest.mark.parametrize(
    "typed", ["Führungskraft wechselt", "FÜHRUNGSKRAFT WECHSELT", "fuehrungskraft wechselt", "fuhrungskraft wechselt"]
)
def test_case_umlauts_and_accents_make_no_difference(typed):
    assert words_found(typed) == words_found("Führungskraft wechselt") != []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("passwort", "anmelden"),
        ("papier", "papier"),
        ("smart", "ziele"),
        ("niederschrift", "gespraech"),
        ("budget", "fortbildung"),
        ("sicherung", "aufbewahrung"),
        ("tastatur", "bedienen"),
        ("vertretung", "team"),
    ],
)
def test_what_is_most_about_it_comes_first(typed, first):
    assert words_found(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Handy", "anmelden"), ("Telefon verloren", "anmelden"), ("login", "anmelden"), ("krank", "teilnehmen"),
        ("Elternzeit", "teilnehmen"), ("Chefin", "wer-sieht-was"), ("Vorgesetzter", "vergleich"), ("anonym", "kollegium"),
        ("Mails abbestellen", "wer-sieht-was"), ("Zeugnis", "wer-sieht-was"), ("Heirat", "personen"), ("PC", "papier"),
        ("Screenreader", "bedienen"), ("Outlook", "erste-schritte"), ("Betriebsrat", "pruefen"), ("Backup", "it"),
        ("Schulung", "lernplan"), ("Jahresgespräch", "gespraech"), ("Support", "it"), ("Probezeit", "einfuehren"),
    ],
)  # fmt: skip
def test_what_people_call_it_themselves_leads_there(typed, word):
    assert word in words_found(typed)


def test_other_words_belong_to_articles_and_are_shown_nowhere(client, db):
    assert set(OTHER_WORDS) <= set(BY_WORD)
    page = client.get(reverse("help"), {"suche": "Screenreader"}).text
    assert BY_WORD["bedienen"].title in page
    assert "Sehbehinderung" not in page


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("wer liest das", "wer-sieht-was"), ("Urlaub", "team"), ("krank", "teilnehmen"), ("Kündigung", "wer-sieht-was"),
        ("Passwort vergessen", "anmelden"), ("Login geht nicht", "anmelden"), ("Spam", "anmelden"), ("Homeoffice", "anmelden"),
        ("Link funktioniert nicht", "anmelden"), ("Wie melde ich mich an?", "anmelden"), ("ausdrucken", "papier"), ("kein Computer", "papier"),
        ("Fehler gemacht", "einschaetzen"), ("verklickt", "einschaetzen"), ("Frist verpasst", "einschaetzen"), ("zu spät", "einschaetzen"),
        ("Fragen überspringen", "einschaetzen"), ("Telefonnummer", "erste-schritte"), ("Beschwerde", "erste-schritte"),
        ("Zeitaufwand", "erste-schritte"), ("Gehalt", "wer-sieht-was"), ("Beförderung", "wer-sieht-was"), ("Überwachung", "wer-sieht-was"),
        ("mein Konto löschen", "wer-sieht-was"), ("was passiert mit meinen Daten", "wer-sieht-was"), ("Zeugnis", "wer-sieht-was"),
        ("neue Abteilung", "vergleich"), ("Versetzung", "vergleich"), ("neuer Chef", "vergleich"), ("Mobbing", "gespraech"),
        ("nicht einverstanden", "gespraech"), ("Gesprächstermin", "gespraech"), ("Kurs buchen", "lernplan"), ("Schulung abgelehnt", "lernplan"),
        ("Was ist ein Soll?", "stufen"), ("Rolle falsch", "stufen"), ("Wo sehe ich meine Ergebnisse?", "entwicklung"),
        ("muss ich mitmachen", "teilnehmen"), ("Widerruf", "teilnehmen"), ("schwanger", "teilnehmen"), ("leichte Sprache", "bedienen"),
        ("App", "bedienen"), ("Import", "personalliste"), ("Teilzeit", "einfuehren"),
    ],
)  # fmt: skip
def test_an_everyday_word_or_question_leads_to_its_answer_first(typed, first):
    assert words_found(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "   ", "?", "xyzzy"])
def test_what_stands_nowhere_finds_nothing(typed):
    assert words_found(typed) == []


def test_where_not_all_words_stand_together_those_with_most_of_them_are_found():
    assert words_found("passwort xyzzy") == words_found("passwort")
    assert words_found("handy verloren xyzzy") == words_found("handy verloren") != words_found("handy")


def test_what_only_makes_a_question_counts_where_there_is_nothing_else():
    assert words_found("Wie ist das mit dem Passwort?") == words_found("Passwort")
    assert "anmelden" in words_found("ist")


def test_a_short_word_is_not_found_within_another():
    """An app is no Knappheit, and the Ist stands in no Liste."""
    assert words_found("app") == ["bedienen"]


def test_a_passage_is_what_stands_around():
    text = f"{'Anfang ' * 30}Hier steht Müllers Wort. {'Ende ' * 30}".strip()

    told = passage(text, ["mullers"])

    assert told.startswith("… Anfang")
    assert told.endswith("Ende …")
    assert "Hier steht Müllers Wort." in told
    assert passage(text, ["nirgends"]) == ""
    assert plain("<h2>Eins</h2>\n<p>zwei</p>") == "Eins zwei"


def test_the_page_lists_what_is_found_with_and_without_htmx(client, db):
    page = client.get(reverse("help"), {"suche": "Kenntnisnahme"}).text
    part = client.get(reverse("help"), {"suche": "Kenntnisnahme"}, headers={"HX-Request": "true"}).text

    assert "<h1>" in page
    assert "<h1>" not in part
    assert part.partition("</p>")[2].strip() in page  # what is said of it comes before
    assert '<a href="/hilfe/gespraech/">' in part


def test_nothing_found_says_what_to_do(client, db):
    told = strip_tags(client.get(reverse("help"), {"suche": "<b>xyzzy"}).text)

    assert "Dazu steht hier nichts." in told


def test_a_very_long_search_is_cut(client, db):
    page = client.get(reverse("help"), {"suche": "a" * 5000})

    assert (page.status_code, "a" * 101 in page.text) == (200, False)


def test_the_help_asks_the_database_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("help"), {"suche": "passwort"})
        client.get(reverse("help_article", args=["anmelden"]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Pasword", "Passwort"),
        ("Selbsteinschätzug", "Selbsteinschätzung"),
        ("Fortbidlung", "Fortbildung"),
        ("Vertrettung", "Vertretung"),
        ("Kalendar", "Kalender"),
        ("gesprech verschieben", "Gespräch verschieben"),
    ],
)
def test_what_is_mistyped_is_found_as_it_was_meant(typed, meant):
    assert words_found(typed)[:1] == words_found(meant)[:1] != []


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Authenticator", "anmelden"), ("zweiter Faktor", "anmelden"), ("Löschung", "aufbewahrung"),
        ("Datenauskunft", "wer-sieht-was"), ("zurückgeben", "gespraech"),
    ],
)  # fmt: skip
def test_words_of_the_pages_themselves_lead_to_the_article(typed, word):
    assert word in words_found(typed)


def test_what_is_like_nothing_finds_nothing():
    assert words_found("xyzzyqwv") == []
