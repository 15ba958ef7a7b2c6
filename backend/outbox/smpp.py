"""Text messages over SMPP 3.4: one session of the worker, bound as transceiver, for what leaves and what comes in.

`SMS_GATEWAY_URL` is `smpps://system_id@host:port` (TLS; `smpp://` without, for a private line to the operator), and
`SMS_GATEWAY_TOKEN` the password. A long text is sent in parts with a user data header; `?payload=1` in the address has
it sent whole as `message_payload`, for centres that ask for that. The session is opened by the first message or by the
job of the minute, answers and sends `enquire_link`, and is opened anew after any fault. SMPP knows no key against
sending twice: a message whose answer was lost with the line, or does not come within minutes, is sent again.
"""

from __future__ import annotations

import atexit
import itertools
import logging
import secrets
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.db import close_old_connections
from smpplib import client, consts, exceptions, smpp

from backend.configuration.office import configured
from backend.outbox import sms_parts
from backend.outbox.short_texts import MOST_REFERENCES, Encoded, Parts, encoded, receipt_in, word_of
from backend.outbox.sms import TryAgain, Undeliverable

log = logging.getLogger("outbox")
ANSWER_SECONDS, IDLE_SECONDS, SILENT_SECONDS, JOIN_SECONDS = 20, 30, 120, 10
"""How long an answer is waited for; the silence after which the line is asked, and closed; the wait for the reader."""
FINAL = frozenset({0x01, 0x0A, 0x0B, 0x33, 0x40, 0x50, 0x51, 0x61, 0x62})
"""Statuses (command_status) that say that this message will never be taken: length, addresses, their types, times."""
TEMPORARY, PERMANENT = 0x64, 0x65
"""ESME_RX_T_APPN, ESME_RX_P_APPN: not now, send it again; never."""
REPEAT_SECONDS, MOST_LEAVING = 300, 1000
"""How long a late answer is hoped for before a text is sent again: a slow centre would have it at each attempt."""
UNKNOWN_SECONDS, MOST_UNKNOWN = 120, 1000
"""How long a receipt is asked for again whose message may not be written yet: some centres hold all else back."""
DELIVER, ANSWER, UNKNOWN_COMMAND, LONGEST_PDU = 0x05, 0x80000000, 0x03, 256 * 1024
# Below, the library writes the password, numbers and texts.
logging.getLogger("smpp").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Arrived:
    """A text that came over the session. `to`: the number to which it was sent."""

    id: str
    sender: str
    to: str
    text: str


ARRIVED: list[Callable[[Arrived], bool]] = []
"""Who keeps what comes in: False where no one knows the number."""
REPORTED: list[Callable[[str, str, str], bool]] = []
"""Who notes a receipt (the centre's name of the message, its state, the fault): False for an unknown message."""


NAME = "smpp"  # as messages keep who reports of them


@dataclass
class _Leaving:
    """A text on its way, over all attempts: its parts, the centre's names of those that it took (`sms_parts` has them
    for other processes), and who waits for the answer to the next one since when."""

    key: str
    reference: int
    parts: list[Encoded]
    names: list[str] = field(default_factory=list)
    asked: SimpleQueue[Any] | None = None
    asked_at: float = 0.0


class SmppGateway:
    """The port over the session of this process."""

    @property
    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    def send(self, *, key: str, to: str, text: str) -> str:
        if not self.is_configured:
            raise Undeliverable("no SMS gateway configured")
        return session().send(key, to, text)

    @property
    def gateway(self) -> str:
        return NAME

    def parts(self, text: str) -> int:
        return len(encoded(text))  # without a Turkish table: what GSM has not goes as UCS-2

    def keep_up(self) -> None:
        """Open the session if it is not: what comes in comes by it."""
        if self.is_configured:
            for late in _parts.late():
                _settle(late)
            session()


