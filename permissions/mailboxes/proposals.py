"""The matters to which a mail at the desk may belong, as far as the viewer sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from backend.appointments.choices import OPEN
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.letters.models import Letter
from backend.mailboxes import joining
from backend.mailboxes.choices import Status
from backend.mailboxes.models import EDGES, InboundMessage, Matter
from backend.partners.models import Organisation, Role
from permissions.core import scope
from permissions.similarity import finding

MOST = 8
SEVERAL = 20
"""So many earlier mails of the sender are looked at."""
_NUMBER = re.compile(r"(?<![\w/])([^\W\d_]{2}-)?(\d{4})\s?/\s?(\d{1,9})(?![\d/])")
NUMBERED: tuple[type[Complaint | AppointmentRequest | Letter], ...] = (Complaint, AppointmentRequest, Letter)


def numbered(text: str) -> list[Matter]:
    """The matters whose numbers stand in a text, each as it is written: 2027/15, RT-2027/3, GL-2027/8."""
    names = [
        f"{prefix.upper()}{int(year)}/{int(number)}" for prefix, year, number in _NUMBER.findall(text)[:3]
    ]
    if not names:
        return []
    found: list[Matter] = []
    for model in NUMBERED:
        rows: Any = scope.visible(model).filter(reference__in=names)
        found += rows.order_by("pk")[:MOST]
    return found


def proposed(mail: InboundMessage, senders: Iterable[Citizen]) -> list[Matter]:
    """Those that it follows or names first; then what the sender has open, and where they are on record; then the open
    cases that may be about the same. `senders`: the records of who may have sent it."""
    found = [*_followed(mail), *numbered(mail.subject)]
    if mail.from_address:
        found += [*_open_of(list(senders)), *_written_before(mail), *_partners(mail.from_address)]
    found += _alike(mail)
    return list({(type(one), one.pk): one for one in found}.values())[:MOST]


def _alike(mail: InboundMessage) -> list[Matter]:
    what = finding.Matter(subject=mail.subject[:200], body=mail.written)
    return [one.complaint for one in finding.similar(what) if one.complaint.is_open]


def _followed(mail: InboundMessage) -> list[Matter]:
    thread = joining.thread_of(mail)
    return _seen(type(thread.matter), [thread.matter.pk]) if thread else []


def _seen(model: type[Matter], keys: Iterable[int]) -> list[Matter]:
    rows: Any = scope.visible(model).filter(pk__in=set(keys))
    return list(rows.order_by("-pk"))


def _open_of(people: list[Citizen]) -> list[Matter]:
    if not people:
        return []
    cases = scope.visible(Complaint.objects.open()).filter(applicant__in=people)
    requests = scope.visible(AppointmentRequest).filter(applicant__in=people, status__in=OPEN)
    newest = ("-registered_at", "-pk")
    return [*cases.order_by(*newest)[:MOST], *requests.order_by(*newest)[:MOST]]


def _written_before(mail: InboundMessage) -> list[Matter]:
    """What earlier mails of the sender are part of, but closed cases. Addresses are stored in small letters."""
    rows = scope.visible(InboundMessage).filter(
        from_address=mail.from_address, status__in=[Status.JOINED, Status.MADE]
    )
    named = rows.order_by("-received_at", "-pk").values(*(f"{edge}_id" for edge in EDGES.values()))[:SEVERAL]
    earlier = list(named)
    found: list[Matter] = []
    for model, edge in EDGES.items():
        if keys := [row[f"{edge}_id"] for row in earlier if row[f"{edge}_id"]]:
            found += _seen(model, keys)
    return [one for one in found if not isinstance(one, Complaint) or one.is_open]


def _partners(address: str) -> list[Matter]:
    """The organisations whose address it is, or of whose people."""
    roles = scope.visible(Role.objects.current()).filter(
        Q(email__iexact=address) | Q(person__email__iexact=address)
    )
    theirs = roles.values("organisation")
    rows = scope.visible(Organisation.objects.active()).filter(Q(email__iexact=address) | Q(pk__in=theirs))
    return list(rows.order_by("name_sort", "pk")[:MOST])
