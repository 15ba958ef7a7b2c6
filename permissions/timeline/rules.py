"""Permissions on moments of a timeline: visible to viewers of the row it represents, and, where it reveals the
person behind the row, of that relation too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from backend.agreements.models import Agreement
from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.engagements.models import Engagement
from backend.events.models import Event, Guest
from backend.greetings.models import Recipient
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.partners.models import Role
from backend.programme.models import Entry
from backend.timeline.choices import Kind
from backend.timeline.models import Moment
from permissions.appointments.rules import known_applicants
from permissions.complaints.rules import known_persons
from permissions.core.filters import EVERYTHING, NOTHING, Action, Rule, both, either
from permissions.core.viewer import Viewer
from permissions.partners.rules import known_roles

AS_GUEST = (Kind.GUEST, Kind.INVITED, Kind.ANSWERED, Kind.CAME)
OF_NOBODY = Q(person__isnull=True)
"""Of an organisation: it names no person."""

Rules = Mapping[type[Model], Mapping[str, Rule]]


def rules_after(rules: Rules) -> dict[type[Model], dict[str, Rule]]:
    """Return the rules over moments, which follow those over the rows that they stand for."""
    return {Moment: {Action.VIEW: _moments(rules)}}


def _moments(rules: Rules) -> Rule:
    """The rule over moments, made of the rules over what they stand for."""

    def seen(model: type[Model], viewer: Viewer) -> Q:
        return rules[model][Action.VIEW](viewer)

    def rule(viewer: Viewer) -> Q:
        known_case = _leads_to(Complaint, both(seen(Complaint, viewer), known_persons(viewer)))
        known_request = _leads_to(
            AppointmentRequest, both(seen(AppointmentRequest, viewer), known_applicants(viewer))
        )
        request = _leads_to(AppointmentRequest, seen(AppointmentRequest, viewer))
        invitation = _leads_to(Invitation, seen(Invitation, viewer))
        of_request = either([known_request, both(OF_NOBODY, request)])
        entry, promise = _leads_to(Entry, seen(Entry, viewer)), _leads_to(Promise, seen(Promise, viewer))
        instruction = _leads_to(Instruction, seen(Instruction, viewer))
        of_kinds: list[tuple[tuple[Kind, ...], Q]] = [
            ((Kind.COMPLAINT,), known_case),
            ((Kind.REQUEST, Kind.VISIT), of_request),
            ((Kind.APPOINTMENT,), both(of_request, entry)),
            ((Kind.PROMISE,), both(of_request, promise)),
            ((Kind.INVITATION,), invitation),
            ((Kind.LETTER,), both(_leads_to(Letter, seen(Letter, viewer)), _comes_of(request, invitation))),
            ((Kind.INSTRUCTION,), both(instruction, either([known_case, of_request, invitation]))),
            ((Kind.FORWARDING,), _leads_to(Complaint, seen(Complaint, viewer))),
            ((Kind.ENGAGEMENT,), _at_engagement(seen(Engagement, viewer), known_roles(viewer))),
            ((Kind.AGREEMENT,), _leads_to(Agreement, seen(Agreement, viewer))),
            ((Kind.ROLE,), _leads_to(Role, known_roles(viewer))),
            ((Kind.EVENT,), _leads_to(Event, seen(Event, viewer))),
            (AS_GUEST, _leads_to(Guest, seen(Guest, viewer))),
            ((Kind.GREETING,), _leads_to(Recipient, seen(Recipient, viewer))),
        ]
        return either(both(Q(kind__in=kinds), item) for kinds, item in of_kinds)

    return rule


def _comes_of(request: Q, invitation: Q) -> Q:
    """Of nothing, or of a request and an invitation that the viewer sees."""
    of_no_request = either([Q(request__isnull=True), request])
    return both(of_no_request, either([Q(invitation__isnull=True), invitation]))


def _at_engagement(engagements: Q, roles: Q) -> Q:
    """With an organisation, or of a person who takes part in a role that the viewer may know."""
    return both(_leads_to(Engagement, engagements), either([OF_NOBODY, _leads_to(Role, roles)]))


NAMES: dict[type[Model], str] = {
    Complaint: "complaint",
    AppointmentRequest: "request",
    Entry: "entry",
    Promise: "promise",
    Letter: "letter",
    Invitation: "invitation",
    Instruction: "instruction",
    Engagement: "engagement",
    Agreement: "agreement",
    Role: "role",
    Event: "event",
    Guest: "guest",
    Recipient: "greeting",
}


def _leads_to(model: type[Model], rule: Q) -> Q:
    """The moments that stand for such a row. Not by EXISTS: behind an OR the planner reads every such row for it."""
    if rule == NOTHING:
        return NOTHING
    name = NAMES[model]
    if rule == EVERYTHING:
        return Q(**{f"{name}__isnull": False})
    rows: Any = model._default_manager.filter(rule, pk=OuterRef(name))
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))
