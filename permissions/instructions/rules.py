"""A part of THE TABLE: who may do what to the instructions of a principal.

What is confidential is seen by its named readers and by the departments it is addressed to: every other relation
carries that condition, so that no office, no keeper and no administrator goes round it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.instructions import actions  # noqa: F401 - declares the verbs
from backend.instructions.models import (
    Collaboration,
    Dictation,
    Instruction,
    InstructionAttachment,
    InstructionLine,
    InstructionReader,
)
from backend.instructions.moves import Verb, instruction_action
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    all_if,
    either,
)
from permissions.core.viewer import Viewer


class InstructionRelation(StrEnum):
    """What a viewer is to an instruction."""

    PRINCIPAL = "PRINCIPAL"  # they gave it
    KEEPER = "KEEPER"  # keeps the programme of who gave it
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor, of a deputy's instruction
    HEAD = "HEAD"  # heads, or acts for the head of, the responsible department
    WORKER = "WORKER"  # works in the responsible department
    COLLABORATOR = "COLLABORATOR"  # works in a collaborating department
    OVERSEER = "OVERSEER"  # the deputy mayor of a department that has it
    RESPONSIBLE = "RESPONSIBLE"  # is to do it themselves
    READER = "READER"  # is named in a confidential one


def _is_person(viewer: Viewer) -> bool:
    """Named persons, excluding anonymous viewers and Bilgi İşlem, whatever a row names."""
    return viewer.user is not None and not viewer.user.is_superuser


def _named(viewer: Viewer) -> Q:
    return Q(is_confidential=True, readers__overlap=[viewer.user_id]) if _is_person(viewer) else NOTHING


def _open(viewer: Viewer) -> Q:
    """Not confidential, or the viewer is named."""
    return either([Q(is_confidential=False), _named(viewer)])


def _given_by(principals: frozenset[int], viewer: Viewer) -> Q:
    return Q(principal__in=principals) & _open(viewer) if principals else NOTHING


def _everywhere_if(condition: bool, viewer: Viewer) -> Q:
    return _open(viewer) if condition else NOTHING


def _with(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


def _helped_by(departments: frozenset[int]) -> Q:
    return Q(collaborators__overlap=list(departments)) if departments else NOTHING


def _responsible(viewer: Viewer) -> Q:
    return Q(person=viewer.user_id) if _is_person(viewer) else NOTHING


INSTRUCTION_RELATIONS: dict[InstructionRelation, Rule] = {
    InstructionRelation.PRINCIPAL: lambda v: _given_by(v.principal_of, v),
    InstructionRelation.KEEPER: lambda v: _given_by(v.keeps, v),
    InstructionRelation.OFFICE: lambda v: _everywhere_if(v.is_office, v),
    InstructionRelation.SERVED: lambda v: _everywhere_if(v.sees_all and not v.is_office, v),
    InstructionRelation.HEAD: lambda v: _with(v.heads),
    InstructionRelation.WORKER: lambda v: _with(v.staffs),
    InstructionRelation.COLLABORATOR: lambda v: _helped_by(v.staffs),
    InstructionRelation.OVERSEER: lambda v: either([_with(v.oversees), _helped_by(v.oversees)]),
    InstructionRelation.RESPONSIBLE: _responsible,
    InstructionRelation.READER: _named,
}

_DECIDES = frozenset({InstructionRelation.PRINCIPAL, InstructionRelation.KEEPER, InstructionRelation.OFFICE})
_DOES = frozenset({InstructionRelation.WORKER, InstructionRelation.RESPONSIBLE})
_WORKS_ON_IT = _DECIDES | _DOES | {InstructionRelation.COLLABORATOR}

INSTRUCTION_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(InstructionRelation),
    Verb.ACKNOWLEDGE: _DOES,
    Verb.REPORT: _DOES,
    Verb.NOTE: _WORKS_ON_IT | {InstructionRelation.OVERSEER},
    Verb.REQUEST_EXTENSION: _DOES,
    Verb.REFUSE: frozenset({InstructionRelation.HEAD, InstructionRelation.RESPONSIBLE}),
    Verb.ACCEPT: _DECIDES,
    Verb.SEND_BACK: _DECIDES,
    Verb.GRANT_EXTENSION: _DECIDES,
    Verb.REJECT_EXTENSION: _DECIDES,
    Verb.INSIST: _DECIDES,
    Verb.REASSIGN: _DECIDES,
    Verb.CONFIRM: _DECIDES,
    Verb.CORRECT: _DECIDES,
    Verb.ADD_COLLABORATOR: _DECIDES,
    Verb.RELEASE_COLLABORATOR: _DECIDES,
    Verb.ATTACH: _WORKS_ON_IT,
    Verb.CONCEAL: _DECIDES,
    Verb.DISCLOSE: _DECIDES,
    Verb.NAME_READER: _DECIDES,
    Verb.UNNAME_READER: _DECIDES,
    Verb.WITHDRAW: _DECIDES,
    Verb.REOPEN: _DECIDES,
}
"""Verb -> the relations that may say it. The department does and answers, its head alone refuses; who gave it, or the
office for them, decides."""


def _instructions(viewer: Viewer) -> Q:
    """OR of the relations, merged so that PostgreSQL plans few branches."""
    addressed = [_with(viewer.departments), _helped_by(viewer.departments), _responsible(viewer)]
    if viewer.sees_all:
        return either([_open(viewer), *addressed])
    return either([*addressed, _given_by(viewer.kept, viewer), _named(viewer)])


INSTRUCTIONS_TABLE = VerbTable(
    instruction_action,
    model=Instruction,
    relations=INSTRUCTION_RELATIONS,
    rules=INSTRUCTION_RULES,
    seen=_instructions,
)


_of_visible_instruction = SeenAsOwner(Instruction, _instructions, "instruction")


def _dictations(viewer: Viewer) -> Q:
    """Those of the viewer's principals; the private office and whom it serves see all."""
    if viewer.sees_all:
        return EVERYTHING
    return Q(principal__in=viewer.kept) if viewer.kept else NOTHING


def _written_down(viewer: Viewer) -> Q:
    """Those that the viewer may record as instructions, or discard."""
    if viewer.is_office:
        return EVERYTHING
    return Q(principal__in=viewer.kept) if viewer.kept else NOTHING


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_instruction}

RULES: dict[type[Model], dict[str, Any]] = {
    Instruction: {
        **INSTRUCTIONS_TABLE.as_rules(),
        Action.REGISTER: lambda v: all_if(v.is_office or bool(v.kept)),
    },
    InstructionLine: _CHILD,
    InstructionAttachment: _CHILD,
    Collaboration: _CHILD,
    InstructionReader: _CHILD,
    Dictation: {Action.VIEW: _dictations, Action.CHANGE: _written_down},
}
VERB_TABLES = (INSTRUCTIONS_TABLE,)
