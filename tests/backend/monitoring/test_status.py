"""Each fault has its line: a state, a sentence and what to do, in Turkish; what cannot be seen here is said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone, translation
from freezegun import freeze_time

from backend.core.localtime import local_date
from backend.core.operation import backup
from backend.core.session import system
from backend.monitoring import status
from backend.monitoring.judging import FEED_AHEAD, State
from backend.monitoring.measuring import measure
from backend.monitoring.status import StatusLine, status_lines, whole_state
from backend.portals.webhooks.models import WebhookEndpoint
from tests.backend.monitoring import waiting
from tests.cast import Cast
from tests.databases import ROOT


def lines() -> dict[str, StatusLine]:
    with translation.override("tr"):
        return {line.check: line for line in status_lines(measure())}


def certificate(folder: Path, days: int) -> Path:
    """A certificate that ends in so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ornek.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{days}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def failing(cast: Cast) -> None:
    endpoint = waiting.delivery(cast, "Uygulama", 0)
    with system():
        since = timezone.now() - dt.timedelta(days=2, hours=1)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=since)


TOLD: dict[str, tuple[Callable[[Cast], object], str, State, str, str]] = {
    "no worker": (lambda _cast: None, "worker", State.FAILED, "hiç başlatılmadı", "restart ozelkalem-worker"),
    "a silent worker": (
        lambda _cast: waiting.heartbeat(7200),
        "worker",
        State.FAILED,
        "2 saat",
        "journalctl",
    ),
    "a worker": (lambda _cast: waiting.heartbeat(), "worker", State.GOOD, "Çalışıyor", ""),
    "a late job": (lambda _cast: waiting.job("x", 3600), "jobs", State.FAILED, "1 iş bekliyor", "hizmet"),
    "mail": (lambda _cast: waiting.message(3600), "mail", State.FAILED, "1 ileti bekliyor", "127.0.0.1:"),
    "given up": (
        lambda _cast: waiting.message(60, status="FAILED"),
        *("mail", State.ATTENTION, "teslim edilemedi", "127.0.0.1:"),
    ),
    "webhooks": (failing, "webhooks", State.ATTENTION, "2 gün süredir", "yetkilisine"),
    "no webhooks": (lambda _cast: None, "webhooks", State.NOT_SET_UP, "yok", ""),
    "no sms": (lambda _cast: None, "sms", State.NOT_SET_UP, "kurulu değil", "OZELKALEM_SMS_GATEWAY_URL"),
    "no stream": (lambda _cast: None, "stream", State.ATTENTION, "Çalışmıyor", "restart ozelkalem-stream"),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_line_says_how_it_stands_and_what_to_do(cast: Cast, case: str) -> None:
    make, check, state, sentence, remedy = TOLD[case]
    make(cast)
    line = lines()[check]
    assert line.state is state
    assert sentence in line.sentence
    assert remedy in line.remedy
    assert bool(line.remedy) == (state is State.FAILED or bool(remedy))


@pytest.mark.parametrize(
    ("days", "state", "told"),
    [
        (0, State.ATTENTION, "hazır haftalık bölüm yok"),
        (6, State.ATTENTION, "eskiler silinmiyor"),
        (7, State.GOOD, "gününe kadar hazır."),
    ],
)
def test_the_weeks_of_the_change_feed_are_told_with_the_threshold_of_their_alert(
    cast: Cast, days: int, state: State, told: str
) -> None:
    measured = dataclasses.replace(measure(), happenings_ahead=dt.timedelta(days=days))
    with translation.override("tr"):
        [line] = [one for one in status_lines(measured) if one.check == "change_feed"]
    assert (line.state, told in line.sentence.lower()) == (state, True)
    assert ("journal.delete_change_events" in line.remedy) == (state is State.ATTENTION)
    if days:
        assert f"{local_date(timezone.now() + dt.timedelta(days=days)):%d.%m.%Y}" in line.sentence
    rule = (ROOT / "deploy/monitoring/alerts.yml").read_text("utf-8")
    assert f"ozelkalem_happenings_ahead_seconds < {FEED_AHEAD.days} * 86400" in rule


def test_that_no_standby_is_set_up_is_said(cast: Cast) -> None:
    line = lines()["standby"]
    assert (line.state, "ana sunucu" in line.sentence) == (State.NOT_SET_UP, True)
    assert "DATABASE_READ_URL" in line.remedy


def test_nothing_of_a_message_or_a_case_stands_in_a_line(cast: Cast) -> None:
    waiting.message(3600)
    text = " ".join(f"{line.title} {line.sentence} {line.remedy}" for line in lines().values())
    assert "ayse" not in text
    assert "Gizli" not in text


@pytest.mark.parametrize(
    ("days", "state", "told"),
    [
        (90, State.GOOD, "90 gün kaldı"),
        (20, State.ATTENTION, "20 gün kaldı"),
        (3, State.FAILED, "3 gün kaldı"),
        (-2, State.FAILED, "doldu"),
    ],
)
def test_a_certificate_has_its_days(
    cast: Cast, settings: Any, tmp_path: Path, days: int, state: State, told: str
) -> None:
    settings.CERTIFICATES = [str(certificate(tmp_path, days))]
    line = lines()["certificates"]
    assert (line.state, told in line.sentence) == (state, True)
    assert ("reload nginx" in line.remedy) == (state is not State.GOOD)


def test_a_certificate_that_cannot_be_read_is_a_fault(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.CERTIFICATES = ["127.0.0.1:1"]
    assert lines()["certificates"].state is State.FAILED
    (tmp_path / "x.pem").write_text("nothing")
    settings.CERTIFICATES = [str(tmp_path / "x.pem")]
    assert lines()["certificates"].state is State.FAILED


def test_backup_and_its_proof_are_known_by_their_marks(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.BACKUP_HOURS = tmp_path, 26
    before = lines()
    assert (before["backup"].state, before["restore"].state) == (State.FAILED, State.ATTENTION)
    for mark in (backup.LAST_BACKUP, backup.LAST_FILES, backup.LAST_RESTORE):
        (tmp_path / mark).touch()
    after = lines()
    assert (after["backup"].state, after["restore"].state) == (State.GOOD, State.GOOD)
    assert f"{timezone.localtime():%d.%m.%Y}" in after["backup"].sentence


@pytest.mark.parametrize(
    ("at", "state", "told"),
    [
        ("2031-11-10T09:00:00+03:00", State.GOOD, "2032 yılının tatilleri doğrulandı"),
        ("2032-03-10T09:00:00+03:00", State.GOOD, "ilan edilene kadar tahminîdir"),
        ("2032-11-10T09:00:00+03:00", State.ATTENTION, "2033 yılının dinî bayramları hâlâ tahminî"),
    ],
)
def test_the_holidays_of_the_next_year_are_asked_for_in_autumn(
    cast: Cast, at: str, state: State, told: str
) -> None:
    """The library knows the announced days until 2032, and estimates those after."""
    with freeze_time(at):
        line = lines()["holidays"]
    assert (line.state, told in line.sentence) == (state, True)


def test_the_scanner_is_told_as_it_says_of_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (lines()["scanner"].state, "Kurulu değil" in lines()["scanner"].sentence) == (
        State.NOT_SET_UP,
        True,
    )
    for version, state in (("", State.FAILED), ("ClamAV 1.4", State.GOOD)):
        here = SimpleNamespace(is_configured=True, version=version, waiting=2, infected=0)
        monkeypatch.setattr(status, "scanner_status", lambda here=here: here)
        assert lines()["scanner"].state is state
        assert "2 dosya" in lines()["scanner"].sentence or version in lines()["scanner"].sentence


def test_the_whole_is_as_bad_as_its_worst_part_that_is_set_up() -> None:
    def whole(*states: State) -> State:
        return whole_state([StatusLine("x", "x", state, "x") for state in states])

    assert whole(State.GOOD, State.NOT_SET_UP) is State.GOOD
    assert whole(State.GOOD, State.ATTENTION) is State.ATTENTION
    assert whole(State.ATTENTION, State.FAILED, State.GOOD) is State.FAILED


def test_the_release_that_runs_is_named(cast: Cast) -> None:
    assert "PostgreSQL" in lines()["version"].sentence
    assert "bilinmiyor" not in lines()["version"].sentence


def test_days_are_written_as_the_reader_writes_them(cast: Cast, settings: Any, tmp_path: Path) -> None:
    """The day of the release in ISO 8601, for both."""
    settings.VAR_DIR, settings.CERTIFICATES = tmp_path, [str(certificate(tmp_path, 90))]
    for mark in (backup.LAST_BACKUP, backup.LAST_FILES, backup.LAST_RESTORE):
        (tmp_path / mark).touch()
    for language, dotted in (("en", 0), ("tr", 3)):
        with translation.override(language):
            told = " ".join(line.sentence for line in status_lines(measure()))
        assert len(re.findall(r"\b\d\d\.\d\d\.20\d\d", told)) == dotted, told
