"""SMS over SMPP against a double of a message centre: what leaves, what comes in, receipts, and lines that end."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest_django.fixtures import Settings

from backend.outbox import jobs, short_texts, smpp, sms_parts
from backend.outbox.short_texts import GSM_7, UCS_2, UDHI, encoded, text_of
from backend.outbox.sms import TryAgain, Undeliverable, sms_port
from backend.outbox.sms_parts import Taken
from tests.backend.outbox.smsc_double import SUBMIT_RESP, Centre

PHONE = "+905321112233"
LONG = "Sayın Işıl İnce, başvurunuz Fen İşleri Müdürlüğüne iletilmiştir. " * 4


class Memory:
    """What was written down of parts (`test_parts.py` has the table)."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[int, Taken]] = defaultdict(dict)

    def known(self, key: str) -> list[Taken]:
        return [self.taken[key][number] for number in sorted(self.taken[key])]

    def remember(self, key: str, part: Taken) -> None:
        self.taken[key][part.number] = part


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    made = Memory()
    monkeypatch.setattr(sms_parts, "known", made.known)
    monkeypatch.setattr(sms_parts, "remember", made.remember)
    return made


@pytest.fixture
def centre(settings: Settings, db: None, memory: Memory) -> Iterator[Centre]:
    double = Centre()
    settings.SMS_PORT = "backend.outbox.smpp.SmppGateway"
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = double.url, "parola"
    yield double
    smpp.close()
    double.close()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[smpp.Arrived]:
    found: list[smpp.Arrived] = []

    def keep(arrived: smpp.Arrived) -> bool:
        if arrived.text == "kötü":
            raise RuntimeError
        found.append(arrived)
        return arrived.to == "3050"

    monkeypatch.setattr(smpp, "ARRIVED", [keep])
    return found


_sent = 0


def send(text: str = "Merhaba") -> str | None:
    """Send a message of its own; the same one again after a fault."""
    global _sent
    name = sms_port().send(key=str(_sent), to=PHONE, text=text)
    _sent += 1
    return name


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_text_leaves_and_its_receipt_is_asked_for(centre: Centre) -> None:
    assert send("Merhaba [5]") == "M1"
    (row,) = centre.submitted
    assert (row.source, row.destination, row.registered, row.data_coding) == ("BELEDIYE", PHONE[1:], 1, 0)
    assert row.content == b"Merhaba \x1b<5\x1b>"
    assert send("Işık") == "M2"
    assert (centre.submitted[1].data_coding, centre.submitted[1].content) == (8, "Işık".encode("utf-16-be"))
    assert centre.binds == 1


def test_a_long_text_leaves_in_parts_or_whole_where_that_is_asked(centre: Centre, settings: Settings) -> None:
    assert send(LONG) == f"M{len(centre.submitted)}"
    assert len(centre.submitted) == 4
    heads = [row.content[:6] for row in centre.submitted]
    assert [(head[:3], head[4], head[5]) for head in heads] == [(b"\x05\x00\x03", 4, n) for n in (1, 2, 3, 4)]
    assert len({head[3] for head in heads}) == 1
    assert {row.esm_class for row in centre.submitted} == {UDHI}
    assert {row.registered for row in centre.submitted} == {1}  # each may be lost
    assert b"".join(row.content[6:] for row in centre.submitted).decode("utf-16-be") == LONG
    smpp.close()
    settings.SMS_GATEWAY_URL += "?payload=1"
    send(LONG)
    row = centre.submitted[-1]
    assert (row.content, row.payload.decode("utf-16-be")) == (b"", LONG)


@pytest.mark.parametrize(
    ("status", "error"), [(0x0B, Undeliverable), (0x58, TryAgain), (0x14, TryAgain), (0x08, TryAgain)]
)
def test_a_refusal_is_final_or_passes(centre: Centre, status: int, error: type[Exception]) -> None:
    centre.statuses = [status]
    with pytest.raises(error):
        send()
    assert send() == "M1"
    assert centre.binds == 1


def test_a_wrong_password_and_no_centre_are_tried_again(centre: Centre, settings: Settings) -> None:
    settings.SMS_GATEWAY_TOKEN = "yanlış"
    with pytest.raises(TryAgain):
        send()
    jobs.keep_up()  # says so in the log, and no more
    centre.close()
    settings.SMS_GATEWAY_TOKEN = "parola"
    with pytest.raises(TryAgain):
        send()


def test_a_line_that_ended_is_opened_anew(centre: Centre) -> None:
    send()
    centre.cut()
    until(lambda: not smpp._open[0].is_up)
    assert send() == "M2"
    assert centre.binds == 2


