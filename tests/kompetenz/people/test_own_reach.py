"""Nobody lets themselves in: every way in which HR, or a superuser, could make themselves somebody's reader is refused.

Paula is HR, and so is Petra where another one is needed.
"""

import ast
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.changes.handing_over import hand_over
from assessments.models import HandOver, Participation
from kompetenz.people import notices
from kompetenz.people.deputies.naming import name_deputy
from kompetenz.people.models import Deputy, Person
from kompetenz.people.names import SOMEBODY_ELSE
from kompetenz.people.own_reach import (
    AS_DEPUTY,
    DEPUTY,
    DEPUTY_OF_HR,
    LOCKED_OUT,
    MANAGER,
    NEW_IN_HR,
    NUMBER,
    RIGHT,
    objection_to_deputy,
)
from kompetenz.people.rights import AUDITS_NOBODY_ELSE, Hand, Through
from kompetenz.people.staff.comparing import compare
from kompetenz.people.staff.taking_over import take_over
from kompetenz.people.staff.uploading import file_of, keep
from kompetenz.refusals import Refused
from kompetenz.text import NOT_A_NUMBER
from tests.clock import NOW, TODAY, in_days
from tests.conftest import person, plan_round
from tests.kompetenz.people.staff.test_taking_over import table_of
from tests.kompetenz.people.test_views import save

NAMED_THERE = ["Personalnummer", "Nachname", "Vorname", "Führungskraft"]


@pytest.fixture
def petra(cast):
    return person("Petra", "Personal", is_hr=True, personnel_number="0008")


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


@pytest.fixture
def deputises(cast):
    """Bernd has named Paula as his deputy for Anna, from next week on."""
    named = Deputy.objects.create(
        manager=cast.bernd, person=cast.paula, since=in_days(7), until=in_days(20), named_by=cast.bernd
    )
    named.people.add(cast.anna)
    return named


def manager_of(somebody):
    return Person.objects.get(pk=somebody.pk).manager


# The person's page --------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [False, True])
def test_hr_does_not_enter_herself_as_a_manager(hr, cast, choice):
    typed = {"manager": "0002", "manager_choice": cast.paula.pk} if choice else {"manager": "0005"}

    page = save(hr, cast.anna, **typed)

    assert (page.context["form"].errors["manager"], manager_of(cast.anna)) == ([MANAGER], cast.bernd)


def test_nor_for_somebody_new(hr, cast):
    data = {"first_name": "Neu", "last_name": "Nora", "manager": cast.paula.email}

    page = hr.post(reverse("people:create"), data)

    assert page.context["form"].errors["manager"] == [MANAGER]
    assert not Person.objects.filter(last_name="Nora").exists()


def test_nor_somebody_for_whom_she_acts_or_will(hr, cast, deputises):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)
    cast.anna.manager = cast.clara

    page = save(hr, cast.anna, manager="0002")

    assert page.context["form"].errors["manager"] == [AS_DEPUTY.format(manager=cast.bernd, person=cast.anna)]
    assert manager_of(cast.anna) == cast.clara


def test_what_another_one_of_hr_has_entered_stays_when_she_saves_something_else(hr, cast, petra):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.paula)
    cast.anna.manager = cast.paula

    saved = save(hr, cast.anna, first_name="Anne")

    assert (saved.status_code, manager_of(cast.anna)) == (302, cast.paula)


def test_another_one_of_hr_enters_it_and_the_person_is_told(client, cast, petra, run_jobs, mailoutbox):
    client.force_login(petra)

    save(client, cast.anna, manager="0005")
    run_jobs()

    [mail] = mailoutbox
    assert manager_of(cast.anna) == cast.paula
    assert (mail.to, mail.subject) == ([cast.anna.email], notices.SUBJECTS["manager_of_hr"])
    assert f"{settings.SITE_URL}/meine-daten/" in mail.body


