"""Clients that portals use, each asking, changing and being refused, over HTTP from a process of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.requests import RequestsHTTPTransport

from tests.cast import Cast
from tests.clients.conftest import HERE, Node
from tests.schema.portal_client import make_portal

pytestmark = pytest.mark.full

ROOT = HERE.parents[1]
QUERY = "query Own($first: Int!) { complaints(first: $first) { totalCount nodes { reference subject } } }"
MUTATION = """
mutation Report($input: ComplaintRegisterInput!) {
  complaintRegister(input: $input) { receipt { reference trackingCode } errors { code field } }
}
"""
TRACKING = "query Follow($code: String!) { complaintTracking(code: $code) { reference status } }"
SUBMIT = """
mutation Submit($input: PortalComplaintSubmitInput!) {
  portalComplaintSubmit(input: $input) { reference trackingCode errors { code field } }
}
"""
RATE = """
mutation Rate($input: PortalComplaintRateInput!) {
  portalComplaintRate(input: $input) { errors { code field } }
}
"""
FOLLOWED = "query Followed($code: String!) { portalComplaint(code: $code) { reference status canAdd } }"
REPORT = {"kind": "COMPLAINT", "channel": "WEB", "subject": "Kaldırım çöktü", "source": "portal"}


class Asks:
    """One operation of the client `name`, as whoever bears `token`."""

    def __init__(self, name: str, node: Node, url: str) -> None:
        self.name, self.node, self.url = name, node, url

    def __call__(self, query: str, token: str, **variables: Any) -> dict[str, Any]:
        if self.name == "gql":
            return _with_gql(self.url, query, token, variables)
        asked = json.dumps({"query": query, "variables": variables})
        answer: dict[str, Any] = json.loads(self.node("ask.mjs", self.name, self.url, token, given=asked))
        return answer


def _with_gql(url: str, query: str, token: str, variables: dict[str, Any]) -> dict[str, Any]:
    client = Client(transport=RequestsHTTPTransport(url, headers={"Authorization": f"Bearer {token}"}))
    try:
        return {"data": client.execute(GraphQLRequest(query, variable_values=variables))}
    except TransportQueryError as refused:
        return {"errors": [error["extensions"]["code"] for error in refused.errors or []]}
    except TransportServerError as refused:
        return {"errors": [refused.code]}


@pytest.fixture(params=["apollo", "urql", "request", "gql"])
def asks(request: pytest.FixtureRequest, node: Node, live_site: str) -> Asks:
    return Asks(request.param, node, f"{live_site}/graphql/")


def test_a_client_asks_changes_and_is_refused_properly(asks: Asks, people: Cast) -> None:
    token = people.portal_secret
    assert asks(QUERY, token, first=5) == {"data": _typed(asks, {"totalCount": 0, "nodes": []})}

    reported = asks(MUTATION, token, input=REPORT | {"sourceNumber": "1"})["data"]["complaintRegister"]
    assert reported["errors"] == []
    tracked = asks(TRACKING, token, code=reported["receipt"]["trackingCode"])["data"]["complaintTracking"]
    assert tracked["reference"] == reported["receipt"]["reference"]
    twice = asks(MUTATION, token, input=REPORT | {"sourceNumber": "1"})["data"]["complaintRegister"]
    assert [error["code"] for error in twice["errors"]] == ["DUPLICATE"]

    assert asks("{ nothing }", token) == {"errors": ["GRAPHQL_VALIDATION_FAILED"]}
    assert asks(QUERY, "okm_of-nobody", first=5)["errors"] in (["UNAUTHENTICATED"], [401])


def test_a_client_brings_in_for_citizens_follows_and_is_refused_properly(asks: Asks, people: Cast) -> None:
    token = make_portal()[1]
    report = {"kind": "COMPLAINT", "channel": "E_MUNICIPALITY", "subject": "Kaldırım çöktü"}
    taken = asks(SUBMIT, token, input=report)["data"]["portalComplaintSubmit"]
    assert taken["errors"] == []
    followed = asks(FOLLOWED, token, code=taken["trackingCode"])["data"]["portalComplaint"]
    assert (followed["reference"], followed["status"], followed["canAdd"]) == (
        taken["reference"],
        "Alındı",
        True,
    )

    early = asks(RATE, token, input={"code": taken["trackingCode"], "rating": 5})["data"]
    assert [error["code"] for error in early["portalComplaintRate"]["errors"]] == ["WRONG_STATE"]
    empty = asks(SUBMIT, token, input=report | {"subject": " "})["data"]["portalComplaintSubmit"]
    assert [(error["code"], error["field"]) for error in empty["errors"]] == [("REQUIRED", "subject")]
    assert asks(FOLLOWED, token, code="0000-0000-0000") == {"data": {"portalComplaint": None}}
    foreign = asks(SUBMIT, people.portal_secret, input=report)["data"]["portalComplaintSubmit"]
    assert [error["code"] for error in foreign["errors"]] == ["FORBIDDEN"]
    assert asks("{ complaints { totalCount } }", token)["errors"] in (["FORBIDDEN"], [403])


def _typed(asks: Asks, connection: dict[str, Any]) -> dict[str, Any]:
    """What the cache of a client asks for besides."""
    if asks.name in ("apollo", "urql"):
        connection = connection | {"__typename": "ComplaintConnection"}
    return {"complaints": connection}


def test_the_relay_compiler_takes_the_schema(node: Node, tmp_path: Any) -> None:
    """Connections, nodes and input objects are as Relay wants them."""
    (tmp_path / "List.js").write_text(
        """
        import { graphql } from "react-relay";
        graphql`
          query ListQuery { ...List_page }
        `;
        graphql`
          fragment List_page on Query
          @refetchable(queryName: "ListPageQuery")
          @argumentDefinitions(count: {type: "Int", defaultValue: 20}, cursor: {type: "String"}) {
            complaints(first: $count, after: $cursor) @connection(key: "List_complaints") {
              edges { cursor node { id reference ...List_one } }
              pageInfo { hasNextPage endCursor }
            }
          }
        `;
        graphql`
          fragment List_one on Complaint @refetchable(queryName: "ListOneQuery") { subject status }
        `;
        """
    )
    sdl = (ROOT / "schema" / "schema.graphql").read_text()
    (tmp_path / "schema.graphql").write_text(sdl)
    config = {"src": ".", "schema": "schema.graphql", "language": "javascript"}
    (tmp_path / "relay.config.json").write_text(json.dumps(config))
    node("node_modules/relay-compiler/cli.js", cwd=tmp_path)
    assert (tmp_path / "__generated__" / "ListOneQuery.graphql.js").exists()
