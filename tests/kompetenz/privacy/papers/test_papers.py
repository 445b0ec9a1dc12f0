"""The papers on the screen, as PDF and to be edited say the same, from how this installation is set."""

import re
from io import BytesIO

import pytest
from django.urls import URLResolver, get_resolver, reverse
from django.utils.formats import date_format
from docx import Document

from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to, said_in
from kompetenz.people import unsafe_settings
from kompetenz.people.models import Person
from kompetenz.people.models.right_changes import NEW
from kompetenz.privacy.papers import versions
from kompetenz.privacy.papers.measures import measures
from kompetenz.privacy.papers.models import PaperVersion
from kompetenz.privacy.papers.papers import PAPERS, catalogue_of_data
from kompetenz.privacy.papers.reports import REPORTS
from kompetenz.privacy.papers.text_file import lines
from kompetenz.privacy.rules import RULES, TABLES, Then
from tests.clock import TODAY, in_days
from tests.conftest import Stage
from tests.pdf_text import pages_of
from tests.pdf_ua import problems

pytestmark = pytest.mark.django_db


def page(client, slug, kind="paper", **variant):
    return client.get(reverse(f"papers:{kind}", args=[slug]), variant)


def letters(text):
    """Text without what differs by where lines break."""
    return re.sub(r"[\s\u00ad-]", "", text)


@pytest.fixture
def reader(as_, cast):
    return as_(cast.anna)


@pytest.mark.parametrize("slug", PAPERS)
def test_a_paper_reads_the_same_on_the_screen_on_paper_and_to_be_edited(reader, slug):
    text = lines(PAPERS[slug].html())

    screen = reader.get(reverse("papers:paper", args=[slug])).content.decode()
    pdf = page(reader, slug, "paper_pdf").content
    edited = Document(BytesIO(page(reader, slug, "paper_text").content))

    found = [paragraph.text for paragraph in edited.paragraphs[1:]]
    found += [
        " | ".join(cell.text.replace("\n", " ") for cell in row.cells) for table in edited.tables for row in table.rows
    ]
    assert sorted(found) == sorted(text)
    assert problems(pdf) == []
    printed = letters(" ".join(pages_of(pdf)))
    assert [line for line in text if " | " not in line and letters(line) not in printed and len(line) < 60] == []
    assert PAPERS[slug].title in screen


def test_an_unknown_paper_is_not_found(reader):
    assert [page(reader, "nein", kind).status_code for kind in ("paper", "paper_pdf", "paper_text")] == [404] * 3


def test_the_sample_agreement_has_three_variants_on_the_screen_and_on_paper(reader):
    usual = page(reader, "dienstvereinbarung").content.decode()
    other = {"voluntary": "nein", "levels": "ja", "colleagues": "ja"}
    changed = page(reader, "dienstvereinbarung", **other).content.decode()
    pdf = " ".join(pages_of(page(reader, "dienstvereinbarung", "paper_pdf", **other).content))

    assert "rechtlich prüfen lassen" in usual
    for said in ("Die Teilnahme an einer Runde ist freiwillig", "werden nicht um Einschätzungen gebeten"):
        assert said in " ".join(usual.split())
        assert said not in " ".join(changed.split())
    assert "darf Stufen einzelner Personen lesen" in " ".join(changed.split())
    assert "darf Stufen einzelner" in " ".join(pdf.split())
    assert 'unterlage.pdf?voluntary=nein&amp;levels=ja&amp;colleagues=ja"' in changed


def test_a_variant_nobody_knows_is_the_usual_one(reader):
    strange = page(reader, "dienstvereinbarung", voluntary="<script>", levels="vielleicht")

    assert strange.status_code == 200
    assert "ist freiwillig" in strange.content.decode()


