"""One verb for many cases, with a look beforehand at what will happen."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from backend.complaints import (
    actions,  # noqa: F401 - declares the verbs
    moves,
)
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import collecting
from backend.journal.action_table import Action
from backend.notifications import staff
from backend.organization.models import User

LIMIT = 500
EDGES = (
    "applicant",
    "category",
    "assignee",
    "responsible_department__head",
    "responsible_department__acting_head",
)
"""What the verbs ask of a case, and whom they notify."""
READ_AHEAD: dict[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: ("routings",),
    Verb.APPROVE: ("notices",),
    Verb.CLOSE: ("notices", "forwardings__notice"),
}
"""What the preview of a verb looks at behind each case, read for all of them at once."""


@dataclass(frozen=True)
class Refusal:
    """One case that was or will be left as it is, and why."""

    complaint: Complaint
    error: DomainError


@dataclass(frozen=True)
class Effect:
    """`done`: the cases that will be or were changed. `refused`: the others."""

    done: list[Complaint] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many are refused for which reason, the most frequent first."""
        return Counter(str(refusal.error) for refusal in self.refused).most_common()


def _action(verb: Verb) -> Action[Verb, Status]:
    """The declaration of a verb that can be done to many cases: one with a preview. UNSUPPORTED for the others."""
    action = complaint_action[verb]
    if action.preview is None:
        raise DomainError(ErrorCode.UNSUPPORTED, _("This cannot be done for many cases at once."))
    return action


def _check(action: Action[Verb, Status], row: Complaint, params: Mapping[str, Any]) -> None:
    moves.require(action.verb, row.status)
    preview = cast("Callable[..., Any]", action.preview)
    asked = inspect.signature(preview).parameters
    preview(row, **{name: value for name, value in params.items() if name in asked})


def _limited(rows: Iterable[Complaint]) -> list[Complaint]:
    matches = list(rows)
    if len(matches) > LIMIT:
        message = _("At most %(limit)s cases at once.") % {"limit": LIMIT}
        raise DomainError(ErrorCode.OVER_LIMIT, message)
    return matches


def preview(rows: Iterable[Complaint], verb: Verb, params: Mapping[str, Any]) -> Effect:
    """What `run` would do. Writes nothing and needs no more than sight of the rows."""
    action, effect, matches = _action(verb), Effect(), _limited(rows)
    prefetch_related_objects(matches, *READ_AHEAD.get(verb, ()))
    with staff.members_once():
        for row in matches:
            try:
                _check(action, row, params)
            except DomainError as error:
                effect.refused.append(Refusal(row, error))
            else:
                effect.done.append(row)
    return effect


def run(rows: Iterable[Complaint], verb: Verb, *, by: User | None, params: Mapping[str, Any]) -> Effect:
    """Do it for each row in its own savepoint; a refused row is reported and does not stop the others.

    The rows are locked and read again, in the order of their keys, so that two runs at once do not deadlock.
    """
    action = _action(verb)
    keys = sorted(row.pk for row in _limited(rows))
    effect = Effect()
    with transaction.atomic(), staff.members_once():
        locked = Complaint.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        for row in locked.select_related(*EDGES):
            try:
                with transaction.atomic(), collecting():
                    action.function(row, by=by, **params)
            except DomainError as error:
                effect.refused.append(Refusal(row, error))
            else:
                effect.done.append(row)
    return effect
