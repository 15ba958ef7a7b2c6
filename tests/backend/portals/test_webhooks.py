"""Webhooks against a real server on this machine: signed, sent again, filtered, and never into our own network."""

from __future__ import annotations

import datetime as dt
import io
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from backend.complaints import actions as cases
from backend.complaints import importing, recalling
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.change_feed import parse_cursor
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.outbox.models import Message
from backend.portals.clients import register_client
from backend.portals.models import Client
from backend.portals.webhooks import actions
from backend.portals.webhooks.addresses import may_be_reached, require_public, target_of
from backend.portals.webhooks.models import (
    CHOOSABLE,
    DeliveryStatus,
    SwitchedOff,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from backend.portals.webhooks.sending import post
from permissions.complaints import webhooks
from permissions.core import grants
from permissions.core.viewer import WORK
from tests.backend.complaints.replies.test_recalling import leave, leave_message, reply_of
from tests.backend.stories import say
from tests.cast import Cast, make_cast, signed_in
from tests.databases import CommittedDatabase
from tests.factories import make_citizen, make_complaint, make_user, refetch
from tests.harness import debian


class Sink(ThreadingHTTPServer):
    """Another's server: keeps what it was sent, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self.status, self.location, self.dribble, self.dribbled = 204, "", False, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=ozelkalem"


class _Handler(BaseHTTPRequestHandler):
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        text = b"" if self.server.status == 204 else "Teşekkürler ".encode() * 1000
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.server.dribble:
            for self.server.dribbled, each in enumerate(text[:300]):
                self.wfile.write(bytes([each]))
                time.sleep(0.2)
        self.wfile.write(text)

    def log_message(self, *_args: Any) -> None: ...


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def make_endpoint(
    cast: Cast, url: str, scopes: tuple[str, ...] = ("SUBMIT", "FOLLOW"), account: User | None = None
) -> tuple[WebhookEndpoint, str]:
    with system():
        client = Client.objects.filter(account=account).first() if account else None
        if client is None:
            client, _secret = register_client(
                account=account or make_user("portal.belediye", "e-Belediye", "Portalı", is_staff=False),
                name="e-Belediye",
                contact_name="Portal Ekibi",
                contact_email="portal@example.org",
                scopes=list(scopes),
                by=cast.administrator,
            )
        events = [one.value for one in CHOOSABLE]
        return actions.add_endpoint(client, url=url, events=events, by=cast.administrator)


def told(sink: Sink) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in sink.got]


def route(case: Any, to: Any, by: User) -> None:
    with system():
        case.refresh_from_db()
        cases.route(case, to=to, by=by)


# -- what is told, and to whom -------------------------------------------------------------------------------
def test_a_portal_is_told_of_what_it_brought_in_the_citizens_words_signed(house: Cast, sink: Sink) -> None:
    endpoint, secret = make_endpoint(house, sink.url)
    mine = make_complaint("Çukur", by=endpoint.client.account)
    another = make_complaint("Gizli konu", by=house.portal)
    for case in (mine, another):
        route(case, house.fen, house.secretary)
        with system():
            cases.comment(case, by=house.secretary, body="İç not: Murat Demir ilgilensin.")
    assert webhooks.carry() == 1  # what stands now, once
    [one] = told(sink)
    assert one["type"] == "complaint.changed"
    assert one["data"].pop("changedAt")
    assert one["data"] == {
        "reference": mine.reference, "status": "Üzerinde çalışılıyor", "statusCode": "WORKED_ON",
        "happened": "İlgili birime iletildi", "happenedCode": "ROUTED", "isAwaited": False, "isOver": False,
    }  # fmt: skip
    everything = b"".join(body for _headers, body in sink.got).decode()
    for hidden in ("Çukur", "Gizli", another.reference, "Murat", "Fen", mine.tracking_code):
        assert hidden not in everything
    for headers, body in sink.got:
        assert Webhook(secret).verify(body, headers) == json.loads(body)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body.replace(b"complaint", b"complaimt"), headers)
    assert webhooks.carry() == 0  # nothing is told twice
    assert len(sink.got) == 1


def test_a_portal_is_told_when_the_citizen_is_asked_and_not_when_the_house_passes_it_on(
    house: Cast, sink: Sink
) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    mine = make_complaint("Çukur", by=endpoint.client.account, applicant=make_citizen(email="i@example.org"))
    route(mine, house.fen, house.secretary)
    webhooks.carry()
    sink.got.clear()
    route(mine, house.park, house.secretary)
    with system():
        cases.comment(refetch(mine), by=house.secretary, body="İç not")
    assert webhooks.carry() == 0  # the citizen reads the same
    with system():
        cases.accept(refetch(mine), by=house.secretary)
        cases.message(refetch(mine), by=house.secretary, body="Hangi sokak?", means="EMAIL")
        cases.put_on_hold(refetch(mine), by=house.secretary, for_="CITIZEN")
    assert webhooks.carry() == 1
    [asked] = told(sink)
    assert (asked["data"]["happened"], asked["data"]["isAwaited"]) == ("Belediye size yazdı", True)
    with system():
        cases.resume(refetch(mine), by=house.secretary)
        cases.withdraw(refetch(mine), by=house.secretary)
    assert webhooks.carry() == 2
    types = {one["type"] for one in told(sink)[1:]}
    assert types == {"complaint.changed", "complaint.ended"}
    assert [one["data"]["isOver"] for one in told(sink)[1:]] == [True, True]  # what stands now


@pytest.mark.usefixtures("held_messages")
def test_a_reply_is_answered_once_it_has_left_and_one_that_was_taken_back_never_was(
    house: Cast, sink: Sink
) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    case = make_complaint(
        to=house.fen, accepted_by=house.fen_clerk, applicant=make_citizen(), by=endpoint.client.account
    )
    say(case, "draft", by=house.fen_clerk, body="Lamba değiştirildi.")
    say(case, "submit", by=house.fen_clerk)
    webhooks.carry()
    sink.got.clear()
    say(case, "approve_and_send", by=house.secretary, means="EMAIL")
    webhooks.carry()
    say(case, "recall", by=house.secretary)
    webhooks.carry()
    assert told(sink) == []
    say(case, "send", by=house.secretary, means="EMAIL")
    webhooks.carry()
    notice = reply_of(case)
    recalling.reply_left(notice=notice.pk)
    webhooks.carry()
    assert told(sink) == [], "it has not left"
    leave(case)
    for _again in range(2):
        recalling.reply_left(notice=notice.pk)
        webhooks.carry()
    [one] = told(sink)
    assert (one["type"], one["data"]["statusCode"]) == ("complaint.answered", "REPLIED")


@pytest.mark.usefixtures("held_messages")
def test_a_message_is_reported_once_it_has_left_and_one_that_was_taken_back_never_was(
    house: Cast, sink: Sink
) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    case = make_complaint(applicant=make_citizen(email="a@example.org"), by=endpoint.client.account)
    webhooks.carry()
    sink.got.clear()
    say(case, "message", by=house.secretary, body="Hangi sokak?", means="EMAIL")
    webhooks.carry()
    say(case, "take_back", by=house.secretary)
    webhooks.carry()
    say(case, "message", by=house.secretary, body="Hangi cadde?", means="EMAIL")
    webhooks.carry()
    assert told(sink) == [], "nothing has left"
    for _again in range(2):
        leave_message(case)
        webhooks.carry()
    [one] = told(sink)
    assert (one["type"], one["data"]["happenedCode"]) == ("complaint.changed", "MESSAGED")


def test_a_worker_that_stood_still_too_long_tells_whom_it_told_nothing(house: Cast, sink: Sink) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    place = parse_cursor(endpoint.place)
    assert place
    mine = make_complaint("Çukur", by=endpoint.client.account)

    def away(days: int) -> None:
        long_ago = int((timezone.now() - dt.timedelta(days=days)).timestamp())
        with system():
            WebhookEndpoint.objects.update(place=str(replace(place, at=long_ago)))

    away(6)  # a holiday
    assert webhooks.carry() == 1
    assert told(sink)[0]["data"]["reference"] == mine.reference
    away(8)
    assert webhooks.carry() == 0
    with system():
        endpoint.refresh_from_db()
        mail = Message.objects.get(purpose="webhook_missed")
    assert endpoint.missed_since
    assert endpoint.missed_until
    assert mail.address == "portal@example.org"
    assert "bildirilemedi" in mail.body
    assert "from=ozelkalem" not in mail.subject + mail.body
    page = signed_in(house.administrator).get(f"/admin/portals/webhookendpoint/{endpoint.key}/change/")
    assert "arasında olanlar bildirilmedi" in page.content.decode()


def test_a_client_that_reads_is_told_of_what_its_account_sees(house: Cast, sink: Sink) -> None:
    """The account works in Halkla İlişkiler: of a case that is routed away it hears no more."""
    make_endpoint(house, sink.url, scopes=("READ",), account=house.portal)
    case = make_complaint(to=house.relations, by=house.secretary)
    hidden = make_complaint(to=house.fen, by=house.secretary)
    webhooks.carry()
    assert {one["data"]["reference"] for one in told(sink)} == {case.reference}
    assert told(sink)[-1]["data"] == {
        "reference": case.reference, "status": "ASSIGNED", "happened": "ROUTED", "isOver": False,
    }  # fmt: skip
    sink.got.clear()
    route(case, house.fen, house.secretary)
    route(hidden, house.park, house.secretary)
    webhooks.carry()
    assert sink.got == []


def test_what_may_not_be_told_any_more_is_withheld_when_it_is_sent(house: Cast, sink: Sink) -> None:
    endpoint, _secret = make_endpoint(house, sink.url, scopes=("READ",), account=house.portal)
    case = make_complaint(to=house.relations, by=house.secretary)
    sink.status = 500
    webhooks.carry()
    route(case, house.fen, house.secretary)
    sink.got.clear()
    sink.status = 204
    with system():
        WebhookDelivery.objects.update(next_at=timezone.now())
    webhooks.carry()
    assert sink.got == []
    with system():
        assert set(endpoint.deliveries.values_list("status", flat=True)) == {DeliveryStatus.WITHHELD}


# -- again, off, replayed ------------------------------------------------------------------------------------
def test_what_is_not_taken_is_sent_again_later_and_then_given_up(house: Cast, sink: Sink) -> None:
    endpoint, secret = make_endpoint(house, sink.url)
    sink.status = 500
    with system():
        delivery = actions.send_test(endpoint, by=house.administrator)
    waits = []
    for attempt in range(1, 11):
        assert webhooks.send_due() == 0
        with system():
            delivery.refresh_from_db()
            assert delivery.attempts == attempt
            if delivery.next_at:
                last = delivery.tries.latest("pk")
                waits.append(round((delivery.next_at - last.at).total_seconds()))
                assert not WebhookDelivery.objects.due().exists()
                WebhookDelivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now())
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert (delivery.status, len(sink.got)) == (DeliveryStatus.FAILED, 10)
    assert len({headers["webhook-id"] for headers, _body in sink.got}) == 1
    assert len({body for _headers, body in sink.got}) == 1
    sink.status = 200
    with system():
        assert actions.replay_failed(endpoint, by=None, since=timezone.now() - dt.timedelta(days=1)) == 1
    assert webhooks.send_due() == 1
    headers, body = sink.got[-1]
    assert Webhook(secret).verify(body, headers)
    with system():
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.DELIVERED
        last = delivery.tries.latest("pk")
        assert (last.status, len(last.text.encode()) <= 1026) == (200, True)
        assert last.text.startswith("Teşekkürler")
        actions.replay(delivery, by=house.administrator)  # also what was delivered
    assert webhooks.send_due() == 1


def test_a_long_backlog_and_a_secret_that_cannot_be_opened_keep_nobody_waiting(
    house: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_OF_TURN", 2)
    busy, _secret = make_endpoint(house, f"{sink.url}&busy")
    other = make_user("portal.ikinci", "İkinci", "Portal", is_staff=False)
    patient, _secret = make_endpoint(house, f"{sink.url}&patient", account=other)
    third = make_user("portal.ucuncu", "Üçüncü", "Portal", is_staff=False)
    broken, _secret = make_endpoint(house, f"{sink.url}&broken", account=third)
    with system():
        WebhookEndpoint.objects.filter(pk=broken.pk).update(secret=b"sealed under another key")
        unsent = actions.send_test(broken, by=None)
        for endpoint in (busy, busy, busy, busy, patient):
            actions.send_test(endpoint, by=None)
    assert webhooks.send_due() == 5
    whose = [path.rpartition("&")[2] for path in sink.paths]
    assert whose == ["busy", "busy", "patient", "busy", "busy"]
    with system():
        unsent.refresh_from_db()
        broken.refresh_from_db()
        assert (unsent.attempts, unsent.status) == (1, DeliveryStatus.WAITING)
        assert unsent.tries.get().fault == "OURS"
        assert broken.failing_since is None  # it is no fault of the other side


def test_an_endpoint_that_fails_for_days_is_switched_off_and_its_contact_is_told(
    house: Cast, sink: Sink
) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    sink.status = 500
    with system():
        actions.send_test(endpoint, by=None)
    webhooks.send_due()
    with system():
        WebhookEndpoint.objects.update(failing_since=timezone.now() - dt.timedelta(days=6))
        WebhookDelivery.objects.update(next_at=timezone.now())
    webhooks.send_due()
    with system():
        endpoint.refresh_from_db()
        assert endpoint.off_because == SwitchedOff.FAILING
        mail = Message.objects.get(purpose="webhook_off")
        assert mail.address == "portal@example.org"
        assert "hiçbir deneme başarılı olmadı" in mail.body
        assert "from=ozelkalem" not in mail.subject + mail.body
        assert AuditLog.objects.filter(verb="webhook_off").exists()
        with pytest.raises(DomainError) as refused:
            actions.send_test(endpoint, by=None)
        assert refused.value.code == ErrorCode.WRONG_STATE
        actions.switch_on(endpoint, by=house.administrator)
        WebhookDelivery.objects.update(next_at=timezone.now())
    sink.status = 204
    assert webhooks.send_due() == 1
    with system():
        endpoint.refresh_from_db()
        assert endpoint.failing_since is None


def test_gone_is_believed_at_once(house: Cast, sink: Sink) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    sink.status = 410
    with system():
        actions.send_test(endpoint, by=None)
    webhooks.send_due()
    with system():
        endpoint.refresh_from_db()
    assert endpoint.off_because == SwitchedOff.GONE


def test_a_secret_is_changed_over_with_both_signatures(house: Cast, sink: Sink) -> None:
    endpoint, former = make_endpoint(house, sink.url)
    with system():
        newer = actions.rotate_webhook_secret(endpoint, by=None, overlap_days=1)
        actions.send_test(endpoint, by=None)
    webhooks.send_due()
    headers, body = sink.got[-1]
    for secret in (former, newer):
        assert Webhook(secret).verify(body, headers)
    with system():
        endpoint.refresh_from_db()
        last = actions.rotate_webhook_secret(endpoint, by=None, overlap_days=0)
        actions.send_test(endpoint, by=None)
    webhooks.send_due()
    headers, body = sink.got[-1]
    assert Webhook(last).verify(body, headers)
    for secret in (former, newer):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers)


def test_what_dies_while_sending_is_sent_again_and_two_never_send_one(house: Cast, sink: Sink) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    with system():
        actions.send_test(endpoint, by=None)
    assert webhooks._next(set()) is not None  # claimed by somebody who dies now
    assert webhooks._next(set()) is None
    with system():
        WebhookDelivery.objects.update(next_at=timezone.now())
    assert webhooks.send_due() == 1


def test_old_deliveries_are_forgotten_with_their_attempts(house: Cast, sink: Sink) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    with system():
        actions.send_test(endpoint, by=None)
    webhooks.send_due()
    with system():
        actions.send_test(endpoint, by=None)
        WebhookDelivery.objects.update(created_at=timezone.now() - dt.timedelta(days=91))
        assert actions.forget(timezone.now() - dt.timedelta(days=90)) == 1  # what waits stays
        assert WebhookAttempt.objects.count() == 0


# -- where it may go -----------------------------------------------------------------------------------------
FORBIDDEN = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",  # noqa: S104
    "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
    "100::1", "x", "",
]  # fmt: skip
OPEN = ["8.8.8.8", "193.140.0.1", "2a00:1450:4017:80c::200e"]


@pytest.mark.parametrize("address", FORBIDDEN)
@override_settings(WEBHOOK_LOOPBACK=False)
def test_an_address_that_is_not_public_is_not_reached(address: str) -> None:
    assert not may_be_reached(address)


@pytest.mark.parametrize("address", OPEN)
@override_settings(WEBHOOK_LOOPBACK=False)
def test_a_public_address_is_reached(address: str) -> None:
    assert may_be_reached(address)


@pytest.mark.parametrize(
    "url",
    ["", "portal.example", "http://portal.example/", "ftp://portal.example/", "https://", "https:///x", "https://a:b@portal.example/",
     "https://portal.example/#x", "https://portal.example:99999/", "https://[::1", "https://portal.example/ x",
     "https://portal.example/ş", "https://portal.example/" + "x" * 500, "javascript:alert(1)", "file:///etc/passwd"],
)  # fmt: skip
@override_settings(WEBHOOK_LOOPBACK=False)
def test_an_address_that_is_none_is_refused_with_its_field(url: str) -> None:
    with pytest.raises(DomainError) as refused:
        target_of(url)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "url")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "portal.localhost", "intranet", "yazici.local", "db.internal", "10.0.0.5",
     "192.168.1.1", "169.254.169.254", "100.64.0.1", "2130706433", "0x7f000001", "127.1", "[::1]",
     "[::ffff:10.0.0.1]", "[fd00::1]", "0"],
)  # fmt: skip
@override_settings(WEBHOOK_LOOPBACK=False)
def test_an_address_of_our_own_networks_is_refused_when_it_is_entered(cast: Cast, host: str) -> None:
    """And not days later, when nothing arrived."""
    with pytest.raises(DomainError) as refused:
        make_endpoint(cast, f"https://{host}/x")
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "url")
    with translation.override("tr"):
        assert "genel adını yazınız" in str(refused.value.message)
    endpoint, _secret = make_endpoint(cast, "https://portal.example/x", account=cast.portal)
    with system(), pytest.raises(DomainError):
        actions.change_endpoint(endpoint, by=None, url=f"https://{host}/x")


@override_settings(WEBHOOK_LOOPBACK=False)
def test_a_public_number_and_a_name_are_taken() -> None:
    for host in ("8.8.8.8", "portal.example", "[2606:4700::1111]"):
        require_public(target_of(f"https://{host}/x"))


def test_a_resolver_that_does_not_answer_costs_no_more_than_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for an attempt holds for asking the name too."""
    end, answers = threading.Event(), list[bool]()
    monkeypatch.setattr("backend.portals.webhooks.sending.SECONDS", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: answers.append(end.wait(60)))
    assert post(target_of("https://portal.example/"), b"{}", {}).fault == "TIMEOUT"
    assert answers == []  # it was not waited for
    end.set()


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A resolver that changes its answer; what was connected to afterwards."""
    waiting, reached = list(answers), []

    def resolve(host: str, port: int, **_more: Any) -> list[Any]:
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    def connect(address: tuple[str, int], *_more: Any, **_named: Any) -> socket.socket:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    return reached


@override_settings(WEBHOOK_LOOPBACK=False)
def test_a_name_that_answers_differently_the_second_time_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = answering(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    target = target_of("https://portal.example/")
    assert post(target, b"{}", {}).fault == "NO_CONNECTION"
    assert reached == ["8.8.8.8"]  # what was judged is what is connected to
    assert post(target, b"{}", {}).fault == "FORBIDDEN_ADDRESS"
    assert reached == ["8.8.8.8"]


@override_settings(WEBHOOK_LOOPBACK=False)
def test_one_address_of_many_that_is_ours_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = answering(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    assert post(target_of("https://portal.example/"), b"{}", {}).fault == "FORBIDDEN_ADDRESS"
    assert reached == []


def test_a_name_in_numbers_is_looked_up_like_any_other() -> None:
    with override_settings(WEBHOOK_LOOPBACK=False):
        for host in ("2130706433", "0x7f000001", "017700000001", "127.1", "localhost", "[::ffff:127.0.0.1]"):
            answer = post(target_of(f"https://{host}/"), b"{}", {})
            assert answer.fault == "FORBIDDEN_ADDRESS", host


def test_a_redirect_is_an_answer_and_is_not_followed(sink: Sink) -> None:
    other = Sink()
    sink.status, sink.location = 307, other.url
    answer = post(target_of(sink.url), b"{}", {})
    assert (answer.status, answer.is_done) == (307, False)
    assert (len(sink.got), other.got) == (1, [])
    other.shutdown()
    other.server_close()


def test_a_server_that_dribbles_costs_its_time_and_no_more(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.portals.webhooks.sending.SECONDS", 1)
    sink.status, sink.dribble = 200, True
    assert post(target_of(sink.url), b"{}", {}).status == 200
    assert 0 < sink.dribbled < 50  # of 300, five a second
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = target_of(f"http://127.0.0.1:{mute.getsockname()[1]}/")
        assert post(silent, b"{}", {}).fault == "TIMEOUT"


def test_looking_up_what_nobody_knows_is_no_fault_of_ours() -> None:
    assert post(target_of("https://gibtesnicht.invalid/"), b"{}", {}).fault == "FORBIDDEN_ADDRESS"


def test_a_server_that_ends_its_handshake_late_and_then_drips_is_cut_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The one cut comes while the handshake is under way: nothing that is read afterwards may go on for ever."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    debian.certify(tmp_path)
    server.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    sent: list[int] = []
    connect, trusting = socket.create_connection, ssl._create_unverified_context

    def slowly(*given: Any, **named: Any) -> socket.socket:
        time.sleep(0.5)
        return connect(*given, **named)

    monkeypatch.setattr("backend.portals.webhooks.sending.SECONDS", 1)
    monkeypatch.setattr(socket, "create_connection", slowly)
    monkeypatch.setattr(ssl, "create_default_context", trusting)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            plain, _address = listening.accept()
            with suppress(OSError):
                time.sleep(0.7)  # a moment after the end, and within the time of the handshake itself
                with server.wrap_socket(plain, server_side=True) as talking:
                    for each in b"HTTP/1.1 200 OK\r\n":
                        sent.append(talking.send(bytes([each])))
                        time.sleep(0.3)

        threading.Thread(target=drip, daemon=True).start()
        answer = post(target_of(f"https://127.0.0.1:{listening.getsockname()[1]}/"), b"{}", {})
    assert answer.fault == "TIMEOUT"
    assert sum(sent) < len(b"HTTP/1.1 200 OK\r\n")  # it was cut


# -- much at once ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scopes", [("SUBMIT", "FOLLOW"), ("READ",)])
def test_a_batch_costs_as_many_statements_as_one_change(
    house: Cast, sink: Sink, scopes: tuple[str, ...]
) -> None:
    account = house.portal if scopes == ("READ",) else None
    endpoint, _secret = make_endpoint(house, sink.url, scopes, account)
    counts = []
    for number in (2, 20):
        for _each in range(number):
            make_complaint(by=endpoint.client.account, to=house.relations)
        with CaptureQueriesContext(connection) as queries:
            assert webhooks.gather(endpoint) is False
        counts.append(len(queries))
        with system():
            assert WebhookDelivery.objects.count() >= number
    assert counts[0] == counts[1]


def test_a_long_backlog_is_gathered_in_rounds_and_nothing_is_lost(
    house: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its time used up a round takes one batch of each endpoint, sends, and leaves the rest to the next."""
    monkeypatch.setattr(webhooks, "GATHERING", dt.timedelta(0))
    monkeypatch.setattr(change_feed, "MOST", 3)
    endpoint, _secret = make_endpoint(house, sink.url, ("READ",), house.portal)
    for _each in range(4):
        make_complaint(to=house.relations)  # two lines each
    delivered = [webhooks.carry() for _round in range(4)]
    assert max(delivered) <= 3
    with system():
        assert sum(delivered) == WebhookDelivery.objects.filter(endpoint=endpoint).count() == 8


def test_an_import_is_told_once(house: Cast, sink: Sink) -> None:
    """A client with the office's sight: of an import one message a batch, of a few cases one each."""
    account = make_user("program.ozelkalem", "Özel Kalem", "Programı", is_staff=False)
    with system():
        grants.give(account, WORK, house.office, by=None)
    endpoint, _secret = make_endpoint(house, sink.url, ("READ",), account)
    header = "Başvuru No;Başvuru Tarihi;Konu;Ad;Soyad\r\n"
    moment = timezone.localtime().strftime("%d.%m.%Y %H:%M")

    def bring(count: int, mark: str) -> None:
        lines = (f"{mark}-{number};{moment};Konu {number};Ayşe;Işık\r\n" for number in range(count))
        with system():
            report = importing.import_file(io.BytesIO((header + "".join(lines)).encode()), by=house.secretary)
        assert report.written

    bring(40, "A")
    assert webhooks.carry() == 1
    (message,) = told(sink)
    assert (message["type"], message["data"]["count"]) == ("complaint.imported", 40)
    with system():
        assert message["data"]["reference"] == str(Complaint.objects.order_by("year", "number").first())
    bring(3, "B")
    assert webhooks.carry() == 3
    assert {one["type"] for one in told(sink)[1:]} == {"complaint.changed"}
    with system():
        actions.change_endpoint(endpoint, by=None, events=["complaint.changed"])
    bring(40, "C")
    assert webhooks.carry() == 0
