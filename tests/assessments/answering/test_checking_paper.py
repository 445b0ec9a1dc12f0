"""A signed paper of somebody without an address: two people type it in, neither of whom sees what the other has typed."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.answering import paper_entry, saving
from assessments.models import Assessment, Participation, Progress, Round
from assessments.peers import asking
from assessments.rounds.closing import close_round
from assessments.talk import recording
from kompetenz.letters.models import Letter
from kompetenz.letters.occasions import obstacle_to
from kompetenz.people.models import Person, RightChange
from kompetenz.refusals import Faster, Refused, TooLate
from learningplans.models import Bundle
from tests.clock import NOW, TODAY
from tests.conftest import in_days, person
from tests.markup import tight
from tests.pdf_text import text_of

SIGNED = {"signed": "1"}


@pytest.fixture
def petra(cast):
    return person("Petra", "Prüferin", is_hr=True, personnel_number="0009")


@pytest.fixture
def entry(stage, cast):
    """Anna has no address, and Paula has typed in her paper."""
    Person.objects.filter(pk=cast.anna.pk).update(email=None)
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(1))
    return stage._again()


def page_of(stage):
    return reverse("assessments:check_paper", args=[stage.participation.pk])


def typed(stage, level=1):
    return {f"level-{competency.id}": str(level) for competency in stage.competencies} | SIGNED


def check(stage, by, level=1, **changed):
    levels = stage.levels(level) | changed.pop("levels", {})
    return paper_entry.check_entry(participation=stage.participation, by=by, levels=levels, **changed).differ


def obstacle(stage, by):
    return paper_entry.obstacle_to_checking(
        Participation.objects.select_related("round", "person").get(pk=stage.participation.pk), by
    )


def test_two_who_have_typed_the_same_make_it_the_persons_word(as_, entry, petra):
    page = as_(petra).post(page_of(entry), typed(entry), follow=True).text

    entry._again()
    assert "Beide Eintragungen stimmen überein. Die Selbsteinschätzung von Anna Ärmel gilt." in page
    assert entry.participation.self_is_released
    assert (entry.own.checked_by, entry.own.checked_on, entry.own.confirmed_on) == (petra, TODAY, None)
    assert (entry.own.rater, entry.own.levels()) == (entry.cast.anna, entry.levels(1))
    assert entry.own.released_at is not None


def test_only_who_has_not_typed_it_in_is_led_to_comparing_it(as_, entry, petra):
    page = reverse("assessments:enter_from_paper", args=[entry.participation.pk])

    led = [page_of(entry) in as_(one).get(page).text for one in (entry.cast.paula, petra)]

    assert led == [False, True]


def test_everywhere_it_is_said_who_has_typed_it_in_and_who_has_compared_it(as_, entry, petra):
    entry.release(entry.manager)
    check(entry, petra)
    pages = [reverse(f"assessments:{name}", args=[entry.participation.pk]) for name in ("participation", "talk")]
    pdf = as_(entry.cast.bernd).get(reverse("assessments:participation_pdf", args=[entry.participation.pk])).content
    words = [
        "vom Papier übertragen von Paula Personal am",
        "mit dem unterschriebenen Bogen verglichen von Petra Prüferin am",
    ]

    said = [" ".join(as_(entry.cast.bernd).get(page).text.split()) for page in pages] + [" ".join(text_of(pdf).split())]

    assert [[one in text for one in words] for text in said] == [[True] * 2] * 3
    assert not any("bestätigt am" in text for text in said)


def test_who_has_compared_it_may_leave_and_nobody_is_said_to_have_confirmed_it(entry, petra):
    check(entry, petra)
    petra.delete()

    words = paper_entry.entry_of(entry._again().participation)

    assert "mit dem unterschriebenen Bogen verglichen am" in words
    assert "bestätigt" not in words


def test_the_talk_can_begin_then(entry, petra):
    entry.release(entry.manager)
    with pytest.raises(Refused):
        recording.begin_talk(participation=entry._again().participation)

    check(entry, petra)

    assert recording.begin_talk(participation=entry._again().participation).pk


def test_what_differs_stands_there_instead_and_waits_for_somebody_else(as_, entry, petra):
    other = {entry.competencies[0].id: 3}
    sent = typed(entry) | {f"level-{pk}": str(level) for pk, level in other.items()}

    page = as_(petra).post(page_of(entry), sent, follow=True).text

    entry._again()
    assert "Noch nicht bestätigt: An 1 Stelle stand etwas anderes da." in page
    assert (entry.own.entered_by, entry.own.levels()) == (petra, entry.levels(1) | other)
    assert (entry.own.checked_on, entry.participation.self_state) == (None, Progress.ENTERED)
    assert obstacle(entry, petra) == paper_entry.OWN_ENTRY
    assert check(entry, entry.cast.paula, levels=other) == 0
    assert entry._again().participation.self_is_released


def test_whoever_checks_is_shown_nothing_of_what_stands_there(as_, entry, petra):
    client = as_(petra)
    before = client.get(page_of(entry)).text
    differing = client.post(page_of(entry), typed(entry, 2), follow=True).text
    afterwards = client.get(page_of(entry)).text

    assert [text.count(" checked") for text in (before, differing, afterwards)] == [0] * 3
    assert "Kompetenz" in before
    assert client.get(entry.own.get_absolute_url()).status_code == 404


def test_what_is_compared_with_a_paper_is_not_said_to_wait_for_the_persons_word(as_, entry, petra):
    page = " ".join(as_(petra).get(page_of(entry)).text.split())

    assert "noch nicht mit dem unterschriebenen Bogen verglichen." in page
    assert "noch nicht bestätigt" not in page


def test_that_the_paper_is_signed_stays_ticked_where_a_level_is_missing(as_, entry, petra):
    sent = typed(entry)
    del sent[f"level-{entry.competencies[0].id}"]

    page = as_(petra).post(page_of(entry), sent).text

    assert "Noch 1 Kompetenz ohne" in " ".join(page.split())
    assert 'name="signed" value="1" checked' in " ".join(page.split())


def test_without_a_signature_nothing_is_checked(as_, entry, petra):
    sent = typed(entry)
    del sent["signed"]

    page = as_(petra).post(page_of(entry), sent).text

    assert "Ohne Unterschrift gilt er nicht." in page
    assert page.count(" checked") == len(entry.competencies)
    assert entry._again().participation.self_state == Progress.ENTERED


def test_everything_is_typed_in_or_nothing_is(as_, entry, petra):
    sent = typed(entry)
    del sent[f"level-{entry.competencies[3].id}"]

    page = as_(petra).post(page_of(entry), sent).text

    assert "Nicht gespeichert: Noch 1 Kompetenz ohne Stufe." in " ".join(page.split())
    assert entry._again().own.checked_on is None


def test_nobody_checks_what_they_have_typed_in(as_, entry):
    page = as_(entry.cast.paula).get(page_of(entry)).text
    refused = as_(entry.cast.paula).post(page_of(entry), typed(entry))

    assert (paper_entry.OWN_ENTRY in page, refused.status_code) == (True, 409)
    assert not entry._again().participation.self_is_released


@pytest.mark.parametrize("who", ["anna", "bernd", "clara", "audit"])
def test_it_is_for_hr_alone(as_, entry, who):
    somebody = getattr(entry.cast, who)
    Person.objects.filter(pk=somebody.pk).update(email=f"{who}@test.example")

    assert as_(somebody).get(page_of(entry)).status_code == 404
    assert as_(somebody).post(page_of(entry), typed(entry)).status_code == 404


def test_who_can_confirm_for_themself_does(stage, cast, petra):
    paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(1))

    with pytest.raises(Refused, match="hat eine E-Mail-Adresse und bestätigt die Eintragung selbst"):
        check(stage, petra)


@pytest.mark.parametrize("when", ["signed in before", "asked to confirm", "to be asked", "asked long ago"])
def test_whose_address_hr_takes_away_still_answers_for_themself(as_, stage, cast, petra, when, run_jobs):
    """Two of HR could else make anybody's word: the address goes, the paper comes, the address is there again."""
    if when == "signed in before":
        Person.objects.filter(pk=cast.anna.pk).update(email=None, last_login=NOW)
        paper_entry.enter(participation=stage._again().participation, by=cast.paula, levels=stage.levels(1))
    else:
        paper_entry.enter(participation=stage.participation, by=cast.paula, levels=stage.levels(1))
        Person.objects.filter(pk=cast.anna.pk).update(email=None)
    if when == "to be asked":  # the letter waits for others that go with it, or for a day on which offices work
        run_jobs()
    if when == "asked long ago":  # letters are kept for 90 days
        Letter.objects.all().delete()
    said = paper_entry.OWN_WORD_ONCE.format("Anna Ärmel")

    page = as_(petra).post(page_of(stage), typed(stage), follow=True)
    listed = [as_(petra).get(stage.round.get_absolute_url(), asked).text for asked in ({"stand": "papier-pruefen"}, {})]
    start = as_(petra).get("/").text

    assert (page.status_code, said in page.text) == (409, True)
    assert not stage._again().participation.self_is_released
    assert not any("/vom-papier/pruefen/" in text for text in listed)
    assert "papier-pruefen" not in start


