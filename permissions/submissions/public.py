"""The door for people without an account: what they send waits until the code that it is answered with comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.words.addresses import current_address
from backend.organization.models import Category
from backend.submissions import actions
from permissions.complaints.public import note_wrong_code, plain_code
from permissions.portals.public_lists import neighbourhood_with, notice_with


@dataclass(frozen=True)
class Received:
    """What the sender sees: the moment of receipt, and whether a code is on its way to them."""

    received_at: dt.datetime
    is_code_sent: bool


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
    contact: dict[str, Any],
    category: str = "",
    neighbourhood: str = "",
    place: str = "",
    privacy_notice: str = "",
) -> Received:
    """Receive a submission without an account. `category`, `neighbourhood` and `privacy_notice` are public codes, as
    everywhere else for portals. REQUIRED, INVALID, OVER_LIMIT."""
    with system():
        shown = notice_with(privacy_notice, Purpose.CASE, Purpose.SUGGESTION) if privacy_notice else None
        if shown is None:
            message = _("Name the version of the privacy notice that was shown to the citizen (KVKK m.10).")
            raise DomainError(ErrorCode.REQUIRED, message, "privacy_notice")
        return receive(
            kind=kind,
            subject=subject,
            body=text,
            category=_category(category),
            neighbourhood=neighbourhood_with(neighbourhood),
            place=place,
            privacy_notice=shown,
            **{name: value or "" for name, value in contact.items()},
        )


def receive(*, privacy_notice: PrivacyNotice | None, **facts: Any) -> Received:
    """`actions.receive`, from the address that asks now."""
    with system():
        row = actions.receive(address=current_address.get(), privacy_notice=privacy_notice, **facts)
        return Received(row.received_at, row.is_code_sent)


def confirm(code: str) -> Registered:
    """`actions.confirm`, however the code was copied or heard. NOT_FOUND, WRONG_STATE."""
    try:
        with system():
            case = actions.confirm(plain_code(code) or "")
            return Registered(case.reference, case.tracking_code)
    except DomainError as error:
        if error.code == ErrorCode.NOT_FOUND:
            note_wrong_code()
        raise


def _category(code: str) -> Category | None:
    row = Category.objects.filter(code=code, is_active=True).first() if code else None
    if code and row is None:
        message = _("There is no such category. Choose one of the list of categories.")
        raise DomainError(ErrorCode.INVALID, message, "category")
    return row
