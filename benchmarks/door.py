"""One client of the GraphQL door: a kept connection and a bearer token."""

from __future__ import annotations

import http.client
import json
from typing import Any


class Door:
    """Asks over HTTP as one person. An answer with errors ends the benchmark: it would measure a refusal."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, operation: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer."""
        body = json.dumps({"query": operation, "variables": variables or {}})
        try:
            response = self._post(body)
        except (ConnectionError, http.client.BadStatusLine):  # the server closes a connection that was idle
            self._connection.close()
            response = self._post(body)
        text = response.read()
        if response.status != 200:
            raise SystemExit(f"HTTP {response.status}: {text[:500]!r}")
        answer = json.loads(text)
        if answer.get("errors"):
            raise SystemExit(f"errors: {answer['errors']}")
        data: dict[str, Any] = answer["data"]
        return data

    def _post(self, body: str) -> http.client.HTTPResponse:
        self._connection.request("POST", "/graphql/", body, self._headers)
        return self._connection.getresponse()

    def close(self) -> None:
        self._connection.close()
