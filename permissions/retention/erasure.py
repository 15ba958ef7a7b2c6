"""Whether who asked for an anonymising may do so still, at the moment at which the worker does it."""

from __future__ import annotations

from backend.contacts.models import Citizen
from backend.organization.models import User
from permissions.core import scope
from permissions.core.filters import Action


def may_still(by: User, citizen: Citizen) -> bool:
    """As the rules say now; never of a closed account."""
    if not by.is_active:
        return False
    with scope.session(by):
        row = scope.visible(Citizen).filter(pk=citizen.pk).first()
        return row is not None and scope.can(Action.ANONYMISE, row)
