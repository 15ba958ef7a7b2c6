"""Short messages as operators carry them: alphabets, parts of long texts, and receipts.

After SMPP 3.4, and 3GPP TS 23.038 and 23.040.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
ESCAPE, UDHI, RECEIPT = 0x1B, 0x40, 0x04
GSM_7, ASCII, LATIN_1, UCS_2 = 0, 1, 3, 8
"""Values of data_coding: the centre's own alphabet, taken for GSM 7-bit with a septet an octet; ISO 8859-1; UCS-2."""
GSM_TURKISH = 0x100
"""No value of data_coding: GSM 7-bit of which a header says that it is by the Turkish locking shift table."""
LOCKING, TURKISH = 0x25, 1
WHOLE = {GSM_7: 160, UCS_2: 140}
PART = {GSM_7: 153, UCS_2: 134}
MOST_PARTS, MOST_REFERENCES = 255, 256
KEPT_SECONDS, AGAIN_SECONDS, TWICE_SECONDS, MOST_KEPT = 300, 30, 600, 1000
_CODES = {letter: bytes([code]) for code, letter in enumerate(GSM) if code != ESCAPE} | {
    letter: bytes([ESCAPE, code]) for letter, code in EXTENDED.items()
}
_LETTERS = {code: letter for letter, code in EXTENDED.items()} | {
    ord(code): letter for code, letter in zip("GIScgis", "ĞİŞçğış", strict=True)
}
"""Behind an escape: also what only the Turkish single shift table has, which some telephones use without saying so."""
_TURKISH = str.maketrans("èìØøÆæ¡¿", "€ıĞğŞşİç")
"""What stands at places of the Turkish locking shift table (TS 23.038, A.3.1), in order of the default ones."""
_RECEIPT = re.compile(
    rb"\bid:\s*(\S{1,65}).*?\bstat:\s*([A-Z]{1,10})(?:.*?\berr:\s*(\S{1,10}))?", re.IGNORECASE | re.DOTALL
)
_STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
"""message_state -> as it stands in the text of a receipt."""


@dataclass(frozen=True)
class Encoded:
    """One message as it goes over the line."""

    content: bytes
    data_coding: int
    esm_class: int = 0


def encoded(text: str, *, whole: bool = False, reference: int = 0) -> list[Encoded]:
    """A text in the smallest alphabet that has all of its letters, in parts if it is too long for one; no letter is
    divided. `whole`: never in parts. `reference`: what a telephone knows parts of one text by. ValueError for more
    than 255 parts."""
    coding = GSM_7 if all(letter in _CODES for letter in text) else UCS_2
    letters = [
        _CODES[letter] if coding == GSM_7 else letter.encode("utf-16-be", "replace") for letter in text
    ]
    content = b"".join(letters)
    if whole or len(content) <= WHOLE[coding]:
        return [Encoded(content, coding)]
    chunks = [b""]
    for letter in letters:
        if len(chunks[-1]) + len(letter) > PART[coding]:
            chunks.append(b"")
        chunks[-1] += letter
    if len(chunks) > MOST_PARTS:
        raise ValueError("more parts than a message has")
    head = bytes([5, 0, 3, reference, len(chunks)])
    return [Encoded(head + bytes([n]) + chunk, coding, UDHI) for n, chunk in enumerate(chunks, 1)]


def text_of(content: bytes, data_coding: int) -> str:
    """What a message says; what cannot be read of it is replaced."""
    if data_coding == UCS_2:
        return content.decode("utf-16-be", "replace")
    if data_coding in (ASCII, LATIN_1):
        return content.decode("latin-1")
    return "".join(_from_gsm(content, GSM.translate(_TURKISH) if data_coding == GSM_TURKISH else GSM))


def _from_gsm(content: bytes, table: str) -> Iterator[str]:
    codes = iter(content)
    for code in codes:
        if code == ESCAPE:
            yield _LETTERS.get(next(codes, ESCAPE), " ")
        else:
            yield table[code] if code < len(table) else "�"


def receipt_in(pdu: Any, content: bytes) -> tuple[str, str, str] | None:
    """(the centre's name of the message, its state, the fault) of a receipt; None for a message."""
    if (pdu.esm_class or 0) & 0x3C != RECEIPT:
        return None
    found = _RECEIPT.search(content)
    named = word_of(getattr(pdu, "receipted_message_id", None))
    state = _STATES.get(getattr(pdu, "message_state", None) or 0, "")
    if found is not None:
        named, state = named or word_of(found[1]), state or found[2].decode("ascii", "replace").upper()
    return named, state, word_of(found[3]) if found else ""


