"""What comes over a session of SMPP: messages for the line with that number, and receipts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.utils import timezone

from backend.core.session import system
from backend.core.words.phones import numbers_of_gateway
from backend.core.words.text import line as line_of
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import intake, reports
from backend.mailboxes.lines.reports import Outcome, Report
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.outbox import smpp, sms_parts
from backend.outbox.models import Message

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
        numbers = [arrived.to, *numbers_of_gateway(arrived.to)]
        rows = MessageLine.objects.active().filter(channel=Channel.SMS, number__in=numbers)
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
    names, reason = _names(name), f"{state} {fault}"
    with system():
        message = sms_parts.report(names, is_delivered=outcome == Outcome.DELIVERED, reason=reason)
    with system():
        if message is not None:
            return _of_all_parts(message)
        found = [Report(spelling, outcome, reason=reason) for spelling in names]
        return any(_noted(report) for report in found)


def _of_all_parts(message: Message) -> bool:
    """Note what became of a text of which a part was reported. One that is not written down as sent yet takes it over
    when it is."""
    message.refresh_from_db(
        fields=["status"]
    )  # after the receipt was committed, or who sends it could not see that
    fate = sms_parts.fate_of(message)
    if fate is None or message.status == Message.Status.WAITING:
        return True
    outcome = Outcome.DELIVERED if fate.is_delivered else Outcome.FAILED
    return _noted(Report(str(message.pk), outcome, fate.at, fate.reason))


def _noted(report: Report) -> bool:
    return reports.note(report, channel=Channel.SMS, gateway=smpp.NAME, waits=False)


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


def register() -> None:
    """Let the session of SMPP hand over what comes by it."""
    if keep not in smpp.ARRIVED:
        smpp.ARRIVED.append(keep)
        smpp.REPORTED.append(note)
