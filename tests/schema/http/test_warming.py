"""What is made ready before the workers are forked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core.session import system
from backend.portals.trusted import sha256_of
from schema.core.documents import documents
from schema.http import persisted_documents, warming
from tests.cast import Cast
from tests.schema.http.test_limits_of_clients import register
from tests.schema.http.test_oauth import Program


def test_registered_documents_are_parsed_and_known_before_anybody_asks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, text = Program(cast), "query Ready { me { username } }"
    register(program.client, text)
    monkeypatch.setattr(persisted_documents, "texts", persisted_documents.Texts())
    assert warming.warm() == 1
    assert documents.get(text).is_valid
    with CaptureQueriesContext(connection) as asked:
        assert persisted_documents.texts.get(sha256_of(text)) == text
    assert not asked.captured_queries
    with system():
        program.client.documents.update(retired_at=timezone.now())
    assert warming.warm() == 0
