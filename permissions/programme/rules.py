"""Permissions on the programmes of the mayor and the deputies.

Confidential entries are visible to named readers alone: every relation carries that condition, including office,
keepers and administrators. Busy times are public inside the office (`app.busy`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, Model, OuterRef, Q

from backend.appointments import actions as appointments  # noqa: F401 - declares the promise
from backend.programme import actions  # noqa: F401 - declares the verbs
from backend.programme.models import (
    DepartmentNote,
    Entry,
    EntryLine,
    NamedReader,
    Participant,
    Preparation,
    PressItem,
    Principal,
    PublicDayRule,
    StandIn,
    WorkingHours,
)
from backend.programme.moves import Verb, entry_action
from backend.programme.note_moves import NoteVerb, note_action
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    all_if,
    both,
    either,
)
from permissions.core.relations import everybody
from permissions.core.viewer import Viewer


class EntryRelation(StrEnum):
    """What a viewer is to an entry of a programme."""

    KEEPER = "KEEPER"  # keeps this programme today
    PRINCIPAL = "PRINCIPAL"  # it is their own programme
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor, of a deputy's programme
    READER = "READER"  # reads this programme, or is a named reader of a confidential entry
    PARTICIPANT = "PARTICIPANT"  # takes part


def _open(viewer: Viewer) -> Q:
    """Not confidential, or the viewer is named."""
    return either([Q(is_confidential=False), _named(viewer)])


def _is_person(viewer: Viewer) -> bool:
    """Named persons and participants, excluding anonymous viewers and Bilgi İşlem, whatever a row names."""
    return viewer.user is not None and not viewer.user.is_superuser


def _named(viewer: Viewer) -> Q:
    return Q(is_confidential=True, readers__overlap=[viewer.user_id]) if _is_person(viewer) else NOTHING


def _of(principals: frozenset[int], viewer: Viewer) -> Q:
    return Q(principal__in=principals) & _open(viewer) if principals else NOTHING


def _everywhere_if(condition: bool, viewer: Viewer) -> Q:
    return _open(viewer) if condition else NOTHING


def _takes_part(viewer: Viewer) -> Q:
    return both(Q(staff__overlap=[viewer.user_id]), _open(viewer)) if _is_person(viewer) else NOTHING


ENTRY_RELATIONS: dict[EntryRelation, Rule] = {
    EntryRelation.KEEPER: lambda v: _of(v.keeps, v),
    EntryRelation.PRINCIPAL: lambda v: _of(v.principal_of, v),
    EntryRelation.OFFICE: lambda v: _everywhere_if(v.is_office, v),
    EntryRelation.SERVED: lambda v: _everywhere_if(v.sees_all and not v.is_office, v),
    EntryRelation.READER: lambda v: either([_of(v.reads_programmes, v), _named(v)]),
    EntryRelation.PARTICIPANT: _takes_part,
}

_KEEPS = frozenset({EntryRelation.KEEPER, EntryRelation.PRINCIPAL})

ENTRY_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(EntryRelation),
    Action.BRIEF: frozenset(EntryRelation) - {EntryRelation.PARTICIPANT},
    **dict.fromkeys(Verb, _KEEPS),
}
"""Verb -> the relations that may perform it: keepers and the principal. Participants do not read the briefing
sheet."""


def _entries(viewer: Viewer) -> Q:
    """OR of the relations, merged so that PostgreSQL plans few branches."""
    if viewer.sees_all:
        return _open(viewer)
    return either([_of(viewer.programmes, viewer), _named(viewer), _takes_part(viewer)])


ENTRIES = VerbTable(
    entry_action,
    model=Entry,
    relations=ENTRY_RELATIONS,
    rules=ENTRY_RULES,
    seen=_entries,
)


of_visible_entry = SeenAsOwner(Entry, _entries, "entry")


def is_open_entry() -> Q:
    """Condition for rows with an optional entry: none, or one that is not confidential for the viewer. The
    database checks it, since only it sees every entry: a keeper need not read the programme of the representing
    deputy."""
    is_open = Func(F("entry"), function="app.entry_is_open", output_field=BooleanField())
    return Q(entry__isnull=True) | Q(is_open)


def _briefed(viewer: Viewer) -> Q:
    """The entries whose preparation they read, in few arms."""
    if viewer.sees_all:
        return _open(viewer)
    return either([_of(viewer.programmes, viewer), _named(viewer)])


def _at_entry(rule: Q) -> Q:
    """Of rows of entries. Not by a join: a department sees its note where the entry is hidden."""
    return rule if rule == NOTHING else Q(Exists(Entry.objects.filter(rule, pk=OuterRef("entry"))))


class NoteRelation(StrEnum):
    """What a viewer is to the note that a department is asked for."""

    KEEPER = "KEEPER"  # keeps the programme
    PRINCIPAL = "PRINCIPAL"  # it is for them
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them
    READER = "READER"  # reads the programme, or is a named reader of the entry
    DEPARTMENT = "DEPARTMENT"  # works in the department that is asked
    OVERSEER = "OVERSEER"  # the deputy mayor of that department


def _asked(departments: frozenset[int]) -> Q:
    return Q(department__in=departments, is_withheld=False) if departments else NOTHING


def _of_its_entry(rule: Rule) -> Rule:
    return lambda viewer: _at_entry(rule(viewer))


NOTE_RELATIONS: dict[NoteRelation, Rule] = {
    **{
        NoteRelation(relation): _of_its_entry(ENTRY_RELATIONS[relation])
        for relation in (
            EntryRelation.KEEPER,
            EntryRelation.PRINCIPAL,
            EntryRelation.OFFICE,
            EntryRelation.SERVED,
            EntryRelation.READER,
        )
    },
    NoteRelation.DEPARTMENT: lambda v: _asked(v.staffs),
    NoteRelation.OVERSEER: lambda v: _asked(v.oversees),
}

_ASKS = frozenset({NoteRelation.KEEPER, NoteRelation.PRINCIPAL})

NOTE_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(NoteRelation),
    NoteVerb.WRITE: frozenset({NoteRelation.DEPARTMENT, NoteRelation.KEEPER}),
    NoteVerb.RETURN: _ASKS,
    NoteVerb.ASK_AGAIN: _ASKS,
    NoteVerb.WITHDRAW: _ASKS,
}
"""Keepers may record a department's note from the telephone."""


