"""Proof of a contact: who holds the code that was sent to a telephone or an e-mail address holds the address.

A code opens a short session for one contact and one name, for the portal that asked. Nothing that is answered depends
on whether the contact is known to the office. Name and contact travel encrypted in what the portal keeps, and stand in
no table.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import asdict, dataclass

import orjson
from cryptography.fernet import InvalidToken
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.core.sealing import keyring
from backend.core.validation import below
from backend.core.words.addresses import line_of, network_of
from backend.core.words.text import clean, search_form
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import CODE_LIVES, CONTACT_CODE, Message
from backend.submissions.actions import are_left, keyed_digest, way_to
from backend.submissions.models import ContactProof

HOUR = dt.timedelta(hours=1)
SESSION_LIVES = HOUR
MOST_TRIES = 5
"""So many times a code may be written wrong before another one is needed."""
MOST_OF_CONTACT, MOST_OF_SENDER, MOST_OF_NETWORK, MOST_OF_ALL = 5, 30, 120, 3000
"""So many codes are sent in an hour to one contact, for one access line, one network, and everybody together."""
LONGEST = 4000
"""A proof or a session is a text of at most so many letters."""


@dataclass(frozen=True)
class Holder:
    """Who holds a code: one of `email` and `phone` is proved, the name is as they wrote it."""

    first_name: str
    last_name: str
    email: str
    phone: str

    @property
    def name(self) -> str:
        """The name as it is compared: capitals and blanks make no difference."""
        return search_form(f"{self.first_name} {self.last_name}")

    @property
    def person(self) -> str:
        """What tells that the name is the same, and not which."""
        return keyed_digest("affected", self.name)

    @property
    def contact(self) -> str:
        return self.email.lower() or self.phone


@dataclass(frozen=True)
class CodeSent:
    """A code is on its way, by e-mail or SMS (`channel`). With `proof` and the code the session is opened."""

    proof: str
    channel: str
    ends_at: dt.datetime


@dataclass(frozen=True)
class Session:
    """A session and its holder. The text is shown this once, and works for its portal alone."""

    text: str
    holder: Holder
    ends_at: dt.datetime


@transaction.atomic
def ask(
    *, by: User, address: str, first_name: str, last_name: str = "", phone: str = "", email: str = ""
) -> CodeSent:
    """Send a code to the e-mail address, or without one to the telephone. `address`: where the citizen asks from.

    The same whether the office knows them or not. REQUIRED, INVALID; UNSUPPORTED for a telephone that no message
    reaches; OVER_LIMIT above the share of the contact, the line, the network or everybody.
    """
    facts = contacts.checked_facts(
        {"first_name": first_name, "last_name": last_name, "phone": phone, "email": email}
    )
    if not (facts["phone"] or facts["email"]):
        message = _("Write a telephone number or an e-mail address.")
        raise DomainError(ErrorCode.REQUIRED, message, "phone")
    if (way := way_to(facts["email"], facts["phone"])) is None:
        message = _("No code can be sent to this telephone. Write your e-mail address, or call %(phone)s.")
        raise DomainError(ErrorCode.UNSUPPORTED, message % {"phone": configured.MUNICIPALITY_PHONE}, "phone")
    channel, to = way
    is_mail = channel == Message.Channel.EMAIL
    holder = Holder(
        facts["first_name"], facts["last_name"], to if is_mail else "", "" if is_mail else str(to)
    )
    row = ContactProof(
        account=by,
        contact=keyed_digest("contact", holder.contact),
        sender=keyed_digest("sender", line_of(address)),
        network=keyed_digest("network", network_of(address)),
    )
    _require_shares(row)
    code = f"{secrets.randbelow(10**6):06}"
    row.code_digest = _of_code(row, code)
    row.save(force_insert=True)
    language = outbox.language_of_asker()
    facts_of_code: dict[str, object] = {"code": f"{code[:3]} {code[3:]}", "language": language}
    subject, body = outbox.render_for(channel, "submissions/mail/code.txt", facts_of_code)
    outbox.post(
        channel=channel,
        address=str(to),
        subject=subject,
        body=clean(body),
        purpose=CONTACT_CODE,
        language=language,
    )
    return CodeSent(_sealed(row, holder), channel, row.asked_at + CODE_LIVES)


@transaction.atomic
def prove(proof: str, code: str, *, by: User) -> Session | DomainError:
    """Open a session with the code.

    A refusal is returned and not raised, so that the attempt stays counted: INVALID for a wrong code, WRONG_STATE for a
    code that has ended, was used, or was written wrong too often.
    """
    if (meant := _read(proof)) is None:
        return _ended()
    key, holder = meant
    live = ContactProof.objects.filter(
        key=key, account=by, proved_at__isnull=True, asked_at__gt=timezone.now() - CODE_LIVES
    )
    # One statement, so that two attempts at once are two attempts.
    if not live.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return _ended()
    row = live.get()
    digits = "".join(letter for letter in code if letter.isdecimal())
    if not constant_time_compare(row.code_digest, _of_code(row, digits)):
        if row.tries >= MOST_TRIES:
            return _ended()
        return DomainError(
            ErrorCode.INVALID, _("This is not the code that was sent. Check it again."), "code"
        )
    now = timezone.now()
    text = _sealed(row, holder)
    live.update(proved_at=now, session_digest=_of_session(text))
    return Session(text, holder, now + SESSION_LIVES)


def holder_of(session: str, *, by: User) -> Session:
    """The session that the portal was handed, while it lives. WRONG_STATE for any other text."""
    rows = ContactProof.objects.filter(
        account=by, session_digest=_of_session(session), proved_at__gt=timezone.now() - SESSION_LIVES
    )
    row, meant = rows.first(), _read(session)
    if row is None or meant is None or row.proved_at is None:
        message = _("This session has ended. Ask for a new code.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "session")
    return Session(session, meant[1], row.proved_at + SESSION_LIVES)


def end(session: str, *, by: User) -> None:
    """End the session at once; one that has ended already stays so."""
    ContactProof.objects.filter(account=by, session_digest=_of_session(session)).delete()


def require_proved(session: str, *, by: User, email: str, phone: str) -> None:
    """The contact is the one that was proved by the session. WRONG_STATE, INVALID."""
    holder = holder_of(session, by=by).holder
    with below("contact"):
        facts = contacts.checked_facts({"email": email, "phone": phone})
        if holder.contact not in (facts["email"].lower(), facts["phone"]):
            name = "email" if holder.email else "phone"
            message = _("This is not the contact that was confirmed by the code. Ask for a new code.")
            raise DomainError(ErrorCode.INVALID, message, name)


def _ended() -> DomainError:
    return DomainError(ErrorCode.WRONG_STATE, _("This code is no longer valid. Ask for a new one."), "code")


# -- what is kept ----------------------------------------------------------------------------------------------
def _of_code(row: ContactProof, code: str) -> str:
    return keyed_digest("code", str(row.key), code)


def _of_session(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sealed(row: ContactProof, holder: Holder) -> str:
    """Who holds the code, for the portal to keep: it can read nothing of it, and the text is never the same twice."""
    value: bytes = keyring("contact proof").encrypt(orjson.dumps([str(row.key), asdict(holder)]))
    return value.decode()


def _read(text: str) -> tuple[str, Holder] | None:
    if not 0 < len(text) <= LONGEST or not text.isascii():
        return None
    try:
        key, holder = orjson.loads(keyring("contact proof").decrypt(text.encode()))
    except InvalidToken:
        return None
    return key, Holder(**holder)


def _require_shares(row: ContactProof) -> None:
    """OVER_LIMIT above a share; requests of one network wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 6))", [row.network])
    lately = ContactProof.objects.filter(asked_at__gt=timezone.now() - HOUR)
    shares = (
        (lately.filter(contact=row.contact), MOST_OF_CONTACT),
        (lately.filter(sender=row.sender), MOST_OF_SENDER),
        (lately.filter(network=row.network), MOST_OF_NETWORK),
        (lately, MOST_OF_ALL),
    )
    if not are_left(shares):
        message = _("Too many codes were asked for within the hour. Try again later, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE})
