"""Pages about role profiles: read by everybody, fitted and given to people by HR."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kompetenz.catalogue.models import Competency, Level
from kompetenz.people.models import Person
from roles.fitting import WORDS, fit_profile
from roles.models import Requirement, RoleHolding, RoleProfile, copy_profile
from tests.catalogue import COMPETENCIES
from tests.clock import TODAY

HTMX = {"HX-Request": "true"}


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.paula)
    return client


@pytest.fixture
def builtin(cast):
    return RoleProfile.objects.get(key="digitallotse")


@pytest.fixture
def own(builtin):
    return copy_profile(profile=builtin, name="Lotse im Jugendamt")


@pytest.fixture
def competency(cast):
    return Competency.objects.get(key="it-anwendung")


def url(name, *args):
    return reverse(f"roles:{name}", args=args)


def whole_form(profile, **changes):
    """What the page sends without JavaScript when nothing is changed, with ``changes``."""
    data = {"name": profile.name, "description": profile.description, "tasks": profile.tasks}
    for requirement in profile.requirements.all():
        data[f"{requirement.competency_id}-level"] = requirement.level
        data[f"{requirement.competency_id}-necessity"] = requirement.necessity
    return {**data, **changes}


@pytest.mark.parametrize("who", ["anna", "bernd", "fremd", "audit", "paula"])
def test_everybody_reads_profiles_in_use_and_sees_their_wheel(client, cast, builtin, who):
    client.force_login(getattr(cast, who))

    answers = [client.get(url("list")), client.get(url("detail", builtin.pk)), client.get(url("wheel", builtin.pk))]

    assert [(answer.status_code, answer.headers["Content-Type"]) for answer in answers] == [
        (200, "text/html; charset=utf-8"),
        (200, "text/html; charset=utf-8"),
        (200, "image/svg+xml"),
    ]


@pytest.mark.parametrize("who", ["anna", "bernd", "fremd", "audit"])
def test_pages_that_change_or_name_people_are_for_hr_alone(client, cast, own, competency, who):
    client.force_login(getattr(cast, who))
    get = [url("copy", own.pk), url("edit", own.pk), url("holders", own.pk), url("person", cast.anna.pk)]
    post = [*get, url("require", own.pk, competency.pk), url("retire", own.pk), url("restore", own.pk)]

    assert {client.get(address).status_code for address in get} == {404}
    assert {client.post(address).status_code for address in post} == {404}


def test_only_hr_is_told_how_many_hold_a_role(client, cast, builtin):
    def told(who):
        client.force_login(who)
        return "2 Personen mit dieser Rolle" in client.get(url("detail", builtin.pk)).text

    assert (told(cast.paula), told(cast.anna)) == (True, False)


def test_a_retired_profile_is_seen_by_hr_alone(client, cast, own):
    client.force_login(cast.paula)
    client.post(url("retire", own.pk))
    for_hr = client.get(url("detail", own.pk)).status_code
    client.force_login(cast.anna)

    assert (for_hr, client.get(url("detail", own.pk)).status_code, client.get(url("wheel", own.pk)).status_code) == (
        200, 404, 404,
    )  # fmt: skip
    assert own.name not in client.get(url("list")).text


def test_the_picture_tells_the_profile_and_may_be_kept_only_with_its_date(hr, builtin):
    picture = hr.get(url("wheel", builtin.pk), {"kompakt": "1", "stand": "1"})
    fresh = hr.get(url("wheel", builtin.pk))

    assert picture.text.startswith("<svg")
    assert builtin.name in picture.text
    assert (picture.headers["Cache-Control"], fresh.headers["Cache-Control"]) == ("private, max-age=3600", "no-store")


def test_templates_are_marked_as_such_where_they_are_listed_and_read(hr, builtin, own):
    pages = [hr.get(address).text for address in (url("list"), url("detail", builtin.pk), url("detail", own.pk))]

    assert [page.count("mitgelieferte Vorlage</span>") for page in pages] == [5, 1, 0]
    assert ["idealtypisch" in page for page in pages] == [True, True, False]


@pytest.mark.parametrize("more", [1, 20])
def test_list_query_count(hr, builtin, more, django_assert_num_queries):
    for number in range(more):
        copy_profile(profile=builtin, name=f"Kopie {number}")

    with django_assert_num_queries(5):  # session, user, number of profiles, profiles; whether a round hides one
        hr.get(url("list"))


@pytest.mark.parametrize("people", [1, 70])
def test_detail_and_holders_query_count(hr, cast, builtin, people, django_assert_num_queries):
    for number in range(people):
        person = Person.objects.create(first_name="P", last_name=str(number), unit=cast.anna.unit)
        RoleHolding.objects.create(person=person, profile=builtin)
    hr.get(url("detail", builtin.pk))

    # session, user, profile, whether a round hides it, levels, competencies, anchors, requirements, editable, number of holders
    with django_assert_num_queries(10):
        hr.get(url("detail", builtin.pk))
    with django_assert_num_queries(5):  # session, user, profile, number of holdings, holdings
        hr.get(url("holders", builtin.pk))


def test_a_copy_has_everything_but_the_name_and_can_be_edited(hr, builtin):
    response = hr.post(url("copy", builtin.pk), {"name": "Digitallotse im Bauamt"})

    copy = RoleProfile.objects.get(name="Digitallotse im Bauamt")
    assert response.url == url("edit", copy.pk)
    assert (copy.is_builtin, copy.tasks, copy.levels()) == (False, builtin.tasks, builtin.levels())
    assert hr.get(response.url).status_code == 200


def test_a_new_profile_asks_nothing_yet_and_can_be_edited(hr):
    response = hr.post(url("create"), {"name": "KI-Koordination", "description": "Ordnet den Einsatz."})

    new = RoleProfile.objects.get(name="KI-Koordination")
    page = hr.get(response.url)
    assert response.url == url("edit", new.pk)
    assert (new.is_builtin, new.description, new.tasks) == (False, "Ordnet den Einsatz.", "")
    assert new.levels() == dict.fromkeys(Competency.objects.values_list("pk", flat=True), 0)
    assert page.text.count(" checked") == COMPETENCIES
    assert hr.get(url("detail", new.pk)).text.count("nicht erforderlich</td>") == COMPETENCIES


def test_a_new_profile_is_offered_to_hr_alone(client, cast):
    def offered(who):
        client.force_login(who)
        return url("create") in client.get(url("list")).text

    assert (offered(cast.paula), offered(cast.anna)) == (True, False)


def test_without_a_catalogue_there_is_nothing_a_profile_could_ask(hr):
    Requirement.objects.all().delete()
    Competency.objects.all().delete()

    response = hr.post(url("create"), {"name": "KI-Koordination"})

    assert response.context["form"].non_field_errors() == [
        "Der Katalog ist noch leer. Ein Rollenprofil braucht Kompetenzen."
    ]
    assert not RoleProfile.objects.filter(name="KI-Koordination").exists()


def test_a_name_already_in_use_is_refused(hr, builtin, own):
    created = hr.post(url("create"), {"name": builtin.name.upper()})
    copied = hr.post(url("copy", builtin.pk), {"name": "lotse im jugendamt"})
    renamed = hr.post(url("edit", own.pk), whole_form(own, name=builtin.name))

    message = "Ein Rollenprofil mit diesem Namen ist schon in Gebrauch. Bitte wählen Sie einen anderen."
    assert [page.context["form"].errors for page in (created, copied, renamed)] == [{"name": [message]}] * 3


def test_a_level_added_to_the_scale_can_be_asked_for(hr, own, competency):
    Level.objects.create(value=4, key="meister", name="Meister", definition="lehrt es.")
    data = {f"{competency.pk}-level": 4, f"{competency.pk}-necessity": "required"}

    saved = hr.post(url("require", own.pk, competency.pk), data, headers=HTMX)
    refused = hr.post(url("require", own.pk, competency.pk), {**data, f"{competency.pk}-level": 5}, headers=HTMX)

    assert "IT-Anwendungskompetenz: Meister, erforderlich, gespeichert" in saved.text
    assert "Bitte wählen Sie keine, Kenner, Könner, Experte oder Meister." in refused.text
    assert own.levels()[competency.pk] == 4


def test_templates_and_retired_profiles_are_not_edited(hr, builtin, own, competency):
    hr.post(url("retire", own.pk))
    addresses = [(url("edit", profile.pk), url("require", profile.pk, competency.pk)) for profile in (builtin, own)]

    assert [(hr.get(edit).status_code, hr.post(require).status_code) for edit, require in addresses] == [(404, 404)] * 2


def test_one_form_saves_everything_without_javascript(hr, own, competency):
    before = own.levels()
    changes = {"name": "Neuer Name", f"{competency.pk}-level": 3, f"{competency.pk}-necessity": "required"}

    response = hr.post(url("edit", own.pk), whole_form(own, **changes))

    own.refresh_from_db()
    assert (response.url, own.name, own.levels()) == (url("detail", own.pk), "Neuer Name", {**before, competency.pk: 3})
    assert list(own.requirements.filter(ground="own").values_list("competency", flat=True)) == [competency.pk]


def test_a_profile_retired_meanwhile_stays_retired_and_as_it_was(cast, own, competency):
    stale = RoleProfile.objects.get(pk=own.pk)
    stale.name = "Zu spät"
    RoleProfile.objects.filter(pk=own.pk).update(retired_at=timezone.now())
    row = Requirement(profile=stale, competency=competency, level=3)
    before = own.levels()

    with pytest.raises(RoleProfile.DoesNotExist):
        fit_profile(profile=stale, by=cast.paula, requirements=[row], words=WORDS)

    own.refresh_from_db()
    assert (own.name, own.levels(), own.retired_at is None) == ("Lotse im Jugendamt", before, False)


def test_one_level_brings_no_words_along_that_were_read_before(cast, own, competency):
    stale = RoleProfile.objects.get(pk=own.pk)
    RoleProfile.objects.filter(pk=own.pk).update(name="Inzwischen umbenannt")

    fit_profile(profile=stale, by=cast.paula, requirements=[Requirement(profile=stale, competency=competency, level=3)])

    own.refresh_from_db()
    assert (own.name, own.levels()[competency.pk], own.changed_at) == ("Inzwischen umbenannt", 3, stale.changed_at)


@pytest.mark.parametrize("page", ["edit", "require"])
def test_who_saves_a_profile_retired_while_they_read_it_is_told_it_is_gone(hr, own, competency, page):
    form = whole_form(own, **{f"{competency.pk}-level": 3, f"{competency.pk}-necessity": "required"})
    RoleProfile.objects.filter(pk=own.pk).update(retired_at=timezone.now())
    address = url("edit", own.pk) if page == "edit" else url("require", own.pk, competency.pk)

    assert hr.post(address, form).status_code == 404


def test_a_level_outside_the_scale_is_refused_and_nothing_saved(hr, own, competency):
    before = own.levels()

    response = hr.post(url("edit", own.pk), whole_form(own, name="Anders", **{f"{competency.pk}-level": 4}))

    assert response.context["form"].non_field_errors() == [
        "IT-Anwendungskompetenz: Bitte wählen Sie keine, Kenner, Könner oder Experte."
    ]
    own.refresh_from_db()
    assert (own.name, own.levels()) == ("Lotse im Jugendamt", before)


@pytest.mark.parametrize("level", [0, 3])
def test_one_level_is_saved_at_once_and_the_wheel_is_told(hr, own, competency, level):
    data = {f"{competency.pk}-level": level, f"{competency.pk}-necessity": "desirable"}

    response = hr.post(url("require", own.pk, competency.pk), data, headers=HTMX)

    saved = own.requirements.get(competency=competency)
    assert (saved.level, saved.necessity, saved.ground) == (level, "desirable", "own")
    assert json.loads(response.headers["HX-Trigger"]) == {
        "wheel:level": {"wheel": "profil-rad", "number": 1, "level": level}
    }
    assert "Gespeichert <p" in response.text


@pytest.mark.parametrize("level", ["4", "-1", "x", ""])
def test_one_level_outside_the_scale_is_refused_with_the_reason(hr, own, competency, level):
    before = own.levels()
    data = {f"{competency.pk}-level": level, f"{competency.pk}-necessity": "required"}

    part = hr.post(url("require", own.pk, competency.pk), data, headers=HTMX)
    page = hr.post(url("require", own.pk, competency.pk), data, follow=True)

    reason = "IT-Anwendungskompetenz: Bitte wählen Sie"
    assert (reason in part.text, "HX-Trigger" in part.headers, reason in page.text) == (True, False, True)
    assert own.levels() == before


def test_a_competency_the_profile_lacks_is_added_and_an_unknown_one_is_not_found(hr, own, competency):
    own.requirements.filter(competency=competency).delete()
    data = {f"{competency.pk}-level": 1, f"{competency.pk}-necessity": "required"}

    without = hr.get(url("edit", own.pk)).context["categories"][0][1][0].initial
    added = hr.post(url("require", own.pk, competency.pk), data)
    unknown = hr.post(url("require", own.pk, 999), data)

    assert (without, added.url, unknown.status_code) == (
        {"level": 0, "necessity": "required"}, url("edit", own.pk), 404,
    )  # fmt: skip
    assert Requirement.objects.get(profile=own, competency=competency).level == 1


def test_a_retired_profile_keeps_its_people_and_takes_no_new_ones_until_it_is_used_again(hr, cast, builtin):
    retired = hr.post(url("retire", builtin.pk), follow=True)
    hr.post(url("holders", builtin.pk), {"people": "0007", "since": TODAY})
    while_retired = set(builtin.holdings.values_list("person", flat=True))
    hr.post(url("restore", builtin.pk))
    hr.post(url("holders", builtin.pk), {"people": "0007", "since": TODAY})

    assert "2 Personen haben diese Rolle und behalten sie." in retired.text
    assert while_retired == {cast.anna.pk, cast.dora.pk}
    assert set(builtin.holdings.values_list("person", flat=True)) == {cast.anna.pk, cast.dora.pk, cast.fremd.pk}


def test_several_people_get_a_role_by_number_or_address(hr, cast, own):
    lines = "0001\r\n\r\n FRIEDA.fremd@test.example \r\n0001\r\n0003"
    RoleHolding.objects.filter(person=cast.anna).update(since=TODAY - timedelta(days=1))

    hr.post(url("holders", own.pk), {"people": lines, "since": TODAY})

    assert set(own.holdings.values_list("person", "since", "until")) == {
        (person.pk, TODAY, None) for person in (cast.clara, cast.fremd, cast.anna)
    }


def test_every_line_that_names_nobody_is_told_and_what_was_entered_stays(hr, cast, own):
    Person.objects.filter(pk=cast.dora.pk).update(is_active=False)

    response = hr.post(url("holders", own.pk), {"people": "0001\nwer?\n0004", "since": TODAY})

    assert response.context["form"].errors == {
        "people": ["Zeile 2: Zu „wer?“ gibt es keine aktive Person.", "Zeile 3: Zu „0004“ gibt es keine aktive Person."]
    }
    assert "0001\nwer?\n0004</textarea>" in response.text
    assert list(own.holdings.all()) == []


def test_lines_that_name_nobody_are_left_out_with_one_tick(hr, cast, own):
    page = url("holders", own.pk)
    refused = hr.post(page, {"people": "0001\nwer?", "since": TODAY}).text

    hr.post(page, {"people": "0001\nwer?", "since": TODAY, "people-bekannte": "on"})

    assert "Zeilen ohne aktive Person weglassen" in refused
    assert "Zeilen ohne aktive Person weglassen" not in hr.get(page).text
    assert list(own.holdings.values_list("person", flat=True)) == [cast.clara.pk]


def test_a_list_that_names_nobody_at_all_is_refused_whatever_is_ticked(hr, own):
    response = hr.post(url("holders", own.pk), {"people": "wer?", "since": TODAY, "people-bekannte": "on"})

    assert response.context["form"].errors == {"people": ["Zeile 1: Zu „wer?“ gibt es keine aktive Person."]}


def test_one_person_s_roles_are_given_ended_and_taken_back(hr, cast, own):
    page = url("person", cast.anna.pk)
    tomorrow = TODAY + timedelta(days=1)

    hr.post(page, {"action": "assign", "profile": own.pk, "since": tomorrow})
    given = [(h.profile.name, h.since, h.until) for h in hr.get(page).context["holdings"]]
    hr.post(page, {"action": "take_back", "holding": own.holdings.get().pk})
    taken_back = [(h.profile.name, h.since, h.until) for h in hr.get(page).context["holdings"]]
    hr.post(page, {"action": "end", "until": TODAY})
    ended = [(h.profile.name, h.since, h.until) for h in hr.get(page).context["holdings"]]

    lotse = "Digitallotse / Digitallotsin"
    assert given == [("Lotse im Jugendamt", tomorrow, None), (lotse, TODAY, TODAY)]
    assert taken_back == [(lotse, TODAY, None)]
    assert ended == [(lotse, TODAY, TODAY)]


def test_a_role_neither_ends_before_it_begins_nor_is_taken_back_once_begun(hr, cast, builtin):
    page = url("person", cast.anna.pk)
    begun = builtin.holdings.get(person=cast.anna)

    early = hr.post(page, {"action": "end", "until": TODAY - timedelta(days=1)})
    begun_back = hr.post(page, {"action": "take_back", "holding": begun.pk})

    assert early.context["form"].errors == {"until": [f"Die Rolle beginnt erst am {TODAY:%d.%m.%Y}."]}
    assert begun_back.status_code == 404
    assert RoleHolding.objects.get(person=cast.anna) == begun
