"""The one way in which the domain says no.

Every action raises `DomainError`; GraphQL turns it into a `UserError`, the admin into a message.  The message
is what the user reads, in the user's language: never SQL, Python or personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


CHANGED = _("This record has changed since you opened it. Look at how it stands now, and try again.")
"""For who comes too late, whatever the row is: another user, or the same one in another window, was before them."""


class ErrorCode(StrEnum):
    """What kind of "no" it is; clients branch on this and never on the message."""

    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    INVALID = "INVALID"
    REQUIRED = "REQUIRED"
    WRONG_STATE = "WRONG_STATE"
    CONFLICT = "CONFLICT"
    OUT_OF_TIME = "OUT_OF_TIME"
    TOO_LARGE = "TOO_LARGE"
    UNSUPPORTED = "UNSUPPORTED"
    DUPLICATE = "DUPLICATE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    OVER_LIMIT = "OVER_LIMIT"
    UNUSUAL = "UNUSUAL"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class DomainError(Exception):
    """A refusal with a code, a sentence for the user, and the input field it is about (if one).

    `message` may be lazily translated: it becomes text only when it is shown, in the language of that moment.
    """

    def __init__(self, code: ErrorCode, message: str | _StrPromise, field: str | None = None) -> None:
        super().__init__(code, message, field)
        self.code = code
        self.message = message
        self.field = field
        self.is_placed = False
        """Whether `field` is its whole name (`backend.core.validation.below`)."""

    def __str__(self) -> str:
        return str(self.message)

    @property
    def errors(self) -> tuple[DomainError, ...]:
        """All that it refuses, in the order in which it was found."""
        return (self,)


class InputFaultsError(DomainError):
    """Several refusals of one input; its own code and message are those of the first."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        super().__init__(errors[0].code, errors[0].message, errors[0].field)
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple[DomainError, ...]:
        return self._errors


class FilesAwayError(OSError):
    """The place where files are kept does not answer, or refuses. Nothing was kept; the same may succeed later."""
