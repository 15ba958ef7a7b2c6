"""Signing in at a mail server with tokens: got by consent or by the program's own credentials, renewed, refused.

The provider is a double (`provider.py`), the mail server a real Dovecot.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.mailboxes import actions, fetching
from backend.mailboxes.choices import Fault
from backend.mailboxes.imap import tokens
from backend.mailboxes.imap.faults import CannotReadError
from backend.mailboxes.models import Mailbox
from tests.backend.mailboxes import dovecot, provider
from tests.backend.mailboxes.corpus import plain
from tests.backend.mailboxes.dovecot import LOGIN, Server
from tests.backend.mailboxes.provider import CLIENT, SECRET, Provider
from tests.cast import Cast
from tests.databases import CommittedDatabase
from tests.factories import make_department

BACK = "http://127.0.0.1:8000/admin/mailboxes/mailbox/connected/"


@pytest.fixture
def double() -> Iterator[Provider]:
    with provider.running(LOGIN) as running:
        yield running


def saved(double: Provider, row: Mailbox | None = None, **facts: Any) -> Mailbox:
    """A mailbox that is read with a token of the double."""
    values = {
        "name": "Başkanlık",
        "address": "baskanlik@belediye.example",
        "host": "localhost",
        "port": 993,
        "security": "SSL",
        "login": LOGIN,
        "purpose": "COMPLAINTS",
        "sign_in": "OAUTH2",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "authorize_url": double.authorize_url,
        "token_url": double.token_url,
        "scope": "imap",
    } | facts
    department = values.pop("department", None) or (row.department if row else make_department("ozel-kalem"))
    with system():
        return actions.save_mailbox(row, by=None, department=department, **values)


def connected(double: Provider, **facts: Any) -> Mailbox:
    row = saved(double, **facts)
    asked = tokens.consent(row, BACK)
    answer = double.consented(asked.url)
    assert answer["state"] == asked.state
    with system():
        tokens.connect(
            row, by=None, code=answer["code"], verifier=asked.verifier, version=asked.version, back=BACK
        )
    return row


def fault_of(row: Mailbox, **facts: Any) -> Fault:
    with pytest.raises(CannotReadError) as refused:
        tokens.access(row, **facts)
    return refused.value.fault


def ended(row: Mailbox) -> None:
    with system():
        Mailbox.objects.filter(pk=row.pk).update(access_until=timezone.now() + tokens.MARGIN)


def stored(row: Mailbox) -> Mailbox:
    with system():
        return Mailbox.objects.get(pk=row.pk)


# -- tokens --------------------------------------------------------------------------------------------------------
def test_a_consent_is_proved_and_its_tokens_are_sealed(cast: Cast, double: Provider) -> None:
    row = connected(double, department=cast.office)
    kept = stored(row)
    token = kept.read_secret("access_token")
    assert token in double.good
    assert len(token) > 1024, "as long as those of Microsoft"
    assert kept.read_secret() in double.refresh
    for sealed in (kept.secret, kept.access_token, kept.client_secret):
        assert not any(word.encode() in bytes(sealed) for word in (token, SECRET, *double.refresh))
    assert tokens.access(row) == token
    assert len(double.asked) == 1, "what is good is not asked for again"


def test_a_code_that_was_got_by_another_is_worth_nothing(cast: Cast, double: Provider) -> None:
    row = saved(double, department=cast.office)
    asked = tokens.consent(row, BACK)
    answer = double.consented(asked.url)
    with pytest.raises(DomainError) as refused, system():
        tokens.connect(row, by=None, code=answer["code"], verifier="a" * 64, version=row.version, back=BACK)
    assert refused.value.code == ErrorCode.WRONG_STATE
    assert not stored(row).is_connected


@pytest.mark.parametrize("rotates", [True, False])
def test_it_is_renewed_before_it_ends(rotates: bool, cast: Cast, double: Provider) -> None:
    row = connected(double, department=cast.office)
    first, double.rotates = tokens.access(row), rotates
    refresh = stored(row).read_secret()
    ended(row)
    second = tokens.access(row)
    assert second != first
    kept = stored(row)
    assert kept.read_secret("access_token") == second
    assert (kept.read_secret() != refresh) == rotates
    assert kept.access_until is not None
    assert kept.access_until > timezone.now() + dt.timedelta(minutes=50)
    third = tokens.access(row, refused=second)
    assert third not in (first, second)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        ("invalid_grant", Fault.CONSENT),
        ("invalid_client", Fault.CLIENT),
        ("invalid_scope", Fault.CLIENT),
        ("interaction_required", Fault.CONSENT),
    ],
)
def test_a_refusal_says_what_is_to_be_done(error: str, fault: Fault, cast: Cast, double: Provider) -> None:
    row = connected(double, department=cast.office)
    ended(row)
    double.refuses = error
    assert fault_of(row) == fault


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>", {}),
        (200, b"[]", {}),
        (200, b"{}", {}),
        (200, b'{"access_token": "x", "expires_in": "soon"}', {}),
        (200, b'{"access_token": "x", "expires_in": 1e999}', {}),
        (200, b'{"access_token": "x", "expires_in": NaN}', {}),
        (503, b"{}", {}),
        (302, b"", {"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_an_answer_that_is_none_is_the_providers_fault(
    answer: tuple[int, bytes, dict[str, str]], cast: Cast, double: Provider
) -> None:
    row = connected(double, department=cast.office)
    before = stored(row).read_secret()
    ended(row)
    double.answers = answer
    assert fault_of(row) == Fault.PROVIDER
    assert stored(row).read_secret() == before


@pytest.mark.parametrize("lives", [-(10**300), -1, 10**300])
def test_a_token_lives_a_minute_to_some_months(lives: int, cast: Cast, double: Provider) -> None:
    row = connected(double, department=cast.office)
    ended(row)
    double.lives = lives
    assert tokens.access(row) in double.good
    until = stored(row).access_until
    assert until is not None
    assert dt.timedelta(0) < until - timezone.now() < dt.timedelta(days=120)


def test_a_consent_to_other_settings_connects_nothing(cast: Cast, double: Provider) -> None:
    row = saved(double, department=cast.office)
    asked = tokens.consent(row, BACK)
    answer = double.consented(asked.url)
    saved(double, stored(row), client_id="baska", client_secret="baska")
    with pytest.raises(DomainError) as refused, system():
        tokens.connect(
            row, by=None, code=answer["code"], verifier=asked.verifier, version=asked.version, back=BACK
        )
    assert refused.value.code == ErrorCode.WRONG_STATE
    assert double.asked == [], "the code went nowhere"
    assert not stored(row).is_connected


def test_settings_that_are_kept_from_before_a_renewal_do_not_undo_it(cast: Cast, double: Provider) -> None:
    row = stored(connected(double, department=cast.office))
    ended(row)
    token = tokens.access(row)
    saved(double, row, name="Başka ad", client_secret="")
    assert stored(row).read_secret("access_token") == token


def test_an_address_within_the_network_is_not_asked(cast: Cast, double: Provider, settings: Any) -> None:
    row = connected(double, department=cast.office)
    ended(row)
    settings.WEBHOOK_LOOPBACK = False
    assert fault_of(row) == Fault.PROVIDER
    assert len(double.asked) == 1
    with pytest.raises(DomainError) as refused:
        saved(double, row)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "token_url")


def test_credentials_of_the_program_need_no_person(cast: Cast, double: Provider) -> None:
    row = saved(double, department=cast.office, sign_in="CLIENT")
    assert row.is_connected
    assert tokens.access(row) in double.good
    assert double.asked[-1]["grant_type"] == "client_credentials"
    assert double.asked[-1]["scope"] == "imap"
    ended(row)
    double.refuses = "invalid_grant"
    assert fault_of(row) == Fault.CLIENT


def test_a_permission_that_cannot_be_renewed_is_none(cast: Cast, double: Provider) -> None:
    row = saved(double, department=cast.office)
    asked = tokens.consent(row, BACK)
    answer = double.consented(asked.url)
    double.answers = (200, b'{"access_token": "x", "expires_in": 3600}', {})
    with pytest.raises(DomainError), system():
        tokens.connect(
            row, by=None, code=answer["code"], verifier=asked.verifier, version=asked.version, back=BACK
        )
    assert not stored(row).is_connected


# -- settings ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"host": "127.0.0.1"},
        {"login": "baska"},
        {"client_id": "baska"},
        {"token_url": "http://127.0.0.1:9/t"},
    ],
)
def test_a_permission_goes_nowhere_but_where_it_was_given_for(
    change: dict[str, Any], cast: Cast, double: Provider
) -> None:
    row = connected(double, department=cast.office)
    with pytest.raises(DomainError) as refused:
        saved(double, stored(row), client_secret="", **change)
    assert (refused.value.code, refused.value.field) == (ErrorCode.REQUIRED, "client_secret")
    again = saved(double, stored(row), **change)
    assert (again.is_connected, bytes(again.access_token)) == (False, b"")
    assert fault_of(again) == Fault.CONSENT


def test_other_settings_leave_it_connected(cast: Cast, double: Provider) -> None:
    row = connected(double, department=cast.office)
    again = saved(double, stored(row), client_secret="", name="Başka ad")
    assert tokens.access(again) in double.good
    assert len(double.asked) == 1


def test_well_known_providers_need_no_addresses(cast: Cast, double: Provider) -> None:
    none = {"authorize_url": "", "token_url": "", "scope": ""}
    row = saved(double, department=cast.office, host="imap.gmail.com", **none)
    url = tokens.consent(row, BACK).url
    assert url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert "access_type=offline" in url
    with pytest.raises(DomainError) as refused:
        saved(double, None, department=cast.office, address="b@belediye.example", sign_in="CLIENT", **none)
    assert (refused.value.code, refused.value.field) == (ErrorCode.REQUIRED, "token_url")


# -- at a mail server ----------------------------------------------------------------------------------------------
@pytest.fixture
def server(double: Provider) -> Iterator[Server]:
    with dovecot.running(f"{double.url}/introspect") as running:
        yield running


@pytest.fixture
def media(settings: Any, tmp_path: Path, committed_db: CommittedDatabase) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def fetch(row: Mailbox, server: Server) -> int:
    return fetching.fetch(row.pk, ssl.create_default_context(cafile=str(server.ca)))


@pytest.mark.full
@pytest.mark.usefixtures("media")
def test_mails_are_fetched_with_a_token_and_with_the_next_one(double: Provider, server: Server) -> None:
    row = connected(double, port=server.ssl)
    server.deliver(plain("bir"))
    assert (fetch(row, server), stored(row).fault) == (1, "")
    first = stored(row).read_secret("access_token")
    double.good.clear()  # taken back before its time: the server refuses it, and it is renewed once
    server.deliver(plain("iki", Message_ID="<2@posta.example>"))
    assert (fetch(row, server), stored(row).fault) == (1, "")
    assert stored(row).read_secret("access_token") != first
    assert [facts["grant_type"] for facts in double.asked] == ["authorization_code", "refresh_token"]


@pytest.mark.full
@pytest.mark.usefixtures("media")
def test_a_server_that_takes_no_token_is_asked_twice_and_not_for_ever(
    double: Provider, server: Server
) -> None:
    row = connected(double, port=server.ssl)
    double.login = "another"
    assert (fetch(row, server), stored(row).fault) == (0, Fault.TOKEN)
    assert len(double.asked) == 2
    double.login, double.refuses = LOGIN, "invalid_grant"
    ended(row)
    assert (fetch(row, server), stored(row).fault) == (0, Fault.CONSENT)


@pytest.mark.full
@pytest.mark.usefixtures("media")
def test_the_programs_own_credentials_fetch(double: Provider, server: Server) -> None:
    row = saved(double, port=server.ssl, sign_in="CLIENT")
    server.deliver(plain("bir"))
    assert (fetch(row, server), stored(row).fault) == (1, "")
