"""A citizen's view of their case by its tracking code, submitted by POST so that no URL contains the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.core.forms import OfficeForm
from backend.complaints.actions import citizens
from backend.complaints.actions.citizens import CitizenAction
from backend.configuration.office import configured
from permissions.complaints import portal as public_cases
from permissions.complaints import public


class CodeForm(OfficeForm):
    code = forms.CharField(
        label=_("Tracking code"),
        max_length=40,
        help_text=_(
            "Twelve letters and digits, for example 7G2K-0QXM-4TBN. It stands in the message you were sent."
        ),
    )


class AddForm(OfficeForm):
    text = forms.CharField(
        label=_("What you want to add"),
        max_length=citizens.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    file = forms.FileField(label=_("A photograph or document"), required=False)

    def say(self, code: str) -> None:
        text, file = self.cleaned_data["text"], self.cleaned_data["file"]
        if file:
            public_cases.attach(code, by=None, file=file, name=file.name)
        if text or not file:
            public_cases.add(code, by=None, text=text)


class WithdrawForm(OfficeForm):
    reason = forms.CharField(
        label=_("Reason, if you wish"), max_length=citizens.LONGEST_REMARK, required=False
    )

    def say(self, code: str) -> None:
        public_cases.withdraw(code, by=None, **self.cleaned_data)


class RateForm(OfficeForm):
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
    )
    remark = forms.CharField(
        label=_("What you want to say to it, if you wish"),
        max_length=citizens.LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("It is read by those who worked on it, and not published."),
    )

    def say(self, code: str) -> None:
        public_cases.rate(code, by=None, **self.cleaned_data)


class ReopenForm(OfficeForm):
    reason = forms.CharField(
        label=_("Why should it be taken up again?"),
        max_length=citizens.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def say(self, code: str) -> None:
        public_cases.reopen(code, by=None, **self.cleaned_data)


@dataclass(frozen=True)
class Offer:
    """Something that the citizen may do to their case, as a form of its own."""

    deed: CitizenAction
    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[Any]


OFFERS = (
    Offer(CitizenAction.ADD, _("Add something"), _("Send"), _("What you added was received."), AddForm),
    Offer(
        CitizenAction.RATE,
        _("Rate the answer"),
        _("Rate"),
        _("Thank you: your rating was received."),
        RateForm,
    ),
    Offer(
        CitizenAction.REOPEN,
        _("Have it taken up again"),
        _("Ask for it"),
        _("Your application is taken up again under the same number."),
        ReopenForm,
    ),
    Offer(
        CitizenAction.WITHDRAW,
        _("Withdraw the application"),
        _("I withdraw my application"),
        _("Your application was withdrawn."),
        WithdrawForm,
    ),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST what `permissions.complaints.public` tells a citizen, after what they do to their
    case (`do`).

    A wrong code tells nothing. The code stands in the form and in no address.
    """
    form = CodeForm(request.POST if request.method == "POST" else None)
    result, offers, done, refused = None, [], "", []
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        value, done = _said(request, code)
        result = public.tracked(code)
        if result is None:
            form.add_error("code", _("No application has this code. Check it letter by letter."))
        else:
            offers = [
                (one, value if value is not None and type(value) is one.form else one.form(prefix=one.deed))
                for one in OFFERS
                if one.deed in result.may
            ]
            if value is not None and not any(value is shown for _offer, shown in offers):
                refused = value.non_field_errors()
    context = {
        "form": form,
        "found": result,
        "offers": offers,
        "done": done,
        "refused": refused,
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": configured.MUNICIPALITY_PHONE,
    }
    return render(request, "admin_ui/tracking.html", context)


def _said(request: HttpRequest, code: str) -> tuple[Any, Any]:
    """Do what the citizen sent: (the form that was refused, ""), (None, what was done), or neither."""
    offer = next((one for one in OFFERS if one.deed == request.POST.get("do")), None)
    if offer is None:
        return None, ""
    form = offer.form(request.POST, request.FILES, prefix=offer.deed)
    if form.is_valid():
        with form.refusals():
            form.say(code)
    return (form, "") if form.errors else (None, offer.done)
