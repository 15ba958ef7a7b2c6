"""Opening a row is seeing what one was notified of about it."""

from __future__ import annotations

from django.db.models import Model

from backend.core.session import prepared
from backend.notifications.actions import see
from backend.notifications.models import ABOUT, Notification
from permissions.core import scope
from permissions.core.scope import Action

_COLUMNS = {Notification._meta.get_field(name).related_model: name for name in ABOUT}


def opened(row: Model) -> None:
    """Mark the viewer's unseen notifications about this row, which they are looking at, as seen."""
    column = _COLUMNS.get(type(row))
    if column is None or scope.current_viewer().user is None or not _has_unseen(column, row.pk):
        return
    about = Notification.objects.unseen().filter(**{column: row.pk})
    keys = list(scope.visible(about).values_list("key", flat=True))
    if keys:
        with scope.authorized_many(Action.CHANGE, Notification, keys) as rows:
            see(rows)


def _has_unseen(column: str, key: int) -> bool:
    """Whether there is any, by a statement that the server keeps: mostly there is none, and the policy takes longer to
    plan than to run."""
    viewer = scope.current_viewer()
    statement = (
        f"SELECT FROM notifications_notification WHERE user_id = $1 AND {column}_id = $2"
        f" AND in_page AND seen_at IS NULL LIMIT 1 -- {'every case' if viewer.sees_all else 'departments'}"
    )
    with prepared(statement, [viewer.user_id, key]) as cursor:
        return cursor.fetchone() is not None
