"""Which addresses of the network a client's server may have: public ones, and no way round that.

A name is looked up once for each attempt, every address it has is judged, and that very address is connected to: a
name that answers differently the next time (rebinding) leads nowhere. Redirects are not followed at all.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.hosts import Address, number_of, within

LONGEST = 500
_NEVER = [
    ipaddress.ip_network(one)
    for one in ("64:ff9b:1::/48", "fec0::/10", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")
]


class ForbiddenAddressError(Exception):
    """The name leads into our own network, or nowhere."""


@dataclass(frozen=True)
class Target:
    """Where a request goes. `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """The parts of an address that a webhook may have, or INVALID: https with a name, no user, no fragment."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except ValueError:  # of the port, the brackets, the name
        raise _refused(_("This is no address. Write it as https://portal.example/webhook.")) from None
    schemes = ("https", "http") if settings.WEBHOOK_LOOPBACK else ("https",)
    if parts.scheme not in schemes or not host:
        raise _refused(_("Write the address with https:// and the name of the server."))
    if (
        " " in url
        or "@" in parts.netloc
        or parts.fragment
        or len(url) > LONGEST
        or not url.isascii()
        or not url.isprintable()
    ):
        raise _refused(_("The address holds what it must not: a user name, a “#”, spaces or other letters."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def require_public(target: Target) -> None:
    """INVALID for hosts inside our own network: an address of it in any spelling, `localhost`, a name without a
    dot. Other names are resolved and judged at each attempt."""
    host = target.host.rstrip(".").lower()
    number = number_of(host)
    is_ours = "." not in host or host.endswith((".localhost", ".local", ".internal"))
    if settings.WEBHOOK_LOOPBACK and host == "localhost":
        return
    if not may_be_reached(number) if number else is_ours:
        message = _(
            "“%(host)s” lies within our own network, where no message is sent. Write the public name of the client's"
            " server, such as https://portal.example/webhook."
        )
        raise _refused(message % {"host": target.host})


def _refused(message: object) -> DomainError:
    return DomainError(ErrorCode.INVALID, message, field="url")  # type: ignore[arg-type]


def looked_up(target: Target, seconds: float) -> str:
    """Resolve the name to one address, after checking all of them; ForbiddenAddressError if any is not public,
    TimeoutError after so many seconds."""
    try:
        result = _asked(target, seconds)
    except TimeoutError:
        raise
    except OSError:
        raise ForbiddenAddressError("the name is not known") from None
    addresses = [str(each[4][0]) for each in result]
    if not addresses or not all(may_be_reached(address) for address in addresses):
        raise ForbiddenAddressError("the name leads to an address that is not public")
    return addresses[0]


def _asked(target: Target, seconds: float) -> list[Any]:
    """What the resolver says. It knows no end of its own, so it is asked in a thread that may be left behind."""
    answers: SimpleQueue[Any] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be one
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        row = answers.get(timeout=max(seconds, 0))
    except Empty:
        raise TimeoutError from None
    if isinstance(row, Exception):
        raise row
    return list(row)


def may_be_reached(text: str) -> bool:
    """Whether it is an address of the public network, whatever it is wrapped in."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if settings.WEBHOOK_LOOPBACK and address.is_loopback:
        return True
    return all(_is_public(one) for one in (address, *within(address)))


def _is_public(address: Address) -> bool:
    never = any(address in network for network in _NEVER if network.version == address.version)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or never
    )
