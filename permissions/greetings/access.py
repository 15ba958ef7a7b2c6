"""Doors to greetings that are more than one row: what may be suggested to whom, and who signs by default."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.greetings import actions, lists, suggestions
from backend.greetings.actions import Named
from backend.greetings.actions.preparing import MOST
from backend.greetings.models import Batch, Occasion
from backend.letters.models import Letter
from backend.organization.models import User
from backend.partners.choices import ListStatus
from backend.partners.models import ContactList, Organisation
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action
from permissions.letters import access as letters
from permissions.partners import access as partners


def coming(count: int = suggestions.AHEAD) -> list[suggestions.Suggestion]:
    """Suggestions for the coming days; personal days only for viewers of every citizen."""
    viewer = scope.current_viewer()
    if not viewer.sees_all or not viewer.may("READ"):
        return []
    result = suggestions.coming(count=count, people=viewer.sees_all_contacts)
    scope.log_access([one.citizen.pk for one in result if one.citizen], "greetings: suggestions")
    return result


def begin(code: str) -> tuple[Occasion, Batch | None, Letter | None]:
    """One press on a suggestion. NOT_FOUND for what is suggested to the viewer no longer."""
    with scope.elevated_for(Batch, Action.REGISTER) as viewer:
        result = suggestions.find(code, people=viewer.sees_all_contacts)
        if result is None:
            raise scope.not_found("code")
        department = letters.own_departments(viewer).first()
        if department is None:
            raise DomainError(ErrorCode.FORBIDDEN, scope.not_found().message)
        return actions.begin(result, department=department, by=viewer.user, signatory=mayor())


def of_partners(row: ContactList) -> tuple[list[Named], list[Organisation]]:
    """Recipients from a partner list today, as far as the viewer may know them, and the organisations without
    one. WRONG_STATE for a list that is not in use; the people gathered are written to the read log."""
    if row.status != ListStatus.IN_USE:
        message = _("The list “%(title)s” is archived. Take it into use again first.") % {"title": row.title}
        raise DomainError(ErrorCode.WRONG_STATE, message, "lists")
    people = partners.people_on(row, "greetings: list of partners", MOST + 1).people
    return lists.of_partners(partners.on_list(row, MOST + 1), people)


def mayor() -> User | None:
    """Who signs the greetings of the house unless another is named."""
    principal = Principal.objects.mayor()
    return principal.person if principal else None
