"""Who asks is known to one transaction: it never reaches the next, another session or the office's role."""

from __future__ import annotations

import contextlib
import re

import pytest
from django.conf import settings
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction
from psycopg_pool import ConnectionPool

from backend.complaints.models import Complaint
from backend.core.session import elevated, system
from backend.core.tickets import sign
from backend.organization.models import User
from permissions import policies
from permissions.core import grants, scope
from permissions.core.viewer import CONTACTS
from permissions.policies import SECURED
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_complaint

STATE = "SELECT current_user::text, coalesce(app.user_id()::text, ''), app.seal()"
NOBODY = (settings.APP_ROLE, "", "")


def test_what_is_known_of_who_asks_lies_in_the_seal_alone() -> None:
    """So there is no list of settings to clear and restore, and none that could be forgotten."""
    sql = "".join(path.read_text(encoding="utf-8") for path in policies.FUNCTIONS)
    read = set(re.findall(r"current_setting\('([\w.]+)'", sql))
    assert read == {"backtrace_functions", "app.signature"}  # the seal; a ticket
    by_name = set(re.findall(r"current_setting\(([a-z]\w*)", sql))
    assert by_name == {"place"}  # what app.is_frequent keeps: how rows are found, never which


def _state() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return tuple(cursor.fetchone())


