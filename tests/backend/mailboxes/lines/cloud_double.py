"""A double of the Cloud API of WhatsApp Business, written from its documentation: no server of Meta is asked.

It takes messages, hands out media in two steps, and makes the calls that its webhooks make: signed with the app secret.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from django.test import Client

from backend.mailboxes.models import MessageLine

ACCOUNT, SECRET, TOKEN = "106540352242922", "f" * 32, "EAAGm0PX4ZCpsBAK"


class Cloud:
    """`answers`: the errors (status, code) of the next messages; `files`: media by their ID: (type, content)."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answers: list[tuple[int, int]] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.away = ""
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer(*cloud.take(self.path, self.headers["Authorization"], body))

            def do_GET(self) -> None:
                cloud.asked.append(self.path)
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    self._answer(401, {"error": {"code": 190}})
                elif self.path.startswith("/file/"):
                    kind, content = cloud.files[self.path.rpartition("/")[2]]
                    self._raw(200, content, kind)
                elif (found := cloud.files.get(self.path.rpartition("/")[2])) is not None:
                    key = self.path.rpartition("/")[2]
                    facts = {
                        "messaging_product": "whatsapp",
                        "url": cloud.away or f"{cloud.url}/file/{key}",
                        "mime_type": found[0],
                        "sha256": hashlib.sha256(found[1]).hexdigest(),
                        "file_size": len(found[1]),
                        "id": key,
                    }
                    self._answer(200, facts)
                else:
                    self._answer(404, {"error": {"code": 100}})

            def _answer(self, status: int, value: object) -> None:
                self._raw(status, json.dumps(value).encode(), "application/json")

            def _raw(self, status: int, content: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()
        self._serial = itertools.count(1)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, proof: str, body: dict[str, Any]) -> tuple[int, object]:
        """What `/<phone number ID>/messages` answers."""
        if proof != f"Bearer {TOKEN}" or path != f"/v23.0/{ACCOUNT}/messages":
            return 401, {"error": {"code": 190, "type": "OAuthException"}}
        if self.answers:
            status, code = self.answers.pop(0)
            return status, {"error": {"message": f"(#{code})", "code": code, "type": "OAuthException"}}
        self.sent.append(body)
        name = f"wamid.{next(self._serial)}"
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": name}]}


def value_of(account: str = ACCOUNT, **lists: Any) -> dict[str, Any]:
    """The body of a webhook of the field `messages`."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "908501112233", "phone_number_id": account},
        **lists,
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def signature_of(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def call(line: MessageLine, value: dict[str, Any], secret: str = SECRET) -> int:
    """The status that a call of Meta is answered with."""
    body = json.dumps(value).encode()
    answer = Client().post(
        f"/lines/{line.key}/",
        body,
        content_type="application/json",
        headers={"X-Hub-Signature-256": signature_of(body, secret)},
    )
    return answer.status_code
