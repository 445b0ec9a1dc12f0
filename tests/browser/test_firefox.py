"""The main forms in Firefox, which fills in older values after F5 as well as after Back; skipped where it is not installed.

Wants firefox-esr and puppeteer-core (`npm ci`), which drives it over WebDriver BiDi.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.crowd import crowd_around

FIREFOX, NODE = shutil.which("firefox-esr"), shutil.which("node")
PUPPETEER = os.environ.get("PUPPETEER") or (Path("node_modules/puppeteer-core").exists() and "puppeteer-core")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (FIREFOX and NODE and PUPPETEER), reason="firefox-esr or puppeteer-core is not installed"),
]


@pytest.fixture
def crowd(cast):
    return crowd_around(cast)


def ask(live_server, who, forms):
    client = Client()
    client.force_login(who)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    told = subprocess.run(
        [NODE, "tests/browser/firefox.mjs", json.dumps({"base": live_server.url, "cookie": cookie, "forms": forms})],
        env={**os.environ, "FIREFOX": FIREFOX, "PUPPETEER": PUPPETEER},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_what_is_typed_comes_back_in_firefox_too(live_server, crowd):
    draft = crowd.draft_plan
    forms = [
        (reverse("learningplans:goal", args=[draft.pk, draft.goals.first().pk]), "[name=measurable]"),
        (reverse("learningplans:measure_add", args=[draft.pk]), "[name=title]"),
    ]
    before = draft.goals.first().measurable

    found = ask(live_server, crowd.cast.fritz, forms)

    texts = {address: {found[address]["back"], found[address]["f5"]} for address, _ in forms}
    assert texts == {forms[0][0]: {f"Getippt{before}"}, forms[1][0]: {"Getippt"}}
    assert all(one["asked"] for one in found.values())


def test_what_an_employee_types_comes_back_in_firefox_too(live_server, crowd):
    review = crowd.agreed_plan.reviews.filter(held_on=None).first()
    forms = [
        (reverse("assessments:stock_taking", args=[crowd.stage.participation.pk]), "[name=conditions]"),
        (reverse("learningplans:review_prepare", args=[crowd.agreed_plan.pk, review.pk]), "[name=hindered]"),
    ]

    found = ask(live_server, crowd.cast.anna, forms)

    for address, _ in forms:
        assert found[address]["back"].startswith("Getippt"), found
        assert found[address]["f5"].startswith("Getippt"), found