def test_somebody_new_is_told_as_well(client, cast, petra, run_jobs, mailoutbox):
    client.force_login(petra)
    data = {"first_name": "Neu", "last_name": "Nora", "email": "nora@test.example", "manager": "0005"}

    client.post(reverse("people:create"), data)
    run_jobs()

    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["nora@test.example"], notices.SUBJECTS["manager_of_hr"])
    ]


def test_nobody_is_told_of_a_manager_who_is_not_of_hr(hr, cast, run_jobs, mailoutbox):
    save(hr, cast.anna, manager="0001")
    run_jobs()

    assert (manager_of(cast.anna), mailoutbox) == (cast.clara, [])


@pytest.mark.parametrize(("instead", "said"), [({}, AUDITS_NOBODY_ELSE), ({"is_hr": None}, RIGHT)])
def test_hr_gives_herself_no_further_right_and_no_other_one(hr, cast, petra, instead, said):
    page = save(hr, cast.paula, is_auditor="on", **instead)

    assert page.context["form"].errors == {"is_auditor": [said]}
    assert not Person.objects.get(pk=cast.paula.pk).is_auditor


def test_hr_does_not_take_a_number_by_which_the_next_list_would_entrust_people_to_her(hr, cast):
    save(hr, cast.bernd, personnel_number="9999")

    page = save(hr, cast.paula, personnel_number="0002")

    assert page.context["form"].errors["personnel_number"] == [NUMBER]
    assert Person.objects.get(pk=cast.paula.pk).personnel_number == "0005"


def test_nor_does_hr_who_has_none_take_one_by_page_or_list(hr, cast, petra):
    Person.objects.filter(pk=cast.paula.pk).update(personnel_number=None)
    save(hr, cast.bernd, personnel_number="9999")
    header = [*NAMED_THERE[:3], "E-Mail"]
    table = table_of(["0002", "Personal", "Paula", cast.paula.email], header=header)

    page = save(hr, cast.paula, personnel_number="0002")

    assert page.context["form"].errors["personnel_number"] == [NUMBER]
    assert Person.objects.get(pk=cast.paula.pk).personnel_number is None
    [problem] = compare(table, by=cast.paula).problems
    assert problem.reason.startswith(NUMBER)
    assert compare(table, by=petra).problems == compare(table).problems == []


def test_nobody_gets_the_account_of_somebody_else_by_an_address_without_a_number(cast, petra):
    """Petra of HR, who has no number, has taken Bernd's address: his row in the nightly list is not hers."""
    Person.objects.filter(pk=petra.pk).update(personnel_number=None, email="bernd@test.example")
    Person.objects.filter(pk=cast.bernd.pk).update(personnel_number="9999", email="weg@test.example")
    header = [*NAMED_THERE, "E-Mail"]
    rows = [["0002", "Şahin-Žižek", "Bernd", "0001", "bernd@test.example"], ["0003", "Ärmel", "Anna", "0002", ""]]

    [problem] = compare(table_of(*rows, header=header)).problems

    assert problem.reason == "Die E-Mail-Adresse bernd@test.example gehört schon Petra Personal (ohne Personalnummer)."


def test_a_number_is_never_somebodys_address(hr, cast):
    Person.objects.filter(pk=cast.dora.pk).update(email="d@kreis.de")

    page = save(hr, cast.fremd, personnel_number="d@kreis.de")

    assert page.context["form"].errors["personnel_number"] == [NOT_A_NUMBER]


LOCKS_OUT = [("leaving_date", str(in_days(-1))), ("email", "")]


@pytest.mark.parametrize(("field", "value"), LOCKS_OUT)
@pytest.mark.usefixtures("petra")
def test_hr_does_not_lock_herself_out(hr, cast, field, value):
    page = save(hr, cast.paula, **{field: value})

    assert page.context["form"].errors == {field: [LOCKED_OUT]}
    paula = Person.objects.get(pk=cast.paula.pk)
    assert (paula.email, paula.leaving_date) == (cast.paula.email, None)


