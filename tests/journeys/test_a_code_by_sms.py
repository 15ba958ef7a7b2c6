"""The citizen's code by SMS, through the worker and a gateway on this machine, and what its faults lead to."""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.outbox import sms
from backend.outbox.models import CODE_LIVES, Message
from schema.core.nodes import global_id
from tests.backend.core.test_outbox import work
from tests.cast import Cast, make_cast, signed_in
from tests.databases import CommittedDatabase
from tests.days import day
from tests.factories import at, make_category, make_neighbourhood
from tests.journeys.visitor import CODE, Visitor
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices
from website import api

PHONE = {"email": "", "phone": "0532 111 22 33"}
NUMBER = "+905321112233"
VISIT = {"kind": "REQUEST", "subject": "Okul bahçesi", "behalf": "self", "party_size": "1"}


class Gateway:
    """A double of a provider's gateway: takes JSON over HTTP, and sends one SMS a key, however often it comes.

    `way`: how it answers; "slow" takes the message and answers too late, "rubbish" speaks no HTTP, "moved" leads away.
    """

    def __init__(self) -> None:
        self.way = "good"
        self.attempts: Counter[str] = Counter()
        self.sent: dict[str, tuple[str, str]] = {}
        self.closing = Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with suppress(OSError):  # it was not waited for
                    self._answer(body, self.headers["Idempotency-Key"])

            def _answer(self, body: dict[str, str], key: str) -> None:
                gateway.attempts[key] += 1
                if gateway.way == "rubbish":
                    self.wfile.write(b"\x00\xff<html>Bak\xfdm</html>\r\n\r\n")
                    return
                if gateway.way == "hangs up":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if gateway.way in ("good", "slow"):
                    gateway.sent[key] = body["to"], body["text"]
                if gateway.way == "slow":
                    gateway.closing.wait(5)
                self.send_response({"500": 500, "moved": 302, "refuses": 400}.get(gateway.way, 202))
                self.send_header("Location", f"{gateway.url}/elsewhere/")
                self.end_headers()

            def do_GET(self) -> None:
                raise AssertionError("a redirection was followed")

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def texts(self) -> list[str]:
        """What arrived on the telephone."""
        assert {to for to, _text in self.sent.values()} <= {NUMBER}
        return [text for _to, text in self.sent.values()]

    def code(self) -> str:
        found = CODE.search(self.texts[-1])
        assert found, self.texts
        return found[0]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def cast(committed_db: CommittedDatabase) -> Iterator[Cast]:
    """The cast, committed, and the site's client: the worker has connections of its own."""
    made = make_cast()
    make_notices()
    make_neighbourhood()
    make_category("kaldirim", "Kaldırım", keywords=["kaldırım"])
    api.forget()
    call_command("website_client", stdout=StringIO())
    yield made
    api.forget()


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    made = Gateway()
    settings.SMS_GATEWAY_URL = f"{made.url}/send"
    yield made
    made.close()


def asks(cast: Cast) -> Visitor:
    """A citizen with a telephone alone, before the page that asks for the code."""
    visitor = Visitor(**PHONE)
    words = visitor.walks("/randevu/", "/randevu/kod/", principal=global_id(cast.mayors), **VISIT)
    assert "0532 111 22 33 numarasına altı haneli bir kod içeren SMS gönderdik" in words
    return visitor