def test_the_measures_say_how_this_installation_is_set(reader, settings):
    settings.SECOND_FACTOR, settings.HTTPS, settings.RESULTS_MINIMUM = True, True, 7

    text = lines(PAPERS["massnahmen"].html())

    assert "Verschlüsselte Verbindung (HTTPS, HSTS) | ja" in text
    assert "Auswertungen ab so vielen Personen | 7" in text
    settings.HTTPS = False
    assert "Verschlüsselte Verbindung (HTTPS, HSTS) | nein" in lines(PAPERS["massnahmen"].html())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"SECOND_FACTOR": False}, "nein"),
        ({"OIDC_SERVER": ""}, "ja"),
        ({"OIDC_SERVER": "https://sso.example"}, "prüft es nicht"),
        ({"OIDC_SERVER": "https://sso.example", "OIDC_SECOND_STEP": ["mfa"]}, "fragt die Anwendung selbst"),
    ],
)
def test_the_second_step_is_no_more_than_what_is_asked_for(settings, asked, said):
    settings.SECOND_FACTOR = True
    for name, value in asked.items():
        setattr(settings, name, value)

    [line] = [line for line in lines(PAPERS["massnahmen"].html()) if line.startswith("Zweiter Schritt")]

    assert said in line.partition(" | ")[2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"OIDC_SERVER": "https://sso.example"}, "sieht die Anwendung nie; HTTPS"),
        ({"OIDC_SERVER": "http://sso.example"}, "sieht die Anwendung nie; ohne TLS"),
        ({"LDAP_SERVER": "ldaps://dc.example"}, "wird beim Anmelden weitergereicht, nie gespeichert; TLS"),
        ({"LDAP_SERVER": "ldap://dc.example", "LDAP_STARTTLS": False}, "wird beim Anmelden weitergereicht, nie gespeichert; ohne TLS"),
        ({}, None),
    ],
)  # fmt: skip
def test_the_measures_say_what_becomes_of_the_password_of_the_directory(settings, asked, said):
    for name, value in ({"OIDC_SERVER": "", "LDAP_SERVER": "", "LDAP_STARTTLS": True} | asked).items():
        setattr(settings, name, value)

    found = dict(dict(measures())["Wer hineinkommt"])

    assert found.get("Das Passwort des Verzeichnisses, und der Weg dorthin") == said


@pytest.mark.parametrize("asked", ["OIDC", "LDAP"])
def test_the_directory_and_its_groups_are_named_however_it_is_asked(db, settings, asked):
    settings.OIDC_SERVER = settings.LDAP_SERVER = ""
    for name, value in {
        "SERVER": "x://verzeichnis",
        "NAME": "Konto & Co",
        "HR_GROUP": "pe",
        "AUDITOR_GROUP": "pr",
    }.items():
        setattr(settings, f"{asked}_{name}", value)

    assert "ja, „Konto &amp; Co“" in PAPERS["massnahmen"].html()
    rights = PAPERS["rechte"].html()
    assert "der Gruppe „pe“" in rights
    assert "der Gruppe „pr“" in rights


def test_the_measures_name_the_smallest_groups_that_there_really_are(db, settings):
    settings.RESULTS_MINIMUM = settings.PEER_MINIMUM = 1

    said = dict(dict(measures())["Wer was lesen und ändern darf"])

    assert said["Auswertungen ab so vielen Personen"] == "5"
    assert said["Antworten aus dem Kollegium ab"] == "3"


def test_what_an_installation_has_not_said_is_left_to_be_filled_in(settings):
    settings.ORGANISATION_ADDRESS = settings.LEGAL_BASIS = ""

    text = " ".join(lines(PAPERS["verarbeitung"].html()))

    assert "[Anschrift]" in text
    assert "[Rechtsgrundlage" in text