@pytest.mark.usefixtures("petra")
def test_hr_enters_her_own_last_day_while_it_is_to_come_and_that_of_others(hr, cast):
    save(hr, cast.paula, leaving_date=str(TODAY))
    save(hr, cast.anna, leaving_date=str(in_days(-1)))

    last_days = dict(Person.objects.exclude(leaving_date=None).values_list("first_name", "leaving_date"))
    assert last_days == {"Paula": TODAY, "Anna": in_days(-1)}


@pytest.mark.parametrize("heading", ["Austritt", "E-Mail"])
def test_nor_does_she_by_a_list(cast, petra, heading):
    value = {"Austritt": f"{in_days(-1):%d.%m.%Y}", "E-Mail": ""}[heading]
    table = table_of(["0005", "Personal", "Paula", value], header=[*NAMED_THERE[:3], heading])

    assert [problem.reason for problem in compare(table, by=cast.paula).problems] == [LOCKED_OUT]
    assert compare(table, by=petra).problems == compare(table).problems == []


def test_the_first_address_of_an_account_is_told_to_the_manager_and_to_hr(hr, cast, petra, run_jobs, mailoutbox):
    Person.objects.filter(pk=cast.anna.pk).update(email=None, last_login=None)
    run_jobs()
    mailoutbox.clear()
    cast.anna.email = None

    save(hr, cast.anna, email="angreifer@test.example")
    run_jobs()

    told = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert told == dict.fromkeys([cast.bernd.email, cast.paula.email, petra.email], notices.SUBJECTS["address_entered"])
    assert all("Anna Ärmel: angreifer@test.example" in mail.body for mail in mailoutbox)


# Somebody of HR whom somebody of HR has made -------------------------------------------------------


@pytest.fixture
def nina(cast):
    """Paula has given her the right of HR, and may be she."""
    nina = person("Nina", "Neu", personnel_number="0017")
    nina.is_hr, nina.hand = True, Hand(Through.PAGE, cast.paula)
    nina.save()
    return nina


def test_whoever_is_new_in_hr_makes_nobody_of_hr_anybodys_manager(client, cast, nina):
    said = NEW_IN_HR.format(cast.paula, 30)
    client.force_login(nina)

    page = save(client, cast.anna, manager="0005")
    previewed = listed(cast, nina, ["0003", "Ärmel", "Anna", "0005"], ["0004", "Özgür", "Dora", "0001"])

    assert page.context["form"].errors["manager"] == [said]
    assert "wer neu in der Personalentwicklung ist, niemanden aus ihr" in previewed.hints[-1]
    assert (manager_of(cast.anna), manager_of(cast.dora)) == (cast.bernd, cast.clara)


def test_nor_do_they_hand_a_participation_over_to_one(stage, nina):
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.paula)

    assert hand_over(participations=[stage.participation], by=nina) == []


def test_nor_do_they_give_one_the_number_by_which_lists_find_managers(client, cast, nina):
    Person.objects.filter(pk=cast.paula.pk).update(personnel_number=None)
    client.force_login(nina)
    table = table_of(["0002x", "Personal", "Paula", cast.paula.email], header=[*NAMED_THERE[:3], "E-Mail"])

    page = save(client, cast.paula, personnel_number="0002x")
    [problem] = compare(table, by=nina).problems

    assert page.context["form"].errors["personnel_number"] == [NEW_IN_HR.format(cast.paula, 30)] == [problem.reason]


def test_after_thirty_days_they_do(client, cast, nina, clock):
    clock.move_to(NOW + timedelta(days=30))
    client.force_login(nina)

    save(client, cast.anna, manager="0005")

    assert manager_of(cast.anna) == cast.paula


# A staff list -------------------------------------------------------------------------------------


def listed(cast, by, *rows):
    """Take a list over as ``by``; returns what its preview said."""
    uploaded = keep(table=table_of(*rows, header=NAMED_THERE), name="Liste.csv", by=by)
    table = type(table_of(*rows, header=NAMED_THERE)).unpacked(file_of(by).content)
    previewed = compare(table, by=by)
    take_over(table=table, read=previewed.stamp, uploaded=uploaded)
    return previewed


