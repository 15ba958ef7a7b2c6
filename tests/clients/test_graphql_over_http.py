"""The audits of GraphQL over HTTP (npm `graphql-http`) for a client that is signed in."""

from __future__ import annotations

import json

import pytest

from tests.cast import Cast
from tests.clients.conftest import Node

pytestmark = pytest.mark.full
OVERRIDDEN = {
    "423L": "MAY use 400 status code on missing {query} parameter",
    "86EE": "SHOULD use a status code of 400 on variable coercion failure when accepting application/graphql-response",
}
"""Audits of the older draft, no MUST among them, for which the release has 422: id → how it begins."""


def test_every_audit_of_graphql_over_http_passes_that_the_released_text_leaves_standing(
    live_site: str, people: Cast, node: Node
) -> None:
    audits = json.loads(node("audits.mjs", f"{live_site}/graphql/", people.portal_secret))
    assert len(audits) == 61
    other = [audit for audit in audits if audit["status"] != "ok"]
    assert {audit["id"] for audit in other} == set(OVERRIDDEN), other
    assert all(audit["name"].startswith(OVERRIDDEN[audit["id"]]) for audit in other)
