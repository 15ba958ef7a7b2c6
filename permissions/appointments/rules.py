"""A part of THE TABLE: who may do what to requests for appointments and to the halk günü."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.appointments import actions  # noqa: F401 - declares the verbs
from backend.appointments.models import (
    AppointmentRequest,
    Promise,
    PublicDaySession,
    RequestAttachment,
    RequestLine,
    RequestNotice,
    Visit,
)
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.promise_moves import PromiseVerb, promise_action
from backend.mailboxes import actions as conversations  # noqa: F401 - declares verbs of requests
from backend.programme.models import Entry
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
from permissions.core.relations import office
from permissions.core.viewer import Viewer
from permissions.programme.rules import ENTRY_RELATIONS, EntryRelation, is_open_entry, of_visible_entry


class RequestRelation(StrEnum):
    """What a viewer is to a request."""

    KEEPER = "KEEPER"  # keeps the programme that is asked for
    PRINCIPAL = "PRINCIPAL"  # it is asked of them
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    DEPARTMENT = "DEPARTMENT"  # works in the department to which it was sent
    OVERSEER = "OVERSEER"  # the deputy mayor of that department


def _asked_of(principals: frozenset[int]) -> Q:
    return Q(principal__in=principals) if principals else NOTHING


def _sent_to(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


REQUEST_RELATIONS: dict[RequestRelation, Rule] = {
    RequestRelation.KEEPER: lambda v: _asked_of(v.keeps),
    RequestRelation.PRINCIPAL: lambda v: _asked_of(v.principal_of),
    RequestRelation.OFFICE: office,
    RequestRelation.SERVED: lambda v: all_if(v.sees_all and not v.is_office),
    RequestRelation.DEPARTMENT: lambda v: _sent_to(v.staffs),
    RequestRelation.OVERSEER: lambda v: _sent_to(v.oversees),
}

_KEEPS = frozenset({RequestRelation.KEEPER, RequestRelation.PRINCIPAL})
_DESK = _KEEPS | {RequestRelation.OFFICE}
_SETTLES = _KEEPS | {RequestRelation.DEPARTMENT}

REQUEST_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(RequestRelation),
    Verb.CORRECT: _DESK,
    Verb.LINK_PARTNER: _DESK,
    Verb.APPROVE: _KEEPS,
    Verb.PROPOSE: _KEEPS,
    Verb.ACCEPT: _DESK,
    Verb.REFUSE: _DESK,
    Verb.CONFIRM_COMING: _DESK,
    Verb.RESCHEDULE: _KEEPS,
    Verb.HAND_OVER: _KEEPS,
    Verb.CANCEL: _KEEPS,
    Verb.DECLINE: _KEEPS,
    Verb.REDIRECT: _KEEPS,
    Verb.CONVERT_TO_COMPLAINT: _DESK | {RequestRelation.DEPARTMENT},
    Verb.ASSIGN_TO_PUBLIC_DAY: _DESK,
    Verb.MOVE_VISIT: _DESK,
    Verb.REMOVE_FROM_PUBLIC_DAY: _DESK,
    Verb.ARRIVE: _DESK,
    Verb.CALL_IN: _DESK,
    Verb.COMPLETE_VISIT: _DESK,
    Verb.MARK_NO_SHOW: _DESK,
    Verb.COMPLETE: _SETTLES,
    Verb.UNDO: _DESK | {RequestRelation.DEPARTMENT},
    Verb.PROMISE: _DESK,
    Verb.WITHDRAW: _DESK,
    Verb.REOPEN: _KEEPS,
    Verb.MESSAGE: _DESK,
    Verb.UNSEND: _DESK,
    Verb.COMMENT: _DESK | {RequestRelation.DEPARTMENT},
    Verb.ATTACH: _DESK | {RequestRelation.DEPARTMENT},
}
"""Verb -> the relations that may perform it. Keepers of the programme decide who is received."""


def _requests(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return EVERYTHING
    return either([_asked_of(viewer.kept), _sent_to(viewer.departments)])


REQUESTS = VerbTable(
    appointment_action,
    model=AppointmentRequest,
    relations=REQUEST_RELATIONS,
    rules=REQUEST_RULES,
    seen=_requests,
)


def known_applicants(viewer: Viewer) -> Q:
    """Visible requests whose applicant the viewer may know: for keepers, for staff of the office with access to
    all citizens, and in a receiving department for those who know its citizens."""
    if viewer.sees_all_contacts:
        return EVERYTHING
    if not viewer.may("CONTACTS"):
        return NOTHING
    departments = frozenset() if viewer.sees_all else viewer.contacts_in & viewer.departments
    return either([_asked_of(viewer.kept), _sent_to(departments)])


def knows_applicant(viewer: Viewer, request: AppointmentRequest) -> bool:
    """`known_applicants` of one visible request that is at hand."""
    if viewer.sees_all_contacts:
        return True
    if not viewer.may("CONTACTS"):
        return False
    departments = frozenset() if viewer.sees_all else viewer.contacts_in & viewer.departments
    return request.principal_id in viewer.kept or request.department_id in departments


def citizens_of_requests(viewer: Viewer) -> Q:
    """The citizens who are known from a request, as a filter over their table."""
    if (rule := known_applicants(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(AppointmentRequest.objects.filter(rule, applicant=OuterRef("pk"))))


_of_visible_request = SeenAsOwner(AppointmentRequest, _requests, "request")


class PromiseRelation(StrEnum):
    """What a viewer is to a promise; to one of a confidential entry nothing, unless they are its named reader."""

    KEEPER = "KEEPER"  # keeps the programme in which it was made
    PRINCIPAL = "PRINCIPAL"  # they made it
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    DEPARTMENT = "DEPARTMENT"  # works in the department that is to keep it
    OVERSEER = "OVERSEER"  # the deputy mayor of that department
    RESPONSIBLE = "RESPONSIBLE"  # is to keep it themselves
    READER = "READER"  # sees the request, which was sent to their department, or the entry


def _at_request(rule: Q) -> Q:
    """Not by a join: who is to keep a promise sees it where its request is hidden."""
    return (
        rule
        if rule == NOTHING
        else Q(Exists(AppointmentRequest.objects.filter(rule, pk=OuterRef("request"))))
    )


def _responsible(viewer: Viewer) -> Q:
    """Responsible parties, excluding anonymous viewers and Bilgi İşlem, whatever a row names."""
    return Q(person=viewer.user_id) if viewer.user and not viewer.user.is_superuser else NOTHING


def _at_entry(*relations: EntryRelation) -> Rule:
    return lambda v: _of_entries(either(ENTRY_RELATIONS[relation](v) for relation in relations))


def _of_entries(rule: Q) -> Q:
    return rule if rule == NOTHING else Q(Exists(Entry.objects.filter(rule, pk=OuterRef("entry"))))


def _known(rule: Rule) -> Rule:
    """What was promised in a meeting that became confidential is its readers'."""
    return lambda v: both(rule(v), is_open_entry())