def test_what_others_have_released_for_somebody_is_theirs_to_take_back_whatever_is_released(as_, entry, petra):
    Round.objects.update(hides_target=True)
    entry.release(entry.manager)
    check(entry, petra)
    Person.objects.filter(pk=entry.cast.anna.pk).update(email="anna.neu@test.example")
    anna = as_(Person.objects.get(pk=entry.cast.anna.pk))

    page = anna.get(entry.own.get_absolute_url()).text
    read = entry._again().own.release_stamp
    anna.post(reverse("assessments:take_back", args=[entry.own.pk]), {"read": read})

    entry._again()
    assert "Stimmt das nicht mit Ihrem Bogen überein" in page
    assert (entry.own.released_at, entry.participation.self_state) == (None, Progress.STARTED)
    assert entry.participation.manager_is_released


def test_where_both_have_released_it_is_offered_on_the_page_of_the_round_too(as_, entry, petra):
    entry.release(entry.manager)
    check(entry, petra)
    Person.objects.filter(pk=entry.cast.anna.pk).update(email="anna.neu@test.example")
    address = entry.participation.get_absolute_url()

    pages = [
        " ".join(as_(Person.objects.get(pk=who.pk)).get(address).text.split())
        for who in (entry.cast.anna, entry.cast.bernd)
    ]

    assert [reverse("assessments:take_back", args=[entry.own.pk]) in page for page in pages] == [True, False]
    assert (
        "Stimmt das nicht mit Ihrem Bogen überein, können Sie das zurücknehmen, bis das Gespräch beginnt." in pages[0]
    )
    assert "freigegeben hat, können Sie" not in pages[0]


