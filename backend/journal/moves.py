"""The life of one kind of row: a table of moves, and the one way in which a verb is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, TextChoices

from backend.core.actions import ActionTable
from backend.core.errors import DomainError, ErrorCode
from backend.journal.models import Line

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Move[S: TextChoices]:
    """From these states the verb may be said; `to` is the state after it, None where it does not change."""

    sources: frozenset[S]
    to: S | None = None


def leaving[S: TextChoices](*sources: S, to: S | None = None) -> Move[S]:
    return Move(frozenset(sources), to)


def change(row: Any, to: str, meanwhile: str | _StrPromise, **changes: Any) -> None:
    """Change a row with `status` and `version` if it still is as the caller knows it.

    Of many callers at once one wins; the others get WRONG_STATE with the sentence `meanwhile`, and read the row again.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, status=row.status, version=row.version)
    if not rows.update(status=to, version=F("version") + 1, **changes):
        raise DomainError(ErrorCode.WRONG_STATE, meanwhile)
    row.status, row.version = to, row.version + 1
    for field, value in changes.items():
        setattr(row, field, value)


class Moves[V: TextChoices, S: TextChoices](dict[V, Move[S]]):
    """The table of moves: which verb may be said in which state, and where it leads.

    `refusal` is the sentence with %(verb)s and %(status)s for a verb that may not be said now.
    """

    def __init__(self, statuses: type[S], refusal: str | _StrPromise, table: Mapping[V, Move[S]]) -> None:
        super().__init__(table)
        self.statuses, self.refusal = statuses, refusal

    def allows(self, verb: V, status: str) -> bool:
        return status in self[verb].sources

    def require(self, verb: V, status: str) -> None:
        """Raise WRONG_STATE, naming the state the row is in, unless the verb may be said now."""
        if not self.allows(verb, status):
            words = {"verb": verb.label, "status": self.statuses(status).label}
            raise DomainError(ErrorCode.WRONG_STATE, self.refusal % words)

    def after(self, verb: V, status: str) -> S:
        """The state to which the verb leads from this one."""
        return self[verb].to or self.statuses(status)


@dataclass(frozen=True)
class Saying[L: Line, V: TextChoices, S: TextChoices]:
    """How verbs are said to a row with `status` and `version`: it changes if it still is as the caller knows it, and
    its story gets a line.

    `of` is the line's way to the row, `tells` the word of the story for each verb, `meanwhile` the sentence for
    whoever comes too late.
    """

    line: type[L]
    of: str
    moves: Moves[V, S] | ActionTable[V, S]
    meanwhile: str | _StrPromise
    tells: Mapping[V, str] | None = None

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
        """Add one line to the story. `verb` is a word of the domain's `story.Happened`; `more` its own columns."""
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
        change(row, to or self.moves.after(verb, before), self.meanwhile, **changes)
        event = self.tells[verb] if self.tells is not None else self.moves[verb].event  # type: ignore[union-attr]
        self.write_line(row, event, by=by, note=note, details=details, from_status=before, **(line or {}))

    def changed_meanwhile(self) -> DomainError:
        return DomainError(ErrorCode.WRONG_STATE, self.meanwhile)
