"""A client that writes: a portal that brings in cases one after another, each under a key, and repeats what got no
answer or a 503, as the guide for portals says."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from typing import Any

SUBMIT = """mutation($input: PortalComplaintSubmitInput!) {
  portalComplaintSubmit(input: $input) { reference trackingCode errors { code } } }"""
FOLLOW = "query($code: String!) { portalComplaint(code: $code) { reference } }"
POSITION = "Ozelkalem-Position"
TIMEOUT = 40


def ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
    """One request on a connection of its own: the status and the body. 0: there was no answer."""
    status, answer, _position = ask_with_position(port, method, path, body, **headers)
    return status, answer


def ask_with_position(
    port: int, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, bytes, str]:
    """`ask`, and where the log of the database was after it, if something was written and there are standbys."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get(POSITION, "")
    except (OSError, http.client.HTTPException):
        return 0, b"", ""
    finally:
        connection.close()


@dataclass
class Writer:
    """Brings in cases until it is ended. `acknowledged`: subject -> number, where an answer said that it is done."""

    port: int
    client_id: str
    secret: str
    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    pause: float = 0.05
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields of each case; its `contact` has an address of its own: few mails leave for one in an hour."""
    token: str = ""
    wrong: list[str] = field(default_factory=list)
    follows: bool = False
    """Asks for each case after it was acknowledged, as the API says, with the position of that answer: it is there."""
    position: str = ""
    moments: dict[str, float] = field(default_factory=dict)
    """Subject -> when its answer came, by the monotonic clock."""

    def __post_init__(self) -> None:
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._go_on, daemon=True)

    def start(self) -> Writer:
        self.thread.start()
        return self

    def end(self) -> None:
        """Returns when its last case was acknowledged."""
        self.ending.set()
        self.thread.join()

    def write(self) -> str:
        """Bring in one case, as often as it takes: its number."""
        subject, key = f"Deneme başvurusu {uuid.uuid4().hex[:12]}", str(uuid.uuid4())
        given: dict[str, Any] = {"kind": "REQUEST", "subject": subject, **self.more}
        if "contact" in given:
            given["contact"] = {**given["contact"], "email": f"ayse.{key[:13]}@example.org"}
        body = json.dumps({"query": SUBMIT, "variables": {"input": given}})
        while True:
            status, answer = self._say(body, key)
            if status == 200:
                told: Any = json.loads(answer)
                assert "errors" not in told, told
                reference = str(told["data"]["portalComplaintSubmit"]["reference"])
                self.acknowledged[subject] = reference
                self.moments[subject] = time.monotonic()
                if self.follows:
                    self._follow(reference, str(told["data"]["portalComplaintSubmit"]["trackingCode"]))
                return reference
            self.ending.wait(0.3)

    def _follow(self, reference: str, code: str) -> None:
        body = json.dumps({"query": FOLLOW, "variables": {"code": code}})
        while True:
            status, answer = self._say(body, "")
            if status == 200:
                found = json.loads(answer)["data"]["portalComplaint"]
                if found != {"reference": reference}:
                    self.wrong.append(f"older than what was written: {reference}, {answer[:200]!r}")
                return
            self.ending.wait(0.3)

    def _go_on(self) -> None:
        while not self.ending.wait(self.pause):
            self.write()

    def _say(self, body: str, key: str) -> tuple[int, bytes]:
        if not self.token:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.client_id,
                "client_secret": self.secret,
            }
            kind = {"Content_Type": "application/x-www-form-urlencoded"}
            status, answer = self._count(
                ask(self.port, "POST", "/oauth/token", urllib.parse.urlencode(form), **kind)
            )
            if status != 200:
                return status, answer
            self.token = json.loads(answer)["access_token"]
        headers = {
            "Content_Type": "application/json",
            "Authorization": f"Bearer {self.token}",
        }
        headers |= {"Idempotency_Key": key} if key else {}
        headers |= {POSITION.replace("-", "_"): self.position} if self.position else {}
        status, answer, position = ask_with_position(self.port, "POST", "/graphql/", body, **headers)
        self.position = position or self.position
        self._count((status, answer))
        if status == 401:  # a token is good for an hour
            self.token = ""
        return status, answer

    def _count(self, answer: tuple[int, bytes]) -> tuple[int, bytes]:
        self.statuses[answer[0]] = self.statuses.get(answer[0], 0) + 1
        if answer[0] >= 500 and answer[0] != 503:
            self.wrong.append(f"{answer[0]} {answer[1][:200]!r}")
        return answer
