"""A mail as bytes, read: pure, and whatever the bytes are it raises nothing. What cannot be read is a note.

Headers are decoded here from their raw lines, never through the library's own objects: those refuse, or take minutes
over, what hostile senders write.
"""

from __future__ import annotations

import datetime as dt
import email
import re
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from inspect import signature
from pathlib import PurePosixPath

from backend.core.localtime import ISTANBUL
from backend.core.words.text import clean, line
from backend.mailboxes import markup
from backend.mailboxes.charsets import content_of, decoded, header_text, parameter, type_of
from backend.mailboxes.choices import Note
from backend.mailboxes.models import LONGEST_SUBJECT
from backend.mailboxes.quoting import quoted_from
from backend.mailboxes.recognition import bare, verdicts

MOST_PARTS, DEEPEST = 200, 20
LONGEST_TEXT, LONGEST_HEADER, MOST_ADDRESSES, MOST_REFERENCES = 100_000, 20_000, 50, 50
LONGEST_PARSED = 8_000
EARLIEST, LATEST = 1990, 2100
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]{2,}")
_ID = re.compile(r"<([^<>\s]{1,990})>")
_ENCODED_WORDS = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]*\?=(?:\s+=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]*\?=)*")
# Before Python 3.12.5 it was always lenient, and knew no such parameter (CVE-2023-27043).
_LENIENT = {"strict": False} if "strict" in signature(getaddresses).parameters else {}
_LONG = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding):(?:[^\n]*\n[ \t])*[^\n]*", re.IGNORECASE | re.MULTILINE
)
_BRACKETED = re.compile(r"<([^<>]*)>")
MOST_SERVERS = 5
_LINE_BREAK = re.compile(r"[\r\n]")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
    "message/feedback-report",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment as it came; `content_id` is how the HTML names it."""

    name: str
    content: bytes
    content_type: str
    content_id: str = ""
    is_inline: bool = False


@dataclass(slots=True)
class Parsed:
    """What was read of a mail. `authentication` is of each server that says it checked the mail, the last one first."""

    message: EmailMessage
    message_id: str = ""
    sent_at: dt.datetime | None = None
    from_address: str = ""
    from_name: str = ""
    to_addresses: list[str] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    quoted_from: int | None = None
    html: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    authentication: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)


def parsed(raw: bytes) -> Parsed:
    """Read a mail."""
    message, is_whole = _message(_LONG.sub(_cut, raw))
    mail = Parsed(message)
    if not is_whole:
        mail.note(Note.BROKEN)
    headers = _Headers(message)
    _read_headers(mail, headers)
    if is_whole:
        try:
            _Body(mail).read()
        except Exception:  # what was read of the headers stands
            mail.note(Note.BROKEN)
    else:
        mail.text, _fits = decoded(raw.partition(b"\n\n")[2] or raw.partition(b"\r\n\r\n")[2], "")
    _finish(mail)
    return mail


def _message(raw: bytes) -> tuple[EmailMessage, bool]:
    """The message, and whether its body could be read: parts nested a thousand deep overflow the library's stack."""
    for content in (raw, _head(raw)):
        try:
            return email.message_from_bytes(content, policy=policy.default), content is raw
        except Exception:  # noqa: S112 - the library refuses in many ways
            continue
    return EmailMessage(), False


def _head(raw: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0] + b"\n\n"


def _cut(match: re.Match[bytes]) -> bytes:
    """A header that the library parses, as long as an honest one is: it takes minutes over a hundred thousand words."""
    return match[0] if len(match[0]) <= LONGEST_PARSED else match[0][:LONGEST_PARSED].rpartition(b";")[0]


class _Headers:
    """The headers of a message or part, raw, each by its name in lower case."""

    def __init__(self, message: Message) -> None:
        self.all: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self.all.setdefault(str(name).lower(), []).append(str(value)[:LONGEST_HEADER])

    def raw(self, name: str) -> str:
        return self.all.get(name, [""])[0]

    def text(self, name: str) -> str:
        return header_text(self.raw(name))


