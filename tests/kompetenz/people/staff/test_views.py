"""HR's pages for importing a staff list: upload, preview, confirmation; only who has uploaded a list ever sees it."""

import re
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from kompetenz.lists import page_of
from kompetenz.people.models import Person, StaffFile, StaffFileRow, Unit
from kompetenz.people.staff import cells, comparing, previews, reading, views
from kompetenz.people.staff.forms import ONLY_GOOD
from kompetenz.people.staff.uploading import KEPT, delete_unconfirmed_lists
from kompetenz.people.staff.views import CHANGED_MEANWHILE, GONE
from kompetenz.refusals import Faster
from roles import holding
from roles.models import RoleProfile
from tests.clock import TODAY
from tests.kompetenz.people.staff.lists import FULL, full_row, text, workbook
from tests.markup import tight
from tests.noted import entries

UPLOAD, PREVIEW, DISCARD = (reverse_lazy(f"people:staff_{page}") for page in ("import", "preview", "discard"))
ERRORS = reverse_lazy("people:staff_errors")
NAMES = FULL[:3]
NORA = ["0100", "Neu", "Nora"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def hr(as_, cast):
    return as_(cast.paula)


def send(client, content, name="liste.csv"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def send_rows(client, *rows, header=NAMES):
    return send(client, text(header, *rows))


def stamp_shown(client):
    return client.get(PREVIEW).context["preview"]["stamp"]


def confirm(client, **more):
    read = stamp_shown(client)
    return client.post(PREVIEW, {"read": read, "last_day": "2026-01-31", **more}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_list_is_uploaded_looked_at_and_taken_over(hr, cast):
    uploaded = send_rows(hr, NORA, ["0003", "Neumann", "Anna"])
    before = set(Person.objects.values_list("last_name", flat=True))
    looked = hr.get(PREVIEW)
    done = confirm(hr)

    assert (uploaded.status_code, uploaded.url) == (302, PREVIEW)
    assert "Noch ist nichts gespeichert." in looked.text
    assert not {"Neu", "Neumann"} & before
    assert said(done) == [
        "Die Personalliste ist übernommen: 1 neu, 1 geändert, 0 ausgeschieden, 0 Organisationseinheiten angelegt oder geändert."
    ]
    assert {"Neu", "Neumann"} <= set(Person.objects.values_list("last_name", flat=True))
    assert not StaffFile.objects.exists()


def test_a_workbook_goes_the_same_way(hr):
    send(hr, workbook(NAMES, NORA), "liste.xlsx")

    assert listed(hr.get(PREVIEW)) == ["Neu, Nora"]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"MZ\x90\0 This program cannot be run in DOS mode.", "liste.xlsx", cells.NOT_A_LIST),
        (b"x" * (30 * cells.MIB), "liste.xlsx", reading.TOO_LARGE),
        (b"", "liste.csv", reading.EMPTY),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field_and_not_kept(hr, content, name, reason):
    response = send(hr, content, name)

    assert response.context["form"].errors == {"file": [reason]}
    assert response.text.count(reason) == 2
    assert not StaffFile.objects.exists()


def test_nothing_chosen_is_said(hr):
    assert hr.post(UPLOAD).context["form"].errors == {"file": ["Bitte wählen Sie eine Datei aus."]}


def test_a_new_upload_takes_the_place_of_the_old_one(hr):
    send_rows(hr, NORA)
    send_rows(hr, ["0101", "Neu", "Nils"])

    assert listed(hr.get(PREVIEW)) == ["Neu, Nils"]
    assert StaffFile.objects.count() == 1


def test_what_does_not_belong_here_never_reaches_the_database(hr):
    send_rows(hr, [*NORA, "12.03.1971", "E 9b"], header=[*NAMES, "Geburtsdatum", "Entgeltgruppe"])
    page = hr.get(PREVIEW)

    kept = StaffFile.objects.get()
    assert b"1971" not in bytes(kept.content)
    assert "1971" not in repr((kept.shown, list(kept.rows.values())))
    assert "Gehört nicht ins Kompetenzrad, nicht gelesen</dt><dd>Geburtsdatum, Entgeltgruppe</dd>" in tight(page.text)


def test_only_who_has_uploaded_a_list_sees_it(client, cast, hr):
    send_rows(hr, NORA)
    Person.objects.filter(pk=cast.fremd.pk).update(is_hr=True)
    client.force_login(cast.fremd)

    seen, refused, discarded = client.get(PREVIEW), client.post(PREVIEW, {"read": "x"}), client.post(DISCARD)

    assert (seen.url, refused.url, discarded.url) == (UPLOAD, UPLOAD, UPLOAD)
    assert StaffFile.objects.get().uploaded_by == cast.paula


def test_a_list_is_kept_for_a_day(hr):
    send_rows(hr, NORA)
    StaffFile.objects.update(uploaded_at=timezone.now() - KEPT)

    assert hr.get(PREVIEW).url == UPLOAD
    said = [delete_unconfirmed_lists(TODAY) for _ in range(2)]
    assert (said, StaffFile.objects.count()) == (["Unbestätigte Personallisten gelöscht: 1.", None], 0)


def test_a_list_is_discarded(hr):
    send_rows(hr, NORA)

    response = hr.post(DISCARD, follow=True)

    assert said(response) == ["Die Personalliste ist verworfen. Es ist nichts übernommen."]
    assert (StaffFile.objects.count(), Person.objects.filter(last_name="Neu").count()) == (0, 0)


@pytest.mark.parametrize("where", [UPLOAD, PREVIEW])
def test_what_was_uploaded_since_in_another_window_is_not_discarded_unseen(hr, clock, where):
    def shown():
        return {"once": "1-x", "read": re.findall(r'name="read" value="(\w{16})"', hr.get(where).text)[-1]}

    send_rows(hr, NORA)
    stale = shown()
    clock.shift(5)
    send_rows(hr, ["0101", "Neu", "Nils"])

    told = hr.post(DISCARD, stale | {"once": f"{hr.session['_auth_user_id']}-x"}, follow=True)
    kept = StaffFile.objects.count()
    hr.post(DISCARD, shown() | {"once": f"{hr.session['_auth_user_id']}-y"})

    assert "Inzwischen haben Sie eine andere Liste hochgeladen." in told.text
    assert (kept, StaffFile.objects.count()) == (1, 0)


def test_the_upload_page_leads_to_a_list_that_waits(hr):
    before = hr.get(UPLOAD).text
    send_rows(hr, NORA)

    assert ("wartet seit" in before, "wartet seit" in hr.get(UPLOAD).text) == (False, True)


def test_a_list_with_errors_shows_them_with_their_cells_and_is_not_confirmed_in_passing(hr):
    send_rows(hr, NORA, ["0101", "", "Nils"])
    page = hr.get(PREVIEW)
    response = confirm(hr)

    assert "B3" in page.text
    assert "Nachname fehlt." in page.text
    assert "Fehlerfreie Zeilen übernehmen" in page.text
    assert response.context["form"].errors == {"only_good": [ONLY_GOOD]}
    assert not Person.objects.filter(last_name="Neu").exists()


def test_what_has_changed_since_the_preview_is_shown_again_and_not_written(hr, cast):
    send_rows(hr, ["0003", "Neumann", "Anna"])
    old = stamp_shown(hr)
    Person.objects.filter(pk=cast.anna.pk).update(last_name="Inzwischen")

    response = hr.post(PREVIEW, {"read": old}, follow=True)

    assert said(response) == [CHANGED_MEANWHILE]
    assert [(change["before"], change["after"]) for row in response.context["page"] for change in row["changes"]] == [
        ("Inzwischen", "Neumann")
    ]


def test_a_second_confirmation_says_that_it_is_done(hr):
    send_rows(hr, NORA)
    read = stamp_shown(hr)

    hr.post(PREVIEW, {"read": read})
    again = hr.post(PREVIEW, {"read": read}, follow=True)

    assert said(again)[-1] == GONE
    assert Person.objects.filter(last_name="Neu").count() == 1


def test_of_two_confirmations_at_once_the_later_one_says_that_it_is_done(hr, monkeypatch):
    """Both have found the list; the second one waits for the first, and then it is not as previewed."""
    send_rows(hr, NORA)

    def after_the_other(*, uploaded, **_):
        uploaded.delete()
        raise Faster

    monkeypatch.setattr(views, "take_over", after_the_other)

    assert said(confirm(hr)) == [GONE]


def test_nobody_is_preselected_and_who_is_ticked_leaves(hr, cast):
    send_rows(hr, ["0001", "Chefin", "Clara"])
    page = hr.get(PREVIEW).text
    confirm(hr, leavers=[cast.anna.pk, cast.paula.pk, "x", "9" * 5000])

    assert (page.count('name="leavers"'), page.count("checked")) == (4, 0)
    assert [(p.pk, str(p.leaving_date)) for p in Person.objects.exclude(leaving_date=None)] == [
        (cast.anna.pk, "2026-01-31")
    ]


def test_all_who_are_missing_leave_when_that_is_ticked(hr, cast):
    send_rows(hr, ["0001", "Chefin", "Clara"])
    confirm(hr, all_missing="on")

    assert set(Person.objects.exclude(leaving_date=None)) == {cast.anna, cast.bernd, cast.dora, cast.fremd}


def test_the_preview_names_nobody_by_what_cannot_be_seen(hr):
    send_rows(hr, ["0100", "Neu\u202egnp", "No\x1bra"])

    page = hr.get(PREVIEW)

    assert {problem["who"] for problem in page.context["page"]} == {"Neugnp, Nora"}
    assert not {"\u202e", "\x1b"} & set(page.text)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("", "Bitte geben Sie den letzten Arbeitstag an."),
        ("0026-01-01", "Dieses Jahr kann nicht stimmen."),
        ("morgen", "Bitte ein gültiges Datum eingeben."),
    ],
)
def test_whoever_leaves_has_a_last_day_and_the_ticks_stay(hr, cast, day, reason):
    send_rows(hr, ["0001", "Chefin", "Clara"])

    response = confirm(hr, leavers=[cast.anna.pk], last_day=day)

    assert response.context["form"].errors == {"last_day": [reason]}
    assert f'value="{cast.anna.pk}" id="fehlt-{cast.anna.pk}" checked' in response.text
    assert not Person.objects.exclude(leaving_date=None).exists()


