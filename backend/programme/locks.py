"""Whoever changes a programme waits in line for it."""

from django.db import connection

LOCK = 0x50524F47  # "PROG": the first key of the advisory locks, the principal is the second


def lock(*principal_ids: int) -> None:
    """Wait for everybody who changes these programmes; they wait for us until the transaction ends.

    Always before the lock of an entry's row, and several at once in the order of their numbers, so that nobody waits
    in a circle. Holds that ended are released first.
    """
    with connection.cursor() as cursor:
        for principal_id in sorted(set(principal_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, principal_id])
            cursor.execute("SELECT app.release_expired_holds(%s)", [principal_id])
