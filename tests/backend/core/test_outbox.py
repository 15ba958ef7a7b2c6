"""The outbox: written with the act or not at all, sent once by a real worker, and never for ever."""

from __future__ import annotations

import email
import json
import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Barrier, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as configured
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from pytest_django.fixtures import Settings

from backend.complaints.choices import DeliveryMethod
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.outbox import actions, jobs
from backend.outbox import mail as mail_of
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain, Undeliverable
from tests.backend.server.test_job_worker import rescued
from tests.backend.stories import petition, replied
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_complaint, refetch


class Sink:
    """A mail server that keeps what it gets, or answers as told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        """Of the envelopes: where each would be returned to."""
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(email.message_from_bytes(content, policy=policy.default))
            self.senders.append(str(envelope.mail_from))
        return self.answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


def post(**fields: Any) -> Message:
    given = {
        "channel": "EMAIL",
        "address": "ayse@example.org",
        "subject": "Konu",
        "body": "Metin\n",
        "purpose": "test",
    }
    with system():
        return actions.post(**(given | fields))


def work() -> None:
    """What `manage.py worker` does, until nothing is left to do."""
    worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(worker) as running:
        running.run_worker(queues=["outbox"], wait=False, install_signal_handlers=False, listen_notify=False)
    connections.close_all()


def tracking_url() -> str:
    return f"{configured.PUBLIC_URL}/basvuru/takip/"


def test_a_mails_words_are_text_in_its_html_too() -> None:
    message = Message(
        subject="<b>Konu</b>",
        body="<script>alert(1)</script>\n\nBaktık: https://ornek.example/a?b=1&c=2\nSon.",
    )
    page = mail_of.html_of(message)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert '<a href="https://ornek.example/a?b=1&amp;c=2">' in page
    assert "<br>\nSon." in page


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'outbox.deliver'"
        )
        return int(cursor.fetchone()[0])


def test_a_reply_reaches_the_citizen_through_worker_and_server_and_only_once(
    committed_db: CommittedDatabase, sink: Sink
) -> None:
    cast = make_cast()
    complaint = replied(
        petition(to=cast.fen, accepted_by=cast.fen_clerk), cast, body="Çukur kapatıldı. Iğdır'a ğüşıöç."
    )
    work()
    work()
    (mail,) = sink.mails
    with system():
        message = Message.objects.get()
    assert mail["Message-ID"] == mail_of.message_id_of(message) == f"<{message.pk}@sancaktepe.example>"
    assert mail["To"] == message.address
    assert mail["Subject"] == f"{complaint.reference} sayılı başvurunuz hakkında"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert mail["Reply-To"] == "ozelkalem@sancaktepe.example", "an address that is read"
    assert "Çukur kapatıldı. Iğdır'a ğüşıöç." in text
    assert complaint.tracking_code in text
    assert "Çukur kapatıldı. Iğdır&#x27;a ğüşıöç." in html
    assert f'<a href="{tracking_url()}' in html
    assert (message.status, message.attempts, message.last_error) == (Message.Status.SENT, 1, "")
    assert message.sent_at is not None


def test_two_workers_at_once_send_one_mail(committed_db: CommittedDatabase, sink: Sink) -> None:
    message = post()
    barrier = Barrier(6)

    def run(_index: int) -> None:
        barrier.wait(30)
        try:
            jobs.deliver(message_id=str(message.pk))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))
    assert len(sink.mails) == 1
    assert refetch(message).attempts == 1


def test_what_is_rolled_back_is_never_sent(committed_db: CommittedDatabase, sink: Sink) -> None:
    def act() -> None:
        with transaction.atomic():
            post()
            raise LookupError

    with pytest.raises(LookupError):
        act()
    assert waiting_jobs() == 0
    work()
    assert sink.mails == []


def test_a_fault_of_the_moment_is_tried_again_and_then_succeeds(
    committed_db: CommittedDatabase, sink: Sink
) -> None:
    message = post()
    sink.answer = "451 come back later"
    work()
    after = refetch(message)
    assert (after.status, after.attempts, after.last_error) == (
        Message.Status.WAITING,
        1,
        "server answered 451 (451)",
    )
    assert waiting_jobs() == 1  # scheduled for later by the retry
    sink.answer = "250 OK"
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.SENT
    assert len(sink.mails) == 1


def test_a_refusal_for_good_fails_at_once_and_names_no_address(cast: Cast, sink: Sink) -> None:
    message = post()
    sink.answer = "550 no such user ayse@example.org"
    jobs.deliver(message_id=str(message.pk))
    after = refetch(message)
    assert (after.status, after.last_error) == (Message.Status.FAILED, "server answered 550 (550)")


def test_a_fault_of_the_program_is_counted_too_and_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: Message) -> None:
        raise KeyError("x")

    monkeypatch.setattr(jobs, "_send_mail", broken)
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 2)
    message = post()
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(message.pk))
    jobs.deliver(message_id=str(message.pk))
    after = refetch(message)
    assert (after.status, after.attempts) == (Message.Status.FAILED, 2)
    assert after.last_error == "fault of the program (KeyError)"


def test_after_the_last_attempt_it_has_failed_and_can_be_sent_again_by_hand(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 2)
    message = post()
    sink.answer = "451 later"
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(message.pk))
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.FAILED
    sink.answer = "250 OK"
    jobs.deliver(message_id=str(message.pk))
    assert sink.mails == []
    with system():
        actions.post_again(refetch(message))
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.SENT
    with pytest.raises(DomainError) as found, system():
        actions.post_again(refetch(message))
    assert found.value.code is ErrorCode.WRONG_STATE


def test_a_server_that_is_not_there_is_a_fault_of_the_moment(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = post()
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(message.pk))
    assert refetch(message).last_error == "mail server not reached (ConnectionRefusedError)"


def test_a_rejected_password_of_ours_does_not_condemn_the_message(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, fail_silently: bool = False) -> int:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    message = post()
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.WAITING


def test_a_subject_with_a_line_end_cannot_add_a_header(cast: Cast, sink: Sink) -> None:
    message = post(subject="Konu\nBcc: baskasi@example.org")
    jobs.deliver(message_id=str(message.pk))
    (mail,) = sink.mails
    assert (mail["Subject"], mail["Bcc"]) == ("Konu Bcc: baskasi@example.org", None)
    assert refetch(message).status == Message.Status.SENT


def test_the_queue_holds_a_key_and_nothing_personal(cast: Cast) -> None:
    message = post(address="ayse.isik@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'outbox.deliver'")
        rows = cursor.fetchall()
    assert json.loads(rows[-1][0]) == {"message_id": str(message.pk)}


def test_a_department_never_reads_the_outbox(cast: Cast) -> None:
    make_complaint(to=cast.fen, receipt=True)
    with as_viewer(cast.fen_head):
        assert not Message.objects.exists()


@contextmanager
def gateway(status: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append(
                body | {"key": self.headers["Idempotency-Key"], "bearer": self.headers["Authorization"]}
            )
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send", got
    server.shutdown()
    server.server_close()


def test_an_sms_leaves_through_the_gateway_with_the_messages_key(cast: Cast, settings: Settings) -> None:
    settings.SMS_GATEWAY_TOKEN = "secret"
    with gateway(202) as (url, got):
        settings.SMS_GATEWAY_URL = url
        message = post(channel="SMS", address="+905321112233", body="Başvurunuz cevaplandı.")
        jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.SENT
    key = str(message.pk)
    assert got == [
        {
            "id": key,
            "to": "+905321112233",
            "text": "Başvurunuz cevaplandı.",
            "sender": settings.SMS_SENDER,
            "key": key,
            "bearer": "Bearer secret",
        }
    ]


@pytest.mark.parametrize(("status", "fails"), [(400, True), (403, True), (429, False), (503, False)])
def test_the_gateways_answer_says_whether_it_is_for_good(
    status: int, fails: bool, cast: Cast, settings: Settings
) -> None:
    with gateway(status) as (url, _got):
        settings.SMS_GATEWAY_URL = url
        message = post(channel="SMS", address="+905321112233")
        if fails:
            jobs.deliver(message_id=str(message.pk))
        else:
            with pytest.raises(TryAgain):
                jobs.deliver(message_id=str(message.pk))
    after = refetch(message)
    assert after.status == (Message.Status.FAILED if fails else Message.Status.WAITING)
    assert after.last_error == f"gateway answered {status}"


def test_without_a_gateway_an_sms_fails_clearly(cast: Cast) -> None:
    message = post(channel="SMS", address="+905321112233")
    jobs.deliver(message_id=str(message.pk))
    after = refetch(message)
    assert (after.status, after.last_error) == (Message.Status.FAILED, "no SMS gateway configured")


class OwnPort:
    """Somebody's own way of sending."""

    is_configured, gateway = True, "own"

    def send(self, *, key: str, to: str, text: str) -> None:
        raise Undeliverable("number is not in use")


