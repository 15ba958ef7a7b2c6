"""Log lines are JSON and hold nothing personal."""

import json
import logging
import socket
import sys

import pytest
from django.test import Client
from gunicorn.config import Config
from gunicorn.http.errors import InvalidRequestLine

from backend import web_worker
from backend.core.operation.logs import JsonFormatter


def line(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = json.loads(JsonFormatter().format(record))
    return found


def record(message: object, *values: object, exc_info: object = None) -> logging.LogRecord:
    return logging.LogRecord("x", logging.WARNING, "x.py", 1, message, values, exc_info)


def test_a_plain_record_shows_its_template_and_no_value() -> None:
    assert line(record("Login of %s failed", "ayse.yilmaz"))["event"] == "Login of %s failed"


def test_numbers_are_filled_into_a_template_so_that_an_event_can_be_read() -> None:
    shown = line(record("Worker (pid:%s) of %s exited with code %d", 4711, "ayse", 3))
    assert shown["event"] == "Worker (pid:4711) of %s exited with code 3"


def test_of_a_structured_record_only_named_keys_are_written() -> None:
    shown = line(
        record({"event": "request_finished", "code": 200, "ip": "10.1.2.3", "phone": "+905550000000"})
    )
    assert shown["event"] == "request_finished"
    assert shown["code"] == 200
    assert not {"ip", "phone"} & set(shown)


def test_a_line_about_fetching_names_the_mailbox_the_mail_and_the_fault() -> None:
    about = {"mailbox_id": "0b9f6a3e", "uid": 7, "fault": "KEEPING"}
    assert line(record({"event": "mail_not_stored", **about})).items() >= about.items()


def test_an_exception_shows_its_kind_and_place_but_not_its_words() -> None:
    try:
        raise ValueError("Ayşe Yılmaz")
    except ValueError:
        shown = line(record("broken", exc_info=sys.exc_info()))
    assert shown["error"] == "ValueError"
    assert "Ayşe" not in json.dumps(shown, ensure_ascii=False)


def test_gunicorn_s_lines_are_whole_and_say_nothing_of_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    log = web_worker.Log(Config())
    log.info("Listening at: %s (%s)", "http://127.0.0.1:8000", 12)
    log.warning("Worker (pid:%s) was sent %s!", 4711, "SIGSEGV")
    log.error("Connection in use: %s", "('127.0.0.1', 8000)")
    log.critical("WORKER TIMEOUT (pid:%s)", 4711)
    asked = web_worker.Worker.__new__(web_worker.Worker)
    asked.log, asked.cfg = log, Config()
    ours, client = socket.socketpair()
    with ours, client:
        asked.handle_error(None, ours, ("203.0.113.9", 5), InvalidRequestLine("GET /takip/?q=Ayse"))
        assert client.recv(20).startswith(b"HTTP/1.1 400")
    written = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [(each["level"], each["event"]) for each in written] == [
        ("INFO", "Listening at: http://127.0.0.1:8000 (12)"),
        ("WARNING", "Worker (pid:4711) was sent SIGSEGV!"),
        ("ERROR", "Connection in use: ('127.0.0.1', 8000)"),
        ("CRITICAL", "WORKER TIMEOUT (pid:4711)"),
        ("WARNING", "Invalid request"),
    ]


@pytest.mark.django_db
def test_a_request_is_logged_without_address_and_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Client().get("/takip/?q=Ayse", headers={"user-agent": "Gizli/1.0"}, REMOTE_ADDR="203.0.113.9")
    lines = [JsonFormatter().format(each) for each in caplog.records]
    assert any('"request_finished"' in each for each in lines)
    assert not any(word in each for each in lines for word in ("Ayse", "203.0.113.9", "Gizli"))
