"""Who is what at an organisation. It stands in the journal and not in the organisation's story, whose readers see the
people only where they may: that somebody joined a union would be told by the line alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts.actions import family, normal_email
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice, short
from backend.core.localtime import today
from backend.core.words.phones import normal_phone
from backend.journal import actions as journal
from backend.organization.models import User
from backend.partners import moves
from backend.partners.actions.step import require_own
from backend.partners.choices import RoleKind
from backend.partners.models import Organisation, Role
from backend.partners.moves import Verb

FACTS = frozenset({"kind", "title", "salutation", "phone", "email", "valid_from", "valid_to"})


@transaction.atomic
def add_role(
    organisation: Organisation, *, by: User | None, person: Citizen, kind: str, **facts: Any
) -> Role:
    """What a person is there, with the title as letters write it (empty: the word for the kind). DUPLICATE where they
    are that already."""
    moves.require(Verb.ADD_ROLE, organisation.status)
    given = {field: value for field, value in facts.items() if value is not None}
    found = checked_role({"title": "", **given, "kind": kind})
    role = Role(organisation=organisation, person=person, recorded_by=by, **found)
    same = Role.objects.current().filter(organisation=organisation, kind=role.kind, person__in=family(person))
    if role.is_current and same.exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This person has this role there already."), "person")
    role.save(force_insert=True)
    journal.record(verb="role_added", about=role, by=by, label="")
    return role


@transaction.atomic
def correct_role(organisation: Organisation, *, by: User | None, role: Role, **facts: Any) -> Role:
    """Set what a role says right. INVALID where nothing changes."""
    moves.require(Verb.CORRECT_ROLE, organisation.status)
    row = _own(organisation, role)
    found = checked_role(facts, row)
    changed = {field: value for field, value in found.items() if getattr(row, field) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    for field, value in changed.items():
        setattr(row, field, value)
    row.save(update_fields=list(changed))
    journal.record(verb="role_corrected", about=row, by=by, label="", note=", ".join(sorted(changed)))
    return row


@transaction.atomic
def end_role(organisation: Organisation, *, by: User | None, role: Role, on: dt.date | None = None) -> Role:
    """The last day of a role; default: today. It stays readable."""
    moves.require(Verb.END_ROLE, organisation.status)
    row, day = _own(organisation, role), on or today()
    if row.valid_to is not None and row.valid_to < today():
        raise DomainError(ErrorCode.WRONG_STATE, _("This role has ended already."), "role")
    if row.valid_from is not None and day < row.valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "on")
    row.valid_to = day
    row.save(update_fields=["valid_to"])
    journal.record(verb="role_ended", about=row, by=by, label="")
    return row


def _own(organisation: Organisation, role: Role) -> Role:
    """The role of this organisation, locked."""
    require_own(organisation, role)
    return Role.objects.select_for_update(of=("self",)).get(pk=role.pk)


def checked_role(facts: dict[str, Any], row: Role | None = None) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none; REQUIRED, INVALID."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of a role: {', '.join(sorted(unknown))}")
    found = dict(facts)
    if "kind" in found:
        found["kind"] = choice(RoleKind, found["kind"], "kind")
    for field in ("title", "salutation"):
        if field in found:
            found[field] = " ".join(short(found[field], field, 120).split())
    if "title" in found and not found["title"]:
        found["title"] = str(RoleKind(found.get("kind") or (row.kind if row else RoleKind.CONTACT)).label)
    if "phone" in found:
        found["phone"] = normal_phone(str(found["phone"] or ""))
    if "email" in found:
        found["email"] = normal_email(found["email"])
    first = found.get("valid_from", row.valid_from if row else None)
    last = found.get("valid_to", row.valid_to if row else None)
    if first and last and last < first:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_to")
    return found
