"""What a program outside sees of the schema, and what a page of another site may read without a server of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from graphql import build_client_schema, build_schema, get_introspection_query, print_schema

from schema.core.documents import PUBLIC_DATA
from tests.cast import Cast, signed_in
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import portal

JSON = "application/json"
CATEGORIES = "{ publicCategories(first: 3) { nodes { code } } }"
ELSEWHERE = "https://portal.example"


def _is_for_portals(name: str) -> bool:
    others = {"publishedEvents", "publishedEvent", "complaintTracking", "submissionFile", "submissionConfirm"}
    others |= {"addressOf", "placeAt"}
    return name.startswith(("portal", "public")) or name in others


def test_a_portal_sees_its_part_of_the_schema_and_a_reader_the_whole(cast: Cast) -> None:
    told = portal().data(get_introspection_query(input_value_deprecation=True))
    part = build_client_schema(told)
    for root in (part.query_type, part.mutation_type, part.subscription_type):
        assert root is not None
        assert [name for name in root.fields if not _is_for_portals(name)] == []
    assert {"PortalComplaint", "PortalContactInput"} <= part.type_map.keys()
    assert {"Complaint", "StaffMember", "ComplaintRouteInput"} & part.type_map.keys() == set()
    named = portal("portal.ikinci").data('{ __type(name: "StaffMember") { name } }')
    assert named == {"__type": None}
    whole = Asking(token=cast.portal_secret).data('{ __type(name: "StaffMember") { name } }')
    assert whole == {"__type": {"name": "StaffMember"}}


def test_a_look_at_the_schema_opens_nothing_else(cast: Cast) -> None:
    mixed = portal().answer("{ __schema { queryType { name } } me { username } }")
    assert errors_of(mixed) == ["FORBIDDEN"]
    nobody = Asking().answer("{ __schema { queryType { name } } }")
    assert errors_of(nobody) == ["UNAUTHENTICATED"]


def test_the_schema_lies_at_an_address_and_that_of_a_portal_is_its_part(cast: Cast) -> None:
    whole = Client().get("/graphql/schema.graphql")
    assert "type StaffMember" in whole.content.decode()
    assert ("public" in whole["Cache-Control"], "Authorization" in whole["Vary"]) == (True, True)
    again = Client().get("/graphql/schema.graphql", headers={"If-None-Match": whole["ETag"]})
    assert again.status_code == 304
    asking = portal()
    part = Client().get("/graphql/schema.graphql", headers=asking.headers)
    assert "private" in part["Cache-Control"]
    assert "type StaffMember" not in part.content.decode()
    seen = build_client_schema(asking.data(get_introspection_query()))
    assert sorted(build_schema(part.content.decode()).type_map) == sorted(seen.type_map)
    assert "type PortalComplaint {" in print_schema(seen)
    wrong = Client().get("/graphql/schema.graphql", headers={"authorization": "Bearer okc_wrong"})
    assert (wrong.status_code, errors_of(wrong.json())) == (401, ["UNAUTHENTICATED"])


def test_before_it_asks_a_page_of_another_site_is_told_what_it_may_send() -> None:
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    asked |= {"Access-Control-Request-Headers": "authorization, content-type"}
    answer = Client().options("/graphql/", headers=asked)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, POST, QUERY"
    assert answer["Access-Control-Allow-Headers"] == "Content-Type"  # a token is not among them
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Origin" not in Client().options("/graphql/")


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_public_data_alone_is_read_from_another_site(cast: Cast, method: str) -> None:
    def read(client: Client, query: str, **headers: str) -> Any:
        body = json.dumps({"query": query})
        headers |= {"origin": ELSEWHERE, "accept": JSON}
        return client.generic(method, "/graphql/", body, content_type=JSON, headers=headers)

    public = read(Client(), CATEGORIES)
    assert (public.status_code, public["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Access-Control-Allow-Credentials" not in public
    asking = portal()
    for closed in (
        read(Client(), '{ complaintTracking(code: "7G2K-0QXM-4TBN") { status } }'),
        read(Client(), "{ publicPrincipals { id } me { username } }"),
        read(Client(), "mutation { __typename }"),
        read(signed_in(cast.secretary), "{ me { username } }"),
        read(Client(), CATEGORIES, authorization=asking.headers["authorization"]),
        read(Client(), "{"),
    ):
        assert "Access-Control-Allow-Origin" not in closed
    assert "publicCategories" in PUBLIC_DATA
