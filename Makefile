# `make help` lists what there is. Needs git, make and Python >= 3.12 with venv; everything else is fetched.
# OZELKALEM_PYTHON=3.13 uses another Python in an environment of its own.

# Python keeps what it compiled, wherever the shell or an image says that it shall not.
unexport PYTHONDONTWRITEBYTECODE
# The full tier proves the oldest supported Python on PATH; its sample on the newest Django another one.
ifneq (,$(filter test-full,$(MAKECMDGOALS)))
OZELKALEM_PYTHON ?= $(shell python3 .ci/environment.py --python)
export OZELKALEM_PYTHON
endif

ENVIRONMENT := .venv$(if $(OZELKALEM_PYTHON),-$(OZELKALEM_PYTHON))
BIN := $(CURDIR)/$(ENVIRONMENT)/bin
PYTHON := "$(BIN)/python"

# The checks use the tests' server, never the demo's.
TEST_SERVER = OZELKALEM_POSTGRES_DATA="$(shell python3 -m tests.harness.memory)"
TESTING = OZELKALEM_ENVIRONMENT=test $(TEST_SERVER)
# Two processes, and a third for what mostly waits; a file, or a part of a sweep, stays in one (tests/harness/tiers.py).
PROCESSES := -n 3 --dist loadgroup --no-loadscope-reorder
# What an installation sets; the values exist nowhere else.
PRODUCTION = $(TEST_SERVER) OZELKALEM_ENVIRONMENT=production \
	OZELKALEM_ALLOWED_HOSTS=ozelkalem.example \
	OZELKALEM_SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	OZELKALEM_NATIONAL_ID_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(32))')"

.DEFAULT_GOAL := help
.PHONY: help environment install demo test test-full other-days changed budget faults cluster format lint types imports checks static template \
	architecture browser films programs clamav dovecot telephone slapd bucket drill papers benchmark clean \
	image book update-trial django-next release

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

environment: ## Create or update the Python environment
	@python3 .ci/environment.py

install: ## Create or update the environment of a server: without what only developers need, with all extras
	@python3 .ci/environment.py --production

demo: environment ## Start everything with demo data at http://127.0.0.1:8000 (OZELKALEM_PORT); Ctrl-C ends it
	@exec $(PYTHON) manage.py demo

test: environment browser ## Prove a change: every package, journey and planted fault, a sample of the sweeps
	@$(MAKE) --no-print-directory -j 2 --output-sync=target static template
	@"$(BIN)"/pytest -q $(PROCESSES) -m "not full"

test-full: environment browser programs clamav dovecot telephone slapd ## Prove everything: whole sweeps, every screen, servers, clients, other dates
	@$(MAKE) --no-print-directory -j 2 --output-sync=target static template
	@OZELKALEM_TESTS=full "$(BIN)"/pytest -q $(PROCESSES)
	@$(MAKE) --no-print-directory other-days

changed: environment ## Prove in a minute what you changed since the last commit (SINCE=a commit)
	@$(TESTING) $(PYTHON) -m tests.harness.changed $(SINCE)

budget: environment ## Keep what the last whole runs of the tests cost as the record (tests/harness/costs.json)
	@$(PYTHON) -m tests.harness.costs

format: environment ## Format the code and repair what can be repaired
	@"$(BIN)"/ruff check --fix-only --quiet .
	@"$(BIN)"/ruff format .

lint: environment ## Check formatting and style
	@"$(BIN)"/ruff format --check .
	@"$(BIN)"/ruff check .

types: environment ## Check types
	@$(TESTING) "$(BIN)"/mypy

imports: environment ## Check which package may import which
	@"$(BIN)"/lint-imports

checks: environment ## Check settings and migrations
	@$(TESTING) $(PYTHON) manage.py check --database default --fail-level WARNING
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(TESTING) $(PYTHON) manage.py makemigrations --check --dry-run

static: lint types imports checks ## Check all that needs no running program

template: environment ## Make the database that every test starts from
	@$(PYTHON) -m tests.harness.template

faults: environment ## Kill each process and take away each dependency under writing clients, and count what is lost (ROUNDS=30)
	@$(TESTING) $(PYTHON) -m tests.faults --rounds $(or $(ROUNDS),30)

