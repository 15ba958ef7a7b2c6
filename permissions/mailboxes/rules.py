"""A part of THE TABLE: mailboxes and lines, which Bilgi İşlem manages, and the messages that came in, which are their
unit's."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint, SocialPost
from backend.letters.models import Letter
from backend.mailboxes import actions  # noqa: F401 - declares the verbs
from backend.mailboxes.choices import Status
from backend.mailboxes.conversation import ConversationMessage
from backend.mailboxes.models import (
    UNBOUND,
    InboundFile,
    InboundMessage,
    Mailbox,
    MessageLine,
    WrittenFile,
    WrittenMessage,
)
from backend.mailboxes.moves import Verb, inbound_message_action
from backend.partners.models import Organisation
from permissions.appointments.rules import REQUESTS, known_applicants
from permissions.complaints.rules import COMPLAINTS, known_persons, posts_of_known
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
from permissions.core.relations import administrator, office, served
from permissions.core.viewer import Viewer
from permissions.letters.rules import LETTERS_TABLE
from permissions.partners.rules import ORGANISATIONS_TABLE, known_there


class InboundMessageRelation(StrEnum):
    """What a viewer is to a mail that came in."""

    OFFICE = "OFFICE"  # works in the private office, which coordinates what comes in
    SERVED = "SERVED"  # the private office serves them: the mayor
    WORKER = "WORKER"  # works in the unit on whose desk it lies
    OVERSEER = "OVERSEER"  # the deputy mayor of that unit
    KNOWING = "KNOWING"  # sees the matter that it is part of, and may know its person, whom it names


def _of_desks(viewer: Viewer, desks: Q) -> Q:
    """Those of the desks that are no part of a matter. A mail names a person: a token needs the scope for that."""
    return both(UNBOUND, desks) if viewer.may("CONTACTS") else NOTHING


def _on_desk_of(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


def _joined(edge: str, model: type[Model], rule: Q) -> Q:
    if rule == NOTHING:
        return NOTHING
    if rule == EVERYTHING:
        return Q(**{f"{edge}__isnull": False})
    rows: Any = model._default_manager.filter(rule, pk=OuterRef(edge))
    return Q(Exists(rows))


_SEEN_CASES: Rule = COMPLAINTS.as_rules()[Action.VIEW]
_SEEN_REQUESTS: Rule = REQUESTS.as_rules()[Action.VIEW]
_SEEN_LETTERS: Rule = LETTERS_TABLE.as_rules()[Action.VIEW]
_SEEN_ORGANISATIONS: Rule = ORGANISATIONS_TABLE.as_rules()[Action.VIEW]


def _of_known_matter(viewer: Viewer) -> Q:
    case = both(_SEEN_CASES(viewer), known_persons(viewer))
    request = both(_SEEN_REQUESTS(viewer), known_applicants(viewer))
    letter = both(_SEEN_LETTERS(viewer), all_if(viewer.may("CONTACTS") and bool(viewer.contacts_in)))
    return either(
        [
            _joined("complaint", Complaint, case),
            _joined("appointment_request", AppointmentRequest, request),
            _joined("letter", Letter, letter),
            _joined("organisation", Organisation, known_there(viewer)),
        ]
    )


INBOUND_MESSAGE_RELATIONS: dict[InboundMessageRelation, Rule] = {
    InboundMessageRelation.OFFICE: lambda v: both(office(v), _mails(v)),
    InboundMessageRelation.SERVED: lambda v: both(served(v), _mails(v)),
    InboundMessageRelation.WORKER: lambda v: both(_on_desk_of(v.staffs), _mails(v)),
    InboundMessageRelation.OVERSEER: lambda v: both(_on_desk_of(v.oversees), _mails(v)),
    InboundMessageRelation.KNOWING: _of_known_matter,
}
_DESK = frozenset({InboundMessageRelation.OFFICE, InboundMessageRelation.WORKER})
INBOUND_MESSAGE_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(InboundMessageRelation),
    Verb.MAKE_CASE: _DESK,
    Verb.MAKE_REQUEST: _DESK,
    Verb.MAKE_LETTER: _DESK,
    Verb.JOIN: _DESK,
    Verb.TAKE_OUT: _DESK,
    Verb.ROUTE: _DESK,
    Verb.SET_ASIDE: _DESK,
    Verb.TAKE_UP: _DESK,
    Verb.VOID_REFUSAL: frozenset({InboundMessageRelation.OFFICE}),
}
"""Every member of staff of the unit works its desk: refusing a petition is an offence (TCK 121)."""


def _of_unit(viewer: Viewer) -> Q:
    """The office sees all of them, a unit its own."""
    return EVERYTHING if viewer.sees_all else _on_desk_of(viewer.departments)


def _mailboxes(viewer: Viewer) -> Q:
    return either([_of_unit(viewer), administrator(viewer)])


def _mails(viewer: Viewer) -> Q:
    """The mails on one's desks, and those that are part of a matter whose person, whom they name, one may know."""
    return either([_of_desks(viewer, _of_unit(viewer)), _of_known_matter(viewer)])


