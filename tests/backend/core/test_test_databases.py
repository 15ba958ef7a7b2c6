"""The tests' own ground: whom they connect as, and that their databases do not meet."""

import subprocess
import sys
import threading

import django
import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.databases import PREFIX, ROOT, CommittedDatabase, TestDatabases, _digest, _key, shaping


def _one(statement: str, alias: str = "default") -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_test_connects_as_the_app_role_and_never_as_a_superuser() -> None:
    assert _one("SELECT current_user") == "ozelkalem_app"
    assert _one("SELECT current_setting('is_superuser')") == "off"
    assert str(_one("SELECT current_database()")).startswith(PREFIX)


def test_a_committed_database_is_the_same_for_both_aliases_and_for_every_thread(
    committed_db: CommittedDatabase,
) -> None:
    seen = [_one("SELECT current_database()"), _one("SELECT current_database()", "owner")]

    def look() -> None:
        seen.append(_one("SELECT current_database()"))
        connections["default"].close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [committed_db.name] * 3
    assert _one("SELECT current_user", "owner") == "ozelkalem_owner"


def test_a_committed_database_begins_empty_of_what_others_committed(committed_db: CommittedDatabase) -> None:
    assert _one("SELECT count(*) FROM pg_tables WHERE tablename = 'left_behind'", "owner") == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind ()")


test_a_second_committed_database_too = test_a_committed_database_begins_empty_of_what_others_committed


def test_another_process_reaches_the_committed_database(committed_db: CommittedDatabase) -> None:
    program = "from backend import database; print(database.databases()['default']['NAME'])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=committed_db.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == committed_db.name
    for alias, user in (("default", "ozelkalem_app"), ("owner", "ozelkalem_owner")):
        with psycopg.connect(committed_db.url(alias)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (user,)


def _wait_until_nobody_holds(name: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_key(name)])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


def test_what_a_dead_run_left_is_dropped_and_what_a_living_one_uses_is_not(
    test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        dead, living = TestDatabases(), TestDatabases()
        left, used, own = dead.clone(), living.clone(), test_databases.clone()
        dead.close()
        _wait_until_nobody_holds(
            left
        )  # the server lets go of a lock when it notices that the client has left
        test_databases.prepare()
        assert not test_databases._exists(left)
        assert test_databases._exists(used)
        assert test_databases._exists(own)
        living.drop(used)
        test_databases.drop(own)
        living.close()
        connections["owner"].close()


def test_a_change_of_the_demo_migrates_no_template_anew() -> None:
    files = {str(path.relative_to(ROOT)): path for path in shaping()}
    assert {"permissions/policies.py", "permissions/complaints/rules.py"} <= files.keys()
    assert not [name for name in files if name.startswith("permissions/demo/")]
    assert not [name for name, path in files.items() if "permissions.demo" in path.read_text()]


def test_another_django_migrates_a_template_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _digest()
    monkeypatch.setattr(django, "VERSION", (0,))
    assert _digest() != before
