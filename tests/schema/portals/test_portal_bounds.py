"""Where a portal's reach ends: what others added, whom we know, how long a file belongs to what was brought in."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from PIL import Image

from backend.complaints import actions
from backend.complaints.actions import citizens
from backend.complaints.actions.step import journal_line
from backend.complaints.choices import Status
from backend.complaints.models import Attachment, Complaint, ComplaintLine, Notice
from backend.complaints.story import EventType
from backend.contacts import actions as contacts
from backend.core.errors import DomainError
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import User
from backend.outbox.models import Message
from backend.portals import clients
from backend.portals.actions import issue_token
from backend.portals.models import ApiToken, Scope
from permissions.complaints import portal as public_cases
from permissions.complaints import public
from permissions.core import scope
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.schema.client import Asking, errors_of
from tests.schema.complaints.test_files import picture
from tests.schema.complaints.test_portal_cases import (
    CASE,
    CONTACT,
    GIVEN,
    LIST,
    SIGNED,
    brought,
    case_of,
    replied,
    seen,
)
from tests.schema.portal_client import make_notices, make_portal, portal, token_of
from tests.tracking import tracked


@pytest.fixture(autouse=True)
def notices(db: None) -> None:
    make_notices()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    return portal()


def coloured(shade: int) -> bytes:
    """A picture that is no other: what is kept of one are its pixels."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    return out.getvalue()


def sent(asking: Asking, code: str, content: bytes, name: str = "çukur.png") -> Any:
    """Add a file to the case of this code."""
    return asking.client.post(
        "/files/portal/complaints/",
        {"file": SimpleUploadedFile(name, content)},
        headers=asking.headers | {"tracking-code": code},
    )


def asked(code: str, cast: Cast, question: str) -> Complaint:
    """The department asks the citizen something and waits."""
    with system():
        case = Complaint.objects.get(tracking_code=code)
        if case.status == Status.NEW:
            actions.route(case, to=cast.fen, by=cast.secretary)
            actions.accept(case, by=cast.fen_clerk)
        actions.message(case, by=cast.secretary, body=question)
        actions.put_on_hold(case, by=cast.fen_clerk, for_="CITIZEN")
    return case


def added(case: Complaint) -> int:
    with system():
        return ComplaintLine.objects.filter(complaint=case, verb=EventType.CITIZEN_ADDED).count()


