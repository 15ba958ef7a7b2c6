"""The door for people without an account: what they send waits until the code that it is answered with comes back."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter

from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import noting, refuse
from backend.core.words.addresses import current_address
from backend.organization.models import Category
from backend.portals.models import Scope
from backend.submissions import actions
from permissions.complaints.public import plain_code
from permissions.portals import access as portals
from permissions.portals.public_lists import neighbourhood_with, notice_with
from permissions.stickers.public import sticker_with
from permissions.submissions import brought

WRONG_CONFIRMATIONS = Counter(
    "wrong_confirmation_codes", "Codes of submissions that were written and that no submission has."
)
RECEIPT, RECEIPT_LIVES = "submissions.receipt", dt.timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Received:
    """What the sender sees: the moment of receipt, and whether a code is on its way to them; number and tracking code
    where it became a case at once. `is_repeated`: it was there already; `receipt`: by which another code is asked for,
    for an hour."""

    received_at: dt.datetime
    is_code_sent: bool
    reference: str = ""
    tracking_code: str = ""
    is_repeated: bool = False
    receipt: str = ""


@dataclass(frozen=True)
class Registered:
    """What the sender keeps once it is a case: the number, and the code by which they follow it."""

    reference: str
    tracking_code: str


def file(
    *,
    kind: str,
    subject: str,
    text: str = "",
    contact: dict[str, Any] | None = None,
    category: str = "",
    neighbourhood: str = "",
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    place_code: str = "",
    privacy_notice: str = "",
    identity_hidden: bool = False,
    files: str = "",
) -> Received:
    """Receive a submission without an account. `files`: what the portal calls those that were brought before.

    `category`, `neighbourhood`, `place_code` and `privacy_notice` are public codes, as everywhere else for portals.
    Only a portal (SUBMIT) sends what has no `contact`. REQUIRED, INVALID, OVER_LIMIT.
    """
    if contact is None and not portals.speaks_with(Scope.SUBMIT):
        message = _("Write who sends it: a name, and a telephone number or an e-mail address.")
        refuse(ErrorCode.REQUIRED, message, "contact")
    about = where = shown = scanned = None
    by = portals.account(Scope.SUBMIT) if files else None
    with system():
        with noting():
            about = _category(category)
        with noting():
            where = neighbourhood_with(neighbourhood)
        with noting():
            scanned = sticker_with(place_code)
        with noting():
            shown = _shown(privacy_notice) if contact is not None else None
        return receive(
            kind=kind,
            subject=subject,
            body=text,
            category=about,
            neighbourhood=where,
            place=place,
            latitude=latitude,
            longitude=longitude,
            sticker=scanned,
            privacy_notice=shown,
            group="contact",
            is_anonymous=contact is None,
            identity_hidden=identity_hidden,
            files=brought.to_send(files, by=by) if by else None,
            **{name: value or "" for name, value in (contact or {}).items()},
        )


def receive(*, privacy_notice: PrivacyNotice | None, **facts: Any) -> Received:
    """`actions.receive`, from the address that asks now."""
    with system():
        row = actions.receive(address=current_address.get(), privacy_notice=privacy_notice, **facts)
        case = row.complaint if row.is_anonymous else None
        return Received(
            row.received_at,
            row.is_code_sent,
            reference=case.reference if case else "",
            tracking_code=case.tracking_code if case else "",
            is_repeated=row.is_repeated,
            receipt="" if row.is_anonymous else signing.dumps(str(row.key), salt=RECEIPT),
        )


def send_code_again(receipt: str, *, email: str = "", phone: str = "") -> None:
    """`actions.send_code_again`, for who has the receipt of it. WRONG_STATE."""
    try:
        key = signing.loads(receipt, salt=RECEIPT, max_age=RECEIPT_LIVES)
    except signing.BadSignature:
        message = _("This application does not wait for a code any more.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "receipt") from None
    with system():
        actions.send_code_again(key, email=email, phone=phone)


def confirm(code: str) -> Registered:
    """`actions.confirm`, however the code was copied or heard. NOT_FOUND, WRONG_STATE."""
    try:
        with system():
            case = actions.confirm(plain_code(code) or "")
            return Registered(case.reference, case.tracking_code)
    except DomainError as error:
        if error.code == ErrorCode.NOT_FOUND:
            WRONG_CONFIRMATIONS.inc()
            log.info("wrong_confirmation_code")
        raise


def _shown(code: str) -> PrivacyNotice:
    if not code:
        message = _("Name the version of the privacy notice that was shown to the citizen (KVKK m.10).")
        raise DomainError(ErrorCode.REQUIRED, message, "privacy_notice")
    return notice_with(code, Purpose.CASE, Purpose.SUGGESTION)


def _category(code: str) -> Category | None:
    row = Category.objects.filter(code=code, is_active=True).first() if code else None
    if code and row is None:
        message = _("There is no such category. Choose one of the list of categories.")
        raise DomainError(ErrorCode.INVALID, message, "category")
    return row
