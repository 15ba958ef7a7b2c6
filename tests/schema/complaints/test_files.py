"""Files of a case: up through the action, down through the gate, never shown in the browser."""

from __future__ import annotations

import datetime as dt
import io
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from backend import jobs
from backend.complaints.actions import attach
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.portals.actions import issue_token
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_complaint, make_instruction
from tests.kept_files import age, stored
from tests.schema.client import Asking

pytestmark = pytest.mark.usefixtures("kept_in")
NAME = "Çukur fotoğrafı – sokağın başı.png"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def upload(client: Client, id: str, content: bytes | None = None, name: str = NAME, **headers: str):
    file = SimpleUploadedFile(name, picture() if content is None else content, content_type="text/html")
    return client.post(f"/files/complaints/{id}/", {"file": file}, headers=headers)


@pytest.fixture
def case(cast):
    return make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)


@pytest.fixture
def url(cast, case) -> str:
    response = upload(signed_in(cast.fen_clerk), global_id(case))
    assert response.status_code == 201, response.content
    return response.json()["url"]


def test_a_file_comes_back_as_an_attachment_under_its_turkish_name(cast, url):
    response = signed_in(cast.fen_clerk).get(url)
    assert response.status_code == 200
    assert b"".join(response)[:4] == b"\x89PNG"
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "%C3%87ukur" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_hidden_missing_and_unknown_are_the_same_404(cast, url):
    missing = signed_in(cast.fen_clerk).get("/files/6a1f6c1e-7f3e-4d0e-9a51-111111111111")
    assert missing.status_code == 404
    for somebody in (
        signed_in(cast.park_clerk),
        signed_in(cast.outsider),
        signed_in(cast.administrator),
        Client(),
    ):
        hidden = somebody.get(url)
        assert hidden.status_code == 404
        assert hidden.content == missing.content
        differing = {
            name for name in {**hidden.headers, **missing.headers} if hidden.get(name) != missing.get(name)
        }
        assert differing <= {"Vary"}


def test_who_follows_a_link_to_what_is_not_theirs_reads_a_page(cast, url):
    for address in (url, f"{url}/picture/", "/files/6a1f6c1e-7f3e-4d0e-9a51-111111111111"):
        page = signed_in(cast.park_clerk).get(address, headers={"accept": "text/html"})
        assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8"), address
        assert "Masam" in page.content.decode()
        assert Client().get(address, headers={"accept": "text/html"}).status_code == 404


def test_a_file_that_left_with_its_case_is_gone(cast, case, url):
    done = Asking(cast.fen_clerk).does("complaintReturn", id=global_id(case), reason="Bizim değil")
    assert done["errors"] == []
    assert signed_in(cast.fen_clerk).get(url).status_code == 404
    assert signed_in(cast.secretary).get(url).status_code == 200


def test_a_token_without_read_fetches_nothing(cast, url):
    with system():
        _token, secret = issue_token(
            user=cast.secretary,
            name="Yazar",
            scopes=["WRITE"],
            by=cast.secretary,
            expires_at=timezone.now() + dt.timedelta(days=1),
        )
    assert Client().get(url, headers={"authorization": f"Bearer {secret}"}).status_code == 404


def test_who_fetched_a_file_is_remembered(cast, url):
    signed_in(cast.fen_clerk).get(url)
    with system():
        row = AccessLog.objects.get()
    assert (row.reader_id, row.subject_kind, row.purpose) == (
        cast.fen_clerk.pk,
        "complaints.attachment",
        "file",
    )


def test_the_graph_names_the_file_and_its_address(ask, case, url):
    query = (
        "{ complaints { nodes { attachments { name url contentType size uploadedBy { fullName } } "
        "lines(first: 1) { verb } } } }"
    )
    node = ask.fen_clerk.data(query)["complaints"]["nodes"][0]
    file = node["attachments"][0]
    assert file | {"size": 0} == {
        "name": NAME,
        "url": url,
        "contentType": "image/png",
        "size": 0,
        "uploadedBy": {"fullName": "Murat Demir"},
    }
    assert node["lines"] == [{"verb": "ATTACHED"}]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<html><script>alert(1)</script></html>", 415), (b"MZ\x90\x00" + b"\x00" * 200, 415), (b"", 400)],
)
def test_what_a_file_is_is_read_from_its_content(cast, case, content, status):
    response = upload(signed_in(cast.fen_clerk), global_id(case), content, name="resim.png")
    assert response.status_code == status, response.content
    assert response.json()["errors"][0]["message"]


