"""Joining a mail to a matter, with the permission that the matter asks for; and what writing about one would send."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import dry_run
from backend.letters.models import Letter
from backend.letters.moves import Verb as LetterVerb
from backend.mailboxes import actions
from backend.mailboxes.models import InboundMessage, WrittenMessage
from backend.organization.models import User
from backend.partners.models import Organisation
from backend.partners.moves import Verb as OrganisationVerb
from permissions.core import scope


def join(
    mail: InboundMessage, *, by: User | None, organisation: Organisation | None = None, **matters: Any
) -> InboundMessage:
    """`actions.join`; INVALID for a partner whose people, whom the mail names, the viewer may not know."""
    if organisation is not None and not scope.can(OrganisationVerb.MESSAGE, organisation):
        message = _("You may not see the people of this organisation, or it is closed down.")
        raise DomainError(ErrorCode.INVALID, message, "organisation")
    return actions.join(mail, by=by, organisation=organisation, **matters)


def rehearsed_message(
    verb: LetterVerb | OrganisationVerb,
    key: UUID | str,
    run: Callable[[Any], object],
    *,
    version: int | None = None,
    named: Iterable[object] = (),
) -> tuple[str, str] | None:
    """(subject, text) of the message that `run` would send about a letter or to a partner; a dry run."""
    model: type[Model] = Letter if isinstance(verb, LetterVerb) else Organisation
    with dry_run(), scope.authorized(verb, model, key, version=version, named=named) as row:
        made = run(row)
        message = made.message if isinstance(made, WrittenMessage) else None
        return (message.subject, message.body) if message else None
