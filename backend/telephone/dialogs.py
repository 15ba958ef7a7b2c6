"""What an exchange says of the calls of an extension: a document of dialog information (RFC 4235)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from lxml import etree

from backend.core.errors import DomainError
from backend.core.words.phones import normal_phone

NAMESPACE = {"d": "urn:ietf:params:xml:ns:dialog-info"}
LARGEST = 64 * 1024
RINGING, SPEAKING = ("early",), ("confirmed",)
_USER = re.compile(r"^(?:sips?|tel):([^@;>]+)", re.IGNORECASE)
_NUMBER = re.compile(r"^\+?[0-9]{3,20}$")


@dataclass(frozen=True)
class Dialog:
    """A call to the extension. `name` is a digest of what the exchange calls it by."""

    name: str
    number: str
    is_answered: bool
    is_over: bool


@dataclass(frozen=True)
class Dialogs:
    """`is_whole`: what is not named any more has ended."""

    is_whole: bool
    calls: tuple[Dialog, ...]


def read(body: bytes) -> Dialogs | None:
    """The calls that came to the extension; None for what is no such document."""
    if len(body) > LARGEST:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag != f"{{{NAMESPACE['d']}}}dialog-info" or root.getroottree().docinfo.doctype:
        return None
    found = [
        _dialog(one) for one in root.iterfind("d:dialog", NAMESPACE) if one.get("direction") == "recipient"
    ]
    return Dialogs(root.get("state") == "full", tuple(found))


def _dialog(one: etree._Element) -> Dialog:
    state = (one.findtext("d:state", "", NAMESPACE) or "").strip().lower()
    identity = one.findtext("d:remote/d:identity", "", NAMESPACE)
    return Dialog(
        name=hashlib.sha256(f"{one.get('call-id')} {one.get('id')}".encode()).hexdigest()[:32],
        number=number_of(identity or ""),
        is_answered=state in SPEAKING,
        is_over=state not in (*RINGING, *SPEAKING),
    )


def number_of(address: str) -> str:
    """The telephone number of a SIP address as numbers are kept; that of an extension as it is, "" for none."""
    found = _USER.match(address.strip())
    text = re.sub(r"[\s().-]", "", found[1]) if found else ""
    if not _NUMBER.match(text):
        return ""
    try:
        return normal_phone(text)
    except DomainError:
        return text
