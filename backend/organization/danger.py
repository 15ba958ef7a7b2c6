"""Keeping the signs of danger: the words by which a case is proposed as urgent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import line, tr_fold
from backend.journal.actions import record
from backend.organization.models import DangerSign, User

MOST, LONGEST = 60, 80


@transaction.atomic
def save_sign(
    sign: DangerSign | None = None,
    *,
    by: User | None,
    name: str,
    keywords: Iterable[str],
    exceptions: Iterable[str] = (),
    source: str,
    is_active: bool = True,
) -> DangerSign:
    """Add a sign of danger, or correct one. REQUIRED, INVALID, DUPLICATE for a name that is there already."""
    row = sign or DangerSign()
    row.name = required(name, "name", _("Write what the danger is."), LONGEST)
    row.keywords = _words(keywords, "keywords")
    row.exceptions = _words(exceptions, "exceptions")
    if not row.keywords:
        raise DomainError(ErrorCode.REQUIRED, _("Write at least one word that gives it away."), "keywords")
    row.source = required(source, "source", _("Write where the words come from."), 300)
    row.is_active = is_active
    row.code = row.code or slugify(tr_fold(row.name))[:80].strip("-") or str(row.key)
    others = DangerSign.objects.exclude(pk=row.pk)
    if others.filter(code=row.code).exists() or any(tr_fold(one.name) == tr_fold(row.name) for one in others):
        raise DomainError(ErrorCode.DUPLICATE, _("This danger is there already. Correct that one."), "name")
    row.save()
    record(verb="danger_sign_saved", about=row, by=by, label=row.name)
    return row


def _words(texts: Iterable[str], field: str) -> list[str]:
    result = [text for text in dict.fromkeys(map(line, texts)) if text]
    if len(result) > MOST or any(len(text) > LONGEST for text in result):
        message = _("At most %(most)s words or phrases, none longer than %(longest)s letters.")
        raise DomainError(ErrorCode.INVALID, message % {"most": MOST, "longest": LONGEST}, field)
    if short := next((text for text in result if len(text) < 3), None):
        message = _("“%(word)s” is too short: it would be found in nearly every text.")
        raise DomainError(ErrorCode.INVALID, message % {"word": short}, field)
    return result
