"""After an application was sent: the code that proves its sender, and its number with what happens next."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from website import api
from website.apply.journey import JOURNEY
from website.draft import Draft
from website.forms import Asking, PageForm, PhoneField
from website.journey import errors_of
from website.pages import page, shown

LONGEST_CODE = 40
MOST_FILES = 10
CODE = {
    "autocomplete": "one-time-code",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "class": "short",
}


class CodeForm(PageForm):
    code = forms.CharField(
        label=_("Verification code"),
        max_length=LONGEST_CODE,
        help_text=_("Twelve letters and digits, for example 7G2K-0QXM-4TBN."),
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": _("Write the code that we sent you.")},
    )


class AddressForm(PageForm):
    """Where the code shall go instead."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    phone = PhoneField()


@page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponseBase:
    """The code that the sender was sent: with it the application has its number. `deed`: another one is asked for."""
    draft = Draft.of(request, JOURNEY.name)
    deed = request.POST.get("deed", "") if draft.done.get("receipt") else ""
    if deed in {"again", "elsewhere"}:
        return _again(request, draft, deed)
    form = CodeForm(request.POST if request.method == "POST" else None, asking=Asking(request, draft))
    if request.method == "POST" and form.is_valid():
        sent = {"code": form.cleaned_data["code"]}
        payload = api.ask(request, "submission_confirm", input=sent)["submissionConfirm"]
        if not payload["errors"]:
            draft.done = {"reference": payload["reference"], "code": payload["trackingCode"]}
            draft.save(request)
            return redirect("apply_done")
        for error in payload["errors"]:
            form.add_error("code", error["message"])
    return _code_page(request, draft, form, AddressForm(asking=Asking(request, draft)))


def _again(request: HttpRequest, draft: Draft, deed: str) -> HttpResponseBase:
    """Send another code, to another address where one was written."""
    asking = Asking(request, draft)
    form = AddressForm(request.POST if deed == "elsewhere" else {}, asking=asking)
    named: dict[str, str] = {}
    if form.is_valid():
        named = {name: value for name, value in form.cleaned_data.items() if value}
        if deed == "elsewhere" and not named:
            form.add_error("email", _("Write your e-mail address or your telephone number."))
        else:
            input = {"receipt": draft.done["receipt"], **named}
            payload = api.ask(request, "submission_code", input=input)["portalSubmissionCode"]
            for error in payload["errors"]:
                form.add_error(error["field"] if error["field"] in form.fields else None, error["message"])
    if form.errors:
        return _code_page(request, draft, CodeForm(asking=asking), form)
    way = "email" if named.get("email") else "phone" if named else draft.done.get("way", "")
    draft.done |= {"is_code_sent": True, "way": way, "again": True, "is_repeated": False}
    draft.save(request)
    return redirect("apply_confirm")


def _code_page(
    request: HttpRequest, draft: Draft, form: CodeForm, elsewhere: AddressForm
) -> HttpResponseBase:
    errors = [*errors_of(form), *errors_of(elsewhere)]
    context = {"form": form, "elsewhere": elsewhere, "done": draft.done, "errors": errors}
    return shown(request, "website/apply/confirm.html", context, 422 if errors else 200)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest) -> HttpResponseBase:
    """Number and tracking code, and the photographs that belong to it: several, with POST."""
    draft = Draft.of(request, JOURNEY.name)
    code = draft.done.get("code")
    if not code:
        return shown(request, "website/expired.html", {"journey": JOURNEY})
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        errors, count = send_files(request, code)
        draft.done["files"] = draft.done.get("files", 0) + count
        draft.save(request)
        if not errors:
            return redirect("apply_done")
    number = draft.done.get("files", 0)
    context = {
        "done": draft.done,
        "errors": errors,
        "added": ngettext("%(number)s file was added.", "%(number)s files were added.", number)
        % {"number": number}
        if number
        else "",
    }
    return shown(request, "website/apply/done.html", context, 422 if errors else 200)


def send_files(request: HttpRequest, code: str) -> tuple[list[tuple[str, str]], int]:
    """Add the files of a form to the case of a code: what was refused, by name, and how many were taken."""
    files = request.FILES.getlist("file")
    if not files:
        return [("id_file", str(_("Choose a photograph, a video or a document.")))], 0
    if len(files) > MOST_FILES:
        return [("id_file", str(_("Add at most ten files at once, and the others afterwards.")))], 0
    answers = [(file.name, api.send_file(request, code, file)) for file in files]
    refused = [("id_file", f"{name}: {reason}") for name, reason in answers if reason]
    return refused, len(files) - len(refused)
