"""The matters that a text names by their numbers: 2027/15 a case, RT-2027/15 a request for an appointment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint

MOST_NUMBERS = 3
_NUMBER = re.compile(r"(?<![\w/])(RT-)?(\d{4})\s?/\s?(\d{1,9})(?![\d/])", re.IGNORECASE)


def named_in(text: str) -> Iterator[Complaint | AppointmentRequest]:
    """Those that exist of the first numbers in a text. Whether its writer may know them the caller asks."""
    for prefix, year, number in _NUMBER.findall(text)[:MOST_NUMBERS]:
        name = f"{prefix.upper()}{int(year)}/{int(number)}"
        model = AppointmentRequest if prefix else Complaint
        found: Complaint | AppointmentRequest | None = model._default_manager.filter(reference=name).first()
        if found is not None:
            yield found
