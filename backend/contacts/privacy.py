"""Aydınlatma (KVKK m.10): a new version, which text is in force, and that it was shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required
from backend.core.words.languages import Language
from backend.journal.actions import record
from backend.organization.models import User

SHORTEST = 100
LONGEST = 20_000


@transaction.atomic
def new_version(
    *, by: User | None, purpose: str, text: str, source: str, language: str = Language.TR, valid_from: dt.date
) -> PrivacyNotice:
    """Write the next version of a purpose's text in a language. It holds from a local day, not before today and not
    before the last version, until the next one begins. REQUIRED, INVALID."""
    what, tongue = choice(Purpose, purpose, "purpose"), choice(Language, language, "language")
    value = required(text, "text", _("Write the text that is shown."))
    if not SHORTEST <= len(value) <= LONGEST:
        message = _(
            "Between %(shortest)s and %(longest)s letters: it names the controller, the purpose, the receivers, the"
            " ground and the rights (KVKK m.10)."
        )
        values = {"shortest": SHORTEST, "longest": LONGEST}
        raise DomainError(ErrorCode.INVALID, message % values, "text")
    approved = required(source, "source", _("Write who approved it, with date and number."), 300)
    if valid_from < today():
        message = _("A version cannot begin in the past: what was shown then was another text.")
        raise DomainError(ErrorCode.INVALID, message, "valid_from")
    _one_after_the_other(what, tongue)
    before = PrivacyNotice.objects.filter(purpose=what, language=tongue)
    last = before.aggregate(version=Max("version"), day=Max("valid_from"))
    if last["day"] and valid_from < last["day"]:
        message = _("It must not begin before the last version, which begins on %(day)s.")
        raise DomainError(ErrorCode.INVALID, message % {"day": f"{last['day']:%d.%m.%Y}"}, "valid_from")
    version = (last["version"] or 0) + 1
    row = PrivacyNotice.objects.create(
        code=f"{what.value}-{tongue.value}-{version}".lower(),
        purpose=what,
        language=tongue,
        version=version,
        text=value,
        valid_from=valid_from,
        source=approved,
    )
    record(verb="privacy_notice_written", about=row, by=by, label=row.code)
    return row


def in_force(purpose: str, language: str | None = None) -> PrivacyNotice | None:
    """The text that is to be shown today, in a language (default: that of the page), otherwise in Turkish."""
    tongue = (language or translation.get_language() or "tr")[:2].upper()
    rows = {
        row.language: row
        for row in PrivacyNotice.objects.in_force().filter(purpose=purpose, language__in={tongue, "TR"})
    }
    return rows.get(tongue) or rows.get("TR")


def checked(notice: PrivacyNotice | None, *purposes: str) -> PrivacyNotice | None:
    """The version that was shown, or INVALID where its text is for another purpose or does not hold yet."""
    if notice is not None and (notice.purpose not in purposes or notice.valid_from > today()):
        message = _("This is not the privacy notice that belongs here. Reload the page.")
        raise DomainError(ErrorCode.INVALID, message, "privacy_notice")
    return notice


def keep_shown(row: Any, notice: PrivacyNotice | None, purpose: str) -> None:
    """Store with a record which version the person saw; the first one stays."""
    if checked(notice, purpose) is None or row.privacy_notice_id is not None:
        return
    type(row)._default_manager.filter(pk=row.pk, privacy_notice=None).update(privacy_notice=notice)
    row.privacy_notice = notice


def _one_after_the_other(purpose: str, language: str) -> None:
    """Two who write a version at once get two numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"notice {purpose} {language}"]
        )
