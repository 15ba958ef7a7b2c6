"""What happened in the installation, who looked at whom, and what left the house: read only."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui import gates
from admin_ui.base import ScopedAdmin
from admin_ui.display import badge, or_dash, permission_name
from admin_ui.listing import Choice, Column, Dates, Listing
from backend.contacts.models import Citizen
from backend.journal.models import Reading, Record
from backend.outbox.models import Message
from backend.portals.models import Scope as ApiScope
from permissions import scope

SCOPES: dict[str, Any] = {scope.value: scope.label for scope in ApiScope}

VERBS: dict[str, Any] = {
    "grant_given": gettext_lazy("Permission given"),
    "grant_taken": gettext_lazy("Permission taken"),
    "token_issued": gettext_lazy("Token issued"),
    "token_revoked": gettext_lazy("Token revoked"),
    "citizen_corrected": gettext_lazy("Citizen's record corrected"),
    "citizens_merged": gettext_lazy("Records merged"),
    "merge_undone": gettext_lazy("Merge undone"),
    "national_id_set": gettext_lazy("T.C. kimlik no recorded"),
    "national_id_removed": gettext_lazy("T.C. kimlik no removed"),
    "national_id_repeated": gettext_lazy("Recorded with the T.C. kimlik no of another record"),
    "department_renamed": gettext_lazy("Department renamed"),
    "department_closed": gettext_lazy("Department closed"),
    "head_appointed": gettext_lazy("Head appointed"),
    "acting_head_appointed": gettext_lazy("Acting head appointed"),
    "acting_head_ended": gettext_lazy("Acting ended"),
    "leave_added": gettext_lazy("Administrative leave added"),
    "leave_removed": gettext_lazy("Administrative leave removed"),
    "reference_created": gettext_lazy("Reference data created"),
    "reference_changed": gettext_lazy("Reference data changed"),
    "account_opened": gettext_lazy("Account opened"),
    "account_closed": gettext_lazy("Account closed"),
    "account_reopened": gettext_lazy("Account reopened"),
    "account_changed": gettext_lazy("Account changed"),
    "password_reset": gettext_lazy("Password reset"),
    "complaints_imported": gettext_lazy("Applications imported"),
    "principal_established": gettext_lazy("Principal established"),
    "principal_changed": gettext_lazy("Principal changed"),
    "public_day_set": gettext_lazy("Public day set"),
    "public_day_ended": gettext_lazy("Public day ended"),
    "working_hours_set": gettext_lazy("Working hours set"),
}


def verb_text(verb: str) -> Any:
    return VERBS.get(verb, verb.replace("_", " "))


def kind_text(kind: str) -> str:
    """The Turkish name of a table that a line speaks of."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


def _note(row: Record) -> str:
    """The note, with the names of permissions and of a token's scopes in words."""
    if row.verb.startswith("token_"):
        return re.sub(r"\b[A-Z]{4,}\b", lambda word: str(SCOPES.get(word[0], word[0])), row.note)
    if not row.verb.startswith("grant_"):
        return row.note
    return " ".join(str(permission_name(word)) for word in row.note.split(" "))


@admin.register(Record)
class RecordAdmin(ScopedAdmin):
    gate = staticmethod(gates.maintainers)
    columns = (
        Column(gettext_lazy("When"), lambda r: f"{_local(r.at):%d.%m.%Y %H:%M}", ("at",), "ok-nowrap"),
        Column(gettext_lazy("What"), lambda r: verb_text(r.verb)),
        Column(gettext_lazy("Of"), lambda r: kind_text(r.subject_kind)),
        Column(gettext_lazy("Which"), lambda r: or_dash(r.subject_label), css="ok-wide"),
        Column(gettext_lazy("Note"), lambda r: or_dash(_note(r)), css="ok-wide"),
        Column(gettext_lazy("By"), lambda r: r.actor or _("automatic")),
    )
    filters = (
        Choice("what", gettext_lazy("What"), VERBS.items, lambda rows, verb: rows.filter(verb=verb)),
        Dates("at", gettext_lazy("When"), "at__date"),
    )
    order = ("-at", "-pk")
    intro = gettext_lazy("What was done to the installation itself. Nothing here can be changed or deleted.")

    def listing(self, request: HttpRequest) -> Listing:
        found = super().listing(request)
        found.rows = found.rows.select_related("actor")
        return found


