"""For whom a page is at all. Which rows it shows is the scope's answer; these ask the same table, for
the whole.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.instructions.models import Instruction
from backend.journal.models import AccessLog, AuditLog
from backend.organization.models import AdministrativeLeave, User
from backend.outbox.models import Message
from backend.portals.models import Client
from permissions.complaints.rules import may_register
from permissions.contacts.rules import citizens_looked_up
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING, Action
from permissions.core.registry import RULES
from permissions.core.viewer import Viewer
from permissions.models import DepartmentGrant

AccessCheck = Callable[[], bool]


class StaffRequest(HttpRequest):
    """A request that the gate of the admin let through (`OfficeAdminSite.has_permission`): there is a signed-in user.

    No request is made of this class; it says to the type checker what a view behind the gate may rely on.
    """

    user: User
    viewer: Viewer


def _rule(model: type[Model], action: str) -> Q:
    """What the table says of the viewer, asked of it once in a session: a page has dozens of gates."""
    viewer = scope.current_viewer()
    rules = viewer.rules if viewer.user else {}  # the anonymous viewer outlives its session
    if (model, action) not in rules:
        rules[model, action] = RULES[model][action](viewer)
    return rules[model, action]


def holds(model: type[Model], action: str) -> bool:
    """Whether the table gives the viewer `action` on every row of the model."""
    return _rule(model, action) == EVERYTHING


def may_some(model: type[Model], action: str) -> bool:
    """Whether the table gives the viewer `action` on any row of the model."""
    return _rule(model, action) != NOTHING


def require(model: type[Model], action: str) -> None:
    """FORBIDDEN unless the viewer holds `action`: a form that could not be sent is not shown."""
    if not holds(model, action):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))


def sees_all(model: type[Model]) -> bool:
    """Whether the table lets the viewer see every row of the model."""
    return holds(model, Action.VIEW)


def sees_some(model: type[Model]) -> bool:
    """Whether the table leaves the viewer any row of the model to see."""
    return may_some(model, Action.VIEW)


def anybody() -> bool:
    return True


def members() -> bool:
    """Staff who may see cases: members, overseers, and people with a share."""
    return scope.current_viewer().user is not None


def registrars() -> bool:
    return may_register(scope.current_viewer())


def clients() -> bool:
    """Users who manage clients of third parties."""
    return holds(Client, Action.REGISTER)


def office() -> bool:
    return holds(Message, Action.VIEW)


def contacts() -> bool:
    return citizens_looked_up(scope.current_viewer()) != NOTHING


def managers() -> bool:
    """Who gives and takes grants: the head of the office and Bilgi işlem."""
    return holds(DepartmentGrant, Action.GIVE) and holds(AccessLog, Action.VIEW)


def maintainers() -> bool:
    """Who keeps the reference data: the office and Bilgi işlem."""
    return holds(AdministrativeLeave, Action.CHANGE) and holds(AuditLog, Action.VIEW)


def may_record_instructions() -> bool:
    """Whether the viewer writes down anybody's instructions."""
    return holds(Instruction, Action.REGISTER) and scope.current_viewer().may("WRITE")
