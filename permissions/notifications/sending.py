"""Send notifications: the rights are checked for each recipient at sending time, and finally.

Notifications of rows that became invisible are dropped without trace. A message is written in the transaction that
marks its notifications, under a key made of them: a worker that dies leaves them waiting, and two workers never send
one twice.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backend.core.localtime import ISTANBUL
from backend.core.session import elevated, prepared, system
from backend.notifications import staff, words
from backend.notifications.actions import reaches
from backend.notifications.facts import unpacked
from backend.notifications.hours import next_at, quiet_until
from backend.notifications.kinds import DUTY, Channel, Mode
from backend.notifications.models import ABOUT, SENT_BY, Notification, Preference
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.portals.models import Scope
from permissions.core import scope
from permissions.plans import querysets as plans

logger = logging.getLogger(__name__)
NAMESPACE = UUID("0f6c1d9e-4f0b-4c3e-9b53-6f1f1d2c7a10")
MARK = {Channel.EMAIL: "mailed_at", Channel.SMS: "texted_at"}
Rows = list[Notification]
Begun = dict[tuple[str, int], dt.datetime]
FOLD = dt.timedelta(minutes=3)
"""So long a mail waits for what else happens to the same row, unless danger, law or duty demands it."""

MOST_COUNTED = 100
AFTER_FAULT = dt.timedelta(hours=1)
"""So long a notification that could not be sent by a fault of ours is let be."""


def unseen_count() -> int:
    """On how many matters the viewer has notifications that they have not seen: of rows that they see, and of no
    other. The newest `MOST_COUNTED` notifications are looked at; that number where there are as many.

    Asked on every page, so by a statement that the server keeps, since its policy takes longer to plan than to run; the
    rows that the notifications are about are looked up by key, kind by kind.
    """
    viewer = scope.current_viewer()
    if viewer.user_id is None or not viewer.may(Scope.READ):
        return 0
    # A kept statement is planned for one role of the database: each has its own.
    statement = f"{_UNSEEN} -- {'every case' if viewer.sees_all else 'departments'}"
    with prepared(statement, [viewer.user_id, MOST_COUNTED]) as cursor:
        newest = [Notification(**dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall()]
    for name in ABOUT:
        column = f"{name}_id"
        keys = {getattr(row, column) for row in newest} - {None}
        if keys:
            model: Any = Notification._meta.get_field(name).related_model
            found = plans.rows(f"seen: {name}", partial(_seen, model), plans.padded(sorted(keys)))
            seen = {None, *(row.pk for row in found)}
            newest = [row for row in newest if getattr(row, column) in seen]
    return MOST_COUNTED if len(newest) == MOST_COUNTED else len({words.matter(row) for row in newest})


def _seen(model: type[Model], keys: list[int]) -> Any:
    return scope.visible(model).filter(pk__in=keys).only("pk")


_COLUMNS = ("id", *(f"{name}_id" for name in ABOUT))
_UNSEEN = f"""
SELECT {", ".join(_COLUMNS)} FROM notifications_notification
 WHERE user_id = $1 AND in_page AND seen_at IS NULL
 ORDER BY created_at DESC, id DESC LIMIT $2
"""  # noqa: S608 - names of columns


def preference() -> Preference:
    """The viewer's preferences; the defaults if never set."""
    viewer = scope.require_viewer()
    return scope.visible(Preference).first() or Preference(user=viewer.user)


def deliver(now: dt.datetime | None = None) -> int:
    """Send what is due now; how many messages were written. Each person is a transaction of their own."""
    now = now or timezone.now()
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, is_active, ids FROM app.to_be_told(%s)", [now])
        waiting = cursor.fetchall()
    users = User.objects.in_bulk([row[0] for row in waiting])
    written = 0
    for user, is_active, ids in waiting:
        try:
            if is_active:
                written += _told(users[user], ids, now)
            else:
                with system():
                    _forget(user, ids)
        except Exception:  # the others go on; this one is retried in a minute
            _log_fault(user)
    return written


