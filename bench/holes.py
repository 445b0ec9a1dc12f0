"""Whether a test notices when a door is opened: ``python bench/holes.py``, or ``bench/holes.py csrf next`` for some of them.

Each hole is one exact replacement of text, made in a copy, with the test that has to fail for it. What is no longer there to be
replaced is an error, too. ``--sound`` runs the tests without a hole first. Prints the table for docs/security.md and exits with 1 if
a hole went unnoticed. mutants.py does so with rules of arithmetic, everywhere; here is what somebody would look for who means harm.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {
    ".git",
    ".venv",
    "node_modules",
    "assets",
    "var",
    "staticfiles",
    "mutants",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
}
LINKED = (".venv", "node_modules", "assets")
SECONDS = 500


@dataclass(frozen=True)
class Hole:
    """``was`` in ``file`` becomes ``is_now``, once; ``test`` has to fail then. ``what`` in words."""

    name: str
    what: str
    file: str
    was: str
    is_now: str
    test: str


PEOPLE, SECURITY, RESULTS = "tests/kompetenz/people", "tests/security", "tests/kompetenz/results"
SUPPRESSION = f"{RESULTS}/test_suppression.py"
HOLES = [
    # Who reads what
    Hole(
        "everybody-reads", "Jede Teilnahme ist für alle zu lesen", "assessments/models/participation_querysets.py",
        "        return self.filter(visible(user))\n", "        return self\n",
        "tests/assessments/test_models.py",
    ),
    Hole(
        "drafts", "Entwürfe liest die andere Seite vor der Freigabe", "assessments/models/assessments.py",
        "others = Q(disclosed, visible(user", "others = Q(visible(user",
        "tests/assessments/test_models.py",
    ),
    Hole(
        "others-edit", "Wer die Adresse kennt, ändert eine fremde Einschätzung", "assessments/models/assessments.py",
        "return self.by_rater(user).filter(~typed_in", "return self.filter(~typed_in",
        "tests/assessments/test_models.py",
    ),
    Hole(
        "former-manager", "Die frühere Führungskraft liest weiter", "assessments/models/reach.py",
        'own = {f"{at}manager": user.pk, f"{at}person__manager": user.pk}', 'own = {f"{at}manager": user.pk}',
        "tests/assessments/test_models.py",
    ),
    Hole(
        "deputy", "Eine Vertretung liest über alle Leute der Führungskraft", "assessments/models/reach.py",
        'own = {f"{at}manager": F(f"{at}person__manager"), f"{at}person__in": Person.objects.led_by(user)}',
        'own = {f"{at}manager": F(f"{at}person__manager")}',
        f"{PEOPLE}/test_deputies.py::test_a_deputy_does_not_reach_who_is_not_listed",
    ),
    Hole(
        "for-hr", "Seiten der Personalentwicklung stehen allen offen", "kompetenz/people/access.py",
        "if not request.user.is_hr:", "if not request.user.is_authenticated:",
        f"{PEOPLE}/test_views.py",
    ),
    Hole(
        "denied-403", "Was es gibt und nicht gezeigt wird, antwortet anders als was es nicht gibt (403)", "kompetenz/people/access.py",
        "raise Http404", 'raise __import__("django").core.exceptions.PermissionDenied',
        f"{PEOPLE}/test_views.py",
    ),
    Hole(
        "open-page", "Eine Seite verlangt keine Anmeldung mehr", "assessments/urls.py",
        "urlpatterns = [", "rating.assessment.login_required = False\nurlpatterns = [",
        "tests/test_middleware.py",
    ),
    Hole(
        "hr-lets-herself-in", "Die Personalentwicklung macht sich selbst zur Führungskraft", "kompetenz/people/own_reach.py",
        "if manager.pk == self.by.pk:", "if manager.pk == 0:",
        f"{PEOPLE}/test_own_reach.py",
    ),
    Hole(
        "audits-themselves", "Wer in beiden Gruppen des Verzeichnisses ist, gehört zur Personalentwicklung und prüft sie", "kompetenz/people/directory.py",
        "audits and not keeps_from_auditing(person)", "audits",
        f"{PEOPLE}/test_rights.py",
    ),
    Hole(
        "colleagues-early", "Die Verteilung aus dem Kollegium ist vor der Frist zu sehen", "assessments/peers/showing.py",
        "tallies = [] if waits or took_part else", "tallies = [] if took_part else",
        "tests/assessments/peers/test_asking.py::test_it_waits_for_the_deadline_and_for_both_sides",
    ),
    Hole(
        "calendar", "Ein Kalenderabo gilt über das Arbeitsverhältnis hinaus", "kompetenz/people/subscribing/addresses.py",
        'CalendarAddress.objects.filter(is_employed("person__"))', "CalendarAddress.objects.all()",
        f"{PEOPLE}/test_subscribing.py",
    ),
    # What results say of few
    Hole(
        "results-few", "Ergebnisse stehen auch von weniger als fünf Personen da (Regel 1)", "kompetenz/results/suppression.py",
        "return kept if rules.least else [*kept, *small]", "return [*kept, *small]",
        SUPPRESSION,
    ),
    Hole(
        "results-differences", "Aus zwei Gruppen lässt sich auf den Unterschied schließen (Regel 2)", "kompetenz/results/suppression.py",
        "kept = _kept(large, before, k) if rules.combined else large", "kept = large",
        SUPPRESSION,
    ),
    Hole(
        "results-counts", "Statt Schritten stehen Zahlen da (Regel 3)", "kompetenz/results/suppression.py",
        "in_steps(counts, steps_for(sum(counts))) if rules.steps else counts", "counts",
        SUPPRESSION,
    ),
    Hole(
        "results-over-time", "Frühere Stände zählen nicht mit (Regel 4)", "kompetenz/results/suppression.py",
        "before = list(earlier) if rules.over_time else []", "before = []",
        SUPPRESSION,
    ),
    Hole(
        "results-other-units", "Führungskräfte lesen Ergebnisse fremder Einheiten", "kompetenz/results/models.py",
        "found |= Q(kind=PublishedGroup.Kind.ALL) | Q(unit__in=theirs)", "found = Q()",
        f"{RESULTS}/test_pages.py",
    ),
    Hole(
        "results-small-units", "Alle lesen, in welchen kleinen Einheiten ein Gespräch vereinbart ist", "templates/results/publication.html",
        "{% if publication.left_out and user.is_hr %}", "{% if publication.left_out %}",
        f"{RESULTS}/test_pages.py",
    ),
    Hole(
        "ways-of-few", "Gemeinsame Ziele stehen auch von wenigen da", "learningplans/synergies/counting.py",
        "told = shown(clusters(found), everybody=people, k=k)", "told = clusters(found)",
        "tests/learningplans/synergies",
    ),
    # Getting in
    Hole(
        "left", "Wer ausgeschieden ist, bleibt angemeldet", "kompetenz/people/accounts.py",
        "return user if user and self.user_can_authenticate(user) else None", "return user",
        "tests/test_middleware.py",
    ),
    Hole(
        "guessing", "Passwörter lassen sich unbegrenzt raten", "kompetenz/people/attempts.py",
        "AT_ONE = 5 ", "AT_ONE = 5000 ",
        f"{PEOPLE}/test_attempts.py",
    ),
    Hole(
        "link-for-left", "Der Link zum Passwort gilt auch für Ausgeschiedene", "kompetenz/people/links.py",
        "if not (user and user.is_employed and", "if not (user and",
        f"{PEOPLE}/test_accounts.py",
    ),
    Hole(
        "second-step", "Der zweite Schritt wird nicht verlangt", "kompetenz/people/second_factor.py",
        "if not settings.SECOND_FACTOR or not", "if True or not",
        f"{PEOPLE}/test_second_factor.py",
    ),
    Hole(
        "lost-telephone", "Mit dem zweiten Schritt enden die Sitzungen nicht", "kompetenz/people/management/commands/second_factor.py",
        '            person.save(update_fields=["signed_out_at"])\n', "",
        f"{PEOPLE}/test_second_factor.py",
    ),
    Hole(
        "who-has-an-account", "„Passwort vergessen“ verrät, wer ein Konto hat", "kompetenz/people/accounts.py",
        '        return address(self.cleaned_data["email"])\n',
        '        if not Person.objects.filter(email=self.cleaned_data["email"]).exists():\n            raise ValidationError("Dieses Konto gibt es nicht.")\n'
        '        return address(self.cleaned_data["email"])\n',
        f"{PEOPLE}/test_accounts.py",
    ),
    Hole(
        "code-twice", "Ein Code vom Telefon gilt ein zweites Mal", "kompetenz/people/second_factor.py",
        "(1 + 2 * app_settings.TOTP_TOLERANCE)", "1",
        f"{PEOPLE}/test_second_factor.py",
    ),
    Hole(
        "endless", "Eine Sitzung lässt sich ohne Ende verlängern", "kompetenz/people/sessions.py",
        "min(super().get_session_cookie_age(), left)", "super().get_session_cookie_age()",
        f"{PEOPLE}/test_signed_in.py",
    ),
    Hole(
        "one-step", "OpenID Connect: die Anwendung fragt nicht, ob es zwei Schritte waren", "kompetenz/people/openid.py",
        "return not settings.OIDC_SECOND_STEP or", "return True or",
        f"{PEOPLE}/test_directory.py",
    ),
    Hole(
        "unverified", "OpenID Connect: eine ungeprüfte Adresse öffnet ein Konto", "kompetenz/people/openid.py",
        'return "" if is_unverified else', "return",
        f"{PEOPLE}/test_directory.py",
    ),
    Hole(
        "ldap-certificate", "LDAP: jedem Zertifikat wird geglaubt", "kompetenz/people/ldap_speaker.py",
        "ldap.OPT_X_TLS_DEMAND", "ldap.OPT_X_TLS_NEVER",
        f"{PEOPLE}/test_ldap.py",
    ),
    Hole(
        "ldap-filter", "LDAP: das Eingetippte wird Teil der Suche", "kompetenz/people/ldap_speaker.py",
        "self.escaped(login)", "login",
        f"{PEOPLE}/test_ldap.py",
    ),
    Hole(
        "ldap-names", "LDAP: je Name eines Kontos wird von neuem gezählt", "kompetenz/people/ldap_bind.py",
        "counted = _count(request, email, account)", "counted = []",
        f"{PEOPLE}/test_ldap.py",
    ),
    Hole(
        "ldap-set-up", "LDAP: eine offene Sitzung richtet den zweiten Schritt ein", "kompetenz/people/second_factor.py",
        "if not signs_in_anew(request):", "if True:",
        f"{PEOPLE}/test_ldap.py",
    ),
    # What is sent
    Hole(
        "csrf", "Formulare gehen ohne Kennung durch", "kompetenz/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n', "",
        f"{SECURITY}/test_everywhere.py::test_no_view_is_exempt_from_asking_for_a_token",
    ),
    Hole(
        "csrf-exempt", "Eine einzelne Ansicht verlangt keine Kennung", "kompetenz/people/signed_in.py",
        "@require_POST\ndef stay(", '@__import__("django.views.decorators.csrf", fromlist=["x"]).csrf_exempt\n@require_POST\ndef stay(',
        f"{SECURITY}/test_everywhere.py::test_no_view_is_exempt_from_asking_for_a_token",
    ),
    Hole(
        "get-changes", "Ein Bild auf einer fremden Seite meldet überall ab (GET ändert)", "kompetenz/people/signed_in.py",
        "@require_POST\ndef sign_out_everywhere", "def sign_out_everywhere",
        f"{SECURITY}/test_everywhere.py::test_no_page_of_the_account_changes_anything_by_being_looked_at",
    ),
    Hole(
        "smuggled", "Ein Feld mehr macht zur Personalentwicklung", "kompetenz/people/signed_in.py",
        "    request.session.modified = True\n",
        '    request.session.modified = True\n    if "is_hr" in request.POST:\n        request.user.is_hr = True\n        request.user.save()\n',
        f"{SECURITY}/test_forms.py::test_nobody_gives_themselves_rights_by_a_field_more",
    ),
    Hole(
        "next", "next=//boese.example führt hinaus", "kompetenz/start.py",
        "if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):", "if not back:",
        f"{SECURITY}/test_forms.py::test_no_page_of_the_account_leads_elsewhere",
    ),
    Hole(
        "emblem", "Ein Wappen (SVG) darf Programme enthalten", "kompetenz/documents/emblem.py",
        '"script foreignObject image', '"foreignObject image',
        "tests/kompetenz/documents/test_emblem.py",
    ),
    Hole(
        "entities", "Ein Wappen (SVG) bringt XML-Begriffe mit", "kompetenz/documents/emblem.py",
        "raise Refused(ACTIVE.format(ENTITIES))\n\n\ndef svg", "return  # type: ignore\n\n\ndef svg",
        "tests/kompetenz/documents/test_emblem.py",
    ),
    # What is shown
    Hole(
        "comment-safe", "Texte langer Listen werden als HTML gezeigt", "kompetenz/templatetags/components.py",
        "escaped = escape(PLACE.join(plain)).split(PLACE)", "escaped = PLACE.join(plain).split(PLACE)",
        f"{SECURITY}/test_text.py::test_markup_in_any_text_is_shown_as_text_on_every_page",
    ),
    Hole(
        "letter-safe", "Der Zweck einer Runde wird in der Vorschau als HTML gezeigt", "templates/assessments/round_letters.html",
        "message.body|force_escape|", "message.body|",
        f"{SECURITY}/test_text.py::test_markup_in_any_text_is_shown_as_text_on_every_page",
    ),
    Hole(
        "paper-safe", "Text wird im PDF als HTML gesetzt", "kompetenz/documents/pdf.py",
        "*(render_to_string(template, {", '*((lambda *given: __import__("html").unescape(render_to_string(*given)))(template, {',
        f"{SECURITY}/test_text.py::test_markup_in_any_text_is_set_as_text_on_every_paper",
    ),
    Hole(
        "fetcher", "Ein PDF holt Dateien und Adressen von überall", "kompetenz/documents/engine.py",
        "base_url=base_url, url_fetcher=fetcher)", "base_url=base_url)",
        "tests/kompetenz/documents/test_pdf.py::test_a_document_fetches_nothing_but_our_own_files",
    ),
    Hole(
        "formula", "Text einer Zelle wird zur Formel", "kompetenz/documents/spreadsheet.py",
        'LIKE_A_FORMULA = ("=", "+", "-", "@", "\\t", "\\r", "\\n")', 'LIKE_A_FORMULA = ("=",)',
        "tests/kompetenz/documents/test_spreadsheet.py",
    ),
    # What browsers, files and logs are told
    Hole(
        "store", "Seiten bleiben im Zwischenspeicher liegen", "kompetenz/middleware.py",
        '        response.headers.setdefault("Cache-Control", "no-store")\n', "",
        "tests/test_middleware.py",
    ),
    Hole(
        "inline", "Programme in der Seite laufen (unsafe-inline)", "kompetenz/settings.py",
        '"script-src": ["\'self\'"]', '"script-src": ["\'self\'", "\'unsafe-inline\'"]',
        "tests/test_middleware.py",
    ),
    Hole(
        "cookie", "Programme lesen das Cookie der Sitzung", "kompetenz/settings.py",
        'X_FRAME_OPTIONS = "DENY"', 'X_FRAME_OPTIONS = "DENY"\nSESSION_COOKIE_HTTPONLY = False',
        f"{SECURITY}/test_everywhere.py::test_with_https_everything_is_bound_to_it_and_to_this_host",
    ),
    Hole(
        "hsts", "Mit TLS wird HSTS vergessen", "kompetenz/settings.py",
        "SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0", "SECURE_HSTS_SECONDS = 0",
        "tests/test_settings.py::test_production_passes_djangos_own_checks",
    ),
    Hole(
        "umask", "Andere auf dem Rechner lesen die Datenbank", "kompetenz/settings.py",
        "os.umask(0o077)", "os.umask(0o022)",
        "tests/test_settings.py::test_what_a_process_writes_is_its_own_users_alone",
    ),
    Hole(
        "unsafe-setting", "Vorführung im Echtbetrieb bleibt ungesagt", "kompetenz/people/unsafe_settings.py",
        '"kompetenz.W021": settings.DEMO', '"kompetenz.W021": settings.DEMO and False',
        "tests/test_settings.py::test_a_setting_that_leaves_a_door_open_is_named",
    ),
    Hole(
        "logged", "Ein falsches Passwort steht im Protokoll", "kompetenz/people/accounts.py",
        '        self.attempt = attempts.begin(request, credentials["email"])\n',
        '        __import__("logging").getLogger("x").warning("tried %s", credentials["password"])\n        self.attempt = attempts.begin(request, credentials["email"])\n',
        "tests/kompetenz/test_logs.py",
    ),
    Hole(
        "logged-link", "Ein Link zum Passwort steht im Protokoll", "kompetenz/logs.py",
        "    re.compile(r\"(/passwort/neu/[0-9A-Za-z]+-)[^/\\s'\\\"]+\"),\n", "",
        "tests/kompetenz/test_logs.py",
    ),
    Hole(
        "forged-line", "Wer etwas abruft, schiebt dem Protokoll eine Zeile unter", "kompetenz/logs.py",
        '.replace("\\n", "\\n  ")', "",
        "tests/kompetenz/test_logs.py",
    ),
    Hole(
        "forwarded", "Wer will, gibt seinen Ort selbst an (X-Forwarded-For ohne Proxy)", "kompetenz/serving/gateway.py",
        "if 0 < self.proxies <= len(forwarded) else", "if forwarded[-1] else",
        "tests/kompetenz/serving/test_gateway.py",
    ),
]  # fmt: skip


def copy_of_all(there):
    """The whole tree without what is large; tests that ask git for nothing run in it."""
    shutil.copytree(
        ROOT,
        there,
        ignore=lambda folder, names: LEFT_OUT & set(names) if Path(folder) == ROOT else {"__pycache__"} & set(names),
    )
    for name in LINKED:
        (there / name).symlink_to((ROOT / name).resolve())
    (there / "var").mkdir()
    keep_the_database(there)


def keep_the_database(there):
    """Its tables are made once for all holes: a hole of ours is in no model."""
    path = there / "tests" / "settings.py"
    made = path.read_text().replace("    atexit.register(shutil.rmtree, _folder, ignore_errors=True)\n", "")
    made = made.replace('"NAME": f"{_folder}/test.sqlite3"', f'"NAME": "{there / "var" / "test.sqlite3"}"')
    path.write_text(made)


def run(there, *tests):
    """The exit code of pytest, and what failed first."""
    env = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KOMPETENZRAD_DEMO", "DEBUG"}
    }
    env["THOROUGH"] = "1"  # some doors only a whole product notices
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not browser",
        "--reuse-db",
        *tests,
    ]
    done = subprocess.run(command, cwd=there, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    failed = [
        line.split(" - ")[0].split(" ", 1)[1]
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED tests/", "ERROR tests/"))
    ]
    return done.returncode, failed[0] if failed else done.stdout[-400:]


def open_and_look(there, hole):
    """The test that noticed, or None; the copy is whole again afterwards."""
    path = there / hole.file
    before = path.read_text()
    if before.count(hole.was) != 1:
        return None, f"{hole.file}: stands {before.count(hole.was)} times there: {hole.was!r}"
    after = before.replace(hole.was, hole.is_now)
    path.write_text(after)
    try:
        code, failed = run(there, hole.test)
    finally:
        path.write_text(before)
    return (failed, "") if code == 1 else (None, f"exit code {code}: {failed}")


def main(asked):
    chosen = [hole for hole in HOLES if not asked or hole.name in asked]
    unnoticed = []
    with tempfile.TemporaryDirectory() as name:
        there = Path(name, "copy")
        copy_of_all(there)
        for hole in chosen:
            begun = time.monotonic()
            noticed, why = open_and_look(there, hole)
            unnoticed += [] if noticed else [f"{hole.name}: {why}"]
            print(f"| {hole.what} | `{hole.file}` | `{noticed or 'NONE'}` |", flush=True)
            print(f"  {hole.name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    sys.exit("\n".join(unnoticed) or None)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
