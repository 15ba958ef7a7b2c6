"""The audits of GraphQL over HTTP (npm `graphql-http`) for a client that is signed in."""

from __future__ import annotations

import json

import pytest

from tests.cast import Cast
from tests.clients.conftest import Node

pytestmark = pytest.mark.full


def test_every_audit_of_graphql_over_http_passes(live_site: str, people: Cast, node: Node) -> None:
    audits = json.loads(node("audits.mjs", f"{live_site}/graphql/", people.portal_secret))
    assert len(audits) == 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []
