"""The link in a message by which an applicant answers: signed, for one appointment, no account needed.

It holds the keys of the request and of the appointment it spoke of: a later proposal makes an earlier link say
that it is out of date.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing

from backend.appointments.models import AppointmentRequest

SALT = "appointments.answer"


def token_for(request: AppointmentRequest) -> str:
    entry = request.entry
    return signing.dumps([request.key.hex, entry.key.hex if entry else ""], salt=SALT)


def address_for(request: AppointmentRequest) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/randevu/{token_for(request)}/"


def read(token: str) -> tuple[str, str] | None:
    """(key of the request, key of its appointment), or None for what we have not signed."""
    try:
        request, entry = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return request, entry
