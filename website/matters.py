"""*İşlerim*: all that a citizen has running, by a code to a telephone or an e-mail address; no account, no password."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from website import api, proving
from website.draft import Draft
from website.forms import Asking
from website.journey import errors_of
from website.moments import with_moments
from website.pages import page, posted, shown
from website.people import API, ContactForm, contact_of
from website.proving import CodeForm

NAME = "matters"
CODES = "website.codes"
MOST_CODES = 5
BECAME = {
    "ACCEPTED": gettext_lazy("Thank you. Your appointment is fixed."),
    "REFUSED": gettext_lazy("Thank you. We look for another time and write to you."),
    "CANCELLED": gettext_lazy("Your appointment was cancelled. Thank you for telling us."),
    "CHOSEN": gettext_lazy("The time you chose is kept for you. We write to you as soon as it is confirmed."),
    "MOVED": gettext_lazy("Your appointment was moved to the time you chose."),
    "TAKEN": gettext_lazy(
        "Somebody has just taken this time. Yours is unchanged; please choose another one."
    ),
    "COMING": gettext_lazy("Thank you. We expect you."),
}


class WhoForm(ContactForm):
    """The same questions as elsewhere; nothing is stored of them, so no notice is shown."""

    def prepare(self) -> None:
        self.say_what_is_sent()
        self.notice = None


@page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """The list, or who asks for it."""
    if request.method == "POST" and request.POST.get("deed") == "code":
        return _with_code(request)
    if request.method != "POST" and proving.kept(request):
        return _list(request)
    draft = Draft.of(request, NAME)
    if request.method != "POST":
        begun = draft.done.get("contact") or {}
        initial = {name: begun.get(named, "") for name, named in API.items()}
        return _who(request, WhoForm(initial=initial, asking=Asking(request, draft)))
    form = WhoForm(request.POST, asking=Asking(request, draft))
    if not form.is_valid():
        return _who(request, form, 422)
    contact = contact_of(form.cleaned_data)
    payload = proving.ask_code(request, contact)
    for error in payload["errors"]:
        name = {"firstName": "first_name", "lastName": "last_name"}.get(error["field"], error["field"])
        form.add_error(name if name in form.fields else None, error["message"])
    if payload["errors"]:
        return _who(request, form, 422)
    draft.done = {"contact": contact, "proof": payload["proof"], "way": payload["way"]}
    draft.save(request)
    return redirect("matters_code")


def _who(request: HttpRequest, form: WhoForm, status: int = 200) -> HttpResponseBase:
    context = {"form": form, "errors": errors_of(form)}
    return shown(request, "website/matters_who.html", context, status)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """The code opens the list."""
    draft = Draft.of(request, NAME)
    asking = Asking(request, draft)
    if "proof" not in draft.done:
        return redirect(NAME)
    if request.POST.get("deed") == "change":
        return redirect(NAME)
    form, errors = CodeForm(asking=asking), []
    contact = draft.done["contact"]
    if request.POST.get("deed") == "again":
        errors = proving.ask_again(request, draft, contact)
        if not errors:
            return redirect("matters_code")
    elif request.method == "POST":
        form = CodeForm(request.POST, asking=asking)
        if proving.proved(request, form, draft.done["proof"], contact):
            request.session.pop(CODES, None)
            draft.forget(request)
            return redirect(NAME)
    return proving.code_page(request, draft, form, contact, errors, title=_("My matters"))


def _with_code(request: HttpRequest) -> HttpResponseBase:
    """A tracking code of their own opens what a shared contact hides."""
    codes = [*request.session.get(CODES, []), request.POST.get("code", "").strip()[:40]]
    request.session[CODES] = [one for one in dict.fromkeys(codes) if one][-MOST_CODES:]
    return redirect(NAME)


def _found(request: HttpRequest) -> dict[str, Any] | None:
    """What the session has, with moments as moments; None where it has ended."""
    session = proving.kept(request)
    if session is None:
        return None
    try:
        found = api.ask(request, "matters", session=session["session"], codes=request.session.get(CODES, []))[
            "portalMatters"
        ]
    except api.Unavailable as refusal:
        if refusal.code != "WRONG_STATE":
            raise
        request.session.pop(proving.KEPT, None)
        return None
    return with_moments(found)


def _list(request: HttpRequest) -> HttpResponseBase:
    found = _found(request)
    if found is None:
        return redirect(NAME)
    session = proving.kept(request) or {}
    contact = session["contact"]
    for row in found["appointments"]:
        number = as_path(row["request"]["reference"])
        row["url"] = reverse("matters_appointment", args=[number])
    context = {
        "found": found,
        "is_empty": not (found["cases"] or found["appointments"] or found["signUps"] or found["joined"]),
        "name": f"{contact['firstName']} {contact.get('lastName', '')}".strip(),
        "to": contact.get("email") or contact.get("phone") or "",
        "message": request.session.pop("website.message", ""),
    }
    return shown(request, "website/matters.html", context)


@page
@posted(NAME)
def leave(request: HttpRequest) -> HttpResponseBase:
    """Close the list on this device, whoever uses it next."""
    proving.forget(request)
    request.session.pop(CODES, None)
    Draft.of(request, NAME).forget(request)
    return redirect("website")


@page
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: HttpRequest, number: str) -> HttpResponseBase:
    """One request for an appointment: where it stands, and what may be answered. Only for who has it in the list."""
    found = _found(request)
    if found is None:
        return redirect(NAME)
    row = next((one for one in found["appointments"] if number == as_path(one["request"]["reference"])), None)
    if row is None:
        raise Http404
    reference = row["request"]["reference"]
    if request.method == "POST":
        return _answer(request, number, reference)
    whole = with_moments(api.ask(request, "appointment", reference=reference)["portalAppointment"])
    message = request.session.pop("website.message", "")
    context = {
        "row": row["request"],
        "whole": whole,
        "page": row["page"],
        "message": message,
        "number": number,
    }
    return shown(request, "website/matter_appointment.html", context)


def as_path(reference: str) -> str:
    """A number as it stands in an address: RT-2026/15 is RT-2026-15."""
    return reference.replace("/", "-")


def _answer(request: HttpRequest, number: str, reference: str) -> HttpResponseBase:
    deed = request.POST.get("deed", "")
    if deed == "WITHDRAW":
        name, input = "appointment_cancel", {"reference": reference}
    else:
        name, input = "appointment_answer", {"reference": reference, "answer": deed}
        if deed == "CHOOSE":
            input["startsAt"] = request.POST.get("at", "")
        elif deed == "REFUSE":
            input["wish"] = request.POST.get("wish", "")[:200]
    payload = next(iter(api.ask(request, name, input=input).values()))
    if payload["errors"]:
        message = " ".join(one["message"] for one in payload["errors"])
    else:
        message = str(BECAME[payload["became"]] if payload.get("became") else BECAME["CANCELLED"])
    request.session["website.message"] = message
    return redirect("matters_appointment", number=number)


@page
@posted(NAME)
def sign_off(request: HttpRequest) -> HttpResponseBase:
    """Give the place of an event back."""
    found = _found(request)
    if found is None:
        return redirect(NAME)
    token = request.POST.get("token", "")
    if any(one["token"] == token for one in found["signUps"]):
        payload = api.ask(request, "event_sign_off", input={"token": token})["portalEventSignOff"]
        messages = [one["message"] for one in payload["errors"]]
        request.session["website.message"] = " ".join(messages) or _(
            "Your place is free again. Thank you for telling us."
        )
    return redirect(NAME)


@page
@posted(NAME)
def not_affected(request: HttpRequest) -> HttpResponseBase:
    """Take back that the case of another affects the visitor too."""
    session = proving.kept(request)
    if session is not None:
        input = {"token": request.POST.get("token", "")[:64], "session": session["session"]}
        payload = api.ask(request, "leave", input=input)["portalCaseLeave"]
        messages = [one["message"] for one in payload["errors"]]
        request.session["website.message"] = " ".join(messages) or _(
            "You took it back. Your address was deleted from that application."
        )
    return redirect(NAME)
