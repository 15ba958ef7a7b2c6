"""Asking the product: the documents of this folder, run as the site's own client."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import get_language

from schema.http import in_process

DOCUMENTS = {
    path.stem: path.read_text(encoding="utf-8").strip()
    for path in sorted((Path(__file__).parent / "documents").glob("*.graphql"))
}
HASHES = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in DOCUMENTS.items()}
KEPT_SECONDS = 30
"""So long public data is kept, for all visitors."""
MOST_KEPT = 500
"""Of so many questions at most: what is asked for may be the visitor's choice."""
_kept: dict[tuple[str, str, str], tuple[float, dict[str, Any]]] = {}


class Unavailable(Exception):  # noqa: N818 - a page is shown for it, and nothing is wrong with the visitor
    """The product does not answer now. `status`: 429 where too much is asked, else 503; `wait`: seconds until then."""

    def __init__(self, code: str, status: int = 503) -> None:
        super().__init__(code)
        self.code, self.status = code, status


def ask(request: HttpRequest, name: str, key: str = "", **variables: Any) -> dict[str, Any]:
    """Run the document of this name and return its data. `key`: the idempotency key of something that is done.

    What is refused to the visitor stands in `errors` of the payload; `Unavailable` is raised for all else.
    """
    return _data(
        in_process.run(
            settings.WEBSITE_ACCOUNT,
            HASHES[name],
            variables,
            address=_address(request),
            language=get_language() or settings.LANGUAGE_CODE,
            idempotency_key=key,
        )
    )


def public(request: HttpRequest, name: str, **variables: Any) -> dict[str, Any]:
    """`ask` for public data, which is the same for everybody and kept for a while."""
    key = in_process.house(), name, f"{get_language()} {sorted(variables.items())}"
    kept = _kept.get(key)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = time.monotonic(), ask(request, name, **variables)
    return kept[1]


def forget() -> None:
    """Keep no public data any more."""
    _kept.clear()


def send_file(request: HttpRequest, code: str, file: UploadedFile) -> str:
    """Add a file to the case of a tracking code. Returns why it was not taken, "" where it was.

    Also what passes by itself (too many files now) is said beside the file: what was written there stays.
    """
    status, answer = in_process.send_file(
        settings.WEBSITE_ACCOUNT,
        code,
        file,
        address=_address(request),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return "" if status == 201 else str(answer["errors"][0]["message"])


def bring_file(request: HttpRequest, bundle: str, file: UploadedFile) -> dict[str, Any]:
    """Keep a file for what is about to be sent in: token, name, type and size, or `error` where it was refused."""
    status, answer = in_process.bring_file(
        settings.WEBSITE_ACCOUNT,
        bundle,
        file,
        address=_address(request),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return answer if status == 201 else {"error": str(answer["errors"][0]["message"])}


def _data(answered: tuple[int, Mapping[str, Any]]) -> dict[str, Any]:
    status, answer = answered
    if status == 200 and not answer.get("errors"):
        data: dict[str, Any] = answer["data"]
        return data
    first = (answer.get("errors") or [{}])[0]
    code = str((first.get("extensions") or {}).get("code") or "INTERNAL")
    raise Unavailable(code, 429 if status == 429 or code == "RATE_LIMITED" else 503)


def _address(request: HttpRequest) -> str:
    """Who asks. What may be believed of a proxy's headers the product's own middleware has judged already."""
    return in_process.address_of(request)