def _local(moment: Any) -> Any:
    from django.utils import timezone

    return timezone.localtime(moment)


@admin.register(Reading)
class ReadingAdmin(ScopedAdmin):
    gate = staticmethod(gates.managers)
    filters = (Dates("at", gettext_lazy("When"), "at__date"),)
    order = ("-at", "-pk")
    intro = gettext_lazy(
        "Who was shown whose personal data, and where (KVKK m.12). Only what you may see is named."
    )

    def listing(self, request: HttpRequest) -> Listing:
        found = super().listing(request)
        found.rows = found.rows.select_related("reader")
        names: dict[int, str] = {}

        def learn(rows: list[Any]) -> None:
            ids = {
                pk for row in rows for pk in row.subject_ids[:20] if row.subject_kind == "contacts.citizen"
            }
            names.update({row.pk: row.full_name for row in scope.visible(Citizen).filter(pk__in=ids)})

        def whose(row: Any) -> str:
            shown = [names[pk] for pk in row.subject_ids[:3] if pk in names]
            rest = len(row.subject_ids) - len(shown)
            if not shown:
                return _("%(n)d persons") % {"n": rest} if rest != 1 else _("one person")
            return ", ".join(shown) + (_(" and %(n)d more") % {"n": rest} if rest else "")

        found.on_page = learn
        found.columns = (
            Column(gettext_lazy("When"), lambda r: f"{_local(r.at):%d.%m.%Y %H:%M}", ("at",), "ok-nowrap"),
            Column(gettext_lazy("Who looked"), lambda r: or_dash(r.reader)),
            Column(gettext_lazy("Whose"), whose, css="ok-wide"),
            Column(gettext_lazy("Where"), lambda r: purpose_text(r.purpose)),
        )
        return found


PURPOSES: dict[str, Any] = {
    "admin: case": gettext_lazy("page of an application"),
    "admin: citizen": gettext_lazy("page of the citizen"),
    "admin: list of citizens": gettext_lazy("list of citizens"),
    "admin: call": gettext_lazy("telephone call"),
}


def purpose_text(purpose: str) -> Any:
    if purpose.startswith("national_id: "):
        return _("whole T.C. kimlik no: %(purpose)s") % {"purpose": purpose.removeprefix("national_id: ")}
    return PURPOSES.get(purpose, purpose)


_TONES = {Message.Status.WAITING: "orange", Message.Status.SENT: "green", Message.Status.FAILED: "red"}


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    gate = staticmethod(gates.office)
    columns = (
        Column(
            gettext_lazy("Written"),
            lambda m: f"{_local(m.created_at):%d.%m.%Y %H:%M}",
            ("created_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Subject"), lambda m: m.subject or m.get_channel_display(), css="ok-wide"),
        Column(gettext_lazy("To"), lambda m: m.address if gates.sees_all(Citizen) else "–"),
        Column(gettext_lazy("Channel"), lambda m: m.get_channel_display()),
        Column(
            gettext_lazy("Status"), lambda m: badge(m.get_status_display(), _TONES[m.status]), css="ok-nowrap"
        ),
        Column(
            gettext_lazy("Sent"),
            lambda m: f"{_local(m.sent_at):%d.%m.%Y %H:%M}" if m.sent_at else "–",
            css="ok-nowrap",
        ),
        Column(gettext_lazy("Attempts"), lambda m: m.attempts, css="ok-number"),
        Column(gettext_lazy("Last error"), lambda m: or_dash(m.last_error)),
    )
    filters = (
        Choice(
            "status",
            gettext_lazy("Status"),
            lambda: Message.Status.choices,
            lambda rows, value: rows.filter(status=value),
        ),
        Dates("written", gettext_lazy("Written"), "created_at__date"),
    )
    order = ("-created_at", "pk")
    intro = gettext_lazy(
        "Letters and short messages on their way: the worker sends them, and tries again when it fails."
    )
    empty = gettext_lazy("No message fits. Take a filter away.")
