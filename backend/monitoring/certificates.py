"""How long certificates are still valid: those of OZELKALEM_CERTIFICATES, and the one that seals letters."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

ASK_SECONDS = 3.0


@dataclass(frozen=True)
class Certificate:
    """`name`: its file or host. `ends_at`: None if it cannot be read."""

    name: str
    ends_at: dt.datetime | None


def certificates(*, ask_hosts: bool) -> list[Certificate]:
    """Return the end of each certificate; a host is asked over the network, and only if `ask_hosts`."""
    named = [
        Certificate(place, _end_of(place))
        for place in settings.CERTIFICATES
        if ask_hosts or place.startswith("/")
    ]
    return named + ([Certificate(settings.SEAL_FILE, _end_of_seal())] if settings.SEAL_FILE else [])


def _end_of(place: str) -> dt.datetime | None:
    try:
        if place.startswith("/"):
            text = Path(place).read_bytes()
        else:
            host, _colon, port = place.partition(":")
            text = ssl.get_server_certificate((host, int(port or 443)), timeout=ASK_SECONDS).encode()
        return x509.load_pem_x509_certificate(text).not_valid_after_utc
    except (OSError, ValueError):
        return None


def _end_of_seal() -> dt.datetime | None:
    try:
        content = Path(settings.SEAL_FILE).read_bytes()
        _key, certificate, _more = pkcs12.load_key_and_certificates(
            content, settings.SEAL_PASSPHRASE.encode() or None
        )
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc if certificate else None
