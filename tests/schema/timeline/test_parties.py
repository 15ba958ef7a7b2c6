"""The picker and the card for programs: who is meant, what one should know of them, and a second record that asks."""

from __future__ import annotations

from backend.appointments.models import Promise
from backend.contacts.models import Citizen
from backend.core.session import system
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import date
from tests.factories import (
    make_citizen,
    make_invitation,
    make_organisation,
    make_request,
    make_role,
    refetch,
)
from tests.schema.client import Asking

PARTIES = """query P($search: String!, $kinds: [PartyKind!]) { parties(search: $search, kinds: $kinds) {
  name detail person { fullName } organisation { name } } }"""
CARD = """query C($organisation: ID, $person: ID) { partyCard(organisation: $organisation, person: $person) {
  address speaks note hasMorePromises openPromises { text } lastMeeting { title }
  unlinked { reference text mayLink request { id } invitation { id } } } }"""


def test_who_is_meant_and_what_one_should_know_of_them(cast: Cast) -> None:
    firm = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    make_role(firm, make_citizen("Işıl", "Öztürk"), title="Genel Müdür", salutation="Sayın Genel Müdürüm,")
    linked = make_request(cast.mayors, "Okul", partner=firm)
    request = make_request(cast.mayors, "Bahçe", organisation="ilıca yapı")
    invited = make_invitation(cast.mayors, "Temel atma", "ILICA YAPI A.Ş.")
    with system():
        Promise.objects.create(request=linked, text="İki bank", due_on=date(30))
    asking = Asking(cast.office_head)
    found = asking.data(PARTIES, search="ilıca")["parties"]
    assert [row["name"] for row in found] == ["Ilıca Yapı A.Ş.", "Işıl ÖZTÜRK"]
    assert found[0]["organisation"] == {"name": "Ilıca Yapı A.Ş."}
    assert found[1]["person"] == {"fullName": "Işıl ÖZTÜRK"}
    assert found[1]["detail"].startswith("Genel Müdür, Ilıca Yapı")
    assert len(asking.data(PARTIES, search="ilıca", kinds=["PERSON"])["parties"]) == 1
    assert Asking(cast.fen_clerk).data(PARTIES, search="ilıca")["parties"] == []

    card = asking.data(CARD, organisation=global_id(firm))["partyCard"]
    assert card["address"] == "Sayın Genel Müdürüm,"
    assert card["openPromises"] == [{"text": "İki bank"}]
    assert [row["reference"] for row in card["unlinked"]] == [request.reference, invited.reference]
    assert all(row["mayLink"] for row in card["unlinked"])
    for verb, row in (("appointmentLinkPartner", request), ("invitationLinkPartner", invited)):
        given = {"id": global_id(row), "partner": global_id(firm)}
        assert asking.does(verb, **given)["errors"] == []
        assert [error["code"] for error in asking.does(verb, **given)["errors"]] == ["INVALID"]
        assert refetch(row).partner_id == firm.pk
    assert asking.data(CARD, organisation=global_id(firm))["partyCard"]["unlinked"] == []
    assert asking.data(CARD)["partyCard"] is None


def test_a_second_record_of_a_person_is_not_made_in_silence(cast: Cast) -> None:
    known = make_citizen("Işıl", "Öztürk")
    asking = Asking(cast.office_head)
    said = {"firstName": "IŞIL", "lastName": "Öztürk"}
    asked = asking.does("citizenRecord", "alike citizen { id }", **said)
    assert [(one["code"], one["field"]) for one in asked["errors"]] == [("UNUSUAL", "acceptAlike")]
    assert asked["alike"] == [global_id(known)]
    assert asking.does("citizenRecord", "citizen { id }", acceptAlike=True, **said)["errors"] == []
    with system():
        assert Citizen.objects.count() == 2
