"""Sharing one case with one person."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints.actions import journal_line
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.journal.action_table import Field, Trait
from backend.notifications import staff
from backend.organization.models import User
from permissions.core.grants import permission_on, require_receiver
from permissions.models import ComplaintGrant


def to_reader(complaint: Complaint, by: User | None, grant: ComplaintGrant) -> None:
    """Tell the person that they may read it."""
    staff.hand_over([grant.user], "complaints/shared", complaint, by)


@complaint_action(
    Verb.SHARE, event=EventType.SHARED, source=tuple(Status), traits=Trait.CONCURRENT, hands_over=to_reader
)
def share(
    complaint: Complaint,
    *,
    by: User | None,
    user: Annotated[User, Field(_("With whom"), api="The member of staff.")],
    valid_until: Annotated[
        dt.date | None, Field(_("Until"), api="The last day.", help=_("Empty: without end."))
    ] = None,
    reason: Annotated[str, Field(_("Reason"), api="Why.", max_length=200)] = "",
) -> ComplaintGrant:
    """Let one person read it and comment.

    Another last day is a new line of the history. INVALID for whom `give` refuses, and for a day that has passed. The
    same again changes nothing.
    """
    require_receiver(user, by)
    if valid_until and valid_until < today():
        raise DomainError(ErrorCode.INVALID, _("The last day lies in the past."), field="valid_until")
    shared = ComplaintGrant.objects.filter(user=user, content_object=complaint)
    if shared.filter(valid_until=valid_until).exists():
        return shared.get()
    grant, _created = ComplaintGrant.objects.update_or_create(
        user=user,
        permission=permission_on(Complaint, "read_complaint"),
        content_object=complaint,
        defaults={"valid_from": today(), "valid_until": valid_until, "given_by": by, "reason": reason},
    )
    journal_line(complaint, verb=EventType.SHARED, by=by, note=reason, details={"with": user.pk})
    return grant


@complaint_action(Verb.UNSHARE, event=EventType.UNSHARED, source=tuple(Status), traits=Trait.CONCURRENT)
def unshare(
    complaint: Complaint,
    *,
    by: User | None,
    user: Annotated[User, Field(_("With whom no longer"), api="The member of staff.")],
) -> None:
    """Stop sharing with a person.

    Nothing happens if it was not shared."""
    if ComplaintGrant.objects.filter(content_object=complaint, user=user).delete()[0]:
        journal_line(complaint, verb=EventType.UNSHARED, by=by, details={"with": user.pk})