def test_the_measures_say_how_passwords_are_kept(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

    [line] = [line for line in lines(PAPERS["massnahmen"].html()) if line.startswith("Passwörter sind nur")]

    assert line.endswith(" | scrypt")


def test_a_report_names_every_form_that_its_addresses_end_with():
    patterns = dict(addresses(get_resolver()))
    unsaid = [
        (report.name, address)
        for report in REPORTS
        for address in report.addresses
        if "." in patterns[address] and patterns[address].rpartition(".")[2].upper() not in report.form
    ]

    assert unsaid == []


def addresses(resolver, space=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", str(one.pattern)


def test_html_in_a_setting_stays_text(settings):
    settings.LEGAL_BASIS = "<script>alert(1)</script> & Co."

    html = PAPERS["verarbeitung"].html()

    assert "<script>" not in html
    assert "<script>alert(1)</script> & Co." in " ".join(lines(html))


def test_the_retention_concept_has_every_rule_and_the_catalogue_every_field_about_people(settings):
    settings.RETENTION_MONTHS = settings.RETENTION_MONTHS | {"records": 25}
    rules = lines(PAPERS["loeschkonzept"].html())
    data = " ".join(lines(PAPERS["daten"].html()))

    assert [rule.key for rule in RULES.values() if not any(line.startswith(rule.name) for line in rules)] == []
    assert any("Abschluss des Lernplans" in line and "25 Monate" in line for line in rules)
    assert [
        name for table in TABLES for name in (*table.personal.values(), *table.signed.values()) if name not in data
    ] == []


def test_the_catalogue_has_each_field_once_with_what_it_is_for_and_its_rule():
    catalogue = {
        rule.key: {table.model: (words, signed) for table, words, signed in tables}
        for rule, _, tables in catalogue_of_data()
    }

    for table in TABLES:
        of_table = [said for tables in catalogue.values() for model, said in tables.items() if model == table.model]
        words = [word for said, _ in of_table for word in said]
        assert sorted(words) == sorted(table.personal.values())
        assert {word for _, signed in of_table for word in signed} == set(table.signed.values())
    declined, _ = catalogue["declined"]["assessments.participation"]
    assert declined == ["nimmt nicht teil seit", "möchte doch teilnehmen seit"]
    assert catalogue["settings_of_rounds"].keys() == {"papers.factsheetcomment"}
    assert catalogue["signature"]["assessments.round"] == ([], ["Ansprechperson", "angelegt von", "eröffnet von"])
    data = " ".join(lines(PAPERS["daten"].html()))
    assert [table.purpose for table in TABLES if table.purpose not in data] == []


def test_every_paper_that_names_a_period_has_it_from_the_rules(settings, client):
    settings.RETENTION_MONTHS = settings.RETENTION_MONTHS | {"assessments": 17}
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"log": 77}

    named = {slug: " ".join(lines(PAPERS[slug].html())) for slug in PAPERS}

    of_rounds = {"dienstvereinbarung", "loeschkonzept", "daten", "datenschutzhinweise", "verarbeitung"}
    assert {slug for slug, text in named.items() if "17 Monate" in text} == of_rounds
    assert {slug for slug, text in named.items() if "24 Monate" in text} == set()
    assert {slug for slug, text in named.items() if "77 Tage" in text} >= {*of_rounds, "massnahmen", "rechte"}
    assert "17 Monate" in client.get(reverse("privacy")).content.decode()


def test_what_employees_must_be_told_is_left_to_be_filled_in_where_it_is_missing(settings, client):
    settings.LEGAL_BASIS = settings.SUPERVISORY_AUTHORITY = settings.ENFORCEMENT_BODY = ""
    settings.DATA_PROTECTION_EMAIL = ""

    privacy, accessibility = (client.get(reverse(name)).content.decode() for name in ("privacy", "accessibility"))

    assert "[Rechtsgrundlage]" in privacy
    assert "Datenschutzbeauftragte Person: [E-Mail-Adresse]" in " ".join(privacy.split())
    assert "[Aufsichtsbehörde für den Datenschutz]" in privacy
    assert "[Durchsetzungsstelle des Landes, mit Anschrift]" in accessibility


@pytest.mark.parametrize("slug", ["dienstvereinbarung", "datenschutzhinweise"])
def test_until_when_somebody_may_decline_is_said_as_it_is(slug):
    """Participation.may_decline: before the record, and while the round is open."""
    said = "bis das Ergebnis des Gesprächs festgehalten oder die Runde beendet ist"

    assert said in " ".join(lines(PAPERS[slug].html(variant={"voluntary": True})))


def test_what_stays_in_texts_of_others_is_told_to_who_erases_and_to_whom_it_is_about():
    for slug in ("loeschkonzept", "datenschutzhinweise"):
        assert "kann ein Wort oder jemand anderes sein" in " ".join(lines(PAPERS[slug].html()))


def test_what_a_mentor_shows_of_themselves_is_said_wherever_it_is_said_who_sees_levels(as_, cast):
    """MentorOffer.objects.for_learners: whoever has a goal there reads the name of who has reached the highest level."""
    said = [
        " ".join(lines(PAPERS[slug].html(variant={})))
        for slug in ("rechte", "datenschutzhinweise", "dienstvereinbarung")
    ]
    said += [
        " ".join(as_(cast.anna).get(address).text.split()) for address in ("/meine-daten/", "/hilfe/wer-sieht-was/")
    ]

    assert ["Mentor" in text and "höchste" in text for text in said] == [True] * 5


def test_how_much_later_than_an_event_something_is_erased_is_said(settings):
    """It is announced at the next look, once a week, and erased no sooner than that many days after."""
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"notice": 30}

    assert "erst bis zu 37 Tage danach gelöscht" in " ".join(lines(PAPERS["loeschkonzept"].html()))


