"""What people without an account send in: it waits for its code or the office, and a flood stops nobody else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.core.session import system
from backend.core.words.addresses import line_of, network_of
from backend.notifications.models import Notification
from backend.outbox.models import Message
from backend.submissions import actions, jobs
from backend.submissions.actions import (
    MOST_ANONYMOUS_OF_SENDER,
    MOST_CODES_OF_CONTACT,
    MOST_OF_NETWORK,
    MOST_OF_SENDER,
)
from backend.submissions.models import PERSONAL, Submission
from permissions.complaints import public as complaints_public
from permissions.core import scope
from permissions.submissions import public
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices, portal

SAID = {
    "kind": "COMPLAINT",
    "subject": "Sokak lambası yanmıyor",
    "text": "Üç gündür karanlık.",
    "privacyNotice": "case-tr-1",
}
LIST = (
    "{ submissions(first: 20) { totalCount nodes { id status subject viewerCan complaint { reference } } } }"
)


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    make_notices()


def from_(address: str) -> Asking:
    asking = Asking()
    asking.client.defaults["REMOTE_ADDR"] = address
    return asking


def filed(address: str = "198.51.100.7", number: int = 1, **said: Any) -> dict[str, Any]:
    contact = {"firstName": "Işıl", "lastName": "İnce", "email": f"isil{number}@example.org"}
    return from_(address).does(
        "submissionFile", "receivedAt isCodeSent", **(SAID | {"contact": contact} | said)
    )


def code_in_the_mail() -> str:
    with system():
        body = Message.objects.filter(purpose="submission_confirm").latest("created_at").body
    match = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", body)
    assert match
    return match[0]


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def made() -> tuple[int, int, int]:
    """How many cases, citizens and submissions there are."""
    with system():
        return Complaint.objects.count(), Citizen.objects.count(), Submission.objects.count()


def received(days: int) -> dt.datetime:
    """Make the submission one of some days ago."""
    at = timezone.now() - dt.timedelta(days=days)
    with system():
        Submission.objects.update(received_at=at)
    return at


# -- from the sender to the case -------------------------------------------------------------------------------
def test_a_code_makes_it_a_case_of_the_day_on_which_it_was_received(cast: Cast) -> None:
    before = made()
    answer = filed()
    assert (answer["errors"], answer["isCodeSent"]) == ([], True)
    assert made() == (before[0], before[1], 1)  # no number is spent, no record of a person is made
    at = received(days=9)
    code = code_in_the_mail()
    registered = Asking().does("submissionConfirm", "reference trackingCode", code=code)
    assert registered["errors"] == []
    with system():
        case = Complaint.objects.select_related("applicant").get(reference=registered["reference"])
        row = Submission.objects.get()
    assert (case.registered_at, case.registered_on) == (at, local_date(at))
    assert (case.tracking_code, str(case.applicant)) == (registered["trackingCode"], "Işıl İNCE")
    assert case.target_on < local_date(timezone.now()) + dt.timedelta(days=30)
    assert {getattr(row, name) for name in PERSONAL} == {""}  # the case has it
    again = Asking().does("submissionConfirm", "reference trackingCode", code=code)
    assert again == registered
    assert made() == (before[0] + 1, before[1] + 1, 1)


def test_a_petition_whose_code_did_not_arrive_is_registered_by_the_office(cast: Cast) -> None:
    assert filed(contact={"firstName": "Işıl", "phone": "0216 311 11 12"})["isCodeSent"] is False
    at = received(days=40)
    secretary = Asking(cast.secretary)
    (row,) = secretary.data(LIST)["submissions"]["nodes"]
    assert (row["status"], row["viewerCan"]) == ("WAITING", ["ACCEPT", "REJECT"])
    answer = secretary.does("submissionAccept", "submission { status complaint { reference } }", id=row["id"])
    assert answer["errors"] == []
    assert answer["submission"]["status"] == "ACCEPTED"
    with system():
        assert (
            Complaint.objects.get(reference=answer["submission"]["complaint"]["reference"]).registered_at
            == at
        )


def test_what_is_rejected_is_told_kept_for_thirty_days_and_erased(cast: Cast) -> None:
    filed()
    code = code_in_the_mail()
    secretary = Asking(cast.secretary)
    (row,) = secretary.data(LIST)["submissions"]["nodes"]
    assert codes(secretary.does("submissionReject", id=row["id"], reason=" ")) == ["REQUIRED"]
    assert codes(secretary.does("submissionReject", id=row["id"], reason="Konu {{yer}}.")) == ["INVALID"]
    assert secretary.does("submissionReject", id=row["id"], reason="Reklam.")["errors"] == []
    with system():
        assert "Reklam." in Message.objects.get(purpose="submission_rejected").body
    assert codes(Asking().does("submissionConfirm", code=code)) == ["WRONG_STATE"]
    assert jobs.erase() == 0
    with system():
        Submission.objects.update(decided_at=timezone.now() - jobs.KEPT - dt.timedelta(minutes=1))
    assert jobs.erase() == 1
    assert made()[2] == 0


def test_what_waits_is_never_erased_and_the_office_is_told_of_it_every_day(cast: Cast) -> None:
    assert jobs.warn() == 0
    filed()
    received(days=400)
    assert (jobs.erase(), jobs.warn()) == (0, 1)
    with system():
        assert Submission.objects.count() == 1
    with scope.session(cast.office_head):
        assert scope.visible(Notification).filter(text="submissions/waiting").count() == 1


def test_a_wrong_code_is_no_code(cast: Cast) -> None:
    filed()
    for code in ("", "0000-0000-0000", "<script>"):
        assert codes(Asking().does("submissionConfirm", code=code)) == ["NOT_FOUND"]


# -- who sees it -----------------------------------------------------------------------------------------------
def test_nobody_but_the_private_office_sees_or_decides_on_it(cast: Cast) -> None:
    filed()
    (row,) = Asking(cast.mayor).data(LIST)["submissions"]["nodes"]
    assert row["viewerCan"] == []
    assert codes(Asking(cast.mayor).does("submissionAccept", id=row["id"])) == ["FORBIDDEN"]
    for other in (cast.fen_clerk, cast.outsider, cast.administrator):
        assert Asking(other).data(LIST)["submissions"]["totalCount"] == 0
        assert codes(Asking(other).does("submissionAccept", id=row["id"])) == ["NOT_FOUND"]


# -- floods ----------------------------------------------------------------------------------------------------
def test_a_flood_of_one_network_spends_no_number_and_does_not_stop_another_sender(cast: Cast) -> None:
    before = made()
    answers = [
        codes(filed(f"198.51.100.{number % 8}", number, subject=f"Reklam {number}"))
        for number in range(MOST_OF_NETWORK + 5)
    ]
    assert answers.count([]) == MOST_OF_NETWORK
    assert answers[-1] == ["OVER_LIMIT"]
    assert codes(filed("203.0.113.9", 900)) == []
    assert made() == (before[0], before[1], MOST_OF_NETWORK + 1)


def test_a_flood_of_one_line_leaves_the_rest_of_its_network_its_share(cast: Cast) -> None:
    answers = [
        codes(filed(f"2001:db8:1:2::{number:x}", number, subject=f"Reklam {number}"))
        for number in range(MOST_OF_SENDER + 1)
    ]
    assert answers == [[]] * MOST_OF_SENDER + [["OVER_LIMIT"]]
    assert codes(filed("2001:db8:1:3::1", 900)) == []


def test_a_flood_in_the_name_of_somebody_shuts_the_door_for_them_no_more_than_for_others(cast: Cast) -> None:
    mine = {"firstName": "Işıl", "email": "isil@example.org"}
    for number in range(MOST_CODES_OF_CONTACT):
        assert filed(f"203.0.113.{number}", contact=mine, subject=f"Reklam {number}")["isCodeSent"]
    answer = filed("198.51.100.7", contact={**mine, "email": "ISIL@example.org"})
    assert (answer["errors"], answer["isCodeSent"]) == ([], False)
    assert answer["receivedAt"]
    rows = Asking(cast.secretary).data(LIST)["submissions"]["nodes"]
    assert SAID["subject"] in {row["subject"] for row in rows}  # the office looks at it
    with system():
        assert Message.objects.filter(purpose="submission_confirm").count() == MOST_CODES_OF_CONTACT


def test_a_flood_from_many_networks_costs_others_the_code_and_nothing_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_CODES", 3)
    monkeypatch.setattr(actions, "MOST_OF_ALL", 6)
    answers = [filed(f"10.{number}.0.1", number) for number in range(7)]
    assert [answer["isCodeSent"] for answer in answers[:6]] == [True] * 3 + [False] * 3
    assert [codes(answer) for answer in answers] == [[]] * 6 + [["OVER_LIMIT"]]  # the disk has an end
    assert made()[2] == 6


def test_where_it_came_from_is_forgotten_once_no_share_is_counted_by_it(cast: Cast) -> None:
    for number in range(3):
        filed(f"203.0.113.{number}", number)
    Asking().does("submissionConfirm", code=code_in_the_mail())
    with system():
        rejected = Submission.objects.waiting().first()
    assert rejected
    Asking(cast.secretary).does("submissionReject", id=str(global_id(rejected)), reason="Reklam.")
    assert jobs.forget_senders() == 0  # within the hour it counts
    received(days=2)
    assert jobs.forget_senders() == 3
    with system():
        digests = set(Submission.objects.values_list("status", "sender", "content"))
        assert digests == {("CONFIRMED", "", ""), ("REJECTED", "", ""), ("WAITING", "", "")}
        by_network = Submission.objects.exclude(network="").values_list("status", flat=True)
        assert list(by_network) == ["WAITING"]  # a flood is rejected by its network
    assert jobs.forget_senders() == 0


def test_all_faults_are_told_at_once_with_their_whole_names(cast: Cast) -> None:
    contact = {"firstName": " ", "phone": "12", "email": "kim@", "postalAddress": "x" * 301}
    wrong = {"category": "yok", "neighbourhood": "yok", "privacyNotice": "yok", "place": "x" * 301}
    answer = filed(contact=contact, subject="", text="x" * 10_001, **wrong)
    assert {error["field"] for error in answer["errors"]} == {
        *("contact.firstName", "contact.phone", "contact.email", "contact.postalAddress"),
        *("category", "neighbourhood", "privacyNotice", "place", "subject", "text"),
    }
    assert made()[2] == 0
    answer = filed(contact={"firstName": "Işıl"})
    assert [error["field"] for error in answer["errors"]] == ["contact.phone"]


def test_a_wrong_confirmation_is_counted_as_one_and_not_as_a_tracking_code(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    tracking = complaints_public.WRONG_CODES._value.get()
    before = public.WRONG_CONFIRMATIONS._value.get()
    with caplog.at_level("INFO", logger="permissions.submissions.public"):
        assert codes(Asking().does("submissionConfirm", code="7G2K-0QXM-4TBN")) == ["NOT_FOUND"]
    assert public.WRONG_CONFIRMATIONS._value.get() == before + 1
    assert complaints_public.WRONG_CODES._value.get() == tracking
    assert "wrong_confirmation_code" in caplog.messages
    assert "7G2K" not in caplog.text


def test_a_flood_is_rejected_with_one_decision_and_no_letter_to_its_victims(cast: Cast) -> None:
    for number in range(5):
        filed(number=number, subject=f"Reklam {number}")
    filed("203.0.113.9", 900)
    secretary = Asking(cast.secretary)
    rows = secretary.data(LIST)["submissions"]["nodes"]
    flood = next(row for row in rows if row["subject"] == "Reklam 0")
    answer = secretary.does("submissionReject", id=flood["id"], reason="Reklam.", wholeNetwork=True)
    assert answer["errors"] == []
    with system():
        assert [row.subject for row in Submission.objects.waiting()] == [SAID["subject"]]
        assert Message.objects.filter(purpose="submission_rejected").count() == 1


def test_an_address_that_the_visitor_wrote_is_not_believed(cast: Cast, settings: Any) -> None:
    settings.PROXY_COUNT = 1
    asking = from_("127.0.0.1")
    for number in range(MOST_OF_SENDER + 1):
        asking.headers["x-forwarded-for"] = f"203.0.113.{number}, 198.51.100.7"
        contact = {"firstName": "A", "email": f"a{number}@example.org"}
        answer = asking.does("submissionFile", **(SAID | {"contact": contact, "subject": f"R {number}"}))
    assert codes(answer) == ["OVER_LIMIT"]


@pytest.mark.parametrize(
    ("address", "line", "network"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100.0"),
        ("::ffff:198.51.100.7", "198.51.100.7", "198.51.100.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::", "2001:db8:1::"),
        ("::1", "::", "::"),
    ],
)
def test_the_line_and_the_network_of_an_address(address: str, line: str, network: str) -> None:
    assert (line_of(address), network_of(address)) == (line, network)


# -- without a name, through a portal -------------------------------------------------------------------------
REGISTERED = "receivedAt isCodeSent reference trackingCode"
NAMELESS = {"kind": "COMPLAINT", "subject": "Kaldırımda çukur", "latitude": 41.0021, "longitude": 29.2311}


def nameless(address: str = "203.0.113.9", number: int = 1, **said: Any) -> dict[str, Any]:
    asking = portal(f"portal.{number}{address.replace('.', '')}")
    asking.client.defaults["REMOTE_ADDR"] = address
    return asking.does("submissionFile", REGISTERED, **(NAMELESS | said))


def test_what_wants_a_service_becomes_a_case_at_once_without_a_name() -> None:
    answer = nameless()
    assert answer["errors"] == []
    assert answer["isCodeSent"] is False
    with system():
        case = Complaint.objects.get()
        row = Submission.objects.get()
    assert (case.reference, case.tracking_code) == (answer["reference"], answer["trackingCode"])
    assert (case.applicant, case.regime, case.latitude) == (None, "SERVICE_REQUEST", 41.0021)
    assert (row.is_anonymous, row.subject, row.latitude) == (True, "", None)


def test_only_a_portal_leaves_the_name_out() -> None:
    answer = from_("203.0.113.9").does("submissionFile", REGISTERED, **NAMELESS)
    assert [(one["code"], one["field"]) for one in answer["errors"]] == [("REQUIRED", "contact")]
    assert made() == (0, 0, 0)


@pytest.mark.parametrize("kind", ["INFORMATION_REQUEST", "TIP_OFF", "PARTICIPATION"])
def test_what_the_law_wants_a_name_for_is_not_taken_without_one(kind: str) -> None:
    answer = nameless(kind=kind)
    assert [(one["code"], one["field"]) for one in answer["errors"]] == [("REQUIRED", "contact")]


def test_above_the_share_of_a_line_what_has_no_name_waits_for_the_office() -> None:
    for number in range(MOST_ANONYMOUS_OF_SENDER):
        assert nameless(number=number, text=f"Çukur {number}")["reference"]
    waiting = nameless(number=99, text="Bir çukur daha")
    assert (waiting["errors"], waiting["reference"]) == ([], None)
    assert nameless(address="198.51.100.40", number=100, text="Başka çukur")["reference"]
    assert made() == (MOST_ANONYMOUS_OF_SENDER + 1, 0, MOST_ANONYMOUS_OF_SENDER + 2)


def test_the_point_of_a_submission_is_the_cases() -> None:
    filed(latitude=41.0021, longitude=29.2311)
    from_("198.51.100.7").does("submissionConfirm", "reference", code=code_in_the_mail())
    with system():
        assert Complaint.objects.get().longitude == 29.2311
    refused = filed(number=2, latitude=200.0, longitude=29.2311)
    assert codes(refused) == ["INVALID"]
