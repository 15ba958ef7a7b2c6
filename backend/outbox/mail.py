"""A mail as it is sent: the text, and the same words in the municipality's look, with its crest and a button."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from backend.configuration import crest
from backend.configuration.office import configured
from backend.core.errors import DomainError, FilesAwayError
from backend.outbox import threads
from backend.outbox.models import LISTED, Message
from backend.outbox.sms import TryAgain, Undeliverable

CREST, CODE = "cid:crest", "cid:code"
FORMAL = frozenset({"event_invitation", "event_invitation_test"})
"""Purposes of mails that are a card rather than a letter."""
METHOD = re.compile(r"^METHOD:([A-Z]+)\s*$", re.MULTILINE)
_LEFT = re.compile(r"^(https?://\S+/haberler/ayril/\S+)$", re.MULTILINE)
_INVITED = re.compile(r"^(https?://\S+/davet/\S+)$", re.MULTILINE)


def message_id_of(message: Message) -> str:
    """The Message-ID: the same at every attempt, so that a second copy is recognised."""
    return threads.message_id_of(message, _domain())


def _domain() -> str:
    return _address().rpartition("@")[2]


def _address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender() -> str:
    """“Sancaktepe Belediyesi Özel Kalem <ozelkalem@…>”."""
    return formataddr((configured.sender_name, _address()))


def _envelope(message: Message) -> str:
    """Where it is returned to: an address of its own, if that is of the sender's domain; DMARC judges by that, too."""
    address, ours = threads.return_address(message), _domain().lower()
    domain = address.rpartition("@")[2].lower()
    is_aligned = domain == ours or domain.endswith(f".{ours}") or ours.endswith(f".{domain}")
    return address if domain and is_aligned else sender()


def html_of(message: Message, template: str = "outbox/mail.html", **sources: str) -> str:
    """The same words in the municipality's look, for programs that show HTML. `sources`: where a preview, which has no
    attachments, finds `crest` and `code`."""
    context = {
        "subject": message.subject,
        "body": message.body,
        "is_card": message.purpose in FORMAL,
        "office": configured,
        "home": settings.PUBLIC_URL,
        "language": message.language,
        "crest": sources.get("crest", CREST) if configured.MUNICIPALITY_CREST else "",
        "code": sources.get("code", CODE) if code_in(message) else "",
        "answers": (configured.REPLY_MAILBOX if message.thread else "") or configured.MUNICIPALITY_EMAIL,
    }
    with translation.override(message.language):
        return render_to_string(template, context)


def code_in(message: Message) -> str:
    """The address that a guest shows at the door as a QR code; empty where the mail is no invitation."""
    found = _INVITED.search(message.body)
    return found[1] if found else ""


def code_picture(address: str) -> bytes:
    """The QR code of an address (PNG)."""
    import segno  # here: no command starts slower for it

    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="png", scale=5, border=4)
    return drawn.getvalue()


class WithPictures(EmailMultiAlternatives):
    """A mail whose only parts beside its text are the pictures in it (`multipart/related`, RFC 2387)."""

    def message(self, **options: Any) -> Any:
        """Return it as it is sent."""
        made = super().message(**options)
        if made.get_content_type() == "multipart/mixed":
            made.set_type("multipart/related")
        return made


def composed(message: Message) -> EmailMultiAlternatives:
    """The mail of a message: text, HTML, its pictures, the appointment and the files that it carries.

    It follows the mails of its thread, and says that a program sent it: no program answers it then (RFC 3834).
    """
    made_as = EmailMultiAlternatives if message.calendar or message.files else WithPictures
    mail = made_as(
        subject=message.subject,
        body=message.body,
        from_email=_envelope(message),
        to=[message.address],
        reply_to=[threads.reply_address(message.thread) or configured.MUNICIPALITY_EMAIL],
        headers=_headers(message),
    )
    mail.attach_alternative(html_of(message), "text/html")
    if drawing := configured.MUNICIPALITY_CREST:
        mail.attach(_picture(crest.png(drawing), CREST))
    if address := code_in(message):
        mail.attach(_picture(code_picture(address), CODE))
    if message.calendar:
        method = METHOD.search(message.calendar)
        kind = f"text/calendar; method={method[1]}" if method else "text/calendar"
        mail.attach("randevu.ics", message.calendar, kind)
    for file in message.files:
        mail.attach(file["name"], _content(file), file["type"])
    return mail


def _headers(message: Message) -> dict[str, str]:
    """Whom it is from, its Message-ID and thread, and how a list is left in one press (RFC 2369, RFC 8058)."""
    headers = {
        "From": sender(),
        "Message-ID": message_id_of(message),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **threads.headers(message, _domain()),
    }
    if message.purpose == LISTED and (found := _LEFT.search(message.body)):
        headers["List-Unsubscribe"] = f"<{found[1]}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _content(stored: Mapping[str, str]) -> bytes:
    """What a stored file holds. Undeliverable where it was deleted meanwhile, removed as infected, or is damaged."""
    try:
        with default_storage.open(stored["file"]) as file:
            content = bytes(file.read())
    except FileNotFoundError:
        raise Undeliverable("a file that goes with it is not there") from None
    except FilesAwayError:
        raise TryAgain("the storage of files was not reached") from None
    except DomainError:
        raise Undeliverable("a file that goes with it is damaged") from None
    if "sha256" in stored and hashlib.sha256(content).hexdigest() != stored["sha256"]:
        raise Undeliverable("a file that goes with it is damaged")
    return content


def _picture(content: bytes, source: str) -> MIMEImage:
    name = source.removeprefix("cid:")
    picture = MIMEImage(content, "png")
    picture.add_header("Content-ID", f"<{name}>")
    picture.add_header("Content-Disposition", "inline", filename=f"{name}.png")
    return picture
