"""The reference client of GraphQL over server-sent events follows a case, from a process of its own."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from backend.complaints import actions
from backend.core.session import system
from schema.core.nodes import global_id
from tests.cast import make_cast
from tests.clients.conftest import Node
from tests.databases import CommittedDatabase
from tests.factories import make_complaint
from tests.schema.stream.serving import Server
from tests.schema.stream.test_stream import ONE, PATH

pytestmark = [pytest.mark.full, pytest.mark.waits]


def test_graphql_sse_follows_until_the_case_has_left(node: Node, committed_db: CommittedDatabase) -> None:
    house = make_cast()
    case = make_complaint(to=house.relations)
    server = Server(committed_db, OZELKALEM_STREAM_HEARTBEAT_SECONDS="1")
    url = f"http://127.0.0.1:{server.port}{PATH}"
    given = json.dumps({"query": ONE, "variables": {"id": global_id(case)}})
    try:
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(node, "follow.mjs", url, house.portal_secret, "9", given=given)
            time.sleep(4)  # heartbeats pass by
            with system():
                actions.route(case, to=house.fen, by=house.secretary)
            found: dict[str, Any] = json.loads(told.result(60))
    finally:
        server.end()
    changes = [result["data"]["complaintChanged"] for result in found["results"]]
    assert [change["complaint"] for change in changes] == [{"status": "ASSIGNED"}, None]
    assert found["ended"]
