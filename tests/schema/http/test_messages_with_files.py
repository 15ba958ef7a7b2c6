"""A message of a conversation with files, by the upload way of the API: one form, to who may write it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from backend.appointments.models import RequestAttachment
from backend.complaints.models import NoticeFile
from backend.core.session import system
from backend.mailboxes.models import WrittenFile
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.backend.mailboxes.corpus import PNG
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, make_organisation, make_request
from tests.schema.client import Asking

BODY = "Plan ektedir."


def sends(user: Any, matter: Model, *names: str, **typed: str) -> Any:
    files = [SimpleUploadedFile(name, PNG, "image/png") for name in names]
    form = {"body": BODY, "means": "EMAIL", "file": files} | typed
    return signed_in(user).post(f"/files/messages/{global_id(matter)}/", form)


@pytest.fixture
def matters(cast: Cast) -> dict[str, Model]:
    citizen = make_citizen(email="a@example.org")
    return {
        "case": make_complaint(to=cast.fen, applicant=citizen),
        "request": make_request(cast.mayors, applicant=citizen),
        "partner": make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email="ilica@example.org"),
    }


@pytest.mark.parametrize("name", ["case", "request", "partner"])
def test_files_leave_with_the_message(cast: Cast, matters: dict[str, Model], name: str) -> None:
    subject = {"subject": "Plan"} if name == "partner" else {}
    answer = sends(cast.secretary, matters[name], "plan.png", "foto.png", **subject)
    assert (answer.status_code, answer.json()) == (201, {"id": global_id(matters[name])})
    with system():
        message = Message.objects.get()
        assert BODY in message.body
        assert [file["name"] for file in message.files] == ["plan.png", "foto.png"]
        kept = {"case": NoticeFile, "request": RequestAttachment, "partner": WrittenFile}[name]
        assert kept._default_manager.count() == 2


def test_what_went_with_a_message_is_fetched_by_who_sees_it(cast: Cast, matters: dict[str, Model]) -> None:
    assert sends(cast.secretary, matters["partner"], "plan.png", subject="Plan").status_code == 201
    query = """query($o: ID!) { organisationConversation(organisation: $o, first: 9) {
      nodes { written { files { name url } } } } }"""
    found = Asking(cast.secretary).data(query, o=global_id(matters["partner"]))
    [file] = found["organisationConversation"]["nodes"][0]["written"]["files"]
    assert file["name"] == "plan.png"
    assert signed_in(cast.secretary).get(file["url"]).status_code == 200
    assert signed_in(cast.park_clerk).get(file["url"]).status_code == 404


def test_what_is_refused(cast: Cast, matters: dict[str, Model]) -> None:
    for user, matter, typed, code in (
        (cast.park_clerk, matters["request"], {}, "NOT_FOUND"),
        (cast.secretary, cast.park, {}, "NOT_FOUND"),
        (cast.secretary, matters["request"], {"body": " "}, "REQUIRED"),
        (cast.secretary, matters["request"], {"means": "IN_PERSON"}, "UNSUPPORTED"),
    ):
        answer = sends(user, matter, "plan.png", **typed)
        assert answer.status_code >= 400
        assert answer.json()["errors"][0]["code"] == code
    with system():
        assert not Message.objects.exists()
        assert not RequestAttachment.objects.exists()
