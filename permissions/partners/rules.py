"""A part of THE TABLE: who may do what to partners and to what people are there.

An organisation is the office's and of the departments that work with it. Its people are persons, so that seeing them is
the permission on contacts there; who is what at an association, a union or a party is special personal data (KVKK
m.6) with a permission of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.mailboxes import actions as conversations  # noqa: F401 - declares verbs of organisations
from backend.partners import actions, lists  # noqa: F401 - declares the verbs
from backend.partners.models import ContactList, Liaison, ListMember, Organisation, OrganisationLine, Role
from backend.partners.moves import ListVerb, Verb, contact_list_action, organisation_action
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    both,
    either,
)
from permissions.core.relations import office, served
from permissions.core.viewer import Viewer


class OrganisationRelation(StrEnum):
    """What a viewer is to an organisation."""

    OFFICE = "OFFICE"  # works in the private office
    CONFIDANT = "CONFIDANT"  # works there and may know the people of this organisation
    SERVED = "SERVED"  # the private office serves them: the mayor
    LIAISON = "LIAISON"  # works in a department that works with it
    OVERSEER = "OVERSEER"  # the deputy mayor of such a department


def _works_with(departments: frozenset[int], of: str = "") -> Q:
    return Q(**{f"{of}departments__overlap": list(departments)}) if departments else NOTHING


def known_there(viewer: Viewer, of: str = "") -> Q:
    """The organisations whose people the viewer may know."""
    no_membership = Q(**{f"{of}is_membership": False})
    if viewer.sees_all_contacts:
        return EVERYTHING if viewer.sees_all_memberships else no_membership
    if viewer.sees_all or not viewer.may("CONTACTS"):
        return NOTHING
    knowing = viewer.contacts_in & viewer.departments
    memberships = _works_with(viewer.memberships_in & knowing, of)
    return both(_works_with(knowing, of), either([no_membership, memberships]))


ORGANISATION_RELATIONS: dict[OrganisationRelation, Rule] = {
    OrganisationRelation.OFFICE: office,
    OrganisationRelation.CONFIDANT: lambda v: known_there(v) if v.is_office else NOTHING,
    OrganisationRelation.SERVED: served,
    OrganisationRelation.LIAISON: lambda v: _works_with(v.staffs),
    OrganisationRelation.OVERSEER: lambda v: _works_with(v.oversees),
}

_OFFICE, _CONFIDANT = frozenset({OrganisationRelation.OFFICE}), frozenset({OrganisationRelation.CONFIDANT})

ORGANISATION_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(OrganisationRelation),
    Verb.MESSAGE: _CONFIDANT,
    Verb.UNSEND: _CONFIDANT,
    Verb.COMMENT: _OFFICE | {OrganisationRelation.LIAISON, OrganisationRelation.OVERSEER},
    Verb.CORRECT: _OFFICE,
    Verb.ADD_ROLE: _CONFIDANT,
    Verb.CORRECT_ROLE: _CONFIDANT,
    Verb.END_ROLE: _CONFIDANT,
    Verb.ADD_LIAISON: _OFFICE,
    Verb.RELEASE_LIAISON: _OFFICE,
    Verb.RECLASSIFY: _CONFIDANT,
    Verb.CLOSE: _OFFICE,
    Verb.REOPEN: _OFFICE,
    Verb.MERGE: _OFFICE,
    Verb.UNDO_MERGE: _OFFICE,
}
"""Verb -> the relations that may perform it. The kind of an association decides who sees its members, so changing
it needs that right."""


def _organisations(viewer: Viewer) -> Q:
    return EVERYTHING if viewer.sees_all else _works_with(viewer.departments)


ORGANISATIONS_TABLE = VerbTable(
    organisation_action,
    model=Organisation,
    relations=ORGANISATION_RELATIONS,
    rules=ORGANISATION_RULES,
    seen=_organisations,
)


def known_roles(viewer: Viewer) -> Q:
    """What people are at organisations, as far as the viewer may know them there."""
    return known_there(viewer, "organisation__")


def citizens_of_roles(viewer: Viewer) -> Q:
    """The citizens who are known from a role, as a filter over their table."""
    if (rule := known_roles(viewer)) == NOTHING:
        return NOTHING
    return Q(Exists(Role.objects.filter(rule, person=OuterRef("pk"))))


of_visible_organisation = SeenAsOwner(Organisation, _organisations, "organisation")


class ListRelation(StrEnum):
    """What a viewer is to a list."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    USER = "USER"  # works in the department that uses it
    OVERSEER = "OVERSEER"  # the deputy mayor of that department


def _used_by(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


LIST_RELATIONS: dict[ListRelation, Rule] = {
    ListRelation.OFFICE: office,
    ListRelation.SERVED: served,
    ListRelation.USER: lambda v: _used_by(v.staffs),
    ListRelation.OVERSEER: lambda v: _used_by(v.oversees),
}

LIST_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(ListRelation),
    **{verb: frozenset({ListRelation.OFFICE, ListRelation.USER}) for verb in ListVerb},
}


def _lists(viewer: Viewer) -> Q:
    return EVERYTHING if viewer.sees_all else _used_by(viewer.departments)


LISTS_TABLE = VerbTable(
    contact_list_action,
    model=ContactList,
    relations=LIST_RELATIONS,
    rules=LIST_RULES,
    seen=_lists,
)


def _members(viewer: Viewer) -> Q:
    """Members of visible lists that are visible by themselves."""
    theirs = _lists(viewer)
    if theirs == NOTHING:
        return NOTHING
    of_list = Exists(ContactList.objects.filter(theirs, pk=OuterRef("contact_list")))
    on_it = EVERYTHING if theirs == EVERYTHING else Q(of_list)
    seen = either(
        [
            _there(Organisation, _organisations(viewer), "organisation"),
            _there(Role, known_roles(viewer), "role"),
            Q(person__isnull=False) if viewer.sees_all_contacts else NOTHING,
        ]
    )
    return both(on_it, seen)


def _there(model: type[Model], rule: Q, name: str) -> Q:
    if rule == NOTHING:
        return NOTHING
    if rule == EVERYTHING:
        return Q(**{f"{name}__isnull": False})
    return Q(Exists(model._default_manager.filter(rule, pk=OuterRef(name))))


_CHILD: dict[str, Rule] = {Action.VIEW: of_visible_organisation}

RULES: dict[type[Model], dict[str, Any]] = {
    Organisation: {
        **ORGANISATIONS_TABLE.as_rules(),
        Action.REGISTER: office,
    },
    Role: {Action.VIEW: known_roles},
    Liaison: _CHILD,
    OrganisationLine: _CHILD,
    ContactList: {**LISTS_TABLE.as_rules(), Action.REGISTER: office},
    ListMember: {Action.VIEW: _members},
}
VERB_TABLES = (ORGANISATIONS_TABLE, LISTS_TABLE)
