"""Roles of people at organisations. They are written to the journal and not to the organisation's story, which
has other readers: the line alone would reveal, for instance, that a person joined a union."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypedDict, Unpack

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.contacts.actions import family
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, email_address, short
from backend.core.words.phones import normal_phone
from backend.journal import actions as journal
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.partners import moves
from backend.partners.actions.step import require_own
from backend.partners.choices import RoleKind, Status
from backend.partners.models import Organisation, Role
from backend.partners.moves import Verb, organisation_action

FACTS = frozenset({"kind", "title", "salutation", "phone", "email", "valid_from", "valid_to"})


HAS_ROLES = Q(Exists(Role.objects.filter(organisation=OuterRef("pk"))))
TITLE_HELP = _("As a letter writes it below the name. Empty: the word above.")

OneRole = Annotated[Role, Field(_("Role"), api="Which role.")]


class RoleFields(TypedDict, total=False):
    salutation: Annotated[str | None, Field(_("Salutation"), api="How they are addressed.", max_length=120)]
    phone: Annotated[str | None, Field(_("Phone there"), api="Telephone there.", max_length=40)]
    email: Annotated[str | None, Field(_("E-mail there"), api="E-mail address there.", max_length=254)]
    valid_from: Annotated[dt.date | None, Field(_("Since"), api="The first day.")]
    valid_to: Annotated[dt.date | None, Field(_("Until"), api="The last day.")]


class NameFields(TypedDict, total=False):
    kind: Annotated[RoleKind | None, Field(_("What are they there?"), api="What they are there.")]
    title: Annotated[
        str | None,
        Field(
            _("Title"),
            api="As a letter writes it below the name.",
            help=TITLE_HELP,
            max_length=120,
        ),
    ]


class CorrectRoleFields(NameFields, RoleFields, total=False): ...


@organisation_action(Verb.ADD_ROLE, event="role_added", source=Status.ACTIVE, traits=Trait.PRIMARY)
def add_role(
    organisation: Organisation,
    *,
    by: User | None,
    person: Annotated[Citizen, Field(api="Who.")],
    kind: Annotated[RoleKind, Field(_("What are they there?"), api="What they are there.")],
    title: Annotated[
        str,
        Field(
            _("Title"),
            api="As a letter writes it below the name; empty: the word for the kind.",
            help=TITLE_HELP,
            max_length=120,
        ),
    ] = "",
    **facts: Unpack[RoleFields],
) -> Role:
    """A person with their role.

    DUPLICATE where they are that already.
    """
    moves.require(Verb.ADD_ROLE, organisation.status)
    values = {field: value for field, value in facts.items() if value is not None}
    result = checked_role({**values, "title": title, "kind": kind})
    role = Role(organisation=organisation, person=person, recorded_by=by, **result)
    same = Role.objects.current().filter(organisation=organisation, kind=role.kind, person__in=family(person))
    if role.is_current and same.exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This person has this role there already."), "person")
    role.save(force_insert=True)
    _record(Verb.ADD_ROLE, role, by)
    return role


@organisation_action(Verb.CORRECT_ROLE, event="role_corrected", source=tuple(Status), applies=HAS_ROLES)
def correct_role(
    organisation: Organisation,
    *,
    by: User | None,
    role: OneRole,
    **facts: Unpack[CorrectRoleFields],
) -> Role:
    """Set a role right.

    INVALID where nothing changes.
    """
    moves.require(Verb.CORRECT_ROLE, organisation.status)
    row = _own(organisation, role)
    result = checked_role(dict(facts), row)
    changed = {field: value for field, value in result.items() if getattr(row, field) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    for field, value in changed.items():
        setattr(row, field, value)
    row.save(update_fields=list(changed))
    _record(Verb.CORRECT_ROLE, row, by, ", ".join(sorted(changed)))
    return row


@organisation_action(Verb.END_ROLE, event="role_ended", source=tuple(Status), applies=HAS_ROLES)
def end_role(
    organisation: Organisation,
    *,
    by: User | None,
    role: OneRole,
    on: Annotated[
        dt.date | None, Field(_("Last day"), api="The last day; today by default.", help=_("Empty: today."))
    ] = None,
) -> Role:
    """The last day of a role.

    It stays readable.
    """
    moves.require(Verb.END_ROLE, organisation.status)
    row, day = _own(organisation, role), on or today()
    if row.valid_to is not None and row.valid_to < today():
        raise DomainError(ErrorCode.WRONG_STATE, _("This role has ended already."), "role")
    if row.valid_from is not None and day < row.valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "on")
    row.valid_to = day
    row.save(update_fields=["valid_to"])
    _record(Verb.END_ROLE, row, by)
    return row


def _record(verb: Verb, role: Role, by: User | None, note: str = "") -> None:
    journal.record(verb=organisation_action[verb].event, about=role, by=by, label="", note=note)


def _own(organisation: Organisation, role: Role) -> Role:
    """The role of this organisation, locked."""
    require_own(organisation, role)
    return Role.objects.select_for_update(of=("self",)).get(pk=role.pk)


def checked_role(facts: dict[str, Any], row: Role | None = None) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none; REQUIRED, INVALID."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of a role: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "kind" in checked:
        checked["kind"] = choice(RoleKind, checked["kind"], "kind")
    for field in ("title", "salutation"):
        if field in checked:
            checked[field] = " ".join(short(checked[field], field, 120).split())
    if "title" in checked and not checked["title"]:
        checked["title"] = str(RoleKind(checked.get("kind") or (row.kind if row else RoleKind.CONTACT)).label)
    if "phone" in checked:
        checked["phone"] = normal_phone(str(checked["phone"] or ""))
    if "email" in checked:
        checked["email"] = email_address(checked["email"])
    first = checked.get("valid_from", row.valid_from if row else None)
    last = checked.get("valid_to", row.valid_to if row else None)
    if first and last and last < first:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_to")
    return checked