def test_without_leavers_no_day_is_needed(hr):
    send_rows(hr, NORA)

    confirm(hr, last_day="")

    assert Person.objects.filter(last_name="Neu").exists()


def test_a_list_that_changes_nothing_says_so(hr):
    people = Person.objects.exclude(personnel_number=None).select_related("unit", "manager")
    send_rows(hr, *[full_row(person) for person in people], header=FULL)

    page = hr.get(PREVIEW).text

    assert "Alle Personen der Liste sind schon so gespeichert. Es gibt nichts zu übernehmen." in page
    assert 'id="uebernehmen"' not in page


def listed(response):
    return [row.get("listed_as") or row["address"] for row in response.context["page"]]


def test_each_group_is_shown_and_searched(hr):
    rows = [["0100", "Žižek", "Nora"], ["0101", "Neu", "Nils"], ["0003", "Neumann", "Anna"], ["0102", "", "Fehl"]]
    send_rows(hr, *rows)

    shown = {
        query: listed(hr.get(f"{PREVIEW}?{query}"))
        for query in (
            "",
            "liste=neu",
            "liste=geaendert",
            "liste=neu&q=zizek",
            "liste=neu&q=0101",
            "liste=xyz&q=0102",
            "q=B5",
        )
    }

    assert shown == {
        "": ["B5"],
        "liste=neu": ["Žižek, Nora", "Neu, Nils"],
        "liste=geaendert": ["Neumann, Anna"],
        "liste=neu&q=zizek": ["Žižek, Nora"],
        "liste=neu&q=0101": ["Neu, Nils"],
        "liste=xyz&q=0102": [],
        "q=B5": ["B5"],
    }


