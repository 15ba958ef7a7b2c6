"""How often a name may be tried, and what the cookies and headers of a production server say."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from tests.backend.server.test_production_refusals import PRODUCTION
from tests.cast import PASSWORD, Cast
from tests.databases import ROOT, CommittedDatabase

NAME = "fen.memur"


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings) -> None:
    settings.PROXY_COUNT = 1
    cache.clear()  # the rates of an address are counted across tests


def _try(client: Client, password: str = "yanlış", address: str = "203.0.113.7", name: str = NAME):  # noqa: S107
    given = {"login": name, "password": password}
    return client.post("/accounts/login/", given, headers={"x-forwarded-for": address})


def _signs_in(client: Client, address: str = "198.51.100.20") -> bool:
    answer = _try(client, PASSWORD, address)
    client.post("/accounts/logout/")
    return answer.status_code == 302


def _attack(times: int, name: str = NAME) -> None:
    for n in range(times):
        _try(Client(), address=f"192.0.2.{n}", name=name)


def test_a_name_is_locked_whatever_the_addresses_and_only_where_its_owner_never_was(cast: Cast) -> None:
    own, new = Client(), Client()
    assert _signs_in(own)
    _attack(29)
    assert _signs_in(new), "not yet"
    _attack(3)  # of the thirty one more came from an address of before
    stranger = _try(Client(), PASSWORD, "198.51.100.99")
    assert stranger.status_code in (403, 429)
    assert "kilitlendi" in stranger.content.decode()
    assert _signs_in(own), "the browser that is known"
    assert _signs_in(new), "so is this one since"
    assert _try(Client(), PASSWORD, "198.51.100.99").status_code in (403, 429), (
        "their signing in frees no stranger"
    )


def test_a_known_browser_is_locked_by_its_own_failures_and_nobody_elses_is(cast: Cast) -> None:
    own, other = Client(), Client()
    assert _signs_in(own)
    assert _signs_in(other)
    for _n in range(6):
        answer = _try(own, address="198.51.100.20")
    assert answer.status_code in (403, 429)
    assert not _signs_in(own)
    assert _signs_in(other)


def test_a_cookie_of_another_person_or_an_invented_one_makes_no_browser_known(cast: Cast) -> None:
    colleague = Client()
    assert _try(colleague, PASSWORD, name="park.memur").status_code == 302
    colleague.post("/accounts/logout/")
    _attack(30)
    assert not _signs_in(colleague)
    colleague.cookies["known_browser"] = colleague.cookies["known_browser"].value[:-3] + "abc"
    assert not _signs_in(colleague)


def _passes(**time: int) -> None:
    """Let that much time pass for what was tried so far."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - dt.timedelta(**time))


def test_the_lock_grows_with_each_failure_and_never_beyond_four_hours(cast: Cast) -> None:
    for _n in range(6):
        _try(Client())
    for failures, minutes in enumerate((15, 30, 60, 120, 240, 240, 240), start=6):
        assert AccessAttempt.objects.get().failures_since_start == failures
        _passes(minutes=minutes - 1)
        assert not _signs_in(Client(), "203.0.113.7"), minutes
        _passes(minutes=2)
        _try(Client())
    _passes(hours=4, minutes=1)
    assert _signs_in(Client(), "203.0.113.7")


ASK = """
import django; django.setup()
import json
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none collected
client = Client(SERVER_NAME="ozelkalem.example")
page = client.get("/accounts/login/", secure=True)
language = client.post("/dil/", {"language": "en"}, secure=True)
cookies = {name: str(morsel.OutputString()) for name, morsel in client.cookies.items()}
print(json.dumps([dict(page.headers), cookies]))
"""


def test_in_production_cookies_belong_to_the_host_and_pages_may_use_no_device(
    committed_db: CommittedDatabase,
) -> None:
    environment = committed_db.environment | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    environment["OZELKALEM_SECRET_KEY"] = (
        django_settings.SECRET_KEY
    )  # the database knows the tickets of this one
    run = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    headers, cookies = json.loads(run.stdout.splitlines()[-1])
    assert {"__Host-csrftoken", "__Host-django_language"} <= set(cookies)
    for name, text in cookies.items():
        assert name.startswith("__Host-"), name
        assert "Secure" in text, name
        assert "Path=/" in text.split("; "), name
        assert "Domain" not in text, name
    policy = headers["Content-Security-Policy"]
    assert "base-uri 'none'" in policy
    assert {"camera=(self)", "microphone=()", "geolocation=()"} <= set(
        headers["Permissions-Policy"].split(", ")
    )