cluster: environment ## Run three PostgreSQL under Patroni with etcd, HAProxy and PgBouncer, and kill each under writing clients (ROUNDS=1)
	@$(TESTING) $(PYTHON) -m tests.cluster --rounds $(or $(ROUNDS),1)

architecture: environment ## Check the committed GraphQL schema, rules and policies against the code (part of tests)
	@"$(BIN)"/pytest -q tests/architecture

other-days: environment ## Run what depends on the date in 60 days, on 31 December and on 29 February (DAYS="2028-02-29")
	@$(PYTHON) -m tests.harness.other_days $(DAYS)

browser: environment ## Find a Chromium for the browser tests, or install Debian's
	@$(PYTHON) -m tests.harness.chromium

films: environment browser ## Film nine journeys on the running demo into docs/films (OZELKALEM_PORT)
	@$(PYTHON) -m tests.films --at http://127.0.0.1:$(or $(OZELKALEM_PORT),8000)

programs: environment ## Find promtool, nginx and PgBouncer for tests, or take Debian's
	@$(PYTHON) -m tests.harness.debian

clamav: environment ## Find ClamAV's daemon for its tests, or install Debian's
	@$(PYTHON) -m tests.harness.clamav

dovecot: environment ## Find Dovecot for the tests of mailboxes, or install Debian's
	@$(PYTHON) -m tests.backend.mailboxes.dovecot

telephone: environment ## Find Kamailio and SIPp for the tests of the telephone, or install Debian's
	@$(PYTHON) -m tests.backend.telephone.exchange

slapd: environment ## Find slapd for the tests of sign-on by a directory, or install Debian's
	@$(PYTHON) -m tests.backend.organization.sign_on.slapd

bucket: environment ## Run every test that hands a file over once more with all files in a bucket of S3 (moto's server on loopback)
	@OZELKALEM_TEST_FILES=s3 "$(BIN)"/pytest -q $(PROCESSES) -m "not full" $$(grep -rlE --include='test_*.py' \
		"SimpleUploadedFile|ContentFile|default_storage" tests/schema tests/backend tests/admin_ui tests/website) \
		--deselect tests/backend/server/test_database_away.py::test_a_disk_that_fills_up_under_an_upload_leaves_no_part_of_the_file

drill: environment ## Take a database back to the second before a DELETE with pgBackRest, by every command of its page
	@$(PYTHON) -m tests.drill

papers: browser ## Draw the sample papers of docs/papers anew
	@OZELKALEM_PAPERS="$(CURDIR)/docs/papers" "$(BIN)"/pytest -q tests/browser/test_sample_papers.py

benchmark: environment ## Measure this and others: SIZES="30000 300000 3000000" SECONDS=2 ROUNDS=2 (benchmarks/README.md)
	@$(PYTHON) -m benchmarks --sizes $(or $(SIZES),30000 300000 3000000) --seconds $(or $(SECONDS),2) \
		--rounds $(or $(ROUNDS),2) $(if $(CONTENDERS),--contenders $(CONTENDERS)) $(OPTIONS)

image: environment ## Build the image from a bootstrapped Debian, start it and all of compose.yaml, kill a web (root; debootstrap, podman, buildah, runc)
	@$(PYTHON) -m tests.deploy.image

book: environment ## Carry out the operator's book from an empty server to an update and back, with systemd played (root)
	@$(TESTING) $(PYTHON) -m tests.deploy.book

update-trial: environment ## Let a version take over from the one before under load, and go back (minutes; in no tier)
	@OZELKALEM_TESTS=full "$(BIN)"/pytest -q tests/updates/test_safety.py tests/updates/takeover.py

django-next: environment ## The quick tier on the newest Django and another Python, in an environment of its own (DJANGO="django>=6.0,<6.3" PARTS=tests/schema)
	@$(PYTHON) -m tests.deploy.django_next "$(or $(DJANGO),django>=6.0,<6.3)" $(PARTS)

release: environment ## Keep what this version has as what the next one may not break (VERSION=1.0.0; notes: docs/operations/update.md)
	@$(PYTHON) -m tests.updates $(VERSION)

clean: environment ## Stop the embedded servers and remove their data, caches and generated files
	@$(PYTHON) manage.py postgres stop
	@$(TESTING) $(PYTHON) manage.py postgres stop
	@python3 -m tests.harness.memory --clean
	@rm -rf var .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