def test_htmx_gets_the_rows_and_an_announced_count_the_back_button_a_whole_page(hr):
    send_rows(hr, NORA, ["0101", "Neu", "Nils"])
    part = hr.get(PREVIEW, {"q": "nora"}, headers=HTMX).text
    page = hr.get(PREVIEW, {"q": "nora"}, headers=HTMX | {"HX-History-Restore-Request": "true"}).text

    assert ("<html" in part, "<html" in page) == (False, True)
    assert ' id="status" hx-swap-oob="innerHTML">Neue Personen: 1</p>' in part


def test_long_groups_have_pages_and_a_search_goes_along(hr):
    send_rows(hr, *[[f"1{n:04}", "Neu", "Nora"] for n in range(120)])

    page = hr.get(PREVIEW, {"liste": "neu", "q": "neu", "seite": 2})

    assert (len(page.context["page"]), page.context["page"].paginator.num_pages) == (50, 3)
    asked = {"liste": "neu", "q": "neu", "stand": page.context["stand"]}
    assert f"?{urlencode(asked)}&seite=3" in page.text.replace("&amp;", "&")


def test_names_with_markup_stay_names(hr):
    send_rows(hr, ["0100", "<b>Neu</b>", "Nora"])

    assert "&lt;b&gt;Neu&lt;/b&gt;, Nora" in hr.get(PREVIEW).text


