"""Joining a mail to a matter, with the permission that the matter asks for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.mailboxes import actions
from backend.mailboxes.models import InboundMessage
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
