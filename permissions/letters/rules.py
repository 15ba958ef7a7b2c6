"""Permissions on letters.

The office sees all of them, a department its own and, once issued, those addressed or referred to it. A confidential
letter is visible to its readers and the person whose turn it is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from backend.letters import actions  # noqa: F401 - declares the verbs
from backend.letters.choices import Confidentiality, Register
from backend.letters.models import (
    Addressee,
    Annex,
    FormOfAddress,
    Letter,
    LetterAttachment,
    LetterLine,
    LetterReference,
    LetterTemplate,
    Phrase,
    Step,
    Substitution,
)
from backend.letters.moves import Verb, letter_action
from backend.letters.templates_and_substitutes import waits_for
from backend.mailboxes import actions as conversations  # noqa: F401 - declares verbs of letters
from permissions.core.filters import (
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    all_if,
    either,
)
from permissions.core.relations import office
from permissions.core.viewer import Viewer


class LetterRelation(StrEnum):
    """What a viewer is to a letter."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    HEAD = "HEAD"  # heads the department that writes it
    WORKER = "WORKER"  # works in the department that writes it
    ADDRESSEE = "ADDRESSEE"  # works in a department that it is addressed or referred to
    OVERSEER = "OVERSEER"  # the deputy mayor of a department that has it
    RECEIVER = "RECEIVER"  # may answer it: it came in to them, or another department wrote it to theirs
    TURN = "TURN"  # it is their turn, or that of a person they stand in for today
    READER = "READER"  # they wrote, initialled or signed it, or are named


def _is_person(viewer: Viewer) -> bool:
    return viewer.user is not None and not viewer.user.is_superuser


def _named(viewer: Viewer) -> Q:
    return Q(readers__overlap=[viewer.user_id]) if _is_person(viewer) else NOTHING


def _open(viewer: Viewer) -> Q:
    """Not confidential, or the viewer reads it."""
    return either([Q(confidentiality=Confidentiality.NONE), _named(viewer)])


def _everywhere_if(condition: bool, viewer: Viewer) -> Q:
    return _open(viewer) if condition else NOTHING


def _written_by(departments: frozenset[int], viewer: Viewer) -> Q:
    return Q(department__in=departments) & _open(viewer) if departments else NOTHING


def _reached(departments: frozenset[int], viewer: Viewer) -> Q:
    return Q(departments__overlap=list(departments)) & _open(viewer) if departments else NOTHING


def _received(viewer: Viewer) -> Q:
    """Incoming letters by assignment; internal letters addressed to the viewer's department."""
    reached = _reached(viewer.staffs, viewer)
    came = either([_everywhere_if(viewer.is_office, viewer), reached])
    if came == NOTHING:
        return NOTHING
    incoming = Q(register=Register.INCOMING)
    if reached == NOTHING:
        return incoming & came
    return (incoming & came) | (~incoming & reached & ~Q(department__in=viewer.staffs))


def _turn(viewer: Viewer) -> Q:
    if not _is_person(viewer):
        return NOTHING
    return waits_for(viewer.user_id)


LETTER_RELATIONS: dict[LetterRelation, Rule] = {
    LetterRelation.OFFICE: lambda v: _everywhere_if(v.is_office, v),
    LetterRelation.SERVED: lambda v: _everywhere_if(v.sees_all and not v.is_office, v),
    LetterRelation.HEAD: lambda v: _written_by(v.heads, v),
    LetterRelation.WORKER: lambda v: _written_by(v.staffs, v),
    LetterRelation.ADDRESSEE: lambda v: _reached(v.staffs, v),
    LetterRelation.OVERSEER: lambda v: _reached(v.oversees, v),
    LetterRelation.RECEIVER: _received,
    LetterRelation.TURN: _turn,
    LetterRelation.READER: _named,
}

_DESK = frozenset({LetterRelation.OFFICE, LetterRelation.WORKER})
_REACHED = _DESK | {LetterRelation.ADDRESSEE}

LETTER_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(LetterRelation),
    Verb.WRITE: _DESK,
    Verb.SUBMIT: _DESK,
    Verb.INITIAL: frozenset({LetterRelation.TURN}),
    Verb.SIGN: frozenset({LetterRelation.TURN}),
    Verb.APPROVE: frozenset({LetterRelation.TURN}),
    Verb.REFUSE: frozenset({LetterRelation.TURN}),
    Verb.CARRY_OUT: _DESK,
    Verb.SEND_BACK: _DESK | {LetterRelation.TURN},
    Verb.REGISTER: _DESK,
    Verb.RECORD_NUMBER: _DESK,
    Verb.DISPATCH: _DESK,
    Verb.RECALL: _DESK,
    Verb.CONFIRM: _REACHED,
    Verb.CANCEL: _DESK,
    Verb.REFER: frozenset({LetterRelation.OFFICE}),
    Verb.FILE: _DESK,
    Verb.REPLY: frozenset({LetterRelation.RECEIVER}),
    Verb.REMIND: _DESK,
    Verb.ATTACH: _DESK,
    Verb.MESSAGE: _DESK,
    Verb.UNSEND: _DESK,
    Verb.COMMENT: _REACHED,
}
"""Verb -> the relations that may say it. Only whose turn it is initials and signs: no head and no office goes round."""


def _letters(viewer: Viewer) -> Q:
    """OR of the relations, merged so that PostgreSQL plans few branches."""
    if viewer.sees_all:
        return either([_open(viewer), _turn(viewer)])
    return either([_reached(viewer.departments, viewer), _named(viewer), _turn(viewer)])


LETTERS_TABLE = VerbTable(
    letter_action,
    model=Letter,
    relations=LETTER_RELATIONS,
    rules=LETTER_RULES,
    seen=_letters,
)


_of_visible_letter = SeenAsOwner(Letter, _letters, "letter")


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_letter}

RULES: dict[type[Model], dict[str, Any]] = {
    Letter: {**LETTERS_TABLE.as_rules(), Action.BEGIN: lambda v: all_if(bool(v.staffs))},
    Addressee: _CHILD,
    LetterReference: _CHILD,
    Annex: _CHILD,
    Step: _CHILD,
    LetterLine: _CHILD,
    LetterAttachment: _CHILD,
    **{
        model: {
            Action.VIEW: lambda v: all_if(v.user is not None),
            Action.CHANGE: office,
            Action.REGISTER: office,
        }
        for model in (LetterTemplate, Phrase, FormOfAddress)
    },
    Substitution: {Action.VIEW: lambda v: all_if(v.user is not None), Action.REGISTER: office},
}
VERB_TABLES = (LETTERS_TABLE,)