def test_once_the_talk_has_begun_it_stands(entry, petra):
    entry.release(entry.manager)
    check(entry, petra)
    Person.objects.filter(pk=entry.cast.anna.pk).update(email="anna.neu@test.example")
    recording.begin_talk(participation=entry._again().participation)

    with pytest.raises(Refused):
        saving.take_back(pk=entry.own.pk, by=entry.cast.anna)


def test_where_hr_is_one_person_the_manager_types_in_and_hr_checks(stage, cast):
    Person.objects.filter(pk=cast.anna.pk).update(email=None)
    stage.release(stage.manager)
    paper_entry.enter(participation=stage.participation, by=cast.bernd, levels=stage.levels(1))

    assert check(stage, cast.paula) == 0
    assert stage._again().participation.both_released


def test_a_manager_of_hr_gives_their_own_view_before_they_read_the_paper(entry, cast):
    Person.objects.filter(pk=cast.bernd.pk).update(is_hr=True)
    cast.bernd.refresh_from_db()

    assert obstacle(entry, cast.bernd) == paper_entry.OWN_VIEW_FIRST
    entry.release(entry.manager)
    assert obstacle(entry, cast.bernd) == ""


def test_a_colleague_who_was_asked_leaves_it_to_somebody_else(entry, petra):
    Round.objects.update(has_peers=True, peer_due=in_days(3))
    asking.nominate(participation=entry.participation, colleague=petra)

    assert obstacle(entry, petra) == paper_entry.ASKED


def test_nothing_is_checked_that_is_not_there_or_over(entry, petra):
    check(entry, petra)
    released = obstacle(entry, entry.cast.paula)
    close_round(round_=entry.round)

    assert (released, obstacle(entry, petra)) == (paper_entry.RELEASED, paper_entry.ENDED)


