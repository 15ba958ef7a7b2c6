"""An application that is written without a line: the page for it, and the doors for what its device sends later.

The page holds nothing of the visitor, so that the device may keep it; what is typed stays there until it is sent. The
key of each is made there: sent again, it is the same application.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from website import api, identity, stickers
from website.apply import forms, photos
from website.apply.journey import JOURNEY
from website.draft import Draft
from website.forms import Asking
from website.journey import Sent, errors_of
from website.pages import page, posted, shown

KIND = "COMPLAINT"
NAME, STARTS = "apply_offline", "/basvuru/"
"""The page, and the addresses that the worker answers for."""
KEY, BUNDLE = re.compile(r"[0-9a-f-]{36}"), re.compile(r"[0-9A-Za-z_-]{22,100}")


@page
@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The questions on one page, without anything of the visitor: their device keeps it."""
    blank = HttpRequest()
    blank.META, blank.session = request.META, {}  # type: ignore[assignment]
    asking = Asking(blank, Draft(JOURNEY.name, {"ne": {"kind": [KIND]}}))
    contact = forms.ContactForm(asking=asking)
    context = {
        "text": forms.TextForm(asking=asking)["text"],
        "place": forms.PlaceForm(asking=asking),
        "who": forms.WhoForm(asking=asking, initial={"who": "NAMELESS"})["who"],
        "contact": contact,
        "words": _words(),
    }
    return shown(request, "website/apply/offline.html", context)


@page
@require_safe
def ready(request: HttpRequest) -> HttpResponseBase:
    """Say that there is a line, with the token against forgery that what follows bears."""
    return JsonResponse({"token": get_token(request)})


@page
@posted(NAME)
def photo(request: HttpRequest) -> HttpResponseBase:
    """Take one photograph of a device's draft; 422 with why not. The same once more is one."""
    file, bundle = request.FILES.get("file"), request.POST.get("bundle", "")
    if file is None or not BUNDLE.fullmatch(bundle):
        return _refused([_("Choose a photograph, a video or a document.")])
    answer = api.bring_file(request, bundle, file)
    return (
        _refused([f"{file.name}: {answer['error']}"]) if "error" in answer else JsonResponse({}, status=201)
    )


@page
@posted(NAME)
def send(request: HttpRequest) -> HttpResponseBase:
    """File what the device kept: where its number or its code stands; 422 with what is wrong.

    Neither a place that was scanned nor a sign-on counts: both may be another person's on the same telephone.
    """
    key, bundle = request.POST.get("key", ""), request.POST.get("bundle", "")
    if not KEY.fullmatch(key) or (bundle and not BUNDLE.fullmatch(bundle)):
        return _refused([_("This is not right.")])
    draft = Draft(JOURNEY.name, _answers(request.POST), key)
    if bundle:
        draft.found = {"bundle": bundle}
    stickers.forget(request)
    request.session.pop(identity.KEY, None)
    filled = JOURNEY.filled(request, draft)
    if wrong := [message for _step, form in filled for _at, message in errors_of(form)]:
        return _refused(wrong)
    try:
        outcome = JOURNEY.send(request, draft, {step.slug: form.values() for step, form in filled})
    except api.Unavailable as refusal:
        if refusal.code != "DUPLICATE":
            raise
        return _refused(["known"])  # another text was taken under this key
    if not isinstance(outcome, Sent):
        return _refused([str(one["message"]) for one in outcome.errors])
    return _taken(request, outcome)


def _taken(request: HttpRequest, outcome: Sent) -> HttpResponseBase:
    """Where it stands. What is being answered in this browser meanwhile is not given up for it."""
    url = reverse(outcome.url)
    if not Draft.of(request, JOURNEY.name).answers:
        Draft(JOURNEY.name, done={**outcome.done, "url": url}).save(request)
    elif "code" in outcome.done:
        url = reverse("apply_follow")
    facts = {name: outcome.done.get(name, "") for name in ("reference", "code")}
    return JsonResponse({"url": url, **facts})


def _answers(sent: QueryDict) -> dict[str, dict[str, list[str]]]:
    """The answers as the questions on the site would have them."""
    asked = {
        "ne": {},
        "anlat": forms.TextForm.base_fields,
        "konu": {},
        "yer": forms.PlaceForm.base_fields,
        photos.STEP: {},
        "kim": forms.WhoForm.base_fields,
        "iletisim": forms.ContactForm.base_fields,
    }
    answers = {
        step: {name: [str(sent[name])] for name in fields if sent.get(name)} for step, fields in asked.items()
    }
    return answers | {"ne": {"kind": [KIND]}, "konu": {"another": [""]}}


def _refused(errors: list[Any]) -> JsonResponse:
    return JsonResponse({"errors": errors}, status=422)


@page
@require_safe
def worker(request: HttpRequest) -> HttpResponseBase:
    """The service worker, at an address below which it may answer while the line is cut."""
    path = finders.find("website/worker.js")
    assert isinstance(path, str)  # noqa: S101 - a file of this folder
    with open(path, encoding="utf-8") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


@page
@require_safe
def manifest(request: HttpRequest) -> HttpResponseBase:
    """What the telephone calls the form where it is put onto the home screen."""
    town = api.public(request, "municipality")["publicMunicipality"]
    icons = [town["crestUrl"], static("admin_ui/favicon.svg")]
    content = {
        "id": STARTS,
        "name": f"{town['name']} – {_('Application')}",
        "short_name": _("Application"),
        "lang": get_language(),
        "start_url": reverse(JOURNEY.name),
        "scope": STARTS,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": town["colour"] or "#1e3a8a",
        "icons": [{"src": one, "sizes": "any", "type": "image/svg+xml"} for one in icons if one],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "online": _("There is a line: your report is sent at once."),
        "offline": _(
            "There is no line. What you write stays on this device and is sent as soon as there is one. What you"
            " answered before is kept for an hour: go on in the ordinary form then."
        ),
        "send": _("Send"),
        "send_later": _("Send as soon as there is a line"),
        "remove": _("Remove"),
        "many": _("At most ten photographs."),
        "located": _("Your location was added."),
        "not_located": _("Your location could not be read. Write the street."),
        "open": _("Not finished"),
        "ready": _("Waits for the line"),
        "stopped": _("Not sent: something is missing or wrong"),
        "sent": _("Sent"),
        "number": _("Number of your application"),
        "code": _("Your tracking code"),
        "look": _("Follow my application"),
        "confirm": _("Write the code that we sent you"),
        "photos": _("%s photographs"),
        "old": _("It may have reached us a day ago already. Send it again only if you got no answer."),
        "known": _("An earlier text of this report reached us already. Look for our message, or call us."),
        "change": _("Change it"),
        "again": _("Send it again"),
        "drop": _("Delete it from this device"),
        "dropped": _("Deleted from this device."),
        "sending": _("It is being sent…"),
        "later": _("It is kept on this device and sent as soon as there is a line."),
        "need_text": _("Write what it is about."),
        "need_name": _("Write your first name and your surname."),
        "need_contact": _("Write your e-mail address or your telephone number."),
    }
