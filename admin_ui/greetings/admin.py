"""Batches of greetings: the list, and the page of one with its numbers, its recipients and its next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.display import badge
from admin_ui.core.listing import Choice, Column, Dates, Listing, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import pdf_answer
from admin_ui.greetings import desk as greeting_desk
from admin_ui.greetings import forms
from admin_ui.greetings import new as greeting_new
from admin_ui.greetings import recipients as greeting_recipients
from admin_ui.greetings.page import details, status_badge
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.validation import choice
from backend.greetings import actions, paper
from backend.greetings.choices import Decision, OccasionKind, Outcome, Status
from backend.greetings.models import Batch, PrintRun, Recipient
from backend.greetings.moves import Verb, batch_action
from permissions.core import scope
from permissions.core.scope import Action

AT_ONCE = (Verb.START,)
OF_RECIPIENTS = (Verb.ADD, Verb.REMOVE)
"""Said on the page of recipients and in their list."""


def may_see() -> bool:
    return page_access.sees_all(Batch)


def may_prepare() -> bool:
    return page_access.holds(Batch, Action.REGISTER)


def _progress(row: Batch) -> str:
    """How many of how many were greeted, as the list counts them."""
    return f"{row.sent_count} / {row.total_count}"  # type: ignore[attr-defined]


def _flagged(row: Batch) -> str:
    count = row.flagged_count  # type: ignore[attr-defined]
    return badge(count, "orange") if count else "–"


@admin.register(Batch)
class BatchAdmin(ActionAdmin[Batch]):
    searches = True
    finds_in = ("title", "subject", "occasion__name")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/greeting.html"
    columns = (
        Column(gettext_lazy("Batch"), lambda r: r.title, css="ok-wide"),
        Column(gettext_lazy("Occasion"), lambda r: r.occasion.name),
        Column(gettext_lazy("Day"), lambda r: r.occasion.on, ("occasion__on",), "ok-nowrap"),
        Column(gettext_lazy("Sent"), _progress, css="ok-nowrap"),
        Column(gettext_lazy("To be decided"), _flagged, css="ok-nowrap"),
        Column(
            gettext_lazy("Prepared"),
            lambda r: local_date(r.prepared_at),
            ("prepared_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Status"), status_badge, css="ok-nowrap"),
    )
    tabs = (
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
        Tab("preparing", gettext_lazy("Being prepared"), lambda rows: rows.preparing()),
        Tab("under_way", gettext_lazy("Going out"), lambda rows: rows.under_way()),
        Tab("decide", gettext_lazy("To be decided"), lambda rows: rows.to_decide()),
        Tab("done", gettext_lazy("Finished"), lambda rows: rows.filter(status=Status.DONE)),
    )
    filters = (
        Choice(
            "kind",
            gettext_lazy("Kind of occasion"),
            lambda: OccasionKind.choices,
            lambda rows, value: rows.filter(occasion__kind=value),
        ),
        Dates("on", gettext_lazy("Day"), "occasion__on"),
    )
    order = ("-prepared_at", "-pk")
    empty = gettext_lazy(
        "No batch of greetings was prepared yet. Congratulations for a holiday, condolences or thanks to many"
        " people go out from here: prepare the first one, or begin with a suggestion."
    )
    page_relations = ("occasion", "template", "signatory", "prepared_by")
    steps = tuple(
        step
        for step in steps_of(batch_action, {Verb.DECIDE: forms.DecideForm, Verb.WRITE: forms.WriteForm})
        if step.verb not in OF_RECIPIENTS
    )

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        counts = {
            "total_count": greeting_recipients.count(),
            "sent_count": greeting_recipients.count(outcome=Outcome.SENT),
            "flagged_count": greeting_recipients.count(outcome=Outcome.FLAGGED),
        }
        listing.rows = listing.rows.select_related("occasion").defer("body").annotate(**counts)
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        items = [
            {"title": _("Suggestions"), "url": self.url("suggestions"), "icon": "tips_and_updates"},
        ]
        if may_prepare():
            items.insert(0, {"title": _("New batch"), "url": self.url("new"), "icon": "add"})
        return items

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", greeting_new.new, "new"),
            self.route("suggestions/", greeting_desk.suggestions, "suggestions"),
            self.route("suggestions/take/", require_POST(greeting_desk.take), "take"),
            self.route("<uuid:key>/recipients/", greeting_recipients.add, "recipients"),
            self.route("<uuid:key>/recipients/say/", require_POST(self.say_of), "say_of"),
            self.route("<uuid:key>/look/<uuid:recipient>/", self.look, "look"),
            self.route("<uuid:key>/paper/<uuid:run>/<slug:form>/", self.paper, "paper"),
        ]

    def opened(self, row: Batch) -> RowAction | None:
        offered = self.offered(row) if row.status == Status.PREPARING else []
        return next((step for step in offered if step.verb in AT_ONCE), None)

    def summary(self, row: Batch, step: RowAction, made: object) -> str:
        if step.verb != Verb.START:
            return ""
        text = _("It begins in a minute. Until then nothing goes out:")
        url = f"{self.url_of(row)}?do={Verb.STOP.lower()}#do"
        return format_html('{} <a class="ok-link" href="{}">{}</a>.', text, url, Verb.STOP.label)

    def details(self, request: HttpRequest, row: Batch) -> dict[str, object]:
        return details(request, row)

    def say_of(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Take the chosen recipients off, or decide of those who are flagged among them."""
        message = request.POST.get("say", "")
        keys = [UUID(text) for text in request.POST.getlist("who") if _is_key(text)]
        rows = list(scope.visible(Recipient).filter(batch__key=key, key__in=keys))
        try:
            if not rows:
                raise DomainError(ErrorCode.REQUIRED, _("Choose at least one recipient."))
            if message == "remove":
                with scope.authorized(Verb.REMOVE, Batch, key) as batch:
                    actions.remove(batch, by=request.user, recipients=rows)
            else:
                with scope.authorized(Verb.DECIDE, Batch, key) as batch:
                    decision = choice(Decision, message, "decision")
                    actions.decide(batch, by=request.user, decision=decision, recipients=rows)
        except DomainError as error:
            if error.code == ErrorCode.NOT_FOUND:
                raise
            messages.warning(request, str(error))
        else:
            messages.success(request, _("Done."))
        return HttpResponseRedirect(
            f"{self.url('change', key)}{request.POST.get('back', '')[:200]}#recipients"
        )

    def look(self, request: HttpRequest, key: UUID, recipient: Any) -> HttpResponse:
        """The letter to one recipient as it would be printed, with their own values."""
        batch = self.load(key)
        rows = scope.visible(Recipient).filter(batch=batch, key=recipient)
        row = rows.select_related("citizen__neighbourhood", "department", "body", "batch__occasion").first()
        if row is None:
            raise scope.not_found()
        if row.citizen_id:
            scope.log_access([row.citizen_id], "admin: letter of a greeting")
        return pdf_answer(paper.letters(batch, [row]), f"{batch.occasion.name} mektubu")

    def paper(self, request: HttpRequest, key: UUID, run: Any, form: str) -> HttpResponse:
        """Envelopes or labels for a print run."""
        row = (
            scope.visible(PrintRun).filter(batch__key=key, key=run).select_related("batch__occasion").first()
        )
        if row is None or form not in paper.FORMS:
            raise scope.not_found()
        people = row.recipients.filter(citizen__isnull=False).values_list("citizen", flat=True)
        scope.log_access(people, "admin: envelopes of greetings")
        kind = "zarfları" if form in paper.ENVELOPES else "etiketleri"
        return pdf_answer(paper.addressed(row, form), f"{row.batch.occasion.name} {kind} {form}")


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
