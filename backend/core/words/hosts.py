"""Hosts that are addresses, however they are spelled or wrapped: before a line to one is opened, it is judged."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_EMBEDDED = [ipaddress.ip_network(one) for one in ("::/96", "64:ff9b::/96")]
"""IPv6 networks whose last 32 bits are an address of IPv4 (compatible; NAT64)."""


def number_of(host: str) -> str:
    """The address that a host in numbers is, in its usual spelling (127.1 and 0x7f000001 are 127.0.0.1); "" for a
    name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""


def within(address: Address) -> list[Address]:
    """The addresses of IPv4 that an address of IPv6 stands for."""
    if address.version == 4:
        return []
    items: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _EMBEDDED):
        items.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in items if one is not None]
