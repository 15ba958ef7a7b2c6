"""Principals through GraphQL: who keeps whose programme, who stands in, what is handed over, and to whom it is said."""

from __future__ import annotations

from typing import Any

from backend.appointments import actions as appointments
from backend.core.session import system
from backend.programme import actions
from permissions.core import grants
from permissions.core.viewer import KEEP, READ
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import at, make_entry, make_request, refetch
from tests.schema.client import Asking

PRINCIPALS = """
{ principals { nodes { name viewerCan
  standIns { id validFrom validUntil deputy { name } appointedBy { fullName } } } } }
"""
APPOINT = """
mutation ($input: StandInAppointInput!) {
  standInAppoint(input: $input) { principal { standIns { id deputy { name } } } errors { code field } }
}
"""
END = (
    "mutation ($input: StandInEndInput!)"
    " { standInEnd(input: $input) { principal { standIns { id } } errors { code field } } }"
)
HAND_OVER = """
mutation ($input: ProgrammeEntryHandOverInput!) {
  programmeEntryHandOver(input: $input) {
    entry { principal { name } lines { verb details } } freeTimes { startsAt } errors { code field message }
  }
}
"""
HAND_OVER_REQUEST = """
mutation ($input: AppointmentHandOverInput!) {
  appointmentHandOver(input: $input) {
    request { principal { name } lines { verb } notices { kind body } } errors { code field }
  }
}
"""
GIVE = """
mutation ($input: ProgrammeGrantGiveInput!) {
  programmeGrantGive(input: $input) { principal { name } errors { code field message } }
}
"""
TAKE = """
mutation ($input: ProgrammeGrantTakeInput!) {
  programmeGrantTake(input: $input) { principal { name } errors { code field } }
}
"""
GRANTS = """
query ($principal: ID, $live: Boolean!) {
  programmeGrants(principal: $principal, live: $live) {
    totalCount nodes { user { fullName } principal { name } permission validFrom validUntil reason }
  }
}
"""


def _id(row: Any, name: str) -> str:
    return str(encode(name, row.key))


def _absence(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "principal": _id(cast.mayors, "Principal"),
        "deputy": _id(cast.deputys, "Principal"),
        "validFrom": day(-1),
        "validUntil": day(3),
        **more,
    }


def _keeps_both(cast: Cast) -> None:
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=cast.administrator)


def test_the_head_of_the_office_appoints_a_stand_in_and_everybody_reads_it(cast: Cast) -> None:
    answer = Asking(cast.office_head).data(APPOINT, input=_absence(cast, reason="İzin"))["standInAppoint"]
    assert answer["errors"] == []
    (mayors, deputys) = Asking(cast.outsider).data(PRINCIPALS)["principals"]["nodes"]
    assert mayors["standIns"][0]["deputy"]["name"] == "Başkan Yardımcısı İlker Ünal"
    assert mayors["standIns"][0]["appointedBy"]["fullName"] == "Kemal Yıldız"
    assert deputys["standIns"] == []
    ended = Asking(cast.office_head).data(END, input={"standIn": mayors["standIns"][0]["id"]})["standInEnd"]
    assert ended == {"principal": {"standIns": []}, "errors": []}


def test_a_member_of_the_council_acts_as_mayor(cast: Cast) -> None:
    """5393 m.40: who acts as mayor is a member of the council, and need be no deputy mayor."""
    establish = (
        "mutation ($input: PrincipalEstablishInput!) { principalEstablish(input: $input)"
        " { principal { id office } errors { code } } }"
    )
    given = {"office": "COUNCIL_MEMBER", "name": "Meclis Üyesi Zeliha Irmak"}
    member = Asking(cast.office_head).data(establish, input=given)["principalEstablish"]["principal"]
    assert member["office"] == "COUNCIL_MEMBER"
    answer = Asking(cast.office_head).data(APPOINT, input=_absence(cast, deputy=member["id"]))
    assert answer["standInAppoint"]["errors"] == []
    mayors = Asking(cast.outsider).data(PRINCIPALS)["principals"]["nodes"][0]
    assert mayors["standIns"][0]["deputy"]["name"] == "Meclis Üyesi Zeliha Irmak"


def test_a_keeper_may_plan_and_not_manage(cast: Cast) -> None:
    """`viewerCan` says the same as the refusal."""
    expected = {
        cast.secretary: [["PLAN"], []],
        cast.office_head: [["CHANGE"], ["CHANGE"]],
        cast.administrator: [["CHANGE"], ["CHANGE"]],
        cast.deputy_mayor: [[], ["PLAN"]],
        cast.outsider: [[], []],
    }
    for user, can in expected.items():
        found = Asking(user).data(PRINCIPALS)["principals"]["nodes"]
        assert [row["viewerCan"] for row in found] == can, user.username
    for user in (cast.secretary, cast.deputy_mayor, cast.outsider):
        (error,) = Asking(user).data(APPOINT, input=_absence(cast))["standInAppoint"]["errors"]
        assert error["code"] == "FORBIDDEN"