def test_before_anybody_has_typed_it_in_there_is_nothing_to_check(stage, cast, petra):
    Person.objects.filter(pk=cast.anna.pk).update(email=None)

    assert obstacle(stage, petra) == paper_entry.NOTHING_TO_CHECK


def test_what_somebody_else_has_typed_in_meanwhile_is_told(as_, entry, petra):
    read = as_(petra).get(page_of(entry)).context["read"]
    third = person("Paul", "Dritter", is_hr=True, personnel_number="0010")
    check(entry, third, 2)

    late = as_(petra).post(page_of(entry), typed(entry, 2) | {"read": read}).text

    assert paper_entry.OTHERWISE in late
    assert not entry._again().participation.self_is_released
    with pytest.raises(Faster):
        check(entry, petra, 2, read=read)


def test_hr_finds_what_is_to_be_checked(as_, entry, petra):
    client = as_(petra)
    start, monitor = client.get("/").text, entry.round.get_absolute_url()
    listed = client.get(monitor, {"stand": "papier-pruefen"}).text
    one = client.get(reverse("assessments:round_person", args=[entry.round.pk, entry.participation.pk])).text
    told = client.get(reverse("assessments:enter_from_paper", args=[entry.participation.pk])).text
    check(entry, petra)

    assert f"{monitor}?stand=papier-pruefen" in start
    assert (
        "1 von 2 Personen" in listed,
        f"../../teilnahmen/{entry.participation.pk}/vom-papier/pruefen/" in listed,
    ) == (
        True,
        True,
    )
    assert [page_of(entry) in page for page in (one, told)] == [True, True]
    assert "papier-pruefen/" not in client.get(monitor).text
    assert f"{monitor}?stand=papier-pruefen" not in client.get("/").text


def test_the_manager_is_told_of_the_release_as_of_any_other(entry, petra):
    entry.release(entry.manager)

    check(entry, petra)

    assert Letter.objects.filter(person=entry.cast.bernd, kind=Letter.Kind.RELEASE).count() == 1


def test_taken_back_with_an_address_of_their_own_it_is_theirs_and_nobodys_check(entry, petra):
    Round.objects.update(hides_target=False)
    check(entry, petra)
    Person.objects.filter(pk=entry.cast.anna.pk).update(email="anna.neu@test.example")

    saving.take_back(pk=entry.own.pk, by=entry.cast.anna)

    own = entry._again().own
    assert [getattr(own, field) for field in Assessment.OF_PAPER] == [None] * 7


def test_what_the_person_says_and_what_two_have_compared_exclude_each_other(entry, petra):
    check(entry, petra)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=entry.own.pk).update(confirmed_on=TODAY)


@pytest.mark.parametrize("has_address", [True, False])
def test_the_empty_form_says_by_what_it_will_hold_and_whom_to_ask(as_, stage, cast, has_address):
    Round.objects.update(responsible=cast.paula)
    if not has_address:
        Person.objects.filter(pk=cast.anna.pk).update(email=None)
    address = reverse("assessments:round_form_pdf", args=[stage.round.pk, stage.participation.pk])

    text = " ".join(text_of(as_(cast.paula).get(address).content).split())

    assert ("die Eintragung am Bildschirm zu bestätigen" in text) is has_address
    assert ("gibt ihn noch einmal ein; erst wenn beides übereinstimmt, gilt er" in text) is not has_address
    assert "Fragen beantwortet Paula Personal in der Personalentwicklung." in text


def test_who_has_signed_in_before_and_has_no_address_is_told_to_confirm(as_, stage, cast):
    """Nobody checks in their place: neither the page nor the form may say so."""
    Person.objects.filter(pk=cast.anna.pk).update(email=None, last_login=NOW)
    form = reverse("assessments:round_form_pdf", args=[stage.round.pk, stage.participation.pk])
    address = reverse("assessments:enter_from_paper", args=[stage.participation.pk])

    page = " ".join(as_(cast.paula).get(address).text.split())
    paper = " ".join(text_of(as_(cast.paula).get(form).content).split())

    assert paper_entry.OWN_WORD_ONCE.format("Anna Ärmel") in page
    assert "noch einmal ein" not in page
    assert "die Eintragung am Bildschirm zu bestätigen" in paper
    assert "noch einmal ein" not in paper


