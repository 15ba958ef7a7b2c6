"""Who is signed in is read with each request, by statements of our own: what the ORM would read, and never kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from backend.core.session import system
from backend.organization.models import User
from permissions.core.backends import signed_in_user
from tests.cast import Cast, signed_in
from tests.databases import kept_statements
from tests.factories import PASSWORD

PAGE = "/admin/"


def test_the_account_is_the_one_that_the_orm_reads(cast: Cast) -> None:
    for person in cast.people().values():
        found, expected = signed_in_user(person.pk), User.objects.get(pk=person.pk)
        assert found is not None
        assert _held(found) == _held(expected)
        assert type(found) is type(expected)
        assert vars(found._state) == vars(expected._state)
        assert found.get_deferred_fields() == expected.get_deferred_fields() == {"password"}
        assert found.check_password(PASSWORD)
    assert signed_in_user(2**70) is None


def _held(user: User) -> dict[str, Any]:
    return {name: value for name, value in vars(user).items() if name != "_state"}


def _close(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _choose_password(client: Client, user: User) -> None:
    user.set_password("başka bir parola 7")
    user.save(update_fields=["password"])


def _revoke(client: Client, user: User) -> None:
    Session.objects.filter(session_key=client.session.session_key).delete()


def _let_expire(client: Client, user: User) -> None:
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=timezone.now())


def _write(name: str, value: str) -> Callable[[Client, User], None]:
    def write(client: Client, user: User) -> None:
        session = client.session
        session[name] = value
        session.save()

    return write


@pytest.mark.parametrize(
    "end",
    [
        _close,
        _choose_password,
        _revoke,
        _let_expire,
        _write(BACKEND_SESSION_KEY, "django.contrib.auth.backends.ModelBackend"),
        _write(HASH_SESSION_KEY, ""),
        _write(SESSION_KEY, "987654321"),
    ],
)
def test_what_ends_a_session_ends_it_with_the_next_request(
    end: Callable[[Client, User], None], cast: Cast
) -> None:
    client = signed_in(cast.secretary)
    assert client.get(PAGE).status_code == 200
    with system():
        end(client, cast.secretary)
    assert client.get(PAGE).status_code == 302


def test_a_session_of_the_secret_before_goes_on_under_a_new_key(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    with override_settings(SECRET_KEY_FALLBACKS=["the one before"]):
        [of_the_one_before] = cast.secretary.get_session_auth_fallback_hash()
        _write(HASH_SESSION_KEY, of_the_one_before)(client, cast.secretary)
        before = client.session.session_key
        assert client.get(PAGE).status_code == 200
        assert client.session.session_key != before
    assert client.get(PAGE).status_code == 200


def test_neither_is_read_by_a_statement_that_is_kept_nor_compiled(cast: Cast) -> None:
    """SQL that runs on the same connection could put another statement under the name of a kept one."""
    client = signed_in(cast.secretary)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as compiled:
        assert client.get(PAGE).status_code == 200
    assert not [query for query in compiled if "django_session" in query["sql"]]
    kept = kept_statements()
    assert kept
    assert not [one for one in kept if "django_session" in one or "password_stamp" in one]
