# `make help` lists what there is. Needs git, make and Python >= 3.12 with venv; everything else is fetched.
# OZELKALEM_PYTHON=3.13 uses another Python in an environment of its own.

ENVIRONMENT := .venv$(if $(OZELKALEM_PYTHON),-$(OZELKALEM_PYTHON))
BIN := $(CURDIR)/$(ENVIRONMENT)/bin
PYTHON := "$(BIN)/python"

# The checks use the tests' server, never the demo's.
TESTING := OZELKALEM_ENVIRONMENT=test OZELKALEM_POSTGRES_DATA="$(CURDIR)/var/tests/postgres"
# What an installation sets; the values exist nowhere else.
PRODUCTION := OZELKALEM_POSTGRES_DATA="$(CURDIR)/var/tests/postgres" OZELKALEM_ENVIRONMENT=production \
	OZELKALEM_ALLOWED_HOSTS=ozelkalem.example \
	OZELKALEM_SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	OZELKALEM_NATIONAL_ID_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(32))')"

.DEFAULT_GOAL := help
.PHONY: help environment demo test format lint types imports checks architecture tests browser benchmark clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

environment: ## Create or update the Python environment
	@python3 .ci/environment.py

demo: environment ## Start everything with demo data at http://127.0.0.1:8000 (OZELKALEM_PORT); Ctrl-C ends it
	@exec $(PYTHON) manage.py demo

test: lint types imports checks tests ## Run every check and every test

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

architecture: environment ## Check the committed GraphQL schema, rules and policies against the code (part of tests)
	@"$(BIN)"/pytest -q tests/architecture

tests: environment browser ## Run the tests on two processors
	@"$(BIN)"/pytest -q -n 2 --dist loadfile
	@OZELKALEM_GRAPHQL_COMPILED_READS=0 "$(BIN)"/pytest -q -n 2 --dist loadfile tests/schema --ignore tests/schema/compiler

browser: environment ## Find a Chromium for the browser tests, or install Debian's
	@$(PYTHON) -m tests.chromium

benchmark: environment ## Measure this and others: SIZES="30000 300000 3000000" SECONDS=2 ROUNDS=2 (benchmarks/README.md)
	@$(PYTHON) -m benchmarks --sizes $(or $(SIZES),30000 300000 3000000) --seconds $(or $(SECONDS),2) \
		--rounds $(or $(ROUNDS),2) $(if $(CONTENDERS),--contenders $(CONTENDERS)) $(OPTIONS)

clean: environment ## Stop the embedded servers and remove their data, caches and generated files
	@$(PYTHON) manage.py postgres stop
	@$(TESTING) $(PYTHON) manage.py postgres stop
	@rm -rf var .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
