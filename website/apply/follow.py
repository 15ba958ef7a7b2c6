"""How an application goes on: looked up by its tracking code, which stands in the session and in no address."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from website import api
from website.apply.pages import CODE, LONGEST_CODE, send_files
from website.draft import Draft
from website.forms import Asking, PageForm
from website.journey import errors_of
from website.moments import with_moments
from website.pages import page, posted, shown

NAME = "follow"
LONGEST, LONGEST_REMARK = 4_000, 1_000
TITLES = {
    "EXTENSION": _("Notice that your time limit was extended"),
    "FEE": _("Fee notice"),
    "FORWARDING": _("Notice that your application was passed on"),
    "CLOSING": _("Notice of the end"),
    "PROGRESS": _("How far it has come"),
}
"""What a notice to the citizen is called; what is not here is the answer."""


class CodeForm(PageForm):
    code = forms.CharField(
        label=_("Tracking code"),
        max_length=LONGEST_CODE,
        help_text=_(
            "Twelve letters and digits, for example 7G2K-0QXM-4TBN. It stands in the message we sent you."
        ),
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": _("Write your tracking code.")},
    )


class AddForm(PageForm):
    text = forms.CharField(
        label=_("What you want to add"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RateForm(PageForm):
    rating = forms.TypedChoiceField(
        label=_("How content are you with the answer?"),
        coerce=int,
        choices=[
            (5, _("5 – very content")),
            (4, _("4 – content")),
            (3, _("3 – neither")),
            (2, _("2 – not content")),
            (1, _("1 – not content at all")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number from 1 to 5.")},
    )
    remark = forms.CharField(
        label=_("What you want to say to it"),
        max_length=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReopenForm(PageForm):
    reason = forms.CharField(
        label=_("Why should it be taken up again?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write why.")},
    )


class WithdrawForm(PageForm):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REMARK, required=False)


OFFERS: tuple[tuple[str, str, type[PageForm], Any, Any, Any], ...] = (
    ("add", "canAdd", AddForm, _("Add something"), _("Send"), _("What you added was received.")),
    ("rate", "canRate", RateForm, _("Rate the answer"), _("Rate"), _("Thank you: your rating was received.")),
    (
        "reopen",
        "canReopen",
        ReopenForm,
        _("Have it taken up again"),
        _("Ask for it"),
        _("Your application is taken up again under the same number."),
    ),
    (
        "withdraw",
        "canWithdraw",
        WithdrawForm,
        _("Withdraw the application"),
        _("I withdraw my application"),
        _("Your application was withdrawn."),
    ),
)
"""(document, what of the case allows it, form, title, button, what is said afterwards)."""


@page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """The page that asks for the code."""
    draft = Draft(NAME)
    form = CodeForm(request.POST if request.method == "POST" else None, asking=Asking(request, draft))
    if request.method == "POST" and form.is_valid():
        if _found(request, form.cleaned_data["code"]) is not None:
            draft.done = {"code": form.cleaned_data["code"]}
            draft.save(request)
            return redirect("apply_case")
        form.add_error("code", _("No application has this code. Check it letter by letter."))
    context = {"form": form, "errors": errors_of(form)}
    return shown(request, "website/apply/follow.html", context, 422 if form.errors else 200)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponseBase:
    """How it stands, and what the citizen may do to it (`do`)."""
    draft = Draft.of(request, NAME)
    code = draft.done.get("code") or Draft.of(request, "apply").done.get("code")
    if not code:
        return redirect("apply_follow")
    sent: PageForm | None = None
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        sent, errors, said = _said(request, draft, code)
        if not errors:
            draft.done = {"code": code, "said": said}
            draft.save(request)
            return redirect("apply_case")
    found = _found(request, code)
    if found is None:
        return redirect("apply_follow")
    said = draft.done.pop("said", "")
    if said:
        draft.save(request)
    asking = Asking(request, draft)
    offers = [
        (name, title, button, sent if isinstance(sent, form) else form(asking=asking, prefix=name))
        for name, allowed, form, title, button, _done in OFFERS
        if found[allowed]
    ]
    context = {"found": found, "offers": offers, "errors": errors, "said": said, "key": uuid.uuid4()}
    return shown(request, "website/apply/case.html", context, 422 if errors else 200)


@page
@posted("apply_follow")
def leave(request: HttpRequest) -> HttpResponseBase:
    """Forget the code in this browser, such as on a shared telephone."""
    for name in (NAME, "apply"):
        Draft.of(request, name).forget(request)
    return redirect("website" if settings.WEBSITE else "apply_follow")


def _said(
    request: HttpRequest, draft: Draft, code: str
) -> tuple[PageForm | None, list[tuple[str, str]], str]:
    """Do what the citizen sent: the form, what was refused of it, and what is said where nothing was."""
    for name, _allowed, form_type, _title, _button, said in OFFERS:
        if name != request.POST.get("do"):
            continue
        form = form_type(request.POST, asking=Asking(request, draft), prefix=name)
        if not form.is_valid():
            return form, errors_of(form), ""
        values = {key: value for key, value in form.cleaned_data.items() if value not in ("", None)}
        if name == "add" and request.FILES:
            refused, _count = send_files(request, code)
            if refused or not values:
                return form, refused, str(said)
        if name == "add" and not values:
            form.add_error("text", _("Write something, or choose a file."))
            return form, errors_of(form), ""
        key = request.POST.get("key", "")[:64]
        payload = api.ask(request, name, key, input={"code": code, **values})
        (answer,) = payload.values()
        for error in answer["errors"]:
            field = error.get("field") or ""
            form.add_error(field if field in form.fields else None, error["message"])
        return form, errors_of(form), str(said)
    return None, [("", str(_("Choose what you would like to do.")))], ""


def _found(request: HttpRequest, code: str) -> dict[str, Any] | None:
    found = api.ask(request, "follow", code=code)["portalComplaint"]
    if found is None:
        return None
    for reply in found["replies"]:
        reply["title"] = TITLES.get(reply["kind"], _("Our answer"))
    if found["remedy"] and any(found["remedy"]["text"] in reply["body"] for reply in found["replies"]):
        found["remedy"] = None  # it is read there
    return dict(with_moments(found))
