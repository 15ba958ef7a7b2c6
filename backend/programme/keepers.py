"""Who keeps a programme today: the house writes to them. The grants belong to `permissions`; the database answers."""

from __future__ import annotations

from django.db import connection

from backend.organization.models import User


def keepers(principal_id: int) -> list[User]:
    """Keepers of this programme today. For jobs and actions only: the database hides them from other roles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.keepers(%s)", [principal_id])
        return list(User.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()]).order_by("pk"))
