"""The page of a participation and its prints: everything disclosed, nothing else, in every output."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from assessments.answering import paper_entry, saving
from assessments.changes import deciding
from assessments.changes.adjusting import adjust_targets
from assessments.changes.handing_over import hand_over
from assessments.models import Participation, Remark
from assessments.rounds.closing import close_round
from assessments.talk import recording
from assessments.talk.views import comparison
from kompetenz.documents import PdfUnavailable
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Deputy, Person
from kompetenz.refusals import TooLate
from roles.models import Requirement, RoleProfile
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY
from tests.conftest import Stage
from tests.pdf_text import text_of
from tests.pdf_ua import problems

DAY = timedelta(days=1)
ANNAS = "Das übe ich gerade heimlich."
BERNDS = "Darüber reden wir vertraulich."
OUTPUTS = ["participation", "participation_pdf"]


def address(name, stage):
    return reverse(f"assessments:{name}", args=[stage.participation.pk])


def read(client, name, stage):
    """What an output tells, as plain text."""
    response = client.get(address(name, stage))
    assert response.status_code == 200
    return text_of(response.content) if name.endswith("pdf") else unescape(response.text)


def joined(text):
    """``text`` without what breaking lines puts into it."""
    return text.replace(" ", "").replace("-", "")


def remarked(stage):
    """Both sides have left a remark on the second competency."""
    for assessment, text in [(stage.own, ANNAS), (stage.manager, BERNDS)]:
        Remark.objects.create(assessment=assessment, competency_id=stage.competencies[1].id, text=text)
    return stage


def picture(page):
    """The wheel as it is drawn without JavaScript."""
    return page[page.index("<svg", page.index("wheel__picture")) :].partition("</svg>")[0]


def traces(page):
    """Names of the wheel's series in the page's JSON."""
    found = re.search(r'"series":(\[[^]]*\])', page)
    return set(json.loads(found[1])) if found else set()


def compared(page):
    """What the tables say of each competency, by its number: the levels under their columns, and the words to it."""
    found = {}
    for table in re.findall(r'<table class="[^"]*compared-table[^"]*".*?</table>', page, re.DOTALL):
        columns = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table, re.DOTALL)[1:]
        for number, row in re.findall(r'data-sector="(\d+)"(.*?)(?=<tr [^>]*data-sector|</tbody>)', table, re.DOTALL):
            cells = [
                " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
            ]
            found[int(number)] = dict(zip([*columns, "words"], cells, strict=False))
    return found


# Who must not find what in any output, and how the stage comes to it: disclosure, steps, reader, levels drawn.
UNDISCLOSED = {
    "a manager's draft": ("both", lambda s: s.answer(s.manager, 3).release(s.own, 1), "anna", BERNDS),
    "a released manager's view before mine": ("both", lambda s: s.release(s.manager, 3), "anna", BERNDS),
    "a person's draft": ("both", lambda s: s.answer(s.own, 1), "bernd", ANNAS),
    "a released self view before the other": ("both", lambda s: s.release(s.own, 1), "bernd", ANNAS),
    "a draft where each release opens": ("each", lambda s: s.answer(s.own, 1).release(s.manager), "bernd", ANNAS),
    "a view kept for the talk": ("talk", lambda s: s.release_both(1, 3), "anna", BERNDS),
    "a self view kept for the talk": ("talk", lambda s: s.release_both(1, 3), "bernd", ANNAS),
}


@pytest.mark.parametrize("case", UNDISCLOSED)
@pytest.mark.parametrize("output", OUTPUTS)
def test_what_is_not_disclosed_is_in_no_output(as_, cast, case, output):
    disclosure, steps, who, secret = UNDISCLOSED[case]
    stage = remarked(Stage(cast, disclosure=disclosure))
    steps(stage)

    told = read(as_(getattr(cast, who)), output, stage)

    other = "Selbst" if who == "bernd" else "Fremd"
    assert secret not in told
    assert other not in traces(told)
    assert f"{other}einschätzung" not in traces(told)


@pytest.mark.parametrize("case", UNDISCLOSED)
def test_of_what_is_not_disclosed_there_is_no_column(as_, cast, case):
    disclosure, steps, who, _ = UNDISCLOSED[case]
    stage = Stage(cast, disclosure=disclosure, hides_target=False)
    steps(stage)
    other, own = ("Selbst", "Fremd") if who == "bernd" else ("Fremd", "Selbst")

    rows = compared(read(as_(getattr(cast, who)), "participation", stage))

    shown = {"Soll", own} if own in rows[1] else {"Soll"}
    assert [set(row) for row in rows.values()] == [shown] * COMPETENCIES
    assert other not in shown


def test_the_svg_draws_no_view_that_is_not_disclosed(as_, cast):
    stage = Stage(cast, disclosure="talk")
    stage.release_both(1, 3)
    client = as_(cast.anna)
    before = picture(read(client, "participation", stage))
    stage.manager.ratings.update(level=0)

    assert picture(read(client, "participation", stage)) == before


@pytest.mark.parametrize(("who", "whom"), [("anna", "Sie und Bernd Şahin-Žižek"), ("bernd", "Sie und Anna Ärmel")])
def test_nobody_reads_of_themself_by_name_on_whom_the_comparison_waits(as_, stage, who, whom):
    page = " ".join(read(as_(getattr(stage.cast, who)), "participation", stage).split())

    assert f"sehen Sie hier, sobald {whom} freigegeben haben." in page


def test_once_disclosed_everything_stands_side_by_side(as_, stage):
    remarked(stage).release_both(1, 3)
    client = as_(stage.cast.anna)

    page = read(client, "participation", stage)

    rows = compared(page)
    assert sorted(rows) == list(range(1, COMPETENCIES + 1))
    assert {(row["Selbst"], row["Fremd"]) for row in rows.values()} == {("Kenner (1)", "Experte (3)")}
    assert rows[2]["words"] == f"Selbst: {ANNAS} Fremd: {BERNDS}"
    assert ANNAS in page
    assert BERNDS in page
    assert traces(page) == {"Selbsteinschätzung", "Soll", "Fremd"}
    assert page.count("2 Stufen auseinander") == COMPETENCIES


def test_views_that_agree_in_everything_say_so(as_, stage):
    stage.release_both(2, 2)

    assert "stimmen in allen Kompetenzen überein" in read(as_(stage.cast.anna), "participation", stage)


def test_differences_come_first_then_what_both_see_below_the_soll_and_each_competency_once(as_, stage):
    apart, below = stage.competencies[6], stage.competencies[3]
    stage.participation.targets.filter(competency=below.id).update(level=3, profile_level=3)
    stage.answer(stage.own)
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, levels={apart.id: 0})
    saving.release(pk=stage.own.pk, by=stage.cast.anna)
    stage.release(stage.manager)

    rows = list(compared(read(as_(stage.cast.bernd), "participation", stage)))

    assert rows[0] == apart.number
    assert rows.index(below.number) < rows.index(stage.competencies[24].number)
    assert sorted(rows) == list(range(1, COMPETENCIES + 1))


@pytest.mark.parametrize(
    ("steps", "main", "has_empty_form"),
    [
        (lambda s: s, "Zur Selbsteinschätzung", True),
        (lambda s: s.release(s.own), None, False),
        (lambda s: s.release_both(), "Zum Gespräch", False),
        (lambda s: s.release_both().talk().record(), "Zum Gespräch", False),
        (lambda s: s.release_both().talk().record().confirm(), "Lernplan aufstellen", False),
    ],
)
def test_one_thing_is_next_and_an_empty_form_is_offered_while_there_is_something_to_fill_in(
    as_, stage, steps, main, has_empty_form
):
    steps(stage)

    page = as_(stage.cast.anna).get(address("participation", stage)).text

    found = re.findall(r'kern-btn--primary"[^>]*>\s*<span[^>]*>([^<]*)<', page)
    assert found == ([main] if main else [])
    assert ("Leerer Bogen als PDF" in page) == has_empty_form


def test_after_the_release_its_taking_back_is_in_sight_as_long_as_it_can_be(as_, cast):
    stage = Stage(cast, hides_target=False)
    stage.release(stage.own)
    client = as_(cast.anna)
    before = read(client, "participation", stage)
    stage.release(stage.manager)

    assert ("Freigabe zurücknehmen" in before, "Freigabe zurücknehmen" in read(client, "participation", stage)) == (
        True,
        False,
    )


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_soll_hides_until_the_self_assessment_is_released(as_, cast, output):
    stage = Stage(cast)
    stage.participation.targets.update(level=3, profile_level=1, reason="Vertretung der Leitung")
    stage.answer(stage.own, 1)
    client = as_(cast.anna)
    before = read(client, output, stage)
    stage.release(stage.own, 1)
    after = read(client, output, stage)

    told = {"participation": '"Soll"', "participation_pdf": "Soll"}[output]
    assert (told in before, told in after) == (False, True)
    assert "Vertretung der Leitung" not in before


def test_the_rating_form_hides_the_soll_too(as_, cast):
    for hides in (True, False):
        stage = Stage(cast, hides_target=hides)
        page = as_(cast.anna).get(reverse("assessments:assessment", args=[stage.own.pk])).text
        assert ('"Soll"' in page, 'data-series="1"' in picture(page)) == (not hides, not hides)


def test_an_adjusted_soll_stands_beside_that_of_the_profile(as_, stage):
    first = stage.competencies[0]
    stage.participation.targets.filter(competency=first.id).update(
        level=3, profile_level=1, reason="Vertretung der Leitung"
    )
    stage.release_both()
    client = as_(stage.cast.anna)

    row = compared(read(client, "participation", stage))[first.number]

    assert row["Soll"] == "Experte (3)"
    assert row["words"] == "Soll angepasst, im Rollenprofil Kenner (1): Vertretung der Leitung"
    assert "Experte (3) Profil: Kenner" in read(client, "participation_pdf", stage)


def test_every_remark_stands_where_its_rating_stands_on_page_paper_and_in_the_talk(as_, stage):
    alike, unjudged = stage.competencies[:2]
    words = {alike.id: "Beide sehen das gleich.", unjudged.id: "Das habe ich nie gesehen."}
    stage.answer(stage.own, 2).answer(stage.manager, 2)
    saving.save_answers(pk=stage.own.pk, by=stage.cast.anna, remarks={alike.id: "Mache ich oft."})
    saving.save_answers(pk=stage.manager.pk, by=stage.cast.bernd, levels={unjudged.id: None}, remarks=words)
    for assessment in (stage.own, stage.manager):
        saving.release(pk=assessment.pk, by=assessment.rater)
    recording.begin_talk(participation=stage._again().participation)
    texts = ["Mache ich oft.", *words.values()]

    for who in (stage.cast.anna, stage.cast.bernd):
        client = as_(who)
        for name in ("participation", "talk"):
            page = client.get(address(name, stage)).text
            assert [page.count(text) for text in texts] == [1, 1, 1], (who, name)
    paper = joined(text_of(client.get(address("participation_pdf", stage)).content))
    assert joined("Fremd, kann ich nicht beurteilen: Das habe ich nie gesehen.") in paper
    assert joined("Selbst, Könner (2): Mache ich oft.") in paper


def test_a_remark_without_an_answer_yet_is_no_word_about_judging(as_, stage):
    paper = joined(read(as_(remarked(stage).cast.bernd), "participation_pdf", stage))

    assert joined(f"Fremd, noch ohne Stufe: {BERNDS}") in paper


def test_the_tasks_of_the_role_as_they_were_at_the_start_stand_folded_beside_the_levels(as_, stage):
    task = stage.participation.task_list[0]
    RoleProfile.objects.update(tasks="Etwas ganz anderes")
    form = as_(stage.cast.anna).get(stage.own.get_absolute_url()).text
    stage.release_both().talk()
    pages = [as_(stage.cast.bernd).get(address(name, stage)).text for name in ("participation", "talk")]
    paper = text_of(as_(stage.cast.bernd).get(address("participation_pdf", stage)).content)

    for page in (form, *pages):
        assert task in unescape(page).split("<strong>Aufgaben <span")[1].split("</details>")[0]
        assert "Etwas ganz anderes" not in page
    assert joined(task) in joined(paper)
    for page in (form, pages[1]):
        explained = page.split("Was die</span> Stufen")[1].split("</details>")[0]
        assert explained.count("<dt") == len(stage.round.catalogue.levels)


def test_the_print_of_a_talk_holds_all_of_it_and_breaks_no_rule_of_pdf_ua(as_, stage):
    stage.release_both(1, 3).talk(2)
    talk = stage.participation.talk
    first = stage.competencies[0]
    recording.agree_levels(talk=talk, levels={}, reasons={first.id: "Im Projekt gezeigt."})
    recording.note_frame(talk=talk, held_on=talk.held_on, place="Raum 12", attendees="Personalrat")
    recording.state_own_view(talk=talk, text="Ich sehe das anders.")
    recording.record_talk(talk=talk, by=stage.cast.bernd)
    recording.acknowledge(talk=talk, by=stage.cast.anna, declined=True, statement="Nicht einverstanden.")
    stage._again()

    response = as_(stage.cast.bernd).get(address("participation_pdf", stage))

    text = text_of(response.content)
    assert problems(response.content) == []
    for part in (
        "Keine dienstliche Beurteilung",
        "Anna Ärmel",
        "Raum 12; weitere Beteiligte: Personalrat",
        "Im Projekt gezeigt.",
        "Ich sehe das anders.",
        "Festgehalten von Bernd Şahin-Žižek am",
        "Anna Ärmel: Kenntnisnahme abgelehnt",
        "Nicht einverstanden.",
        "Kenntnisnahme heißt nicht Zustimmung.",
        "Unterschrift: Bernd Şahin-Žižek",
        *(competency.name for competency in stage.competencies),
    ):
        assert joined(part) in joined(text)
    assert response.headers["Cache-Control"] == "no-store"


def test_hr_prints_levels_but_no_words(as_, cast):
    stage = remarked(Stage(cast, shows_levels_to_hr=True))
    stage.release_both(1, 3).talk(2)
    talk = stage.participation.talk
    recording.agree_levels(talk=talk, levels={}, reasons={stage.competencies[0].id: "Nur für uns."})
    recording.state_own_view(talk=talk, text="Ich sehe das anders.")
    recording.record_talk(talk=talk, by=stage.cast.bernd)
    recording.acknowledge(talk=talk, by=cast.anna, declined=True, statement="Nicht einverstanden.")
    client = as_(cast.paula)
    told = read(client, "participation", stage) + read(client, "participation_pdf", stage)

    words = [ANNAS, BERNDS, "Nur für uns.", "Ich sehe das anders.", "Nicht einverstanden."]
    assert [text for text in words if text in told] == []
    assert "Experte (3)" in told


def the_paper_form(stage, who):
    if who == "paula":
        return reverse("assessments:round_form_pdf", args=[stage.round.pk, stage.participation.pk])
    return address("form_pdf", stage)


@pytest.mark.parametrize(
    ("who", "title", "cannot_judge"),
    [
        ("anna", "Selbsteinschätzung", 0),
        ("paula", "Selbsteinschätzung", 0),
        ("bernd", "Fremdeinschätzung", COMPETENCIES),
    ],
)
def test_the_empty_form_can_be_filled_in_on_paper(as_, stage, who, title, cannot_judge):
    stage.answer(stage.own, 3)

    pdf = as_(getattr(stage.cast, who)).get(the_paper_form(stage, who)).content

    text = text_of(pdf)
    assert problems(pdf) == []
    assert title in text
    assert [competency.name for competency in stage.competencies if joined(competency.name) not in joined(text)] == []
    assert text.count("kann ich nicht beurteilen") == cannot_judge
    assert text.count("Bemerkung:") == COMPETENCIES


def test_without_the_libraries_for_pdfs_the_page_says_so(as_, stage, monkeypatch):
    def unavailable(template, context):
        raise PdfUnavailable

    monkeypatch.setattr("assessments.pdf.render_pdf", unavailable)
    client = as_(stage.cast.anna)

    page = client.get(address("participation_pdf", stage), follow=True)
    form = client.get(address("form_pdf", stage))

    assert page.redirect_chain == [(stage.participation.get_absolute_url(), 302)]
    assert "PDFs können auf diesem Server zurzeit nicht erstellt werden" in page.text
    assert form.headers["Location"] == stage.participation.get_absolute_url()


def test_a_name_cannot_break_out_of_the_wheels_script(as_, stage):
    stage.participation.person_name = "</script><b>Anna"
    stage.participation.save()

    page = as_(stage.cast.bernd).get(stage.participation.get_absolute_url()).text

    assert "</script><b>" not in page


def test_a_manager_finds_the_persons_other_rounds_with_their_next_step_and_nobody_else_does(as_, cast):
    earlier = Stage(cast, title="Frühere Runde")
    now = Stage(cast, title="Runde von heute")

    seen = {who: read(as_(getattr(cast, who)), "participation", now) for who in ("anna", "bernd")}

    link = f'<a href="{earlier.participation.get_absolute_url()}">Frühere Runde</a>'
    assert [link in seen[who] for who in ("bernd", "anna")] == [True, False]
    assert reverse("assessments:assessment", args=[earlier.manager.pk]) in seen["bernd"]


@pytest.mark.parametrize("who", ["anna", "bernd"])
@pytest.mark.parametrize("step", ["opened", "confirmed"])
def test_participation_query_count(as_, stage, who, step, django_assert_num_queries):
    if step == "confirmed":
        stage.release_both().record().confirm()
    client = as_(getattr(stage.cast, who))
    client.get(stage.participation.get_absolute_url())

    # session, user, participation; targets (anna's are hidden at first), assessments, ratings, remarks, agreed levels
    # (after the talk), and the answer to it; own assessment, learning plan, whether one may be drawn up (after the talk);
    # hand-overs, deputies, and as far as the Soll is seen: decisions on it, whether one is pending (until the record);
    # stock-taking, the note of an earlier plan; bernd's, until anna has released: what somebody has typed in for her; and
    # her other rounds, and that he has read it
    expected = {("anna", "opened"): 12, ("bernd", "opened"): 18, ("anna", "confirmed"): 17}.get((who, step), 19)
    with django_assert_num_queries(expected):
        client.get(stage.participation.get_absolute_url())


# The manager's expectations -----------------------------------------------------------------------


@pytest.fixture
def adjust(as_, stage):
    def send(competency, level, reason="", **more):
        sent = {f"level-{competency.id}": level, f"reason-{competency.id}": reason, **more}
        return as_(stage.cast.bernd).post(address("targets", stage), sent)

    return send


def target(stage, competency):
    found = stage.participation.targets.get(competency=competency.id)
    return (found.profile_level, found.level, found.reason, found.adjusted_on is not None)


@pytest.fixture
def first(stage):
    first = stage.competencies[0]
    stage.participation.targets.filter(competency=first.id).update(level=1, profile_level=1)
    return first


def test_who_has_adjusted_the_soll_stands_with_the_reason_on_page_and_paper(adjust, as_, stage, first):
    adjust(first, 3, "Leitet das Projekt")
    stage.release_both().record()
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.clara)
    hand_over(participations=[stage.participation], by=stage.cast.paula)

    shown, paper = (
        " ".join(read(as_(stage.cast.clara), name, stage).split()) for name in ("participation", "participation_pdf")
    )

    adjusted = f"von Bernd Şahin-Žižek am {TODAY:%d.%m.%Y}"
    assert f"Soll angepasst {adjusted}, im Rollenprofil" in shown
    assert joined(f"Angepasst {adjusted}: Leitet das Projekt") in joined(paper)
    # who has held the talk, not who leads Anna now
    assert joined("Unterschrift: Bernd Şahin-Žižek") in joined(paper)
    assert "Gespräch: Anna Ärmel und Bernd Şahin-Žižek" in read(as_(stage.cast.clara), "talk", stage)


def test_nobody_is_said_to_have_released_who_leads_the_person_since(as_, cast):
    stage = Stage(cast, disclosure="talk").release_both()
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    hand_over(participations=[stage.participation], by=cast.paula)

    page = read(as_(cast.anna), "participation", stage)
    with pytest.raises(TooLate, match="Bernd Şahin-Žižek hat auch freigegeben"):
        saving.take_back(pk=stage.own.pk, by=cast.anna)

    assert "Beide Einschätzungen sind freigegeben." in page
    assert "Clara Chefin haben freigegeben" not in " ".join(page.split())


def test_a_deputy_who_adjusts_the_soll_does_so_for_the_manager(as_, stage, first):
    named = Deputy.objects.create(manager=stage.cast.bernd, person=stage.cast.fremd, since=TODAY, until=TODAY)
    named.people.add(stage.cast.anna)
    sent = {f"level-{first.id}": 3, f"reason-{first.id}": "Leitet das Projekt"}

    as_(stage.cast.fremd).post(address("targets", stage), sent)

    found = stage.participation.targets.get(competency=first.id)
    assert found.adjuster == "Frieda Fremd in Vertretung für Bernd Şahin-Žižek"


def test_a_manager_expects_something_else_and_says_why(adjust, stage, first):
    response = adjust(first, 3, "  Vertretung der Leitung ")

    assert response.headers["Location"] == address("targets", stage)
    assert target(stage, first) == (1, 3, "Vertretung der Leitung", True)


def test_a_reason_without_another_level_comes_back_and_nobody_is_told_of_an_adjustment(adjust, stage, first):
    shown = {f"level-was-{first.id}": 1, f"reason-was-{first.id}": ""}

    page = adjust(first, 1, "Leitet das Projekt", **shown)

    assert (page.status_code, 'value="Leitet das Projekt"' in page.text) == (200, True)
    assert "Diese Stufe ist die des Rollenprofils." in page.text
    assert "Das Soll ist angepasst" not in page.text
    assert target(stage, first) == (1, 1, "", False)


def test_whoever_goes_back_to_the_profile_reads_that_it_holds_again(adjust, as_, stage, first):
    adjust(first, 3, "Leitet das Projekt")
    shown = {f"level-was-{first.id}": 3, f"reason-was-{first.id}": "Leitet das Projekt"}

    adjust(first, 1, "Leitet das Projekt", **shown)

    page = read(as_(stage.cast.bernd), "targets", stage)
    assert "gilt wieder das Soll des Rollenprofils" in page
    assert target(stage, first) == (1, 1, "", False)


def test_what_a_deputy_has_adjusted_just_so_stays_in_their_name(adjust, as_, stage, first):
    named = Deputy.objects.create(manager=stage.cast.bernd, person=stage.cast.fremd, since=TODAY, until=TODAY)
    named.people.add(stage.cast.anna)
    row = {f"level-{first.id}": 3, f"reason-{first.id}": "Leitet das Projekt"}
    as_(stage.cast.fremd).post(address("targets", stage), row)
    shown = {f"level-was-{first.id}": 1, f"reason-was-{first.id}": ""}

    adjust(first, 3, "Leitet das Projekt", **shown)

    found = stage.participation.targets.get(competency=first.id)
    assert found.adjuster == "Frieda Fremd in Vertretung für Bernd Şahin-Žižek"


def test_a_profile_that_overtakes_an_adjusted_soll_is_told_as_it_was_and_is(adjust, as_, stage, first):
    adjust(first, 2, "Leitet das Projekt")
    Requirement.objects.filter(profile=stage.participation.profile, competency=first.id).update(level=3)
    asked_again = Participation.objects.filter(pk=stage.participation.pk)
    asked_again.update(role_asked="")
    deciding.decide(participations=asked_again, take_over=True, by=stage.cast.paula)
    adjusting = " ".join(re.sub(r"<[^>]+>", "", read(as_(stage.cast.bernd), "targets", stage)).split())
    client = as_(stage.release_both().cast.anna)

    row = compared(read(client, "participation", stage))[first.number]
    paper = joined(" ".join(read(client, "participation_pdf", stage).split()))

    assert target(stage, first)[:2] == (3, 2)
    assert "im Rollenprofil damals Kenner (1), heute Experte (3): Leitet das Projekt" in row["words"]
    assert joined("im Rollenprofil damals Kenner (1), heute Experte (3). Angepasst von Bernd") in paper
    assert re.search(
        r"Rollenprofil: Experte \(3\) · angepasst von Bernd Şahin-Žižek am [\d.]+, damals Kenner \(1\)", adjusting
    )


def test_going_back_to_the_profile_takes_the_reason_away(adjust, stage, first):
    adjust(first, 3, "Vertretung")

    adjust(first, 1, "Vertretung")

    assert target(stage, first) == (1, 1, "", False)


def test_another_level_without_a_reason_is_refused_beside_its_field(adjust, stage, first):
    response = adjust(first, 3)

    assert "Bitte begründen Sie, warum das Soll vom Rollenprofil abweicht." in response.text
    assert 'aria-invalid="true"' in response.text
    levels = response.text.split(f'id="id_level-{first.id}"')[1].split("</select>")[0]
    assert re.findall(r'<option value="(\d)"\s+selected', levels) == ["3"]
    assert target(stage, first) == (1, 1, "", False)


@pytest.mark.parametrize("level", ["4", "-1", "viel", ""])
def test_a_soll_outside_the_scale_is_refused(adjust, stage, first, level):
    assert adjust(first, level, "Weil.").status_code == 200
    assert target(stage, first) == (1, 1, "", False)


def test_a_competency_that_the_round_does_not_know_has_no_soll(adjust, stage, first):
    adjust(type("Unknown", (), {"id": 0}), 3, "Weil.")

    assert not any(one.is_adjusted for one in stage.participation.targets.all())


def test_all_rows_are_saved_together_or_none(adjust, stage, first):
    second = stage.competencies[1]
    stage.participation.targets.filter(competency=second.id).update(level=1, profile_level=1)
    both = {f"level-{second.id}": 2}

    refused = adjust(first, 3, "Vertretung", **both)

    assert (refused.status_code, target(stage, first), target(stage, second)[1]) == (200, (1, 1, "", False), 1)
    assert 'value="Vertretung"' in refused.text
    assert adjust(first, 3, "Vertretung", **both, **{f"reason-{second.id}": "Projekt"}).status_code == 302
    assert (target(stage, first)[1], target(stage, second)[1:3]) == (3, (2, "Projekt"))


def test_a_row_that_somebody_else_has_adjusted_meanwhile_is_told_and_kept(adjust, stage, first):
    adjust(first, 2, "Von der Vertretung")
    seen = {f"level-was-{first.id}": 1, f"reason-was-{first.id}": ""}

    refused = adjust(first, 3, "Älter", **seen)
    untouched = adjust(first, 1, "", **seen)

    assert "Inzwischen ist „Könner“ gespeichert." in refused.text
    assert 'value="Älter"' in refused.text
    assert f'name="level-was-{first.id}" value="2"' in refused.text
    assert untouched.status_code == 302
    assert target(stage, first)[1:3] == (2, "Von der Vertretung")


def test_a_row_that_comes_back_for_another_rows_sake_has_still_not_seen_what_was_adjusted_since(adjust, stage, first):
    second = stage.competencies[1]
    stage.participation.targets.filter(competency=second.id).update(level=1, profile_level=1)
    rows = {f"level-{second.id}": "1", f"reason-{second.id}": ""}
    shown = {f"level-was-{one.id}": "1" for one in (first, second)} | {
        f"reason-was-{one.id}": "" for one in (first, second)
    }
    adjust(second, 2, "Von der Vertretung")

    lacking = adjust(first, 3, "", **rows, **shown)
    says = dict(re.findall(r'name="((?:level|reason)-was-\d+)" value="([^"]*)"', lacking.text))
    saved = adjust(first, 3, "Vertretung", **rows, **says)

    assert (lacking.status_code, saved.status_code) == (200, 302)
    assert target(stage, first)[1:3] == (3, "Vertretung")
    assert target(stage, second)[1:3] == (2, "Von der Vertretung")


def test_the_soll_stands_once_the_person_has_released(adjust, as_, stage, first):
    stage.release(stage.own)

    page = as_(stage.cast.bernd).get(address("targets", stage), follow=True)

    late = adjust(first, 3, "Zu spät")

    assert (late.status_code, stage.participation.get_absolute_url() in late.text) == (409, True)
    assert "Das Soll steht fest" in page.text
    assert target(stage, first) == (1, 1, "", False)


def test_the_soll_stands_once_the_paper_is_typed_in_until_the_person_rejects_that(adjust, as_, stage, first):
    paper_entry.enter(participation=stage.participation, by=stage.cast.paula, levels=stage.levels(1))
    before = as_(stage.cast.bernd).get(stage.participation.get_absolute_url()).text

    refused = as_(stage.cast.bernd).get(address("targets", stage), follow=True)
    adjust(first, 3, "Nachträglich")

    assert "Soll anpassen" not in before
    assert "ist eingetragen oder freigegeben" in refused.text
    assert target(stage, first) == (1, 1, "", False)
    with pytest.raises(TooLate):
        adjust_targets(participation=stage.participation, changes={first.id: (3, "Nachträglich")}, by=stage.cast.bernd)
    paper_entry.reject_entry(pk=stage.own.pk, by=stage.cast.anna)
    adjust(first, 3, "Vertretung")
    assert target(stage, first) == (1, 3, "Vertretung", True)


def test_a_release_between_looking_and_sending_wins(adjust, stage, first, monkeypatch):
    monkeypatch.setattr(comparison, "may_adjust", lambda participation, user: True)
    close_round(round_=stage.round)

    response = adjust(first, 3, "Zu spät")

    assert "Das Soll steht fest" in response.text
    assert target(stage, first) == (1, 1, "", False)


def test_a_competency_the_role_says_nothing_about_is_not_listed(as_, stage, first):
    stage.participation.targets.filter(competency=first.id).delete()

    page = as_(stage.cast.bernd).get(address("targets", stage)).text

    assert page.count('class="target-row"') == COMPETENCIES - 1


# Nobody leads the person --------------------------------------------------------------------------

NOBODY = {
    "deactivated": ({"is_active": False}, {}, "Bernd Şahin-Žižek arbeitet zurzeit nicht hier."),
    "left": ({"leaving_date": TODAY - DAY}, {}, "Bernd Şahin-Žižek arbeitet zurzeit nicht hier."),
    "without address": (
        {"email": None},
        {},
        "Bernd Şahin-Žižek hat keine E-Mail-Adresse und kann sich nicht anmelden.",
    ),
    "no successor": ({}, {"manager": None}, "Bernd Şahin-Žižek ist nicht mehr Ihre Führungskraft."),
}


@pytest.mark.parametrize("how", NOBODY)
def test_where_nobody_leads_the_person_their_page_says_so_and_waits_for_nobody_by_name(as_, stage, how):
    of_manager, of_person, said = NOBODY[how]
    Person.objects.filter(pk=stage.cast.bernd.pk).update(**{"is_active": True} | of_manager)
    Person.objects.filter(pk=stage.cast.anna.pk).update(**{"is_active": True} | of_person)

    page = " ".join(read(as_(stage.cast.anna), "participation", stage).split())

    assert said in page
    assert "sobald Sie und Ihre Führungskraft freigegeben haben" in page
    assert "Ihre Selbsteinschätzung können Sie schon ausfüllen." in page


def test_whoever_deputises_for_the_next_manager_does_not_lead_before_the_hand_over(as_, stage):
    cast = stage.cast
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    named = Deputy.objects.create(manager=cast.clara, person=cast.fremd, since=TODAY, until=TODAY)
    named.people.add(cast.anna)

    page = read(as_(cast.anna), "participation", stage)

    assert "Sie weiß davon" in page


@pytest.mark.parametrize("state", ["deputy", "resting", "recorded", "ended", "there", "the manager reads"])
def test_it_is_not_said_where_somebody_acts_or_nothing_is_waited_for(as_, stage, state):
    cast = stage.cast
    if state == "recorded":
        stage.release_both().record()
    if state == "deputy":
        name_deputy(manager=cast.bernd, person=cast.fremd, people=[cast.anna], since=TODAY, until=TODAY, by=cast.paula)
    if state not in {"there", "the manager reads"}:
        Person.objects.filter(pk=cast.bernd.pk).update(is_active=False)
    if state == "resting":
        Participation.objects.update(paused_on=TODAY)
    if state == "ended":
        close_round(round_=stage.round)

    page = read(as_(cast.bernd if state == "the manager reads" else cast.anna), "participation", stage)

    assert [
        words for words in ("arbeitet zurzeit nicht hier", "Sie weiß davon") if words in " ".join(page.split())
    ] == []
