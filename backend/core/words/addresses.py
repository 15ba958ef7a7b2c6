"""From which address a request comes."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


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
    result = ip_address(address)
    if not isinstance(result, IPv6Address):
        return str(result)
    if result.ipv4_mapped:
        return str(result.ipv4_mapped)
    return str(ip_network((int(result), 64), strict=False).network_address)
