"""The limits of the reverse proxy (`deploy/nginx.conf`): of a line and a network, lifted by nothing that is written."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

PROXY = (settings.BASE_DIR / "deploy/nginx.conf").read_text()
PAGES = ("takip", "onay", "etkinlikler/oneri", "randevu", "davet", "belge")


def mapped(variable: str, address: str) -> str:
    """What the map of this variable makes of an address, as nginx does: the first pattern that matches."""
    body = PROXY.partition(f"map $remote_addr ${variable} {{")[2].partition("\n}")[0]
    for pattern, name in re.findall(r'"~(.*?)"\s+\$(\w+);', body):
        if match := re.match(pattern.replace("(?<", "(?P<"), address):
            return match[name]
    return address


@pytest.mark.parametrize(
    ("address", "line", "network"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1"),
        ("2001:db8:1:2::9", "2001:db8:1:2", "2001:db8:1"),
        ("2001:db8:1::9", "2001:db8:1", "2001:db8:1"),
        ("2001:db8::9", "2001:db8", "2001:db8"),
        ("::1", "", ""),
    ],
)
def test_limits_are_of_a_line_and_a_network(address: str, line: str, network: str) -> None:
    if address == "::1":  # an empty key is not counted: this machine itself
        line = network = ""
    assert (mapped("line", address), mapped("network", address)) == (line, network)


def test_nothing_that_a_visitor_writes_lifts_a_limit() -> None:
    keys = re.findall(r"limit_req_zone \$(\w+)", PROXY)
    assert set(keys) <= {"line", "network", "unknown_line", "unknown_network"}
    limits = PROXY.partition("limit_req_status")[0]
    assert "$http_" not in limits
    assert "$cookie_" not in limits


@pytest.mark.parametrize("door", [*PAGES, "accounts", "graphql", "oauth", "open311"])
def test_every_door_without_an_account_has_a_limit_and_those_for_people_one_of_the_network(door: str) -> None:
    places = re.findall(r"location (~ )?(\S+) \{(.*?)\n    \}", PROXY, re.DOTALL)
    body = next(
        body
        for is_pattern, place, body in places
        if (re.match(place, f"/{door}/") if is_pattern else place == f"/{door}/")
    )
    zones = re.findall(r"limit_req zone=(\w+)", body)
    assert zones
    if door in {*PAGES, "accounts"}:
        assert {"networks", "sign_ins"} & set(zones)
