"""Runs inside the app on a seeded database: signs people in, finds the pages to ask for, counts their SQL.

Prints the requests as JSON: ``{name: {method, path, headers, body, sql}}``.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from assessments.models import Assessment, Participation, Round  # noqa: E402
from kompetenz.demo.accounts import BY_KEY  # noqa: E402
from kompetenz.people.models import Person  # noqa: E402
from learningplans.models import LearningPlan  # noqa: E402

TOKEN = "x" * 32  # a CSRF secret as the app itself might have made it
CLIENT = Client(enforce_csrf_checks=True)
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def cookie_of(person):
    """A session as signing in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def request(path, cookie="", *, method="GET", headers=None, body=""):
    headers = {"Accept-Encoding": "gzip", "Cookie": cookie} | (headers or {})
    return {"method": method, "path": path, "headers": headers, "body": body}


def requests():
    people = {key: Person.objects.get(email=account.email) for key, account in BY_KEY.items()}
    cookies = {key: cookie_of(person) for key, person in people.items()}
    round_ = Round.objects.open().get()
    form = Assessment.objects.get(participation__round=round_, rater=people["employee"], kind=Assessment.Kind.SELF)
    ready = Participation.objects.get(round=round_, person=people["ready"])
    plan = LearningPlan.objects.get(participation__person=people["ready"])
    held = plan.reviews.exclude(held_on=None).first()
    rating = form.ratings.exclude(level=None).first()
    return {
        "sign-in": request(reverse("account_login")),
        "start": request(reverse("start"), cookies["employee"]),
        "form": request(form.get_absolute_url(), cookies["employee"]),
        "answer": request(
            reverse("assessments:rate", args=[form.pk, rating.competency_id]),
            cookies["employee"],
            method="POST",
            headers={
                "HX-Request": "true",
                "X-CSRFToken": TOKEN,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=f"level-{rating.competency_id}=2&level-was-{rating.competency_id}={rating.level}",
        ),
        "comparison": request(ready.get_absolute_url(), cookies["ready"]),
        "plan": request(plan.get_absolute_url(), cookies["ready"]),
        "overview": request(round_.get_absolute_url(), cookies["hr"]),
        "people": request(reverse("people:list"), cookies["hr"]),
        "workbook": request(reverse("learningplans:growth_workbook"), cookies["ready"]),
        "growth": request(reverse("learningplans:growth"), cookies["ready"]),
        "pdf": request(reverse("learningplans:pdf", args=[plan.pk]), cookies["ready"]),
        "pdf-summary": request(reverse("learningplans:summary_pdf", args=[plan.pk]), cookies["ready"]),
        "pdf-needs": request(reverse("learningplans:needs_pdf", args=[plan.pk]), cookies["ready"]),
        "pdf-review": request(reverse("learningplans:review_pdf", args=[plan.pk, held.pk]), cookies["ready"]),
        "pdf-comparison": request(reverse("assessments:participation_pdf", args=[ready.pk]), cookies["ready"]),
        "pdf-form": request(reverse("assessments:form_pdf", args=[ready.pk]), cookies["ready"]),
        "pdf-growth": request(reverse("learningplans:growth_pdf"), cookies["ready"]),
    }


def count_sql(asked):
    """Queries of one warm request, without those that only begin or end a transaction."""
    counted = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(NOT_COUNTED):
            counted.append(sql)
        return execute(sql, params, many, context)

    send(asked)
    with connection.execute_wrapper(note):
        response = send(asked)
    if response.status_code != 200:
        sys.exit(f"{asked['path']} answers {response.status_code}")
    return len(counted)


def send(asked):
    return CLIENT.generic(
        asked["method"],
        asked["path"],
        asked["body"],
        content_type=asked["headers"].get("Content-Type", "text/html"),
        headers={**asked["headers"], "Host": "127.0.0.1"},
    )


if __name__ == "__main__":
    found = requests()
    people_in_round = Round.objects.open().get().participations.count()
    pages = {name: {**asked, "sql": count_sql(asked)} for name, asked in found.items()}
    print(json.dumps({"participants": people_in_round, "pages": pages}))
