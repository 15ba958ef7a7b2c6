"""The page “my jobs in the field”, the list that the phone keeps, and the door for what was done without a line.

The page kept by the service worker (`shell`) holds no row; the list is kept encrypted under a key that this account
alone receives, and that the phone drops at the sign-out. A report bears an Idempotency-Key made on the phone, so that
it counts once, however often and late it is sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from admin_ui.complaints.field.jobs import shown
from admin_ui.map.frame import map_data
from backend.complaints.choices import PhotoStage
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from permissions.complaints import field_work
from permissions.complaints.field_work import FieldReport
from permissions.core import scope
from permissions.portals.idempotency import FIELD, StoredResponse, remember, stored_response, under_key

STATUS = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.WRONG_STATE: 409,
    ErrorCode.CONFLICT: 409,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED: 415,
    ErrorCode.TIMEOUT: 503,
}
LONGEST_TEXT = 10_000


def may_see() -> bool:
    """Whether the page is offered: to who works in a unit that cases are routed to."""
    return field_work.works_in_the_field()


def _require() -> None:
    """NOT_FOUND for whom no case is routed to."""
    if not may_see():
        raise scope.not_found()


@ensure_csrf_cookie
def show(request: HttpRequest) -> HttpResponse:
    """The jobs, drawn by the server; the script then goes on with what the phone keeps."""
    _require()
    return _positioned(render(request, "admin_ui/field.html", {"jobs": shown(request), **_frame()}))


@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """The same page without a row, which the service worker keeps for the time without a line."""
    _require()
    return _positioned(render(request, "admin_ui/field.html", {"jobs": [], **_frame()}))


def _frame() -> dict[str, object]:
    return {
        "words": _words(),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "most": field_work.MOST_PHOTOS,
        "depot": configured.CREW_DEPOT,
        "map_data": map_data(),
        "addresses": {
            "list": reverse("admin:field_jobs"),
            "send": reverse("admin:field_send"),
            "worker": f"{reverse('admin:field_worker')}?{_of_worker()}",
        },
    }


def _of_worker() -> str:
    """What the worker needs to send by itself: the scripts of the store, and the name of the cookie against forgery."""
    scripts = [static(f"admin_ui/{name}.js") for name in ("phone", "field-store")]
    return urlencode({"store": scripts, "cookie": settings.CSRF_COOKIE_NAME}, doseq=True)


def _positioned(response: HttpResponse) -> HttpResponse:
    """Let this page alone ask the browser where it is: the distance is computed on the phone and never leaves it."""
    response["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
    return response


def jobs(request: HttpRequest) -> JsonResponse:
    """The list for the phone: until when it may keep it, and the key under which it does."""
    _require()
    secret, owner = _secret()
    until = timezone.now() + dt.timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
    rows = shown(request)
    response = JsonResponse({"jobs": rows, "until": until.isoformat(), "owner": owner, "secret": secret})
    response["Cache-Control"] = "private, no-store"
    return response


def _secret() -> tuple[str, str]:
    """The viewer's key for what their phone keeps, and a name for them that says nothing."""
    about = f"field phone: {scope.require_user().pk}".encode()
    secret = hmac.digest(settings.SECRET_KEY.encode(), about, "sha256")
    return b64encode(secret).decode(), hashlib.sha256(secret).hexdigest()[:16]


def send(request: HttpRequest) -> HttpResponse:
    """Take over what was done for one job; under its key it counts once. Refusals say in words what happened."""
    _require()
    if request.method != "POST":
        raise scope.not_found()
    report = _report(request)
    job = request.POST.get("job", "")
    try:
        once = under_key(request.headers.get(FIELD, ""), ["field", job, *report.digest()])
        if (before := stored_response(*once)) is not None:
            return HttpResponse(before.body, content_type="application/json")
        case = field_work.record(job, report)
    except DomainError as error:
        return _refused(error)
    text = _("%(reference)s: sent.") % {"reference": case.reference}
    answer = JsonResponse({"message": text})
    remember(*once, StoredResponse(200, answer.content))
    return answer


def _report(request: HttpRequest) -> FieldReport:
    fields, files = request.POST, request.FILES
    photos: list[Any] = [
        (file, file.name or "foto.jpg", stage.value)
        for stage in PhotoStage
        for file in files.getlist(stage.value.lower())
    ]
    return FieldReport(
        text=clean(fields.get("text", ""))[:LONGEST_TEXT],
        hands_in=fields.get("hands_in") == "1",
        as_note=fields.get("as_note") == "1",
        seen=fields.get("seen", ""),
        photos=photos,
    )


def _refused(error: DomainError) -> JsonResponse:
    """A refusal for the phone. The key is busy while its first request runs: that is to be tried again."""
    is_busy = error.code == ErrorCode.CONFLICT and error.field == FIELD
    message = str(error)
    if error.code == ErrorCode.NOT_FOUND:
        message = _("This job does not lie with your unit any more: it was routed elsewhere or taken back.")
    status = 503 if is_busy else STATUS.get(error.code, 400)
    return JsonResponse({"code": str(error.code), "message": message}, status=status)


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at an address below which it may answer while the line is cut."""
    path = finders.find("admin_ui/field-worker.js")
    if not isinstance(path, str):
        raise scope.not_found()
    with open(path, encoding="utf-8") as file:
        script = file.read()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "online": _("connected"),
        "offline": _("no line: what you do is kept here and sent later"),
        "out": _("Your session has ended. Sign in again: what waits here is sent then."),
        "waits": _("%s to be sent"),
        "sending": _("is being sent"),
        "queued": _("waits for the line"),
        "stopped": _("not taken over"),
        "mine": _("Given to me"),
        "free": _("Not taken over yet"),
        "none": _(
            "No job waits for you or your unit. What is routed to it and has a place comes here, nearest first if"
            " you wish."
        ),
        "nothing_kept": _("Nothing is kept on this phone yet. Open this page once with a line."),
        "to_send": _("To be sent"),
        "before": _("Before"),
        "after": _("After"),
        "remove": _("Remove"),
        "note": _("Keep as an internal note"),
        "copy": _("Copy the text"),
        "copied": _("Copied."),
        "discard": _("Discard"),
        "discard_sure": _("Discard this text and these photos for good?"),
        "open": _("Open the application"),
        "urgent": _("Urgent"),
        "about": _("about %s"),
        "no_place": _("The position of this phone is not known; the jobs are in the order of the mahalle."),
        "near": _("Nearest first"),
        "round": _("Order of visits"),
        "visits": _("%n visits, about %s as the crow flies."),
        "no_start": _("Where this phone is, is not known: it begins with the first job."),
        "starts": _("Where it begins"),
        "from_here": _("From here"),
        "from_depot": _("From the depot"),
        "start": _("Start"),
        "map": _("Map of the visits"),
        "way": _("Way there"),
        "show": _("Show the job"),
        "nowhere": _("Without a place, and so in no order: %s"),
        "many": _("At most %s photos at once."),
        "kept": _("Kept on this phone."),
        "need_text": _("Write what was done."),
        "need_something": _("Write what was done, or take a photo."),
        "others": _(
            "Work of another person that was not sent waits on this phone; it is sent when they sign in."
        ),
        "no_camera": _("This photo could not be read."),
    }