# -- the second question -------------------------------------------------------------------------------------
def test_the_same_words_answer_a_second_question(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    for times, question in enumerate(("Sokak lambası mı?", "Hâlâ yanmıyor mu?"), start=1):
        case = asked(code, cast, question)
        for _click in range(2):
            assert mine.does("portalComplaintAdd", code=code, text="Evet")["errors"] == []
        assert case_of(code).status == Status.IN_PROGRESS
        assert added(case) == times


def test_the_same_words_a_while_later_are_said_again(mine: Asking) -> None:
    with freeze_time("2026-10-05T09:00:00Z"):
        code = brought(mine)
        mine.does("portalComplaintAdd", code=code, text="Hâlâ karanlık")
    with freeze_time("2026-10-08T09:00:00Z"):
        mine.does("portalComplaintAdd", code=code, text="Hâlâ karanlık")
    assert added(case_of(code)) == 2


def test_a_file_that_is_there_already_is_an_answer_as_well(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    assert sent(mine, code, picture()).status_code == 201
    asked(code, cast, "Fotoğrafını gönderir misiniz?")
    assert sent(mine, code, picture()).status_code == 201
    assert case_of(code).status == Status.IN_PROGRESS
    assert len(seen(mine, code)["attachments"]) == 1


# -- what is not the portal's --------------------------------------------------------------------------------
def test_a_file_of_another_program_is_not_shown(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    with system():
        file = SimpleUploadedFile("EBYS-IC-YAZISMA.png", picture())
        actions.attach(case_of(code), by=cast.portal, file=file, name="EBYS-IC-YAZISMA.png")
    assert seen(mine, code)["attachments"] == []
    assert sent(mine, code, picture(), "benim.png").json()["name"] == "benim.png"


def test_a_portal_is_not_told_under_which_number_of_others_a_duplicate_goes_on(
    mine: Asking, cast: Cast
) -> None:
    other = portal("portal.baska")
    first, own, again = brought(other), brought(mine, subject="İlk"), brought(mine, subject="Yine")
    with system():
        cases = [Complaint.objects.get(tracking_code=code) for code in (first, own, again)]
        for case in cases[1:]:
            contacts.merge(case.applicant, into=cases[0].applicant, by=cast.secretary)
        actions.mark_duplicate(cases[2], of=cases[0], by=cast.secretary)
    shown = "query($c: String!) { portalComplaint(code: $c) { goesOnAs replies { body } } }"
    assert cases[0].reference not in str(mine.data(shown, c=again))
    by_code = "query($c: String!) { complaintTracking(code: $c) { goesOnAs } }"
    assert Asking().data(by_code, c=again)["complaintTracking"]["goesOnAs"] == cases[0].reference
    with system():
        actions.reopen(cases[2], by=cast.secretary, reason="Kendi başvurusu")
        actions.mark_duplicate(cases[2], of=cases[1], by=cast.secretary)
    assert mine.data(shown, c=again)["portalComplaint"]["goesOnAs"] == cases[1].reference


def test_a_file_is_sent_along_within_the_hour_and_later_is_an_answer(cast: Cast) -> None:
    account, secret = make_portal(scopes=["SUBMIT"])
    submits, follows = Asking(token=secret), Asking(token=token_of(account, ["FOLLOW"]))
    at = timezone.now()
    with freeze_time(at):
        code = brought(submits)
    with freeze_time(at + dt.timedelta(minutes=59)):
        assert sent(submits, code, picture()).status_code == 201
    with freeze_time(at + dt.timedelta(minutes=61)):
        late = sent(submits, code, coloured(1))
        assert (late.status_code, late.json()["errors"][0]["code"]) == (403, "FORBIDDEN")
        assert sent(follows, code, coloured(1)).status_code == 201


# -- a rating belongs to its answer --------------------------------------------------------------------------
def test_a_rating_does_not_stand_under_the_next_answer(mine: Asking, cast: Cast) -> None:
    code = brought(mine, **SIGNED)
    replied(code, cast)
    mine.does("portalComplaintRate", code=code, rating=1, remark="Olmadı")
    assert mine.does("portalComplaintReopen", code=code, reason="Çukur duruyor")["errors"] == []
    case = case_of(code)
    assert (case.rating, case.rating_remark, case.rated_at) == (None, "", None)
    with system():
        line = ComplaintLine.objects.get(complaint=case, verb=EventType.CITIZEN_RATED)
    assert (line.details["rating"], line.note) == (1, "Olmadı")


# -- whose token ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("right", ["SUBMIT", "FOLLOW"])
def test_a_person_speaks_for_no_citizen(cast: Cast, right: str) -> None:
    with pytest.raises(DomainError) as refused:
        token_of(cast.secretary, ["READ", right])
    assert (refused.value.code, refused.value.field) == ("INVALID", "scopes")


def test_a_token_that_a_person_has_of_old_speaks_for_no_citizen(mine: Asking, cast: Cast) -> None:
    old = Asking(token=token_of(cast.secretary, ["READ"]))
    with system():
        ApiToken.objects.filter(user=cast.secretary).update(scopes=["READ", "SUBMIT", "FOLLOW"])
    with system():
        Complaint.objects.filter(tracking_code=(code := brought(mine))).update(registered_by=cast.secretary)
    assert errors_of(old.answer(CASE, c=code)) == ["FORBIDDEN"]
    assert old.does("portalComplaintSubmit", "reference", **GIVEN)["errors"][0]["code"] == "FORBIDDEN"
    assert old.data("{ me { username } }")


def test_what_a_client_may_no_longer_its_tokens_may_no_longer(cast: Cast) -> None:
    account, _secret = make_portal()
    end = timezone.now() + dt.timedelta(days=400)

    def issued(*scopes: str) -> str:
        with system():
            given = {"name": "x", "expires_at": end, "by": cast.administrator}
            return issue_token(user=account, scopes=scopes, **given)[1]

    with system():
        client, _first = clients.register_client(
            account=account,
            by=cast.administrator,
            name="e-Belediye",
            contact_name="Işıl İnce",
            contact_email="isil@portal.example",
            scopes=[Scope.READ, Scope.CONTACTS],
        )
    bearer = issued(Scope.READ, Scope.CONTACTS)
    with pytest.raises(DomainError) as refused:
        issued(Scope.READ, Scope.WRITE)
    assert (refused.value.code, refused.value.field) == ("INVALID", "scopes")
    with system():
        clients.change_client(client, by=cast.administrator, scopes=[Scope.READ])
    with scope.token_session(bearer) as viewer:
        assert viewer is not None
        assert viewer.scopes == frozenset({"READ"})


# -- how much ------------------------------------------------------------------------------------------------
def test_a_citizen_writes_fifty_times_and_then_is_asked_to_call(mine: Asking) -> None:
    code = brought(mine)
    with system():
        case = Complaint.objects.get(tracking_code=code)
        for number in range(citizens.MOST_WORDS):
            journal_line(case, EventType.CITIZEN_ADDED, by=None, note=str(number))
    (error,) = mine.does("portalComplaintAdd", code=code, text="Bir daha")["errors"]
    assert error["code"] == "OVER_LIMIT"


def test_who_is_not_signed_in_sends_five_files_and_twenty_megabytes_to_a_case_and_so_much_a_day(
    mine: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, other = brought(mine), brought(mine)

    def send(code: str, shade: int) -> None:
        public_cases.attach(code, by=None, file=SimpleUploadedFile("a.png", coloured(shade)))

    def refused(code: str) -> None:
        with pytest.raises(DomainError) as found:
            send(code, 200)
        assert (found.value.code, found.value.field) == ("OVER_LIMIT", "file")

    for shade in range(citizens.MOST_FILES_HERE):
        send(code, shade)
    refused(code)
    assert sent(mine, code, coloured(100)).status_code == 201  # the portal answers for itself
    with monkeypatch.context() as less:
        less.setattr(citizens, "MOST_BYTES_HERE", 10)
        refused(other)
    with system():
        there = sum(Attachment.objects.filter(uploaded_by=None).values_list("size", flat=True))
    monkeypatch.setattr(citizens, "MOST_BYTES_A_DAY", there)
    refused(other)
    with freeze_time(timezone.now() + dt.timedelta(days=1)):
        send(other, 200)


def test_a_citizen_has_a_case_taken_up_again_three_times(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    for time in range(citizens.MOST_REOPENINGS):
        assert mine.does("portalComplaintWithdraw", code=code)["errors"] == []
        assert mine.does("portalComplaintReopen", code=code, reason=f"Yine {time}")["errors"] == []
    mine.does("portalComplaintWithdraw", code=code)
    assert seen(mine, code)["canReopen"] is False
    (error,) = mine.does("portalComplaintReopen", code=code, reason="Bir daha")["errors"]
    assert error["code"] == "OVER_LIMIT"
    with system():  # the office still can
        actions.reopen(Complaint.objects.get(tracking_code=code), by=cast.secretary, reason="Görüşüldü")


# -- what is told, and what remembers it ---------------------------------------------------------------------
def test_a_message_of_the_time_before_stands_on_no_page(mine: Asking, cast: Cast) -> None:
    code = brought(mine)
    with system():
        for body in ("ESKİ-MESAJ", "Hangi sokak?"):
            actions.message(case_of(code), by=cast.secretary, body=body)
        Notice.objects.filter(body="ESKİ-MESAJ").update(on_tracking_page=False)
    assert [one["body"] for one in seen(mine, code)["questions"]] == ["Hangi sokak?"]


def test_who_writes_to_a_citizen_is_told_that_it_stands_on_the_page(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    address = reverse("admin:complaints_complaint_change", args=[case.key])
    page = signed_in(cast.secretary).get(address, {"do": "message"})
    assert "Takip sayfasında da görünür" in page.content.decode()


def test_the_read_log_remembers_whose_cases_a_portal_was_shown(mine: Asking) -> None:
    codes = [brought(mine) for _number in range(2)]
    persons = {case_of(code).applicant_id for code in codes}
    brought(mine, kind="TIP_OFF", contact=None, privacyNotice=None)
    with system():
        before = AccessLog.objects.count()
    seen(mine, codes[0])
    mine.data(LIST, n=50)
    with system():
        one, page = AccessLog.objects.order_by("pk")[before:]
        assert {one.purpose, page.purpose} == {"portal"}
        assert str(one.reader) == str(User.objects.get(username="portal.ebelediye"))
        assert one.subject_ids == [case_of(codes[0]).applicant_id]
        assert set(page.subject_ids) == persons


def test_the_receipt_of_what_a_portal_brought_carries_no_words_of_whoever_filled_it_in(mine: Asking) -> None:
    code = brought(mine, subject="Kazandınız: ornek.example")
    with system():
        (mail,) = Message.objects.filter(address=CONTACT["email"])
    assert case_of(code).reference in mail.body
    assert "Kazandınız" not in mail.subject + mail.body


def test_a_wrong_code_is_counted_and_logged_without_the_code(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = "7G2K-0QXM-4TBN"
    before = public.WRONG_CODES._value.get()
    with caplog.at_level("INFO", logger="permissions.complaints.public"):
        Asking().data("query($c: String!) { complaintTracking(code: $c) { status } }", c=wrong)
        tracked(wrong)
    assert public.WRONG_CODES._value.get() == before + 2
    assert [record.getMessage() for record in caplog.records].count("wrong_tracking_code") == 2
    assert wrong not in caplog.text