_lock = threading.Lock()
_open: list[Session] = []
_parts = Parts()
"""Of this process: its parts may come by several sessions."""
_leaving: dict[str, _Leaving] = {}
_unknown: dict[str, float] = {}
"""Names in receipts of no message that we have, and since when."""


def session() -> Session:
    """The session of this process, opened anew where it ended. TryAgain."""
    with _lock:
        if _open and _open[0].is_up:
            return _open[0]
        _end()
        _open.append(Session(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN))
        return _open[0]


def close() -> None:
    """End the session of this process, if there is one, and keep what came of texts whose parts are not all here."""
    with _lock:
        _end()
    _leaving.clear()
    for arrived in _parts.rest():
        _settle(arrived)


atexit.register(close)


def _end() -> None:
    for one in _open:
        one.end()
        one.join()
    _open.clear()


def _keep(whole: tuple[str, str, str, str]) -> bool:
    """Keep a text; False where no one knows the number. Until one of both is sure it stays with its parts."""
    is_ours = any(keep(Arrived(*whole)) for keep in ARRIVED)
    _parts.settled(whole[0])
    return is_ours


def _settle(whole: tuple[str, str, str, str]) -> None:
    """Keep what came of a text; where that fails it is tried again later."""
    try:
        close_old_connections()
        _keep(whole)
    except Exception as error:
        log.exception({"event": "smpp_message_not_kept", "reason": type(error).__name__})
    finally:
        close_old_connections()


def _is_new(name: str) -> bool:
    """Whether a name of no message that we have is heard for so short a time that the message may come yet."""
    now = time.monotonic()
    if now - _unknown.setdefault(name, now) > UNKNOWN_SECONDS:
        del _unknown[name]
        return False
    if len(_unknown) > MOST_UNKNOWN:
        del _unknown[next(iter(_unknown))]
    return True


class _Numbers:
    """Numbers of PDUs, for several threads."""

    sequence = 0

    def __init__(self) -> None:
        self._next = itertools.cycle(range(1, 0x7FFFFFFF))

    def next_sequence(self) -> int:
        return next(self._next)


HEAD = struct.Struct(">LLLL")
"""Length, command, status and number of a PDU."""


