"""Notifications of a user and their preferences: the bell, the page by day, the choices per channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core.display import days_left, is_running, time_left
from admin_ui.core.fields import ClockField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.screen import page
from backend.core.localtime import local_date
from backend.notifications import actions, words
from backend.notifications.kinds import DUTY, MEANING, MODES, Channel, Kind
from backend.notifications.models import Notification, Preference
from permissions.core import scope
from permissions.core.scope import Action
from permissions.notifications.sending import preference

MOST_UNSEEN, PAGE = 100, 50
MANY = 4
"""So many of one text on one day become one line that opens."""
LONG_TEXTS = ("complaint__body", "complaint__words", "instruction__text", "letter__body", "request__body")
NEWEST = ("-created_at", "-pk")


def notifications(request: HttpRequest) -> HttpResponse:
    """The newest that were not seen, and behind them those that were, page by page."""
    before = _before(request)
    unseen = [] if before else _rows(Notification.objects.unseen(), MOST_UNSEEN + 1)
    seen = Notification.objects.in_page().filter(seen_at__isnull=False)
    if before:
        at, pk = before.created_at, before.pk
        seen = seen.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(pk__lt=pk))
    rows = _rows(seen, PAGE + 1)
    context = {
        "title": _("Notifications"),
        "buttons": [
            {
                "title": _("How I am notified"),
                "url": reverse("admin:notification_preferences"),
                "icon": "tune",
            }
        ],
        "groups": [
            *_by_day(unseen[:MOST_UNSEEN], is_unseen=True),
            *_by_day(rows[:PAGE], is_unseen=False),
        ],
        "has_unseen": bool(unseen),
        "more_unseen": len(unseen) > MOST_UNSEEN,
        "shown": MOST_UNSEEN,
        "older": rows[PAGE - 1].key if len(rows) > PAGE else None,
        "newest": before is not None,
    }
    return page(admin.site, request, "admin_ui/notifications.html", context)


def _before(request: HttpRequest) -> Notification | None:
    """The last of the page before this one; none where it is not there any more."""
    try:
        key = UUID(request.GET.get("before", ""))
    except ValueError:
        return None
    return scope.visible(Notification).filter(key=key).first()


def _rows(rows: Any, count: int) -> list[Notification]:
    related = scope.visible(rows).select_related(*words.RELATED).defer(*LONG_TEXTS)
    return list(related.order_by(*NEWEST)[:count])


def _by_day(rows: Iterable[Notification], *, is_unseen: bool) -> Iterator[dict[str, object]]:
    """The rows by day; those of one matter are one line, where its newest stands."""
    of_matter: dict[tuple[str, int], list[Notification]] = {}
    for row in rows:
        of_matter.setdefault(words.matter(row), []).append(row)
    for day, result in groupby(of_matter.values(), lambda same: local_date(same[0].created_at)):
        yield {"day": day, "is_unseen": is_unseen, "folds": list(_folded({same[0]: same for same in result}))}


def _folded(matters: dict[Notification, list[Notification]]) -> Iterator[dict[str, object]]:
    """Matters of a day, by their newest row, as they came; of one text many are one line that opens, at the place of
    the newest. What law or duty demands and was not seen stands open: no row of it waits for a press."""
    of_text: dict[str, list[Notification]] = {}
    for row in matters:
        of_text.setdefault("" if words.is_secret(row) else row.text, []).append(row)
    for row in matters:
        same = of_text.get("" if words.is_secret(row) else row.text, [])
        if len(same) < MANY or row.text == "" or words.is_secret(row):
            yield {"rows": [_line(matters[row])]}
        elif same[0] is row:
            count = ngettext("%(count)s record", "%(count)s records", len(same)) % {"count": len(same)}
            yield {
                "title": f"{row.type.words}: {count}",
                "rows": [_line(matters[one]) for one in same],
                "is_open": row.kind in DUTY and row.seen_at is None,
            }


def headline(row: Notification) -> str:
    """What it is about, as its reader may see it: the subject and what is left of the time. Of a row whose identity is
    hidden the number alone, of a confidential one only that it is there."""
    if words.is_secret(row):
        return words.title(row)
    if (case := row.complaint) is not None:
        left = time_left(case, case.target_on)[0] if is_running(case) else ""
        return " · ".join(filter(None, [case.reference if case.identity_hidden else case.subject, left]))
    if (instruction := row.instruction) is not None:
        left = days_left(instruction.due_on)[0] if instruction.ended_at is None else ""
        return " · ".join(filter(None, [instruction.subject, left]))
    if (about := row.letter or row.request) is not None and about.subject:
        return str(about.subject)
    if row.note is not None:
        return row.note.question
    if row.promise is not None:
        return row.promise.text
    return str(row.event.title) if row.event is not None else words.title(row)


def _line(matter: list[Notification]) -> dict[str, object]:
    """One matter: what its newest notification says, and the earlier ones behind it."""
    row, earlier = matter[0], matter[1:]
    path = words.path(row)
    return {
        "key": row.key,
        "earlier": [(timezone.localtime(one.created_at), one.type.words) for one in earlier],
        "title": headline(row),
        "kind": "" if words.is_secret(row) else words.title(row),
        "url": "" if path == words.LIST else f"{reverse('admin:index')}{path}",
        "opens": path.endswith("/change/"),
        "at": timezone.localtime(row.created_at),
        "is_urgent": any(one.is_urgent for one in matter),
        "mailed_at": row.mailed_at,
        "texted_at": row.texted_at,
    }


def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for a page that is open: how many were not seen by now."""
    return render(request, "admin_ui/includes/bell.html")