def of_hr_since(somebody, day, through="page"):
    """That they have HR's right since this day, and on which way."""
    RightChange.objects.bulk_create([RightChange(person=somebody, right="is_hr", given=True, through=through, on=day)])


def test_whoever_hr_has_only_just_taken_in_compares_nothing(as_, entry, petra):
    """Whoever gives the right may be who uses it."""
    of_hr_since(petra, in_days(-29))
    page = reverse("assessments:enter_from_paper", args=[entry.participation.pk])
    to_the_new = as_(petra).post(page_of(entry), typed(entry))
    led = page_of(entry) in as_(petra).get(page).text

    assert (to_the_new.status_code, paper_entry.TOO_NEW.format(30) in to_the_new.text, led) == (409, True, False)
    assert entry._again().participation.self_state == Progress.ENTERED


@pytest.mark.parametrize(
    ("still", "said"),
    [
        (
            True,
            "Petra Prüferin hat den Bogen eingetragen und gehört seit weniger als 30 Tagen zur Personalentwicklung.",
        ),
        (False, "Petra Prüferin hat den Bogen eingetragen und gehörte nur kurz zur Personalentwicklung."),
    ],
)
@pytest.mark.parametrize("level", [1, 2])
def test_what_they_have_typed_in_is_typed_in_anew_by_two_others(as_, entry, petra, still, said, level):
    """Also where the right was taken away again: nobody waits for thirty days, and the second typing is the first of two."""
    of_hr_since(petra, in_days(-29))
    Person.objects.filter(pk=petra.pk).update(is_hr=still)
    Assessment.objects.filter(pk=entry.own.pk).update(entered_by=petra)
    page = tight(as_(entry.cast.paula).get(page_of(entry)).text)
    answer = as_(entry.cast.paula).post(page_of(entry), typed(entry, level), follow=True).text

    assert said in page
    assert ("Noch nicht bestätigt: Es stand dasselbe da." in answer) == (level == 1)
    entry._again()
    assert (entry.participation.self_state, entry.own.entered_by) == (Progress.ENTERED, entry.cast.paula)
    assert (entry.own.levels(), entry.own.released_at) == (entry.levels(level), None)
    other = person("Olga", "Ordnung", is_hr=True, personnel_number="0010")
    assert (check(entry, other, level), entry._again().participation.self_is_released) == (0, True)


@pytest.mark.parametrize(("day", "through"), [(-30, "page"), (0, "directory"), (0, "admin"), (0, "command")])
def test_after_thirty_days_they_are_and_whom_others_have_taken_in_at_once(entry, petra, day, through):
    of_hr_since(petra, in_days(day), through)

    assert (obstacle(entry, petra), check(entry, petra)) == ("", 0)


def test_a_colleague_whom_hr_has_made_up_compares_nothing(as_, entry):
    """From the page on which somebody of HR makes a second account of their own."""
    made = {"first_name": "Zweite", "last_name": "Person", "email": "zweite@test.example", "is_hr": "on"}
    as_(entry.cast.paula).post(reverse("people:create"), made)

    assert obstacle(entry, Person.objects.get(last_name="Person")) == paper_entry.TOO_NEW.format(30)


# Taken back by the person ------------------------------------------------------------------------------------------


@pytest.fixture
def disowned(entry, petra):
    """Both were released and lay open, Anna has an address by now and has taken back what others had released for her."""
    Round.objects.update(hides_target=False)
    entry.release(entry.manager)
    check(entry, petra)
    Person.objects.filter(pk=entry.cast.anna.pk).update(email="anna.neu@test.example")
    saving.take_back(pk=entry.own.pk, by=entry.cast.anna)
    return entry._again()


SAID = "eine Fassung, die andere vom Papier eingetragen und verglichen hatten, hat Anna Ärmel am"


def test_whoever_has_read_what_is_taken_back_takes_nothing_back_themself(as_, disowned):
    page = as_(disowned.cast.bernd).get(disowned.participation.get_absolute_url()).text

    with pytest.raises(
        TooLate, match="zurücknahm, was vom Papier eingetragen war, waren beide Einschätzungen freigegeben"
    ):
        saving.take_back(pk=disowned.manager.pk, by=disowned.cast.bernd)

    assert reverse("assessments:take_back", args=[disowned.manager.pk]) not in page
    assert disowned._again().participation.manager_is_released


