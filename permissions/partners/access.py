"""People of partners: matching known records, and recording a new one with their role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import Q

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.words.text import search_form
from backend.organization.models import User
from backend.partners import actions as organisations
from backend.partners import importing, lists
from backend.partners.importing import Report
from backend.partners.models import ContactList, Organisation, Role
from permissions.core import scope
from permissions.core.filters import Action

MOST_ALIKE = 8


def record(**facts: Any) -> Organisation:
    """Record an organisation; asks first (AlikeError) whether it is one of those that the viewer sees."""
    with scope.elevated_for(Organisation, Action.REGISTER) as viewer:
        return organisations.record(by=viewer.user, among=scope.visible(Organisation.objects.all()), **facts)


def alike(first_name: str, last_name: str = "", phone: str = "") -> list[Citizen]:
    """The visible persons with this name or this number: one of them may be meant."""
    name = search_form(f"{first_name} {last_name}")
    same = Q(name_fold=name) if name else Q(pk__in=[])
    try:
        if phone:
            same |= Q(pk__in=contacts.find_by_phone(phone).values("pk"))
    except DomainError:
        pass  # errors are reported when it is recorded
    rows = scope.visible(Citizen.objects.standing().filter(same)).order_by("name_fold", "pk")
    return list(rows[:MOST_ALIKE])


def on_list(row: ContactList, at_most: int = 5_000) -> list[lists.Recipient]:
    """Visible members of a list today; the people shown are written to the read log."""
    result = lists.on_list(row, **_as_seen(), at_most=at_most)
    _note(result, "list of partners")
    return result


@dataclass(frozen=True)
class Listed:
    """People of a list. `is_whole`: the viewer sees all of them, so absence is conclusive."""

    people: list[lists.Recipient]
    is_whole: bool


def people_on(row: ContactList, purpose: str, at_most: int = 5_000) -> Listed:
    """The people of a list as the viewer may see them, to be invited or written to; noted in the read log."""
    result = lists.people_on(row, **_as_seen(), at_most=at_most)
    _note(result, purpose)
    return Listed(result, scope.current_viewer().sees_all_memberships)


def _as_seen() -> dict[str, Any]:
    return {
        "organisations": scope.visible(Organisation).select_related("body"),
        "roles": scope.visible(Role),
        "people": scope.visible(Citizen),
    }


def _note(found: list[lists.Recipient], purpose: str) -> None:
    scope.log_access([one.person.pk for one in found if one.person], purpose)
    scope.log_access([one.role.pk for one in found if one.role], purpose, kind="partners.role")


def bring(file: BinaryIO, *, by: User | None, dry_run: bool) -> Report:
    """Partners from a file, for the office. Who is what at an association is recorded by who sees that."""
    with scope.elevated_for(Organisation, scope.Action.REGISTER) as viewer:

        def may_know(row: Organisation) -> bool:
            return viewer.sees_all_memberships if row.is_membership else viewer.sees_all_contacts

        people: Any = scope.visible(Citizen.objects.standing())
        return importing.bring(file, by=by, people=people, may_know=may_know, dry_run=dry_run)
