"""Forms of one question a page: what was answered, checked before it is sent, and sent once.

The answers lie in the session, which is sealed for its row (`backend/core/at_rest`), for an hour after the last one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from website import maps
from website.draft import Draft
from website.forms import Asking, PageForm
from website.pages import page, posted, shown

Answers = Mapping[str, Mapping[str, list[str]]]
Words = str | Promise
UNSENT = {"csrfmiddlewaretoken", "deed", "on_device"}


def always(_draft: Draft) -> bool:
    return True


def never(_draft: Draft) -> bool:
    return False


def nothing(_request: HttpRequest, _draft: Draft, _step: Step) -> str:
    return ""


def no_more(_request: HttpRequest, _draft: Draft) -> None:
    """Forget nothing beyond the answers."""


@dataclass(frozen=True)
class Step:
    """A page with one question. `applies`: whether it is asked at all, after what was answered before; `has_map`: a
    map stands on it, whose background is admitted."""

    slug: str
    question: Words
    form: type[PageForm]
    applies: Callable[[Draft], bool] = always
    template: str = "website/step.html"
    button: Words = ""
    has_map: bool = False


@dataclass(frozen=True)
class Sent:
    """It was taken. `done` is kept for the page at `url` (a name of an address), the answers are not."""

    url: str
    done: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """It was not taken: `errors` as the payload has them."""

    errors: list[dict[str, Any]]


@dataclass(frozen=True)
class Journey:
    """Steps, the page that shows all answers, and what sends them."""

    name: str
    base: str
    title: Words
    steps: list[Step]
    send: Callable[[HttpRequest, Draft, dict[str, Any]], Sent | Refused]
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Where a field of the API was asked: its name there -> step and field."""
    send_button: Words = ""
    check_template: str = "website/check.html"
    learn: Callable[[HttpRequest, Draft, Step], str] = nothing
    """Ask what an answer leads to, and keep it in the draft: the address where it goes on, "" for the next question."""
    forget: Callable[[HttpRequest, Draft], None] = no_more
    """Delete what is kept elsewhere of a draft that is given up."""
    stays: Callable[[Draft], bool] = never
    """Whether the visitor's device may keep a page of it that met no line (`apply/offline.py`)."""

    def urls(self) -> list[URLPattern]:
        """The addresses of the journey, each by name: `<name>`, `<name>_<step>`, `<name>_check`, `<name>_forget`."""
        own = [
            path(self.base, self._start(), name=self.name),
            path(f"{self.base}kontrol/", self._check(), name=f"{self.name}_check"),
            path(f"{self.base}sil/", self._forget(), name=f"{self.name}_forget"),
        ]
        return own + [
            path(f"{self.base}{step.slug}/", self._step(step), name=f"{self.name}_{step.slug}")
            for step in self.steps
        ]

    def asked(self, draft: Draft) -> list[Step]:
        """The steps that are asked, after what was answered."""
        return [step for step in self.steps if step.applies(draft)]

    def placed(self, errors: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        """What the API refused, where it was asked: step -> field -> why."""
        found: dict[str, dict[str, str]] = {}
        for error in errors:
            slug, name = self.fields.get(error.get("field") or "", ("", ""))
            found.setdefault(slug, {})[name] = str(error["message"])
        return found

    def url(self, step: Step) -> str:
        return reverse(f"{self.name}_{step.slug}")

    # -- pages ----------------------------------------------------------------------------------------------
    def _start(self) -> Any:
        @page
        @require_http_methods(["GET", "HEAD"])
        def start(request: HttpRequest) -> HttpResponseBase:
            draft = Draft.of(request, self.name)
            if not draft.answers:
                return redirect(self.url(self.steps[0]))
            return shown(
                request, "website/resume.html", {"journey": self, "onward": self._onward(draft, request)}
            )

        return start

    def _step(self, step: Step) -> Any:
        @page
        @require_http_methods(["GET", "HEAD", "POST"])
        def ask(request: HttpRequest) -> HttpResponseBase:
            draft = Draft.of(request, self.name)
            asking = Asking(request, draft)
            if request.method == "POST":
                form = step.form(request.POST, asking=asking)
                if not form.is_valid():
                    return self._shown(request, draft, step, form, 422)
                draft.answers[step.slug] = _kept(request.POST)
                draft.refused.pop(step.slug, None)
                draft.done, draft.brought = {}, ""
                elsewhere = self.learn(request, draft, step)
                draft.save(request)
                return redirect(elsewhere or self._next(draft, step, request))
            if not draft.answers and step is not self.steps[0] and not request.GET:
                return shown(request, "website/expired.html", {"journey": self})
            return self._shown(request, draft, step, self._form(asking, step))

        return ask

    def _check(self) -> Any:
        @page
        @require_http_methods(["GET", "HEAD", "POST"])
        def check(request: HttpRequest) -> HttpResponseBase:
            draft = Draft.of(request, self.name)
            if not draft.answers:
                if request.method == "POST" and draft.done.get(
                    "url"
                ):  # a second click on what is sent already
                    return redirect(draft.done["url"])
                return shown(request, "website/expired.html", {"journey": self})
            forms = self.filled(request, draft)
            wrong = next(((step, form) for step, form in forms if not form.is_valid()), None)
            if wrong is not None:
                return self._returned(request, draft, *wrong)
            if request.method == "POST":
                return self._sent(request, draft, {step.slug: form.values() for step, form in forms})
            draft.is_checked = True
            draft.save(request)
            return self._checked(request, draft, forms)

        return check

    def _forget(self) -> Any:
        @page
        @posted(self.name)
        def forget(request: HttpRequest) -> HttpResponseBase:
            draft = Draft.of(request, self.name)
            self.forget(request, draft)
            draft.forget(request)
            return redirect("website")

        return forget

    # -- what they are made of ------------------------------------------------------------------------------
    def filled(self, request: HttpRequest, draft: Draft) -> list[tuple[Step, PageForm]]:
        """The steps that are asked, each with its answer."""
        asking = Asking(request, draft)
        return [
            (step, step.form(_data(draft.answers.get(step.slug, {})), asking=asking))
            for step in self.asked(draft)
        ]

    def _form(self, asking: Asking, step: Step) -> PageForm:
        """The form as it is shown: with the former answer, and with what the API refused of it."""
        answer = asking.draft.answers.get(step.slug)
        refused = asking.draft.refused.get(step.slug, {})
        if answer is None:
            begun = dict(asking.request.GET.items())
            return step.form(initial=begun, asking=asking)
        if not refused:
            return step.form(initial=_initial(answer, step.form), asking=asking)
        form = step.form(_data(answer), asking=asking)
        form.full_clean()
        for name, message in refused.items():
            field = name if name in form.fields else None
            if message not in form.errors.get(field or NON_FIELD_ERRORS, []):
                form.add_error(field, message)
        return form

    def _returned(self, request: HttpRequest, draft: Draft, step: Step, form: PageForm) -> HttpResponseBase:
        """Back to an answer that holds no longer, such as a day that filled up meanwhile, which says why."""
        if step.slug in draft.answers:
            return redirect(self._refused(request, draft, step, form))
        return redirect(self.url(step))

    def _refused(self, request: HttpRequest, draft: Draft, step: Step, form: PageForm) -> str:
        """Keep what is wrong with an answer for its page, and return the address of that."""
        draft.refused[step.slug] = {name: str(messages[0]) for name, messages in form.errors.items()}
        draft.save(request)
        return self.url(step)

    def _next(self, draft: Draft, step: Step, request: HttpRequest) -> str:
        steps = self.asked(draft)
        if draft.is_checked:
            return self._onward(draft, request)
        later = steps[steps.index(step) + 1 :] if step in steps else []
        return self.url(later[0]) if later else reverse(f"{self.name}_check")

    def _onward(self, draft: Draft, request: HttpRequest) -> str:
        """The first step that is not answered, or whose answer holds no longer, which says why it is asked; else the
        page that shows all."""
        for step, form in self.filled(request, draft):
            if step.slug not in draft.answers:
                draft.brought = step.slug if draft.is_checked else ""
                draft.save(request)
                return self.url(step)
            if not form.is_valid():
                return self._refused(request, draft, step, form)
        return reverse(f"{self.name}_check")

    def _back(self, draft: Draft, step: Step) -> str:
        steps = self.asked(draft)
        at = steps.index(step) if step in steps else 0
        if draft.is_checked and step.slug in draft.answers:
            return reverse(f"{self.name}_check")
        return self.url(steps[at - 1]) if at else reverse("website")

    def _shown(
        self, request: HttpRequest, draft: Draft, step: Step, form: PageForm, status: int = 200
    ) -> HttpResponseBase:
        context = {
            "journey": self,
            "step": step,
            "form": form,
            "errors": errors_of(form),
            "back": self._back(draft, step),
            "is_brought": draft.brought == step.slug,
            "number": self.asked(draft).index(step) + 1 if step in self.asked(draft) else 1,
            "draft": draft,
            "on_device": hashlib.sha256(draft.key.encode()).hexdigest()[:32] if self.stays(draft) else "",
        }
        response = shown(request, step.template, context, status)
        return maps.admitted(request, response) if step.has_map else response

    def _checked(
        self, request: HttpRequest, draft: Draft, forms: list[tuple[Step, PageForm]]
    ) -> HttpResponseBase:
        rows = [(step, self.url(step), form.summary()) for step, form in forms]
        steps = self.asked(draft)
        context = {
            "journey": self,
            "rows": [(step, url, lines) for step, url, lines in rows if lines],
            "draft": draft,
            "back": self.url(steps[-1]),
            "errors": [("", message) for message in draft.refused.get("", {}).values()],
        }
        return shown(request, self.check_template, context, 422 if context["errors"] else 200)

    def _sent(self, request: HttpRequest, draft: Draft, values: dict[str, Any]) -> HttpResponseBase:
        outcome = self.send(request, draft, values)
        if isinstance(outcome, Sent):
            done = Draft(self.name, done={**outcome.done, "url": reverse(outcome.url)})
            done.save(request)
            return redirect(outcome.url)
        draft.refused = self.placed(outcome.errors)
        draft.save(request)
        wrong = next((step for step in self.asked(draft) if step.slug in draft.refused), None)
        return redirect(self.url(wrong) if wrong else reverse(f"{self.name}_check"))


def _kept(sent: QueryDict) -> dict[str, list[str]]:
    return {name: values for name, values in sent.lists() if name not in UNSENT}


def _data(answer: Mapping[str, Iterable[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in answer.items():
        data.setlist(name, list(values))
    return data


def _initial(answer: Mapping[str, list[str]], form: type[PageForm]) -> dict[str, Any]:
    """The former answer, as each field begins with it."""
    several = {
        name for name, one in form.base_fields.items() if hasattr(one.widget, "allow_multiple_selected")
    }
    return {
        name: values
        if name in several and form.base_fields[name].widget.allow_multiple_selected
        else values[-1]
        for name, values in answer.items()
        if values
    }


def errors_of(form: PageForm) -> list[tuple[str, str]]:
    """(id of the field, message) of what is wrong, for the summary; "" for what concerns no field."""
    return [
        (
            "" if name == "__all__" else (form[name].id_for_label or form[name].auto_id),
            str(message) or _("This is not right."),
        )
        for name, messages in form.errors.items()
        for message in messages
    ]