def test_a_list_makes_nobody_the_manager_who_takes_it_over(cast):
    rows = [["0003", "Ärmel", "Anna", "0005"], ["0100", "Neu", "Nora", "0005"], ["0004", "Özgür", "Dora", "0001"]]

    previewed = listed(cast, cast.paula, *rows)

    hint = previewed.hints[-1]
    assert hint.startswith("Sich selbst kann niemand als Führungskraft eintragen")
    assert "Anna Ärmel (0003, Zeile 2), Nora Neu (0100, Zeile 3)." in hint
    managers = dict(Person.objects.values_list("personnel_number", "manager__personnel_number"))
    assert (managers["0003"], managers["0100"], managers["0004"]) == ("0002", None, "0001")


def test_nor_somebody_for_whom_they_act(cast, deputises):
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.clara)

    listed(cast, cast.paula, ["0003", "Ärmel", "Anna", "0002"], ["0004", "Özgür", "Dora", "0002"])

    assert (manager_of(cast.anna), manager_of(cast.dora)) == (cast.clara, cast.bernd)


def test_by_another_one_or_the_command_line_it_does_and_they_are_told(cast, petra, run_jobs, mailoutbox, tmp_path):
    listed(cast, petra, ["0003", "Ärmel", "Anna", "0005"])
    (tmp_path / "liste.csv").write_text(f"{';'.join(NAMED_THERE)}\n0004;Özgür;Dora;0005\n")
    call_command("import_staff", str(tmp_path / "liste.csv"), "--apply", stdout=io.StringIO())
    run_jobs()

    assert (manager_of(cast.anna), manager_of(cast.dora)) == (cast.paula, cast.paula)
    assert [mail.to for mail in mailoutbox] == [[cast.anna.email], [cast.dora.email]]


# Rounds -------------------------------------------------------------------------------------------


def test_in_preparing_a_round_hr_entrusts_nobody_to_herself(hr, cast):
    Person.objects.filter(pk=cast.anna.pk).update(manager=None)
    draft = plan_round(cast)
    sent = {"ergaenzen": "fuehrungskraft", "manager": "0005", "chosen": [cast.anna.pk]}

    page = hr.post(reverse("assessments:round_people", args=[draft.pk]), sent)

    assert (page.context["mend"].errors["manager"], manager_of(cast.anna)) == ([MANAGER], None)


@pytest.mark.parametrize("everybody", [False, True])
def test_hr_hands_no_participation_over_to_herself(hr, stage, everybody):
    cast = stage.cast
    Person.objects.filter(pk=cast.anna.pk).update(manager=cast.paula)
    address = reverse("assessments:round_changes", args=[stage.round.pk]) + "?art=fuehrungskraft"
    page = hr.get(address)

    sent = hr.post(
        reverse("assessments:round_hand_over", args=[stage.round.pk]),
        {"auswahl": f"{stage.participation.pk}-{cast.paula.pk}"},
        follow=True,
    )

    assert "Sich selbst übergibt niemand eine Teilnahme" in page.text
    assert 'name="auswahl"' not in page.text
    assert [str(message)[:22] for message in sent.context["messages"]] == ["1 nicht übergeben: Sic"]
    assert Participation.objects.get(pk=stage.participation.pk).manager == cast.bernd
    assert hr.get(stage.participation.get_absolute_url()).status_code == 404


def test_nor_to_somebody_for_whom_she_acts(stage, deputises):
    cast = stage.cast
    Participation.objects.filter(pk=stage.participation.pk).update(manager=cast.clara)

    assert hand_over(participations=[stage.participation], by=cast.paula) == []
    assert len(hand_over(participations=[stage.participation], by=None)) == 1


def test_another_one_of_hr_does(client, stage, petra):
    Person.objects.filter(pk=stage.cast.anna.pk).update(manager=stage.cast.paula)

    [done] = hand_over(participations=[stage.participation], by=petra)

    assert (done.to_name, done.by) == ("Paula Personal", petra)


