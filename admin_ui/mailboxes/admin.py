"""The incoming desk: the mails that came and are not yet something, and the page of one with what it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.complaints.forms import CategoryField
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import PrincipalField, principals
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Tab
from backend.appointments.models import AppointmentRequest
from backend.complaints import catalogue
from backend.complaints.models import Complaint
from backend.complaints.suggestion import Suggestion, suggest
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.documents.intake import PICTURES
from backend.letters.models import Letter
from backend.mailboxes import actions, joining, moves  # noqa: F401 - declares the verbs
from backend.mailboxes.choices import Kind, Status
from backend.mailboxes.models import InboundFile, InboundMessage, InboundMessageQuerySet, Mailbox
from backend.mailboxes.moves import MAKES, Verb, inbound_message_action
from backend.organization.models import Category, Department, OutsideBody
from permissions.core import scope

TONES = {Status.WAITING: "orange", Status.JOINED: "green", Status.MADE: "green", Status.SET_ASIDE: "grey"}
VERDICTS = {"pass": "green", "fail": "red", "softfail": "red"}
MOST = 5
LONGEST = 10_000
PETITION_DAYS = 30
"""Within which a petition is answered (3071 m.7)."""


def may_see() -> bool:
    return page_access.sees_some(InboundMessage)


def may_see_mailboxes() -> bool:
    return page_access.sees_some(Mailbox)


def senders(mail: InboundMessage) -> list[Citizen]:
    """The records with the address of the sender, as far as the viewer sees them."""
    if not mail.from_address:
        return []
    rows = scope.visible(Citizen.objects.standing()).filter(email__iexact=mail.from_address)
    return list(rows.order_by("-pk")[:MOST])


def proposed(mail: InboundMessage) -> Suggestion:
    return suggest(f"{mail.subject}\n{mail.written}"[:LONGEST], catalogue.current())


class SenderForm(ActionForm):
    """Begins with what the mail says, and with the record of its sender where there is one with this address."""

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        known = senders(mail)
        first, _space, last = mail.from_name.rpartition(" ")
        return {
            "subject": mail.subject[:200],
            "body": mail.written,
            "applicant": known[0] if len(known) == 1 else None,
            "first_name": "" if known else (first or last)[:80],
            "last_name": "" if known or not first else last[:80],
        }


class MakeCaseForm(SenderForm):
    """Begins with the category that the words propose, too."""

    category = CategoryField(
        label=gettext_lazy("Category"), required=False, empty_label=gettext_lazy("decided later")
    )

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        codes = proposed(mail).categories
        return super().starting(mail) | {"category": codes[0] if codes else ""}


class MakeRequestForm(SenderForm):
    principal = PrincipalField(label=gettext_lazy("With whom?"))

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        keys = [str(one.key) for one in principals()]
        return super().starting(mail) | {"principal": keys[0] if keys else "", "party_size": 1}


class MakeLetterForm(ActionForm):
    """Begins with the mail, and with the last day for the answer to a petition, counted from its receipt."""

    body_of_sender = forms.ModelChoiceField(
        label=gettext_lazy("Which body wrote it?"),
        queryset=OutsideBody.objects.order_by("protocol_rank", "name_sort"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("none of these"),
    )

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        received_on = local_date(mail.received_at)
        return {
            "subject": mail.subject[:200],
            "text": mail.written,
            "sender": mail.from_name or mail.from_address,
            "sent_on": min(local_date(mail.sent_at), received_on) if mail.sent_at else received_on,
            "answer_by": received_on + dt.timedelta(days=PETITION_DAYS),
        }


class JoinForm(ActionForm):
    """Begins with the case that the mail may belong to, by its thread or its subject."""

    complaint = forms.CharField(
        label=gettext_lazy("Number of the application"),
        max_length=16,
        help_text=gettext_lazy("For example 2027/15"),
    )

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        found = joining.thread_of(mail)
        if found is None or not isinstance(found.matter, Complaint):
            return {}
        case = scope.visible(Complaint).filter(pk=found.matter.pk).first()
        return {"complaint": case.reference if case else ""}

    def clean_complaint(self) -> Complaint:
        number = self.cleaned_data["complaint"].replace(" ", "")
        case = scope.visible(Complaint).filter(reference=number).first()
        if case is None:
            raise forms.ValidationError(_("There is no such record, or you may not see it."))
        return case


def _subject(row: InboundMessage) -> str:
    mark = badge(row.get_status_display(), TONES[Status(row.status)])
    kind = "" if row.kind == Kind.MESSAGE else badge(row.get_kind_display(), "blue")
    return format_html(
        '<span class="ok-subject">{}</span> {} {}', row.subject or _("(without a subject)"), mark, kind
    )


def _mailboxes() -> list[tuple[str, str]]:
    rows = scope.visible(Mailbox).order_by("name", "pk")
    return [(str(row.key), row.name) for row in rows]


@admin.register(InboundMessage)
class InboundMessageAdmin(ActionAdmin[InboundMessage]):
    searches = True
    search_hint = gettext_lazy("Subject, name or address of the sender")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/inbound_message.html"
    columns = (
        Column(gettext_lazy("Received at"), lambda r: r.received_at, ("received_at",), "ok-nowrap"),
        Column(gettext_lazy("Subject"), lambda r: r.subject, css="ok-wide", html=_subject),
        Column(gettext_lazy("Sender"), lambda r: r.from_name or r.from_address),
        Column(gettext_lazy("E-mail address"), lambda r: r.from_address, on_wish=True),
        Column(gettext_lazy("Mailbox"), lambda r: or_dash(r.mailbox_name)),
        Column(gettext_lazy("Department"), lambda r: r.department.short_name),
    )
    tabs = (
        Tab("waiting", gettext_lazy("On the desk"), lambda rows: rows.waiting()),
        Tab(
            "done",
            gettext_lazy("Became something"),
            lambda rows: rows.filter(status__in=[Status.MADE, Status.JOINED]),
            is_counted=False,
        ),
        Tab(
            "aside",
            gettext_lazy("Set aside with a reason"),
            lambda rows: rows.filter(status=Status.SET_ASIDE),
            is_counted=False,
        ),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True, is_counted=False),
    )
    filters = (
        Choice(
            "mailbox", gettext_lazy("Mailbox"), _mailboxes, lambda rows, key: rows.filter(mailbox__key=key)
        ),
    )
    order = ("received_at", "pk")
    intro = gettext_lazy(
        "What came by e-mail and is not yet something, the oldest first. A petition counts from the day on which the"
        " municipality received it (3071 m. 7), whenever it is registered here."
    )
    empty = gettext_lazy(
        "No mail waits. What citizens write to a mailbox of your unit stands here within a minute; mailboxes are added"
        " by Bilgi İşlem."
    )
    page_relations = ("department", "decided_by", "complaint")
    steps = steps_of(
        inbound_message_action,
        {
            Verb.MAKE_CASE: MakeCaseForm,
            Verb.MAKE_REQUEST: MakeRequestForm,
            Verb.MAKE_LETTER: MakeLetterForm,
            Verb.JOIN: JoinForm,
        },
    )

    def offered(self, row: InboundMessage) -> list[RowAction]:
        """What the mails of its mailbox usually become stands first."""
        return sorted(super().offered(row), key=lambda step: step.verb != moves.proposed(row.purpose))

    def stands_out(self, row: InboundMessage, step: RowAction) -> bool:
        usual = step.verb == moves.proposed(row.purpose)
        return step.is_main and (usual or step.verb not in MAKES.values())

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundMessage]:
        # A unit does not see another's mailbox, out of which a mail was passed on to it.
        of_mail = scope.visible(Mailbox).filter(pk=OuterRef("mailbox"))
        return (
            scope.visible(InboundMessage)
            .select_related("department")
            .annotate(mailbox_name=Subquery(of_mail.values("name")[:1]))
            .defer("text", "html", "authentication")
        )

    def search(self, rows: InboundMessageQuerySet, text: str) -> InboundMessageQuerySet:
        return rows.search(text)

    def details(self, request: HttpRequest, row: InboundMessage) -> dict[str, object]:
        known = senders(row)
        scope.log_access([person.pk for person in known], "admin: inbound message")
        suggestion = proposed(row) if row.status == Status.WAITING else None
        return {
            "title": _("Received on %(moment)s") % {"moment": moment_text(row.received_at)},
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "kind": "" if row.kind == Kind.MESSAGE else badge(row.get_kind_display(), "blue"),
            "made": made_of(row),
            "mailbox": scope.visible(Mailbox).filter(pk=row.mailbox_id).first(),
            "senders": known,
            "checks": [
                badge(f"{method.upper()}: {result}", VERDICTS.get(result, "grey"))
                for method, result in sorted(row.authentication.items())
            ],
            "categories": _named(Category, suggestion.categories[:MOST]) if suggestion else [],
            "departments": _named(Department, suggestion.candidates[:MOST]) if suggestion else [],
            "similar": _similar(row, known),
            "files": [
                {
                    "key": one.key,
                    "name": one.name,
                    "size": one.size,
                    "is_picture": one.content_type in PICTURES,
                }
                for one in scope.visible(InboundFile).filter(mail=row).order_by("uploaded_at", "pk")
            ],
        }

    def summary(self, row: InboundMessage, step: RowAction, made: object) -> str:
        matter = made.matter if isinstance(made, InboundMessage) else None
        if step.verb in MAKES.values() and matter is not None:
            return _("Registered as %(reference)s.") % {"reference": matter.reference}
        return ""


def made_of(mail: InboundMessage) -> dict[str, object] | None:
    """What a mail is part of, with its page; None where there is nothing, or the viewer may not see it."""
    edges = (
        (Complaint, mail.complaint_id, _("Application")),
        (AppointmentRequest, mail.appointment_request_id, _("Appointment request")),
        (Letter, mail.letter_id, _("Letter")),
    )
    model, key, title = next((one for one in edges if one[1]), (Complaint, None, ""))
    row: Any = scope.visible(model).filter(pk=key).first() if key else None
    if row is None:
        return None
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.key])
    return {"title": title, "url": url, "reference": row.reference, "subject": row.subject}


def _named(model: type[Category | Department], codes: Sequence[str]) -> list[str]:
    names = dict(model._default_manager.filter(code__in=codes).values_list("code", "name"))
    return [names[code] for code in codes if code in names]


def _similar(row: InboundMessage, known: list[Citizen]) -> list[Complaint]:
    """Open cases of the sender, as far as the viewer sees them, the newest first."""
    if not known:
        return []
    rows = scope.visible(Complaint.objects.open()).filter(applicant__in=known)
    return list(rows.order_by("-registered_at", "-pk")[:MOST])
