"""The database side of "who asks": one transaction, one asker, and the role that writes.

`permissions.scope` is the only door for requests. Jobs and commands, which act for the house itself, use `system`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction


def _set(role: str, user: str | None = None) -> None:
    with connection.cursor() as cursor:
        if user is None:
            cursor.execute("SELECT set_config('role', %s, true)", [role])
        else:
            cursor.execute(
                "SELECT set_config('role', %s, true), set_config('app.user_id', %s, true),"
                " set_config('app.departments', '{}', true), set_config('app.contact_departments', '{}', true)",
                [role, user],
            )


def _get() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), coalesce(current_setting('app.user_id', true), ''),"
            " coalesce(current_setting('app.departments', true), ''),"
            " coalesce(current_setting('app.contact_departments', true), '')"
        )
        return list(cursor.fetchone())


@contextmanager
def restored() -> Iterator[None]:
    """A savepoint or transaction after which asker and role are what they were before.

    LOCAL settings end with the transaction and a rollback takes them back; only a nested success needs this.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _get() if nested else None
        yield
        if before is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('role', %s, true), set_config('app.user_id', %s, true),"
                    " set_config('app.departments', %s, true), set_config('app.contact_departments', %s, true)",
                    before,
                )


@contextmanager
def elevated() -> Iterator[None]:
    """Run an action that was allowed: under the office's role, for whoever asks. Needs an open session."""
    with restored():
        _set(settings.OFFICE_ROLE)
        yield


@contextmanager
def system() -> Iterator[None]:
    """Run a job or command of the house: every row, no asker, one transaction."""
    with restored():
        _set(settings.OFFICE_ROLE, user="")
        yield
