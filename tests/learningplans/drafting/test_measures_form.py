"""What the form of a measure suggests, takes over from an offer and asks for: a mentor, a consent."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from learningplans.contents.plan import goal_entries
from learningplans.drafting import agreeing
from learningplans.drafting.forms.measures import MeasureForm
from learningplans.following.forms.changes import NewMeasureForm
from learningplans.models import LearningFormat, LearningPlan, Measure
from tests.clock import NOW, TODAY, in_days
from tests.learningplans.making import goal_in, measure_in, plan_of
from tests.learningplans.training.test_formats import offer
from tests.markup import tight


@pytest.fixture
def plan(participation):
    return plan_of(participation)


def format_of(key):
    return LearningFormat.objects.get(key=key)


def url(name, plan, **kwargs):
    return reverse(f"learningplans:{name}", kwargs={"pk": plan.pk, **kwargs})


def data_of(plan, **changes):
    data = {"goals": [plan.goals.first().pk], "format": format_of("training").pk, "title": "Üben"}
    return data | {"due_on": in_days(30).isoformat(), "responsible": "Anna"} | changes


def form_of(plan, measure=None, *, by=None, preselected=(), **data):
    measure = measure or Measure(plan=plan)
    return MeasureForm(data or None, instance=measure, goals=goal_entries(plan), by=by, preselected=preselected)


def reasons(form):
    return {row["format"].key: row["reasons"] for *_, rows in form.formats for row in rows}


def test_a_format_is_suggested_with_its_reasons_in_words(plan):
    first, third = plan.goals.first(), plan.goals.last()  # digital, and methoden
    plan.measures.update(format=format_of("seminare-schulungen"))

    why = reasons(form_of(plan, preselected=[first.pk, third.pk]))

    assert why["kollegialer-austausch"] == [
        "Ziel 1: für Digitale Fachkompetenzen geeignet.",
        "Ziel 3: für Methodenkompetenzen geeignet.",
        "Ergänzt den Plan um Lernen aus Interaktion; bisher ist nur klassische Weiterbildung geplant.",
    ]
    assert why["vortraege-workshops"] == why["kollegialer-austausch"][:2]
    assert why["coaching"] == []


def test_a_mixed_plan_needs_no_complement_and_dropped_measures_do_not_count(plan):
    measure_in(plan, plan.goals.first(), format=format_of("training"))
    mixed = reasons(form_of(plan))["selbstlernen"]
    plan.measures.filter(format=format_of("training")).update(state=Measure.State.DROPPED)
    alike = reasons(form_of(plan))["selbstlernen"]

    assert [reason for reason in alike if reason not in mixed] == [
        "Ergänzt den Plan um Lernen aus Herausforderungen; bisher ist nur Lernen aus Interaktion geplant."
    ]


def test_only_formats_that_are_offered_can_be_chosen_and_the_one_the_measure_has(plan):
    LearningFormat.objects.filter(key__in=["training", "kollegialer-austausch"]).update(is_offered=False)
    measure = plan.measures.first()  # of kollegialer-austausch

    new, known = set(reasons(form_of(plan))), set(reasons(form_of(plan, measure)))
    refused = form_of(plan, **data_of(plan))

    assert known - new == {"kollegialer-austausch"}
    assert "training" not in known
    assert list(refused.errors) == ["format"]


def test_offers_that_name_the_goals_competency_come_first(plan):
    offer("für alle")
    offer("für das zweite", 8)
    offer("für beide", 5, 8, provider="Institut")

    form = form_of(plan, preselected=[goal.pk for goal in plan.goals.all()[:2]])

    assert [(found.title, goals) for found, goals in form.suggested] == [
        ("für beide", "Ziel 1 und 2"),
        ("für das zweite", "Ziel 2"),
    ]
    choices = [(group, [label for _, label in options]) for group, options in form.fields["offer"].choices[1:]]
    assert choices == [
        ("Passend zum Ziel", ["für beide (Institut)", "für das zweite"]),
        ("Seminare und Schulungen", ["für alle"]),
    ]


def test_without_offers_nobody_is_asked_for_one(plan):
    assert "offer" not in form_of(plan).fields


@pytest.mark.parametrize("many", [2, 60])
def test_the_form_costs_the_same_however_much_is_on_offer(client, cast, plan, django_assert_num_queries, many):
    for number in range(many):
        offer(f"Kurs {number}", 5)
    client.force_login(cast.anna)
    address = url("measure_add", plan)
    client.get(address)  # reads the round's catalogue into the process

    # session, user, plan, which measures serve which goals, goals, formats, what they suit by category and by competency,
    # forms planned, offers, their competencies
    with django_assert_num_queries(11):
        page = client.get(address).text

    assert page.count("Dieses Angebot übernehmen") == min(many, 5)


def test_an_offer_that_is_taken_over_fills_a_new_measure(client, cast, plan):
    course = offer("Grundkurs", 5, provider="Institut", hours="12.5", cost="1250.50")
    client.force_login(cast.anna)

    page = client.get(url("measure_add", plan), {"ziel": plan.goals.first().pk, "angebot": course.pk})

    values = {name: page.context["form"][name].value() for name in ("title", "provider", "hours", "cost")}
    assert values == {"title": "Grundkurs", "provider": "Institut", "hours": "12,5", "cost": "1.250,50"}
    assert (page.context["form"]["offer"].value(), page.context["form"]["format"].value()) == (
        course.pk,
        course.format_id,
    )
    assert f'name="angebot" value="{course.pk}"' in page.text


@pytest.mark.parametrize("unknown", ["999999", "erfunden", ""])
def test_an_unknown_offer_fills_nothing(client, cast, plan, unknown):
    offer()
    client.force_login(cast.anna)

    form = client.get(url("measure_add", plan), {"angebot": unknown}).context["form"]

    assert (form["title"].value(), form["offer"].value()) == ("", None)


def test_an_offer_chosen_in_the_form_fills_what_is_empty_and_nothing_else(client, cast, plan):
    course = offer("Grundkurs", provider="Institut", hours=8, cost=90)
    client.force_login(cast.anna)

    sent = data_of(plan, format="", title="", provider="Nebenan", hours="", cost="1.000", offer=course.pk)
    client.post(url("measure_add", plan), sent)

    measure = plan.measures.get(offer=course)
    assert (measure.title, measure.provider, measure.format) == ("Grundkurs", "Nebenan", course.format)
    assert (measure.hours, measure.cost) == (8, 1000)


def test_what_was_emptied_later_stays_empty(client, cast, plan):
    course = offer(of="training", hours=8)
    measure = measure_in(plan, plan.goals.first(), format=course.format, offer=course, hours=8)
    client.force_login(cast.anna)

    client.post(url("measure", plan, measure=measure.pk), data_of(plan, offer=course.pk, hours=""))

    measure.refresh_from_db()
    assert (measure.offer, measure.hours) == (course, None)


def test_taking_over_an_offer_for_a_known_measure_is_saved(client, cast, plan):
    course = offer("Grundkurs", of="training", provider="Institut")
    measure = measure_in(plan, plan.goals.first(), format=format_of("training"), title="Üben", hours=None, cost=None)
    client.force_login(cast.anna)
    address = url("measure", plan, measure=measure.pk) + f"?angebot={course.pk}"

    form = client.get(address).context["form"]
    client.post(address, data_of(plan, offer=form["offer"].value(), provider=form["provider"].value()))

    measure.refresh_from_db()
    assert (form["title"].value(), measure.offer, measure.provider) == ("Üben", course, "Institut")


def test_an_offer_belongs_to_its_format(plan):
    course = offer()

    form = form_of(plan, **data_of(plan, offer=str(course.pk)))

    assert form.errors == {
        "offer": [
            "Dieses Angebot gehört zum Format „Seminare und Schulungen“. Wählen Sie dieses Format oder kein Angebot."
        ]
    }


def test_a_withdrawn_offer_stays_with_its_measure_and_is_no_choice_for_others(plan):
    course = offer(of="training", is_offered=False)
    measure = measure_in(plan, plan.goals.first(), format=course.format, offer=course)
    offer("noch da")

    kept = form_of(plan, measure, **data_of(plan, offer=str(course.pk)))
    refused = form_of(plan, **data_of(plan, offer=str(course.pk)))

    assert kept.errors == {}
    assert refused.errors == {"offer": ["Dieses Angebot steht nicht mehr zur Wahl."]}


def test_mentoring_asks_for_a_mentor_beside_the_field(client, cast, plan):
    client.force_login(cast.bernd)
    sent = data_of(plan, format=format_of("mentoring").pk)

    refused = client.post(url("measure_add", plan), sent)
    client.post(url("measure_add", plan), sent | {"mentor": "Dora Erfahren"})

    wrong = ["Bitte nennen Sie, wer begleitet: Mentoring braucht eine Person mit Namen."]
    assert refused.context["form"].errors == {"mentor": wrong}
    assert plan.measures.get(title="Üben").mentor == "Dora Erfahren"


def test_a_mentor_is_taken_out_by_who_chooses_a_format_without_one(client, cast, plan):
    measure = measure_in(plan, plan.goals.first(), format=format_of("mentoring"), mentor="Dora Erfahren")
    client.force_login(cast.bernd)
    address = url("measure", plan, measure=measure.pk)

    refused = client.post(address, data_of(plan, mentor="Dora Erfahren")).context["form"]
    stored = plan.measures.values_list("format__key", "mentor").get(pk=measure.pk)
    client.post(address, data_of(plan, mentor=""))

    empty = "Training hat keine Begleitung. Bitte leeren Sie das Feld, oder wählen Sie ein anderes Format."
    assert (refused.errors, refused["mentor"].value()) == ({"mentor": [empty]}, "Dora Erfahren")
    assert stored == ("mentoring", "Dora Erfahren")
    assert plan.measures.values_list("format__key", "mentor").get(pk=measure.pk) == ("training", "")


def test_a_mentor_of_before_stays_where_hr_has_changed_what_the_format_needs(client, cast, plan):
    measure = measure_in(plan, plan.goals.first(), format=format_of("mentoring"), mentor="Dora Erfahren")
    LearningFormat.objects.filter(key="mentoring").update(needs_mentor=False)
    client.force_login(cast.bernd)
    sent = data_of(plan, format=measure.format_id, mentor="Dora Erfahren", title="Anders")

    client.post(url("measure", plan, measure=measure.pk), sent)

    assert plan.measures.values_list("title", "mentor").get(pk=measure.pk) == ("Anders", "Dora Erfahren")


def coaching_in(plan, **fields):
    return measure_in(plan, plan.goals.first(), format=format_of("coaching"), title="Coaching", **fields)


def coaching_data(plan, **changes):
    return data_of(plan, **{"format": format_of("coaching").pk, "title": "Coaching"} | changes)


def test_the_person_consents_with_a_tick_and_takes_it_back(client, cast, plan):
    measure = coaching_in(plan)
    address = url("measure", plan, measure=measure.pk)
    client.force_login(cast.anna)
    coaching = str(measure.format_id)

    asked = client.get(address).text
    days = []
    for ticked in ({"consent": coaching}, {"consent": coaching, "title": "Anders"}, {}):
        client.post(address, coaching_data(plan) | ticked)
        measure.refresh_from_db()
        days.append(measure.consented_on)

    assert "Ich bin mit Coaching einverstanden." in asked
    assert days == [TODAY, TODAY, None]


def test_a_consent_taken_back_in_one_window_is_not_given_again_by_another(client, cast, plan):
    measure = coaching_in(plan)
    address, coaching = url("measure", plan, measure=measure.pk), str(measure.format_id)
    client.force_login(cast.anna)
    client.post(address, coaching_data(plan, consent=coaching))
    shown = {"read": client.get(address).context["form"].read}
    client.post(address, coaching_data(plan, **shown))

    late = client.post(address, coaching_data(plan, title="Neu", consent=coaching, **shown))

    measure.refresh_from_db()
    assert (measure.title, measure.consented_on) == ("Coaching", None)
    assert "Jetzt gespeichert: nichts." in late.text


def test_a_later_change_keeps_the_day_of_the_consent(client, cast, plan):
    measure = coaching_in(plan, consented_on=in_days(-20))
    client.force_login(cast.anna)

    page = client.get(url("measure", plan, measure=measure.pk)).context["form"]
    client.post(
        url("measure", plan, measure=measure.pk), coaching_data(plan, title="Neu", consent=page["consent"].value())
    )

    measure.refresh_from_db()
    assert (measure.title, measure.consented_on) == ("Neu", in_days(-20))


def test_nobody_consents_for_the_person(client, cast, plan):
    measure = coaching_in(plan)
    address = url("measure", plan, measure=measure.pk)
    client.force_login(cast.bernd)

    page = client.get(address).text
    client.post(address, coaching_data(plan, title="Neu", consent=measure.format_id))

    measure.refresh_from_db()
    assert (measure.title, measure.consented_on) == ("Neu", None)
    assert "Das Einverständnis fehlt noch. Nur Anna Ärmel selbst kann es hier geben." in page
    assert 'name="consent"' not in page


def test_what_the_manager_changes_keeps_the_consent_as_long_as_the_format_stays(client, cast, plan):
    measure = coaching_in(plan, consented_on=in_days(-2))
    address = url("measure", plan, measure=measure.pk)
    client.force_login(cast.bernd)

    found = []
    for data in (coaching_data(plan, title="Neu"), data_of(plan), coaching_data(plan)):
        client.post(address, data)
        measure.refresh_from_db()
        found.append((measure.format.key, measure.consented_on))

    assert found == [("coaching", in_days(-2)), ("training", None), ("coaching", None)]


@pytest.mark.parametrize(("change", "kept"), [({"provider": "Coach Krause"}, False), ({"hours": "3"}, True)])
def test_a_consent_is_to_who_coaches_and_not_to_another(client, cast, plan, change, kept):
    measure = coaching_in(plan, consented_on=in_days(-2), provider="Coach Lind")
    sent = coaching_data(plan, provider="Coach Lind") | change
    client.force_login(cast.bernd)

    client.post(url("measure", plan, measure=measure.pk), sent)

    measure.refresh_from_db()
    assert measure.consented_on == (in_days(-2) if kept else None)


def test_a_consent_stays_to_the_offer_as_it_was_called(client, cast, plan):
    kern = offer("Coaching bei Frau Kern", of="coaching")
    measure = coaching_in(plan)
    address = url("measure", plan, measure=measure.pk)
    sent = coaching_data(plan, offer=kern.pk, consent=str(measure.format_id))
    client.force_login(cast.anna)
    client.post(address, sent)
    type(kern).objects.update(title="Coaching bei Herrn Streng")
    client.force_login(cast.bernd)

    page, form = (client.get(one).text for one in (plan.get_absolute_url(), address))
    client.post(address, coaching_data(plan, offer=kern.pk, hours="3"))
    found = []
    for chosen in ("", kern.pk):
        measure.refresh_from_db()
        found.append((measure.offer_name, measure.consented_on))
        client.post(address, coaching_data(plan, offer=chosen))
    client.post(address, coaching_data(plan, offer=kern.pk, hours="4"))
    measure.refresh_from_db()

    assert [("Kern" in text, "Streng" in text) for text in (page, form)] == [(True, False)] * 2
    assert found == [("Coaching bei Frau Kern", TODAY), ("", None)]
    assert (measure.offer_name, measure.consented_on) == ("Coaching bei Herrn Streng", None)


@pytest.mark.parametrize("state", [LearningPlan.State.DRAFT, LearningPlan.State.AGREED])
@pytest.mark.parametrize("field", ["format", "offer"])
def test_who_consents_has_read_what_the_measure_is_called(client, cast, plan, field, state):
    """HR renames it while the form is open: it comes back with the new name, and nothing is consented to unread."""
    LearningPlan.objects.filter(pk=plan.pk).update(state=state, agreed_by_person_on=TODAY, agreed_by_manager_on=TODAY)
    kern, streng = offer("Coaching bei Frau Kern", of="coaching"), "Coaching bei Herrn Streng"
    address = url("measure_add" if state == "draft" else "add_measure_later", plan)
    client.force_login(cast.anna)
    page = client.get(address)
    sent = coaching_data(plan, offer=kern.pk, consent=str(format_of("coaching").pk), title="", reason="Neu")
    sent |= {
        "shown": page.context["form"].shown,
        "once": f"{cast.anna.pk}-x1",
        "read": LearningPlan.objects.get(pk=plan.pk).stamp,
    }
    if field == "offer":
        type(kern).objects.filter(pk=kern.pk).update(title=streng)
    else:
        LearningFormat.objects.filter(key="coaching").update(name=streng)
    others = offer("Anderes", of="coaching")

    back = client.post(address, sent)
    stored = (plan.measures.filter(title__contains="Coaching").count(), plan.changes.count())
    type(others).objects.filter(pk=others.pk).update(title="Was niemand gewählt hat")
    client.post(address, sent | {"shown": back.context["form"].shown, "once": f"{cast.anna.pk}-x2"})

    assert f"Es heißt jetzt „{streng}“." in tight(back.text)
    assert f'name="shown" value="{page.context["form"].shown}"' in page.text
    assert stored == (0, 0)
    if state == "draft":
        measure = plan.measures.get(consented_on=TODAY)
        assert streng in (measure.offer_name, measure.format_name)
    else:
        assert streng in str(plan.changes.get().lines)


def test_what_a_draft_has_chosen_is_not_asked_again_and_keeps_its_name(client, cast, plan):
    kern = offer("Coaching bei Frau Kern", of="coaching")
    measure = coaching_in(plan)
    client.force_login(cast.anna)
    client.post(url("measure", plan, measure=measure.pk), coaching_data(plan, offer=kern.pk))
    shown = client.get(url("measure", plan, measure=measure.pk)).context["form"].shown
    type(kern).objects.update(title="Coaching bei Herrn Streng")
    LearningFormat.objects.filter(key="coaching").update(name="Führung mit Strenge")

    page = client.get(url("measure", plan, measure=measure.pk)).text
    sent = coaching_data(plan, offer=kern.pk, consent=str(measure.format_id), shown=shown)
    client.post(url("measure", plan, measure=measure.pk), sent)

    measure.refresh_from_db()
    assert "Ich bin mit Coaching einverstanden." in page
    assert ("Strenge" in page, "Herrn Streng" in page) == (False, False)
    assert (measure.format_name, measure.offer_name, measure.consented_on) == (
        "Coaching",
        "Coaching bei Frau Kern",
        TODAY,
    )


def test_a_page_that_has_lost_what_it_has_shown_has_shown_nothing(client, cast, plan):
    client.force_login(cast.anna)

    back = client.post(url("measure_add", plan), data_of(plan, once=f"{cast.anna.pk}-x1"))

    assert "Es heißt jetzt „Training“." in tight(back.text)


@pytest.mark.parametrize(
    ("change", "stands"),
    [({"title": "Anders"}, False), ({"hours": "80"}, False), ({"due_on": in_days(31).isoformat()}, False),
     ({"format": "coaching"}, False), ({"practice": "Im nächsten Projekt"}, True)],
)  # fmt: skip
def test_a_report_is_about_the_measure_as_it_was_then(client, cast, plan, change, stands):
    reported = {"state": "done", "state_by": cast.anna, "state_at": NOW - timedelta(days=3)}
    fields = {"title": "Üben", "hours": None, "cost": None, "responsible": "Anna", "due_on": in_days(30)}
    measure = measure_in(plan, plan.goals.first(), format=format_of("training"), **fields, **reported)
    change = {name: format_of(value).pk if name == "format" else value for name, value in change.items()}
    client.force_login(cast.bernd)

    page = client.post(url("measure", plan, measure=measure.pk), data_of(plan, **change), follow=True).text

    measure.refresh_from_db()
    assert {name: getattr(measure, name) for name in reported} == (
        reported if stands else {"state": "planned", "state_by": None, "state_at": None}
    )
    assert ("bitte melden Sie neu, wie weit sie ist." in page) != stands


def test_a_consent_to_another_format_is_none(plan, cast):
    LearningFormat.objects.filter(key="training").update(needs_consent=True)
    sent = coaching_data(plan, consent=[str(format_of("training").pk)])

    form = form_of(plan, by=cast.anna, **sent)

    assert form.is_valid()
    assert form.save().consented_on is None


@pytest.mark.parametrize(("who", "errors"), [("anna", {}), ("bernd", {"format": 1})])
def test_an_agreed_plan_gets_no_new_measure_without_the_consent(cast, plan, who, errors):
    LearningPlan.objects.filter(pk=plan.pk).update(
        state=LearningPlan.State.AGREED, agreed_by_person_on=in_days(0), agreed_by_manager_on=in_days(0)
    )
    plan.refresh_from_db()
    sent = coaching_data(plan, reason="Es passt jetzt.", consent=[str(format_of("coaching").pk)])

    form = NewMeasureForm(sent, instance=Measure(plan=plan), goals=goal_entries(plan), by=getattr(cast, who))

    assert {name: len(messages) for name, messages in form.errors.items()} == errors


def test_a_plan_is_not_agreed_before_consent_and_mentor_are_there(participation):
    plan = plan_of(participation)
    goal = plan.goals.first()
    coaching = coaching_in(plan)
    mentoring = measure_in(plan, goal, format=format_of("mentoring"), title="Begleitung")
    measure_in(plan, goal, format=format_of("coaching"), state=Measure.State.DROPPED)
    lacking = agreeing.missing_from(plan)
    Measure.objects.filter(pk=coaching.pk).update(consented_on=in_days(0))
    Measure.objects.filter(pk=mentoring.pk).update(mentor="Dora Erfahren")

    assert lacking == [
        (
            "das Einverständnis der Person mit der Maßnahme „Coaching“ (Coaching)",
            url("measure", plan, measure=coaching.pk),
        ),
        ("wer die Maßnahme „Begleitung“ begleitet (Mentoring)", url("measure", plan, measure=mentoring.pk)),
    ]
    assert agreeing.missing_from(plan) == []


def test_the_plan_shows_the_offer_and_to_the_two_alone_mentor_and_consent(client, cast, participation):
    plan = plan_of(participation, state=LearningPlan.State.AGREED)
    link = "https://www.beispiel.de/kurs"
    course = offer("Grundkurs", of="coaching", link=link)
    coaching_in(plan, offer=course, mentor="Dora Erfahren", consented_on="2026-03-02")
    words = ("begleitet von Dora Erfahren", f'href="{link}"', "Einverständnis am 02.03.2026")

    found = {}
    for who in ("anna", "bernd", "paula"):
        client.force_login(getattr(cast, who))
        page = client.get(plan.get_absolute_url()).text
        found[who] = [word in page for word in words]

    assert found == {"anna": [True] * 3, "bernd": [True] * 3, "paula": [False, True, False]}


def test_a_consent_that_is_missing_is_seen_in_the_plan(client, cast, plan):
    coaching_in(plan)
    client.force_login(cast.bernd)

    assert "Einverständnis fehlt" in client.get(plan.get_absolute_url()).text


def test_the_form_asks_for_the_goal_a_measure_serves(plan):
    goal = goal_in(plan, 24)
    offer("passt", 24)
    measure = measure_in(plan, goal)

    assert [goals for _, goals in form_of(plan, measure).suggested] == ["Ziel 4"]


def test_how_a_measure_helps_and_what_it_needs_stand_on_page_and_paper(client, cast, participation, monkeypatch):
    monkeypatch.setattr("learningplans.pdf.render_pdf", lambda name, context: render_to_string(name, context).encode())
    plan = plan_of(participation)
    measure = plan.measures.first()
    words = {"helps": "Weil sie übt", "aids": "Ein Fachbuch", "practice": "Beim nächsten Vorgang"}
    sent = {"goals": plan.goals.first().pk, "format": measure.format_id, "title": "Kurs", "due_on": f"{in_days(60)}"}
    client.force_login(cast.anna)

    client.post(reverse("learningplans:measure", args=[plan.pk, measure.pk]), sent | {"responsible": "Anna"} | words)

    for page in (plan.get_absolute_url(), reverse("learningplans:pdf", args=[plan.pk])):
        text = client.get(page).text
        assert [word for word in words.values() if word not in text] == []
