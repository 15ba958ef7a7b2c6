"""The servers that a mailbox may name. Mail servers stand in the house's own network, so that is not refused; what only
this machine and its host offer is, and so are other ports than those of IMAP."""

from __future__ import annotations

import ipaddress
import socket

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.validation import refuse
from backend.core.words.hosts import Address, number_of, within

PORTS = (143, 993)
_METADATA = tuple(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254")))
"""Addresses at which clouds hand out the keys of a machine; the usual one is link-local."""


def require_server(host: str, port: int) -> None:
    """INVALID for a host that is this machine or its cloud's, and for a port that is not one of IMAP."""
    if settings.MAILBOX_ANY_SERVER:
        return
    if port not in PORTS:
        refuse(ErrorCode.INVALID, _("A mailbox is read at port 993 or 143."), "port")
    name, number = host.rstrip(".").lower(), number_of(host)
    is_own = name == "localhost" or name.endswith((".localhost", ".internal"))
    if is_own or (number and not _may_be_asked(number)):
        message = _(
            "This is no mail server of the network: it is this machine, or an address without a server."
        )
        refuse(ErrorCode.INVALID, message, "host")


def leads_to_a_server(host: str, port: int) -> bool:
    """Whether all addresses of a name may be asked, looked at when the line is opened. OSError for an unknown name."""
    if settings.MAILBOX_ANY_SERVER:
        return True
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return all(_may_be_asked(str(address[0])) for *_rest, address in found)


def _may_be_asked(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return not any(map(_is_own, (address, *within(address))))


def _is_own(address: Address) -> bool:
    """Whether it is this machine's, its link's or its cloud's, or no server's at all."""
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or address in _METADATA
    )
