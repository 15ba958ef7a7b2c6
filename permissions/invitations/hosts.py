"""Preview of the message to a host, by a dry run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from backend.core.session import dry_run
from backend.invitations.models import Invitation, InvitationNotice
from backend.invitations.moves import Verb
from permissions.core import scope


def rehearsed_letter(
    verb: Verb,
    key: UUID | str,
    run: Callable[[Invitation], Any],
    *,
    version: int | None = None,
    named: Iterable[object] = (),
) -> tuple[str, str] | None:
    """(subject, text) of the host's message if `run` were done, or None."""
    with dry_run(), scope.authorized(verb, Invitation, key, version=version, named=named) as row:
        before = InvitationNotice.objects.filter(invitation=row).count()
        run(row)
        notices = InvitationNotice.objects.filter(invitation=row).select_related("message").order_by("pk")
        notice = notices[before:].first()
        if notice is None:
            return None
        if notice.message is None:
            return str(notice), notice.body
        return notice.message.subject, notice.message.body
