"""The outgoing messages: what waits, left or failed; what failed is sent again by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.listing import Choice, Column, Dates
from admin_ui.core.screen import ScopedAdmin
from admin_ui.journal.searching import newest
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.models import containing
from backend.outbox.actions import post_again
from backend.outbox.models import Message
from permissions.core import scope
from permissions.core.scope import Action

_TONES = {
    Message.Status.WAITING: "orange",
    Message.Status.SENT: "green",
    Message.Status.FAILED: "red",
    Message.Status.RECALLED: "grey",
}


def _status(row: Message) -> str:
    return badge(row.get_status_display(), _TONES[Message.Status(row.status)])


def _address(row: Message) -> str:
    """Whom it goes to, for who may see every citizen."""
    return row.address if page_access.sees_all(Citizen) else "–"


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    gate = staticmethod(page_access.office)
    detail_template = "admin_ui/message.html"
    columns = (
        Column(
            gettext_lazy("Written"),
            lambda m: m.created_at,
            ("created_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Subject"), lambda m: m.subject or m.get_channel_display(), css="ok-wide"),
        Column(gettext_lazy("To"), _address),
        Column(gettext_lazy("Channel"), lambda m: m.get_channel_display(), css="ok-nowrap"),
        Column(gettext_lazy("Status"), _status, css="ok-nowrap"),
        Column(gettext_lazy("Leaves at"), lambda m: m.not_before, css="ok-nowrap"),
        Column(
            gettext_lazy("Sent"),
            lambda m: m.sent_at,
            css="ok-nowrap",
        ),
        Column(gettext_lazy("Attempts"), lambda m: m.attempts, css="ok-number"),
        Column(gettext_lazy("Last error"), lambda m: or_dash(m.last_error)),
    )
    filters = (
        Choice.of("status", gettext_lazy("Status"), Message.Status),
        Dates("written", gettext_lazy("Written"), "created_at__date"),
    )
    order = ("-created_at", "pk")
    searches = True
    search_hint = gettext_lazy("Words of the newest ten thousand")

    def url_of(self, row: Message) -> str:
        return self.url("change", row.pk)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Message:
        """The visible message. NOT_FOUND if it is hidden or missing. Its key is its number too."""
        row = scope.visible(Message).filter(pk=object_id).first()
        if row is None:
            raise scope.not_found()
        return row

    def details(self, request: HttpRequest, row: Message) -> dict[str, object]:
        """Its way, and no word of its text: a code or a link in it opens something."""
        has_failed = row.status == Message.Status.FAILED
        return {
            "title": row.subject or row.get_channel_display(),
            "status": _status(row),
            "address": _address(row),
            "again_url": self.url("again", row.pk)
            if has_failed and page_access.holds(Message, Action.CHANGE)
            else "",
        }

    def more_urls(self) -> list[URLPattern]:
        return [self.route("<uuid:key>/again/", require_POST(self.again_view), "again")]

    def again_view(self, request: page_access.StaffRequest, key: UUID) -> HttpResponse:
        """Send a failed message once more; a second click finds it on its way."""
        row = self.get_object(request, str(key))
        try:
            if row.status != Message.Status.WAITING:
                with scope.elevated_for(Message, Action.CHANGE):
                    post_again(row, by=request.user)
        except DomainError as error:
            if error.code != ErrorCode.WRONG_STATE:
                raise
            messages.warning(request, str(error))
        else:
            messages.success(request, _("It is on its way again."))
        return HttpResponseRedirect(self.url("change", key))

    def search(self, rows: Any, text: str) -> Any:
        fields = (
            ("subject", "channel", "address") if page_access.sees_all(Citizen) else ("subject", "channel")
        )
        return newest(rows, "-created_at").filter(containing(rows, fields, text))

    intro = gettext_lazy(
        "Letters and short messages on their way: the worker sends them, and tries again when it fails."
    )
    empty = gettext_lazy(
        "No message has left the house yet. What citizens are sent by e-mail or SMS stands here; the"
        " first one comes with a receipt or a reply."
    )
