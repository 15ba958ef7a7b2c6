"""The link in a message by which an applicant answers: signed, for one appointment, no account needed.

It holds the keys of the request and of the appointment it spoke of: a later proposal makes an earlier link say
that it is out of date. It is as short as that allows, since a text message is paid by its letters.
"""

from __future__ import annotations

import base64
import re
import uuid

from django.conf import settings
from django.core import signing

from backend.appointments.models import AppointmentRequest

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def _signer() -> signing.Signer:
    return signing.Signer(salt="appointments.answer", sep=".")


def token_for(request: AppointmentRequest) -> str:
    keys = request.key.bytes + (request.entry.key if request.entry else uuid.UUID(int=0)).bytes
    return _signer().sign(base64.urlsafe_b64encode(keys).decode().rstrip("="))


def address_for(request: AppointmentRequest) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/randevu/{token_for(request)}/"


def read(token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """(key of the request, key of its appointment), or None for what we have not signed."""
    try:
        value = _SHAPE.match(_signer().unsign(token))
    except signing.BadSignature:
        return None
    if value is None:
        return None
    keys = base64.urlsafe_b64decode(f"{value[0]}=")
    return uuid.UUID(bytes=keys[:16]), uuid.UUID(bytes=keys[16:])
