"""The citizen's own page of a case: they add, rate, have it taken up again and withdraw it by the code alone."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import Status
from backend.complaints.models import Attachment, Complaint, ComplaintLine
from backend.complaints.story import EventType
from backend.core.session import system
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.schema.client import Asking
from tests.schema.complaints.test_files import picture
from tests.tracking import CASE, tracked


def said(complaint: Complaint, do: str, **fields: Any) -> str:
    return tracked(complaint.tracking_code, do, **fields)


def replied(cast: Cast) -> Complaint:
    case = make_complaint("Yol", to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        actions.draft(case, by=cast.fen_clerk, body="Yapıldı.")
        actions.submit(case, by=cast.fen_clerk)
        actions.approve(case, by=cast.secretary)
        actions.send(case, by=cast.secretary, means="PHONE", proof="Arandı")
        return Complaint.objects.get(pk=case.pk)


def test_text_and_photograph_are_added_and_the_office_sees_who_moved(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        actions.put_on_hold(case, by=cast.fen_clerk, for_="CITIZEN")
    page = tracked(case.tracking_code)
    assert "Sizden istediğimiz bilgiyi bekliyoruz" in page
    file = SimpleUploadedFile("çukur.png", picture())
    page = said(case, "add", text="İğdeli Sokak", file=file)
    assert "Eklediğiniz alındı" in page
    assert "çukur.png" in page
    with system():
        assert Attachment.objects.filter(complaint=case, uploaded_by=None).count() == 1
        assert Complaint.objects.get(pk=case.pk).status == Status.IN_PROGRESS
    story = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    assert "İğdeli Sokak" in story
    assert "Vatandaş bilgi ekledi" in story
    assert "Bir şey yazınız veya dosya seçiniz" in said(case, "add")


def test_it_is_withdrawn_and_a_second_click_says_so(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    for _click in range(2):
        assert "Başvurunuzdan vazgeçtiniz" in said(case, "withdraw", reason="Çözüldü")
    with system():
        assert ComplaintLine.objects.filter(complaint=case, verb=EventType.WITHDRAWN).count() == 1


def test_the_answer_is_rated_and_the_office_reads_it_in_page_and_figures(cast: Cast) -> None:
    case = replied(cast)
    assert "1 ile 5 arasında" in said(case, "rate")
    page = said(case, "rate", rating="4", remark="Güler yüzlüydüler")
    assert "değerlendirmeniz alındı" in page
    assert "5 üzerinden 4" in page
    shown = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    assert "vatandaş değerlendirmesi: 5 üzerinden 4" in shown
    assert "Güler yüzlüydüler" in shown
    asked = Asking(cast.secretary)
    query = "query($r: String!) { complaint(reference: $r) { rating ratingRemark } }"
    assert asked.data(query, r=case.reference)["complaint"] == {
        "rating": 4,
        "ratingRemark": "Güler yüzlüydüler",
    }
    make_complaint("Puansız")
    figures = "{ complaintReport { total { rated meanRating } byDepartment { code rated meanRating } } }"
    report = asked.data(figures)["complaintReport"]
    assert report["total"] == {"rated": 1, "meanRating": 4.0}
    assert {"code": "fen-isleri", "rated": 1, "meanRating": 4.0} in report["byDepartment"]
    assert "Vatandaş memnuniyeti (1–5)" in signed_in(cast.secretary).get("/admin/reports/").content.decode()


def test_it_is_taken_up_again_within_the_window_and_refused_after_it(cast: Cast) -> None:
    with freeze_time("2026-10-05T09:00:00Z"):
        first, second = replied(cast), replied(cast)
    with freeze_time("2026-10-20T09:00:00Z"):
        assert "yeniden ele alınmaktadır" in said(first, "reopen", reason="Yine bozuldu")
    with freeze_time("2026-11-20T09:00:00Z"):
        assert "Yeni bir başvuru yapınız" in said(second, "reopen", reason="Yine bozuldu")
    with system():
        assert Complaint.objects.get(pk=second.pk).status == Status.REPLIED


def test_a_wrong_code_does_and_tells_nothing(cast: Cast) -> None:
    page = tracked("7G2K-0QXM-4TBN", "withdraw")
    assert "Vazgeç" not in page
    assert "Bu kodla" in page or "kod" in page


def test_without_the_token_of_the_page_nothing_is_done(cast: Cast) -> None:
    case = make_complaint()
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/takip/", {"code": case.tracking_code}).status_code == 403
    assert browser.post(CASE, {"do": "withdraw"}).status_code == 403
    with system():
        assert Complaint.objects.get(pk=case.pk).status == Status.NEW
