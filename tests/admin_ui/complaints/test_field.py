"""The phone of a crew: its list, the door for what was done, and what is refused in words."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from backend.complaints import actions
from backend.complaints.choices import NoticeKind, NoticeStatus, PhotoStage, Status
from backend.complaints.models import Attachment, Comment, Complaint, ComplaintLine, Notice
from backend.core.session import system
from backend.journal.models import AccessLog
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_citizen, make_complaint

LIST, SEND = "/admin/field/jobs/", "/admin/field/send/"


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(out, format="JPEG")
    return SimpleUploadedFile("foto.jpg", out.getvalue(), content_type="image/jpeg")


def send(client: Client, case: Complaint, key: str = "", **given: Any) -> Any:
    key = key or str(uuid.uuid4())
    return client.post(SEND, {"job": str(case.key), **given}, headers={"Idempotency-Key": key})


def jobs(client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(LIST).json()["jobs"]
    return rows


def test_own_jobs_come_first_and_only_what_is_the_units_to_do(cast: Cast) -> None:
    person = make_citizen("Ayşe", phone="+905551234567")
    free = make_complaint("Boşta", to=cast.fen, place="Ada Sokak 1", applicant=person)
    mine = make_complaint("Bana", to=cast.fen, accepted_by=cast.fen_clerk, place="Zambak Sokak 2")
    others = make_complaint("Başkasının", to=cast.fen, accepted_by=cast.fen_clerk)
    make_complaint("Parkın", to=cast.park)
    with system():
        actions.take_over(mine, by=cast.fen_clerk)
        actions.assign(others, by=cast.fen_head, person=cast.fen_head)
    rows = jobs(signed_in(cast.fen_clerk))
    assert [row["title"] for row in rows] == ["Bana", "Boşta"]
    assert rows[1]["tel"] == "+905551234567"
    with system():
        read = AccessLog.objects.filter(purpose="admin: work in the field", reader=cast.fen_clerk)
        assert person.pk in {pk for log in read for pk in log.subject_ids}
    assert [row["title"] for row in jobs(signed_in(cast.park_clerk))] == ["Parkın"]
    assert jobs(signed_in(cast.park_clerk))[0]["tel"] == "", "who may not know the citizen gets no number"
    assert signed_in(cast.secretary).get(LIST).status_code == 404
    assert signed_in(cast.administrator).get(LIST).status_code == 404
    assert str(free.key) in signed_in(cast.fen_clerk).get("/admin/field/").content.decode()
    shell = signed_in(cast.fen_clerk).get("/admin/field/shell/").content.decode()
    assert "Zambak" not in shell
    assert str(free.key) not in shell


def test_a_job_without_a_place_is_called_by_what_it_is_about(cast: Cast) -> None:
    make_complaint("Rögar kapağı yok", to=cast.fen, accepted_by=cast.fen_clerk)
    make_complaint(
        "Çukur", to=cast.fen, accepted_by=cast.fen_clerk, category=make_category("yol", "Yol bakımı")
    )
    assert {row["head"] for row in jobs(signed_in(cast.fen_clerk))} == {"Rögar kapağı yok", "Yol bakımı"}
    page = signed_in(cast.fen_clerk).get("/admin/field/").content.decode()
    assert page.count("Rögar kapağı yok") == 1, "not twice one above the other"


def test_the_list_costs_as_many_statements_with_twenty_jobs_as_with_two(cast: Cast) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            make_complaint(f"İş {number}", to=cast.fen, accepted_by=cast.fen_clerk)
        client = signed_in(cast.fen_clerk)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked_for:
            client.get(LIST)
        return len(asked_for)

    assert asked(2) == asked(18)


def test_a_job_is_begun_reported_and_handed_in_as_one_and_once(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen)
    client, key = signed_in(cast.fen_clerk), str(uuid.uuid4())
    given = {"text": "Kapatıldı.", "hands_in": "1", "before": photo(), "after": photo()}
    first = send(client, case, key, **given)
    assert first.status_code == 200, first.content
    again = send(client, case, key, **{**given, "before": photo(), "after": photo()})
    assert again.content == first.content
    with system():
        reply = Notice.objects.get(complaint=case, kind=NoticeKind.RESULT)
        assert (reply.body, reply.status) == ("Kapatıldı.", NoticeStatus.SUBMITTED)
        stages = sorted(Attachment.objects.filter(complaint=case).values_list("stage", flat=True))
        assert stages == [PhotoStage.AFTER, PhotoStage.BEFORE]
        verbs = list(
            ComplaintLine.objects.filter(complaint=case).order_by("id").values_list("verb", flat=True)
        )
        assert verbs[-6:] == ["accepted", "started", "attached", "attached", "drafted", "submitted"]
    other = send(client, case, key, text="Başka bir şey.")
    assert other.status_code == 400
    assert other.json()["code"] == "DUPLICATE"
    page = client.get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    assert "Çalışmadan önce" in page
    assert "Çalışmadan sonra" in page


def test_what_happened_meanwhile_is_a_sentence_and_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast.fen_clerk)
    withdrawn, done, away = (make_complaint(name, to=cast.fen, accepted_by=cast.fen_clerk) for name in "ABC")
    drafted = make_complaint("D", to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        actions.withdraw(withdrawn, by=cast.secretary)
        actions.draft(done, by=cast.fen_head, body="Yapıldı.")
        actions.submit(done, by=cast.fen_head)
        actions.route(away, to=cast.park, by=cast.secretary)
        actions.draft(drafted, by=cast.fen_head, body="Müdürün metni.")
    for case, status, words in (
        (withdrawn, 409, "geri çekti"),
        (done, 409, "Selma"),
        (away, 404, "biriminizde değil"),
        (drafted, 409, "Selma"),
    ):
        answer = send(client, case, text="Bitti.", hands_in="1", after=photo())
        assert answer.status_code == status, answer.content
        assert words in answer.json()["message"]
    with system():
        assert not Attachment.objects.exists()
        assert Notice.objects.get(complaint=drafted).body == "Müdürün metni."
        assert Complaint.objects.get(pk=drafted.pk).status == Status.ACCEPTED
    noted = send(client, withdrawn, text="Bitti.", as_note="1")
    assert noted.status_code == 200, noted.content
    with system():
        assert Comment.objects.get(complaint=withdrawn).body == "Bitti."
    seen = next(row for row in jobs(client) if row["title"] == "D")
    assert seen["draft"] == "Müdürün metni."
    assert send(client, drafted, text="Düzeltildi.", seen=seen["seen"]).status_code == 200
    with system():
        assert Notice.objects.get(complaint=drafted).body == "Düzeltildi."


def test_what_is_no_deed_is_refused_in_words(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen, accepted_by=cast.fen_clerk)
    client = signed_in(cast.fen_clerk)
    assert send(client, case).json()["code"] == "REQUIRED"
    assert client.post(SEND, {"job": str(case.key), "text": "Bitti."}).json()["code"] == "INVALID"
    broken = SimpleUploadedFile("bozuk.png", b"\x89PNG\r\n\x1a\nnothing", content_type="image/png")
    answer = send(client, case, text="Bitti.", after=broken)
    assert answer.status_code == 415
    assert "bozuk.png" in answer.json()["message"]
    with system():
        assert not Notice.objects.filter(complaint=case, kind=NoticeKind.RESULT).exists()
        assert Complaint.objects.get(pk=case.pk).status == Status.ACCEPTED
    assert send(signed_in(cast.park_clerk), case, text="Bitti.").status_code == 404
    assert send(client, case, after=[photo() for _each in range(13)]).json()["code"] == "INVALID"