def test_too_large_is_413_before_it_is_read(cast, case, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000
    response = upload(signed_in(cast.fen_clerk), global_id(case), b"x" * 100_000)
    assert response.status_code == 413


def test_only_who_may_attach_attaches(cast, case):
    assert upload(signed_in(cast.park_clerk), global_id(case)).status_code == 404
    assert upload(signed_in(cast.mayor), global_id(case)).status_code == 403
    assert upload(Client(), global_id(case)).status_code == 403
    assert upload(signed_in(cast.fen_clerk), "x").status_code == 404
    assert signed_in(cast.fen_clerk).post(f"/files/complaints/{global_id(case)}/").status_code == 400


def test_a_browser_needs_the_csrf_token_and_a_bearer_does_not(cast):
    case = make_complaint(to=cast.relations)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.secretary, backend="permissions.core.backends.AccountBackend")
    assert upload(browser, global_id(case)).status_code == 403
    program = Client(enforce_csrf_checks=True)
    assert upload(program, global_id(case), authorization=f"Bearer {cast.portal_secret}").status_code == 201


# -- what no row knows -------------------------------------------------------------------------------------------
def test_a_file_whose_row_is_taken_back_does_not_stay(cast, case, monkeypatch):
    """The line of the story fails after the file was written: the answer is an error, and nothing is kept."""
    before = stored()

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the story cannot be written")

    monkeypatch.setattr("backend.complaints.actions.working.journal_line", fails)
    client = signed_in(cast.fen_clerk)
    client.raise_request_exception = False
    assert upload(client, global_id(case)).status_code >= 500
    assert stored() == before
    monkeypatch.undo()
    assert upload(client, global_id(case)).status_code == 201
    assert len(stored() - before) == 1


def test_an_answer_that_is_an_error_takes_the_file_back_too(cast, case):
    """No exception passes here: the transaction is marked, as the admin's middleware does for 500."""
    before = stored()
    with system():
        attach(case, by=cast.fen_clerk, file=io.BytesIO(picture()), name="a.png")
        assert len(stored() - before) == 1
        transaction.set_rollback(True)
    assert stored() == before
    with system():
        attach(case, by=cast.fen_clerk, file=io.BytesIO(picture()), name="a.png")
    assert len(stored() - before) == 1


def test_what_a_dying_process_left_is_swept_after_a_day_and_what_is_known_stays(cast, case):
    url = upload(signed_in(cast.fen_clerk), global_id(case)).json()["url"]
    known = stored()
    for name, hours in (("attachment/00/00old", 25), ("attachment/00/00young", 23), ("not-ours", 50)):
        default_storage.save(name, ContentFile(b"x"))
        age(name, hours)
    for name in known:
        age(name, 50)
    assert jobs.documents_jobs.remove_orphans() == 1
    assert stored() == known | {"attachment/00/00young", "not-ours"}
    assert b"".join(signed_in(cast.fen_clerk).get(url))[:4] == b"\x89PNG"


def test_the_files_of_what_is_confidential_stay_though_the_house_does_not_see_them(cast):
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary, is_confidential=True)
    sent = signed_in(cast.fen_clerk).post(
        f"/files/instructions/{global_id(row)}/", {"file": SimpleUploadedFile("a.png", picture())}
    )
    assert sent.status_code == 201, sent.content
    for name in stored():
        age(name, 50)
    assert jobs.documents_jobs.remove_orphans() == 0
    assert b"".join(signed_in(cast.fen_clerk).get(sent.json()["url"]))[:4] == b"\x89PNG"
    assert signed_in(cast.office_head).get(sent.json()["url"]).status_code == 404


def test_a_file_for_which_there_is_no_room_now_is_503_and_says_when_to_come_again(cast, case, monkeypatch):
    monkeypatch.setattr("backend.documents.disarming._room", threading.Semaphore(0))
    response = upload(signed_in(cast.fen_clerk), global_id(case))
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["errors"][0]["code"] == "TIMEOUT"