def test_who_had_not_released_by_then_has_read_nothing_and_may_take_back(entry, petra):
    Round.objects.update(hides_target=False)
    check(entry, petra)
    saving.take_back(pk=entry.own.pk, by=entry.cast.anna)
    entry.release(entry._again().manager)

    saving.take_back(pk=entry.manager.pk, by=entry.cast.bernd)

    assert not entry._again().participation.manager_is_released


def test_that_it_was_taken_back_stands_for_ever_beside_what_the_person_says_themself(as_, disowned):
    by_hand = as_(disowned.cast.bernd).get(disowned.participation.get_absolute_url()).text
    disowned.release(disowned.own)
    pages = [reverse(f"assessments:{name}", args=[disowned.participation.pk]) for name in ("participation", "talk")]
    pdf = (
        as_(disowned.cast.bernd).get(reverse("assessments:participation_pdf", args=[disowned.participation.pk])).content
    )

    said = [
        " ".join(text.split())
        for text in (by_hand, *(as_(disowned.cast.bernd).get(page).text for page in pages), text_of(pdf))
    ]

    assert [SAID in text for text in said] == [True] * 4


def test_whoever_has_typed_it_in_or_compared_it_is_told(as_, disowned, petra):
    page = reverse("assessments:enter_from_paper", args=[disowned.participation.pk])
    told = Letter.objects.filter(key__contains="-entry-", path=page).order_by("person")

    assert [one.person for one in told] == [disowned.cast.paula, petra]
    assert [obstacle_to(one) for one in told] == ["", ""]
    assert paper_entry.DISOWNED in as_(petra).get(page).text


def test_the_manager_hears_of_what_the_person_says_themself(entry, petra):
    Round.objects.update(hides_target=False)
    entry.release(entry.manager)
    check(entry, petra)
    Letter.objects.update(state=Letter.State.SENT, sent_on=TODAY, claimed_at=NOW)
    saving.take_back(pk=entry.own.pk, by=entry.cast.anna)

    entry.release(entry._again().own)

    told = Letter.objects.waiting().get(person=entry.cast.bernd, kind=Letter.Kind.RELEASE)
    assert obstacle_to(told) == ""


def test_what_was_printed_of_it_for_hr_is_not_handed_out(entry, petra):
    Round.objects.update(hides_target=False, shows_levels_to_hr=True)
    entry.release(entry.manager)
    check(entry, petra)
    bundle = Bundle.objects.create(round=entry.round, requested_by=petra)
    made = {"content": b"%PDF", "done_at": NOW, "file_name": "vergleich.pdf"}
    document = bundle.documents.create(participation=entry.participation, kind="comparison", **made)

    saving.take_back(pk=entry.own.pk, by=entry.cast.anna)

    document.refresh_from_db()
    assert (document.content, document.problem) == (None, "Eine Einschätzung ist wieder offen.")


def test_the_manager_is_not_told_that_the_person_has_released(as_, entry, petra):
    """Others have, for them."""
    check(entry, petra)
    entry.answer(entry.manager)
    before = " ".join(as_(entry.cast.bernd).get(reverse("assessments:check", args=[entry.manager.pk])).text.split())
    saving.release(pk=entry.manager.pk, by=entry.cast.bernd)

    with pytest.raises(TooLate, match="Die Selbsteinschätzung von Anna Ärmel ist auch freigegeben"):
        saving.take_back(pk=entry.manager.pk, by=entry.cast.bernd)

    assert "endgültig:</strong> Die Selbsteinschätzung von Anna Ärmel ist schon freigegeben." in before


def test_the_rows_of_before_know_who_was_asked(entry, cast):
    """Of the letters that are still there; who has an address by now counts as asked."""
    dora = Participation.objects.get(round=entry.round, person=cast.dora)
    paper_entry.enter(participation=dora, by=cast.paula, levels=entry.levels(1))
    Assessment.objects.update(asked_on=None)
    notes = import_module("assessments.migrations.0029_asked_and_disowned")

    notes.note_who_was_asked(apps, None)
    asked = [Assessment.objects.get(participation=row, kind="self").asked_on for row in (entry.participation, dora)]

    assert asked == [None, TODAY]
