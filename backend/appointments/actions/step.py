"""What all actions are made of: the conditional move of the row and the line of the story."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from backend.appointments.choices import VisitStatus
from backend.appointments.models import RequestLine, Visit
from backend.appointments.moves import appointment_action
from backend.journal.state_machine import StateMachine
from backend.notifications import staff
from backend.programme.models import Entry

_saying = StateMachine(line=RequestLine, of="request", moves=appointment_action, moved=staff.settle)
write_line, move = _saying.write_line, _saying.move

TO_COME = Q(Exists(Entry.objects.filter(pk=OuterRef("entry"), starts_at__gt=Now())))
"""The requests whose time has not begun."""


def visit_is(*statuses: VisitStatus) -> Q:
    """The requests with a place on a halk günü whose visitor is at one of these points of it."""
    return Q(Exists(Visit.objects.filter(request=OuterRef("pk"), status__in=statuses)))
