"""A part of THE TABLE: citizens, and the privacy notices to them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from backend.contacts.models import Citizen, PrivacyNotice
from permissions.appointments.rules import citizens_of_requests
from permissions.complaints.rules import citizens_of_cases
from permissions.core.filters import Action, all_if, either
from permissions.core.relations import everybody, office
from permissions.core.viewer import Viewer
from permissions.events.rules import citizens_of_guests
from permissions.partners.rules import citizens_of_roles
from permissions.retention.rules import may_anonymise


def _citizens(viewer: Viewer) -> Q:
    """Those who are looked up, and those who are met on a list of guests."""
    return either([citizens_looked_up(viewer), citizens_of_guests(viewer)])


def citizens_looked_up(viewer: Viewer) -> Q:
    """Those who are known from a case, a request for an appointment, or a role at an organisation. Anybody may be named
    in the team of an event, so who meets guests there is no reason to have a list of citizens."""
    return either([citizens_of_cases(viewer), citizens_of_requests(viewer), citizens_of_roles(viewer)])


RULES: dict[type[Model], dict[str, Any]] = {
    Citizen: {
        Action.VIEW: _citizens,
        Action.CORRECT: office,
        Action.MERGE: office,
        Action.ANONYMISE: may_anonymise,
        Action.REPORT: lambda v: all_if(v.heads_office and v.sees_all_contacts and v.scopes is None),
        Action.REVEAL: lambda v: all_if(v.is_office and v.sees_all_contacts),
    },
    PrivacyNotice: {Action.VIEW: everybody, Action.REGISTER: office},
}
