"""Built-in data reaches an installation once; what HR has made of it stays."""

from django.core.management import call_command

from kompetenz.catalogue.built_in import load_missing
from kompetenz.catalogue.models import BuiltIn, Category, Competency, Level, LevelAnchor
from learningplans.models import LearningFormat
from roles.models import Requirement, RoleProfile
from tests.catalogue import COMPETENCIES, LEVELS

PROFILE = {"key": "ki-koordination", "name": "KI-Koordination", "tasks": "Planen\nPrüfen", "is_builtin": True}


def keys(model):
    return list(model.objects.values_list("key", flat=True))


def test_everything_is_loaded_into_an_empty_database(db):
    for model in (LearningFormat, Requirement, RoleProfile, Competency, Category, Level, BuiltIn):
        model.objects.all().delete()

    loaded = load_missing()

    assert len(loaded) == BuiltIn.objects.count() > 200
    assert (Level.objects.count(), Category.objects.count(), Competency.objects.count()) == (LEVELS, 4, COMPETENCIES)
    assert LevelAnchor.objects.count() == COMPETENCIES * (LEVELS - 1)
    assert LearningFormat.objects.get(key="training").suits.count() == 3
    assert [(one.key, one.order) for one in LearningFormat.objects.all()][:2] == [
        ("selbstlernen", 1),
        ("kollegialer-austausch", 2),
    ]
    assert list(Competency.objects.values_list("order", flat=True)) == list(range(1, COMPETENCIES + 1))


def test_a_second_time_nothing_is_loaded_and_one_query_finds_that_out(cast, django_assert_num_queries):
    with django_assert_num_queries(3):  # savepoint, what was loaded, its release
        assert load_missing() == []


def test_what_hr_has_changed_or_removed_stays_so(cast):
    security = Competency.objects.filter(key="sicherheit-datenschutz")
    security.update(name="IT-Sicherheit", refresh_months=6)
    LevelAnchor.objects.filter(competency__key="it-anwendung").delete()
    LearningFormat.objects.get(key="training").delete()
    RoleProfile.objects.filter(key="digitallotse").update(key="anders", name="Lotse")

    assert load_missing() == []

    assert security.values_list("name", "refresh_months").get() == ("IT-Sicherheit", 6)
    assert not LevelAnchor.objects.filter(competency__key="it-anwendung").exists()
    assert "training" not in keys(LearningFormat)
    assert "digitallotse" not in keys(RoleProfile)


def test_what_is_there_before_anything_was_remembered_is_not_touched(cast):
    BuiltIn.objects.all().delete()
    Competency.objects.filter(key="sicherheit-datenschutz").update(name="IT-Sicherheit")

    assert load_missing() == []

    assert "IT-Sicherheit" in Competency.objects.values_list("name", flat=True)
    assert BuiltIn.objects.filter(model="catalogue.competency").count() == COMPETENCIES


def test_a_new_role_profile_comes_with_its_requirements(cast, fixtures):
    fixtures.add("roles", "roles.roleprofile", **PROFILE)
    fixtures.add("roles", "roles.requirement", profile=[PROFILE["key"]], competency=["daten"], level=3, ground="named")

    loaded = load_missing()

    profile = RoleProfile.objects.get(key=PROFILE["key"])
    assert [str(row) for row in loaded] == [str(profile), str(profile.requirements.get())]
    assert (profile.task_list, profile.is_builtin) == (["Planen", "Prüfen"], True)
    assert list(profile.levels().values()) == [3]
    assert load_missing() == []


def test_a_new_competency_stands_behind_the_one_before_it_in_the_fixture(cast, fixtures):
    own = Competency.objects.create(
        key="eigene", category=Category.objects.get(key="methoden"), order=8, name="Eigene", wheel_label="Eigene"
    )
    before = keys(Competency)
    fixtures.insert_competency("ki", after="projektmanagement")

    load_missing()

    at = before.index("projektmanagement") + 1
    assert keys(Competency) == [*before[:at], "ki", *before[at:]]
    assert own.key in before
    assert LevelAnchor.objects.filter(competency__key="ki").count() == LEVELS - 1
    assert Requirement.objects.filter(competency__key="ki").count() == RoleProfile.objects.count()


def test_the_first_of_a_category_comes_first(cast, fixtures):
    fixtures.insert_competency("ki", after="digitale-loesungen", category="methoden")

    load_missing()

    assert keys(Competency)[:8] == [*keys(Competency)[:6], "ki", "prozessgestaltung"]


def test_loading_fixtures_over_everything_puts_a_competency_in_the_middle_too(cast, fixtures):
    before = keys(Competency)
    fixtures.insert_competency("ki", after="projektmanagement")

    fixtures.load_all()

    assert keys(Competency) == [*before[:8], "ki", *before[8:]]


def test_a_new_level_comes_with_its_anchors(cast, fixtures):
    fixtures.add_level("Meister")

    load_missing()

    assert keys(Level) == ["keine", "kenner", "koenner", "experte", "meister"]
    assert LevelAnchor.objects.filter(level=4).count() == COMPETENCIES


def test_a_row_whose_owner_hr_has_deleted_is_left_out(cast, fixtures):
    Requirement.objects.filter(competency__key="daten").delete()
    Competency.objects.get(key="daten").delete()
    BuiltIn.objects.filter(model="catalogue.levelanchor").delete()

    assert load_missing() == []
    assert "daten" not in keys(Competency)


def test_a_row_that_contradicts_what_is_there_is_left_out_and_the_others_come(cast, fixtures):
    Level.objects.create(value=4, key="eigene", name="Eigene Stufe", definition="von hier.")
    fixtures.add("catalogue", "catalogue.level", value=4, key="meister", name="Meister", definition="lehrt es.")
    fixtures.add("roles", "roles.roleprofile", **PROFILE)

    assert [str(row) for row in load_missing()] == ["KI-Koordination"]
    assert keys(Level)[4:] == ["eigene"]


def test_the_command_says_what_has_come(cast, fixtures, capsys):
    fixtures.add("roles", "roles.roleprofile", **PROFILE)

    call_command("load_missing")
    call_command("load_missing")

    assert capsys.readouterr().out == "Rollenprofile: 1 neu\n"


def test_loading_a_fixture_again_keeps_the_months_that_hr_has_set(cast):
    months = {"daten": 12, "technik": 3, "sicherheit-datenschutz": None}
    for key, number in months.items():
        Competency.objects.filter(key=key).update(refresh_months=number)

    call_command("loaddata", "catalogue", verbosity=0)

    assert {one.key: one.refresh_months for one in Competency.objects.filter(key__in=months)} == months


def test_a_row_names_itself(cast):
    first = BuiltIn.objects.get(model="catalogue.level", key="kenner")

    assert str(first) == "catalogue.level kenner"
