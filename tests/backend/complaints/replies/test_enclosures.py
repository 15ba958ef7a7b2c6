"""Files go with a reply: chosen with its draft, kept by the approver's version, mailed, and given to nobody else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backend.complaints import actions
from backend.complaints.models import Attachment, Complaint, NoticeFile
from backend.complaints.replies import enclosures
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.documents import scanning
from backend.outbox import jobs
from backend.outbox.models import Message
from backend.retention import anonymising
from permissions.core import scope
from schema.core.nodes import global_id
from tests import tracking
from tests.backend.stories import code, say
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.schema.client import Asking

CASE = "/admin/complaints/complaint/"
FILES = "query($i: ID!) { node(id: $i) { ... on Complaint { notices { status files { attachment { name url } } } } } }"


def case_of(cast: Cast) -> Complaint:
    applicant = make_citizen(email="ayse@example.org")
    return make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=applicant)


def text_file(words: str, name: str) -> io.BytesIO:
    file = io.BytesIO(words.encode())
    file.name = name
    return file


def added(case: Complaint, name: str, by: Any) -> Attachment:
    with system():
        return actions.attach(refetch(case), by=by, file=text_file(f"{name} içeriği.", name), name=name)


def along(case: Complaint) -> list[list[str]]:
    with system():
        notices = refetch(case).notices.filter(kind="RESULT").order_by("pk")
        return [[file.name for file in enclosures.enclosed(notice)] for notice in notices]


def test_files_are_chosen_with_the_draft_and_stay_until_they_are_taken_out(cast: Cast) -> None:
    case = case_of(cast)
    theirs = added(case, "fotograf.txt", None)
    say(
        case,
        "draft",
        by=cast.fen_clerk,
        body="Bakıldı.",
        enclosures=[theirs],
        new_files=[text_file("x", "plan.txt")],
    )
    assert along(case) == [["fotograf.txt", "plan.txt"]]
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı, onarıldı.")
    assert along(case) == [["fotograf.txt", "plan.txt"]], "left out: they stay"
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı, onarıldı.", enclosures=[theirs])
    assert along(case) == [["fotograf.txt"]]
    with system():
        assert Attachment.objects.filter(complaint=case).count() == 2, "the file itself stays with the case"


def test_what_was_sent_back_and_what_the_approver_corrects_keep_their_files(cast: Cast) -> None:
    case = case_of(cast)
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı.", new_files=[text_file("x", "plan.txt")])
    say(case, "submit", by=cast.fen_clerk)
    say(case, "send_back", by=cast.secretary, reason="Gerekçe eksik.")
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı: onarıldı.")
    say(case, "submit", by=cast.fen_clerk)
    say(case, "correct_reply", by=cast.secretary, body="Bakılmış ve onarılmıştır.")
    assert along(case) == [["plan.txt"]] * 3


def test_a_file_of_the_house_is_asked_about_once(cast: Cast) -> None:
    case = case_of(cast)
    ours = added(case, "tutanak.txt", cast.fen_clerk)
    draft = {"by": cast.fen_clerk, "body": "Bakıldı.", "enclosures": [ours]}
    assert code(lambda: say(case, "draft", **draft)) == ErrorCode.UNUSUAL
    assert along(case) == [], "nothing of it was done"
    say(case, "draft", **draft, accept_internal=True)
    say(case, "draft", **draft)
    assert along(case) == [["tutanak.txt"]]


def test_what_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = case_of(cast), added(case_of(cast), "baska.txt", None)
    draft: dict[str, Any] = {"by": cast.fen_clerk, "body": "Bakıldı."}
    assert code(lambda: say(case, "draft", **draft, enclosures=[other])) == ErrorCode.NOT_FOUND
    program = io.BytesIO(b"MZ\x00")
    program.name = "kurulum.exe"
    assert code(lambda: say(case, "draft", **draft, new_files=[program])) == ErrorCode.UNSUPPORTED
    monkeypatch.setattr(enclosures, "MOST", 1)
    two = [text_file("x", "bir.txt"), text_file("y", "iki.txt")]
    assert code(lambda: say(case, "draft", **draft, new_files=two)) == ErrorCode.OVER_LIMIT
    monkeypatch.setattr(enclosures, "MOST_BYTES", 3)
    assert (
        code(lambda: say(case, "draft", **draft, new_files=[text_file("dört", "uzun.txt")]))
        == ErrorCode.OVER_LIMIT
    )
    with system():
        assert not Attachment.objects.filter(complaint=case).exists(), "no file of a refused draft stays"


def test_the_mail_carries_them_and_names_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(cast)
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı.", new_files=[text_file("Çizim", "plan.txt")])
    say(case, "submit", by=cast.fen_clerk)
    say(case, "approve", by=cast.secretary)
    with monkeypatch.context() as held:
        held.setattr(scanning, "require_scanned", _waits)
        assert code(lambda: say(case, "send", by=cast.secretary)) == ErrorCode.WRONG_STATE
    say(case, "send", by=cast.secretary)
    with system():
        message = Message.objects.get(purpose="complaint_result")
        assert "Ekler: plan.txt" in message.body
        jobs._send(message)
        anonymising.forget("CASE", [case.pk])
        message.refresh_from_db()
        assert message.files == []
        assert not NoticeFile.objects.filter(complaint=case).exists()
    (sent,) = mail.outbox
    files = [(one[0], one[1]) for one in sent.attachments if isinstance(one, tuple)]
    assert files == [("plan.txt", "Çizim")]


def _waits(*_file: object) -> None:
    from backend.core.errors import DomainError

    raise DomainError(ErrorCode.WRONG_STATE, "waits", "file")


def test_who_may_not_see_the_case_sees_none_on_either_wall(cast: Cast) -> None:
    case = case_of(cast)
    say(case, "draft", by=cast.fen_clerk, body="Bakıldı.", new_files=[text_file("x", "plan.txt")])
    for person, count in (
        (cast.fen_clerk, 1),
        (cast.secretary, 1),
        (cast.park_clerk, 0),
        (cast.administrator, 0),
    ):
        with as_viewer(person):
            assert scope.visible(NoticeFile).count() == count
            if person not in (cast.secretary,):
                assert NoticeFile.objects.count() == count, "the second wall"
    found = Asking(cast.fen_clerk).data(FILES, i=global_id(case))["node"]["notices"]
    assert [file["attachment"]["name"] for notice in found for file in notice["files"]] == ["plan.txt"]


def _post(client: Client, case: Complaint, verb: str, **data: Any) -> str:
    url = f"{CASE}{case.key}/{verb}/"
    answer = client.post(url, {"version": refetch(case).version, **data}, follow=True)
    return answer.content.decode()


def test_through_the_pages_to_the_tracking_page(cast: Cast) -> None:
    case = case_of(cast)
    ours = added(case, "tutanak.txt", cast.fen_clerk)
    clerk, office = signed_in(cast.fen_clerk), signed_in(cast.secretary)
    opened = clerk.get(f"{CASE}{case.key}/change/?do=draft").content.decode()
    assert "En çok 10 dosya" in opened
    chosen = {"body": "Bakıldı.", "enclosures": [str(ours.key)]}
    asked = _post(clerk, case, "draft", **chosen)
    assert "“tutanak.txt” bugüne kadar yalnız kurum içinde kullanıldı" in asked
    assert "Bakıldı." in asked, "what was typed is kept"
    _post(clerk, case, "draft", **chosen, accept_internal="on", new_files=[text_file("Çizim", "plan.txt")])
    _post(clerk, case, "submit")
    form = office.get(f"{CASE}{case.key}/change/?do=approve_and_send").content.decode()
    assert "Cevapla birlikte gidecek dosyalar" in form
    assert "plan.txt" in form.partition("Cevapla birlikte gidecek dosyalar")[2][:1200]
    _post(office, case, "approve_and_send", body="Bakıldı.", means="EMAIL")
    with system():
        code_of_case = Complaint.objects.get(pk=case.pk).tracking_code
    citizen = Client()
    page = tracking.tracked(code_of_case, browser=citizen)
    assert "plan.txt" in page
    url = page.partition('href="/files/reply/')[2].partition('"')[0]
    answer = citizen.get(f"/files/reply/{url}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) in (b"\xc3\x87izim", "tutanak.txt içeriği.".encode())  # type: ignore[attr-defined]
    assert citizen.get(f"/files/reply/{url}x").status_code == 404
    tracked = Asking(None).data(
        "query($c: String!) { complaintTracking(code: $c) { replies { files { name size } } } }",
        c=code_of_case,
    )
    names = [file["name"] for reply in tracked["complaintTracking"]["replies"] for file in reply["files"]]
    assert names == ["tutanak.txt", "plan.txt"]


def test_the_files_of_the_office_follow_a_reply_to_the_linked_cases(cast: Cast) -> None:
    """What the applicant brought stays with their own reply: it is of nobody else."""
    leader, other = case_of(cast), case_of(cast)
    say(other, "link", by=cast.secretary, of=leader)
    with system():
        brought = actions.citizens.add_file(
            refetch(leader), by=None, file=text_file("Evim", "evim.txt"), name="evim.txt"
        )
    plan = [text_file("Çizim", "plan.txt")]
    say(leader, "draft", by=cast.fen_clerk, body="Bakıldı.", enclosures=[brought], new_files=plan)
    for verb, by in (("submit", cast.fen_clerk), ("approve", cast.secretary)):
        say(leader, verb, by=by)
    say(leader, "send", by=cast.secretary, means="EMAIL")
    say(leader, "answer_linked", by=cast.secretary)
    assert along(leader) == [["evim.txt", "plan.txt"]]
    assert along(other) == [["plan.txt"]]
    with system():
        (own,) = refetch(other).attachments.all()
        assert own.complaint_id == other.pk
        bodies = list(Message.objects.filter(purpose="complaint_result").values_list("body", flat=True))
    assert sum("plan.txt" in body for body in bodies) == 2
