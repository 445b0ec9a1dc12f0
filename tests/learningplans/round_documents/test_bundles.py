"""The page about all documents of a round: asking, watching, downloading."""

import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from learningplans.models import Bundle, BundleDocument, LearningPlan
from learningplans.round_documents import bundling
from tests.clock import TODAY
from tests.learningplans.round_documents.bundles import round_of, work

HTMX = {"HX-Request": "true"}
SILENT = "Seit mehr als einer Minute ist kein Dokument dazugekommen."


@pytest.fixture(autouse=True)
def _printed(monkeypatch):
    monkeypatch.setattr(bundling, "plan_pdf", lambda plan, user: b"%PDF " * 300)


@pytest.fixture
def round_(cast):
    return round_of(cast.bernd, "Anna Ärmel", "Dora Özgür", "Emil Weiß", "Fritz Fuchs")


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def address(round_, name="round_documents", *more):
    return reverse(f"learningplans:{name}", args=[round_.pk, *more])


def done(bundle, number, **fields):
    """So many more documents of the bundle are made."""
    waiting = bundle.documents.filter(done_at=None).values("pk")[:number]
    values = {"content": b"%PDF", "done_at": timezone.now()} | fields
    BundleDocument.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(**values)


def test_an_empty_round_says_so_and_offers_nothing(hr, cast):
    round_ = round_of(cast.bernd, "Anna Ärmel", state=LearningPlan.State.DRAFT)

    page = hr.get(address(round_)).text
    sent = hr.post(address(round_), follow=True).text

    assert "In dieser Runde ist kein Lernplan vereinbart." in page
    assert "zusammenstellen</span></button>" not in page
    assert "Es gibt noch nichts zusammenzustellen." in sent


def test_the_page_of_the_round_leads_here(hr, round_):
    assert f'href="{address(round_)}"' in hr.get(round_.get_absolute_url()).text


def test_asking_leads_to_the_progress(hr, round_, cast):
    assert "Alle Dokumente zusammenstellen" in hr.get(address(round_)).text

    response = hr.post(address(round_))
    page = hr.get(address(round_)).text

    assert response.headers["Location"] == address(round_)
    assert Bundle.objects.get().requested_by == cast.paula
    assert "0 von 4" in page
    assert "Alle Dokumente zusammenstellen" not in page
    assert f'<noscript><p><a href="{address(round_)}">' in page


def test_the_page_asks_again_every_other_second_and_speaks_at_each_quarter(hr, round_):
    hr.post(address(round_))
    bundle = Bundle.objects.get()

    heard = []
    for number in (0, 1, 0, 3):
        done(bundle, number)
        heard.append(hr.get(address(round_), {"gesagt": heard[-1][1] if heard else "0"}, headers=HTMX).text)
        asked_next = re.search(r'hx-get="[^"]*gesagt=(\d)"[^>]*hx-trigger="every 2s"', heard[-1])[1]
        heard[-1] = ('id="status"' in heard[-1], asked_next)

    assert heard == [(False, "0"), (True, "1"), (False, "1"), (True, "4")]


def test_a_part_of_the_page_is_all_that_is_sent_while_it_is_watched(hr, round_):
    hr.post(address(round_))

    text = hr.get(address(round_), headers=HTMX).text

    assert ("<html" in text, 'max="4" value="0"' in text) == (False, True)


def test_what_is_finished_is_shown_by_loading_the_page_again(hr, round_):
    hr.post(address(round_))
    work()

    response = hr.get(address(round_), headers=HTMX)
    page = hr.get(address(round_)).text

    assert response.headers["HX-Refresh"] == "true"
    assert address(round_, "round_documents_zip") in page
    assert "4 Dokumente vom" in page
    assert "5,9\xa0KB" in page
    until = TODAY + timedelta(days=7)
    assert f"Hier aufbewahrt bis {until.day}.\xa0" in page
    assert 'hx-trigger="every' not in page


def test_after_a_minute_without_a_worker_the_page_says_what_is_the_matter(hr, round_):
    hr.post(address(round_))
    before = hr.get(address(round_), headers=HTMX).text
    Bundle.objects.update(requested_at=timezone.now() - timedelta(seconds=61))

    after = hr.get(address(round_), headers=HTMX).text

    assert (SILENT in before, SILENT in after) == (False, True)


