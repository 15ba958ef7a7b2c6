"""What a mutation answers: the row read again through the scope, and errors that a person can read."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import strawberry
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import collecting
from schema.core.errors import ERROR_KINDS
from schema.core.scalars import described_enum

log = logging.getLogger("schema")

UserErrorCode = described_enum(
    ErrorCode,
    "UserErrorCode",
    "What kind of “no” it is. Branch on this, never on the message.",
    {code: refusal.description for code, refusal in ERROR_KINDS.items()},
)


@strawberry.type(description="A refusal that the user can understand and act on.")
class UserError:
    code: UserErrorCode = strawberry.field(description="What kind of refusal it is.")
    message: str = strawberry.field(description="A sentence in the viewer's language.")
    field: str | None = strawberry.field(description="The input field it is about, if it is about one.")


@strawberry.interface(description="The answer of every mutation.")
class Payload:
    """`key`: of the row that it was done to, where the payload has one (`schema.core.nodes.refetched_row`)."""

    key: strawberry.Private[Any] = None
    errors: list[UserError] = strawberry.field(
        description="Empty if it was done; otherwise nothing was changed.", default_factory=list
    )


def camel(name: str | None) -> str | None:
    """The name of an input field as a client knows it: `registered_at` → `registeredAt`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name).rstrip("_") if name else None


def to_user_errors(error: Exception) -> list[UserError]:
    """All that an error refuses, as the user reads it, in the order in which it was found."""
    if isinstance(error, DomainError):
        return [to_user_error(one) for one in error.errors]
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        return [to_user_error(ValidationError({name: rest})) for name, rest in error.error_dict.items()]
    return [to_user_error(error)]


def to_user_error(error: Exception) -> UserError:
    """The error as the user reads it. Integrity errors tell nothing: they could speak of hidden rows."""
    if isinstance(error, DomainError):
        return UserError(code=error.code, message=str(error.message), field=camel(error.field))
    if isinstance(error, ValidationError):
        return UserError(code=ErrorCode.INVALID, message=" ".join(error.messages), field=_first_field(error))
    if isinstance(error, DataError):
        return UserError(code=ErrorCode.INVALID, message=_("This text is too long."), field=None)
    log.warning({"event": "integrity_error", "error": _constraint(error)})
    message = _("This cannot be saved as it stands. Reload and try again.")
    return UserError(code=ErrorCode.CONFLICT, message=message, field=None)


def _first_field(error: ValidationError) -> str | None:
    fields = list(getattr(error, "error_dict", {}))
    return camel(fields[0]) if fields and fields[0] != "__all__" else None


def _constraint(error: Exception) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or "unknown"


def run_mutation[P: "Payload"](payload: type[P], act: Callable[[], dict[str, Any]]) -> P:
    """Run an action, all of it or nothing, and answer with the payload's fields it returns, or all its refusals."""
    try:
        with transaction.atomic(), collecting():
            return payload(**act())
    except (DomainError, ValidationError, IntegrityError, DataError) as error:
        return payload(errors=to_user_errors(error))