PROMISE_RELATIONS: dict[PromiseRelation, Rule] = {
    PromiseRelation.KEEPER: lambda v: either(
        [_at_request(_asked_of(v.keeps)), _at_entry(EntryRelation.KEEPER)(v)]
    ),
    PromiseRelation.PRINCIPAL: lambda v: either(
        [_at_request(_asked_of(v.principal_of)), _at_entry(EntryRelation.PRINCIPAL)(v)]
    ),
    PromiseRelation.OFFICE: _known(office),
    PromiseRelation.SERVED: _known(lambda v: all_if(v.sees_all and not v.is_office)),
    PromiseRelation.DEPARTMENT: _known(lambda v: _sent_to(v.staffs)),
    PromiseRelation.OVERSEER: _known(lambda v: _sent_to(v.oversees)),
    PromiseRelation.RESPONSIBLE: _known(_responsible),
    PromiseRelation.READER: lambda v: either(
        [_at_request(_sent_to(v.departments)), _at_entry(EntryRelation.READER, EntryRelation.PARTICIPANT)(v)]
    ),
}

_RECORDS = frozenset({PromiseRelation.KEEPER, PromiseRelation.PRINCIPAL, PromiseRelation.OFFICE})

PROMISE_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(PromiseRelation),
    PromiseVerb.KEEP: _RECORDS | {PromiseRelation.DEPARTMENT, PromiseRelation.RESPONSIBLE},
    PromiseVerb.BREAK: _RECORDS,
    PromiseVerb.CORRECT: _RECORDS,
    PromiseVerb.WITHDRAW: _RECORDS,
    PromiseVerb.REOPEN: _RECORDS,
}
"""Verb -> relations: the responsible party marks a promise as kept, its author marks it as broken."""


def _promises(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return is_open_entry()
    result = either([_sent_to(viewer.departments), _responsible(viewer)])
    return either([both(result, is_open_entry()), _of_visible_request(viewer), of_visible_entry(viewer)])


PROMISES = VerbTable(
    promise_action,
    model=Promise,
    relations=PROMISE_RELATIONS,
    rules=PROMISE_RULES,
    seen=_promises,
)


def _halls(viewer: Viewer) -> Q:
    """Days whose waiting room the viewer may follow: of a programme they keep, or with a visit they see. The day
    itself is public; the visitors are not."""
    if viewer.sees_all:
        return EVERYTHING
    kept, visits = _asked_of(viewer.kept), _of_visible_request(viewer)
    if visits == NOTHING:
        return kept
    return either([kept, Q(Exists(Visit.objects.filter(visits, session=OuterRef("pk"))))])


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_request}

RULES: dict[type[Model], dict[str, Any]] = {
    AppointmentRequest: REQUESTS.as_rules(),
    RequestLine: _CHILD,
    RequestNotice: _CHILD,
    RequestAttachment: _CHILD,
    Visit: _CHILD,
    Promise: PROMISES.as_rules(),
    PublicDaySession: {
        Action.VIEW: lambda v: EVERYTHING,
        Action.PLAN: lambda v: _asked_of(v.kept),
        Action.FOLLOW: _halls,
    },
}
VERB_TABLES = (REQUESTS, PROMISES)
