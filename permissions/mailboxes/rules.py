"""A part of THE TABLE: mailboxes, which Bilgi İşlem manages, and the mails that came in, which are their unit's."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.mailboxes.conversation import ConversationMessage
from backend.mailboxes.models import InboundFile, InboundMail, Mailbox
from permissions.appointments.rules import REQUESTS, known_applicants
from permissions.complaints.rules import COMPLAINTS, known_persons
from permissions.core.filters import EVERYTHING, NOTHING, Action, Rule, both, either
from permissions.core.relations import administrator
from permissions.core.viewer import Viewer


def _of_unit(viewer: Viewer) -> Q:
    """The office sees all of them, a unit its own."""
    if viewer.sees_all:
        return EVERYTHING
    return Q(department__in=viewer.departments) if viewer.departments else NOTHING


def _mailboxes(viewer: Viewer) -> Q:
    return either([_of_unit(viewer), administrator(viewer)])


def _mails(viewer: Viewer) -> Q:
    """The mails of one's unit, and those that joined a case or a request whose person, whom they name, one may know."""
    if (of_unit := _of_unit(viewer)) == EVERYTHING:
        return of_unit
    case = both(_SEEN_CASES(viewer), known_persons(viewer))
    request = both(_SEEN_REQUESTS(viewer), known_applicants(viewer))
    joined = [
        _joined("complaint", Complaint, case),
        _joined("appointment_request", AppointmentRequest, request),
    ]
    return either([of_unit, *joined])


def _joined(edge: str, model: type[Model], rule: Q) -> Q:
    if rule == NOTHING:
        return NOTHING
    rows: Any = model._default_manager.filter(rule, pk=OuterRef(edge))
    return Q(Exists(rows))


def _of_visible_mail(viewer: Viewer) -> Q:
    """A child row is visible exactly when its mail is."""
    if (rule := _mails(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(InboundMail.objects.filter(rule, pk=OuterRef("mail"))))


def _conversation(viewer: Viewer) -> Q:
    """The messages of the cases that one sees, without the mails that one does not see."""
    mails = either([Q(mail__isnull=True), _joined("mail", InboundMail, _mails(viewer))])
    return both(_joined("complaint", Complaint, _SEEN_CASES(viewer)), mails)


_SEEN_CASES: Rule = COMPLAINTS.as_rules()[Action.VIEW]
_SEEN_REQUESTS: Rule = REQUESTS.as_rules()[Action.VIEW]
_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_mail}

RULES: dict[type[Model], dict[str, Any]] = {
    Mailbox: {Action.VIEW: _mailboxes, Action.CHANGE: administrator, Action.REGISTER: administrator},
    InboundMail: {Action.VIEW: _mails},
    InboundFile: _CHILD,
    ConversationMessage: {Action.VIEW: _conversation},
}
