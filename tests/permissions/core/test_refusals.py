"""What the database itself refuses, should the application forget to."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction

from backend.complaints.models import Complaint
from backend.core.session import elevated, system
from permissions.policies import APPEND_ONLY, SECURED
from tests.cast import Cast, Populated, as_viewer
from tests.databases import CommittedDatabase
from tests.factories import make_complaint

TABLES = sorted(SECURED)
DEPARTMENT_PEOPLE = ("fen_clerk", "fen_head", "deputy_mayor", "outsider", "administrator", "portal")


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO'",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def _refused(statement: str) -> bool:
    """Whether the database denies it; any other error of the statement is an error of the test."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        if "permission denied" in str(error):
            return True
        raise
    return False


def _writing(table: str, column: str) -> list[str]:
    return [
        f"INSERT INTO {table} DEFAULT VALUES",
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"SELECT * FROM {table} FOR UPDATE",
    ]


def test_a_department_writes_to_no_secured_table(cast: Cast, populated: Populated) -> None:
    allowed = []
    for member in DEPARTMENT_PEOPLE:
        with as_viewer(getattr(cast, member)):
            allowed += [
                f"{member}: {statement}"
                for table in TABLES
                for statement in _writing(table, _columns(table)[0])
                if not _refused(statement)
            ]
    assert allowed == []


def test_the_offices_role_empties_no_table(cast: Cast) -> None:
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        assert set(TABLES) <= set(tables)
        assert [table for table in tables if not _refused(f"TRUNCATE {table} CASCADE")] == []


def test_nobody_empties_a_journal_not_even_its_owner(committed_db: CommittedDatabase) -> None:
    """Refused by a trigger where the owner could; the owner is for migrations and the backup."""
    for table in sorted(APPEND_ONLY & set(TABLES)):
        with pytest.raises(DatabaseError), connections["owner"].cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_line_of_a_journal_is_never_changed_or_removed(cast: Cast, populated: Populated) -> None:
    with system():
        for table in sorted(APPEND_ONLY & set(TABLES)):
            column = _columns(table)[0]
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone()[0], f"{table} is empty"
            assert _refused(f"UPDATE {table} SET {column} = {column}")
            assert _refused(f"DELETE FROM {table}")


def test_a_key_of_a_hidden_row_says_the_same_as_a_key_of_no_row(cast: Cast) -> None:
    """A department cannot probe with references or duplicates: it cannot write, so it meets no such error."""
    hidden = make_complaint(to=cast.park)
    texts = []
    with as_viewer(cast.fen_clerk):
        for number in (hidden.pk, 987_654_321):
            with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO complaints_comment (complaint_id, at, author_id, body)"
                    " VALUES (%s, now(), %s, '')",
                    [number, cast.fen_clerk.pk],
                )
            texts.append(str(refusal.value))
        for reference in (hidden.reference, "1999/1"):
            with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO complaints_complaint (reference) VALUES (%s)", [reference])
            texts.append(str(refusal.value))
    assert texts[0] == texts[1]
    assert texts[2] == texts[3]
    assert not any("Key (" in text for text in texts)


def test_the_office_does_meet_the_constraints(cast: Cast) -> None:
    """So that the test above does not pass for want of constraints."""
    complaint = make_complaint(to=cast.park)
    with pytest.raises(IntegrityError), system():
        Complaint.objects.filter(pk=complaint.pk).update(duplicate_of=complaint.pk)


def test_the_right_to_write_shows_whose_request_it_is(cast: Cast) -> None:
    with as_viewer(cast.fen_clerk), elevated(), connection.cursor() as cursor:
        cursor.execute("SELECT app.user_id()")
        assert cursor.fetchone() == (cast.fen_clerk.pk,)


@pytest.mark.parametrize("column", ["is_superuser", "is_active", "is_staff", "username", "email", "key"])
def test_a_sign_in_raises_nobody_and_renames_nobody(cast: Cast, column: str) -> None:
    """Of the row of a person the web writes only what a sign-in and a new password need."""
    with as_viewer(cast.fen_clerk):
        assert _refused(f"UPDATE organization_user SET {column} = {column}")
        assert not _refused("UPDATE organization_user SET last_login = last_login, language = language")


def test_no_page_writes_an_e_mail_address(cast: Cast) -> None:
    with as_viewer(cast.fen_clerk):
        for table in ("account_emailaddress", "account_emailconfirmation"):
            assert all(_refused(statement) for statement in _writing(table, "id"))
