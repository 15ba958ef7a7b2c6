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
from backend.programme.models import Entry
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    VerbTable,
    all_if,
    both,
    either,
)
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


R = RequestRelation


def _asked_of(principals: frozenset[int]) -> Q:
    return Q(principal__in=principals) if principals else NOTHING


def _sent_to(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


REQUEST_RELATIONS: dict[RequestRelation, Rule] = {
    R.KEEPER: lambda v: _asked_of(v.keeps),
    R.PRINCIPAL: lambda v: _asked_of(v.principal_of),
    R.OFFICE: lambda v: all_if(v.is_office),
    R.SERVED: lambda v: all_if(v.sees_all and not v.is_office),
    R.DEPARTMENT: lambda v: _sent_to(v.staffs),
    R.OVERSEER: lambda v: _sent_to(v.oversees),
}

_KEEPS = frozenset({R.KEEPER, R.PRINCIPAL})
_DESK = _KEEPS | {R.OFFICE}
_SETTLES = _KEEPS | {R.DEPARTMENT}

REQUEST_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(R),
    Verb.CORRECT: _DESK,
    Verb.APPROVE: _KEEPS,
    Verb.PROPOSE: _KEEPS,
    Verb.ACCEPT: _DESK,
    Verb.REFUSE: _DESK,
    Verb.RESCHEDULE: _KEEPS,
    Verb.HAND_OVER: _KEEPS,
    Verb.CANCEL: _KEEPS,
    Verb.DECLINE: _KEEPS,
    Verb.REDIRECT: _KEEPS,
    Verb.TURN: _DESK | {R.DEPARTMENT},
    Verb.PUT_ON_PUBLIC_DAY: _DESK,
    Verb.MOVE_VISIT: _DESK,
    Verb.TAKE_OFF: _DESK,
    Verb.ARRIVE: _DESK,
    Verb.CALL_IN: _DESK,
    Verb.SEE_OUT: _DESK,
    Verb.MISS: _DESK,
    Verb.SETTLE: _SETTLES,
    Verb.UNDO: _DESK | {R.DEPARTMENT},
    Verb.PROMISE: _DESK,
    Verb.WITHDRAW: _DESK,
    Verb.REOPEN: _KEEPS,
    Verb.MESSAGE: _DESK,
    Verb.ATTACH: _DESK | {R.DEPARTMENT},
}
"""Verb -> the relations that may say it. Who is received is decided by whoever keeps the programme."""


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
    """The visible requests whose applicant the viewer may know: whoever keeps the programme, the office's people who
    know everybody, and in a department to which it was sent those who know its citizens."""
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


def _of_visible_request(viewer: Viewer) -> Q:
    """A child row is visible exactly when its request is."""
    if (rule := _requests(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(AppointmentRequest.objects.filter(rule, pk=OuterRef("request"))))


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


P = PromiseRelation


def _at_request(rule: Q) -> Q:
    """Not by a join: who is to keep a promise sees it where its request is hidden."""
    return (
        rule
        if rule == NOTHING
        else Q(Exists(AppointmentRequest.objects.filter(rule, pk=OuterRef("request"))))
    )


def _responsible(viewer: Viewer) -> Q:
    """Nobody and Bilgi İşlem are to keep nothing, whatever stands in a row."""
    return Q(person=viewer.user_id) if viewer.user and not viewer.user.is_superuser else NOTHING


def _at_entry(*relations: EntryRelation) -> Rule:
    return lambda v: _of_entries(either(ENTRY_RELATIONS[relation](v) for relation in relations))


def _of_entries(rule: Q) -> Q:
    return rule if rule == NOTHING else Q(Exists(Entry.objects.filter(rule, pk=OuterRef("entry"))))


def _known(rule: Rule) -> Rule:
    """What was promised in a meeting that became confidential is its readers'."""
    return lambda v: both(rule(v), is_open_entry())


_E = EntryRelation

PROMISE_RELATIONS: dict[PromiseRelation, Rule] = {
    P.KEEPER: lambda v: either([_at_request(_asked_of(v.keeps)), _at_entry(_E.KEEPER)(v)]),
    P.PRINCIPAL: lambda v: either([_at_request(_asked_of(v.principal_of)), _at_entry(_E.PRINCIPAL)(v)]),
    P.OFFICE: _known(lambda v: all_if(v.is_office)),
    P.SERVED: _known(lambda v: all_if(v.sees_all and not v.is_office)),
    P.DEPARTMENT: _known(lambda v: _sent_to(v.staffs)),
    P.OVERSEER: _known(lambda v: _sent_to(v.oversees)),
    P.RESPONSIBLE: _known(_responsible),
    P.READER: lambda v: either(
        [_at_request(_sent_to(v.departments)), _at_entry(_E.READER, _E.PARTICIPANT)(v)]
    ),
}

_RECORDS = frozenset({P.KEEPER, P.PRINCIPAL, P.OFFICE})

PROMISE_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(P),
    PromiseVerb.KEEP: _RECORDS | {P.DEPARTMENT, P.RESPONSIBLE},
    PromiseVerb.BREAK: _RECORDS,
    PromiseVerb.CORRECT: _RECORDS,
    PromiseVerb.WITHDRAW: _RECORDS,
    PromiseVerb.REOPEN: _RECORDS,
}
"""That it was kept says whoever was to keep it; that it will not be, whoever promised."""


def _promises(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return is_open_entry()
    told = either([_sent_to(viewer.departments), _responsible(viewer)])
    return either([both(told, is_open_entry()), _of_visible_request(viewer), of_visible_entry(viewer)])


PROMISES = VerbTable(
    promise_action,
    model=Promise,
    relations=PROMISE_RELATIONS,
    rules=PROMISE_RULES,
    seen=_promises,
)


def _halls(viewer: Viewer) -> Q:
    """The days of which one is told what happens in the hall: of a programme that one keeps, or with a visit that one
    sees. That there is such a day everybody may know; who comes and goes on it, and when, not."""
    if viewer.sees_all:
        return EVERYTHING
    kept, visits = _asked_of(viewer.kept), _of_visible_request(viewer)
    if visits == NOTHING:
        return kept
    return either([kept, Q(Exists(Visit.objects.filter(visits, session=OuterRef("pk"))))])


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_request}

APPOINTMENTS: dict[type[Model], dict[str, Any]] = {
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