def word_of(value: bytes | None) -> str:
    return bytes(value or b"").rstrip(b"\x00").decode("ascii", "replace")


@dataclass
class _Pile:
    """The parts of a long text that came so far."""

    sender: str
    to: str
    total: int
    began: float
    id: str
    texts: dict[int, tuple[bytes, int]] = field(default_factory=dict)

    def whole(self) -> tuple[str, str, str, str]:
        """What came, in its order: letters may be divided between parts, so those of one alphabet are read at once."""
        text, run, coding = "", b"", None
        for _number, (content, of) in sorted(self.texts.items()):
            if coding not in (None, of):
                text, run = text + text_of(run, coding or 0), b""
            run, coding = run + content, of
        return self.id, self.sender, self.to, text + text_of(run, coding or 0)


class Parts:
    """Long texts that come in parts, until all of them are here and kept."""

    def __init__(self) -> None:
        self._piles: dict[tuple[str, str, int, int], _Pile] = {}
        self._kept: dict[tuple[str, str, int, int], _Pile] = {}

    def take(self, pdu: Any, content: bytes) -> tuple[str, str, str, str] | None:
        """(an id, sender, recipient, text) of a message that is whole now; None while others of it are to come."""
        sender, to = word_of(pdu.source_addr), word_of(pdu.destination_addr)
        coding = _alphabet(pdu, content)
        reference, total, number, content = _header(pdu, content)
        if total < 2 or not 1 <= number <= total:
            return secrets.token_hex(12), sender, to, text_of(content, coding)
        key = (sender, to, reference, total)
        if (kept := self._kept.get(key)) is not None:
            if time.monotonic() - kept.began < TWICE_SECONDS and kept.texts.get(number) == (content, coding):
                return None  # our answer was lost: it is here
            del self._kept[key]
        pile = self._piles.setdefault(key, _Pile(sender, to, total, time.monotonic(), secrets.token_hex(12)))
        pile.texts[number] = content, coding
        return None if len(pile.texts) < total else pile.whole()

    def settled(self, id: str) -> None:
        """Forget a text that was kept, or that no one takes: until then it is here."""
        for key, pile in list(self._piles.items()):
            if pile.id == id:
                self._kept[key] = self._piles.pop(key)
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def late(self) -> Iterator[tuple[str, str, str, str]]:
        """Those whose other parts do not come any more: what came of them. One that is not settled comes again after
        a while."""
        for pile in list(self._piles.values()):
            if time.monotonic() - pile.began > KEPT_SECONDS or len(self._piles) > MOST_KEPT:
                pile.began += AGAIN_SECONDS
                yield pile.whole()

    def rest(self) -> list[tuple[str, str, str, str]]:
        """All that came, where the process ends."""
        return [pile.whole() for pile in list(self._piles.values())]


def _alphabet(pdu: Any, content: bytes) -> int:
    """In which alphabet a message is, whatever its class; a header may name the Turkish table."""
    coding = int(pdu.data_coding or 0)
    if coding & 0xEC == UCS_2:
        return UCS_2
    if coding == GSM_7 and (pdu.esm_class or 0) & UDHI and (LOCKING, bytes([TURKISH])) in _elements(content):
        return GSM_TURKISH
    return coding


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of a user data header: (its kind, its value)."""
    head = content[1 : 1 + content[0]] if content else b""
    while len(head) >= 2:
        yield head[0], head[2 : 2 + head[1]]
        head = head[2 + head[1] :]


def _header(pdu: Any, content: bytes) -> tuple[int, int, int, bytes]:
    """(reference, parts, number, content without the header); no parts for a message that is whole."""
    total = getattr(pdu, "sar_total_segments", None)
    if total:
        reference = getattr(pdu, "sar_msg_ref_num", None) or 0
        return reference, total, getattr(pdu, "sar_segment_seqnum", None) or 0, content
    if not (pdu.esm_class or 0) & UDHI or not content:
        return 0, 0, 0, content
    rest = content[1 + content[0] :]
    for kind, value in _elements(content):
        if kind == 0 and len(value) == 3:
            return value[0], value[1], value[2], rest
        if kind == 8 and len(value) == 4:
            return int.from_bytes(value[:2], "big"), value[2], value[3], rest
    return 0, 0, 0, rest