def test_who_waits_for_an_answer_hears_that_the_line_ended(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 0.3)
    centre.is_mute = True
    with pytest.raises(TryAgain, match="did not answer"):
        send()


def test_a_late_answer_settles_the_message(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 0.3)
    centre.is_mute = True
    for _attempt in range(2):
        with pytest.raises(TryAgain, match="did not answer"):
            send()
    centre.is_mute = False
    (sequence,) = smpp._open[0]._waiting  # asked once
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 20)
    centre._write(centre._lines[-1], SUBMIT_RESP, sequence, b"M9\0")
    assert send() == "M9"
    assert len(centre.submitted) == 1
    assert send() == "M2"


def test_without_an_answer_it_is_sent_again_minutes_later(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(smpp, "REPEAT_SECONDS", 0.1)
    centre.is_mute = True
    with pytest.raises(TryAgain, match="did not answer"):
        send()
    centre.is_mute = False
    monkeypatch.setattr(smpp, "ANSWER_SECONDS", 20)
    assert send() == "M2"


def test_parts_that_were_taken_are_not_sent_again(centre: Centre) -> None:
    centre.statuses = [0, 0, 0x58]
    with pytest.raises(TryAgain):
        send(LONG)
    assert send(LONG) == "M4"
    assert [row.content[5] for row in centre.submitted] == [1, 2, 3, 3, 4]
    assert len({row.content[3] for row in centre.submitted}) == 1


def test_the_line_is_kept_and_each_asks_the_other(
    centre: Centre, heard: list[smpp.Arrived], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp, "IDLE_SECONDS", 0.2)
    jobs.keep_up()
    until(lambda: centre.enquiries > 1)
    centre.enquire()
    until(lambda: not centre.answers.empty())
    monkeypatch.setattr(smpp, "SILENT_SECONDS", 0.5)
    centre.is_mute = True
    until(lambda: not smpp._open[0].is_up)
    centre.is_mute = False
    jobs.keep_up()
    assert centre.binds == 2


def test_what_comes_in_is_kept_before_it_is_answered(centre: Centre, heard: list[smpp.Arrived]) -> None:
    jobs.keep_up()
    assert centre.deliver("905321112233", "3050", "İyi günler".encode("utf-16-be"), coding=8) == 0
    assert centre.deliver("905321112233", "3050", b"Ret \x1be") == 0
    assert [(row.sender, row.to, row.text) for row in heard] == [
        ("905321112233", "3050", "İyi günler"),
        ("905321112233", "3050", "Ret €"),
    ]
    assert centre.deliver("905321112233", "9999", b"Merhaba") == smpp.PERMANENT
    assert centre.deliver("905321112233", "3050", "kötü".encode("utf-16-be"), coding=8) == smpp.TEMPORARY
    payload = b"\x04\x24" + len(b"Uzun").to_bytes(2, "big") + b"Uzun"
    assert centre.deliver("905321112233", "3050", b"", options=payload) == 0
    assert heard[-1].text == "Uzun"


@pytest.mark.parametrize(
    ("content", "coding", "esm_class", "words"),
    [
        (b"\x1bIPTAL \x1bg\x1bi\x1bs\x1bc \x1bG\x1bS \x1be", 0, 0, "İPTAL ğışç ĞŞ €"),
        (b"\x03\x24\x01\x01\x1bIPTAL", 0, UDHI, "İPTAL"),
        (b"\x03\x25\x01\x01\x40PTAL \x0c\x07\x1d\x60 \x0b\x1c \x04 \x09", 0, UDHI, "İPTAL ğışç ĞŞ € Ç"),
        ("İptal".encode("utf-16-be"), 0x18, 0, "İptal"),
        (b"$5 @", 1, 0, "$5 @"),
    ],
)
def test_turkish_is_read_however_it_is_written(
    centre: Centre, heard: list[smpp.Arrived], content: bytes, coding: int, esm_class: int, words: str
) -> None:
    jobs.keep_up()
    assert centre.deliver("905321112233", "3050", content, coding=coding, esm_class=esm_class) == 0
    assert [row.text for row in heard] == [words]


def test_parts_are_one_message_in_their_order(
    centre: Centre, heard: list[smpp.Arrived], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp, "IDLE_SECONDS", 0.2)
    jobs.keep_up()
    parts = encoded(LONG, reference=1)
    for part in reversed(parts):
        assert centre.deliver("905321112233", "3050", part.content, coding=UCS_2, esm_class=UDHI) == 0
    assert [row.text for row in heard] == [LONG]
    monkeypatch.setattr(short_texts, "KEPT_SECONDS", 0.1)
    centre.deliver("905321112244", "3050", parts[0].content, coding=UCS_2, esm_class=UDHI)
    until(lambda: len(heard) == 2)  # the others do not come: what came is kept
    assert LONG.startswith(heard[1].text)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, heard: list[smpp.Arrived]) -> list[bool]:
    """The database is away while there is something in it."""
    away, keep = [True], smpp.ARRIVED[0]

    def kept(arrived: smpp.Arrived) -> bool:
        if away:
            raise RuntimeError
        return keep(arrived)

    monkeypatch.setattr(smpp, "ARRIVED", [kept])
    return away


