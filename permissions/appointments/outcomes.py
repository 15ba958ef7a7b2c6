"""What came of a meeting, and in the same step what was promised in it: both or neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import below
from backend.organization.models import Department, User
from permissions.core import scope


@dataclass(frozen=True)
class Promised:
    """What was promised, until when, and who is to keep it; without both the office itself."""

    text: str
    due_on: dt.date
    department: Department | None = None
    person: User | None = None


def complete(
    request: AppointmentRequest,
    *,
    by: User | None,
    outcome: str,
    note: str = "",
    promises: Sequence[Promised] = (),
) -> AppointmentRequest:
    """`appointments.complete`, with the promises of the conversation. FORBIDDEN for them to who may record none; what a
    promise lacks is refused at `promises.0.due_on`."""
    return _with_promises(appointments.complete, request, by, outcome, note, promises)


def complete_visit(
    request: AppointmentRequest,
    *,
    by: User | None,
    outcome: str,
    note: str = "",
    promises: Sequence[Promised] = (),
) -> AppointmentRequest:
    """`appointments.complete_visit`, with the promises of the conversation, as above."""
    return _with_promises(appointments.complete_visit, request, by, outcome, note, promises)


@transaction.atomic
def _with_promises(
    action: Callable[..., AppointmentRequest],
    request: AppointmentRequest,
    by: User | None,
    outcome: str,
    note: str,
    promises: Sequence[Promised],
) -> AppointmentRequest:
    if promises and not scope.can(Verb.PROMISE, request):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."), "promises")
    done = action(request, by=by, outcome=outcome, note=note)
    for number, one in enumerate(promises):
        with below(f"promises.{number}"):
            appointments.promise(request, by=by, **vars(one))
    return done