def test_the_command_line_enters_a_manager_and_hands_over(stage, run_jobs, mailoutbox, capsys):
    cast = stage.cast
    mailoutbox.clear()
    call_command("set_manager", "0003", "paula.personal@test.example")

    assert (
        capsys.readouterr().out == "Führungskraft von Anna Ärmel ist jetzt Paula Personal. Übergebene Teilnahmen: 1.\n"
    )
    assert Participation.objects.get(pk=stage.participation.pk).manager == cast.paula == manager_of(cast.anna)
    assert [(done.to_name, done.by) for done in HandOver.objects.all()] == [("Paula Personal", None)]
    run_jobs()
    assert [cast.anna.email] in [mail.to for mail in mailoutbox if mail.subject == notices.SUBJECTS["manager_of_hr"]]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("0003", "niemand"), "keine Person"),
        (("0003", "0003"), "eigene Führungskraft"),
        (("0001", "0003"), "Kreis"),
    ],
)
def test_the_command_line_refuses_what_cannot_be(cast, arguments, problem):
    with pytest.raises(CommandError, match=problem):
        call_command("set_manager", *arguments)


# Deputies -----------------------------------------------------------------------------------------


def test_hr_entrusts_nobody_of_hr_with_anybody_and_the_manager_alone_may(cast, petra):
    ways = {
        (by.first_name, deputy.first_name): objection_to_deputy(by=by, deputy=deputy, manager=cast.bernd)
        for by in (cast.paula, cast.bernd)
        for deputy in (cast.paula, cast.bernd, petra, cast.fremd)
    }

    refused = DEPUTY_OF_HR.format("Petra Personal", "Bernd Şahin-Žižek")
    assert {way: objection for way, objection in ways.items() if objection} == {
        ("Paula", "Paula"): DEPUTY,
        ("Paula", "Petra"): refused,
        ("Bernd", "Bernd"): DEPUTY,
    }
    assert objection_to_deputy(by=None, deputy=petra, manager=cast.bernd) == ""  # the command line


def test_nobody_names_themselves_a_deputy_whatever_page_asks(cast):
    days = {"since": TODAY, "until": TODAY + timedelta(days=3)}

    with pytest.raises(Refused):
        name_deputy(manager=cast.bernd, person=cast.paula, people=[cast.anna], by=cast.paula, **days)

    assert not Deputy.objects.exists()


# The technical administration ---------------------------------------------------------------------


