"""Public lists for submissions: categories, mahalle, and the privacy notice to show first.

Their codes are public and permanent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import is_key
from backend.organization.models import Category, Neighbourhood


def categories() -> QuerySet[Category]:
    """What a case may be about: those in use, each with its group."""
    return Category.objects.filter(is_active=True).select_related("parent")


def neighbourhoods() -> QuerySet[Neighbourhood]:
    return Neighbourhood.objects.all()


def neighbourhood_with(code: str) -> Neighbourhood | None:
    """The mahalle of this code, None of none. INVALID."""
    if not code:
        return None
    row = Neighbourhood.objects.filter(code=code).first()
    if row is None:
        message = _("There is no such neighbourhood. Choose one of the list of neighbourhoods.")
        raise DomainError(ErrorCode.INVALID, message, "neighbourhood")
    return row


def notice(purpose: str, language: str | None) -> PrivacyNotice | None:
    """The text to show before data is taken for a purpose, in a language, otherwise in Turkish."""
    with system():
        return privacy.in_force(purpose, language)


def notice_version(key: str) -> tuple[PrivacyNotice, bool] | None:
    """The version of this key, and whether it is to be shown today."""
    if not is_key(key):
        return None
    with system():
        row = PrivacyNotice.objects.filter(key=key).first()
        return (row, PrivacyNotice.objects.in_force().filter(pk=row.pk).exists()) if row else None


def notice_with(code: str, *purposes: str) -> PrivacyNotice:
    """The version of this code, if it is for one of the purposes and holds already. INVALID."""
    row = PrivacyNotice.objects.filter(code=code).first()
    if row is None:
        message = _("There is no such privacy notice. Ask for the one in force and show that.")
        raise DomainError(ErrorCode.INVALID, message, "privacy_notice")
    privacy.checked(row, *purposes)
    return row


def notice_named(code: str, *purposes: str) -> PrivacyNotice:
    """`notice_with`, for anonymous requesters."""
    with system():
        return notice_with(code, *purposes)


class OfTheHouse:
    """Rows read and counted under the office's role: for public lists, or for what an account brought in."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def order_by(self, *columns: str) -> OfTheHouse:
        return OfTheHouse(self.rows.order_by(*columns))

    def __getitem__(self, part: slice) -> OfTheHouse:
        return OfTheHouse(self.rows[part])

    def __iter__(self) -> Iterator[Any]:
        with system():
            rows = list(self.rows)
        return iter(rows)

    def count(self) -> int:
        with system():
            return self.rows.count()
