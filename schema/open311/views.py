"""The addresses of the standard below `/open311/v2/`: services, requests, tokens.

Who asks for requests, or sends one, is a client with its access token: `Authorization: Bearer`, or `api_key` in the
form or in the address, where the clients that exist put it. Our logs cut it out (`backend.core.operation.logs`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from backend.complaints.choices import Kind
from backend.complaints.models import ComplaintLine
from backend.configuration.office import configured
from backend.contacts.models import Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.refusals import Refusal, refusing_as
from backend.core.session import out_of_time, system, unscoped
from backend.organization.models import Category
from backend.places.choices import PointSource
from backend.portals.models import Scope
from permissions.complaints import portal as public_cases
from permissions.complaints import public
from permissions.core import scope
from permissions.core.middleware import read_form
from permissions.portals import access as portals
from permissions.portals import public_lists, quota
from permissions.portals.idempotency import (
    FIELD,
    Repeatable,
    StoredResponse,
    remember,
    stored_response,
    under_key,
)
from permissions.portals.public_lists import OfTheHouse
from schema.complaints.portal import NEWEST
from schema.complaints.public_lists import paged
from schema.core.connection import MOST, Page
from schema.http.authentication import session
from schema.http.metering import Metered
from schema.http.request_errors import BadRequest
from schema.open311 import answers, reading

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-26T00:00:00+03:00"
STATUS: dict[str, int] = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.UNAUTHENTICATED: 403,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.CONFLICT: 409,
    ErrorCode.TIMEOUT: 503,
}
"""As the standard has it: 403 for a key that is missing or wrong, 404 for what is not there, 400 for the rest."""
Content = tuple[str, Any]
View = Callable[..., Content]


def answering(**views: View) -> Callable[..., HttpResponse]:
    """One address: the view of each method, run as the bearer of the key; a refusal in the standard's form."""

    def run(request: HttpRequest, format: str, **arguments: Any) -> HttpResponse:
        view = views.get("GET" if request.method == "HEAD" else str(request.method))
        if view is None:
            response = _refused(405, _("This method is not taken here."), format)
            response["Allow"] = ", ".join(views)
            return response
        headers: dict[str, str] = {}
        metered = Metered(request)
        try:
            metered.check_file(quota.may_open311)
            if request.method == "POST":
                read_form(request)
            is_keyed = _keyed(request)
            if metered.spent is None:  # its key stood in the form or the address
                metered.check_file(quota.may_open311)
            data = request.POST if request.method == "POST" else request.GET
            with session(request) if is_keyed else scope.session(None):
                reading.check_text(data)
                reading.check_jurisdiction(request, data)
                response = answers.respond(*view(request, data, headers, **arguments), format)
        except BadRequest as over:
            response = _refused(over.status, str(over), format)
        except (DomainError, DatabaseError) as fault:
            response = _faulty(fault, format)
        for name, value in {**headers, "Cache-Control": "no-store"}.items():
            response[name] = value
        metered.set_headers(response, failed=response.status_code >= 400)
        return response

    # The browser's session is ignored here: only a key authenticates.
    return unscoped(refusing_as(_in_this_form)(csrf_exempt(run)))


def _faulty(fault: DomainError | DatabaseError, format: str) -> HttpResponse:
    error = fault if isinstance(fault, DomainError) else out_of_time(fault)
    if error is None:
        raise fault
    result = f"{error.field}: {error.message}" if error.field else str(error.message)
    return _refused(STATUS.get(error.code, 400), result, format)


def _in_this_form(_request: HttpRequest, refusal: Refusal, format: str, **_arguments: Any) -> HttpResponse:
    response = _refused(refusal.status, refusal.message, format)
    response["Cache-Control"] = "no-store"
    return response


def _refused(status: int, text: str, format: str) -> HttpResponse:
    return answers.respond("errors", [{"code": status, "description": text}], format, status)


