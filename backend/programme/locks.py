"""Locks that serialise changes of a programme."""

from django.db import connection

LOCK = 0x50524F47  # "PROG": the first key of the advisory locks, the principal is the second


def lock(*principal_ids: int) -> None:
    """Lock these programmes until the transaction ends.

    Always before the lock of an entry's row, and several in the order of their numbers, which prevents deadlocks.
    Expired holds are released first.
    """
    with connection.cursor() as cursor:
        for principal_id in sorted(set(principal_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, principal_id])
            cursor.execute("SELECT app.release_expired_holds(%s)", [principal_id])
