"""The limits of the reverse proxy (`deploy/nginx.conf`): of a line and a network, lifted by nothing that is written."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPMessage, HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.harness import debian
from website import appointments, public_days
from website.journey import Journey

PROXY = (settings.BASE_DIR / "deploy/nginx.conf").read_text()
PAGES = (
    "takip",
    "onay",
    "basvuru/onay",
    "basvuru/takip",
    "basvuru/ben-de/kod",
    "basvuru/foto",
    "basvuru/baglantisiz/foto",
    "islerim",
    "etkinlikler/oneri",
    "etkinlikler/kayit/kod",
    "randevu/GIZLIKOD",
    "davet",
    "belge",
)


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


@pytest.mark.parametrize("door", [*PAGES, "accounts", "graphql", "oauth", "open311", "files", "health"])
def test_every_door_without_an_account_has_a_limit_and_those_for_people_one_of_the_network(door: str) -> None:
    places = re.findall(r"location (~ |= )?(\S+) \{(.*?)\n    \}", PROXY, re.DOTALL)
    body = next(
        body
        for is_pattern, place, body in places
        if (re.match(place, f"/{door}/") if is_pattern == "~ " else place == f"/{door}/")
    )
    zones = re.findall(r"limit_req zone=(\w+)", body)
    assert zones
    if door in {*PAGES, "accounts"}:
        assert {"networks", "sign_ins"} & set(zones)


def place_of(path: str) -> str:
    """The location that nginx takes for an address: the first pattern that matches, else the longest beginning."""
    secure = PROXY.partition("listen 80;")[0]
    places = re.findall(r"\n    location (~ |= )?(\S+) \{(.*?)\n    \}", secure, re.DOTALL)
    exact = [body for kind, place, body in places if kind == "= " and place == path]
    patterns = [body for kind, place, body in places if kind == "~ " and re.match(place, path)]
    plain = [
        (len(place), body)
        for kind, place, body in places
        if not kind and not place.startswith("@") and path.startswith(place)
    ]
    return [*exact, *patterns, max(plain)[1]][0]


@pytest.mark.parametrize("journey", [appointments.JOURNEY, public_days.JOURNEY], ids=lambda one: one.name)
def test_one_person_may_answer_all_questions_before_an_appointment(journey: Journey) -> None:
    names = [journey.name, f"{journey.name}_check", f"{journey.name}_forget", f"{journey.name}_done"]
    names += [f"{journey.name}_{step.slug}" for step in journey.steps]
    for name in names:
        assert set(re.findall(r"limit_req zone=(\w+)", place_of(reverse(name)))) == {"unknown", "anybody"}
    for path in (reverse(f"{journey.name}_code"), f"/{journey.base}GIZLIKOD/"):
        assert "codes" in re.findall(r"limit_req zone=(\w+)", place_of(path))


@pytest.mark.parametrize(
    "path",
    ["/takvim/abc.ics", "/etkinlikler.ics", "/etkinlikler.rss", "/etkinlikler/", "/health/live/", "/files/x"],
)
def test_what_programs_fetch_has_a_limit(path: str) -> None:
    assert len(re.findall(r"limit_req zone=\w+", place_of(path))) == 2


@pytest.mark.parametrize(
    ("path", "kind", "beginning"),
    [
        ("/open311/v2/requests.xml", "text/xml", "<errors><error><code>"),
        ("/open311/v2/requests.json", "application/json", '[{"code":'),
        ("/open311/v2/requests/2026-7.json", "application/json", '[{"code":'),
    ],
)
def test_what_nginx_refuses_of_open311_is_in_the_clients_format(path: str, kind: str, beginning: str) -> None:
    refusals = dict(re.findall(r"error_page ([\d ]+) = (@\w+);", place_of(path)))
    assert set(refusals) == {"413", "429", "502 504"}
    for codes, name in refusals.items():
        body = PROXY.partition(f"location {name} {{")[2].partition("\n    }")[0]
        status = {"502 504": "503"}.get(codes, codes)
        assert f"default_type {kind};" in body
        said = re.search(rf"return {status} '(.*)';", body)
        assert said
        assert said[1].startswith(f"{beginning}{status}")
        assert ("Retry-After" in body) == (codes != "413")


def test_what_nginx_answers_itself_is_guarded_as_what_the_application_answers() -> None:
    guards = (settings.BASE_DIR / "deploy/own_answers.conf").read_text()
    for name in ("Strict-Transport-Security", "X-Content-Type-Options nosniff", "frame-ancestors 'none'"):
        assert name in guards
    own = re.findall(r"\n    location (@\w+|= /sorry\.html) \{(.*?)\n    \}", PROXY, re.DOTALL)
    assert len(own) == 11
    assert all("include /opt/ozelkalem/deploy/own_answers.conf;" in body for _name, body in own)
    doors = (settings.BASE_DIR / "deploy/program_doors.conf").read_text()
    assert PROXY.count("include /opt/ozelkalem/deploy/program_doors.conf;") == 4
    assert set(re.findall(r"error_page [\d ]+ = (@\w+);", PROXY + doors)) == {
        name for name, _ in own if name[0] == "@"
    }


def test_a_program_that_speaks_in_the_open_is_not_led_on() -> None:
    plain = PROXY.partition("listen 80;")[2]
    places = dict(re.findall(r"location (?:~ )?(\S+) \{\s*return (\d+)", plain))
    assert places == {"^/(graphql|oauth|open311|files|takvim)/": "403", "/": "301"}


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HTTPSConnection]:
    """A real nginx with our configuration, before an application that is gone. Yields a connection to it."""
    program = debian.needed("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    debian.certify(folder)
    secure, plain, gone = debian.free_port(), debian.free_port(), debian.free_port()
    ours = (
        PROXY.replace("/opt/ozelkalem/deploy", str(settings.BASE_DIR / "deploy"))
        .replace("/etc/ssl/certs/ozelkalem.pem", str(folder / "cert.pem"))
        .replace("/etc/ssl/private/ozelkalem.key", str(folder / "key.pem"))
        .replace("/var/log/nginx/ozelkalem.log", str(folder / "requests.log"))
        .replace("listen 443", f"listen 127.0.0.1:{secure}")
        .replace("listen 80;", f"listen 127.0.0.1:{plain};")
        .replace("127.0.0.1:8000", f"127.0.0.1:{gone}")
        .replace("127.0.0.1:8001", f"127.0.0.1:{gone}")
    )
    ours = ours.replace("    http2 on;\n", "")  # Debian 12's nginx spells it otherwise
    (folder / "site.conf").write_text(ours)
    kept = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder / 'pid'};\nerror_log {folder / 'errors.log'};\ndaemon off;\nevents {{}}\n"
        f"http {{\n{kept}include {folder / 'site.conf'};\n}}\n"
    )
    with subprocess.Popen(
        [program, "-e", str(folder / "errors.log"), "-c", str(folder / "nginx.conf")]
    ) as nginx:
        try:
            while True:
                assert nginx.poll() is None, Path(folder / "errors.log").read_text()
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", secure)) == 0:
                        break
                time.sleep(0.05)
            trusted = ssl.create_default_context(cafile=folder / "cert.pem")
            yield HTTPSConnection("127.0.0.1", secure, timeout=20, context=trusted)
        finally:
            nginx.terminate()
            nginx.wait(10)


def asked(proxy: HTTPSConnection, path: str, **headers: str) -> tuple[int, HTTPMessage, str]:
    proxy.request("POST" if headers else "GET", path, headers=headers)
    answer = proxy.getresponse()
    found = answer.status, answer.headers, answer.read().decode()
    proxy.close()
    return found


@pytest.mark.full
@pytest.mark.parametrize(
    ("path", "status", "kind", "beginning"),
    [
        ("/graphql/", 503, "application/json", '{"errors":[{"message":"'),
        ("/graphql/stream/", 503, "application/json", '{"errors":[{"message":"'),
        ("/oauth/token/", 503, "application/json", '{"errors":[{"message":"'),
        ("/files/x", 503, "application/json", '{"errors":[{"message":"'),
        ("/health/", 503, "application/json", '{"errors":[{"message":"'),
        ("/open311/v2/services.json", 503, "application/json", '[{"code":503'),
        ("/open311/v2/services.xml", 503, "text/xml", "<errors><error><code>503"),
        ("/takip/", 502, "text/html", "<!DOCTYPE html>"),
        ("/admin/", 502, "text/html", "<!DOCTYPE html>"),
    ],
)
def test_while_the_application_is_gone_nginx_says_so_in_each_clients_format(
    proxy: HTTPSConnection, path: str, status: int, kind: str, beginning: str
) -> None:
    found, headers, body = asked(proxy, path)
    assert (found, headers.get_content_type()) == (status, kind)
    assert body.startswith(beginning)
    assert (headers["Retry-After"] == "5") == (status == 503)
    assert "max-age" in headers["Strict-Transport-Security"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.full
@pytest.mark.parametrize(
    ("path", "beginning"),
    [("/graphql/", '{"errors":'), ("/open311/v2/requests.json", "[{"), ("/admin/intake/", "<!DOCTYPE html>")],
)
def test_what_is_too_large_is_refused_in_the_clients_format(
    proxy: HTTPSConnection, path: str, beginning: str
) -> None:
    status, _headers, body = asked(proxy, path, **{"Content-Length": "70000000"})
    assert status == 413
    assert body.startswith(beginning)