def test_the_concept_of_rights_says_who_gives_them():
    """The admin of the technical administration has both fields; `manage.py set_up` makes the first one of HR and nobody else."""
    said = {line.split(" | ")[0]: line for line in reversed(lines(PAPERS["rechte"].html())) if " | " in line}

    assert "beim Einrichten oder von der technischen Verwaltung" in said["Personalentwicklung"]
    assert "oder der technischen Verwaltung" in said["Personalrat und Datenschutz"]
    assert "beim Einrichten" not in said["Personalrat und Datenschutz"]


def test_the_agreement_names_every_paper_it_rests_on_and_what_is_asked_of_people():
    agreement = " ".join(lines(PAPERS["dienstvereinbarung"].html(variant={})))

    for slug in ("rechte", "berichte", "daten", "loeschkonzept", "massnahmen", "datenschutzhinweise"):
        assert PAPERS[slug].title.split()[0] in agreement
    assert "Kompetenzen mit Stufen und Verhaltensankern" in agreement


def test_the_concept_of_rights_names_what_the_technical_administration_can_repair_and_how_many_they_are(cast):
    Person.objects.filter(pk=cast.fremd.pk).update(is_staff=True)
    Person.objects.filter(pk=cast.dora.pk).update(is_superuser=True)

    (said,) = [line for line in lines(PAPERS["rechte"].html()) if line.startswith("Technische Verwaltung")]

    assert "Stammdaten" in said
    assert [
        table.name
        for table in TABLES
        if table.model.startswith(("assessments.", "learningplans.")) and table.name in said
    ] == []
    assert "Zugang: 2 Personen" in said


def test_when_somebody_has_recorded_a_talk_others_read_with_the_day_alone(as_, cast):
    stage = Stage(cast).release_both().record()

    page = as_(cast.anna).get(reverse("assessments:talk", args=[stage.participation.pk])).content.decode()

    recorded = page.split("Festgehalten")[1].split("</p>")[0]
    assert cast.bernd.last_name in recorded
    assert re.findall(r"\d\d:\d\d", recorded) == []


def test_of_an_unsent_letter_hr_reads_the_day_alone(as_, cast):
    """It is written in the moment in which somebody releases, records or answers."""
    about = {"kind": Letter.Kind.RELEASE, "key": "participation-1-release-self", "path": "/teilnahmen/1/"}
    Letter.objects.create(person=cast.anna, state=Letter.State.REFUSED, **about)

    page = as_(cast.paula).get(reverse("letters:waiting")).content.decode()

    assert f"{TODAY:%d.%m.%Y}" in page
    assert re.findall(r"\d\d:\d\d", page.split("<table")[1]) == []


