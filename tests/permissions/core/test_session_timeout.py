"""A session in the browser does not last for ever: neither idle nor at all."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from permissions.core import middleware
from permissions.core.middleware import SEEN, STARTED
from tests.cast import Cast, signed_in

PAGE = "/admin/"


@pytest.mark.parametrize(
    ("key", "seconds"),
    [
        (SEEN, settings.SESSION_IDLE_MINUTES * 60),
        (STARTED, settings.SESSION_ABSOLUTE_HOURS * 3600),
    ],
)
def test_a_session_ends_after_its_limit_and_not_before(key: str, seconds: int, cast: Cast) -> None:
    for late, status in ((-60, 200), (60, 302)):
        client = signed_in(cast.secretary)
        assert client.get(PAGE).status_code == 200
        session = client.session
        session[key] = int(timezone.now().timestamp()) - seconds - late
        session.save()
        assert client.get(PAGE).status_code == status
    assert "_auth_user_id" not in client.session


def test_where_a_session_is_used_is_written_once_a_minute(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    written = []
    for passed in (0, 30, 90):
        with (
            patch.object(middleware, "_now", return_value=int(timezone.now().timestamp()) + passed),
            CaptureQueriesContext(connection) as asked,
        ):
            assert client.get(PAGE).status_code == 200
        written.append(any("usersessions_usersession" in query["sql"] for query in asked))
    assert written == [True, False, True]
