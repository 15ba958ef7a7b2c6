"""An application that is written without a line: the page for it, and the doors for what its device sends later.

The page holds nothing of the visitor, so that the device may keep it; what is typed stays there until it is sent. The
key of each is made there: sent again, it is the same application.
"""

from __future__ import annotations

import re

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from website import api
from website.apply import forms, photos
from website.apply.journey import JOURNEY
from website.draft import Draft
from website.forms import Asking
from website.journey import Sent, errors_of
from website.pages import page, posted, shown

NAME, STARTS = "apply_offline", "/basvuru/"
"""The page, and the addresses that the worker answers for."""
KEY, BUNDLE = re.compile(r"[0-9a-f-]{36}"), re.compile(r"[0-9A-Za-z_-]{22,100}")
RESULT = ("reference", "code", "receipt", "way", "is_code_sent", "is_repeated")
"""What came of one: the device keeps it, and the session has that of one at a time."""
LONGEST = 200


@page
@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The questions on one page, without anything of the visitor: their device keeps it."""
    asking = Asking(_blank(request), Draft(JOURNEY.name, {"ne": {"kind": [forms.OF_DEVICES]}}))
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
        return _refused([("id_file", _("Choose a photograph, a video or a document."))])
    answer = api.bring_file(request, bundle, file)
    if "error" in answer:
        return _refused([("id_file", f"{file.name}: {answer['error']}")])
    return JsonResponse({}, status=201)


@page
@posted(NAME)
def send(request: HttpRequest) -> HttpResponseBase:
    """File what the device kept: its number, or that a code proves its sender; 422 with what is wrong, and where.

    The session counts for nothing and stays as it is: it may be another person's on the same telephone, who fills in
    the ordinary form at this moment, signed on or from a scanned place.
    """
    key, bundle = request.POST.get("key", ""), request.POST.get("bundle", "")
    if not KEY.fullmatch(key) or (bundle and not BUNDLE.fullmatch(bundle)):
        return _refused([("", _("This is not right."))])
    draft, blank = Draft(JOURNEY.name, _answers(request.POST), key), _blank(request)
    if bundle:
        draft.found = {"bundle": bundle}
    filled = JOURNEY.filled(blank, draft)
    if wrong := [one for _step, form in filled for one in errors_of(form)]:
        return _refused(wrong)
    try:
        outcome = JOURNEY.send(blank, draft, {step.slug: form.values() for step, form in filled})
    except api.Unavailable as refusal:
        if refusal.code != "DUPLICATE":
            raise
        return _refused([("", "known")])  # another text was taken under this key
    if not isinstance(outcome, Sent):
        placed = JOURNEY.placed(outcome.errors).values()
        return _refused([(f"id_{name}" if name else "", why) for one in placed for name, why in one.items()])
    return JsonResponse({name: outcome.done.get(name) or "" for name in RESULT})


@page
@posted(NAME)
def open_result(request: HttpRequest) -> HttpResponseBase:
    """Lead to the page of what came of one that the device sent. The answers of a form that is open here stay."""
    result = {name: request.POST.get(name, "")[:LONGEST] for name in ("key", *RESULT)}
    url = reverse("apply_done" if result["code"] else "apply_confirm")
    draft = Draft.of(request, JOURNEY.name)
    draft.done = {**result, "url": url}
    draft.save(request)
    return JsonResponse({"url": url})


def _blank(request: HttpRequest) -> HttpRequest:
    """The same line, with nothing of the visitor."""
    blank = HttpRequest()
    blank.META, blank.session = request.META, {}  # type: ignore[assignment]
    return blank


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
    return answers | {"ne": {"kind": [forms.OF_DEVICES]}, "konu": {"another": [""]}}


def _refused(errors: list[tuple[str, str]]) -> JsonResponse:
    """(id of the field on the page, sentence or its name in `_words`) of what is wrong."""
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
        "offline_here": _(
            "There is no line. What you write stays on this device; open this page again when there is one, so that it"
            " is sent. What you answered before is kept for an hour: go on in the ordinary form then."
        ),
        "no_line": _("There is no line at the moment. Try again later."),
        "send": _("Send"),
        "send_later": _("Send as soon as there is a line"),
        "remove": _("Remove"),
        "many": _("At most ten photographs."),
        "large": _("The file is too large: at most 20 MB."),
        "full": _("This device has no room left: what you write now is not kept. Make room on it."),
        "full_photo": _("This device has no room for this photograph; what you wrote is kept without it."),
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
        "late": _("It could not be sent for seven days. Send it again, or delete it."),
        "known": _("An earlier text of this report reached us already. Look for our message, or call us."),
        "change": _("Change it"),
        "again": _("Send it again"),
        "drop": _("Delete it from this device"),
        "dropped": _("Deleted from this device."),
        "sending": _("It is being sent…"),
        "later": _("It is kept on this device and sent as soon as there is a line."),
        "later_here": _(
            "It is kept on this device. Open this page again when there is a line, so that it is sent."
        ),
        "need_text": _("Write what it is about."),
        "need_first_name": _("Write your first name."),
        "need_last_name": _("Write your surname."),
        "need_contact": _("Write your e-mail address or your telephone number."),
    }
