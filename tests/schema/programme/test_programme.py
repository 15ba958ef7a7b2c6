"""The programme and appointments through GraphQL: as a keeper, as a reader, as somebody who may only know when."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from backend.appointments import links
from backend.core.session import system
from backend.programme import actions
from backend.programme.models import Entry
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.days import DAY, FROZEN, day
from tests.factories import THURSDAYS, at, make_citizen, make_entry, make_request, refetch
from tests.schema.client import Asking

PLAN = """
mutation ($input: ProgrammeEntryPlanInput!) {
  programmeEntryPlan(input: $input) {
    entry { id title startsAt endsAt status kind isConfidential viewerCan namedReaders { user { fullName } } }
    freeTimes { startsAt endsAt } errors { code message field }
  }
}
"""
MOVE = """
mutation ($input: ProgrammeEntryMoveInput!) {
  programmeEntryMove(input: $input) { entry { startsAt version } freeTimes { startsAt } errors { code field } }
}
"""
LIST = """
query ($from: Date, $until: Date, $filter: ProgrammeFilter, $search: String) {
  programme(from: $from, until: $until, filter: $filter, search: $search) {
    totalCount nodes { title kind status startsAt place viewerCan participants { name user { fullName } }
      lines { verb details } pressItem { title } principal { name workingHours { weekday begins } }
      request { reference } }
  }
}
"""
BUSY = """
query ($principal: ID!, $from: Date!, $until: Date!) {
  busyTimes(principal: $principal, from: $from, until: $until) { startsAt endsAt }
}
"""


def _id(row: Any, name: str) -> str:
    return str(encode(name, row.key))


def _plan(cast: Cast, user: Any, **given: Any) -> dict[str, Any]:
    fields = {
        "principal": _id(cast.mayors, "Principal"),
        "kind": "MEETING",
        "title": "Muhtarlar toplantısı",
        "startsAt": f"{DAY}T14:00:00",
        "endsAt": f"{DAY}T15:00:00",
    }
    return Asking(user).data(PLAN, input=fields | given)["programmeEntryPlan"]


def test_a_keeper_plans_and_a_second_booking_is_refused_with_free_times(cast: Cast) -> None:
    answer = _plan(cast, cast.secretary)
    assert answer["errors"] == []
    assert answer["entry"]["startsAt"] == f"{DAY}T11:00:00+00:00"
    assert "MOVE" in answer["entry"]["viewerCan"]
    again = _plan(cast, cast.secretary, title="İkinci")
    (error,) = again["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", "startsAt")
    assert "Muhtarlar toplantısı" in error["message"]
    assert len(again["freeTimes"]) == 3
    assert again["entry"] is None
    for span in again["freeTimes"]:
        assert _plan(cast, cast.secretary, **span)["errors"] == []


@freeze_time(FROZEN)
def test_an_unusual_time_is_planned_when_it_is_meant(cast: Cast) -> None:
    given = {"startsAt": "2027-10-28T14:00:00", "endsAt": "2027-10-28T15:00:00"}
    (error,) = _plan(cast, cast.secretary, **given)["errors"]
    assert (error["code"], error["field"]) == ("UNUSUAL", "acceptUnusual")
    assert "bayram" in error["message"]
    assert "13.00" in error["message"]
    assert _plan(cast, cast.secretary, **given, acceptUnusual=True)["errors"] == []


def test_who_does_not_keep_the_programme_plans_nothing(cast: Cast) -> None:
    for user in (cast.office_head, cast.fen_clerk, cast.park_clerk, cast.administrator):
        (error,) = _plan(cast, user)["errors"]
        assert error["code"] == "FORBIDDEN"


def test_a_series_is_planned_in_one_mutation(cast: Cast) -> None:
    series = {"frequency": "WEEKLY", "until": day(21), "onHoliday": "SKIP"}
    assert _plan(cast, cast.secretary, series=series)["errors"] == []
    found = Asking(cast.secretary).data(LIST, **{"from": day(1), "until": day(20)})["programme"]
    assert [row["startsAt"][:10] for row in found["nodes"]] == [day(7), day(14)]


def test_moving_onto_another_says_where_it_would_fit(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(DAY, "10:00"), 60, by=cast.secretary)
    entry = make_entry(cast.mayors, "Taşınacak", at(DAY, "14:00"), by=cast.secretary)
    given = {"id": _id(entry, "ProgrammeEntry"), "startsAt": f"{DAY}T10:30:00+03:00", "version": 1}
    answer = Asking(cast.secretary).data(MOVE, input=given)["programmeEntryMove"]
    assert answer["errors"] == [{"code": "CONFLICT", "field": "startsAt"}]
    assert len(answer["freeTimes"]) == 3
    given["startsAt"] = answer["freeTimes"][0]["startsAt"]
    assert Asking(cast.secretary).data(MOVE, input=given)["programmeEntryMove"]["errors"] == []
    assert Asking(cast.secretary).data(MOVE, input=given)["programmeEntryMove"]["errors"] == [
        {"code": "CONFLICT", "field": "version"}
    ]


def test_the_list_is_by_time_day_kind_and_words(cast: Cast) -> None:
    make_entry(cast.mayors, "İkinci gün", at(day(1)), by=cast.secretary, kind="VISIT")
    make_entry(cast.mayors, "Işıklar sokağı", at(DAY), by=cast.secretary, participants=[cast.park_clerk])
    asker = Asking(cast.secretary)
    assert [n["title"] for n in asker.data(LIST)["programme"]["nodes"]] == ["Işıklar sokağı", "İkinci gün"]
    for given, expected in [
        ({"from": DAY, "until": DAY}, ["Işıklar sokağı"]),
        ({"from": day(1)}, ["İkinci gün"]),
        ({"filter": {"kind": ["VISIT"]}}, ["İkinci gün"]),
        ({"filter": {"principal": _id(cast.deputys, "Principal")}}, []),
        ({"filter": {"principal": "junk"}}, []),
        ({"search": "isik"}, ["Işıklar sokağı"]),
    ]:
        found = asker.data(LIST, **given)["programme"]
        assert [node["title"] for node in found["nodes"]] == expected, given
        assert found["totalCount"] == len(expected)


def test_a_participant_sees_their_entry_and_nothing_else(cast: Cast) -> None:
    make_entry(cast.mayors, "Başka", at(day(1)), by=cast.secretary)
    make_entry(cast.mayors, "Birlikte", at(DAY), by=cast.secretary, participants=[cast.park_clerk])
    (node,) = Asking(cast.park_clerk).data(LIST)["programme"]["nodes"]
    assert (node["title"], node["viewerCan"]) == ("Birlikte", [])


def test_everybody_may_know_when_and_nobody_else_what(cast: Cast) -> None:
    make_entry(cast.mayors, "Sağlık kontrolü", at(DAY), 60, by=cast.mayor, readers=(cast.mayor,))
    given = {"principal": _id(cast.mayors, "Principal"), "from": DAY, "until": DAY}
    for user in (cast.secretary, cast.park_clerk, cast.outsider, cast.administrator):
        assert Asking(user).data(BUSY, **given)["busyTimes"] == [
            {"startsAt": f"{DAY}T07:00:00+00:00", "endsAt": f"{DAY}T08:00:00+00:00"}
        ]
        assert Asking(user).data(LIST)["programme"] == {"totalCount": 0, "nodes": []}
    (node,) = Asking(cast.mayor).data(LIST)["programme"]["nodes"]
    assert node["title"] == "Sağlık kontrolü"


def test_a_confidential_entry_names_its_readers_to_its_readers(cast: Cast) -> None:
    readers = [_id(cast.mayor, "StaffMember")]
    answer = _plan(cast, cast.secretary, isConfidential=True, readers=readers)
    assert answer["errors"] == []
    assert {reader["user"]["fullName"] for reader in answer["entry"]["namedReaders"]} == {
        "Zeynep Arslan",
        "Ülkü Öztürk",
    }


def test_free_times_are_those_of_the_working_hours(cast: Cast) -> None:
    query = """query ($principal: ID!, $from: Date!, $until: Date!) {
      freeTimes(principal: $principal, from: $from, until: $until, minutes: 240, first: 3) { startsAt } }"""
    given = {"principal": _id(cast.mayors, "Principal"), "from": day(4), "until": day(6)}
    found = Asking(cast.park_clerk).data(query, **given)["freeTimes"]
    assert [span["startsAt"] for span in found] == [
        f"{day(6)}T08:30:00+03:00",
        f"{day(6)}T08:45:00+03:00",
        f"{day(6)}T09:00:00+03:00",
    ]


def test_the_press_sees_its_own_words(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Hazırlık toplantısı", at(DAY), by=cast.secretary)
    with system():
        actions.show_press(refetch(entry), by=None, title="Okul açılışı")
    query = "{ pressView { nodes { title startsAt principal { name } } } programme { totalCount } }"
    found = Asking(cast.park_head).data(query)
    assert [item["title"] for item in found["pressView"]["nodes"]] == ["Okul açılışı"]
    assert found["programme"]["totalCount"] == 0


# -- appointments ------------------------------------------------------------------------------------------
RECEIVE = """
mutation ($input: AppointmentReceiveInput!) {
  appointmentReceive(input: $input) { request { id reference applicant { fullName } status } errors { code field } }
}
"""
SAY = """
mutation ($input: Appointment%sInput!) {
  appointment%s(input: $input) {
    request { status applicant { lastName } entry { title startsAt } complaint { reference }
      visit { at session { day } }
      notices { kind means body } lines { verb } }
    freeTimes { startsAt } errors { code message field }
  }
}
"""


def _say(user: Any, verb: str, row: Any, **given: Any) -> dict[str, Any]:
    fields = {"id": _id(row, "AppointmentRequest")} | given
    return Asking(user).data(SAY % (verb, verb), input=fields)[f"appointment{verb}"]


def test_a_new_caller_gets_an_appointment_in_two_steps(cast: Cast) -> None:
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "channel": "PHONE",
        "kind": "PROJECT",
        "subject": "Bilim merkezi",
        "newApplicant": {"firstName": "Ayşe", "lastName": "Işık", "phone": "0555 123 45 67"},
        "partySize": 3,
    }
    answer = Asking(cast.secretary).data(RECEIVE, input=given)["appointmentReceive"]
    assert answer["errors"] == []
    assert answer["request"]["applicant"]["fullName"] == "Ayşe IŞIK"
    query = (
        "query ($reference: String!) { appointmentRequest(reference: $reference) { id subject viewerCan } }"
    )
    found = Asking(cast.secretary).data(query, reference=answer["request"]["reference"])
    assert "APPROVE" in found["appointmentRequest"]["viewerCan"]
    given = {"id": answer["request"]["id"], "startsAt": f"{DAY}T14:00:00", "means": "PHONE"}
    said = Asking(cast.secretary).data(SAY % ("Approve", "Approve"), input=given)["appointmentApprove"]
    assert said["errors"] == []
    assert said["request"]["entry"]["title"] == "Ayşe IŞIK: Bilim merkezi"
    assert said["request"]["notices"][0]["means"] == "PHONE"


def test_a_request_is_refused_where_the_time_is_taken_and_declined_with_courtesy(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(DAY, "14:00"), 60, by=cast.secretary)
    request = make_request(cast.mayors)
    answer = _say(cast.secretary, "Approve", request, startsAt=f"{DAY}T14:00:00")
    assert "Encümen" in answer["errors"][0]["message"]
    assert len(answer["freeTimes"]) == 3
    answer = _say(cast.secretary, "Decline", request, ground="NOT_OURS", reason="Tartışmalı")
    assert answer["request"]["status"] == "DECLINED"
    (notice,) = answer["request"]["notices"]
    assert "görev alanına girmediğinden" in notice["body"]
    assert "Tartışmalı" not in notice["body"]
    assert "yoğunluğu" not in notice["body"]


def test_a_department_settles_what_was_sent_to_it_and_knows_the_applicant_only_if_it_may(cast: Cast) -> None:
    request = make_request(cast.mayors)
    park = _id(cast.park, "Department")
    assert _say(cast.secretary, "Redirect", request, department=park)["errors"] == []
    (error,) = _say(cast.park_clerk, "Approve", request, startsAt=f"{DAY}T14:00:00")["errors"]
    assert error["code"] == "FORBIDDEN"
    query = "{ appointmentRequests { nodes { applicant { lastName } } } }"
    for user, expected in [(cast.park_clerk, None), (cast.park_head, {"lastName": "Işık"})]:
        (node,) = Asking(user).data(query)["appointmentRequests"]["nodes"]
        assert node["applicant"] == expected
    assert _say(cast.park_clerk, "Complete", request, outcome="SOLVED")["request"]["status"] == "SETTLED"
    (error,) = _say(cast.fen_clerk, "Complete", request, outcome="SOLVED")["errors"]
    assert error["code"] == "NOT_FOUND"


def test_a_complaint_is_made_of_a_request(cast: Cast) -> None:
    answer = _say(
        cast.secretary, "ConvertToComplaint", make_request(cast.mayors), kind="COMPLAINT", means="EMAIL"
    )
    assert answer["errors"] == []
    assert answer["request"]["complaint"]["reference"]


@freeze_time(FROZEN)
def test_acceptance_case_6_through_graphql(cast: Cast) -> None:
    with system():
        actions.set_public_day(cast.mayors, by=None, valid_from=dt.date(2026, 1, 1), **THURSDAYS)
    mutation = """mutation ($input: PublicDaysGenerateInput!) { publicDaysGenerate(input: $input) {
      generatedOn leftOut { day reason } errors { code } } }"""
    for first, last, expected, left_out in [
        ("2026-10-01", "2026-10-31", ["01", "08", "15", "22"], ["2026-10-29"]),
        ("2027-07-01", "2027-07-31", ["01", "08", "22", "29"], ["2027-07-15"]),
    ]:
        given = {"principal": _id(cast.mayors, "Principal"), "from": first, "until": last}
        answer = Asking(cast.secretary).data(mutation, input=given)["publicDaysGenerate"]
        assert [day[-2:] for day in answer["generatedOn"]] == expected
        assert [one["day"] for one in answer["leftOut"]] == left_out
    query = '{ publicDays(from: "2027-07-01") { nodes { day capacity visits { at } entry { kind } } } }'
    assert len(Asking(cast.secretary).data(query)["publicDays"]["nodes"]) == 4


def test_the_preview_names_the_applicant_only_to_who_may_know_them(cast: Cast) -> None:
    request = make_request(cast.mayors, applicant=make_citizen("Ali", "Atmaca"))
    query = """query ($id: ID!) { appointmentMessagePreview(id: $id, kind: DECLINED) { subject body } }"""
    given = {"id": _id(request, "AppointmentRequest")}
    body = Asking(cast.secretary).data(query, **given)["appointmentMessagePreview"]["body"]
    assert "Sayın Ali ATMACA" in body


def test_an_appointment_that_was_asked_for_is_not_moved_past_the_applicant(cast: Cast) -> None:
    request = make_request(cast.mayors)
    assert _say(cast.secretary, "Approve", request, startsAt=f"{DAY}T14:00:00")["errors"] == []
    with system():
        entry = Entry.objects.get()
    given = {"id": _id(entry, "ProgrammeEntry"), "startsAt": f"{DAY}T16:00:00"}
    answer = Asking(cast.secretary).data(MOVE, input=given)["programmeEntryMove"]
    assert answer["errors"] == [{"code": "WRONG_STATE", "field": None}]
    answer = _say(cast.secretary, "Reschedule", request, startsAt=f"{DAY}T16:00:00")
    assert answer["request"]["entry"]["startsAt"] == f"{DAY}T13:00:00+00:00"


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_a_page_costs_the_same_for_few_rows_and_many(compiled: bool, cast: Cast) -> None:
    costs = []
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        for count in (2, 12):
            for number in range(count):
                first = at(DAY if count == 2 else day(1), "08:30")
                start = first + dt.timedelta(minutes=30 * number)
                make_entry(cast.mayors, "Kayıt", start, by=cast.secretary, participants=[cast.park_clerk])
            asker = Asking(cast.secretary)
            asker.data(LIST)
            with CaptureQueriesContext(connection) as queries:
                asker.data(LIST)
            costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_file_comes_with_a_request_and_is_fetched_by_those_who_see_it(cast: Cast) -> None:
    request = make_request(cast.mayors)
    address = f"/files/appointments/{_id(request, 'AppointmentRequest')}/"
    file = SimpleUploadedFile("proje.txt", "Bilim merkezi taslağı".encode())
    client = signed_in(cast.secretary)
    answer = client.post(address, {"file": file})
    assert answer.status_code == 201, answer.content
    assert client.get(answer.json()["url"]).status_code == 200
    assert signed_in(cast.park_clerk).get(answer.json()["url"]).status_code == 404
    assert signed_in(cast.park_clerk).post(address, {"file": file}).status_code == 404
    query = "{ appointmentRequests { nodes { attachments { name url } } } }"
    (node,) = Asking(cast.secretary).data(query)["appointmentRequests"]["nodes"]
    assert node["attachments"] == [{"name": "proje.txt", "url": answer.json()["url"]}]


def test_nobody_in_the_house_reads_the_link_by_which_the_applicant_answers(cast: Cast) -> None:
    request = make_request(cast.mayors)
    said = _say(cast.secretary, "Approve", request, startsAt=f"{DAY}T14:00:00", means="EMAIL")
    assert said["errors"] == []
    query = """query ($id: ID!) { appointmentMessagePreview(id: $id, kind: APPROVED) { body }
      node(id: $id) { ... on AppointmentRequest { notices { body } } } }"""
    found = Asking(cast.secretary).data(query, id=_id(request, "AppointmentRequest"))
    assert "/randevu/••••/" in found["appointmentMessagePreview"]["body"]
    with system():
        token = links.address_for(refetch(request)).rstrip("/").rpartition("/")[2]
    assert token not in json.dumps(found)