def test_the_way_of_sending_is_chosen_by_a_setting(cast: Cast, settings: Settings) -> None:
    settings.SMS_PORT = "tests.backend.core.test_outbox.OwnPort"
    complaint = petition(to=cast.fen, accepted_by=cast.fen_clerk)
    replied(complaint, cast, means=DeliveryMethod.SMS)
    with system():
        message = Message.objects.get()
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).last_error == "number is not in use"


def test_everything_that_wakes_up_by_itself_is_known_to_the_worker(settings: Settings) -> None:
    from backend import jobs as all_jobs
    from permissions import jobs as those_that_know_who_sees

    assert [all_jobs.__name__, those_that_know_who_sees.__name__] == settings.PROCRASTINATE_IMPORT_PATHS
    assert "outbox.deliver" in app.tasks
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic == {
        "complaints.check_figures",
        "complaints.keep_figures",
        "agreements.warn",
        "appointments.lapse_proposals",
        "appointments.remind",
        "appointments.remind_promises",
        "appointments.report_undelivered",
        "calendars.remind",
        "complaints.clear_imports",
        "complaints.escalate",
        "complaints.keep_clocks",
        "complaints.lapse_fees",
        "places.clear_imports",
        "complaints.locate",
        "complaints.release",
        "complaints.report_undelivered",
        "complaints.publish_numbers",
        "map.keep_cells",
        "map.publish_cells",
        "complaints.weekly_report",
        "documents.remove_orphans",
        "documents.scan_waiting",
        "events.every_morning",
        "drafts.remove_old",
        "presence.forget",
        "telephone.forget",
        "triage.learn",
        "triage.propose",
        "triage.score",
        "reminders.remove_old",
        "reminders.tell",
        "exports.clear_exports",
        "routing.clear_trials",
        "instructions.warn",
        "invitations.lapse",
        "journal.delete_change_events",
        "mailboxes.fetch_all",
        "mailboxes.report_undelivered",
        "news.forget_mailings",
        "notifications.deliver",
        "notifications.remove_old",
        "portals.add_up_use",
        "portals.forget_answers",
        "portals.forget_use",
        "programme.chase_notes",
        "programme.release_holds",
        "remove_old_jobs",
        "retention.warn",
        "outbox.forget_parts",
        "outbox.keep_up",
        "outbox.take_up",
        "submissions.erase",
        "submissions.inform",
        "submissions.warn",
        "webhooks.carry",
        "directory.refresh",
        "webhooks.forget",
    }
    assert periodic <= set(app.tasks)
    assert all_jobs.KEEP_HOURS > 24


def test_a_job_whose_worker_died_is_done_by_the_next(committed_db: CommittedDatabase, sink: Sink) -> None:
    post()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'outbox.deliver'")
    work()
    assert sink.mails == []
    rescued()
    work()
    assert len(sink.mails) == 1
