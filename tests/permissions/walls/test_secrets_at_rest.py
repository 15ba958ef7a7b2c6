"""Whoever only speaks SQL, as either role of the web, reads nothing that opens a door and writes nothing that does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from backend.calendars import actions as calendars
from backend.calendars.models import View
from backend.core import tickets
from backend.core.at_rest.sessions import SessionKey, SessionStore
from backend.core.session import elevated, system
from backend.organization.models import User
from tests.admin_ui.shell.test_own_account import _code
from tests.cast import PASSWORD, Cast, as_viewer, signed_in

ROLES = ("ozelkalem_app", "ozelkalem_office")


def _sql(role: str, statement: str, parameters: Sequence[object] = ()) -> list[tuple]:
    """What the statement answers to this role; what it did stays."""
    with system() if role == "ozelkalem_office" else nullcontext(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def _refused(role: str, statement: str, parameters: Sequence[object] = ()) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _sql(role, statement, parameters)


def _dump(role: str = "ozelkalem_office") -> str:
    """All that the role reads of the tables of sign-in and of portals, as text."""
    with system(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(quote_ident(a.attname))"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND c.relname ~ '^(axes|django_session|mfa|usersessions|portals|calendars_feed|organization_user)'"
            " AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')"
            " GROUP BY 1",
            [role],
        )
        tables = cursor.fetchall()
    assert len(tables) > 15
    return "\n".join(
        str(_sql(role, f"SELECT {', '.join(f't.{name}::text' for name in names)} FROM {table} t"))
        for table, names in tables
    )


def _with_second_factor(user: User) -> tuple[Client, str]:
    """A browser of theirs that set up an authenticator app, and its secret."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret: str = client.session[totp.SECRET_SESSION_KEY]
    assert secret not in _dump(), "before it is confirmed it is in the session"
    assert client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}).status_code == 302
    return client, secret


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password FROM organization_user",
        "SELECT * FROM organization_user",
        "SELECT u FROM organization_user u",
        "SELECT 1 FROM organization_user WHERE password LIKE 'argon2%%'",
        "SELECT count(*) FROM organization_user GROUP BY password",
        "COPY organization_user (password) TO STDOUT",
        "SELECT digest FROM portals_apitoken",
        "SELECT 1 FROM portals_clientsecret WHERE digest > 'a'",
        "SELECT digest FROM calendars_feed",
        "UPDATE organization_user SET language = '' RETURNING password",
    ],
)
def test_no_hash_and_no_digest_is_read(role: str, statement: str, cast: Cast) -> None:
    _refused(role, statement)


def test_the_statistics_of_what_is_hidden_are_hidden_too(cast: Cast) -> None:
    names = _sql("ozelkalem_app", "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'")
    hidden = {("organization_user", "password"), ("portals_apitoken", "digest"), ("calendars_feed", "digest")}
    assert not hidden & set(names)


def test_a_dump_of_both_roles_holds_no_hash_no_key_and_no_secret(cast: Cast) -> None:
    client, secret = _with_second_factor(cast.fen_clerk)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    key = client.cookies["sessionid"].value
    with as_viewer(cast.secretary), elevated():
        _feed, address = calendars.make_feed(by=cast.secretary, name="Telefon", view=View.FULL)
    for role in ROLES:
        dump = _dump(role)
        assert cast.fen_clerk.username in dump, "else nothing was looked at"
        for hidden in (cast.mayor.password, key, secret, PASSWORD, cast.portal_secret, address):
            assert hidden not in dump, hidden
    assert codes.status_code == 200
    assert not [code for code in codes.context["unused_codes"] if code in _dump()]


def test_whoever_has_no_ticket_gets_no_hash(cast: Cast) -> None:
    theirs = str(cast.mayor.pk)
    good = tickets.sign("password", theirs)
    assert _sql("ozelkalem_app", "SELECT app.password_hash(%s)", [good]) == [(cast.mayor.password,)]
    old = tickets.sign("password", theirs).split(".", 1)
    forged = [
        None,
        "",
        theirs,
        good[:-1] + "9",
        "0" * 64 + good[64:],
        f"{old[0]}.0.{theirs}",
        tickets.sign("another purpose", theirs),
    ]
    for ticket in forged:
        assert _sql("ozelkalem_app", "SELECT app.password_hash(%s)", [ticket]) == [(None,)], ticket
    assert _sql("ozelkalem_app", "SELECT app.verified(%s, 'password', 0 - 5)", [good]) == [(None,)], "too old"