def _notes(viewer: Viewer) -> Q:
    return either([_at_entry(_briefed(viewer)), _asked(viewer.departments)])


NOTES = VerbTable(
    note_action,
    model=DepartmentNote,
    relations=NOTE_RELATIONS,
    rules=NOTE_RULES,
    seen=_notes,
)


def _press_items(viewer: Viewer) -> Q:
    """For the press unit, and for those who see the entry. Confidential entries have none."""
    if viewer.sees_all:
        return EVERYTHING
    of_press = Q(principal__in=viewer.press_of) if viewer.press_of else NOTHING
    return either([of_press, of_visible_entry(viewer)])


def _manages(viewer: Viewer) -> Q:
    """Whose programmes there are, and their hours: the head of the office, and bilgi işlem."""
    runs_it = bool(viewer.user and viewer.user.is_superuser and viewer.scopes is None)
    return all_if(runs_it or (viewer.heads_office and viewer.scopes is None))


_CHILD: dict[str, Rule] = {Action.VIEW: of_visible_entry}
_MANAGED: dict[str, Rule] = {Action.VIEW: everybody, Action.CHANGE: _manages}


def _may_plan(viewer: Viewer) -> Q:
    return Q(pk__in=viewer.kept) if viewer.kept else NOTHING


def _may_instruct_for(viewer: Viewer) -> Q:
    """Whose instructions they may write down: the office everybody's, a keeper those of whom they keep for."""
    return EVERYTHING if viewer.is_office else _may_plan(viewer)


RULES: dict[type[Model], dict[str, Any]] = {
    Principal: {**_MANAGED, Action.PLAN: _may_plan, Action.INSTRUCT: _may_instruct_for},
    WorkingHours: _MANAGED,
    PublicDayRule: _MANAGED,
    StandIn: _MANAGED,
    Entry: ENTRIES.as_rules(),
    Participant: _CHILD,
    NamedReader: _CHILD,
    EntryLine: _CHILD,
    Preparation: {Action.VIEW: lambda v: _at_entry(_briefed(v))},
    DepartmentNote: NOTES.as_rules(),
    PressItem: {Action.VIEW: _press_items},
}
VERB_TABLES = (ENTRIES, NOTES)
