"""The web and the worker refuse to start where one wall would be missing, and say what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.core.checks import Error
from django.db import connections
from pytest_django import DjangoDbBlocker

from backend import postgres
from backend.core import checks
from tests.databases import ROOT

GOOD_SECRET = "k7Vw-2mQz_9sXr4tLpB8nHc5yGd3fJa6" * 2
PRODUCTION = {
    "OZELKALEM_ENVIRONMENT": "production",
    "OZELKALEM_SECRET_KEY": GOOD_SECRET,
    "OZELKALEM_NATIONAL_ID_KEY": GOOD_SECRET,
    "OZELKALEM_ALLOWED_HOSTS": "ozelkalem.example",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A server of this module's own: roles belong to a whole server, and these must not meet other tests."""
    place = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    place.chmod(0o755)
    data = place / "postgres"
    with postgres.using(data, durable=False):
        yield data
    shutil.rmtree(place)


def _admin(server: Path, *statements: str) -> None:
    with psycopg.connect(postgres.url(server, "admin"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _url(server: Path, role: str) -> str:
    return postgres.url(server).replace(postgres.url(server).split("@")[0], f"postgresql://{role}:secret")


def _refusals(url: str, blocker: DjangoDbBlocker) -> list[str]:
    """Ask the check as the role of `url`; return the whole sentences."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    parameters = psycopg.conninfo.conninfo_to_dict(url)
    with blocker.unblock():
        connections["default"].close()
        try:
            settings.update(
                HOST=parameters["host"],
                USER=parameters["user"],
                PASSWORD=parameters["password"],
                NAME=parameters["dbname"],
            )
            return [f"{found.msg} {found.hint}" for found in checks.database_role(databases=["default"])]
        finally:
            connections["default"].close()
            settings.update(before)


ROLES = {
    "a superuser": (
        "SUPERUSER",
        "is a superuser and sees every row. Let DATABASE_URL connect as ozelkalem_app",
    ),
    "BYPASSRLS": ("BYPASSRLS", "has BYPASSRLS and sees every row"),
    "INHERIT": ("INHERIT IN ROLE ozelkalem_office", "inherits ozelkalem_office, so every department"),
    "no office": ("", "may not become ozelkalem_office. Run: GRANT ozelkalem_office TO refused"),
    "the owner": ("IN ROLE ozelkalem_owner", "owns the database and can switch row-level security off"),
}


@pytest.mark.parametrize("kind", ROLES)
def test_a_role_that_row_level_security_does_not_hold_for_is_refused(
    kind: str, server: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    attributes, sentence = ROLES[kind]
    _admin(server, f"CREATE ROLE refused LOGIN PASSWORD 'secret' {attributes}")
    _admin(server, "GRANT CONNECT ON DATABASE ozelkalem TO refused")
    try:
        found = _refusals(_url(server, "refused"), django_db_blocker)
    finally:
        _admin(server, "DROP OWNED BY refused", "DROP ROLE refused")
    assert any(sentence in text for text in found), found


def test_a_server_without_the_office_role_is_refused(
    server: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    _admin(server, "ALTER ROLE ozelkalem_office RENAME TO elsewhere")
    try:
        found = _refusals(postgres.url(server), django_db_blocker)
    finally:
        _admin(server, "ALTER ROLE elsewhere RENAME TO ozelkalem_office")
    assert found == [
        "The database role ozelkalem_office does not exist. "
        "Run deploy/roles.sql as a superuser of the server."
    ]


def test_the_app_role_of_the_roles_file_is_accepted(server: Path, django_db_blocker: DjangoDbBlocker) -> None:
    assert _refusals(postgres.url(server), django_db_blocker) == []


def test_the_superuser_that_initdb_made_is_refused(server: Path, django_db_blocker: DjangoDbBlocker) -> None:
    found = _refusals(postgres.url(server, "admin"), django_db_blocker)
    assert found[0].startswith("The database role ozelkalem_admin is a superuser")


@pytest.fixture
def production(settings: LazySettings) -> LazySettings:
    settings.ENVIRONMENT = "production"
    settings.DEBUG = False
    settings.SECRET_KEY = settings.NATIONAL_ID_KEY = GOOD_SECRET
    settings.ALLOWED_HOSTS = ["ozelkalem.example"]
    return settings


FAULTS = {
    "debug": ("DEBUG", True, "E001", "Unset OZELKALEM_DEBUG"),
    "no list": (
        "BREACHED_PASSWORDS_FILE",
        "/no/such/file",
        "E005",
        "Correct OZELKALEM_BREACHED_PASSWORDS_FILE",
    ),
    "short secret": ("SECRET_KEY", "short", "E002", "Set OZELKALEM_SECRET_KEY to fifty"),
    "one letter": ("SECRET_KEY", "a" * 60, "E002", "Set OZELKALEM_SECRET_KEY to fifty"),
    "no host": ("ALLOWED_HOSTS", [], "E003", "Set OZELKALEM_ALLOWED_HOSTS"),
    "every host": ("ALLOWED_HOSTS", ["*"], "E003", "Set OZELKALEM_ALLOWED_HOSTS"),
    "short key": ("NATIONAL_ID_KEY", "short", "E004", "Set OZELKALEM_NATIONAL_ID_KEY"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_unsafe_setting_is_refused_in_production_only(fault: str, production: LazySettings) -> None:
    name, value, number, remedy = FAULTS[fault]
    assert checks.production_settings() == []
    setattr(production, name, value)
    (found,) = checks.production_settings()
    assert isinstance(found, Error)
    assert found.id == f"ozelkalem.{number}"
    assert remedy in str(found.hint)
    production.ENVIRONMENT = "development"
    assert checks.production_settings() == []


def test_the_secrets_that_come_with_the_code_are_refused_in_production(production: LazySettings) -> None:
    production.SECRET_KEY = production.DEFAULT_SECRET_KEY
    production.NATIONAL_ID_KEY = "development only: 32 bytes of key for the national id"
    assert [found.id for found in checks.production_settings()] == ["ozelkalem.E002", "ozelkalem.E004"]


def _run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OZELKALEM_")}
    clean["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


STARTS = {
    "gunicorn": ["-m", "gunicorn", "-c", "python:backend.gunicorn", "-b", "127.0.0.1:0", "backend.wsgi"],
    "another WSGI server": ["-c", "import backend.wsgi"],
    "the worker": ["manage.py", "worker"],
}


@pytest.mark.full
@pytest.mark.parametrize("start", STARTS)
def test_nothing_starts_as_superuser_or_with_debug_in_production(start: str, server: Path) -> None:
    environment = {**PRODUCTION, "OZELKALEM_DEBUG": "1", "DATABASE_URL": postgres.url(server, "admin")}
    done = _run(STARTS[start], **environment)
    output = done.stdout + done.stderr
    assert done.returncode not in {0, None}
    assert "ozelkalem_admin is a superuser and sees every row. Let DATABASE_URL connect" in output
    assert "DEBUG is on in production and shows code and data to visitors. Unset OZELKALEM_DEBUG." in output
    assert "Traceback" not in output


def test_the_web_starts_in_production_as_the_app_role(server: Path) -> None:
    done = _run(["-c", "import backend.wsgi; print('up')"], **PRODUCTION, DATABASE_URL=postgres.url(server))
    *warnings, up = done.stdout.splitlines()
    assert up == "up", done.stderr
    assert [json.loads(line)["event"] for line in warnings] == ["not_warmed"], "the tables are not there yet"


@pytest.mark.full
def test_workers_are_forked_from_a_process_that_has_loaded_everything_and_holds_no_connection(
    server: Path,
) -> None:
    loaded = "print('schema.app' in sys.modules, 'admin_ui.shell.registry' in sys.modules"
    seen = (
        f"import sys, backend.wsgi as w; from django.db import connection; {loaded}, connection.connection)"
    )
    done = _run(["-c", seen], **PRODUCTION, DATABASE_URL=postgres.url(server))
    assert done.stdout.split("\n")[-2] == "True True None", done.stderr


def test_a_database_that_does_not_answer_is_one_sentence(server: Path) -> None:
    nowhere = "postgresql://ozelkalem_app:secret@127.0.0.1:1/ozelkalem"
    done = _run(["-c", "import backend.wsgi"], DATABASE_URL=nowhere)
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "correct DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.full
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "mysql://a:geheim@b/c"}, "DATABASE_URL is not a PostgreSQL address: write it as"),
        (
            {"DATABASE_OWNER_URL": "postgresql:///x"},
            "DATABASE_OWNER_URL is set without DATABASE_URL: set both",
        ),
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_password(
    environment: dict[str, str], sentence: str
) -> None:
    done = _run(["manage.py", "check"], **environment)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert "geheim" not in done.stderr
    assert done.stderr.count("\n") == 1