def test_whose_stored_data_a_preview_shows_is_noted_as_read(hr, cast):
    new, unchanged = [*NORA, "", "", "", ""], full_row(cast.bernd)
    send_rows(hr, full_row(cast.anna, Austritt="31.12.2099"), full_row(cast.dora), unchanged, new, header=FULL)
    hr.get(PREVIEW)  # the new ones
    assert entries() == set()

    hr.get(PREVIEW, {"liste": "geaendert"})
    assert entries() == {"Anna: master_data read hr"}


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_each_page_of_a_preview_notes_its_own_and_what_is_withheld(hr, cast, monkeypatch, htmx):
    monkeypatch.setattr("kompetenz.people.staff.forms.page_of", partial(page_of, size=1))
    later = {"Austritt": "31.12.2099"}
    send_rows(
        hr,
        full_row(cast.anna, **later),
        full_row(cast.dora, **later),
        full_row(cast.bernd, **{"E-Mail": ""}),
        header=FULL,
    )
    hr.get(PREVIEW, {"liste": "geaendert"}, headers=htmx)
    first = entries()
    hr.get(PREVIEW, {"liste": "geaendert", "seite": 2}, headers=htmx)

    assert first == {"Anna: master_data read hr", "Bernd: master_data read hr"}
    assert entries() == first | {"Dora: master_data read hr"}


@pytest.mark.parametrize("size", [2, 200])
def test_query_count_of_the_preview_page(hr, cast, size, django_assert_num_queries):
    Person.objects.bulk_create(
        Person(first_name="F", last_name=f"Fehlt{n}", sort_key=f"{n}", personnel_number=f"9{n:04}") for n in range(size)
    )
    rows = [[f"1{n:04}", "Neu", "N", f"n{n}@test.example", "10", "0001", ""] for n in range(size)]
    send_rows(hr, *[[*row, "Digitallotse"] for row in rows], header=[*FULL, "Rolle"])

    # session, user; the file; what people, units, further numbers, whom one deputises for, who is in a running round, holdings and role profiles are; the
    # rows
    with django_assert_num_queries(11):
        page = hr.get(PREVIEW)

    told = page.context["preview"]
    assert (told["numbers"]["neu"], told["missing"], len(page.context["page"])) == (size, size + 5, min(size, 50))


def change_a_name(cast):
    Person.objects.filter(pk=cast.anna.pk).update(first_name="Anna Inzwischen")


def change_a_unit(cast):
    Unit.objects.filter(number="10").update(name="Inzwischen")


def change_a_manager(cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)


def give_a_role(cast):
    holding.assign_role(person=cast.anna, profile=RoleProfile.objects.exclude(key="digitallotse").first(), since=TODAY)


def delete_somebody(cast):
    cast.fremd.delete()


def nothing_that_matters(cast):
    Person.objects.filter(pk=cast.anna.pk).update(last_login=timezone.now(), wants_mail=False)


@pytest.mark.parametrize(
    ("change", "times"),
    [
        (change_a_name, 1),
        (change_a_unit, 1),
        (change_a_manager, 1),
        (give_a_role, 1),
        (delete_somebody, 1),
        (nothing_that_matters, 0),
    ],
)
def test_a_list_is_compared_once_and_anew_only_when_people_have_changed(hr, cast, monkeypatch, change, times):
    send_rows(hr, [*NORA, "Digitallotse"], header=[*NAMES, "Rolle"])
    compared = []

    def noted(*args, **kwargs):
        compared.append(args)
        return comparing.compare(*args, **kwargs)

    monkeypatch.setattr(previews, "compare", noted)
    previews.compared_anew.cache_clear()
    before = hr.get(PREVIEW), hr.get(PREVIEW, {"q": "nora"}, headers=HTMX)
    as_uploaded = len(compared)
    change(cast)
    after = hr.get(PREVIEW), hr.get(PREVIEW, {"q": "nora"}, headers=HTMX)

    assert (as_uploaded, len(compared)) == (0, times)
    assert [listed(page) for page in (*before, *after)] == [["Neu, Nora"]] * 4


