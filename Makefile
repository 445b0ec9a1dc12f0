# make run    the demo district on http://127.0.0.1:8000 (PORT= changes the port, DEBUG=1 shows errors)
# make test   the tests, in minutes (ARGS= goes to pytest); make test-all with what is tried very often, as CI does;
#             make lint checks style, imports and migrations, make format writes Python and templates as the linter wants them

PORT ?= 8000
HOST ?= 127.0.0.1
PROCESSES ?= 1
ARGS ?=
# That of the distribution, on which the servers run, if it will do: with one that pyenv has compiled tests take longer (ADR 42).
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo /usr/bin/python3 || echo python3)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --quiet --disable-pip-version-check --no-input
MANAGE := $(BIN)/python manage.py
SERVING := $(BIN)/python -m kompetenz.serving
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header \
	--no-emit-find-links\
	--no-emit-index-url

# What follows it has a worker beside it, for what is done in the background.
BESIDE_WORKER := $(BIN)/python -m kompetenz.jobs.beside

# Node.js of the machine, or the one that PyPI puts into the virtual environment
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: run serve free-port seed test test-all test-clocks ready-to-test browser poppler java lint format assets pdf-libraries mutants holes bench screenshots sbom ldap lock clean
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# --- run ---------------------------------------------------------------------------------------------------

# As users see it; `make run DEBUG=1` shows Django's own pages for errors and starts again when the code changes.
run: export KOMPETENZRAD_DEMO := 1
run: export SITE_URL := $(or $(SITE_URL),http://127.0.0.1:$(PORT))
run: free-port $(VENV)/.runtime assets pdf-libraries | var
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) seed_demo --if-empty
	@echo "Kompetenzrad startet auf http://127.0.0.1:$(PORT) (Ende mit Strg+C). Anmelden können sich:"
	@$(MANAGE) demo_accounts
ifeq ($(DEBUG),1)
	@DJANGO_RUNSERVER_HIDE_WARNING=true $(BESIDE_WORKER) $(MANAGE) runserver 127.0.0.1:$(PORT)
else
	@$(BESIDE_WORKER) $(SERVING) --port $(PORT) --log-level error
endif

# Needs SECRET_KEY, from the environment or .env. PROCESSES=2 is for PostgreSQL; SQLite has one writer at a time.
serve: free-port $(VENV)/.runtime assets pdf-libraries | var
	$(MANAGE) migrate --noinput
	$(MANAGE) createcachetable
	$(MANAGE) load_missing
	$(MANAGE) collectstatic --noinput --verbosity 0
	$(MANAGE) check --deploy
	$(BESIDE_WORKER) $(SERVING) --host $(HOST) --port $(PORT) --processes $(PROCESSES)

free-port: | $(BIN)/python
	@$(BIN)/python -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", $(PORT))) == 0)' \
		|| { echo "Auf Port $(PORT) läuft schon etwas; PORT= wählt einen anderen, zum Beispiel PORT=9000." >&2; exit 1; }

seed: export KOMPETENZRAD_DEMO := 1
seed: $(VENV)/.runtime | var
	$(MANAGE) migrate --noinput --verbosity 0
	$(MANAGE) seed_demo $(ARGS)

# --- check -------------------------------------------------------------------------------------------------

# Whoever has nothing left to do takes tests from the others; one more than there are cores, for who drives a browser mostly waits.
# What a run has compiled stays for the next, wherever it runs.
test: ready-to-test
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $$(($$(nproc) + 1)) --dist worksteal --durations=10 --durations-min=1 \
		$(if $(ARGS)$(THOROUGH),$(ARGS),--only=some)

# With what `make test` leaves out (tests/thorough.py).
test-all: export THOROUGH := 1
test-all: test

# The tests that look at days or times, at every moment at which these are doubtful (tests/clock.py); but not at those in TESTED.
test-clocks: ready-to-test
	@$(BIN)/python -m tests.at_each_moment $(ARGS)

ready-to-test: $(VENV)/.dev assets pdf-libraries browser poppler java | var

# Without Chromium pytest skips the browser tests and says so; with CI=true it fails instead.
browser:
	@{ command -v chromium-headless-shell || command -v chromium; } >/dev/null \
		|| .ci/debian-packages "die Browser-Tests" chromium-headless-shell || true

