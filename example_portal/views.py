"""The addresses of the example portal: its three files, and what they ask."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from example_portal.service import HASHES, Answer, Service

PAGE = Path(__file__).parent / "page"
FILES = {
    "": ("index.html", "text/html; charset=utf-8"),
    "portal.js": ("portal.js", "text/javascript; charset=utf-8"),
    "portal.css": ("portal.css", "text/css; charset=utf-8"),
}
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "blob:", "data:"],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
LARGEST = 26 * 1024 * 1024


@require_safe
@never_cache
@csp_replace(POLICY)
def file(request: HttpRequest, name: str = "") -> HttpResponse:
    """One of the files of the page, as it is."""
    if name not in FILES:
        raise Http404
    path, content_type = FILES[name]
    return HttpResponse((PAGE / path).read_bytes(), content_type=content_type)


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Name -> SHA-256 of the documents that the page may ask for."""
    return JsonResponse(HASHES)


@csrf_exempt  # nobody is signed in here, so there is nothing to misuse; other pages are turned away by `_own`
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """`{documentId, variables}`: run one of the documents, and hand on what the API answers."""
    if not _own(request):
        return _sorry(403, "FORBIDDEN")
    try:
        said = json.loads(request.body)
        sha256, variables = str(said["documentId"]).removeprefix("sha256:"), dict(said.get("variables") or {})
        return _handed_on(
            _service(request).ask(sha256, variables, request.headers.get("Idempotency-Key", ""))
        )
    except (ValueError, TypeError, KeyError):
        return _sorry(400, "BAD_REQUEST")
    except OSError:
        return _sorry(502, "UNREACHABLE")


@csrf_exempt  # as above
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """A form with the field `file`, for the case of the header `Tracking-Code`."""
    if not _own(request):
        return _sorry(403, "FORBIDDEN")
    try:
        body = request.read(LARGEST + 1)  # not `request.body`: that is for words, and ends at 3 MB
        if len(body) > LARGEST:
            return _sorry(413, "TOO_LARGE")
        code, kind = request.headers.get("Tracking-Code", ""), request.headers.get("Content-Type", "")
        return _handed_on(_service(request).upload(code, body, kind))
    except OSError:
        return _sorry(502, "UNREACHABLE")


def _own(request: HttpRequest) -> bool:
    """Whether the portal's own page asks: no other page may use it as a way to the API."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _service(request: HttpRequest) -> Service:
    """The API of this demo. The secret lies in a file that `manage.py demo` writes. OSError without it."""
    file = Path(settings.EXAMPLE_PORTAL_FILE)
    return _kept(f"{request.scheme}://{request.get_host()}", file, file.stat().st_mtime_ns)


@cache
def _kept(address: str, file: Path, changed: int) -> Service:
    told = json.loads(file.read_text(encoding="utf-8"))
    return Service(address, told["client_id"], told["client_secret"])


def _handed_on(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def _sorry(status: int, code: str) -> HttpResponse:
    return JsonResponse({"errors": [{"message": code, "extensions": {"code": code}}]}, status=status)
