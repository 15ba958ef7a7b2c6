"""Permissions on events and ceremonies, their tasks and guests.

An event is visible to keepers of the programme, the office, its team and departments with a task; its guests to the
office and the team alone. The press unit reads a note of its own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.events import actions  # noqa: F401 - declares the verbs
from backend.events.choices import Audience, Status
from backend.events.models import (
    AgendaItem,
    Arrival,
    ElectionPeriod,
    Event,
    EventAttachment,
    EventLine,
    EventNote,
    EventPart,
    EventPartner,
    EventPicture,
    EventTask,
    Guest,
    GuestGroup,
    GuestLine,
    GuestOrigin,
    PicturePermission,
    PublishedEvent,
    TeamMember,
)
from backend.events.moves import GuestVerb, TaskVerb, Verb, event_action, guest_action, task_action
from backend.portals.models import Scope
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
from permissions.core.relations import everybody, office, served
from permissions.core.viewer import Viewer
from permissions.partners.rules import of_visible_organisation


class EventRelation(StrEnum):
    """What a viewer is to an event."""

    KEEPER = "KEEPER"  # keeps the programme in which it stands
    PRINCIPAL = "PRINCIPAL"  # it is theirs
    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor
    TEAM = "TEAM"  # has a duty at it
    DEPARTMENT = "DEPARTMENT"  # works in a department that has a task
    OVERSEER = "OVERSEER"  # the deputy mayor of that department
    PRESS = "PRESS"  # the press unit, once it is announced


TOLD_TO_PRESS = (Status.ANNOUNCED, Status.HELD, Status.CLOSED)


def _of(principals: frozenset[int]) -> Q:
    return Q(principal__in=principals) if principals else NOTHING


def _is_person(viewer: Viewer) -> bool:
    """Duty holders, excluding anonymous viewers and Bilgi İşlem, whatever a row names."""
    return viewer.user is not None and not viewer.user.is_superuser


def _has_duty(viewer: Viewer) -> Q:
    return Q(team__overlap=[viewer.user_id]) if _is_person(viewer) else NOTHING


def _tasked(departments: frozenset[int]) -> Q:
    return Q(departments__overlap=list(departments)) if departments else NOTHING


def _of_press(viewer: Viewer) -> Q:
    return _of(viewer.press_of) & Q(status__in=TOLD_TO_PRESS) if viewer.press_of else NOTHING


EVENT_RELATIONS: dict[EventRelation, Rule] = {
    EventRelation.KEEPER: lambda v: _of(v.keeps),
    EventRelation.PRINCIPAL: lambda v: _of(v.principal_of),
    EventRelation.OFFICE: office,
    EventRelation.SERVED: served,
    EventRelation.TEAM: _has_duty,
    EventRelation.DEPARTMENT: lambda v: _tasked(v.staffs),
    EventRelation.OVERSEER: lambda v: _tasked(v.oversees),
    EventRelation.PRESS: _of_press,
}

_KEEPS = frozenset({EventRelation.KEEPER, EventRelation.PRINCIPAL})
_DESK = _KEEPS | {EventRelation.OFFICE}
_DOOR = _DESK | {EventRelation.TEAM}
_KEEPERS_VERBS = (Verb.PUT_PART, Verb.DROP_PART, Verb.CANCEL)

EVENT_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(EventRelation),
    **dict.fromkeys(Verb, _DESK),
    **dict.fromkeys(_KEEPERS_VERBS, _KEEPS),
    Verb.CHECK_IN: _DOOR,
    Verb.ATTACH: _DOOR,
}
"""Verb -> the relations that may perform it. Keepers of the programme decide what enters and leaves it."""


def _desk(viewer: Viewer) -> Q:
    """Events that the viewer sees completely."""
    return EVERYTHING if viewer.sees_all else _of(viewer.kept)


def _inside(viewer: Viewer) -> Q:
    """Events whose guests the viewer sees."""
    return either([_desk(viewer), _has_duty(viewer)])


def _events(viewer: Viewer) -> Q:
    """OR of the relations, merged so that PostgreSQL plans few branches."""
    return either([_inside(viewer), _tasked(viewer.departments), _of_press(viewer)])


EVENTS_TABLE = VerbTable(
    event_action,
    model=Event,
    relations=EVENT_RELATIONS,
    rules=EVENT_RULES,
    seen=_events,
)


def _at(rule: Q) -> Q:
    """Of rows that hang on an event to which the rule applies."""
    return (
        rule if rule in (EVERYTHING, NOTHING) else Q(Exists(Event.objects.filter(rule, pk=OuterRef("event"))))
    )


class TaskRelation(StrEnum):
    """What a viewer is to a task of an event."""

    KEEPER = "KEEPER"
    PRINCIPAL = "PRINCIPAL"
    OFFICE = "OFFICE"
    SERVED = "SERVED"
    TEAM = "TEAM"
    DEPARTMENT = "DEPARTMENT"  # works in the department that is to do it
    OVERSEER = "OVERSEER"
    RESPONSIBLE = "RESPONSIBLE"  # is to do it themselves


def _with(departments: frozenset[int]) -> Q:
    return Q(department__in=departments) if departments else NOTHING


def _responsible(viewer: Viewer) -> Q:
    return Q(person=viewer.user_id) if _is_person(viewer) else NOTHING


def _of_its_event(rule: Rule) -> Rule:
    return lambda viewer: _at(rule(viewer))


TASK_RELATIONS: dict[TaskRelation, Rule] = {
    **{
        TaskRelation(relation): _of_its_event(EVENT_RELATIONS[relation])
        for relation in (
            EventRelation.KEEPER,
            EventRelation.PRINCIPAL,
            EventRelation.OFFICE,
            EventRelation.SERVED,
            EventRelation.TEAM,
        )
    },
    TaskRelation.DEPARTMENT: lambda v: _with(v.staffs),
    TaskRelation.OVERSEER: lambda v: _with(v.oversees),
    TaskRelation.RESPONSIBLE: _responsible,
}

_TASK_DESK = frozenset({TaskRelation.KEEPER, TaskRelation.PRINCIPAL, TaskRelation.OFFICE})
_DOES = _TASK_DESK | {TaskRelation.DEPARTMENT, TaskRelation.RESPONSIBLE}

TASK_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(TaskRelation),
    TaskVerb.FINISH: _DOES,
    TaskVerb.RESUME: _DOES,
    TaskVerb.CORRECT: _TASK_DESK,
    TaskVerb.DROP: _TASK_DESK,
}


def _tasks(viewer: Viewer) -> Q:
    return either([_at(_inside(viewer)), _with(viewer.departments), _responsible(viewer)])


TASKS_TABLE = VerbTable(
    task_action,
    model=EventTask,
    relations=TASK_RELATIONS,
    rules=TASK_RULES,
    seen=_tasks,
)


class GuestRelation(StrEnum):
    """What a viewer is to a guest of an event."""

    KEEPER = "KEEPER"
    PRINCIPAL = "PRINCIPAL"
    OFFICE = "OFFICE"
    SERVED = "SERVED"
    TEAM = "TEAM"


def with_guests(viewer: Viewer) -> Q:
    """Events whose guests the viewer may know: a guest list is personal data, and needs that right too."""
    if viewer.sees_all_contacts:
        return EVERYTHING
    return either([_of(viewer.kept), _has_duty(viewer)]) if viewer.may(Scope.CONTACTS) else NOTHING


def knows_guests(viewer: Viewer, event: Event) -> bool:
    """`_with_guests` of one visible event that is at hand."""
    if viewer.sees_all_contacts:
        return True
    is_inside = event.principal_id in viewer.kept or (_is_person(viewer) and viewer.user_id in event.team)
    return is_inside and viewer.may(Scope.CONTACTS)


def sees_whole_file(viewer: Viewer, event: Event) -> bool:
    """Whether everything of a visible event is for them: `_desk` of one that is at hand."""
    return viewer.sees_all or event.principal_id in viewer.kept


def _of_its_event_with_guests(rule: Rule) -> Rule:
    return lambda viewer: _at(both(rule(viewer), with_guests(viewer)))


GUEST_RELATIONS: dict[GuestRelation, Rule] = {
    GuestRelation(relation): _of_its_event_with_guests(EVENT_RELATIONS[relation])
    for relation in (
        EventRelation.KEEPER,
        EventRelation.PRINCIPAL,
        EventRelation.OFFICE,
        EventRelation.SERVED,
        EventRelation.TEAM,
    )
}

_LIST = frozenset({GuestRelation.KEEPER, GuestRelation.PRINCIPAL, GuestRelation.OFFICE})
_TELEPHONE = _LIST | {GuestRelation.TEAM}

GUEST_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(GuestRelation),
    **dict.fromkeys(GuestVerb, _LIST),
    GuestVerb.ANSWER: _TELEPHONE,
    GuestVerb.CALL: _TELEPHONE,
    GuestVerb.UNDO_ARRIVAL: _TELEPHONE,
}
"""The office manages the list; duty holders call guests and check them in."""


def _guests(viewer: Viewer) -> Q:
    return _at(with_guests(viewer))


GUESTS_TABLE = VerbTable(
    guest_action,
    model=Guest,
    relations=GUEST_RELATIONS,
    rules=GUEST_RULES,
    seen=_guests,
)


def citizens_of_guests(viewer: Viewer) -> Q:
    """The persons who are known from a list of guests, as a filter over their table."""
    if (rule := with_guests(viewer)) in (EVERYTHING, NOTHING):
        return rule
    guests = Guest.objects.filter(person=OuterRef("pk"))
    return Q(Exists(guests.filter(Exists(Event.objects.filter(rule, pk=OuterRef("event"))))))


def _notes(viewer: Viewer) -> Q:
    """Notes by audience: the host's for viewers of everything, the organisers' for the event's workers."""
    organisers = either([_inside(viewer), _tasked(viewer.departments)])
    arms = [
        _at(_desk(viewer)),
        _for(Audience.ORGANISER, _at(organisers)),
        _for(Audience.PRESS, _at(either([_has_duty(viewer), _of_press(viewer)]))),
    ]
    return either(arms)


