"""Opening a row is seeing what one was notified of about it."""

from __future__ import annotations

from django.db.models import Model

from backend.notifications.actions import see
from backend.notifications.models import ABOUT, Notification
from permissions.core import scope
from permissions.core.scope import Action

_COLUMNS = {Notification._meta.get_field(name).related_model: name for name in ABOUT}


def opened(row: Model) -> None:
    """Mark the viewer's unseen notifications about this row, which they are looking at, as seen."""
    column = _COLUMNS.get(type(row))
    if column is None or scope.current_viewer().user is None:
        return
    about = Notification.objects.unseen().filter(**{column: row.pk})
    keys = list(scope.visible(about).values_list("key", flat=True))
    if keys:
        with scope.authorized_many(Action.CHANGE, Notification, keys) as rows:
            see(rows)
