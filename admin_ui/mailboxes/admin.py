"""The incoming desk: the mails that came and are not yet something, and the page of one with what it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.complaints.forms import CategoryField
from admin_ui.contacts.picker import OrganisationField
from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, or_dash, phone
from admin_ui.core.fields import PrincipalField, choice, principals
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Rows, Tab
from admin_ui.mailboxes import formatted
from admin_ui.mailboxes.story import sender_address
from admin_ui.submissions import admin as submissions
from admin_ui.triage import showing
from backend.appointments.models import AppointmentRequest
from backend.complaints import catalogue
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.complaints.suggestion import Suggestion, suggest
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import local_date
from backend.documents.intake import PICTURES
from backend.letters.models import Letter
from backend.mailboxes import actions, moves  # noqa: F401 - declares the verbs
from backend.mailboxes.actions.desk import CASE_CHANNELS
from backend.mailboxes.choices import Channel, Kind, Status
from backend.mailboxes.models import (
    EDGES,
    InboundFile,
    InboundMessage,
    InboundMessageQuerySet,
    Mailbox,
    Matter,
    MessageLine,
    name_of,
)
from backend.mailboxes.moves import MAKES, Verb, inbound_message_action
from backend.organization.models import Category, Department, OutsideBody
from backend.partners.models import Organisation
from backend.places.finding import Place, address_of
from backend.submissions.models import Submission
from permissions.core import scope
from permissions.mailboxes import access, proposals
from permissions.routing import access as routing
from permissions.triage import suggestions

TONES = {Status.WAITING: "orange", Status.JOINED: "green", Status.MADE: "green", Status.SET_ASIDE: "grey"}
ICONS = {Channel.MAIL: "mail", Channel.SMS: "sms", Channel.WHATSAPP: "chat"}
VERDICTS = {"pass": "green", "fail": "red", "softfail": "red"}
MOST = 5
LONGEST = 10_000
PETITION_DAYS = 30
"""Within which a petition is answered (3071 m.7)."""


def may_see() -> bool:
    return page_access.sees_some(InboundMessage)


def may_see_mailboxes() -> bool:
    return page_access.sees_some(Mailbox)


def may_see_lines() -> bool:
    return page_access.sees_some(MessageLine)


def senders(mail: InboundMessage) -> list[Citizen]:
    """The records with the address or telephone of the sender, as far as the viewer sees them."""
    if not mail.from_address:
        return []
    rows = scope.visible(Citizen.objects.standing())
    rows = (
        rows.filter(email__iexact=mail.from_address) if mail.is_mail else rows.filter(phone=mail.from_address)
    )
    return list(rows.order_by("-pk")[:MOST])


def proposed(mail: InboundMessage) -> Suggestion:
    return suggest(f"{mail.subject}\n{mail.written}"[:LONGEST], catalogue.current())


def address(mail: InboundMessage) -> Place | None:
    """The place that a mail names, if it is sure which one is meant."""
    found = next(iter(address_of(f"{mail.subject}\n{mail.written}")), None)
    return found if found and (found.street or found.landmark) and found.is_sure else None


def rule_proposal(mail: InboundMessage) -> routing.Proposal:
    """What the house's rules propose for a mail, as a case of its moment would get it."""
    text = f"{mail.subject}\n{mail.written}"
    return routing.proposal_on(text, channel=CASE_CHANNELS[mail.channel], moment=mail.received_at)


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
    """Begins with the category and the place that the words propose, too."""

    category = CategoryField(
        label=gettext_lazy("Category"), required=False, empty_label=gettext_lazy("decided later")
    )

    def starting(self, mail: InboundMessage) -> dict[str, object]:
        codes, place = proposed(mail).categories, address(mail)
        found = {"category": codes[0] if codes else "", "place": place.line if place else ""}
        return super().starting(mail) | found


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
    """Begins with what the mail may belong to: by its thread, its number, or what its sender has open."""

    matter = forms.ChoiceField(
        label=gettext_lazy("What it may belong to"), widget=forms.RadioSelect, required=False
    )
    number = forms.CharField(
        label=gettext_lazy("Or its number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "Of an application, an appointment request or a letter: 2027/15, RT-2027/3, GL-2027/8."
        ),
    )
    organisation = OrganisationField(label=gettext_lazy("Or a partner"), required=False)
    field_order = ("matter", "number", "organisation")

    def prepare(self, mail: InboundMessage) -> None:
        self.found = {str(one.key): one for one in proposals.proposed(mail, senders(mail))}
        field = choice(self, "matter")
        field.choices = [(key, called(one)) for key, one in self.found.items()]
        if self.found:
            self.initial["matter"] = next(iter(self.found))
        else:
            del self.fields["matter"]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        number, partner = str(values.pop("number", "") or ""), values.pop("organisation", None)
        chosen = self.found.get(str(values.pop("matter", "")))
        matter: Matter | None = partner or chosen
        if number:
            matter = next(iter(proposals.numbered(number)), None)
            if matter is None:
                self.add_error("number", _("There is no such record, or you may not see it."))
                return values
        return values | ({EDGES[type(matter)]: matter} if matter else {})

    def refuse(self, error: DomainError) -> None:
        """Show at the number what the action says of a matter."""
        if error.field in EDGES.values():
            error.field = "organisation" if error.field == "organisation" else "number"
        super().refuse(error)