def test_rules_that_never_end_are_said_to_have_no_end():
    said = lines(PAPERS["loeschkonzept"].html())

    assert "wo „bleibt“ steht, ohne Ende" in said[0]
    assert [rule.name for rule in RULES.values() if rule.then is Then.STAYS and rule.period] == []


def test_copies_that_outlive_what_they_were_made_of_are_said_with_their_time(settings):
    """retention leaves the files of jobs to their own rule; removing.forget_copies takes them at once."""
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"jobs": 6, "imports": 71}

    said = " ".join(lines(PAPERS["loeschkonzept"].html()))

    assert "noch höchstens 6 Tage liegen, was eine Personalliste geändert hat, 71 Tage" in said


def test_what_goes_at_once_is_named_with_whoever_has_it_go():
    said = " ".join(lines(PAPERS["loeschkonzept"].html()))

    for at_once in ("nicht teilnimmt", "aus einer laufenden Runde entfernt", "zurückweist", "verworfen wird"):
        assert at_once in said.partition("Sofort gelöscht")[2].partition("Wenn sich etwas")[0]


@pytest.mark.parametrize("slug", ["rechte", "dienstvereinbarung", "berichte"])
def test_deputies_are_named_wherever_the_needs_of_a_team_are(db, slug):
    """Participation.objects.managed_by is of whoever leads and of who deputises."""
    told = [
        line
        for line in lines(PAPERS[slug].html(variant={}))
        if "unter dem Soll ist" in line or "Bedarf des Teams, und" in line
    ]

    assert ["Vertretung" in line for line in told if " | " not in line] == [True]


@pytest.mark.parametrize("asked", ["OIDC", "LDAP"])
def test_where_a_group_gives_a_right_it_is_said_what_an_entry_is_worth(db, settings, asked):
    """directory.take_over: each sign-in gives and takes it, and whoever has an own password does not come by there."""
    for name, value in ((f"{asked}_SERVER", "https://directory.example"), (f"{asked}_HR_GROUP", "kr-personal")):
        setattr(settings, name, value)

    said = next(line for line in lines(PAPERS["rechte"].html()) if line.startswith("Personalentwicklung | "))

    assert "Jede Anmeldung darüber gibt und nimmt das Recht" in said
    assert "bei einzelnen Konten mit eigenem Passwort gilt es allein" in said


def test_who_is_new_in_hr_is_said_to_be_no_second_pair_of_eyes_for_so_long(db):
    said = " ".join(lines(PAPERS["rechte"].html()))

    assert f"zählt {NEW.days} Tage lang nicht als zweite Person" in said
    assert "verliert mit dem letzten Arbeitstag jeden Zugang und alle Rechte" in said


def test_what_is_said_to_stay_empty_does(settings):
    """allauth would keep the keys of a directory, if it were asked to; what else it says, openid.remember empties."""
    said = " ".join(lines(PAPERS["daten"].html()))

    assert "Leer bleiben" in said
    assert not getattr(settings, "SOCIALACCOUNT_STORE_TOKENS", False)


# Versions -----------------------------------------------------------------------------------------


def test_a_version_is_kept_on_the_day_on_which_a_paper_reads_differently(settings, as_, cast):
    versions.keep_versions(TODAY)
    assert versions.keep_versions(in_days(1)) is None
    settings.RESULTS_MINIMUM = 9

    said = versions.keep_versions(in_days(2))

    changed = {version.slug for version in PaperVersion.objects.filter(from_day=in_days(2))}
    assert "dienstvereinbarung" in changed
    assert "barrierefreiheit" not in changed
    assert said == f"Neue Fassungen von Unterlagen: {len(changed)}."
    shown = page(as_(cast.audit), "dienstvereinbarung", "paper_versions").content.decode()
    assert "Gruppen ab 9 Personen" in shown.split("<ins>")[1]
    assert "Gruppen ab 5 Personen" in shown.split("<del>")[1]


