"""Whom lists of guests and of greetings name with an organisation in words, and who has no role there: as far as the
viewer sees them. Their record does not stand on the page of the organisation until the role is recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.models import TrFold
from backend.events.models import Guest
from backend.greetings.models import Recipient
from backend.partners import actions as partners
from backend.partners.choices import RoleKind
from backend.partners.models import Organisation, Role
from backend.partners.moves import Verb
from permissions.contacts.picking import PURPOSE
from permissions.contacts.written import names_of
from permissions.core import scope

MOST, LOOKED_THROUGH = 50, 500
LONGEST_TITLE = 120


@dataclass(frozen=True)
class WrittenPerson:
    """A visible person, and what was written of them last."""

    person: Citizen
    title: str
    text: str
    may_link: bool


def unlinked_people(organisation: Organisation) -> list[WrittenPerson]:
    """The visible persons of whom a list says that they are of this organisation, and who have no role there; in the
    order of their names, at most some. They are noted in the read log."""
    found = _found_in_lists(organisation)
    if not found:
        return []
    family = partners.family(partners.standing(organisation))
    there = scope.visible(Role.objects.current()).filter(organisation__in=family).values("person")
    rows = scope.visible(Citizen.objects.standing()).filter(pk__in=found).exclude(pk__in=there)
    people = list(rows.order_by("name_fold", "pk")[:MOST])
    scope.log_access([person.pk for person in people], PURPOSE)
    may_link = bool(people) and scope.can(Verb.ADD_ROLE, organisation)
    return [WrittenPerson(person, *found[person.pk], may_link) for person in people]


def link_people(organisation: Organisation, keys: Collection[UUID]) -> int:
    """Record those of the unlinked people as contact persons of the organisation, with the title that was written.
    Leaves out whom the viewer may not record; returns how many were."""
    by, linked = scope.current_viewer().user, 0
    stands = partners.standing(organisation)
    for one in unlinked_people(organisation):
        if one.person.key not in keys or not one.may_link:
            continue
        try:
            with scope.authorized(Verb.ADD_ROLE, Organisation, stands.key) as row:
                partners.add_role(row, by=by, person=one.person, kind=RoleKind.CONTACT, title=one.title)
        except DomainError:  # recorded meanwhile, or closed
            continue
        linked += 1
    return linked


def _found_in_lists(organisation: Organisation) -> dict[int, tuple[str, str]]:
    """Person -> (title, organisation) as the newest visible list has it."""
    names = names_of(organisation)
    result: dict[int, tuple[str, str]] = {}
    for model, field in ((Guest, "person"), (Recipient, "citizen")):
        manager: Any = model._default_manager
        rows = scope.visible(manager.filter(**{f"{field}__isnull": False}).exclude(organisation=""))
        written = rows.alias(written=TrFold("organisation")).filter(written__in=names).order_by("-pk")
        for person, title, text in written.values_list(field, "title", "organisation")[:LOOKED_THROUGH]:
            result.setdefault(person, (title[:LONGEST_TITLE], text))
    return result
