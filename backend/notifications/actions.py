"""Actions on notifications: mark as seen, and set preferences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType, number_type

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice
from backend.notifications.kinds import DUTY, MODES, Channel, Kind, Mode, usual
from backend.notifications.models import WAITING, Notification, Preference
from backend.organization.models import User
from backend.outbox.sms import sms_port

Choices = Mapping[str, Mapping[str, str]]


@transaction.atomic
def see(rows: Iterable[Notification]) -> int:
    """These were seen; how many had not been. What was seen meanwhile is not sent any more."""
    keys = [row.pk for row in rows]
    return Notification.objects.filter(pk__in=keys, seen_at__isnull=True).update(seen_at=timezone.now())


def reaches(user: User, channel: str) -> bool:
    """Whether this person is reached by a channel at all: the page always, mail and SMS with an address."""
    if channel == Channel.EMAIL:
        return bool(user.email)
    return channel == Channel.PAGE or why_no_sms(user) is None


def why_no_sms(user: User) -> DomainError | None:
    """The error if this person cannot get SMS; None if they can."""
    if not sms_port().is_configured:
        return DomainError(
            ErrorCode.UNSUPPORTED,
            _("No SMS gateway is configured here, so no SMS can be sent. Choose another channel."),
            "choices",
        )
    if not user.phone or number_type(user.phone) != PhoneNumberType.MOBILE:
        return DomainError(
            ErrorCode.REQUIRED,
            _("You have no mobile number. Ask Bilgi İşlem to record it, then SMS can be chosen."),
            "choices",
        )
    return None


@transaction.atomic
def choose(
    *,
    by: User,
    choices: Choices,
    quiet_from: dt.time | None = None,
    quiet_until: dt.time | None = None,
    digest_at: dt.time | None = None,
) -> Preference:
    """Set a user's preferences: kind -> channel -> mode, and local hours; omitted parts stay.

    INVALID for a mode that a channel lacks; UNSUPPORTED or REQUIRED for SMS that cannot reach them; REQUIRED where a
    kind that law or duty demands would reach them by no channel. Waiting notifications are reconsidered at once.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = Preference.objects.filter(user=by).first() or Preference(user=by)
    for kind, channels in choices.items():
        for channel, mode in channels.items():
            _set(row, by, choice(Kind, kind, "choices"), choice(Channel, channel, "choices"), mode)
    for kind in DUTY:
        if not any(row.mode(kind, one) != Mode.OFF and reaches(by, one) for one in Channel):
            message = _("“%(kind)s” cannot be switched off: leave at least one channel on that reaches you.")
            raise DomainError(ErrorCode.REQUIRED, message % {"kind": kind.label}, "choices")
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    for name, hour in hours.items():
        if hour is not None:
            setattr(row, name, hour)
    row.save()
    Notification.objects.filter(WAITING, user=by).update(due_at=timezone.now())
    return row


def _set(row: Preference, by: User, kind: Kind, channel: Channel, text: str) -> None:
    mode = choice(Mode, text, "choices")
    if mode not in MODES[channel]:
        message = _("What stands in the page stands there at once. Choose on or off.")
        raise DomainError(ErrorCode.INVALID, message, "choices")
    if channel == Channel.SMS and mode != Mode.OFF and (refusal := why_no_sms(by)):
        raise refusal
    of_kind = row.choices.setdefault(kind.value, {})
    of_kind[channel.value] = mode.value
    if mode == usual(kind, channel):
        del of_kind[channel.value]
    if not of_kind:
        del row.choices[kind.value]


def remove_old(before: dt.datetime) -> int:
    """Delete notifications seen before this moment, sent ones outside the page's list, and those of closed
    accounts; unseen ones a year later. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.remove_old_notifications(%s)", [before])
        return int(cursor.fetchone()[0])
