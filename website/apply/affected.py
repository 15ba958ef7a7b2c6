"""*Ben de etkileniyorum*: an open application of another at the same place, joined in place of an own one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from website import api, stickers
from website.apply.forms import category_of, kind_of
from website.draft import Draft
from website.forms import PageForm
from website.journey import Journey, Refused, Sent, Step
from website.moments import with_moments
from website.pages import page, shown
from website.people import ContactForm, contact_of, refused_at
from website.proving import Proved

NAME = "join"
KINDS = frozenset({"COMPLAINT", "REQUEST"})
BEFORE = frozenset({"ne", "konu", "yer"})
"""The questions whose answers say what is open there."""
ANOTHER = "another"


class NearForm(PageForm):
    case = forms.ChoiceField(
        label=gettext_lazy("Is it one of these?"),
        choices=(),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of them, or the last line."),
            "invalid_choice": gettext_lazy("Choose one of them, or the last line."),
        },
    )

    def prepare(self) -> None:
        field = self.fields["case"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        rows = self.asking.draft.found.get("near", [])
        field.choices = [
            *((row["ticket"], _named(row)) for row in rows),
            (ANOTHER, _("None of these: I go on with my own application")),
        ]

    def summary(self) -> list[tuple[str, str]]:
        return []


def _named(row: dict[str, Any]) -> str:
    """Topic, since when, where it stands and how many more it affects."""
    day = date_format(with_moments(row["registeredOn"], "registeredOn"), "j F Y")
    parts = [row["about"], _("open since %(day)s") % {"day": day}, row["status"]]
    if count := row["affected"]:
        parts.append(ngettext("affects %(n)s more person", "affects %(n)s more people", count) % {"n": count})
    return " · ".join(parts)


def is_any_near(draft: Draft) -> bool:
    return bool(draft.found.get("near"))


def learn(request: HttpRequest, draft: Draft, step: Step) -> str:
    """Ask what is open at the place, once topic and place are known; begin to join where one was chosen."""
    if step.slug == "benzer":
        return _begin(request, draft)
    if step.slug in BEFORE:
        near = _near(request, draft)
        if near != draft.found.get("near", []):
            draft.answers.pop("benzer", None)
        draft.found["near"] = near
    return ""


def _near(request: HttpRequest, draft: Draft) -> list[dict[str, Any]]:
    category = category_of(draft)
    scanned = stickers.scanned(request)
    at: dict[str, Any] = {name: draft.first("yer", name) for name in ("place", "neighbourhood")}
    if draft.first("yer", "latitude") and draft.first("yer", "longitude"):
        at |= {name: float(draft.first("yer", name)) for name in ("latitude", "longitude")}
    if not category or kind_of(draft) not in KINDS or not (at["place"] or "latitude" in at):
        return []
    if scanned:
        at["placeCode"] = scanned["code"]
    found = api.ask(request, "open_cases", at={"category": category, **at})["portalOpenCases"]
    return [dict(row) for row in found]


def _begin(request: HttpRequest, draft: Draft) -> str:
    chosen = draft.first("benzer", "case")
    row = next((row for row in draft.found.get("near", []) if row["ticket"] == chosen), None)
    if row is None:
        return ""
    draft.answers.pop("benzer")  # who comes back is asked again
    Draft(NAME, found={"ticket": row["ticket"], "case": _named(row)}).save(request)
    return reverse(f"{NAME}_iletisim")


# -- joining -------------------------------------------------------------------------------------------------
class JoinContactForm(ContactForm):
    def summary(self) -> list[tuple[str, str]]:
        case = self.asking.draft.found.get("case", "")
        return [*([(_("It affects me too"), case)] if case else []), *super().summary()]


def _submit(request: HttpRequest, input: dict[str, Any], key: str) -> dict[str, Any]:
    asked = {name: input[name] for name in ("ticket", "session", "privacyNotice")}
    payload: dict[str, Any] = api.ask(request, "join", key, input=asked)["portalCaseJoin"]
    return payload


def _send(request: HttpRequest, draft: Draft, values: dict[str, Any]) -> Sent | Refused:
    if "ticket" not in draft.found:
        message = _("Choose an open application first: begin with an application of your own.")
        return Refused([{"code": "INVALID", "message": message, "field": ""}])
    who = values["iletisim"]
    return PROVED.begin(
        request,
        draft,
        {
            "ticket": draft.found["ticket"],
            "contact": contact_of(who),
            "privacyNotice": who["privacy_notice"],
        },
    )


JOURNEY = Journey(
    name=NAME,
    base="basvuru/ben-de/",
    title=gettext_lazy("It affects me too"),
    steps=[
        Step(
            "iletisim",
            gettext_lazy("How do we reach you?"),
            JoinContactForm,
            template="website/contact_step.html",
        )
    ],
    send=_send,
    send_button=gettext_lazy("It affects me too"),
    check_template="website/apply/join_check.html",
    fields=refused_at("iletisim"),
)
PROVED = Proved(
    journey=lambda: JOURNEY, submit=_submit, done=lambda payload: payload["joined"], done_url="join_done"
)


@page
@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """That it was noted, and what happens next."""
    found = Draft.of(request, NAME).done
    if "about" not in found:
        return redirect("apply")
    return shown(request, "website/apply/join_done.html", {"found": found})