def test_what_changes_twice_on_a_day_is_one_version(settings):
    versions.keep_versions(TODAY)
    settings.RESULTS_MINIMUM = 9
    versions.keep_versions(TODAY)

    assert PaperVersion.objects.filter(slug="dienstvereinbarung").count() == 1
    assert "ab 9 Personen" in " ".join(PaperVersion.objects.get(slug="dienstvereinbarung").lines)


def test_auditors_are_written_to_once_a_day_on_which_a_paper_has_changed(settings, cast):
    versions.keep_versions(TODAY)  # nobody has agreed to anything yet
    before = Letter.objects.count()
    settings.RESULTS_MINIMUM = 9
    versions.keep_versions(in_days(1))
    versions.keep_versions(in_days(1))

    letter = Letter.objects.get()
    assert (before, letter.person) == (0, cast.audit)
    assert obstacle_to(letter) == ""
    assert "Muster-Dienstvereinbarung" in " ".join(said_in(letter).more)
    assert "Erklärung zur Barrierefreiheit" not in " ".join(said_in(letter).more)


def test_a_paper_says_from_when_on_it_reads_so(settings, as_, cast):
    reader = as_(cast.anna)
    versions.keep_versions(in_days(-3))

    kept = page(reader, "rechte").content.decode()
    printed = " ".join(pages_of(page(reader, "rechte", "paper_pdf").content))
    settings.RESULTS_MINIMUM = 9

    assert f"Fassung vom {date_format(in_days(-3))}." in kept
    assert f"Fassung vom {in_days(-3):%d.%m.%Y}" in printed
    assert "mit dem nächsten täglichen Lauf" in " ".join(page(reader, "rechte").content.decode().split())


def test_a_version_is_not_another_with_each_who_comes(cast):
    before = lines(PAPERS["schwellwertanalyse"].html())
    Person.objects.create_user("neu@kreis.example", "x", first_name="Neu", last_name="Hier")

    assert lines(PAPERS["schwellwertanalyse"].html()) == before


def test_without_a_version_yet_the_page_says_so(as_, cast):
    assert "Noch ist keine Fassung" in page(as_(cast.paula), "rechte", "paper_versions").content.decode()


def test_the_measures_say_what_check_deploy_and_the_files_say(settings, monkeypatch, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "var").mkdir()
    copy = tmp_path / "var" / "sicherung.dump"
    copy.touch(mode=0o644)
    monkeypatch.setattr(unsafe_settings, "_written", list)
    found = []
    for mode in (0o644, 0o600):
        copy.chmod(mode)
        found.append({row: how for _, rows in measures() for row, how in rows})

    ours = "Was die Anwendung auf die Platte schreibt, liest nur ihr eigener Nutzer"
    checked = "Einstellungen von der Anwendung selbst geprüft (manage.py check --deploy)"
    assert [one[ours] for one in found] == ["nein", "ja"]
    assert found[0][checked].startswith("nein")


def test_what_is_blocked_after_how_many_wrong_passwords_is_printed():
    said = {row: how for _, rows in measures() for row, how in rows}

    assert said["Grenzen für Anmeldeversuche je Konto und je Herkunft, ohne andere auszusperren"] == (
        "5 falsche je Herkunft in 5 Minuten, 20 von fremden Geräten in 60"
    )


@pytest.mark.parametrize("voluntary", ["ja", "nein"])
def test_no_variant_of_the_agreement_leaves_a_line_alone_on_a_fifth_sheet(as_, cast, voluntary):
    asked = {"voluntary": voluntary, "levels": "ja", "colleagues": "ja"}  # the longest
    response = as_(cast.anna).get(reverse("papers:paper_pdf", args=["dienstvereinbarung"]), asked)

    assert len(pages_of(response.content)) <= 4