poppler:
	@command -v pdftoppm >/dev/null || .ci/debian-packages "die PDF-Tests" poppler-utils || true

# For the Nu HTML checker; without it pytest skips that alone, but never with CI=true.
java:
	@command -v java >/dev/null || .ci/debian-packages "die Prüfung des HTML" default-jre-headless || true

lint: export DEBUG := 1
lint: $(VENV)/.dev assets pdf-libraries | var
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	@! grep -nE '://|index-url|find-links' requirements/*.txt
	@! grep -n '"resolved"' package-lock.json

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet templates

# Breaks the rules of pyproject.toml one place at a time; ARGS="gaps deadlines" breaks only these.
mutants: export THOROUGH := 1
mutants: $(VENV)/.dev assets pdf-libraries poppler | var
	$(BIN)/python bench/mutants.py $(ARGS)

# Opens one door after the other in a copy, and says which test notices (docs/security.md); ARGS="csrf next" opens only these.
holes: $(VENV)/.dev assets pdf-libraries poppler ldap | var
	$(BIN)/python bench/holes.py $(ARGS)

bench: $(VENV)/.dev assets pdf-libraries | var
	$(BIN)/python bench/run.py $(ARGS)

screenshots: $(VENV)/.dev assets pdf-libraries browser | var
	$(BIN)/python docs/screenshots.py $(ARGS)

# What it is made of, for scanners of known weaknesses (CycloneDX)
sbom: $(VENV)/.runtime | var
	$(BIN)/python docs/sbom.py var/sbom.cdx.json

# --- install and build -------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Kompetenzrad braucht Python 3.11 oder neuer (make PYTHON=... wählt eines aus)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/debian-packages "die Python-Umgebung" python3-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/runtime.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.runtime
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Only where people sign in by LDAP (docs/anmelden.md), and for its tests; python-ldap is compiled here.
ldap: $(VENV)/.ldap

$(VENV)/.ldap: requirements/ldap.txt | $(VENV)/.runtime
	@test -e /usr/include/ldap.h -a -e /usr/include/sasl/sasl.h \
		|| .ci/debian-packages "die Anmeldung über LDAP" gcc python3-dev libldap-dev libsasl2-dev
	$(PIP) install --require-hashes -r requirements/ldap.txt
	@touch $@

assets: assets/.own

assets/.own: assets/.built assets_build/own.mjs assets_build/kern.mjs $(wildcard static/css/* static/js/*)
	$(WITH_NODE) node assets_build/own.mjs
	@touch $@

assets/.built: node_modules/.installed $(filter-out assets_build/own.mjs assets_build/kern.mjs,$(wildcard assets_build/*)) | $(VENV)/.runtime
	$(WITH_NODE) node assets_build/build.mjs
	$(BIN)/python assets_build/fonts.py
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | $(VENV)/.runtime
	@{ $(WITH_NODE) npm --version && $(WITH_NODE) node -e 'process.exit(parseInt(process.versions.node) < 20)'; } >/dev/null 2>&1 \
		|| { set -x; $(PIP) install --require-hashes -r requirements/assets.txt; }
	$(WITH_NODE) npm ci --ignore-scripts --loglevel=error
	@touch $@

# Pages that print say so where these are missing; everything else runs without them.
pdf-libraries:
	@/sbin/ldconfig -p | grep -q libpangoft2-1.0.so.0 && /sbin/ldconfig -p | grep -q libharfbuzz-subset.so.0 \
		|| .ci/debian-packages "PDFs" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || true
	@test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf -a -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf \
		|| .ci/debian-packages "griechische Buchstaben und Emojis in PDFs" fonts-dejavu-core fonts-noto-color-emoji || true

var:
	@mkdir -p var

lock: $(BIN)/python
	$(PIP) install uv
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/ldap.in -o requirements/ldap.txt
	$(LOCK) requirements/assets.in -o requirements/assets.txt
	$(WITH_NODE) npm install --package-lock-only --ignore-scripts --loglevel=error

# Keeps var/, where the database lies.
clean:
	rm -rf $(VENV) node_modules assets staticfiles mutants .pytest_cache .ruff_cache .import_linter_cache .mypy_cache htmlcov .coverage
