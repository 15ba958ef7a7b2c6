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
from tests.factories import make_citizen, make_complaint, make_organisation, make_request, receive_letter
from tests.schema.client import Asking

BODY = "Plan ektedir."
TYPED = {"partner": {"subject": "Plan"}, "letter": {"to": "evrak@kurum.example"}}
"""What is typed beyond the text, where no one wrote before."""


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
        "letter": receive_letter(cast.office, by=cast.secretary),
        "partner": make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email="ilica@example.org"),
    }


@pytest.mark.parametrize("name", ["case", "request", "letter", "partner"])
def test_files_leave_with_the_message(cast: Cast, matters: dict[str, Model], name: str) -> None:
    answer = sends(cast.secretary, matters[name], "plan.png", "foto.png", **TYPED.get(name, {}))
    assert (answer.status_code, answer.json()) == (201, {"id": global_id(matters[name])})
    with system():
        message = Message.objects.get()
        assert BODY in message.body
        assert [file["name"] for file in message.files] == ["plan.png", "foto.png"]
        kept = {"case": NoticeFile, "request": RequestAttachment}.get(name, WrittenFile)
        assert kept._default_manager.count() == 2


@pytest.mark.parametrize(
    ("name", "conversation"),
    [("partner", "organisationConversation(organisation: $m"), ("letter", "letterConversation(letter: $m")],
)
def test_what_went_with_a_message_is_fetched_by_who_sees_it(
    cast: Cast, matters: dict[str, Model], name: str, conversation: str
) -> None:
    assert sends(cast.secretary, matters[name], "plan.png", **TYPED[name]).status_code == 201
    query = (
        f"query($m: ID!) {{ {conversation}, first: 9) {{ nodes {{ written {{ files {{ name url }} }} }} }} }}"
    )
    [found] = Asking(cast.secretary).data(query, m=global_id(matters[name])).values()
    [file] = next(node["written"]["files"] for node in found["nodes"] if node["written"])
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