KINDS: dict[type[Matter], Promise] = {
    Complaint: gettext_lazy("Application"),
    AppointmentRequest: gettext_lazy("Appointment request"),
    Letter: gettext_lazy("Letter"),
    Organisation: gettext_lazy("Partner"),
}


def called(matter: Matter) -> str:
    """A matter in a line: its kind, its number and what it is about."""
    about = "" if isinstance(matter, Organisation) else f" · {matter.subject}"
    return f"{KINDS[type(matter)]} {name_of(matter)}{about}"


def _subject(row: InboundMessage) -> str:
    danger, mark = _danger(row), badge(row.get_status_display(), TONES[Status(row.status)])
    kind = "" if row.kind == Kind.MESSAGE else badge(row.get_kind_display(), "blue")
    marks = (danger, "" if row.status == Status.WAITING else mark, kind)
    subject = row.subject or _("(without a subject)")
    return format_html('<span><span class="ok-subject">{}</span> {} {} {}</span>', subject, *marks)


def _danger(row: InboundMessage) -> str:
    """What its words give away, while it waits: from then on what was made of it is urgent or not."""
    if not row.danger or row.status != Status.WAITING:
        return ""
    return badge(_("urgent? %(danger)s") % {"danger": row.danger}, "red")


def _mailboxes() -> list[tuple[str, str]]:
    rows: list[Mailbox | MessageLine] = [
        *scope.visible(Mailbox).order_by("name", "pk"),
        *scope.visible(MessageLine).order_by("name", "pk"),
    ]
    return [(str(row.key), row.name) for row in rows]


def _of_box(rows: Rows, key: str) -> Rows:
    return rows.filter(Q(mailbox__key=key) | Q(line__key=key))


def _channel(row: InboundMessage) -> str:
    icon = format_html(
        '<span class="material-symbols-outlined" aria-hidden="true">{}</span>', ICONS[Channel(row.channel)]
    )
    return format_html("{} {}", icon, row.get_channel_display())