def test_two_stand_ins_on_one_day_are_a_conflict(cast: Cast) -> None:
    asking = Asking(cast.office_head)
    asking.data(APPOINT, input=_absence(cast))
    (error,) = asking.data(APPOINT, input=_absence(cast, validFrom=day(3), validUntil=day(8)))[
        "standInAppoint"
    ]["errors"]
    assert error == {"code": "CONFLICT", "field": "validFrom"}


def test_who_keeps_both_hands_over_and_a_taken_time_comes_with_free_ones(cast: Cast) -> None:
    _keeps_both(cast)
    entry, other = (
        make_entry(cast.mayors, "Muhtarlar", at(DAY), 60),
        make_entry(cast.deputys, "Dolu", at(DAY)),
    )
    given = {"id": _id(entry, "ProgrammeEntry"), "to": _id(cast.deputys, "Principal")}
    asking = Asking(cast.secretary)
    refused = asking.data(HAND_OVER, input=given)["programmeEntryHandOver"]
    assert [error["code"] for error in refused["errors"]] == ["CONFLICT"]
    assert len(refused["freeTimes"]) == 3
    with system():
        actions.cancel(other, by=None, reason="Boşaldı")
    done = asking.data(HAND_OVER, input=given)["programmeEntryHandOver"]
    assert done["errors"] == []
    assert done["entry"]["principal"]["name"] == "Başkan Yardımcısı İlker Ünal"
    assert done["entry"]["lines"][0]["verb"] == "HANDED_OVER"


def test_into_a_programme_that_is_not_theirs_nobody_hands_anything_over(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Muhtarlar", at(DAY), 60)
    given = {"id": _id(entry, "ProgrammeEntry"), "to": _id(cast.deputys, "Principal")}
    for user, code in ((cast.secretary, "FORBIDDEN"), (cast.fen_clerk, "NOT_FOUND")):
        (error,) = Asking(user).data(HAND_OVER, input=given)["programmeEntryHandOver"]["errors"]
        assert error["code"] == code, user.username
    assert refetch(entry).principal == cast.mayors


def test_a_requested_appointment_is_handed_over_at_its_request_with_a_message(cast: Cast) -> None:
    _keeps_both(cast)
    request = make_request(cast.mayors)
    with system():
        appointments.approve(request, by=None, starts_at=at(DAY), means="PHONE")
    given = {"id": _id(request, "AppointmentRequest"), "to": _id(cast.deputys, "Principal"), "means": "PHONE"}
    done = Asking(cast.secretary).data(HAND_OVER_REQUEST, input=given)["appointmentHandOver"]
    assert done["errors"] == []
    assert done["request"]["principal"]["name"] == "Başkan Yardımcısı İlker Ünal"
    assert done["request"]["notices"][0]["kind"] == "HANDOVER"
    assert "Belediye Başkanı yerine" in done["request"]["notices"][0]["body"]


def test_a_programme_is_given_and_taken_with_dates_and_what_ended_is_still_read(cast: Cast) -> None:
    asking = Asking(cast.office_head)
    given = {
        "user": _id(cast.park_clerk, "StaffMember"),
        "principal": _id(cast.deputys, "Principal"),
        "permission": "READ",
    }
    assert asking.data(GIVE, input=given | {"reason": "Vekâlet"})["programmeGrantGive"]["errors"] == []
    theirs = Asking(cast.park_clerk).data(GRANTS, live=True)["programmeGrants"]
    assert [(row["permission"], row["reason"]) for row in theirs["nodes"]] == [("READ", "Vekâlet")]
    with system():
        old = grants.give_programme(
            cast.outsider, READ, cast.deputys, by=None, valid_from=at("2025-01-01").date()
        )
        grants.take(old, by=None)
    assert asking.data(TAKE, input=given)["programmeGrantTake"]["errors"] == []
    (error,) = asking.data(TAKE, input=given)["programmeGrantTake"]["errors"]
    assert error == {"code": "NOT_FOUND", "field": "permission"}
    live = asking.data(GRANTS, principal=_id(cast.deputys, "Principal"), live=True)["programmeGrants"]
    ended = asking.data(GRANTS, principal=_id(cast.deputys, "Principal"), live=False)["programmeGrants"]
    assert (live["totalCount"], ended["totalCount"]) == (2, 3)


def test_only_those_who_manage_give_a_programme_and_nobody_to_themselves(cast: Cast) -> None:
    given = {
        "user": _id(cast.park_clerk, "StaffMember"),
        "principal": _id(cast.mayors, "Principal"),
        "permission": "KEEP",
    }
    (error,) = Asking(cast.secretary).data(GIVE, input=given)["programmeGrantGive"]["errors"]
    assert error["code"] == "FORBIDDEN"
    own = given | {"user": _id(cast.office_head, "StaffMember")}
    (error,) = Asking(cast.office_head).data(GIVE, input=own)["programmeGrantGive"]["errors"]
    assert error["code"] == "INVALID"