def see(request: HttpRequest) -> HttpResponse:
    """Mark one, or the newest hundred and more: all that are unseen, as seen. A second press changes nothing."""
    if request.method == "POST":
        keys = _all_keys() if request.POST.get("all") else [request.POST.get("key", "")]
        with scope.authorized_many(
            Action.CHANGE, Notification, [key for key in map(_uuid, keys) if key]
        ) as rows:
            count = actions.see(rows)
        if count:
            text = ngettext(
                "%(count)s notification is marked as seen.",
                "%(count)s notifications are marked as seen.",
                count,
            )
            messages.success(request, text % {"count": count})
    return HttpResponseRedirect(reverse("admin:notifications"))


def _all_keys() -> list[Any]:
    return list(
        scope.visible(Notification.objects.unseen()).order_by(*NEWEST).values_list("key", flat=True)[:1000]
    )


def _uuid(key: UUID) -> UUID | None:
    try:
        return UUID(str(key))
    except ValueError:
        return None


class PreferenceForm(OfficeForm):
    """A choice for each kind and channel, and the hours."""

    quiet_from = ClockField(label=gettext_lazy("Quiet from"))
    quiet_until = ClockField(
        label=gettext_lazy("Quiet until"),
        help_text=gettext_lazy(
            "In these hours only what is urgent is sent; the rest when they end. The same hour twice: never quiet."
        ),
    )
    digest_at = ClockField(
        label=gettext_lazy("Time of the daily digest"),
        help_text=gettext_lazy("What you chose as a digest and have not seen by then comes in one message."),
    )

    def __init__(self, row: Preference, channels: list[Channel], *args: Any, **kwargs: Any) -> None:
        hours: dict[str, dt.time] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, initial=hours, **kwargs)
        self.channels = channels
        for kind in Kind:
            for channel in channels:
                self.fields[f"{kind}-{channel}"] = forms.ChoiceField(
                    label=f"{kind.label}: {channel.label}",
                    choices=[(mode.value, mode.label) for mode in MODES[channel]],
                    initial=row.mode(kind, channel).value,
                    widget=forms.Select(attrs={"aria-label": f"{kind.label}: {channel.label}"}),
                )

    def rows(self) -> Iterator[dict[str, object]]:
        for kind in Kind:
            fields = [(channel.label, self[f"{kind}-{channel}"]) for channel in self.channels]
            yield {
                "kind": kind.label,
                "meaning": MEANING[kind],
                "is_duty": kind in DUTY,
                "fields": fields,
            }

    @property
    def hours(self) -> list[object]:
        return [self[name] for name in self.base_fields]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        choices = {kind.value: {c.value: data[f"{kind}-{c}"] for c in self.channels} for kind in Kind}
        return {"choices": choices, **{name: data[name] for name in self.base_fields}}


def preferences(request: HttpRequest) -> HttpResponse:
    """Notification preferences. A channel that cannot reach the user is not offered, with the reason."""
    user = scope.require_viewer().user
    assert user is not None  # noqa: S101 - the viewer is signed in
    refusal = actions.why_no_sms(user)
    channels = [channel for channel in Channel if channel != Channel.SMS or refusal is None]
    form = PreferenceForm(preference(), channels, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals(), scope.elevated_for(Preference, Action.REGISTER):
            actions.choose(by=user, **form.chosen())
        if not form.errors:
            messages.success(request, _("Your choice is saved."))
            return HttpResponseRedirect(reverse("admin:notification_preferences"))
    context = {
        "title": _("How I am notified"),
        "parents": [(_("Notifications"), reverse("admin:notifications"))],
        "form": form,
        "channels": [channel.label for channel in channels],
        "rows": form.rows(),
        "hours": form.hours,
        "why_no_sms": refusal.message if refusal else "",
        "why_no_email": not user.email,
    }
    return page(admin.site, request, "admin_ui/notification_preferences.html", context)