def _for(audience: Audience, rule: Q) -> Q:
    return rule if rule == NOTHING else Q(audience=audience) & rule


PUBLISHED = frozenset({PublishedEvent, EventPicture})
"""What is for everybody, whatever rights a token has, or without one."""


def _of_guest(viewer: Viewer) -> Q:
    """A child row is visible exactly when its guest is."""
    rule = _guests(viewer)
    return (
        rule if rule in (EVERYTHING, NOTHING) else Q(Exists(Guest.objects.filter(rule, pk=OuterRef("guest"))))
    )


def _partners(viewer: Viewer) -> Q:
    """At a visible event, a visible organisation: neither shows the other."""
    return both(_at(_events(viewer)), of_visible_organisation(viewer))


_CHILD: dict[str, Rule] = {Action.VIEW: lambda v: _at(_events(v))}
_INSIDE: dict[str, Rule] = {Action.VIEW: lambda v: _at(_inside(v))}
_OF_GUEST: dict[str, Rule] = {Action.VIEW: _of_guest}

RULES: dict[type[Model], dict[str, Any]] = {
    Event: {
        **EVENTS_TABLE.as_rules(),
        Action.REGISTER: lambda v: all_if(v.is_office or bool(v.kept)),
    },
    EventPart: _CHILD,
    AgendaItem: _CHILD,
    EventAttachment: _CHILD,
    EventTask: TASKS_TABLE.as_rules(),
    EventPartner: {Action.VIEW: _partners},
    TeamMember: _INSIDE,
    EventLine: _INSIDE,
    EventNote: {Action.VIEW: _notes},
    GuestGroup: _INSIDE,
    Guest: GUESTS_TABLE.as_rules(),
    GuestOrigin: _OF_GUEST,
    GuestLine: _OF_GUEST,
    Arrival: _OF_GUEST,
    PublishedEvent: {Action.VIEW: everybody},
    EventPicture: {Action.VIEW: everybody},
    PicturePermission: {Action.VIEW: lambda v: _at(_desk(v))},
    ElectionPeriod: {Action.VIEW: everybody, Action.CHANGE: office},
}
VERB_TABLES = (EVENTS_TABLE, TASKS_TABLE, GUESTS_TABLE)
