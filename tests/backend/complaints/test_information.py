"""What a decision under Law 4982 keeps: grounds, separated parts, objections; no other case has any of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.complaints import actions
from backend.complaints.choices import DeliveryMethod, Outcome, RefusalGround, Status
from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from schema.core.nodes import global_id
from tests.backend.stories import in_state, information_request, service_request
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, refetch
from tests.schema.client import Asking

DAY = dt.timedelta(days=1)


def replied(cast: Cast) -> Complaint:
    """Refused, wholly or in part, and told so with the remedy."""
    case = information_request(applicant=make_citizen())
    return in_state(Status.REPLIED, cast, case, is_refusal=True)


def code(act: Any, *args: Any, **said: Any) -> tuple[str, str | None]:
    with system(), pytest.raises(DomainError) as refused:
        act(*args, **({"by": None} | said))
    return refused.value.code.value, refused.value.field


def test_what_was_given_in_part_says_by_which_ground(cast: Cast) -> None:
    case = replied(cast)
    assert code(actions.close, case, outcome="INFORMED", is_partial=True) == ("REQUIRED", "grounds")
    assert code(actions.close, case, outcome="NOT_POSSIBLE", is_partial=True, grounds=["M21"]) == (
        "INVALID",
        "is_partial",
    )
    assert code(actions.close, case, outcome="INFORMED", grounds=["M99"]) == ("INVALID", "grounds")
    with system():
        actions.close(
            case,
            by=None,
            outcome=Outcome.INFORMED,
            is_partial=True,
            grounds=[RefusalGround(one) for one in ("M23", "M21", "M21")],
        )
    ended = refetch(case)
    assert (ended.is_partial, ended.refusal_grounds) == (True, ["M21", "M23"])
    with system():
        actions.reopen(refetch(case), by=None, reason="İtiraz kabul edildi.")
    assert (refetch(case).is_partial, refetch(case).refusal_grounds) == (False, [])


def test_a_refusal_keeps_its_grounds_and_other_laws_have_none(cast: Cast) -> None:
    case = information_request(applicant=make_citizen())
    other = service_request(applicant=make_citizen())
    said: dict[str, Any] = {
        "reason": "Özel hayatın gizliliği.",
        "means": DeliveryMethod.EMAIL,
        "grounds": ["M21"],
    }
    assert code(actions.reject, other, **said) == ("INVALID", "grounds")
    with system():
        actions.reject(case, by=None, **said)
    assert refetch(case).refusal_grounds == ["M21"]


def test_an_objection_and_its_result_are_recorded(cast: Cast) -> None:
    case = replied(cast)
    told: dict[str, Any] = {"contested_on": today(), "contested_at": "BOARD"}
    for wrong, found in (
        ({"contested_on": today() + DAY}, ("INVALID", "contested_on")),
        ({"contested_on": today() - 400 * DAY}, ("INVALID", "contested_on")),
        ({"contested_at": "?"}, ("INVALID", "contested_at")),
        ({"contest_result": "REJECTED"}, ("REQUIRED", "contest_ended_on")),
        ({"contest_result": "REJECTED", "contest_ended_on": today() - DAY}, ("INVALID", "contest_ended_on")),
    ):
        assert code(actions.record_objection, case, **told | wrong) == found
    with system():
        actions.record_objection(case, by=None, **told)
        actions.record_objection(
            refetch(case), by=None, **told, contest_result="ACCEPTED", contest_ended_on=today()
        )
    ended = refetch(case)
    assert (ended.status, ended.contest_result, ended.contest_ended_on) == ("REPLIED", "ACCEPTED", today())
    service = in_state(Status.REPLIED, cast, service_request(applicant=make_citizen()))
    assert code(actions.record_objection, refetch(service), **told)[0] == "INVALID"


def test_the_same_by_graphql(cast: Cast) -> None:
    case = replied(cast)
    asking = Asking(cast.secretary)
    row = "complaint { isPartial refusalGrounds contestedOn contestedAt contestResult }"
    closed = asking.does(
        "complaintClose", row, id=global_id(case), outcome="INFORMED", isPartial=True, grounds=["PRIVACY"]
    )
    assert closed["errors"] == []
    told = {"id": global_id(case), "contestedOn": str(today()), "contestedAt": "COURT"}
    done = asking.does("complaintRecordObjection", row, **told)
    assert done["complaint"] == {
        "isPartial": True,
        "refusalGrounds": ["PRIVACY"],
        "contestedOn": str(today()),
        "contestedAt": "COURT",
        "contestResult": None,
    }
    report = "query($year: Int!) { informationReport(year: $year) { partial contested byGround { ground count } } }"
    found = asking.data(report, year=today().year)["informationReport"]
    assert found == {"partial": 1, "contested": 1, "byGround": [{"ground": "PRIVACY", "count": 1}]}
    denied = Asking(cast.fen_clerk).does("complaintRecordObjection", row, **told)
    assert [error["code"] for error in denied["errors"]] in (["FORBIDDEN"], ["NOT_FOUND"])


def test_a_refusal_without_a_ground_says_so_on_its_page(cast: Cast) -> None:
    case = replied(cast)
    with system():
        actions.close(case, by=None, outcome="NOT_POSSIBLE")
    page = f"/admin/complaints/complaint/{case.key}/change/"
    client = signed_in(cast.secretary)
    assert "gerekçe kaydedilmemiş" in client.get(page).content.decode()
    with system():
        type(case).objects.filter(pk=case.pk).update(refusal_grounds=["M21"])
    assert "gerekçe kaydedilmemiş" not in client.get(page).content.decode()


def test_the_same_on_the_page_of_the_case(cast: Cast) -> None:
    case = replied(cast)
    page = f"/admin/complaints/complaint/{case.key}/"
    client = signed_in(cast.secretary)
    form = client.get(f"{page}change/?do=close").content.decode()
    assert "Özel hayatın gizliliği" in form
    sent = {"version": refetch(case).version, "outcome": "INFORMED", "is_partial": "on"}
    refused = client.post(f"{page}close/", sent).content.decode()
    assert "hangi gerekçeyle" in refused
    assert client.post(f"{page}close/", sent | {"grounds": ["M21"]}).status_code == 302
    told = {"version": refetch(case).version, "contested_on": str(today()), "contested_at": "BOARD"}
    assert client.post(f"{page}record_objection/", told).status_code == 302
    shown = client.get(f"{page}change/").content.decode()
    for words in ("kısımlar çıkarılarak", "Özel hayatın gizliliği", "Bilgi Edinme Değerlendirme Kurulu"):
        assert words in shown, words
    other = in_state(Status.REPLIED, cast, service_request(applicant=make_citizen()))
    plain = client.get(f"/admin/complaints/complaint/{other.key}/change/?do=close").content.decode()
    assert "Özel hayatın gizliliği" not in plain
    assert "do=record_objection" not in plain


def test_what_the_board_decides_is_carried_out_however_late_it_comes(cast: Cast, settings: Any) -> None:
    """Reopening ends; an objection and its decision take longer than that (4982 m.13)."""
    settings.REOPEN_DAYS = -1  # the time is over at once
    case = replied(cast)
    told: dict[str, Any] = {"contested_on": today(), "contested_at": "BOARD"}
    again = {"reason": "Kurul kararı."}
    assert code(actions.reopen, case, **again)[0] == "OUT_OF_TIME"
    with system():
        actions.record_objection(case, by=None, **told, contest_result="REJECTED", contest_ended_on=today())
    assert code(actions.reopen, refetch(case), **again)[0] == "OUT_OF_TIME"
    with system():
        actions.record_objection(
            refetch(case), by=None, **told, contest_result="PARTLY", contest_ended_on=today()
        )
        actions.reopen(refetch(case), by=None, **again)
    assert refetch(case).is_open


def test_an_objection_gets_its_result_after_the_case_was_decided_again(cast: Cast) -> None:
    case = replied(cast)
    told: dict[str, Any] = {"contested_on": today(), "contested_at": "BOARD"}
    with system():
        actions.record_objection(case, by=None, **told)
        # Since then it was taken up again, and decided ten days later.
        Complaint.objects.filter(pk=case.pk).update(contested_on=today() - 10 * DAY)
    old: dict[str, Any] = told | {"contested_on": today() - 10 * DAY}
    with system():
        actions.record_objection(
            refetch(case), by=None, **old, contest_result="ACCEPTED", contest_ended_on=today() - DAY
        )
    assert refetch(case).contest_result == "ACCEPTED"
    assert code(actions.record_objection, refetch(case), **old | {"contested_on": today() - 11 * DAY}) == (
        "INVALID",
        "contested_on",
    )