def test_a_long_text_outlives_a_database_that_is_away(
    centre: Centre, heard: list[smpp.Arrived], broken: list[bool]
) -> None:
    jobs.keep_up()
    *first, last = encoded(LONG, reference=2)
    for part in first:
        assert centre.deliver("905321112233", "3050", part.content, coding=UCS_2, esm_class=UDHI) == 0
    again = {"coding": UCS_2, "esm_class": UDHI}
    assert centre.deliver("905321112233", "3050", last.content, **again) == smpp.TEMPORARY
    broken.clear()
    assert centre.deliver("905321112233", "3050", last.content, **again) == 0
    assert centre.deliver("905321112233", "3050", last.content, **again) == 0  # our answer was lost
    assert [row.text for row in heard] == [LONG]
    assert smpp._parts.rest() == []


def test_parts_outlive_their_line_and_the_end_of_the_process(
    centre: Centre, heard: list[smpp.Arrived], broken: list[bool]
) -> None:
    jobs.keep_up()
    first, second, *_others = encoded(LONG, reference=3)
    assert centre.deliver("905321112233", "3050", first.content, coding=UCS_2, esm_class=UDHI) == 0
    centre.cut()
    until(lambda: not smpp._open[0].is_up)
    jobs.keep_up()
    assert centre.deliver("905321112233", "3050", second.content, coding=UCS_2, esm_class=UDHI) == 0
    smpp.close()
    assert heard == []
    broken.clear()
    smpp.close()
    assert [LONG.startswith(row.text) for row in heard] == [True]
    assert not any(thread.name == "smpp" for thread in threading.enumerate())


def test_what_cannot_be_read_is_refused_and_the_line_goes_on(
    centre: Centre, heard: list[smpp.Arrived]
) -> None:
    jobs.keep_up()
    line = centre._lines[-1]
    centre._write(line, 0x0B, 7, b"merkez\0\0")  # outbind, which the library does not know
    assert centre.deliver("905321112233", "3050", b"", options=b"\x02\x0c\0\x01a") == smpp.PERMANENT
    assert centre.deliver("905321112233", "3050", b"Merhaba") == 0
    assert (centre.binds, [row.text for row in heard]) == (1, ["Merhaba"])


def test_half_a_pdu_ends_the_line(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "IDLE_SECONDS", 0.2)
    jobs.keep_up()
    centre._lines[-1].sendall(b"\0\0\0\x20\0")
    until(lambda: not smpp._open[0].is_up)


def test_the_library_logs_no_texts() -> None:
    assert not logging.getLogger("smpp").isEnabledFor(logging.INFO)


def test_a_receipt_comes_to_the_message(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[tuple[str, str, str]] = []

    def note(name: str, state: str, fault: str) -> bool:
        found.append((name, state, fault))
        return name == "M1"

    monkeypatch.setattr(smpp, "REPORTED", [note])
    jobs.keep_up()
    assert centre.receipt("M1") == 0
    assert centre.receipt("M1", "UNDELIV", "027") == 0
    assert centre.receipt("M2") == smpp.TEMPORARY  # its message may not be written yet
    monkeypatch.setattr(smpp, "UNKNOWN_SECONDS", 0)
    assert centre.receipt("M2") == 0  # it is of no message of ours
    named = b"\x00\x1e\x00\x03M1\x00" + b"\x04\x27\x00\x01\x05"
    assert centre.deliver("905321112233", "BELEDIYE", b"", esm_class=4, options=named) == 0
    assert found == [("M1", "DELIVRD", "000"), ("M1", "UNDELIV", "027"), ("M2", "DELIVRD", "000"),
                     ("M2", "DELIVRD", "000"), ("M1", "UNDELIV", "")]  # fmt: skip


@given(some.text(min_size=0, max_size=700))
def test_every_text_survives_its_alphabet(text: str) -> None:
    parts = encoded(text)
    coding = parts[0].data_coding
    chunks = [part.content[6:] if part.esm_class else part.content for part in parts]
    readable = text.encode("utf-16-be", "replace").decode("utf-16-be")
    assert "".join(text_of(chunk, coding) for chunk in chunks) == (text if coding == GSM_7 else readable)
    assert all(len(part.content) <= (160 if coding == GSM_7 else 140) for part in parts)