@admin.register(InboundMessage)
class InboundMessageAdmin(ActionAdmin[InboundMessage]):
    searches = True
    search_hint = gettext_lazy("Subject, name or address of the sender")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/inbound_message.html"
    columns = (
        Column(gettext_lazy("Received at"), lambda r: r.received_at, ("received_at",), "ok-nowrap"),
        Column(gettext_lazy("Channel"), lambda r: r.get_channel_display(), css="ok-nowrap", html=_channel),
        Column(gettext_lazy("Subject"), lambda r: r.subject, css="ok-wide", html=_subject),
        Column(gettext_lazy("Sender"), lambda r: r.from_name or sender_address(r)),
        Column(gettext_lazy("E-mail or telephone"), sender_address, on_wish=True),
        Column(gettext_lazy("Mailbox or number"), lambda r: or_dash(r.came_to)),
        Column(gettext_lazy("Department"), lambda r: r.department.short_name),
    )
    tabs = (
        Tab("waiting", gettext_lazy("On the desk"), lambda rows: rows.waiting()),
        Tab("urgent", gettext_lazy("Urgent?"), lambda rows: rows.waiting().exclude(danger="")),
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
            "channel",
            gettext_lazy("Channel"),
            lambda: Channel.choices,
            lambda rows, channel: rows.filter(channel=channel),
        ),
        Choice("mailbox", gettext_lazy("Mailbox or number"), _mailboxes, _of_box),
    )
    order = ("received_at", "pk")
    intro = gettext_lazy(
        "What came by e-mail, SMS or WhatsApp and is not yet something, the oldest first. A petition counts from the"
        " day on which the municipality received it (3071 m. 7), whenever it is registered here."
    )
    empty = gettext_lazy(
        "No message waits. What citizens write to a mailbox or a number of your unit stands here within a minute; both"
        " are added by Bilgi İşlem."
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
        through={Verb.JOIN: access.join},
    )

    def offered(self, row: InboundMessage) -> list[RowAction]:
        """What the mails of its mailbox usually become stands first."""
        return sorted(super().offered(row), key=lambda step: step.verb != moves.proposed(row.purpose))

    def stands_out(self, row: InboundMessage, step: RowAction) -> bool:
        usual = step.verb == moves.proposed(row.purpose)
        return step.is_main and (usual or step.verb not in MAKES.values())

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundMessage]:
        # A unit does not see another's mailbox or number, from which a message was passed on to it.
        mailbox = scope.visible(Mailbox).filter(pk=OuterRef("mailbox"))
        line = scope.visible(MessageLine).filter(pk=OuterRef("line"))
        return (
            scope.visible(InboundMessage)
            .select_related("department")
            .annotate(
                came_to=Coalesce(Subquery(mailbox.values("name")[:1]), Subquery(line.values("name")[:1]))
            )
            .defer("text", "html", "authentication")
        )

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        """What came by the citizens' site and is not confirmed yet waits in a list of its own."""
        if not submissions.may_see():
            return []
        count = scope.visible(Submission.objects.waiting()).count()
        title = _("Submissions awaiting verification: %(count)s") % {"count": count}
        url = reverse("admin:submissions_submission_changelist")
        return [{"title": title, "url": url, "icon": "mark_email_unread"}] if count else []

    def more_urls(self) -> list[URLPattern]:
        return [*super().more_urls(), self.route("<uuid:key>/formatted/", formatted.document, "formatted")]

    def search(self, rows: InboundMessageQuerySet, text: str) -> InboundMessageQuerySet:
        return rows.search(text)

    def details(self, request: HttpRequest, row: InboundMessage) -> dict[str, object]:
        known = senders(row)
        scope.log_access([person.pk for person in known], "admin: inbound message")
        waits = row.status == Status.WAITING
        suggestion = proposed(row) if waits else None
        learned = suggestions.on_text(f"{row.subject}\n{row.written}") if waits else None
        by_rule = rule_proposal(row) if waits else None
        return {
            **(showing.proposed(learned) if learned else {}),
            "title": _("Received on %(moment)s") % {"moment": moment_text(row.received_at)},
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "kind": "" if row.kind == Kind.MESSAGE else badge(row.get_kind_display(), "blue"),
            "made": made_of(row),
            "mailbox": scope.visible(Mailbox).filter(mails=row).first(),
            "line": scope.visible(MessageLine).filter(messages=row).first(),
            "channel": _channel(row),
            "sender_phone": phone(row.from_phone),
            "formatted": self.url("formatted", row.key) if row.html else "",
            "sandbox": formatted.SANDBOX,
            "senders": known,
            "checks": [
                badge(f"{method.upper()}: {result}", VERDICTS.get(result, "grey"))
                for method, result in sorted(row.authentication.items())
            ],
            "categories": _named(Category, suggestion.categories[:MOST]) if suggestion else [],
            "address": address(row) if suggestion else None,
            "departments": _named(Department, suggestion.candidates[:MOST]) if suggestion else [],
            "by_rule": by_rule,
            "rule_priority": Priority(by_rule.priority).label if by_rule and by_rule.priority else "",
            "similar": [shown(one) for one in proposals.proposed(row, known)]
            if row.status == Status.WAITING
            else [],
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
            return _("Registered as %(reference)s.") % {"reference": name_of(matter)}
        return ""


def made_of(mail: InboundMessage) -> dict[str, object] | None:
    """What a mail is part of, with its page; None where there is nothing, or the viewer may not see it."""
    keys = ((model, getattr(mail, f"{edge}_id")) for model, edge in EDGES.items())
    model, key = next((one for one in keys if one[1]), (Complaint, None))
    row: Any = scope.visible(model).filter(pk=key).first() if key else None
    return shown(row) if row is not None else None


def shown(row: Matter) -> dict[str, object]:
    """A matter with its page."""
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.key])
    about = "" if isinstance(row, Organisation) else row.subject
    return {"title": KINDS[type(row)], "url": url, "reference": name_of(row), "subject": about}


def _named(model: type[Category | Department], codes: Sequence[str]) -> list[str]:
    names = dict(model._default_manager.filter(code__in=codes).values_list("code", "name"))
    return [names[code] for code in codes if code in names]
