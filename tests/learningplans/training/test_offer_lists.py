"""A list of offers is read, looked at and taken over, row by row; what is wrong is said with its cell."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kompetenz.jobs.models import Job
from kompetenz.letters.models import Letter
from kompetenz.refusals import Refused
from learningplans.models import LearningFormat, Offer, OfferList
from learningplans.training import booking, offer_lists, taking_offers
from tests.clock import TODAY, in_days
from tests.learningplans.making import competency, measure_in, plan_of
from tests.learningplans.training.bookings import DAY, booking_of, chosen, course
from tests.markup import tight

UPLOAD, PREVIEW = reverse("learningplans:offer_list"), reverse("learningplans:offer_list_preview")
HEADER = ["Titel", "Lernformat", "Anbieter", "Std.", "Kosten", "Plätze", "Beginn", "Ende", "Ort", "Kompetenz", "Link"]
DATE = f"{DAY:%d.%m.%Y}"
GOOD = [
    "Recht für alle",
    "Seminare und Schulungen",
    "Institut",
    "7,5",
    "1.250,50 €",
    "12",
    DATE,
    "",
    "Saal 2",
    "",
    "https://a.example/x",
]


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


def text(*rows, header=HEADER):
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([header, *rows])
    return file.getvalue().encode("utf-8-sig")


def but(**changes):
    row = dict(zip(offer_lists.COLUMNS, [GOOD[0], GOOD[1], GOOD[2], GOOD[10], *GOOD[3:10]], strict=True)) | changes
    order = [
        "title",
        "format",
        "provider",
        "hours",
        "cost",
        "seats",
        "starts_on",
        "ends_on",
        "place",
        "competencies",
        "link",
    ]
    return [row[key] for key in order]


def send(client, content, name="angebote.csv"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def test_a_list_is_sent_looked_at_and_taken_over_once(hr):
    sent = send(hr, text(but(competencies=f"{competency(5).name}; {competency(8).name}")))
    looked, before = hr.get(PREVIEW), Offer.objects.count()
    done = hr.post(PREVIEW, follow=True)
    again = hr.post(PREVIEW, follow=True)

    (made,) = Offer.objects.all()
    assert (sent.url, before, [number for *_, number in looked.context["groups"]]) == (PREVIEW, 0, [0, 1, 0, 0])
    assert (made.title, made.format.key, str(made.hours), str(made.cost), made.seats) == (
        "Recht für alle", "seminare-schulungen", "7.5", "1250.50", 12,
    )  # fmt: skip
    assert {one.pk for one in made.competencies.all()} == {competency(5).pk, competency(8).pk}
    assert [(one.starts_on, one.ends_on, one.place) for one in made.dates.all()] == [(DAY, None, "Saal 2")]
    assert "Übernommen: 1 neu, 0 geändert." in done.text
    assert "keine Liste mehr" in again.text


def test_several_rows_are_dates_of_one_offer_and_a_second_list_changes_nothing(hr):
    later = f"{DAY + timedelta(days=30):%d.%m.%Y}"
    for _ in range(2):
        send(hr, text(GOOD, but(starts_on=later)))
        outcomes = [number for *_, number in hr.get(PREVIEW).context["groups"]]
        hr.post(PREVIEW)

    assert (Offer.objects.count(), Offer.objects.get().dates.count()) == (1, 2)
    assert outcomes == [0, 0, 0, 2]


def test_what_is_empty_changes_nothing_and_what_is_another_does(hr):
    course("Recht für alle", cost=5, seats=3, link="https://a.example/x")

    send(hr, text(but(cost="", seats="4", starts_on="", place="", hours="")))
    hr.post(PREVIEW)

    offer = Offer.objects.get()
    assert (offer.cost, offer.seats, offer.hours, list(offer.dates.all())) == (5, 4, None, [])


def test_the_format_of_an_offer_that_measures_use_stays(hr, cast, participation):
    offer = course("Recht für alle")
    plan = plan_of(participation, measures=0)
    measure_in(plan, *plan.goals.all(), offer=offer, format=offer.format)

    send(hr, text(but(format="Coaching")))
    done = hr.post(PREVIEW, follow=True)

    assert Offer.objects.get().format == offer.format
    assert "Maßnahmen verwenden das Angebot" in done.text


def test_who_is_booked_has_a_seat_and_hears_of_another_end(hr, cast):
    offer = course("Recht für alle", seats=2, dates=[DAY])
    for person in (cast.anna, cast.dora):
        booking.move(chosen=chosen(booking_of(person, offer)), to="booked", by=cast.paula)
    Letter.objects.all().delete()

    send(hr, text(but(seats="1"), but(seats="3", ends_on=f"{in_days(42):%d.%m.%Y}")))
    done = hr.post(PREVIEW, follow=True)

    assert "Auf einem Termin sind schon mehr gebucht" in done.text
    assert (Offer.objects.get().seats, offer.dates.get().ends_on) == (3, in_days(42))
    assert {letter.person for letter in Letter.objects.all()} == {cast.anna, cast.dora}


def test_a_second_list_waits_while_the_first_is_taken_over(hr, run_jobs):
    send(hr, text(*[but(title=f"Kurs {number}") for number in range(120)]))
    hr.post(PREVIEW)
    send(hr, text(but(title="Später")))
    hr.post(PREVIEW)
    run_jobs()
    hr.post(PREVIEW)

    assert Offer.objects.filter(title="Später").exists()


@pytest.mark.parametrize(
    ("changes", "cell", "words"),
    [
        ({"title": ""}, "A2", "Titel fehlt."),
        ({"format": "Zauberei"}, "B2", "Ein Lernformat „Zauberei“ gibt es nicht."),
        ({"hours": "viel"}, "D2", "„viel“ ist keine Zahl."),
        ({"hours": "NaN"}, "D2", "„NaN“ ist zu groß oder kleiner als null."),
        ({"cost": "-1"}, "E2", "beginnt mit - wie eine Formel"),
        ({"cost": "99999999999"}, "E2", "zu groß"),
        ({"seats": "0"}, "F2", "„0“ ist keine Zahl von 1 bis 9999."),
        ({"seats": "³"}, "F2", "keine Zahl"),
        ({"starts_on": "31.02.2027"}, "G2", "ist kein Datum"),
        ({"ends_on": "01.01.2020"}, "H2", "Das Ende liegt vor dem Beginn."),
        ({"starts_on": "", "ends_on": DATE}, "H2", "Ein Ende ohne Beginn."),
        ({"competencies": "Zauberei"}, "J2", "Eine Kompetenz „Zauberei“ gibt es nicht."),
        ({"link": "javascript:alert(1)"}, "K2", "keine Internetadresse"),
        ({"title": "x" * 161}, "A2", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_cell_and_not_taken_over(hr, changes, cell, words):
    send(hr, text(but(**changes), but(title="Anderes")))
    page = hr.get(PREVIEW)
    hr.post(PREVIEW)

    (row,) = page.context["page"].object_list
    assert [problem["cell"] for problem in row["problems"]] == [cell]
    assert words in row["problems"][0]["text"]
    assert [offer.title for offer in Offer.objects.all()] == ["Anderes"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"cost": "490 EUR pro Person"}, {"cost": "490.00"}),
        ({"cost": "€ 1.234,50"}, {"cost": "1234.50"}),
        ({"cost": "1,250.50"}, {"cost": "1250.50"}),
        ({"cost": "120,-"}, {"cost": "120.00"}),
        ({"cost": "gebührenfrei"}, {"cost": "0.00"}),
        ({"cost": "auf Anfrage", "seats": "unbegrenzt", "place": "–"}, {"cost": None, "seats": None, "place": None}),
        ({"hours": "7,5 Std."}, {"hours": "7.5"}),
        ({"seats": "max. 16 Plätze"}, {"seats": 16}),
        ({"seats": "12 bis 16"}, {"seats": 16}),
        (
            {"starts_on": "Mo, 12.04.2027, 9 bis 16 Uhr", "place": "Saal"},
            {"starts_on": "2027-04-12", "place": "Saal, 9 bis 16 Uhr"},
        ),
        ({"starts_on": "12./13.03.2027"}, {"starts_on": "2027-03-12", "ends_on": "2027-03-13"}),
        ({"starts_on": "28.12. - 02.01.2027"}, {"starts_on": "2026-12-28", "ends_on": "2027-01-02"}),
        ({"starts_on": "12.03.2027-14.03.2027"}, {"starts_on": "2027-03-12", "ends_on": "2027-03-14"}),
        ({"starts_on": "nach Vereinbarung"}, {"starts_on": None}),
        ({"link": "www.institut.example/a"}, {"link": "https://www.institut.example/a"}),
    ],
)
def test_programmes_are_read_as_institutes_write_them(db, given, read):
    (row,) = offer_lists.read_offers(text(but(**given))).rows

    assert row["problems"] == []
    assert {name: row["values"].get(name) for name in read} == read


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"cost": "ab 490"}, "„ab 490“ ist keine Zahl."),
        ({"cost": "490 zzgl. MwSt."}, "ist keine Zahl."),
        ({"hours": "16 UE"}, "sind keine Zeitstunden"),
        ({"hours": "2 Tage"}, "ist keine Zahl."),
        ({"starts_on": "März 2027"}, "ist kein Datum."),
        ({"starts_on": "12.-10.03.2027"}, "Das Ende liegt vor dem Beginn."),
        ({"starts_on": "12.03.1890"}, "Das Jahr 1890 kann nicht stimmen."),
        ({"format": "Gespräch und Kurs"}, "gibt es nicht."),
    ],
)
def test_what_would_be_guessed_is_asked(db, given, words):
    (row,) = offer_lists.read_offers(text(but(**given))).rows

    (problem,) = row["problems"]
    assert words in problem["text"]
    assert "Austritt" not in problem["text"]


def test_a_day_with_thousands_of_blanks_is_soon_read(db):
    rows = [
        offer_lists.read_offers(text(but(starts_on=f"08.03.2027{' ' * 20_000}{end}"))).rows[0]
        for end in ("", "9 Uhr", "x" * 100)
    ]

    assert [row["values"].get("starts_on") for row in rows] == ["2027-03-08", "2027-03-08", None]
    assert [problem["text"] for problem in rows[2]["problems"]] == ["Zu lang: Möglich sind höchstens 100 Zeichen."]


def test_the_preview_shows_what_was_read(hr):
    send(hr, text(but(starts_on="12./13.03.2027", place="Saal", cost="1.250,5", hours="7.5", format="Seminar")))

    page = tight(hr.get(PREVIEW).text)

    read = ["12.03.2027 bis 13.03.2027", "Saal", "1.250,50 €", "7,5", "Seminare und Schulungen, Institut"]
    assert [word for word in read if word not in page] == []


def test_a_programme_without_formats_gets_the_chosen_one_and_what_was_not_read_is_said(hr):
    header = ["Nr.", "Seminartitel", "Termin", "Ort", "Uhrzeit", "Dauer", "Teilnahmegebühr", "Kompetenzen"]
    names = f"{competency(8).name}, {competency(9).name}"
    row = ["17", "Vergaberecht", "12.03.2027", "Hannover", "9 Uhr", "1 Tag", "490,00", names]
    chosen_format = LearningFormat.objects.get(key="training")

    without = send(hr, text(row, header=header))
    file = SimpleUploadedFile("programm.csv", text(row, header=header))
    page = hr.post(UPLOAD, {"file": file, "format": chosen_format.pk}, follow=True)
    hr.post(PREVIEW)

    assert "Bitte wählen Sie eines für alle Zeilen" in without.context["form"].errors["file"][0]
    assert "Nicht gelesene Spalten der Liste: „Nr.“, „Dauer“." in page.text
    offer = Offer.objects.get()
    assert (offer.title, offer.format, offer.cost) == ("Vergaberecht", chosen_format, 490)
    assert offer.dates.get().place == "Hannover, 9 Uhr"
    assert {one.name for one in offer.competencies.all()} == {competency(8).name, competency(9).name}


@pytest.mark.parametrize(
    ("said", "key"), [("Seminar", "seminare-schulungen"), ("Online-Schulung", "seminare-schulungen")]
)
def test_a_format_is_known_by_a_word_of_its_name(db, said, key):
    (row,) = offer_lists.read_offers(text(but(format=said))).rows

    assert row["values"]["format"] == LearningFormat.objects.get(key=key).pk


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leer"),
        (text(GOOD, header=["A", *HEADER[1:]]), "keine Kopfzeile mit der Spalte Titel und einer weiteren"),
        (text(), "keine Zeile mit einem Angebot"),
        (text(GOOD, header=["Titel", "Format", "Thema", *HEADER[3:]]), "in mehr als einer Spalte: „Titel“, „Thema“."),
        (text(GOOD, header=["Titel", "Nummer", *HEADER[2:]]), "Bitte wählen Sie eines für alle Zeilen"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", ""),
        (b"PK\x03\x04kaputt", ""),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(hr, content, words):
    response = send(hr, content)

    assert words in response.context["form"].errors["file"][0]
    assert OfferList.objects.count() == 0


def test_a_list_of_more_than_two_thousand_is_refused(db, monkeypatch):
    monkeypatch.setattr(offer_lists, "MOST", 2)

    with pytest.raises(Refused, match="mehr als 2\\.000 Zeilen"):
        offer_lists.read_offers(text(GOOD, GOOD, GOOD))


def test_a_workbook_with_a_title_above_is_read(hr):
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Programm"])
    book.active.append(["Titel", "Format", "Kosten", "Beginn"])
    book.active.append(["=1+1", "Coaching", 12.5, TODAY])
    book.active.append(["Kurs", "coaching", 1250.5, TODAY])
    book.save(file)

    send(hr, file.getvalue(), "programm.xlsx")
    hr.post(PREVIEW)

    assert Offer.objects.get(title="Kurs").cost == 1250.5
    assert Offer.objects.get(title="Kurs").dates.get().starts_on == TODAY


def test_nobody_else_sees_a_list_and_after_a_day_it_is_gone(hr, cast, as_):
    send(hr, text(GOOD))
    clara = cast.clara
    type(clara).objects.filter(pk=clara.pk).update(is_hr=True)

    other = as_(clara).get(PREVIEW)
    OfferList.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    said = taking_offers.delete_unconfirmed_offer_lists(TODAY)

    assert (other.status_code, said, OfferList.objects.count()) == (302, "Unbestätigte Angebotslisten gelöscht: 1.", 0)


def test_many_are_taken_over_in_the_background(hr, run_jobs):
    send(hr, text(*[but(title=f"Kurs {number}") for number in range(120)]))

    hr.post(PREVIEW)
    before = Offer.objects.count()
    run_jobs()

    assert (before, Offer.objects.count()) == (0, 120)


def shown(hr):
    """What the two forms of the preview send: taking over, discarding."""
    take, discard = re.findall(r'name="read" value="([^"]*)"', hr.get(PREVIEW).text)
    return ({"once": f"{hr.session['_auth_user_id']}-{one}", "read": one} for one in (take, discard))


def test_a_list_of_another_window_is_neither_taken_over_nor_discarded_unseen(hr, clock):
    send(hr, text(GOOD))
    take, discard = shown(hr)
    clock.shift(5)
    send(hr, text(but(title="Ganz anders")))

    told = (
        hr.post(PREVIEW, take, follow=True),
        hr.post(reverse("learningplans:offer_list_discard"), discard, follow=True),
    )
    kept = Offer.objects.count(), OfferList.objects.count()
    hr.post(PREVIEW, next(shown(hr)))

    assert ["inzwischen anders" in told[0].text, "Inzwischen haben Sie eine andere" in told[1].text] == [True, True]
    assert (kept, Offer.objects.get().title) == ((0, 1), "Ganz anders")


@pytest.mark.parametrize("change", ["offer", "withdrawn", "date", "made"])
def test_what_somebody_changes_while_a_long_list_is_taken_over_stays(hr, run_jobs, change):
    offer = course("Recht für alle", cost=5, dates=[DAY])
    extra = but(title="Ganz neu")
    send(hr, text(*[but(title=f"Kurs {number}") for number in range(120)], but(cost="900"), extra))
    hr.post(PREVIEW)
    if change == "date":
        offer.dates.update(place="Saal 9")
    elif change == "made":
        Offer.objects.create(title="Ganz neu", provider="Institut", format=offer.format, cost=1)
    else:
        Offer.objects.filter(pk=offer.pk).update(**{"offer": {"cost": 7}, "withdrawn": {"is_offered": False}}[change])
    run_jobs()

    offer.refresh_from_db()
    told = " ".join(Job.objects.get().lines)
    costs = {"offer": 7, "withdrawn": 900, "date": 5, "made": 900}
    assert offer.cost == costs[change]
    assert (offer.is_offered, offer.dates.get().place) == (
        change != "withdrawn",
        "Saal 9" if change == "date" else "Saal 2",
    )
    assert Offer.objects.get(title="Ganz neu").cost == (1 if change == "made" else 1250.5)
    assert (taking_offers.ANOTHER in told) == (change != "withdrawn")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_offers_are_held_before_they_are_compared(hr):
    send(hr, text(GOOD))

    with CaptureQueriesContext(connection) as queries:
        hr.post(PREVIEW)

    reads = [query["sql"] for query in queries if 'FROM "learningplans_offer"' in query["sql"]]
    assert "FOR NO KEY UPDATE" in reads[0]


def test_an_offer_that_somebody_has_changed_since_the_preview_is_not_written_over_unseen(hr):
    send(hr, text(GOOD))
    hr.post(PREVIEW)
    send(hr, text(but(cost="900")))
    take, _ = shown(hr)
    Offer.objects.update(cost=400)

    told = hr.post(PREVIEW, take, follow=True)
    kept = Offer.objects.get().cost
    hr.post(PREVIEW, next(shown(hr)))

    assert "ein Angebot darin ist inzwischen anders" in told.text
    assert (kept, Offer.objects.get().cost) == (400, 900)
