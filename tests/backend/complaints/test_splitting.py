"""An application with several matters: one becomes a case of its own, with the persons and the day of the first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from schema.core.nodes import global_id
from tests.admin_ui.complaints.test_case_page import do, page_of
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.schema.client import Asking

SPLIT = "complaint { status parts { reference subject status splitFrom { reference } } }"


def test_a_part_bears_the_persons_the_place_and_the_limits_of_the_application(cast: Cast) -> None:
    asked, received = make_citizen("Ayşe", "Işık"), timezone.now() - dt.timedelta(days=5)
    whole = make_complaint(
        "Kaldırım ve çöp", to=cast.fen, applicant=asked, identity_hidden=True, registered_at=received
    )
    with system():
        actions.split(
            refetch(whole), by=cast.secretary, subject="Çöp", body="Çöp de alınmıyor.", department=cast.park
        )
        part = Complaint.objects.get(split_from=whole)
        assert (part.applicant, part.identity_hidden) == (asked, True)
        assert (part.registered_at, part.target_on) == (received, refetch(whole).target_on)
        assert part.responsible_department == cast.park
        assert part.tracking_code != whole.tracking_code
        assert [line.verb for line in part.lines.order_by("id")] == ["registered", "routed"]
        assert whole.lines.filter(verb="split", details={"part": part.pk}).exists()
    assert refetch(whole).responsible_department == cast.fen


def test_each_department_sees_its_own_case_and_an_edge_ends_where_the_other_is_hidden(cast: Cast) -> None:
    whole = make_complaint("Kaldırım ve çöp", to=cast.fen)
    done = Asking(cast.secretary).does(
        "complaintSplit",
        SPLIT,
        id=global_id(whole),
        version=refetch(whole).version,
        subject="Çöp",
        department=global_id(cast.park),
    )
    assert done["errors"] == []
    (part,) = done["complaint"]["parts"]
    assert part == {
        "reference": part["reference"],
        "subject": "Çöp",
        "status": "ASSIGNED",
        "splitFrom": {"reference": whole.reference},
    }
    query = "{ complaints { nodes { reference splitFrom { reference } parts { reference } } } }"
    for user, reference in ((cast.fen_clerk, whole.reference), (cast.park_clerk, part["reference"])):
        nodes = Asking(user).data(query)["complaints"]["nodes"]
        assert nodes == [{"reference": reference, "splitFrom": None, "parts": []}]


def test_a_second_click_separates_nothing_twice_and_a_department_separates_nothing(cast: Cast) -> None:
    whole = make_complaint("Kaldırım ve çöp", to=cast.fen)
    given = {"id": global_id(whole), "version": refetch(whole).version, "subject": "Çöp"}
    asking = Asking(cast.secretary)
    assert asking.does("complaintSplit", **given)["errors"] == []
    assert [error["code"] for error in asking.does("complaintSplit", **given)["errors"]] == ["CONFLICT"]
    refused = Asking(cast.fen_clerk).does("complaintSplit", id=global_id(whole), subject="Çöp")
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]
    empty = asking.does("complaintSplit", id=global_id(whole), subject=" ")
    assert [(error["code"], error["field"]) for error in empty["errors"]] == [("REQUIRED", "subject")]
    with system():
        assert Complaint.objects.filter(split_from=whole).count() == 1


def test_what_came_through_cimer_keeps_its_one_number(cast: Cast) -> None:
    made = make_complaint(
        channel="CIMER", source_number="2700001", cimer_due_on=today() + dt.timedelta(days=9)
    )
    with system(), pytest.raises(DomainError) as refused:
        actions.split(refetch(made), by=cast.secretary, subject="Çöp")
    assert refused.value.code == ErrorCode.WRONG_STATE
    assert "do=split" not in signed_in(cast.secretary).get(page_of(made)).content.decode()


def test_the_page_separates_and_leads_both_ways(cast: Cast) -> None:
    whole = make_complaint("Kaldırım ve çöp", to=cast.fen)
    office, page = signed_in(cast.secretary), page_of(whole)
    assert "Konuyu ayır" in office.get(f"{page}?do=split").content.decode()
    assert do(office, whole, "split", subject="Çöp", department=cast.park.code).status_code == 302
    with system():
        part = Complaint.objects.get(split_from=whole)
    shown = office.get(page).content.decode()
    assert "Ayrılan konular" in shown
    assert part.reference in shown
    assert whole.reference in office.get(page_of(part)).content.decode()
    theirs = signed_in(cast.park_clerk).get(page_of(part)).content.decode()
    assert whole.reference not in theirs