INBOUND_MESSAGES_TABLE = VerbTable(
    inbound_message_action,
    model=InboundMessage,
    relations=INBOUND_MESSAGE_RELATIONS,
    rules=INBOUND_MESSAGE_RULES,
    seen=_mails,
)


_of_visible_mail = SeenAsOwner(InboundMessage, _mails, "mail")


def _written(viewer: Viewer) -> Q:
    """The internal notes of the matters that one sees, and what was written to persons whom one may know there."""
    letter, organisation = _SEEN_LETTERS(viewer), _SEEN_ORGANISATIONS(viewer)
    knows_persons = all_if(viewer.may("CONTACTS") and bool(viewer.contacts_in))
    of_any = [
        _joined("appointment_request", AppointmentRequest, _SEEN_REQUESTS(viewer)),
        _joined("letter", Letter, letter),
        _joined("organisation", Organisation, organisation),
    ]
    return either(
        [
            both(Q(is_note=True), either(of_any)),
            _joined("letter", Letter, both(letter, knows_persons)),
            _joined("organisation", Organisation, known_there(viewer)),
        ]
    )


_of_visible_written = SeenAsOwner(WrittenMessage, _written, "written")


def _or_none(edge: str, model: type[Model], rule: Q) -> Q:
    """The messages that are no such row, or one that is seen."""
    return either([Q(**{f"{edge}__isnull": True}), _joined(edge, model, rule)])


def _has_no_other_first(viewer: Viewer) -> Q:
    """The words of matters that were made of no mail and no post that one sees."""
    edges = (
        ("complaint", "complaint"),
        ("appointment_request", "appointment_request"),
        ("letter", "of_letter"),
    )
    of_matter = functools.reduce(Q.__or__, (Q(**{edge: OuterRef(theirs)}) for edge, theirs in edges))
    made = InboundMessage.objects.filter(_mails(viewer), of_matter, status=Status.MADE)
    posts = SocialPost.objects.filter(
        posts_of_known(viewer), complaint=OuterRef("complaint"), text=OuterRef("text")
    )
    return Q(~Exists(made)) & Q(~Exists(posts))


def _conversation(viewer: Viewer) -> Q:
    """The messages of the matters that one sees, without the mails, letters and posts that one does not see.

    A matter begins with its own words, or with the mail or the post that it was made of for who sees that.
    """
    of_matter = either(
        [
            _joined("complaint", Complaint, _SEEN_CASES(viewer)),
            _joined("appointment_request", AppointmentRequest, _SEEN_REQUESTS(viewer)),
            _joined("letter", Letter, _SEEN_LETTERS(viewer)),
            _joined("organisation", Organisation, _SEEN_ORGANISATIONS(viewer)),
        ]
    )
    if of_matter == NOTHING:
        return NOTHING
    parts = [
        either([Q(is_first=False), _has_no_other_first(viewer)]),
        _or_none("mail", InboundMessage, _mails(viewer)),
        _or_none("written", WrittenMessage, _written(viewer)),
        _or_none("of_letter", Letter, _SEEN_LETTERS(viewer)),
        _or_none("post", SocialPost, posts_of_known(viewer)),
    ]
    return functools.reduce(both, parts, of_matter)


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_mail}
_MANAGED: dict[str, Rule] = {
    Action.VIEW: _mailboxes,
    Action.CHANGE: administrator,
    Action.REGISTER: administrator,
}

RULES: dict[type[Model], dict[str, Any]] = {
    Mailbox: _MANAGED,
    MessageLine: _MANAGED,
    InboundMessage: INBOUND_MESSAGES_TABLE.as_rules(),
    InboundFile: _CHILD,
    WrittenMessage: {Action.VIEW: _written},
    WrittenFile: {Action.VIEW: _of_visible_written},
    ConversationMessage: {Action.VIEW: _conversation},
}
VERB_TABLES = (INBOUND_MESSAGES_TABLE,)
