"""What comes over a session of SMPP: messages for the line with that number, and receipts."""

from __future__ import annotations

import json

from django.utils import timezone

from backend.core.errors import DomainError
from backend.core.session import system
from backend.core.words.phones import normal_phone
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import intake, reports
from backend.mailboxes.lines.reports import Outcome, Report
from backend.mailboxes.models import MessageLine
from backend.outbox import smpp

OUTCOMES = {
    "DELIVRD": Outcome.DELIVERED,
    "EXPIRED": Outcome.FAILED,
    "DELETED": Outcome.FAILED,
    "UNDELIV": Outcome.FAILED,
    "REJECTD": Outcome.FAILED,
}
"""The states of a message after which no other follows (SMPP 3.4, Appendix B)."""


def keep(arrived: smpp.Arrived) -> bool:
    """Keep a message at the line to which it was sent; False where no line in use has that number."""
    with system():
        began_at = timezone.now()
        rows = MessageLine.objects.active().filter(channel=Channel.SMS, number__in=_spelled(arrived.to))
        line = rows.select_related("department").first()
        if line is None:
            return False
        facts = {"id": arrived.id, "from": arrived.sender, "to": arrived.to, "text": arrived.text}
        raw = json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")
        intake.keep(line, intake.Incoming(arrived.id, arrived.sender, arrived.text, raw))
        intake.report_waiting(line, began_at)
        MessageLine.objects.filter(pk=line.pk).update(heard_at=timezone.now())
    return True


def note(name: str, state: str, fault: str) -> bool:
    """Note a receipt; False for a message that is not here, or not yet. A state on the way changes nothing."""
    outcome = OUTCOMES.get(state)
    if outcome is None:
        return True
    with system():
        return reports.note(Report(name, outcome, reason=f"{state} {fault}"), channel=Channel.SMS)


def _spelled(number: str) -> set[str]:
    found = {number}
    for spelling in (number, f"+{number}"):
        try:
            found.add(normal_phone(spelling))
        except DomainError:
            continue
    return found


def register() -> None:
    """Let the session of SMPP hand over what comes by it."""
    if keep not in smpp.ARRIVED:
        smpp.ARRIVED.append(keep)
        smpp.REPORTED.append(note)
