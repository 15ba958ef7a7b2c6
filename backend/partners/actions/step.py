"""What all actions are made of: the conditional move of the row and the line of the story."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.journal.state_machine import StateMachine
from backend.partners.models import Organisation, OrganisationLine, Role
from backend.partners.moves import organisation_action

_saying = StateMachine(line=OrganisationLine, of="organisation", moves=organisation_action)
move, write_line = _saying.move, _saying.write_line


def require_own(organisation: Organisation, role: Role) -> Role:
    """The role, or NOT_FOUND where it is one at another organisation."""
    if role.organisation_id != organisation.pk:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "role")
    return role