def test_more_of_a_page_goes_with_what_it_shows_and_a_whole_page_with_what_holds_now(
    hr, cast, django_assert_max_num_queries
):
    send_rows(hr, ["0003", "Neumann", "Anna"])
    stand = hr.get(PREVIEW).context["stand"]
    change_a_name(cast)

    with django_assert_max_num_queries(7):  # who asks, their list, its rows, and what is noted: nothing of all people
        more = hr.get(PREVIEW, {"stand": stand}, headers=HTMX)
    pages = more, hr.get(PREVIEW, {"stand": stand}), hr.get(PREVIEW, {"stand": "anything"}, headers=HTMX)

    was = [[change["before"] for row in page.context["page"] for change in row["changes"]] for page in pages]
    assert was == [["Ärmel"], ["Ärmel", "Anna Inzwischen"], ["Ärmel", "Anna Inzwischen"]]


def test_a_preview_that_was_outdated_is_kept_anew_with_the_confirmation(hr, cast):
    send_rows(hr, ["0003", "Neumann", "Anna"])
    read, first = stamp_shown(hr), StaffFile.objects.get().as_of
    change_a_name(cast)

    hr.post(PREVIEW, {"read": read})

    kept = StaffFile.objects.get()
    assert (kept.as_of == first, kept.shown["stamp"] == read) == (False, False)
    assert [change["before"] for row in kept.rows.all() for change in row.said["changes"]] == [
        "Ärmel",
        "Anna Inzwischen",
    ]


def test_a_preview_of_before_it_was_kept_is_shown(hr):
    send_rows(hr, NORA)
    StaffFile.objects.update(as_of="", shown={})

    assert listed(hr.get(PREVIEW)) == ["Neu, Nora"]


def test_what_is_kept_goes_with_the_list(hr):
    send_rows(hr, NORA)
    confirm(hr)

    assert not StaffFileRow.objects.exists()


@pytest.mark.parametrize(
    ("name", "kind", "begins"),
    [("staff_template", "xlsx", b"PK"), ("staff_template_csv", "csv", b"\xef\xbb\xbfPersonalnummer;")],
)
def test_the_template_is_downloaded(hr, name, kind, begins):
    response = hr.get(reverse(f"people:{name}"))

    assert response.headers["Content-Disposition"] == f'attachment; filename="Personalliste-Vorlage.{kind}"'
    assert response.content.startswith(begins)


def test_only_500_missing_people_have_a_box_of_their_own(hr):
    Person.objects.bulk_create(
        Person(first_name="F", last_name=f"Fehlt{n}", sort_key=f"{n:04}", personnel_number=f"9{n:04}")
        for n in range(510)
    )
    send_rows(hr, ["0001", "Chefin", "Clara"])

    page = hr.get(PREVIEW).text

    assert page.count('name="leavers"') == 500
    assert "Hier stehen die ersten 500 von 514 Personen." in page
    assert "Ist die Liste vollständig?" in page


def test_the_name_of_a_file_may_be_long(hr):
    send(hr, text(NAMES, NORA), "x" * 300 + ".csv")

    assert StaffFile.objects.get().name.endswith(".csv")


def test_whoever_has_left_hr_meanwhile_confirms_nothing(hr, cast):
    send_rows(hr, NORA)
    read = stamp_shown(hr)
    Person.objects.filter(pk=cast.paula.pk).update(is_hr=False)

    assert hr.post(PREVIEW, {"read": read}).status_code == 404
    assert not Person.objects.filter(last_name="Neu").exists()


def test_the_errors_of_a_long_list_are_a_file_for_who_is_of_hr_still(hr, cast, run_jobs):
    send(hr, text(NAMES, *([str(number), "Neu", ""] for number in range(100, 160))))
    asked = hr.get(ERRORS)
    job = hr.post(ERRORS, follow=True).context["job"]
    run_jobs()
    address = reverse("jobs:download", args=[job.pk])

    there = hr.get(address)
    Person.objects.filter(pk=cast.paula.pk).update(is_hr=False)

    assert "60 Einträge" in asked.text
    assert "Personalliste-mit-Fehlern.xlsx" in there.headers["Content-Disposition"]
    assert hr.get(address).status_code == 404


def test_an_inactive_person_in_the_list_is_no_error(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(leaving_date=TODAY - timedelta(days=1))
    send_rows(hr, ["0003", "Ärmel", "Anna"])

    assert "Inaktiv und bleiben es: Anna Ärmel (0003)." in hr.get(PREVIEW).text