@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_a_password(role: str, cast: Cast) -> None:
    mine = make_password("benim parolam")
    _refused(role, "UPDATE organization_user SET password = %s WHERE username = 'baskan'", [mine])
    signed = tickets.sign("organization_user", json.dumps({"key": str(cast.fen_clerk.key), "password": mine}))
    _sql(role, "SELECT set_config('app.signature', %s, true)", [signed])
    _refused(role, "UPDATE organization_user SET password = %s WHERE username = 'baskan'", [mine])
    _refused(role, "UPDATE organization_user SET password = 'x' || password")
    browser = Client().post("/accounts/login/", {"login": "baskan", "password": PASSWORD})
    assert browser.status_code == 302, "the mayor's own is the old one"


def test_nobody_opens_an_account_with_a_password_of_their_own(cast: Cast) -> None:
    columns = "(key, username, password, first_name, last_name, email, title, phone, language,"
    _refused(
        "ozelkalem_office",
        f"INSERT INTO organization_user {columns} is_superuser, is_staff, is_active, date_joined) VALUES"
        " (gen_random_uuid(), 'ben', %s, '', '', '', '', '', '', true, true, true, now())",
        [make_password("benim parolam")],
    )


def test_a_second_factor_is_neither_planted_nor_copied_nor_taken_away(cast: Cast) -> None:
    _with_second_factor(cast.fen_clerk)
    for role in ROLES:
        _refused(
            role,
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
            " SELECT %s, type, data, now() FROM mfa_authenticator WHERE type = 'totp'",
            [cast.mayor.pk],
        )
        _refused(
            role,
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'webauthn', '{}', now())",
            [cast.mayor.pk],
        )
        _refused(role, "UPDATE mfa_authenticator SET user_id = %s", [cast.mayor.pk])
        _refused(role, "DELETE FROM mfa_authenticator")
    assert _sql("ozelkalem_app", "UPDATE mfa_authenticator SET last_used_at = now()") == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_issues_a_token_or_turns_one_over(role: str, cast: Cast) -> None:
    _refused(role, "UPDATE portals_apitoken SET digest = %s", ["0" * 64])
    _refused(
        role,
        "INSERT INTO portals_apitoken (key, user_id, name, prefix, digest, scopes, created_at, expires_at)"
        " VALUES (gen_random_uuid(), %s, 'x', 'x', %s, '{READ}', now(), now() + interval '1 day')",
        [cast.mayor.pk, "0" * 64],
    )


def test_a_session_is_opened_by_its_cookie_alone(cast: Cast) -> None:
    victim, other = signed_in(cast.mayor), signed_in(cast.fen_clerk)
    assert victim.get("/admin/").status_code == 200
    key = victim.cookies["sessionid"].value
    [(stored,)] = _sql(
        "ozelkalem_app", "SELECT session_key FROM django_session WHERE session_key = %s", [SessionKey(key)]
    )
    assert len(stored) == 40
    thief = Client()
    for tried in (stored, stored.upper()):
        thief.cookies["sessionid"] = tried
        assert thief.get("/admin/").status_code == 302, tried
    own = SessionKey("a" * 32)
    _sql(
        "ozelkalem_app",
        "INSERT INTO django_session SELECT %s, session_data, expire_date FROM django_session WHERE session_key = %s",
        [own, stored],
    )
    thief.cookies["sessionid"] = str(own)
    assert thief.get("/admin/").status_code == 302, "a copied row opens nothing"
    _sql(
        "ozelkalem_app",
        "UPDATE django_session SET session_data = (SELECT session_data FROM django_session WHERE session_key = %s)"
        " WHERE session_key = %s",
        [stored, SessionKey(other.cookies["sessionid"].value)],
    )
    assert other.get("/admin/").status_code == 302, "nor one that was copied over another"
    assert victim.get("/admin/").status_code == 200


def test_what_the_former_key_wrote_is_read_while_it_is_named(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, secret = _with_second_factor(cast.fen_clerk)
    former = settings.SECRET_KEY
    monkeypatch.setattr(settings, "SECRET_KEY", "b" * 30 + "another key of the installation")
    monkeypatch.setattr(tickets, "_key", lambda secret, key=tickets._key: key(former))  # as after `migrate`
    assert browser.get("/admin/").status_code == 302, "a key that is given up opens nothing"
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [former])
    assert browser.get("/admin/").status_code == 200
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code(_code(secret))


def test_my_devices_are_known_by_their_digest(cast: Cast) -> None:
    browser = signed_in(cast.fen_clerk)
    browser.get("/admin/")
    key = SessionKey(browser.cookies["sessionid"].value)
    [(kept,)] = _sql("ozelkalem_app", "SELECT session_key FROM usersessions_usersession")
    assert kept == key.stored != str(key)
    assert SessionStore(kept)["_auth_user_id"] == str(cast.fen_clerk.pk)
    assert Session.objects.filter(pk=kept).exists()