def _read_headers(mail: Parsed, headers: _Headers) -> None:
    if any(
        len(headers.all.get(name, ())) > 1 for name in ("from", "subject", "date", "message-id", "reply-to")
    ):
        mail.note(Note.HEADERS_STRANGE)
    subject = headers.text("subject")
    sender = headers.raw("from")
    if _LINE_BREAK.search(subject) or _LINE_BREAK.search(header_text(sender)):
        mail.note(Note.HEADERS_STRANGE)
    mail.subject = line(subject)[:LONGEST_SUBJECT]
    senders, is_plain = _senders(sender)
    if not is_plain:
        mail.note(Note.HEADERS_STRANGE)
    if senders:
        mail.from_name, mail.from_address = senders[0]
    else:
        mail.from_name = line(header_text(sender))[:200]
        mail.note(Note.NO_FROM)
    to = [
        value for name in ("to", "cc", "delivered-to", "x-original-to") for value in headers.all.get(name, ())
    ]
    mail.to_addresses = list(dict.fromkeys(address for _name, address in _addresses(to)))[:MOST_ADDRESSES]
    mail.message_id = _one_id(headers.raw("message-id"))
    if not mail.message_id:
        mail.note(Note.NO_MESSAGE_ID)
    mail.in_reply_to = _one_id(headers.raw("in-reply-to"))
    ids = (_storable(one) for one in _ID.findall(headers.raw("references")))
    mail.references = [one for one in dict.fromkeys(ids) if one][-MOST_REFERENCES:]
    mail.sent_at = _moment(headers.raw("date"))
    if mail.sent_at is None:
        mail.note(Note.DATE_UNREADABLE)
    results = headers.all.get("authentication-results", ())[:MOST_SERVERS]
    mail.authentication = [verdicts(value, mail.from_address) for value in results]


def _senders(raw: str) -> tuple[list[tuple[str, str]], bool]:
    """(name, address) of the sender, and whether no program reads another one there.

    The address in brackets is the sender, whatever stands before it. Several addresses are read in different ways, and
    so is an address that stands in the name without quotes.
    """
    plain, is_closed = bare(_ENCODED_WORDS.sub(" ", _LINE_BREAK.sub(" ", raw)))
    named = {match[0].lower() for match in _ADDRESS.finditer(header_text(plain))}
    bracketed = _BRACKETED.findall(plain)
    found = _addresses([raw])
    if len(bracketed) == 1:
        names = dict(reversed([(address, name) for name, address in found]))
        found = [(names.get(at, ""), at) for _name, at in _addresses([f"<{bracketed[0]}>"])]
    is_plain = len(named) <= 1 and all(address in named for _name, address in found)
    return found, is_plain and is_closed and len(bracketed) < 2


def _addresses(raw: list[str]) -> list[tuple[str, str]]:
    """(name, address in lower case) of each that can be written to."""
    values = [_LINE_BREAK.sub(" ", value)[:LONGEST_HEADER] for value in raw[:MOST_ADDRESSES]]
    words: list[str] = []

    def put_away(match: re.Match[str]) -> str:  # what an encoded word says is no syntax
        words.append(match[0])
        return f"encoded{len(words) - 1}word"

    def back(text: str) -> str:
        return re.sub(r"encoded(\d{1,6})word", lambda match: _word(words, match), text)

    values = [_ENCODED_WORDS.sub(put_away, value) for value in values]
    try:
        pairs = getaddresses(values, **_LENIENT)
    except Exception:
        pairs = []
    found = _sendable([(back(name), address) for name, address in pairs[:MOST_ADDRESSES]])
    if found:
        return found
    # What the library gives up on as a whole.
    return _sendable(
        [("", match[0]) for value in values for match in _ADDRESS.finditer(value)][:MOST_ADDRESSES]
    )


def _word(words: list[str], match: re.Match[str]) -> str:
    place = int(match[1])
    return words[place] if place < len(words) else match[0]