def _told(user: User, ids: list[int], now: dt.datetime) -> int:
    """All that waits for this person. After a fault by halves down to the bad row, which is let be for a while: it
    silences nothing else, and what makes one mail stays in few."""
    try:
        return _as(user, ids, now)
    except Exception:
        _log_fault(user.pk)
    if len(ids) > 1:
        half = len(ids) // 2
        return _told(user, ids[:half], now) + _told(user, ids[half:], now)
    with scope.session(user), elevated():
        Notification.objects.filter(pk__in=ids).update(due_at=now + AFTER_FAULT)
    return 0


def _as(user: User, ids: list[int], now: dt.datetime) -> int:
    with scope.session(user), translation.override("tr"):
        return _deliver(user, ids, now)


def _log_fault(user: int) -> None:
    logger.error({"event": "notifications_not_sent", "user": user}, exc_info=True)


def _forget(user: int, ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.forget_notifications(%s, %s)", [user, list(ids)])


def _deliver(user: User, ids: list[int], now: dt.datetime) -> int:
    """What waits for this person, who is the viewer."""
    seen = set(scope.visible(Notification).filter(pk__in=ids).values_list("pk", flat=True))
    if gone := set(ids) - seen:
        _forget(user.pk, gone)
    with elevated():
        waiting = Notification.objects.waiting().filter(pk__in=seen, due_at__lte=now)
        locked = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    rows = scope.visible(Notification).filter(pk__in=locked).select_related(*words.RELATED)
    matches = list(rows.order_by("created_at", "pk"))
    chosen = preference()
    begun = _begun(chosen) if any(_folds(row) for row in matches) else {}
    with elevated():
        written = sum(_by(channel, user, chosen, matches, now, begun) for channel in SENT_BY)
        for row in matches:
            row.in_page = row.in_page or _reached_nobody(row)
            row.save(update_fields=["waits_for", "due_at", "in_page", *MARK.values()])
    return written


def _reached_nobody(row: Notification) -> bool:
    """Whether law or duty demands it and no channel is left by which it came, such as after an address was taken."""
    sent = row.mailed_at or row.texted_at or row.seen_at
    return row.kind in DUTY and not row.waits_for and not sent


def _folds(row: Notification) -> bool:
    """Whether its mail may wait for what else happens to the same row, and stand in one with that."""
    return Channel.EMAIL in row.waits_for and _is_patient(row)


def _is_patient(row: Notification) -> bool:
    return not row.is_urgent and row.kind not in DUTY


def _begun(chosen: Preference) -> Begun:
    """Row -> since when a mail about it waits for what else happens to it, for the viewer."""
    begun: Begun = {}
    for row in scope.visible(Notification.objects.waiting()).order_by("created_at", "pk"):
        if _folds(row) and chosen.mode(row.kind, Channel.EMAIL) == Mode.AT_ONCE:
            begun.setdefault(words.matter(row), row.created_at)
    return begun


def _by(channel: Channel, user: User, chosen: Preference, rows: Rows, now: dt.datetime, begun: Begun) -> int:
    """Decide over one channel: sent, let be, or looked at again later; how many messages."""
    at_once: Rows = []
    digest: Rows = []
    for row in rows:
        if channel not in row.waits_for:
            continue
        mode = chosen.mode(row.kind, channel)
        later = _later(row, mode, chosen, now)
        if later is None and channel == Channel.EMAIL and _folds(row):
            at = begun.get(words.matter(row), row.created_at) + FOLD
            later = at if at > now else None
        wanted = mode != Mode.OFF and row.seen_at is None and reaches(user, channel)
        if wanted and later is not None:
            row.due_at = later if row.due_at <= now else min(row.due_at, later)
            continue
        row.waits_for = [one for one in row.waits_for if one != channel]
        if wanted:
            setattr(row, MARK[channel], now)
            (digest if mode == Mode.DIGEST else at_once).append(row)
    parts = [(group, *_text(channel, group)) for group in _together(channel, at_once)]
    if digest:
        parts.append((digest, *_digest(channel, digest)))
    for group, subject, body, purpose in parts:
        _post(channel, user, group, subject, body, purpose)
    return len(parts)


def _later(row: Notification, mode: Mode, chosen: Preference, now: dt.datetime) -> dt.datetime | None:
    """When it is looked at again; None: now."""
    if mode == Mode.DIGEST:
        at = next_at(row.created_at, chosen.digest_at)
        return at if at > now else None
    return None if row.is_urgent else quiet_until(now, chosen.quiet_from, chosen.quiet_until)


def _together(channel: Channel, rows: Rows) -> list[Rows]:
    """Group notifications into messages: in a mail what happened to one row; one text on several rows; and all secret
    ones together."""
    groups: dict[Any, Rows] = defaultdict(list)
    folded = Counter(words.matter(row) for row in rows if channel == Channel.EMAIL and _is_patient(row))
    for row in rows:
        value: Any = (row.text, json.dumps(row.facts["common"])) if row.type.many else row.pk
        if folded[words.matter(row)] > 1 and _is_patient(row):
            value = words.matter(row)
        groups["secret" if words.is_secret(row) else value].append(row)
    return list(groups.values())


def _text(channel: Channel, rows: Rows) -> tuple[str, str, str]:
    """(subject, body, purpose) of one message."""
    first = rows[0]
    is_secret = words.is_secret(first)
    if channel == Channel.SMS:
        several = _("%(count)s records") % {"count": len(rows)}
        of_all = several if is_secret else f"{first.type.words}: {several}"
        one = words.title(first), _url(words.path(first))
        return _sms(*(one if len(rows) == 1 else (of_all, _url(words.LIST))))
    if is_secret:
        context: dict[str, object] = {"urls": [_url(words.path(row)) for row in rows]}
        return *outbox.render(staff.QUIET_MAIL, context), "staff_notification"
    if len(rows) > 1 and _is_patient(first) and len({words.matter(row) for row in rows}) == 1:
        return *_listed("notifications/mail/news.txt", rows), "staff_news"
    facts = [unpacked(row.facts) for row in rows]
    return *staff.rendered(first.text, [fact["row"] for fact in facts], facts[0]["common"]), staff.purpose_of(
        first.text
    )


def _digest(channel: Channel, rows: Rows) -> tuple[str, str, str]:
    if channel == Channel.SMS:
        return _sms(_("%(count)s notifications") % {"count": len(rows)}, _url(words.LIST))
    return *_listed("notifications/mail/digest.txt", rows), "staff_digest"


def _listed(template: str, rows: Rows) -> tuple[str, str]:
    """Subject and body of a mail with a line for each of these, the oldest first."""
    lines = [
        {
            "at": row.created_at.astimezone(ISTANBUL),
            "title": words.title(row),
            "url": _url(words.path(row)),
        }
        for row in rows
    ]
    context: dict[str, object] = {"lines": lines, "number": words.number(rows[-1])}
    return outbox.render(template, context | {"admin_url": staff.admin_url()})


def _sms(title: str, url: str) -> tuple[str, str, str]:
    context: dict[str, object] = {"title": title, "url": url}
    _subject, body = outbox.render("notifications/mail/sms.txt", context)
    return "", body.strip(), "staff_notification"


def _url(path: str) -> str:
    return staff.admin_url() + path


def _post(channel: Channel, user: User, rows: Rows, subject: str, body: str, purpose: str) -> None:
    key = uuid5(NAMESPACE, " ".join([channel.value, *(str(row.key) for row in rows)]))
    address = user.email if channel == Channel.EMAIL else user.phone.as_e164
    outbox.post(channel=channel.value, address=address, subject=subject, body=body, purpose=purpose, key=key)
