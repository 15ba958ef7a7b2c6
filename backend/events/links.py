"""The link of an invitation, which its guest alone has: signed, for one guest at one event, no account needed.

It holds the key of the guest and the number of the link: a new link makes earlier ones say that they are out of date.
The same code is the QR on the card and at the door.
"""

from __future__ import annotations

import base64
import re
import uuid

from django.conf import settings
from django.core import signing

from backend.events.models import Guest

_SHAPE = re.compile(r"([A-Za-z0-9_-]{22})-(\d{1,5})\Z")


def _signer() -> signing.Signer:
    return signing.Signer(salt="events.guest", sep=".")


def token_for(guest: Guest) -> str:
    key = base64.urlsafe_b64encode(guest.key.bytes).decode().rstrip("=")
    return _signer().sign(f"{key}-{guest.link}")


def address_for(guest: Guest) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/davet/{token_for(guest)}/"


def read(text: str) -> tuple[uuid.UUID, int] | None:
    """(key of the guest, number of the link) of a token or a whole address; None for what we have not signed."""
    token = text.strip().rstrip("/").rpartition("/")[2]
    try:
        value = _SHAPE.match(_signer().unsign(token))
    except signing.BadSignature:
        return None
    if value is None:
        return None
    return uuid.UUID(bytes=base64.urlsafe_b64decode(f"{value[1]}==")), int(value[2])
