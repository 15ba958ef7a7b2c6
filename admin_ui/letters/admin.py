"""Letters: the registers as a list, the page of one with its paper, its way and what may be done to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import AttachForm
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.parts.messages import MessageForm, answering, taken_back
from admin_ui.core.stories import has_messages
from admin_ui.journal import held
from admin_ui.letters import compose as letter_compose
from admin_ui.letters import forms, hand_delivery
from admin_ui.letters import substitutes as letter_substitutes
from admin_ui.letters.source_links import source_links
from admin_ui.letters.story import story
from backend.core.localtime import local_date, today
from backend.core.models import SearchableQuerySet
from backend.letters import drafts
from backend.letters.choices import ISSUED, WRITABLE, Form, Kind, Register, Status
from backend.letters.law import checker, references
from backend.letters.models import Letter, LetterQuerySet
from backend.letters.moves import Verb, letter_action
from backend.mailboxes.models import WrittenMessage
from backend.organization.models import User
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access
from permissions.mailboxes.access import rehearsed_message

TONES = {
    Status.INITIALS: "orange",
    Status.SIGNATURE: "orange",
    Status.APPROVAL: "orange",
    Status.SIGNED: "blue",
    Status.REGISTERED: "blue",
    Status.SENT: "green",
    Status.DELIVERED: "green",
    Status.RECEIVED: "blue",
    Status.ANSWERED: "green",
    Status.REFUSED: "red",
}


def may_see() -> bool:
    """For whom letters are: every member of staff, since a department reads and writes them."""
    viewer = scope.current_viewer()
    return bool(viewer.departments) or viewer.sees_all


BEGINS = (Verb.REPLY, Verb.REMIND)
"""The verbs that begin another letter, whose composer opens."""


def status_badge(row: Letter) -> str:
    return badge(row.get_status_display(), TONES.get(Status(row.status), "grey"))


def _answer_by(row: Letter) -> dt.date | None:
    return row.answer_by if row.status == Status.RECEIVED else None


def _due(row: Letter) -> str:
    if row.answer_by is None or row.status != Status.RECEIVED:
        return "–"
    text = day_text(row.answer_by)
    return badge(text, "red") if row.answer_by < today() else text


def _number(row: Letter) -> str:
    return row.reference or _("Draft")


def _mine(rows: LetterQuerySet) -> LetterQuerySet:
    return rows.filter(
        pk__in=scope.visible(Letter, action=Verb.SIGN).filter(turn_of__isnull=False).values("pk")
    )


@admin.register(Letter)
class LetterAdmin(ActionAdmin[Letter]):
    gate = staticmethod(may_see)
    columns = (
        Column(gettext_lazy("Register number"), _number, css="ok-nowrap"),
        Column(
            gettext_lazy("Date"),
            lambda r: r.shown_date or local_date(r.drafted_at),
            ("drafted_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Subject"), lambda r: r.subject or r.get_kind_display(), css="ok-wide"),
        Column(gettext_lazy("From or to"), lambda r: or_dash(r.sender or r.to_names)),
        Column(
            gettext_lazy("Kind of letter"),
            lambda r: r.get_kind_display() if not r.sender else r.get_register_display(),
        ),
        Column(gettext_lazy("Official number"), lambda r: or_dash(r.shown_number), css="ok-nowrap"),
        Column(gettext_lazy("Answer due"), _answer_by, ("answer_by",), "ok-nowrap", html=_due),
        Column(gettext_lazy("Status"), status_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("turn", gettext_lazy("My turn"), _mine),
        Tab("drafts", gettext_lazy("Being written"), lambda rows: rows.filter(status=Status.DRAFT)),
        Tab(
            "way",
            gettext_lazy("In signature"),
            lambda rows: rows.filter(status__in=[Status.INITIALS, Status.SIGNATURE]),
        ),
        Tab("olur", gettext_lazy("Olur that wait"), lambda rows: rows.filter(status=Status.APPROVAL)),
        Tab("allowed", gettext_lazy("Olur to be carried out"), lambda rows: rows.to_be_carried_out()),
        Tab(
            "leaving",
            gettext_lazy("To be registered and sent"),
            lambda rows: rows.filter(status__in=[Status.SIGNED, Status.REGISTERED]),
        ),
        Tab(
            "open",
            gettext_lazy("Incoming, open"),
            lambda rows: rows.filter(register=Register.INCOMING, status=Status.RECEIVED),
        ),
        Tab(
            "late",
            gettext_lazy("Answer overdue"),
            lambda rows: rows.awaiting_answer().filter(answer_by__lt=today()),
        ),
        Tab("chase", gettext_lazy("No answer came"), lambda rows: rows.unanswered(today())),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "register",
            gettext_lazy("Register"),
            lambda: Register.choices,
            lambda rows, x: rows.filter(register=x),
        ),
        Choice(
            "kind", gettext_lazy("Kind of letter"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)
        ),
        Choice(
            "status", gettext_lazy("Status"), lambda: Status.choices, lambda rows, x: rows.filter(status=x)
        ),
        Dates("when", gettext_lazy("Begun or received"), "drafted_at__date"),
    )
    order = ("-drafted_at", "-pk")
    searches = True
    is_kept = True
    search_hint = gettext_lazy("Subject, text, addressee, sender, number")
    detail_template = "admin_ui/letter.html"
    empty = gettext_lazy(
        "No letter stands here yet. Begin one with “Write a letter”, or register what came in: it gets its number at"
        " once, and the day by which it must be answered."
    )

    page_relations = (
        "department",
        "signatory",
        "approver",
        "turn_of",
        "signed_by",
        "drafted_by",
        "registered_by",
        "file_code",
        "body_of_sender",
    )
    steps = tuple(
        step
        for step in steps_of(
            letter_action,
            {
                Verb.RECORD_NUMBER: forms.RecordNumberForm,
                Verb.DISPATCH: forms.DispatchForm,
                Verb.CONFIRM: forms.ConfirmForm,
                Verb.REPLY: forms.ReplyForm,
                Verb.ATTACH: AttachForm,
                Verb.MESSAGE: MessageForm,
            },
        )
        if step.verb != Verb.WRITE
    )
    """Every verb that has a form; WRITE is the composer."""

    def waits(self, row: Letter) -> str:
        return str(held.letter(row).get("held", "") or held.written(row).get("held", ""))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return scope.visible(Letter).defer("body", "words")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.on_page = lambda rows: access.log_access(rows, "admin: list of letters")
        listing.opens_filled = True
        return listing

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Letter, Action.BEGIN):
            return []
        return [
            {"title": _("Write a letter"), "url": self.url("new"), "icon": "edit_square"},
            {"title": _("Register an incoming letter"), "url": self.url("receive"), "icon": "move_to_inbox"},
            {"title": _("List of letters delivered by hand"), "url": self.url("handed"), "icon": "badge"},
            {"title": _("Substitutes"), "url": self.url("substitutes"), "icon": "switch_account"},
        ]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", letter_compose.new, "new"),
            self.route("preview/", letter_compose.preview, "preview"),
            self.route("pick/", letter_compose.pick, "pick"),
            self.route("substitutes/", letter_substitutes.show, "substitutes"),
            self.route("handed/", hand_delivery.show, "handed"),
            self.route("handed/pdf/", hand_delivery.pdf, "handed_pdf"),
            self.route("of/<slug:what>/<uuid:key>/", letter_compose.make, "make"),
            self.route("receive/", letter_compose.receive, "receive"),
            self.route("<uuid:key>/write/", letter_compose.write, "write"),
        ]

    preview = staticmethod(rehearsed_message)

    def leave(self, request: HttpRequest, row: Letter, step: RowAction, made: object) -> HttpResponse:
        answer = super().leave(request, row, step, made)
        if isinstance(made, WrittenMessage) and step.verb == Verb.UNSEND and isinstance(request.user, User):
            taken_back(
                request.user, self.url_of(row).removesuffix("change/"), self.step("message"), made.body
            )
        if step.verb in BEGINS and isinstance(made, Letter):
            return HttpResponseRedirect(self.url("write", made.key))
        return answer

    def details(self, request: HttpRequest, row: Letter) -> dict[str, object]:
        able, sheet = scope.allowed_actions(row), drafts.sheet_of(row)
        draft = drafts.as_draft(sheet)
        scope.log_access(
            [addressee.citizen_id for addressee in sheet.addressees if addressee.citizen_id], "admin: letter"
        )
        reading, items = scope.visible(Letter), story(row)
        return {
            "title": row.reference or _("Draft"),
            "status": status_badge(row),
            "incoming": row.register == Register.INCOMING,
            "issued": row.status in ISSUED,
            "waits_for_number": row.status in ISSUED and draft.form == Form.OFFICIAL,
            "late": row.status == Status.RECEIVED and row.answer_by is not None and row.answer_by < today(),
            "may_write": Verb.WRITE in able,
            "unanswered": Letter.objects.filter(pk=row.pk).unanswered(today()).exists(),
            "is_above": any(addressee.is_superior for addressee in draft.addressees),
            "faults": checker.faults(draft)
            if row.status in (*WRITABLE, Status.INITIALS, Status.SIGNATURE)
            else [],
            "addressees": sheet.addressees,
            "references": [
                f"{letter}) {line}" if letter else line for letter, line in references.lines(draft.references)
            ],
            "annexes": sheet.annexes,
            "sheets": [] if row.register == Register.INCOMING else letter_compose.sheets(sheet),
            "initials": row.steps.select_related("person", "done_by"),
            "answers": reading.filter(pk=row.answers_id).first() if row.answers_id else None,
            "replies": list(reading.filter(answers=row)),
            "links": source_links(row),
            "story": items,
            "has_messages": has_messages(items),
            **answering(self, request, row, Verb.MESSAGE),
        }
