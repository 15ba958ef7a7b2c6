"""The life of one kind of row: how a verb changes it and writes its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, TextChoices

from backend.core.errors import CHANGED, DomainError, ErrorCode
from backend.journal.action_table import ActionTable
from backend.journal.models import AuditEntry


def changed_meanwhile() -> DomainError:
    return DomainError(ErrorCode.WRONG_STATE, CHANGED)


def change(row: Any, to: str, **changes: Any) -> None:
    """Change a row with `status` and `version` if it still is as the caller knows it.

    Of many callers at once one wins; the others get WRONG_STATE, and read the row again.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, status=row.status, version=row.version)
    if not rows.update(status=to, version=F("version") + 1, **changes):
        raise changed_meanwhile()
    row.status, row.version = to, row.version + 1
    for field, value in changes.items():
        setattr(row, field, value)


@dataclass(frozen=True)
class StateMachine[L: AuditEntry, V: TextChoices, S: TextChoices]:
    """How verbs are done to a row with `status` and `version`: it changes if it still is as the caller knows it, and
    its story gets a line.

    `of` is the line's way to the row; `moved` is called with the row after a move to another state, or one that sets a
    field of `turns`: those say whose turn it is.
    """

    line: type[L]
    of: str
    moves: ActionTable[V, S]
    moved: Callable[[Any], None] | None = None
    turns: frozenset[str] = frozenset()

    def write_line(
        self,
        row: Model,
        verb: str,
        *,
        by: Any,
        note: str = "",
        details: dict[str, Any] | None = None,
        from_status: str | None = None,
        **more: Any,
    ) -> L:
        """Add one line to the story. `verb` is a word of the domain's `story.EventType`; `more` its own columns."""
        status = row.status  # type: ignore[attr-defined]
        return self.line._default_manager.create(
            **{self.of: row},
            verb=verb,
            actor=by,
            note=note,
            from_status=status if from_status is None else from_status,
            to_status=status,
            details=details or {},
            **more,
        )

    def move(
        self,
        row: Any,
        verb: V,
        *,
        by: Any,
        to: S | None = None,
        note: str = "",
        details: dict[str, Any] | None = None,
        line: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        """Say the verb: `change` the row and write the line. `line` is for the line's own columns."""
        self.moves.require(verb, row.status)
        before = self.moves.statuses(row.status)
        change(row, to or self.moves.after(verb, before), **changes)
        event = self.moves[verb].event
        self.write_line(row, event, by=by, note=note, details=details, from_status=before, **(line or {}))
        if self.moved is not None and (row.status != before or not self.turns.isdisjoint(changes)):
            self.moved(row)