class _Client(client.Client):
    """Writes one PDU at a time: the reader answers while others send."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.writing = threading.Lock()
        self.heard_at = time.monotonic()
        self._raw = b""

    def send_pdu(self, pdu: Any) -> Any:
        with self.writing:
            return super().send_pdu(pdu)

    def read_pdu(self) -> Any:
        """Read the next one that can be read. What cannot is refused for good: the centre would send it at each bind
        again, and nothing behind it would come."""
        while True:
            self._raw = b""
            try:
                pdu = super().read_pdu()
            except (exceptions.ConnectionError, OSError):
                raise
            except Exception as error:
                self._refuse(type(error).__name__)
            else:
                self.heard_at = time.monotonic()
                return pdu

    def _recv_exact(self, exact_size: int) -> bytes:
        """Read so many octets. The end of the line is also a silence inside of a PDU, whose first half would be lost,
        and a length that none has."""
        if not 0 <= exact_size <= LONGEST_PDU:
            raise exceptions.ConnectionError
        content = bytearray()
        while len(content) < exact_size:
            try:
                part = self._socket.recv(exact_size - len(content))
            except TimeoutError:
                if self._raw or content:
                    raise exceptions.ConnectionError from None
                raise
            except (OSError, AttributeError):  # closed by another thread
                raise exceptions.ConnectionError from None
            if not part:
                raise exceptions.ConnectionError
            content += part
        self._raw += content
        return bytes(content)

    def _refuse(self, reason: str) -> None:
        if len(self._raw) < HEAD.size:
            raise exceptions.ConnectionError
        _length, command, _status, sequence = HEAD.unpack_from(self._raw)
        log.error({"event": "smpp_unreadable", "command": hex(command), "reason": reason})
        if command & ANSWER:
            return
        if command == DELIVER:
            answer = HEAD.pack(HEAD.size + 1, ANSWER | DELIVER, PERMANENT, sequence) + b"\0"
        else:
            answer = HEAD.pack(HEAD.size, ANSWER, UNKNOWN_COMMAND, sequence)
        with self.writing:
            self._socket.sendall(answer)


class Session:
    """A bound connection with a thread that reads it."""

    def __init__(self, url: str, password: str) -> None:
        parts = urlsplit(url)
        is_tls = parts.scheme == "smpps"
        host, port = parts.hostname or "", parts.port or (3550 if is_tls else 2775)
        self._has_payload = parse_qs(parts.query).get("payload") == ["1"]
        context = _Named(host) if is_tls else None
        self._client = _Client(
            host,
            port,
            timeout=ANSWER_SECONDS,
            ssl_context=context,
            sequence_generator=_Numbers(),
            allow_unknown_opt_params=True,
            logger_name="smpp",
        )
        self._waiting: dict[int, tuple[SimpleQueue[Any], str, sms_parts.Taken]] = {}
        self.is_up = False
        try:
            self._client.connect()
            self._client.bind_transceiver(system_id=unquote(parts.username or ""), password=password)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError, UnicodeError) as error:
            self._client.disconnect()
            raise TryAgain(f"SMPP not bound ({type(error).__name__})") from None
        self._client._socket.settimeout(IDLE_SECONDS)
        self._client.set_message_sent_handler(self._answered)
        self._client.set_message_received_handler(self._received)
        self._client.set_error_pdu_handler(self._answered)
        self.is_up = True
        self._reader = threading.Thread(target=self._read, name="smpp", daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Close the line; the reader ends with it."""
        self.is_up = False
        if (line := self._client._socket) is not None:
            with suppress(OSError):  # wakes the reader, which closing does not
                line.shutdown(socket.SHUT_RDWR)
        self._client.disconnect()

    def join(self) -> None:
        """Wait until what the reader has in hand is kept."""
        if threading.current_thread() is not self._reader:
            self._reader.join(JOIN_SECONDS)

    # -- what leaves ----------------------------------------------------------------------------------------------
    def send(self, key: str, to: str, text: str) -> str:
        """Send a text, in parts if it is long; the centre's name of the last one. The receipt of each is asked for.
        What the centre took at an attempt before, of this process or another, is not sent again."""
        if (leaving := _leaving.get(key)) is None:
            leaving = self._begin(key, text)
            while len(_leaving) >= MOST_LEAVING:
                _leaving.pop(next(iter(_leaving)), None)
            _leaving[key] = leaving
        try:
            while len(leaving.names) < len(leaving.parts):
                leaving.names.append(self._submit(to, leaving))
        except Undeliverable:
            _leaving.pop(key, None)
            raise
        _leaving.pop(key, None)
        return leaving.names[-1]

    def _begin(self, key: str, text: str) -> _Leaving:
        """A text with what another process sent of it."""
        taken = sms_parts.known(key)
        reference = taken[0].reference if taken else secrets.randbelow(MOST_REFERENCES)
        is_whole = self._has_payload and not (taken and taken[0].total > 1)
        try:
            parts = encoded(text, whole=is_whole, reference=reference)
        except ValueError as error:
            raise Undeliverable(str(error)) from None
        names = [part.name for part in taken if part.total == len(parts)]
        return _Leaving(key, reference, parts, names)

    def _submit(self, to: str, leaving: _Leaving) -> str:
        """Send the next part, if it is not sent yet, and wait for its answer."""
        if leaving.asked is None:
            self._write(to, leaving)
        asked = leaving.asked or SimpleQueue()
        try:
            answered = asked.get(timeout=ANSWER_SECONDS)
        except Empty:
            if time.monotonic() - leaving.asked_at > REPEAT_SECONDS:
                leaving.asked = None
            raise TryAgain("SMPP did not answer") from None
        leaving.asked = None
        if answered is None:
            raise TryAgain("SMPP line ended")
        if answered.status:
            raise (Undeliverable if answered.status in FINAL else TryAgain)(
                f"SMPP answered {answered.status:#x}"
            )
        return word_of(answered.message_id)

    def _write(self, to: str, leaving: _Leaving) -> None:
        number = len(leaving.names) + 1
        part, total = leaving.parts[number - 1], len(leaving.parts)
        content = {"message_payload": part.content} if self._has_payload else {"short_message": part.content}
        sender = configured.SMS_SENDER
        answer: SimpleQueue[Any] = SimpleQueue()
        pdu = smpp.make_pdu(
            "submit_sm",
            client=self._client,
            source_addr_ton=consts.SMPP_TON_INTL if sender.isdecimal() else consts.SMPP_TON_ALNUM,
            source_addr_npi=consts.SMPP_NPI_ISDN if sender.isdecimal() else consts.SMPP_NPI_UNK,
            source_addr=sender,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=to.lstrip("+"),
            esm_class=part.esm_class,
            data_coding=part.data_coding,
            registered_delivery=1,
            **content,
        )
        try:
            taken = sms_parts.Taken(number, total, leaving.reference, "")
            self._waiting[pdu.sequence] = answer, leaving.key, taken
            self._client.send_pdu(pdu)
        except UnicodeError:
            self._waiting.pop(pdu.sequence, None)
            raise Undeliverable("the sender's name has letters that SMPP does not carry") from None
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            self._waiting.pop(pdu.sequence, None)
            self.end()
            raise TryAgain(f"SMPP line ended ({type(error).__name__})") from None
        leaving.asked, leaving.asked_at = answer, time.monotonic()

    # -- what comes in --------------------------------------------------------------------------------------------
    def _read(self) -> None:
        try:
            while self.is_up:
                self._client.read_once()
                for late in _parts.late():
                    _settle(late)
                if time.monotonic() - self._client.heard_at > SILENT_SECONDS:
                    break
        except Exception as error:
            if self.is_up:
                log.warning({"event": "smpp_line_ended", "reason": type(error).__name__})
        finally:
            self.end()
            for answer, _key, _part in list(self._waiting.values()):
                answer.put(None)

    def _answered(self, pdu: Any) -> None:
        """Write down what the centre took before who sends hears of it: both may end at any moment."""
        if (waiting := self._waiting.pop(pdu.sequence, None)) is None:
            return
        answer, key, part = waiting
        try:
            if not pdu.status:
                close_old_connections()
                sms_parts.remember(key, replace(part, name=word_of(pdu.message_id)))
        except Exception as error:
            log.exception({"event": "smpp_part_not_kept", "reason": type(error).__name__})
        finally:
            answer.put(pdu)
            close_old_connections()

    def _received(self, pdu: Any) -> int:
        """Keep a message, or note a receipt; the centre sends again what we could not keep now."""
        try:
            close_old_connections()
            content = bytes(getattr(pdu, "message_payload", None) or pdu.short_message or b"")
            if receipt := receipt_in(pdu, content):
                if any(note(*receipt) for note in REPORTED):
                    _unknown.pop(receipt[0], None)
                elif _is_new(receipt[0]):
                    return TEMPORARY
                else:
                    log.warning({"event": "smpp_receipt_of_unknown"})
                return consts.SMPP_ESME_ROK
            whole = _parts.take(pdu, content)
            return consts.SMPP_ESME_ROK if whole is None or _keep(whole) else PERMANENT
        except Exception as error:
            log.exception({"event": "smpp_message_not_kept", "reason": type(error).__name__})
            return TEMPORARY
        finally:
            close_old_connections()


class _Named:
    """Wraps a socket with the name of the server, which the library leaves out."""

    def __init__(self, host: str) -> None:
        self._context, self._host = ssl.create_default_context(), host

    def wrap_socket(self, plain: Any) -> ssl.SSLSocket:
        return self._context.wrap_socket(plain, server_hostname=self._host)
