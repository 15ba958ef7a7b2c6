"""The door for a surface of the product itself: a client's registered documents, run without a network.

What comes through it takes the way of any client: its token, its quota, its trusted documents, scopes, both walls and
idempotency. Nothing that it can do is closed to a portal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from backend import houses
from backend.core.operation import logs
from backend.core.words.addresses import client_address, current_address
from backend.houses import PerHouse
from permissions.portals import public as public_clients
from schema.http import files, pipeline

Answered = tuple[int, dict[str, Any]]
"""Status and what was answered, as over HTTP."""
UNAUTHENTICATED: Answered = (401, {"errors": [{"message": "", "extensions": {"code": "UNAUTHENTICATED"}}]})
_tokens: PerHouse[dict[str, str]] = PerHouse(dict)
_lock = Lock()


def run(
    client: str,
    document_hash: str,
    variables: Mapping[str, Any],
    *,
    address: str,
    language: str,
    idempotency_key: str = "",
) -> Answered:
    """Run a registered document as the client of an account (`client`: its user name).

    `address`: whose request it is, for what is counted by address. 401 where the client is closed or there is none.
    """
    operation = {"documentId": f"sha256:{document_hash}", "variables": dict(variables)}
    body = orjson.dumps(operation)

    def ask(secret: str) -> HttpResponseBase:
        request = _request("/graphql/", secret, "application/json", len(body), idempotency_key)
        request._body = body
        return pipeline.answer(request)

    return _as_client(client, ask, address, language)


def send_file(client: str, code: str, file: UploadedFile, *, address: str, language: str) -> Answered:
    """Add a file to the case of a tracking code, as `/files/portal/complaints/` does."""
    ask = partial(_with_file, "/files/portal/complaints/", files.portal_upload, "TRACKING_CODE", code, file)
    return _as_client(client, ask, address, language)


def bring_file(client: str, bundle: str, file: UploadedFile, *, address: str, language: str) -> Answered:
    """Keep a file for what is about to be sent in, as `/files/portal/submissions/` does."""
    ask = partial(_with_file, "/files/portal/submissions/", files.portal_bring, "BUNDLE", bundle, file)
    return _as_client(client, ask, address, language)


def _with_file(
    path: str,
    view: Callable[[HttpRequest], HttpResponseBase],
    header: str,
    value: str,
    file: UploadedFile,
    secret: str,
) -> HttpResponseBase:
    size = (file.size or 0) + files.ENVELOPE // 2
    request = _request(path, secret, "multipart/form-data", size)
    request.META[f"HTTP_{header}"] = value
    file.seek(0)
    request.FILES["file"] = file
    return view(request)


def house() -> str:
    """Return whose site this is, where one process serves many: what is kept for all visitors is kept by it."""
    return houses.name()


def address_of(request: HttpRequest) -> str:
    """Whose request it is, behind our own proxies."""
    return client_address(request)


def _request(path: str, secret: str, content_type: str, length: int, key: str = "") -> HttpRequest:
    request = HttpRequest()
    request.method, request.path, request.path_info = "POST", path, path
    request.META = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(length),
        "HTTP_ACCEPT": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "REMOTE_ADDR": current_address.get(),
    }
    if key:
        request.META["HTTP_IDEMPOTENCY_KEY"] = key
    return request


def _as_client(client: str, ask: Any, address: str, language: str) -> Answered:
    """Ask with the client's token, and once more with another where it has ended."""
    with _speaking_for(address, language):
        for anew in (False, True):
            secret = _token(client, anew)
            if secret is None:
                break
            response = ask(secret)
            answer = orjson.loads(response.content)
            if not _has_ended(response.status_code, answer):
                return response.status_code, answer
    return UNAUTHENTICATED


def _has_ended(status: int, answer: dict[str, Any]) -> bool:
    """Whether the token was refused: the door of files says so by 403 and the code."""
    first = (answer.get("errors") or [{}])[0]
    return status == 401 or (status == 403 and first.get("code") == "UNAUTHENTICATED")


@contextmanager
def _speaking_for(address: str, language: str) -> Iterator[None]:
    token = current_address.set(address)
    # A copy: the line of the page's own request names the page, not the documents that it asked for.
    lines = logs.context.set(dict(logs.context.get() or {}))
    try:
        with translation.override(language):
            yield
    finally:
        logs.context.reset(lines)
        current_address.reset(token)


def _token(client: str, anew: bool) -> str | None:
    tokens = _tokens.here()
    with _lock:
        if anew or client not in tokens:
            issued = public_clients.issue_in_process(client)
            if issued is None:
                tokens.pop(client, None)
                return None
            tokens[client] = issued.secret
        return tokens[client]