def later() -> None:
    """The worker comes to what it put off."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    work()


def requests() -> int:
    with system():
        return AppointmentRequest.objects.count()


def messages() -> list[tuple[str, int, str]]:
    with system():
        return list(Message.objects.order_by("created_at").values_list("status", "attempts", "last_error"))


def test_code_number_and_the_offices_answer_come_by_sms(cast: Cast, gateway: Gateway) -> None:
    visitor = asks(cast)
    assert (requests(), gateway.texts) == (0, [])
    work()
    work()
    (text,) = gateway.texts
    assert "Sancaktepe Belediyesi doğrulama kodunuz" in text
    visitor.presses("Onayla", code=gateway.code())
    assert visitor.at == "/randevu/alindi/"
    assert requests() == 1
    with system():
        request = AppointmentRequest.objects.select_related("applicant").get()
    assert request.applicant is not None
    assert request.applicant.phone.as_e164 == NUMBER
    time = {"startsAt": at(day(1), "14:00").isoformat(), "means": "SMS", "place": "Makam"}
    answer = Asking(cast.secretary).does("appointmentApprove", id=global_id(request), **time)
    assert answer["errors"] == []
    work()
    assert "14.00" in gateway.texts[-1]
    assert request.reference in visitor.my_matters()


def test_an_application_is_confirmed_by_sms(cast: Cast, gateway: Gateway) -> None:
    visitor = Visitor(**PHONE)
    answers = {"kind": "COMPLAINT", "text": "Kaldırım çökmüş.", "category": "kaldirim", "who": "NAMED"}
    words = visitor.walks("/basvuru/", "/basvuru/onay/", **answers)
    assert "Telefonunuza SMS gönderdik" in words
    work()
    visitor.presses("Onayla", code=gateway.code())
    with system():
        case = Complaint.objects.get()
    assert case.reference in visitor.words


@pytest.mark.parametrize("way", ["slow", "500", "rubbish", "hangs up", "moved"])
def test_a_fault_of_the_gateway_loses_and_doubles_nothing(way: str, cast: Cast, gateway: Gateway) -> None:
    visitor = asks(cast)
    gateway.way = way
    with pytest.MonkeyPatch.context() as patch:
        if way == "slow":
            patch.setattr(sms, "TIMEOUT", 0.5)
        work()
    ((status, attempts, error),) = messages()
    assert (status, attempts) == ("WAITING", 1)
    assert error.startswith("gateway ")
    assert NUMBER not in error
    gateway.way = "good"
    later()
    assert [row[:2] for row in messages()] == [("SENT", 2)]
    assert list(gateway.attempts.values()) == [2]  # one key, which the gateway knows again
    assert len(gateway.texts) == 1
    visitor.presses("Onayla", code=gateway.code())
    assert (visitor.at, requests()) == ("/randevu/alindi/", 1)


def test_a_number_that_is_refused_is_seen_by_the_office_and_the_citizen_goes_on(
    cast: Cast, gateway: Gateway
) -> None:
    visitor = asks(cast)
    gateway.way = "refuses"
    work()
    assert messages() == [("FAILED", 1, "gateway answered 400")]
    page = signed_in(cast.secretary).get("/admin/outbox/message/?status=FAILED").content.decode()
    assert "gateway answered 400" in page
    state = Asking(cast.administrator).data("{ systemStatus { checks { check sentence } } }")
    (line,) = [one for one in state["systemStatus"]["checks"] if one["check"] == "sms"]
    assert line["sentence"] == "Son bir günün 1 iletisi teslim edilemedi."
    visitor.presses("Numara yanlış")
    assert "Okul bahçesi" in visitor.words  # nothing of what was written is lost
    visitor.follows("Değiştir")
    visitor.person["email"] = "isil@example.org"
    visitor.walks("/randevu/iletisim/", "/randevu/kod/")
    visitor.presses("Onayla", code=visitor.code())
    assert (visitor.at, requests()) == ("/randevu/alindi/", 1)


def test_a_code_that_has_ended_wakes_nobody(cast: Cast, gateway: Gateway) -> None:
    visitor = asks(cast)
    gateway.way = "500"
    work()
    with system():
        Message.objects.update(created_at=timezone.now() - CODE_LIVES - dt.timedelta(seconds=1))
    gateway.way = "good"
    later()
    assert messages() == [("FAILED", 2, "the code ended before it could leave")]
    assert gateway.texts == []
    visitor.presses("Yeni kod")
    work()
    visitor.presses("Onayla", code=gateway.code())
    assert requests() == 1


def test_without_sms_the_site_says_what_is_possible(cast: Cast, settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = ""
    visitor = Visitor(**PHONE)
    visitor.walks("/randevu/", "/randevu/iletisim/", principal=global_id(cast.mayors), **VISIT)
    assert "SMS gönderemiyoruz: kod yalnızca e-posta adresinize gelir." in visitor.words
    assert "kodu SMS ile" not in visitor.words
    visitor.walks("/randevu/iletisim/", "Bu telefona kod gönderilemiyor")
    assert (visitor.at, requests()) == ("/randevu/iletisim/", 0)
    assert "SMS gönderemiyoruz" in visitor.opens("/islerim/")
    words = visitor.walks("/basvuru/", "/basvuru/kim/", kind="COMPLAINT", text="Kaldırım çökmüş.")
    assert "e-posta veya telefonla cevap alırım" in words
    words = visitor.walks("/basvuru/kim/", "/basvuru/iletisim/", who="NAMED")
    assert "Özel Kalem başvurunuza önce kendisi bakar ve sizi arar." in words
    with system():
        assert not Message.objects.exists()
