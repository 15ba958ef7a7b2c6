"""A double of a provider of OAuth 2, written after RFC 6749, 7636 and 7662: no provider's own software.

It hands out codes, tokens that end and refresh tokens that serve once, and says to Dovecot whether a token is good.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET = "ozelkalem", "istemci~gizi/+"


class Provider:
    """What it knows. `refuses`: the error that it answers with; `lives`: for so many seconds tokens are good."""

    def __init__(self, port: int, login: str) -> None:
        self.url, self.login = f"http://127.0.0.1:{port}", login
        self.lives, self.refuses, self.rotates = 3600, "", True
        self.codes: dict[str, tuple[str, str]] = {}
        self.good, self.refresh = set[str](), set[str]()
        self.asked: list[dict[str, str]] = []
        self.answers: tuple[int, bytes, dict[str, str]] | None = None

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def authorize_url(self) -> str:
        return f"{self.url}/authorize"

    def consented(self, url: str) -> dict[str, str]:
        """What a person's consent at this address sends back to us."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(9)
        self.codes[code] = (asked["code_challenge"], asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}

    def token(self, facts: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(facts)
        if self.refuses:
            return 400, {"error": self.refuses}
        if (facts.get("client_id"), facts.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        grant = facts.get("grant_type")
        if grant == "authorization_code":
            challenge, back = self.codes.pop(facts.get("code", ""), ("", ""))
            digest = hashlib.sha256(facts.get("code_verifier", "").encode()).digest()
            if (
                base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge
                or back != facts["redirect_uri"]
            ):
                return 400, {"error": "invalid_grant"}
        elif grant == "refresh_token":
            if facts.get("refresh_token") not in self.refresh:
                return 400, {"error": "invalid_grant"}
            if self.rotates:
                self.refresh.remove(facts["refresh_token"])
        elif grant != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        token, again = secrets.token_urlsafe(1500), secrets.token_urlsafe(24)
        self.good.add(token)
        answer: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": self.lives}
        if grant != "client_credentials" and (self.rotates or grant == "authorization_code"):
            self.refresh.add(again)
            answer["refresh_token"] = again
        return 200, answer

    def introspected(self, token: str) -> dict[str, object]:
        return {"active": True, "username": self.login} if token in self.good else {"active": False}


@contextmanager
def running(login: str) -> Iterator[Provider]:
    """A provider of its own, which ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            facts = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            if self.path == "/introspect":
                self.answer(200, json.dumps(provider.introspected(facts.get("token", ""))).encode(), {})
            elif provider.answers is not None:
                self.answer(*provider.answers)
            else:
                status, content = provider.token(facts)
                self.answer(status, json.dumps(content).encode(), {})

        def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tokens pass by."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(server.server_address[1], login)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            server.shutdown()
