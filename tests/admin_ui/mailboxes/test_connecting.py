"""Connecting a mailbox by OAuth 2 from its page: to the provider and back. The provider is a double."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.mailboxes import jobs
from backend.mailboxes.models import Mailbox
from tests.backend.mailboxes import provider
from tests.backend.mailboxes.provider import CLIENT, SECRET, Provider
from tests.cast import Cast, signed_in

LIST = "/admin/mailboxes/mailbox/"
LOGIN = "kalem@belediye.example"


@pytest.fixture
def double() -> Iterator[Provider]:
    with provider.running(LOGIN) as running:
        yield running


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def facts(cast: Cast, double: Provider, **changes: str) -> dict[str, str]:
    return {
        "name": "Başkanlık",
        "address": LOGIN,
        "department": cast.office.code,
        "purpose": "COMPLAINTS",
        "host": "imap.belediye.example",
        "port": "993",
        "security": "SSL",
        "login": LOGIN,
        "sign_in": "OAUTH2",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "authorize_url": double.authorize_url,
        "token_url": double.token_url,
        "folder": "INBOX",
        "is_active": "on",
    } | changes


def the_mailbox() -> Mailbox:
    with system():
        return Mailbox.objects.get()


def page(manager: Client) -> str:
    return manager.get(f"{LIST}{the_mailbox().key}/change/").content.decode()


def added(manager: Client, cast: Cast, double: Provider) -> str:
    """Its address for connecting, once it is kept."""
    shown = manager.post(f"{LIST}new/", facts(cast, double), follow=True).content.decode()
    assert "Henüz bağlanmadı" in shown
    assert "henüz bağlanmadı" in shown
    return f"{LIST}{the_mailbox().key}/connect/"


def test_it_is_connected_by_a_person_and_says_so(manager: Client, cast: Cast, double: Provider) -> None:
    connect = added(manager, cast, double)
    before = page(manager)
    assert connect in before
    assert f"{LIST}connected/" in before, "the provider must know where it leads back to"
    assert not any(secret in before for secret in (SECRET, *double.refresh))

    to = manager.get(connect)
    assert to.status_code == 302
    answer = double.consented(to["Location"])
    done = manager.get(f"{LIST}connected/", answer, follow=True).content.decode()
    assert "Posta kutusu bağlandı" in done
    assert "Yeniden bağlan" in done
    assert the_mailbox().read_secret() in double.refresh
    again = manager.get(f"{LIST}connected/", answer, follow=True).content.decode()
    assert "burada başlatılan bir bağlantıya ait değil" in again
    assert len(double.asked) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": "access_denied"}, "onay vermediniz"),
        ({"error": "invalid_scope"}, "Sağlayıcı izin vermedi"),
        ({"code": "uydurma"}, "Sağlayıcı erişim izni vermiyor"),
        ({"code": "x", "state": "baska"}, "burada başlatılan bir bağlantıya ait değil"),
    ],
)
def test_what_went_wrong_is_said_and_nothing_is_connected(
    answer: dict[str, str], words: str, manager: Client, cast: Cast, double: Provider
) -> None:
    to = manager.get(added(manager, cast, double))
    state = double.consented(to["Location"])["state"]
    shown = manager.get(f"{LIST}connected/", {"state": state} | answer, follow=True).content.decode()
    assert words in shown
    assert not the_mailbox().is_connected


def test_a_client_secret_of_another_key_is_said_at_both_steps(
    manager: Client, cast: Cast, double: Provider
) -> None:
    connect = added(manager, cast, double)
    to = manager.get(connect)
    with system():
        Mailbox.objects.update(client_secret=b"x" * 40)
    words = "başka bir anahtarla"
    assert words in manager.get(connect, follow=True).content.decode()
    shown = manager.get(f"{LIST}connected/", double.consented(to["Location"]), follow=True).content.decode()
    assert words in shown
    assert not the_mailbox().is_connected


def test_settings_that_change_while_the_provider_is_asked_connect_nothing(
    manager: Client, cast: Cast, double: Provider
) -> None:
    to = manager.get(added(manager, cast, double))
    manager.post(f"{LIST}{the_mailbox().key}/change/", facts(cast, double, name="Başka ad"))
    shown = manager.get(f"{LIST}connected/", double.consented(to["Location"]), follow=True).content.decode()
    assert "bu arada değişti" in shown
    assert (the_mailbox().is_connected, double.asked) == (False, [])


def test_one_that_was_never_connected_says_that_and_alarms_no_one(
    manager: Client, cast: Cast, double: Provider
) -> None:
    added(manager, cast, double)
    with system():
        Mailbox.objects.update(fault="CONSENT", failing_since=timezone.now())
    assert not jobs.report_fault(the_mailbox().pk)
    assert "bağlanmadı" in manager.get(LIST).content.decode()
    assert "bağlanmadı" in page(manager)


def test_who_manages_no_mailboxes_connects_none(manager: Client, cast: Cast, double: Provider) -> None:
    connect = added(manager, cast, double)
    for person in (cast.fen_clerk, cast.secretary):
        assert signed_in(person).get(connect).status_code in (403, 404)
        assert signed_in(person).get(f"{LIST}connected/").status_code in (403, 404)


def test_one_with_a_password_has_nothing_to_connect(manager: Client, cast: Cast, double: Provider) -> None:
    manager.post(f"{LIST}new/", facts(cast, double, sign_in="PASSWORD", secret="gizli"))
    assert "/connect/" not in page(manager)
    assert manager.get(f"{LIST}{the_mailbox().key}/connect/").status_code == 404
    row = the_mailbox()
    assert (row.client_id, row.token_url, bytes(row.client_secret)) == ("", "", b"")


def test_what_is_kept_again_without_secrets_stays_connected(
    manager: Client, cast: Cast, double: Provider
) -> None:
    to = manager.get(added(manager, cast, double))
    manager.get(f"{LIST}connected/", double.consented(to["Location"]))
    change = f"{LIST}{the_mailbox().key}/change/"
    assert manager.post(change, facts(cast, double, name="Başka ad", client_secret="")).status_code == 302
    row = the_mailbox()
    assert (row.name, row.is_connected) == ("Başka ad", True)
    refused = manager.post(change, facts(cast, double, host="imap.baska.example", client_secret=""))
    assert "İstemci gizini yazınız" in refused.content.decode()