def changed_in_admin(client, somebody, **changes):
    address = reverse("admin:people_person_change", args=[somebody.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields} | changes
    return client.post(address, {name: value for name, value in data.items() if value not in {None, False}})


@pytest.fixture
def root(client, cast):
    found = Person.objects.create_superuser("root@test.example", first_name="Rita", last_name="Root")
    client.force_login(found)
    return found


def test_a_superuser_does_not_let_themselves_in(client, cast, root):
    as_manager = changed_in_admin(client, cast.anna, manager=root.pk)
    as_hr = changed_in_admin(client, root, is_hr="on", is_auditor="on")

    assert as_manager.context["adminform"].form.errors == {"manager": [MANAGER]}
    assert as_hr.context["adminform"].form.errors == {"is_hr": [RIGHT], "is_auditor": [AUDITS_NOBODY_ELSE]}
    assert (manager_of(cast.anna), Person.objects.get(pk=root.pk).is_hr) == (cast.bernd, False)


def test_a_superuser_makes_nobody_somebody_else(client, cast, root):
    other = {"first_name": "Frida", "last_name": "Neumann", "email": "frida@test.example"}

    page = changed_in_admin(client, cast.anna, **other)

    assert page.context["adminform"].form.errors == {"last_name": [SOMEBODY_ELSE.format("Anna Ärmel")]}


def test_a_change_of_address_there_is_told_at_the_old_one_and_no_older_link_opens_anything(
    client, cast, root, run_jobs, mailoutbox
):
    client.post("/passwort/vergessen/", {"email": cast.anna.email})
    run_jobs()
    [link] = re.findall(rf"{re.escape(settings.SITE_URL)}(/passwort/neu/\S+)", mailoutbox[0].body)
    client.force_login(root)

    saved = changed_in_admin(client, cast.anna, email="anders@test.example")
    run_jobs()
    client.logout()

    assert (saved.status_code, mailoutbox[-1].to) == (302, ["anna.armel@test.example"])
    assert mailoutbox[-1].subject == notices.SUBJECTS["email_changed"]
    assert "Dieser Link gilt nicht mehr" in client.get(link).text


# All there is -------------------------------------------------------------------------------------

READS = {"manager", "manager_id", "is_hr", "is_auditor"}  # what decides who reads whom, and the two models that do
WRITES = {
    "assessments/changes/handing_over.py": "hand_over asks OwnReach before and under its locks",
    "assessments/management/commands/set_manager.py": "the command line",
    "assessments/rounds/forms/preparing.py": "ManagerForm asks objections_to",
    "kompetenz/people/admin.py": "RepairForm asks OwnReach and objections_to_own",
    "kompetenz/people/deputies/naming.py": "name_deputy asks objection_to_deputy",
    "kompetenz/people/directory.py": "take_over does what whoever keeps the directory's groups has decided (ADR 47)",
    "kompetenz/people/forms.py": "PersonForm asks objections_to and objections_to_own",
    "kompetenz/people/management/commands/set_up.py": "the command line, where there is nobody of HR",
    "kompetenz/people/succession/passing_on.py": "pass_on asks objections_to",
    "kompetenz/privacy/erasure/leaving.py": "remove_who_left takes away, and gives nothing",
    "learningplans/training/adding_up.py": "nobody: all of HR read the same there, and it is never saved",
    "kompetenz/people/staff/taking_back.py": "restore asks OwnReach, and leaves whoever takes it back alone",
    "kompetenz/people/staff/taking_over.py": "compare leaves out what checks.leave_out_own_reach names",
}


def constants_in(node):
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}


def assigns(node):
    """``person.manager = ...``; what an object notes of its own is another matter."""
    targets = [target for target in node.targets if isinstance(target, ast.Attribute)]
    return any(target.attr in READS and ast.unparse(target.value) != "self" for target in targets)


def calls(node):
    """``update(manager=...)``, ``bulk_update(..., ["manager"])``, and whatever makes a Deputy, a HandOver or a Person."""
    called, given = ast.unparse(node.func), {keyword.arg for keyword in node.keywords}
    if called.endswith(".bulk_update"):
        return bool(constants_in(node) & READS)
    makes = re.search(r"\b(Deputy|HandOver|Person)(\.objects\.\w*create\w*)?$", called)
    if makes and makes[1] != "Person":
        return bool(given)
    return bool(given & READS) and (makes or called.endswith(".update"))


def is_a_form(node):
    """A ModelForm with one of these fields, or the technical administration's page of people."""
    fields = [item for item in ast.walk(node) if isinstance(item, ast.Assign) and "fields" in ast.unparse(item)]
    of_a_model = any(ast.unparse(base).endswith(("ModelForm", "ReadForm")) for base in node.bases)
    return (of_a_model and any(constants_in(item) & READS for item in fields)) or any(
        "register(Person)" in ast.unparse(decorator) for decorator in node.decorator_list
    )


ASKED = {ast.Assign: assigns, ast.Call: calls, ast.ClassDef: is_a_form}


def writes_in(path):
    """Whether a module writes one of these fields, or makes a Deputy or a HandOver, in any way that Django knows."""
    return any(ASKED[type(node)](node) for node in ast.walk(ast.parse(path.read_text())) if type(node) in ASKED)


def test_every_write_that_decides_who_reads_whom_is_known_and_guarded():
    root = settings.BASE_DIR
    paths = [
        path for app in ("kompetenz", "roles", "assessments", "learningplans") for path in (root / app).rglob("*.py")
    ]
    code = [path for path in paths if not {"migrations", "demo"} & set(path.parts)]

    assert {str(path.relative_to(root)) for path in code if writes_in(path)} == set(WRITES)