def _sendable(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    cleaned = (
        (line(header_text(name))[:200], _storable(line(header_text(at))).lower()) for name, at in pairs
    )
    return [(name, at) for name, at in cleaned if len(at) <= 254 and _ADDRESS.fullmatch(at)]


def _one_id(raw: str) -> str:
    """The identifier with its brackets' content alone, or as it stands where it has none."""
    match = _ID.search(raw)
    return _storable(match[1] if match else "".join(raw.split())[:990])


def _storable(text: str) -> str:
    return clean(text.encode("utf-8", "replace").decode("utf-8", "replace"))


def _moment(raw: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(line(raw))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)
        return moment.astimezone(dt.UTC) if EARLIEST <= moment.year < LATEST else None
    except Exception:
        return None


class _Body:
    """The parts of a message, sorted into text, HTML and attachments."""

    def __init__(self, mail: Parsed) -> None:
        self.mail, self.texts, self.pages = mail, list[str](), list[str]()
        self.count = 0

    def read(self) -> None:
        if self.mail.message.defects:
            self.mail.note(Note.BROKEN)
        self._visit(self.mail.message)
        page = "\n".join(self.pages)
        if page:
            self.mail.html = clean(markup.cleaned(clean(page)))
            if markup.has_remote_pictures(page):
                self.mail.note(Note.PICTURES_LEFT_OUT)
        self.mail.text = "\n\n".join(text for text in self.texts if text.strip())
        if not self.mail.text and page:
            self.mail.text = markup.as_text(page)

    def _visit(self, top: Message) -> None:
        """Walk without recursion; each branch as deep as a mail honestly is."""
        waiting: list[tuple[Message, int]] = [(top, 0)]
        while waiting:
            part, depth = waiting.pop()
            self.count += 1
            if self.count > MOST_PARTS or depth > DEEPEST:
                self.mail.note(Note.TOO_MANY_PARTS)
                continue
            waiting.extend((below, depth + 1) for below in reversed(self._below(part)))

    def _below(self, part: Message) -> list[Message]:
        """The parts within a part, once the part itself was read."""
        headers = _Headers(part)
        kind = type_of(headers.raw("content-type"))
        if kind in ("multipart/signed", *_SIGNATURES):
            self.mail.note(Note.SIGNED)
        if kind == "multipart/encrypted":
            self.mail.note(Note.ENCRYPTED)
            return []
        payload = part.get_payload()
        if isinstance(payload, list):
            inner = [one for one in payload if isinstance(one, Message)]
            if kind.startswith("message/") and kind not in _REPORTS:
                self._forwarded(inner)
            return inner if kind not in _REPORTS else []
        if kind.startswith("multipart/"):  # it says so and has none
            self.mail.note(Note.BROKEN)
            kind = "text/plain"
        if kind in _SIGNATURES or kind in _REPORTS:
            return []
        self._leaf(part, headers, kind)
        return []

    def _forwarded(self, inner: list[Message]) -> None:
        self.mail.note(Note.FORWARDED)
        for one in inner:
            headers = _Headers(one)
            shown = (("From", "from"), ("Date", "date"), ("Subject", "subject"))
            lines = [f"{label}: {line(headers.text(name))}" for label, name in shown if headers.raw(name)]
            self.texts.append("\n".join(["――――――――", *lines]))

    def _leaf(self, part: Message, headers: _Headers, kind: str) -> None:
        content = content_of(part)
        disposition = headers.raw("content-disposition").strip().lower()
        name = _name(headers)
        is_attached = disposition.startswith("attachment") or bool(name)
        if kind in _SEALED:
            enveloped = "signed-data" not in headers.raw("content-type").lower()
            self.mail.note(Note.ENCRYPTED if enveloped else Note.SIGNED)
        if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
            self.mail.note(Note.WINMAIL)
        if kind == "text/calendar":
            self.mail.note(Note.CALENDAR)
        elif kind.startswith("text/") and not is_attached:
            text = self._text(content, headers)
            if kind == "text/html":
                self.pages.append(text)
                return
            self.texts.append(text)
            return
        if content:
            content_id = line(headers.text("content-id")).strip("<> ")[:200]
            self.mail.parts.append(
                Part(name, content, kind, content_id, disposition.startswith("inline") or bool(content_id))
            )

    def _text(self, content: bytes, headers: _Headers) -> str:
        text, fits = decoded(content, parameter(headers.raw("content-type"), "charset"))
        if not fits:
            self.mail.note(Note.CHARSET_WRONG)
        return text.replace("\r\n", "\n")


def _name(headers: _Headers) -> str:
    """The name of an attachment without folders, in one line; RFC 2231 and encoded words."""
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        if value := parameter(headers.raw(header), key):
            plain = line(value).replace("\\", "/").rpartition("/")[2]
            return PurePosixPath(plain).name[:200]
    return ""


def _finish(mail: Parsed) -> None:
    text = clean(mail.text)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rstrip()
        mail.note(Note.CUT)
    if not text and not mail.parts:
        mail.note(Note.NO_TEXT)
    mail.text, mail.quoted_from = text, quoted_from(text)
