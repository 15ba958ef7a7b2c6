"""What stands between the page and the API: it holds the secret, gets the token, and forwards what it knows.

A portal in any language does the same. Nothing of Django is needed for it: standard library alone.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

DOCUMENTS = {
    path.stem: path.read_text(encoding="utf-8").strip()
    for path in sorted((Path(__file__).parent / "documents").glob("*.graphql"))
}
TRUSTED = {hashlib.sha256(text.encode()).hexdigest(): text for text in DOCUMENTS.values()}
"""SHA-256 -> document: what is registered for the client, and the only things that a browser may ask for."""
HASHES = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in DOCUMENTS.items()}
PATIENCE = 20
"""Seconds to wait for the API."""
EARLY = 60
"""Seconds before its end at which a token is replaced."""
FORWARDED = ("Content-Type", "Retry-After")


@dataclass(frozen=True)
class Answer:
    """Status, headers and body, to be handed on as they are."""

    status: int
    headers: dict[str, str]
    body: bytes


class Service:
    """The API at an address, asked as one client. One for all requests: a token is fetched once an hour."""

    def __init__(self, address: str, client_id: str, client_secret: str) -> None:
        self.address, self.client_id, self.client_secret = address.rstrip("/"), client_id, client_secret
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def ask(self, sha256: str, variables: dict[str, object], key: str = "") -> Answer:
        """Run a document that the client registered. `key`: the Idempotency-Key of a deed. KeyError for another one."""
        if sha256 not in TRUSTED:
            raise KeyError(sha256)
        body = json.dumps({"documentId": f"sha256:{sha256}", "variables": variables}).encode()
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return self._say("/graphql/", body, headers)

    def upload(self, code: str, body: bytes, content_type: str) -> Answer:
        """Hand on the form with a citizen's file to the case of their tracking code."""
        return self._say(
            "/files/portal/complaints/", body, {"Content-Type": content_type, "Tracking-Code": code}
        )

    def _say(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        answer = self._post(path, body, headers | {"Authorization": f"Bearer {self._bearer()}"})
        if answer.status == 401:  # revoked, or ended early: once more with a new one
            answer = self._post(path, body, headers | {"Authorization": f"Bearer {self._bearer(anew=True)}"})
        return answer

    def _bearer(self, *, anew: bool = False) -> str:
        with self._lock:
            if anew or time.monotonic() > self._until:
                form = {
                    "grant_type": "client_credentials",
                    "client_id": self.client_id,
                    "client_secret": self.client_secret,
                }
                answer = self._post(
                    "/oauth/token",
                    urllib.parse.urlencode(form).encode(),
                    {"Content-Type": "application/x-www-form-urlencoded"},
                )
                if answer.status != 200:
                    raise OSError(f"no token: {answer.status}")
                told = json.loads(answer.body)
                self._token = str(told["access_token"])
                self._until = time.monotonic() + int(told["expires_in"]) - EARLY
            return self._token

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(self.address + path, body, headers, method="POST")  # noqa: S310 - our address
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as found:  # noqa: S310 - our address
                return _answer(found.status, found.headers, found.read())
        except urllib.error.HTTPError as refused:
            return _answer(refused.code, refused.headers, refused.read())


def _answer(status: int, headers: object, body: bytes) -> Answer:
    kept = {name: headers[name] for name in FORWARDED if headers[name]}  # type: ignore[index]
    return Answer(status, kept, body)
