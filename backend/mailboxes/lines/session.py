"""What comes over a session of SMPP: messages for the line with that number, and receipts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.utils import timezone

from backend.core.errors import DomainError
from backend.core.session import system
from backend.core.words.phones import normal_phone
from backend.core.words.text import line as line_of
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import intake, reports
from backend.mailboxes.lines.reports import Outcome, Report
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.outbox import smpp

LONGEST_NUMBER, TWICE_WITHIN = 20, dt.timedelta(minutes=10)
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
        rows = MessageLine.objects.active().filter(channel=Channel.SMS, number__in=_spelled(arrived.to))
        line = rows.select_related("department").first()
        if line is None:
            return False
        facts = {"from": arrived.sender, "to": arrived.to, "text": arrived.text}
        raw = json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")
        if not _is_here(line, arrived.sender, raw):
            row = intake.keep(line, intake.Incoming(arrived.id, arrived.sender, arrived.text, raw))
            intake.report_waiting(line, [row])
        MessageLine.objects.filter(pk=line.pk).update(heard_at=timezone.now())
    return True


def _is_here(line: MessageLine, sender: str, raw: bytes) -> bool:
    """Whether the same came just now: a centre that lost our answer sends it again, and names no message."""
    address = intake.telephone(sender) or line_of(sender)[:254]
    rows = InboundMessage.objects.filter(from_address=address, received_at__gt=timezone.now() - TWICE_WITHIN)
    return rows.filter(line=line, sha256=hashlib.sha256(raw).hexdigest()).exists()


def note(name: str, state: str, fault: str) -> bool:
    """Note a receipt; False for a message that is not here, or not yet. A state on the way changes nothing, and
    neither does one without a name."""
    outcome = OUTCOMES.get(state)
    if outcome is None or not name:
        return True
    for spelling in _names(name):
        report = Report(spelling, outcome, reason=f"{state} {fault}")
        with system():
            if reports.note(report, channel=Channel.SMS, waits=False):
                return True
    return False


def _names(name: str) -> list[str]:
    """A name as it stands, and in the other of the two ways to write its number: some centres answer with the one and
    report with the other. Only where a letter says which of them is the hexadecimal one."""
    if not name.isascii() or not name.isalnum() or len(name) > LONGEST_NUMBER:
        return [name]
    if name.isdecimal():
        other = f"{int(name):x}"
        found = [] if other.isdecimal() else [other, other.zfill(8)]
        return [name, *found, *(one.upper() for one in found)]
    try:
        return [name, str(int(name, 16)), f"{int(name, 16):010}"]
    except ValueError:
        return [name]


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
