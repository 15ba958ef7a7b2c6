"""Files that are brought over HTTP before anything is sent in: each citizen of a portal has a share of their own."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.core.session import system
from backend.submissions.models import ShareUse
from tests.backend.news.test_news import picture
from tests.cast import Cast
from tests.schema.portal_client import make_portal


def brings(token: str, bundle: str, **headers: str) -> Any:
    content = SimpleUploadedFile("a.jpg", picture().read(), content_type="image/jpeg")
    named = {"authorization": f"Bearer {token}", "bundle": bundle * 22} | headers
    return Client().post("/files/portal/submissions/", {"file": content}, headers=named)


def test_the_share_is_of_the_citizen_whom_the_portal_names(cast: Cast) -> None:
    _account, token = make_portal()
    for bundle, address in (("a", "198.51.100.1"), ("b", "203.0.113.9"), ("c", "")):
        answer = brings(token, bundle, **{"citizen-address": address})
        assert answer.status_code == 201, answer.content
    with system():
        assert ShareUse.objects.values("sender").distinct().count() == 3
    wrong = brings(token, "d", **{"citizen-address": "Işıl"})
    assert [(one["code"], one["field"]) for one in wrong.json()["errors"]] == [("INVALID", "address")]