def _rows_in_secured_tables() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(SECURED):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def test_without_a_viewer_no_secured_table_has_a_row(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    assert _rows_in_secured_tables() == {}
    with as_viewer(None):
        assert _rows_in_secured_tables() == {}
        assert not scope.visible(Complaint).exists()
    with as_viewer(cast.secretary):
        assert len(_rows_in_secured_tables()) > 5


def test_a_member_without_a_department_has_no_row_but_their_own_grants(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    with as_viewer(cast.outsider):
        assert _rows_in_secured_tables() == {}


def test_after_a_session_nobody_asks(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    for user in (cast.fen_clerk, cast.secretary):
        with as_viewer(user):
            assert _state() != NOBODY
        assert _state() == NOBODY
        assert scope.current_viewer().user is None


def test_after_a_failed_session_nobody_asks(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    for failure in (ValueError, DatabaseError):
        with contextlib.suppress(failure), as_viewer(cast.secretary):
            raise failure
        assert _state() == NOBODY
        assert scope.current_viewer().user is None
    with contextlib.suppress(DatabaseError), as_viewer(cast.secretary), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert _state() == NOBODY


def test_after_work_of_the_house_nobody_asks(committed_db: CommittedDatabase) -> None:
    make_cast()
    with system():
        assert _state()[:2] == (settings.OFFICE_ROLE, "")
        assert _state()[2].startswith("house ")
    assert _state() == NOBODY
    with contextlib.suppress(ValueError), system():
        raise ValueError
    assert _state() == NOBODY


def test_the_next_to_borrow_a_pooled_connection_finds_nobody(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    with ConnectionPool(committed_db.url(), min_size=1, max_size=1, open=True) as pool:
        with pool.connection() as borrowed:
            backend = borrowed.info.backend_pid
            borrowed.execute("SELECT app.enter(%s)", [sign("enter", str(cast.secretary.pk))])
            assert borrowed.execute("SELECT current_user").fetchone() == (settings.OFFICE_ROLE,)
        with pool.connection() as borrowed:
            assert borrowed.info.backend_pid == backend
            assert borrowed.execute(STATE).fetchone() == NOBODY
        with contextlib.suppress(ZeroDivisionError), pool.connection() as borrowed:
            borrowed.execute("SELECT app.enter(%s)", [sign("enter", str(cast.secretary.pk))])
            raise ZeroDivisionError
        with pool.connection() as borrowed:
            assert borrowed.execute(STATE).fetchone() == NOBODY


def _states_of(cast: Cast) -> dict[str, tuple[str, ...]]:
    found = {}
    for member in ("fen_clerk", "park_clerk", "secretary"):
        with as_viewer(getattr(cast, member)):
            found[member] = _state()
    return found


def test_a_nested_session_ends_where_the_outer_one_was(cast: Cast) -> None:
    states = _states_of(cast)
    assert len(set(states.values())) == 3
    for outer in states:
        for inner in states:
            with as_viewer(getattr(cast, outer)):
                with as_viewer(getattr(cast, inner)):
                    assert _state() == states[inner]
                    assert scope.current_viewer().user == getattr(cast, inner)
                assert _state() == states[outer]
                assert scope.current_viewer().user == getattr(cast, outer)
                with as_viewer(None):
                    assert _state() == NOBODY
                assert _state() == states[outer]


def test_a_nested_session_that_fails_ends_where_the_outer_one_was(cast: Cast) -> None:
    states = _states_of(cast)
    with as_viewer(cast.fen_clerk):
        with contextlib.suppress(ZeroDivisionError), as_viewer(cast.secretary):
            raise ZeroDivisionError
        assert _state() == states["fen_clerk"]
        with contextlib.suppress(DatabaseError), as_viewer(cast.secretary), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert _state() == states["fen_clerk"]
        assert scope.current_viewer().user == cast.fen_clerk


def test_the_right_to_write_ends_with_its_block_however_it_ends(cast: Cast) -> None:
    with as_viewer(cast.fen_clerk):
        before = _state()
        with elevated():
            assert _state()[0] == settings.OFFICE_ROLE
            assert _state()[1] == str(cast.fen_clerk.pk)
        assert _state() == before
        with contextlib.suppress(ZeroDivisionError), elevated():
            raise ZeroDivisionError
        assert _state() == before
        with contextlib.suppress(DatabaseError), elevated(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert _state() == before
        with elevated():
            transaction.set_rollback(True)
        assert _state() == before


def test_going_back_to_a_savepoint_goes_back_to_who_asked_then(cast: Cast) -> None:
    with as_viewer(cast.fen_clerk):
        before = _state()
        savepoint = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute("SELECT app.enter(%s)", [sign("enter", str(cast.secretary.pk))])
        assert _state() != before
        transaction.savepoint_rollback(savepoint)
        assert _state() == before


def test_rows_written_before_a_savepoint_is_taken_back_do_not_stay(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    with as_viewer(cast.fen_clerk):
        with contextlib.suppress(ZeroDivisionError), elevated():
            Complaint.objects.filter(pk=complaint.pk).update(subject="yarım")
            raise ZeroDivisionError
        assert Complaint.objects.get(pk=complaint.pk).subject == complaint.subject


def test_only_those_of_the_office_enter_with_the_offices_role(cast: Cast) -> None:
    entered = set()
    for member, user in cast.people().items():
        with as_viewer(user):
            if _state()[0] == settings.OFFICE_ROLE:
                entered.add(member)
    assert entered == {"secretary", "office_head", "mayor"}


def test_contact_data_of_the_office_alone_opens_no_case(cast: Cast) -> None:
    """The permission to see contact data is none to see cases, in the private office too."""
    make_complaint(to=cast.fen)
    with system():
        grants.give(cast.outsider, CONTACTS, cast.office, by=None)
    with as_viewer(cast.outsider) as viewer:
        assert _state()[0] == settings.APP_ROLE
        assert not viewer.sees_all
        assert not Complaint.objects.exists()


def test_an_inactive_person_has_no_rows_whatever_was_granted(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    for user in (cast.fen_clerk, cast.secretary, cast.administrator):
        with system():
            User.objects.filter(pk=user.pk).update(is_active=False)
        with as_viewer(user) as viewer:
            assert not viewer.departments
            assert set(_rows_in_secured_tables()) <= {
                "permissions_departmentgrant",
                "permissions_principalgrant",
            }
            assert not Complaint.objects.exists()


def test_a_person_who_does_not_exist_has_no_rows(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    with as_viewer(User(pk=987_654_321)):
        assert _rows_in_secured_tables() == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SET SESSION AUTHORIZATION ozelkalem_owner",
        "SET ROLE ozelkalem_owner",
        "ALTER TABLE complaints_complaint DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE complaints_complaint NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY department_reads ON complaints_complaint",
        "CREATE POLICY mine ON complaints_complaint USING (true)",
        "GRANT ozelkalem_office TO ozelkalem_app WITH INHERIT TRUE",
        "ALTER ROLE ozelkalem_app BYPASSRLS",
        "CREATE TABLE public.copy AS SELECT 1",
        "CREATE OR REPLACE FUNCTION app.departments() RETURNS bigint[] LANGUAGE sql RETURN '{1}'::bigint[]",
    ],
)
def test_the_roles_of_the_web_cannot_change_the_wall(statement: str, cast: Cast) -> None:
    for user in (cast.fen_clerk, cast.secretary):
        refused = (ProgrammingError, InternalError, DatabaseError)
        with pytest.raises(refused), as_viewer(user), connection.cursor() as cursor:
            cursor.execute(statement)


def test_switching_row_security_off_raises_instead_of_showing_rows(cast: Cast) -> None:
    make_complaint(to=cast.park)
    with pytest.raises(DatabaseError), as_viewer(cast.fen_clerk), connection.cursor() as cursor:  # noqa: PT012
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SELECT * FROM complaints_complaint")
