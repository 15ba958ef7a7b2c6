"""From which address a request comes."""

from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

current_address: ContextVar[str] = ContextVar("current_address", default="127.0.0.1")
"""Who asks now: set for every request of the web (`admin_ui.shell.middleware`)."""


def client_address(request: HttpRequest) -> str:
    """Who asks, for the locks of signing in: the peer, or whom the outermost of our own proxies (PROXY_COUNT) saw.

    What stands in `X-Forwarded-For` before that was written by the visitor and is not believed.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    hops.append(request.META.get("REMOTE_ADDR") or "")
    try:
        return str(ip_address(hops[max(len(hops) - 1 - settings.PROXY_COUNT, 0)]))
    except ValueError:  # the peer is a socket of this machine, or a proxy that writes no address
        return "127.0.0.1"


def line_of(address: str) -> str:
    """The access line of an address, for rate limits: an IPv4 address itself, for IPv6 its /64, since one line
    has 2⁶⁴ addresses."""
    return _network(address, 32, 64)


def network_of(address: str) -> str:
    """The network of an address, for rate limits: /24 of IPv4, /48 of IPv6, the size assigned to one customer."""
    return _network(address, 24, 48)


def _network(address: str, bits_4: int, bits_6: int) -> str:
    result = ip_address(address)
    if isinstance(result, IPv6Address) and result.ipv4_mapped:
        result = result.ipv4_mapped
    bits = bits_6 if isinstance(result, IPv6Address) else bits_4
    return str(ip_network((int(result), bits), strict=False).network_address)