def _keyed(request: HttpRequest) -> bool:
    """Whether the request has an API key; one in a form or an address is moved to where a token is expected."""
    in_form = request.POST.get("api_key", "") if request.method == "POST" else ""
    key = in_form or request.GET.get("api_key", "")
    if key and "Authorization" not in request.headers:
        request.META["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        request.__dict__.pop("headers", None)  # they are read from META once
    return "Authorization" in request.headers


# -- services ------------------------------------------------------------------------------------------------
def services(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """GET services: what a request may be about; groups that have subjects of their own are named by these."""
    rows = OfTheHouse(_offered().order_by("parent__name_sort", "name_sort"))
    return "services", [_service(row) for row in rows]


def definition(request: HttpRequest, data: QueryDict, headers: dict[str, str], code: str) -> Content:
    """GET service definition: optional attributes, and the privacy notice to show first."""
    row = _service_with(code)
    return "service_definition", {"service_code": row.code, "attributes": _attributes()}


def _offered() -> QuerySet[Category]:
    return public_lists.categories().filter(Q(parent__isnull=False) | Q(children__isnull=True)).distinct()


def _service(row: Category) -> dict[str, Any]:
    group = row.parent.name if row.parent else row.name
    return {
        "service_code": row.code,
        "service_name": row.name,
        "description": f"{group}: {row.name}" if row.parent else row.name,
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(row.keywords),
        "group": group,
    }


def _service_with(code: str) -> Category:
    outcome = next(iter(OfTheHouse(_offered().filter(code=code))), None)
    if outcome is None:
        message = _("There is no such service. Choose one of the list of services.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "service_code")
    return outcome


def _attributes() -> list[dict[str, Any]]:
    kinds = [{"key": str(kind), "name": str(kind.label)} for kind in Kind]
    places = [
        {"key": row.code, "name": row.name}
        for row in OfTheHouse(public_lists.neighbourhoods().order_by("name_sort"))
    ]
    items = [
        _attribute("kind", _("What you bring"), _("A complaint, if nothing is chosen."), kinds),
        _attribute("neighbourhood", _("Neighbourhood"), _("Where it is."), places),
    ]
    notice = public_lists.notice(Purpose.CASE, None)
    if notice is not None:
        text = _("Needed with the name, telephone number or e-mail address of the person who reports.")
        versions = [{"key": notice.code, "name": _("I have read the privacy notice.")}]
        items += [
            _attribute("privacy_text", notice.text, "", [], variable=False),
            _attribute("privacy_notice", _("Privacy notice"), text, versions),
        ]
    return [{**one, "order": place} for place, one in enumerate(items, 1)]


def _attribute(
    code: str, description: str, hint: str, values: list[dict[str, str]], *, variable: bool = True
) -> dict[str, Any]:
    return {
        "variable": variable,
        "code": code,
        "datatype": "singlevaluelist" if variable else "text",
        "required": False,
        "datatype_description": hint or None,
        "order": 0,
        "description": description,
        "values": values,
    }


# -- requests ------------------------------------------------------------------------------------------------
def report(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """POST request: register what a citizen reports. Under an `Idempotency-Key` what is sent again is done once."""
    account = portals.account(Scope.SUBMIT)
    files = request.FILES.getlist("media")
    once = _once(request, data, files)
    if once and (kept := stored_response(*once)):
        return "service_requests", orjson.loads(kept.body)
    code = data.get("service_code", "")
    if not code:
        message = _("Name the service: “service_code” of the list of services.")
        raise DomainError(ErrorCode.REQUIRED, message, "service_code")
    service = _service_with(code)
    taken = public_cases.submit(
        by=account,
        category=service.code,
        **reading.submission(data, service.name),
    )
    for file in files:
        public_cases.attach(taken.code, by=account, file=file, name=file.name or "")
    notice = _(
        "Your application has been registered. Follow it with the tracking code %(code)s at %(address)s."
    )
    text = notice % {"code": taken.code, "address": settings.PUBLIC_URL + reverse("tracking")}
    content = [{"service_request_id": _id(taken.reference), "service_notice": text, "account_id": None}]
    if once:
        remember(*once, StoredResponse(200, orjson.dumps(content)))
    return "service_requests", content


def _once(request: HttpRequest, data: QueryDict, files: list[Any]) -> Repeatable | None:
    """The form under the key of its sender, without the key that it is sent with."""
    key = request.headers.get(FIELD)
    if key is None:
        return None
    facts = {name: values for name, values in data.lists() if name != "api_key"}
    return under_key(key, ["open311", facts, [_digest(file) for file in files]])


def _digest(file: Any) -> str:
    outcome = hashlib.sha256()
    for chunk in file.chunks():
        outcome.update(chunk)
    file.seek(0)
    return outcome.hexdigest()


def requests(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """GET requests: what the client brought in, newest first; 50 at a time, the next ones by the header `Link`."""
    rows = _brought()
    if numbers := reading.ids(data):
        rows = rows.filter(reference__in=numbers)
    else:
        start, end = reading.span(data)
        rows = rows.filter(registered_at__gte=start, registered_at__lte=end)
        if codes := reading.several(data, "service_code"):
            rows = rows.filter(category__code__in=codes)
        wanted = set(reading.statuses(data))
        if len(wanted) == 1:
            rows = rows.open() if wanted == {"open"} else rows.closed()
    page = Page.of(_page_size(data), data.get("after") or None, None, None)
    outcome = paged(rows, NEWEST, page, _request, public_cases.note_shown)
    if outcome.page_info.has_next_page:
        asked = data.copy()
        asked["after"] = outcome.page_info.end_cursor or ""
        headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{asked.urlencode()}>; rel="next"'
    return "service_requests", outcome.nodes


def one_request(request: HttpRequest, data: QueryDict, headers: dict[str, str], id: str) -> Content:
    """GET request: one of those that the client brought in; any other number is missing."""
    row = _brought_with(id)
    public_cases.note_shown([row])
    return "service_requests", [_request(row)]


def token(request: HttpRequest, data: QueryDict, headers: dict[str, str], token: str) -> Content:
    """GET service_request_id from a token: ids are assigned at once here, and are their own token."""
    return "service_requests", [{"service_request_id": _id(_brought_with(token).reference), "token": token}]


def _brought() -> Any:
    rows = public_cases.brought_by(portals.account(Scope.FOLLOW))
    lines = ComplaintLine.objects.filter(complaint=OuterRef("pk"), verb__in=tuple(public.STEPS))
    newest, before = (
        Subquery(some.order_by("-at").values("at")[:1])
        for some in (lines, lines.exclude(verb__in=public.SENDINGS))
    )
    return rows.annotate(notified_at=Case(When(is_held=True, then=before), default=newest))


def _brought_with(id: str) -> Any:
    outcome = next(iter(OfTheHouse(_brought().filter(reference=reading.number(id))[:1])), None)
    if outcome is None:
        message = _("There is no such request among those that you brought in.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "service_request_id")
    return outcome


def _page_size(data: QueryDict) -> int | None:
    text = data.get("page_size", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 0 < int(text) <= MOST:
        raise reading.invalid("page_size", _("A whole number from 1 to 100."))
    return int(text)


def _request(row: Any) -> dict[str, Any]:
    """Case in the format of the standard, without the citizen's text and identity."""
    category = row.category
    changed = row.closed_at or row.notified_at or row.registered_at
    return {
        "service_request_id": _id(row.reference),
        "status": "open" if row.is_open else "closed",
        "status_notes": str(public.standing_of(row, row.is_held).label),
        "service_name": category.name if category else None,
        "service_code": category.code if category else None,
        "description": None,
        "agency_responsible": configured.MUNICIPALITY_NAME,
        "service_notice": None,
        "requested_datetime": _moment(row.registered_at),
        "updated_datetime": _moment(changed),
        "expected_datetime": None,
        "address": row.place or None,
        "address_id": None,
        "zipcode": None,
        "lat": None if row.point_source == PointSource.NEIGHBOURHOOD else row.latitude,
        "long": None if row.point_source == PointSource.NEIGHBOURHOOD else row.longitude,
        "media_url": None,
    }


def _id(reference: str) -> str:
    return reference.replace("/", "-")


def _moment(moment: dt.datetime) -> str:
    return localtime(moment).isoformat(timespec="seconds")


# -- updates, as FixMyStreet documents them --------------------------------------------------------------------
def updates(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """GET updates: what happened to the requests that the client brought in, the oldest first, a hundred at a time; the
    next ones by the header `Link`."""
    account = portals.account(Scope.FOLLOW)
    start, end = reading.span(data)
    with system():
        found, following = public_cases.updates(account, start, end, references=reading.ids(data))
    if following is not None:
        asked = data.copy()
        asked["start_date"], asked["end_date"] = following.isoformat(), end.isoformat()
        headers["Link"] = f'<{request.build_absolute_uri(request.path)}?{asked.urlencode()}>; rel="next"'
    return "service_request_updates", [
        {
            "update_id": one.id,
            "service_request_id": one.reference,
            "status": "open" if one.is_open else "closed",
            "updated_datetime": _moment(one.at),
            "description": one.text,
            "media_url": None,
        }
        for one in found
    ]


def add_update(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """POST update: what the citizen adds to a request that the client brought in. Who adds it is the applicant of the
    request: a name in the form is not taken, and neither is a status."""
    account = portals.account(Scope.FOLLOW)
    files = request.FILES.getlist("media")
    once = _once(request, data, files)
    if once and (kept := stored_response(*once)):
        return "service_request_updates", orjson.loads(kept.body)
    number = data.get("service_request_id", "")
    if not number:
        message = _("Name the request: “service_request_id”.")
        raise DomainError(ErrorCode.REQUIRED, message, "service_request_id")
    case, text = _brought_with(number), reading.described(data)
    if place := reading.place_of_update(data):
        text = "\n\n".join(part for part in (text, place) if part)
    digest = hashlib.sha256("\x1f".join(map(_digest, files)).encode()).hexdigest()[:16]
    name = f"{_id(case.reference)}-{digest}"
    if text or not files:
        with named("description", "text"):
            public_cases.add(case.tracking_code, by=account, text=text)
        name = public_cases.last_added(case, account)
    for file in files:
        public_cases.attach(case.tracking_code, by=account, file=file, name=file.name or "")
    content = [{"update_id": name, "service_request_id": _id(case.reference)}]
    if once:
        remember(*once, StoredResponse(200, orjson.dumps(content)))
    return "service_request_updates", content


@contextmanager
def named(field: str, inside: str) -> Iterator[None]:
    """Name a refused field as the standard does."""
    try:
        yield
    except DomainError as error:
        raise DomainError(
            error.code, error.message, field if error.field == inside else error.field
        ) from None


# -- discovery -----------------------------------------------------------------------------------------------
def discovery(request: HttpRequest, data: QueryDict, headers: dict[str, str]) -> Content:
    """Where the standard is spoken, in which formats."""
    at = request.build_absolute_uri("/open311/v2")
    return "discovery", {
        "changeset": CHANGED,
        "contact": f"{configured.MUNICIPALITY_NAME}, {configured.MUNICIPALITY_PHONE}",
        "key_service": request.build_absolute_uri(reverse("developer_document", args=["rehber"])),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": at,
                "changeset": CHANGED,
                "type": "production" if settings.ENVIRONMENT == "production" else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
