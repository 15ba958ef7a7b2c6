"""Requests for appointments and received invitations name the organisation they come from: seen from both ends, in its
timeline, and still there when its record was merged."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.core.session import system
from backend.events import actions as events
from backend.invitations.models import Invitation
from backend.partners import actions as partners
from backend.partners.models import Organisation
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import (
    at,
    make_citizen,
    make_engagement,
    make_event,
    make_instruction,
    make_invitation,
    make_letter,
    make_organisation,
    make_request,
    refetch,
)
from tests.schema.client import Asking

BOTH_WAYS = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
RECEIVE = """mutation($input: AppointmentReceiveInput!) { appointmentReceive(input: $input) {
  errors { code field } request { id version organisation partner { name appointmentRequests { subject } } } } }"""
CORRECT = """mutation($input: AppointmentCorrectInput!) { appointmentCorrect(input: $input) {
  errors { code field } request { organisation partner { name } } } }"""
INVITED = """mutation($input: InvitationReceiveInput!) { invitationReceive(input: $input) {
  errors { code field } invitation { host partner { name invitations { title } } } } }"""
OF_PARTNER = """query($id: ID!, $first: Int, $after: String) {
  appointmentRequests(first: $first, after: $after, filter: {partner: $id}) {
    totalCount pageInfo { endCursor hasNextPage } nodes { subject } }
  invitations(filter: {partner: $id}) { nodes { title } } }"""
TIMELINE = """query($id: ID!) { timeline(organisation: $id) { totalCount
  nodes { kind title request { reference } invitation { reference } letter { subject } } } }"""


@pytest.fixture
def union(cast: Cast) -> Organisation:
    """Seen by Fen İşleri and the office."""
    return make_organisation("Yol Yapımcıları Birliği", departments=(cast.fen,))


def _asked(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "principal": global_id(cast.mayors),
        "channel": "PHONE",
        "kind": "REQUEST",
        "subject": "Yol ihalesi",
        "applicant": global_id(make_citizen()),
        **more,
    }


def test_a_request_names_the_record_beside_what_was_said(cast: Cast, union: Organisation) -> None:
    said = _asked(cast, organisation="Yolcular Birliği", partner=global_id(union))
    found = Asking(cast.secretary).data(RECEIVE, input=said)["appointmentReceive"]
    assert found["errors"] == []
    assert found["request"]["organisation"] == "Yolcular Birliği", "what was said stays as it was said"
    assert found["request"]["partner"] == {
        "name": "Yol Yapımcıları Birliği",
        "appointmentRequests": [{"subject": "Yol ihalesi"}],
    }
    taken = {"id": found["request"]["id"], "partner": None}
    after = Asking(cast.secretary).data(CORRECT, input=taken)["appointmentCorrect"]
    assert after == {"errors": [], "request": {"organisation": "Yolcular Birliği", "partner": None}}


def test_an_invitation_names_the_record_of_its_host(cast: Cast, union: Organisation) -> None:
    said = {
        "principal": global_id(cast.mayors),
        "occasion": "DINNER",
        "title": "İftar",
        "host": "Yolcular",
        "startsAt": f"{DAY}T19:00",
        "partner": global_id(union),
    }
    found = Asking(cast.secretary).data(INVITED, input=said)["invitationReceive"]
    assert found["invitation"] == {
        "host": "Yolcular",
        "partner": {"name": "Yol Yapımcıları Birliği", "invitations": [{"title": "İftar"}]},
    }


def test_nobody_links_what_they_do_not_see(cast: Cast, union: Organisation) -> None:
    """Whoever keeps a programme takes requests without seeing every partner."""
    hidden = make_organisation("Uzak Vakfı", "FOUNDATION")
    said = _asked(cast, principal=global_id(cast.deputys), partner=global_id(hidden))
    said["newApplicant"] = {"firstName": "Gül"}
    del said["applicant"]  # nor would they name a citizen whom they do not see
    found = Asking(cast.fen_clerk).data(RECEIVE, input=said)["appointmentReceive"]
    assert found["errors"] == [{"code": "NOT_FOUND", "field": "partner"}]
    said["partner"] = "garbage"
    found = Asking(cast.fen_clerk).data(RECEIVE, input=said)["appointmentReceive"]
    assert found["errors"][0]["field"] == "partner"


def test_a_merged_record_is_taken_for_the_one_that_stands(cast: Cast, union: Organisation) -> None:
    twin = make_organisation("Yol Birliği")
    with system():
        partners.merge(refetch(twin), by=None, into=refetch(union))
    row = make_request(cast.mayors, partner=refetch(twin))
    assert row.partner_id == union.pk


@BOTH_WAYS
def test_the_lists_of_one_organisation_are_paged_and_hide_what_is_hidden(
    cast: Cast, union: Organisation, compiled: bool
) -> None:
    for number in range(5):
        make_request(cast.mayors, f"Talep {number}", partner=union)
    make_request(cast.mayors, "Başkasının")
    make_invitation(cast.mayors, "İftar", partner=union)
    with system():
        first = AppointmentRequest.objects.get(subject="Talep 0")
        appointments.redirect(first, department=cast.fen, by=None, means="PHONE")
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        asking, seen, after = Asking(cast.office_head), [], None
        while True:
            found = asking.data(OF_PARTNER, id=global_id(union), first=2, after=after)
            page = found["appointmentRequests"]
            assert page["totalCount"] == 5
            seen += [one["subject"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == [f"Talep {number}" for number in (4, 3, 2, 1, 0)]
        assert found["invitations"]["nodes"] == [{"title": "İftar"}]
        fen = Asking(cast.fen_clerk).data(OF_PARTNER, id=global_id(union))
        assert [one["subject"] for one in fen["appointmentRequests"]["nodes"]] == ["Talep 0"]
        assert fen["invitations"]["nodes"] == []
        park = Asking(cast.park_clerk).data(OF_PARTNER, id=global_id(union))
        assert park["appointmentRequests"]["totalCount"] == 0, "they do not see the organisation"


ALL_OF_PARTNER = """query($id: ID!) {
  appointmentRequests(filter: {partner: $id}) { totalCount nodes { subject } }
  invitations(filter: {partner: $id}) { nodes { title } }
  events(filter: {partner: $id}) { nodes { title } }
  engagements(filter: {organisation: $id}) { nodes { title } } }"""


@BOTH_WAYS
def test_lists_find_what_names_a_merged_record_under_the_one_that_stands(
    cast: Cast, union: Organisation, compiled: bool
) -> None:
    """However long the chain of merges is, from each of its records, and no longer when a merge is undone."""
    chain = [make_organisation(f"Yol Birliği {number}") for number in range(4)]
    last = chain[-1]
    make_request(cast.mayors, "Yol ihalesi", partner=last)
    make_invitation(cast.mayors, "İftar", partner=last)
    make_engagement(cast.mayors, "Tanışma", organisation=last)
    with system():
        events.add_partner(
            make_event(cast.mayors, "Açılış"), by=None, organisation=refetch(last), role="HOST"
        )
        for inner, outer in zip(reversed(chain), [*reversed(chain[:-1]), union], strict=True):
            partners.merge(refetch(inner), by=None, into=refetch(outer))
    everything = {
        "appointmentRequests": {"totalCount": 1, "nodes": [{"subject": "Yol ihalesi"}]},
        "invitations": {"nodes": [{"title": "İftar"}]},
        "events": {"nodes": [{"title": "Açılış"}]},
        "engagements": {"nodes": [{"title": "Tanışma"}]},
    }
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        for row in (union, *chain):
            assert Asking(cast.office_head).data(ALL_OF_PARTNER, id=global_id(row)) == everything, row.name
        hidden = Asking(cast.park_clerk).data(ALL_OF_PARTNER, id=global_id(union))
        assert not any(found["nodes"] for found in hidden.values()), "they do not see the organisation"
        with system():
            partners.undo_merge(refetch(chain[0]), by=None)
        alone = Asking(cast.office_head).data(ALL_OF_PARTNER, id=global_id(union))
        assert not any(found["nodes"] for found in alone.values())
        assert Asking(cast.office_head).data(ALL_OF_PARTNER, id=global_id(chain[0])) == everything


@BOTH_WAYS
def test_all_of_it_stands_in_the_timeline_of_the_organisation(
    cast: Cast, union: Organisation, compiled: bool
) -> None:
    asked = make_request(cast.mayors, "Yol ihalesi", partner=union)
    invited = make_invitation(cast.mayors, "İftar", partner=union)
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Cevap Yazısı", request=asked)
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Teşekkür Yazısı", invitation=invited)
    make_instruction(cast.mayors, cast.fen, "Yol gezilsin", by=cast.secretary, request=asked)
    make_instruction(cast.mayors, cast.park, "Çiçek gitsin", by=cast.secretary, invitation=invited)
    with system():
        appointments.approve(
            refetch(asked), by=None, starts_at=at(day(1), "10:00"), accept_unusual=True, means="PHONE"
        )
    everything = {
        ("REQUEST", "Yol ihalesi"),
        ("APPOINTMENT", "Yol ihalesi"),
        ("INVITATION", "İftar"),
        ("LETTER", "Cevap Yazısı"),
        ("LETTER", "Teşekkür Yazısı"),
        ("INSTRUCTION", "Yol gezilsin"),
        ("INSTRUCTION", "Çiçek gitsin"),
    }

    def moments(who: Any, row: Organisation) -> set[tuple[str, str]]:
        found = Asking(who).data(TIMELINE, id=global_id(row))["timeline"]
        assert found["totalCount"] == len(found["nodes"])
        return {(one["kind"], one["title"]) for one in found["nodes"]}

    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        assert moments(cast.office_head, union) == everything
        assert moments(cast.fen_clerk, union) == set(), "an instruction alone does not say from whom it comes"
        with system():
            appointments.redirect(
                make_request(cast.mayors, "Kaldırım", partner=union),
                department=cast.fen,
                by=None,
                means="PHONE",
            )
        assert moments(cast.fen_clerk, union) == {("REQUEST", "Kaldırım")}
        other = make_organisation("Yol Birliği Federasyonu")
        with system():
            partners.merge(refetch(union), by=None, into=refetch(other))
        assert moments(cast.office_head, other) >= everything
        with system():
            partners.undo_merge(refetch(union), by=None)
        assert moments(cast.office_head, other) == set()


def test_the_number_of_statements_does_not_grow_with_the_rows(cast: Cast, union: Organisation) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Organisation {
      appointmentRequests { subject partner { name } } invitations { title partner { name } }
      timeline { title } } } }"""
    counts = []
    for number in (2, 8):
        for more in range(number):
            make_request(cast.mayors, f"Talep {more}", partner=union)
            make_invitation(cast.mayors, f"Davet {more}", partner=union)
        with override_settings(GRAPHQL_COMPILED_READS=False):
            Asking(cast.office_head).data(query, id=global_id(union))
            with CaptureQueriesContext(connection) as found:
                Asking(cast.office_head).data(query, id=global_id(union))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_partner_with_requests_is_not_taken_away(cast: Cast, union: Organisation) -> None:
    """The link is a foreign key that protects: an organisation is merged or closed, never deleted."""
    make_invitation(cast.mayors, partner=union)
    with system():
        assert Invitation.objects.filter(partner=union).exists()
        with pytest.raises(Exception, match=r"protected|permission"):
            Organisation.objects.get(pk=union.pk).delete()