def test_the_download_is_one_zip_sent_piece_by_piece(hr, round_):
    hr.post(address(round_))
    work()

    response = hr.get(address(round_, "round_documents_zip"), headers={"Accept-Encoding": "gzip"})

    archive = ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    today = TODAY
    assert archive.namelist() == [
        "Lernplan-Aermel-Anna-Runde-2026.pdf",
        "Lernplan-Fuchs-Fritz-Runde-2026.pdf",
        "Lernplan-Oezguer-Dora-Runde-2026.pdf",
        "Lernplan-Weiss-Emil-Runde-2026.pdf",
    ]
    assert response.headers["Content-Disposition"] == f'attachment; filename="Dokumente-Runde-2026-{today}.zip"'
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"


def test_another_of_hr_downloads_it_too_and_no_longer_once_they_are_not(hr, round_, cast):
    hr.post(address(round_))
    work()
    cast.fremd.is_hr = True
    cast.fremd.save()
    hr.force_login(cast.fremd)
    as_hr = hr.get(address(round_, "round_documents_zip")).status_code
    cast.fremd.is_hr = False
    cast.fremd.save()

    answers = [hr.get(address(round_)), hr.post(address(round_)), hr.get(address(round_, "round_documents_zip"))]

    assert (as_hr, [response.status_code for response in answers]) == (200, [404] * 3)


def test_what_could_not_be_made_is_listed(hr, round_):
    hr.post(address(round_))
    bundle = Bundle.objects.get()
    done(bundle, 1, content=None, problem="Der Lernplan ist wieder ein Entwurf.")
    done(bundle, 3)
    bundling.finish(bundle.pk)

    page = hr.get(address(round_)).text

    assert "Nicht erstellt: 1" in page
    assert "Lernplan-Aermel-Anna-Runde-2026.pdf: Der Lernplan ist wieder ein Entwurf." in page
    assert "3 Dokumente vom" in page


def test_where_nothing_could_be_made_there_is_nothing_to_download(hr, round_):
    hr.post(address(round_))
    bundle = Bundle.objects.get()
    done(bundle, 4, content=None, problem="Nein.")
    bundling.finish(bundle.pk)

    page = hr.get(address(round_)).text

    assert "Kein einziges Dokument ließ sich erstellen." in page
    assert "ZIP herunterladen" not in page


def test_while_a_new_one_is_made_the_one_before_stays(hr, round_):
    hr.post(address(round_))
    work()
    hr.post(address(round_))

    page = hr.get(address(round_)).text

    assert ("0 von 4" in page, "ZIP herunterladen" in page) == (True, True)


def test_breaking_off_leaves_the_one_before(hr, round_):
    hr.post(address(round_))
    work()
    ready = Bundle.objects.get()
    hr.post(address(round_))
    making = Bundle.objects.being_made().get()

    hr.post(address(round_, "round_documents_discard", making.pk))

    assert list(Bundle.objects.all()) == [ready]


def test_nobody_deletes_another_rounds_bundle_by_this_rounds_address(hr, round_, cast):
    other = Bundle.objects.create(round=round_of(cast.bernd, "Greta Groß"))

    response = hr.post(address(round_, "round_documents_discard", other.pk))

    assert (response.status_code, Bundle.objects.count()) == (404, 1)


@pytest.mark.parametrize("people", [1, 8])
def test_watching_costs_the_same_whatever_the_size(hr, cast, people, django_assert_num_queries):
    round_ = round_of(cast.bernd, *(f"Vorname{n} Nachname" for n in range(people)))
    hr.post(address(round_))

    with django_assert_num_queries(5):  # session, user, round, bundle, its documents counted
        hr.get(address(round_), headers=HTMX)


@pytest.mark.parametrize("people", [1, 8])
def test_the_page_costs_the_same_whatever_the_size(hr, cast, people, django_assert_num_queries):
    round_ = round_of(cast.bernd, *(f"Vorname{n} Nachname" for n in range(people)))
    hr.post(address(round_))
    work()

    # session, user, round, being made, finished, its documents counted, problems, plans and comparisons counted
    with django_assert_num_queries(9):
        hr.get(address(round_))
