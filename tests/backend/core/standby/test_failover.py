"""An address with several hosts finds the one that writes; after a failover the next request works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import close_old_connections, connections

from backend import database, postgres
from schema.core.nodes import global_id
from tests.backend.core.standby.conftest import READ, Pair, until
from tests.backend.core.standby.test_reads import COMMENT, HTML

pytestmark = pytest.mark.full


@pytest.fixture
def several_hosts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Both servers in one address, as an installation names them; no standby is read."""
    to = postgres.connection(pair.primary.data)
    hosts = ",".join(
        quote(postgres.connection(one.data).host, safe="") for one in (pair.standby, pair.primary)
    )
    address = f"postgresql://{to.user}:{to.password}@{hosts}/{to.database}?target_session_attrs=read-write"
    monkeypatch.setenv("DATABASE_URL", address)
    settings = connections["default"].settings_dict
    before = dict(settings)
    connections["default"].close()
    settings.update(database.databases()["default"])
    removed = connections.settings.pop(database.READING)
    yield pair
    connections.settings[database.READING] = removed
    connections["default"].close()
    settings.clear()
    settings.update(before)


def test_a_connection_whose_server_became_a_standby_is_given_up(pair: Pair) -> None:
    """It still lives, and would refuse every write."""
    to: Any = postgres.connection(pair.standby.data)
    default = connections["default"]
    default.close()
    before = dict(default.settings_dict)
    default.settings_dict.update(HOST=to.host, USER=to.user, PASSWORD=to.password)
    default.connect()
    default.settings_dict.update(before)
    assert not default.is_usable()
    default.errors_occurred = True
    close_old_connections()
    with default.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        assert cursor.fetchone() == (False,)


def test_the_next_request_after_a_failover_works(several_hosts: Pair, case_id: str) -> None:
    pair = several_hosts
    browser = pair.browser()
    browser.client.raise_request_exception = False
    assert browser.post(READ, {"id": case_id}).status_code == 200
    pair.catch_up()
    pair.primary.kill()
    pair.standby.execute("SELECT pg_promote()")
    until(pair.standby, "SELECT NOT pg_is_in_recovery()")
    wrote = {"input": {"id": global_id(pair.case), "body": "Yeni birincil"}}
    statuses = []
    for _request in range(2):
        response = browser.post(COMMENT, wrote)
        statuses.append(response.status_code)
        assert response.status_code == 200 or response["Retry-After"]
        close_old_connections()  # as Django's server does at the end of a request
    assert statuses in ([503, 200], [200, 200])
    assert browser.client.get("/admin/complaints/complaint/", headers=HTML).status_code == 200
