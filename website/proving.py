"""A code to the telephone or e-mail address that was named, before anything is registered in their name.

The session that it opens is kept for the browser's own session, and opens *İşlerim* as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from website import api
from website.draft import Draft
from website.forms import Asking, PageForm
from website.journey import Journey, Refused, Sent, errors_of
from website.pages import page, shown

KEPT = "website.session"


class CodeForm(PageForm):
    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}),
        error_messages={"required": gettext_lazy("Write the code that we sent you.")},
    )


def ask_code(request: HttpRequest, contact: dict[str, str]) -> dict[str, Any]:
    """Send a code to the contact; the payload, with its refusals."""
    payload: dict[str, Any] = api.ask(request, "contact_code", input=contact)["portalContactCode"]
    return payload


def keep(request: HttpRequest, session: str, ends_at: str, contact: dict[str, str]) -> None:
    """Remember whose contact was proved, until the session ends."""
    moment = parse_datetime(ends_at)
    request.session[KEPT] = {
        "session": session,
        "ends": moment.timestamp() if moment else 0,
        "contact": contact,
    }


def proved(
    request: HttpRequest, form: CodeForm, proof: str, contact: dict[str, str]
) -> dict[str, Any] | None:
    """Open a session with the code of a form, and keep it; None where it was refused: why stands at the field."""
    if not form.is_valid():
        return None
    input = {"proof": proof, "code": form.cleaned_data["code"]}
    payload: dict[str, Any] = api.ask(request, "contact_prove", input=input)["portalContactProve"]
    for error in payload["errors"]:
        form.add_error("code", error["message"])
    if payload["errors"]:
        return None
    keep(request, payload["session"], payload["endsAt"], contact)
    return payload


def ask_again(request: HttpRequest, draft: Draft, contact: dict[str, str]) -> list[tuple[str, str]]:
    """Send another code, whose proof the draft then has; why not, where none was sent."""
    payload = ask_code(request, contact)
    if payload["errors"]:
        return [("", one["message"]) for one in payload["errors"]]
    draft.done = {**draft.done, "proof": payload["proof"], "way": payload["way"], "again": True}
    draft.save(request)
    return []


def code_page(
    request: HttpRequest,
    draft: Draft,
    form: CodeForm,
    contact: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
    **context: Any,
) -> HttpResponseBase:
    """The page on which the code is written; 422 with what is wrong."""
    context |= {
        "form": form,
        "errors": errors or errors_of(form),
        "to": contact.get("email") or contact.get("phone") or "",
        "way": draft.done["way"],
        "again": draft.done.get("again"),
    }
    return shown(request, "website/code.html", context, 422 if form.is_bound or errors else 200)


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """The session of this browser, while it lives."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    return found if found and found["ends"] > time.time() else None


def forget(request: HttpRequest) -> None:
    """End the session here and at the product."""
    found = request.session.pop(KEPT, None)
    if found:
        api.ask(request, "contact_end", input={"session": found["session"]})


@dataclass(frozen=True)
class Proved:
    """The page of a journey on which the code is written, and what is sent after it.

    `submit` asks the API with the session: (request, input with `session`, key) -> payload; `done` makes of the payload
    what the page `done_url` shows.
    """

    journey: Callable[[], Journey]
    submit: Callable[[HttpRequest, dict[str, Any], str], dict[str, Any]]
    done: Callable[[dict[str, Any]], dict[str, Any]]
    done_url: str

    def begin(self, request: HttpRequest, draft: Draft, input: dict[str, Any]) -> Sent | Refused:
        """Ask for the code, as the end of the answers; no code where the contact was proved within the hour."""
        contact = input["contact"]
        found = kept(request)
        if found and found["contact"] == contact:
            outcome = self._send(request, input | {"session": found["session"]}, draft.key)
            if isinstance(outcome, Sent) or all(one["field"] != "session" for one in outcome.errors):
                return outcome
            request.session.pop(KEPT)  # it ended at the product before it ended here
        payload = ask_code(request, contact)
        if payload["errors"]:
            errors = [{**one, "field": f"contact.{one['field']}"} for one in payload["errors"]]
            return Refused(errors)
        waiting = {"input": input, "answers": draft.answers, "key": draft.key, "found": draft.found}
        return Sent(
            f"{self.journey().name}_code", waiting | {"proof": payload["proof"], "way": payload["way"]}
        )

    def urls(self) -> list[URLPattern]:
        journey = self.journey()
        return [path(f"{journey.base}kod/", self._view(), name=f"{journey.name}_code")]

    def _send(self, request: HttpRequest, input: dict[str, Any], key: str) -> Sent | Refused:
        payload = self.submit(request, input, key)
        return Refused(payload["errors"]) if payload["errors"] else Sent(self.done_url, self.done(payload))

    def _view(self) -> Any:
        @page
        @require_http_methods(["GET", "HEAD", "POST"])
        def write(request: HttpRequest) -> HttpResponseBase:
            journey = self.journey()
            draft = Draft.of(request, journey.name)
            waiting = draft.done
            if "proof" not in waiting:
                if waiting.get("url"):  # a second click on what is done already
                    return redirect(waiting["url"])
                return shown(request, "website/expired.html", {"journey": journey})
            deed = request.POST.get("deed", "") if request.method == "POST" else ""
            if deed == "again":
                return self._again(request, draft)
            if deed == "change":
                return self._back(request, draft, {})
            if request.method == "POST":
                return self._proved(request, draft)
            return self._page(request, draft, CodeForm(asking=Asking(request, draft)))

        return write

    def _proved(self, request: HttpRequest, draft: Draft) -> HttpResponseBase:
        """The code opens a session, and with it the answers are sent."""
        journey, waiting = self.journey(), draft.done
        form = CodeForm(request.POST, asking=Asking(request, draft))
        session = proved(request, form, waiting["proof"], waiting["input"]["contact"])
        if session is None:
            return self._page(request, draft, form)
        outcome = self._send(request, waiting["input"] | {"session": session["session"]}, waiting["key"])
        if isinstance(outcome, Refused):
            return self._back(request, draft, journey.placed(outcome.errors))
        url = reverse(outcome.url)
        Draft(journey.name, done={**outcome.done, "url": url}).save(request)
        return redirect(url)

    def _again(self, request: HttpRequest, draft: Draft) -> HttpResponseBase:
        if errors := ask_again(request, draft, draft.done["input"]["contact"]):
            return self._page(request, draft, CodeForm(asking=Asking(request, draft)), errors)
        return redirect(f"{self.journey().name}_code")

    def _back(
        self, request: HttpRequest, draft: Draft, refused: dict[str, dict[str, str]]
    ) -> HttpResponseBase:
        """To the answers, which are all there still."""
        journey, waiting = self.journey(), draft.done
        former = Draft(journey.name, waiting["answers"], waiting["key"], is_checked=True, refused=refused)
        former.found = waiting.get("found", {})
        former.save(request)
        wrong = next((step for step in journey.asked(former) if step.slug in refused), None)
        return redirect(journey.url(wrong) if wrong else reverse(f"{journey.name}_check"))

    def _page(
        self,
        request: HttpRequest,
        draft: Draft,
        form: CodeForm,
        errors: list[tuple[str, str]] | None = None,
    ) -> HttpResponseBase:
        contact = draft.done["input"]["contact"]
        return code_page(request, draft, form, contact, errors, journey=self.journey())
