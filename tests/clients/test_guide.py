"""Every example of the guide for portals is run as it stands, in a process of its own, against a live server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.events import actions as events
from backend.events import links
from backend.organization.models import User
from backend.portals.clients import register_client
from backend.portals.models import Scope
from backend.portals.webhooks import signing
from backend.portals.webhooks.addresses import target_of
from backend.portals.webhooks.sending import post
from permissions.complaints import portal as public_cases
from tests.cast import Cast, make_cast
from tests.clients.conftest import HERE
from tests.databases import CommittedDatabase
from tests.factories import make_category, make_event, make_guest, make_user
from tests.schema.portal_client import make_notices, make_portal
from tests.schema.stream.serving import Server

ROOT = HERE.parents[1]
GUIDE = (ROOT / "docs" / "portals.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+) example=([\w-]+)(?: file=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CURL = shutil.which("curl")
BIN = Path(sys.executable).parent
NODE = BIN / "node"
BY_CURL = (
    "token",
    "first-query",
    "submit",
    "follow",
    "add",
    "conversation",
    "appointment",
    "contact",
    "invitation",
    "suggestion",
    "open311",
)


@dataclass(frozen=True)
class Example:
    language: str
    name: str
    file: str | None
    text: str


EXAMPLES = [Example(*found) for found in FENCE.findall(GUIDE)]


@pytest.fixture
def environment(live_site: str, people: Cast) -> dict[str, str]:
    """What the guide takes as given: the address, and a client with its secret."""
    make_notices()
    make_category("kaldirim-ve-bordur", "Kaldırım ve bordür", parent=make_category("yol-ve-kaldirim", "Yol"))
    account: User = make_user("ornek.portal", "Örnek", "Portal", is_staff=False)
    with system():
        client, secret = register_client(
            account=account,
            name="Deneme",
            contact_name="Geliştirici",
            contact_email="gelistirici@example.org",
            scopes=[Scope.SUBMIT, Scope.FOLLOW],
            by=None,
        )
    return _environment(OZELKALEM=live_site, CLIENT_ID=str(client.key), CLIENT_SECRET=secret)


def _environment(**known: str) -> dict[str, str]:
    """That of somebody who has Python, Node and curl: what the guide takes as given is `known`."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **known}


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _begun(command: list[str], cwd: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A program that goes on, in a group of its own: node is started by a program of its wheel."""
    return subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _one(language: str, name: str) -> str:
    [found] = [
        one.text for one in EXAMPLES if (one.language, one.name, bool(one.file)) == (language, name, True)
    ]
    return found


def _pasted(name: str, folder: Path, environment: dict[str, str]) -> str:
    """Every block of that name as it stands in the page, in its order: files are written, commands run. What the
    last command said."""
    told = ""
    for one in EXAMPLES:
        if one.name == name and one.file:
            (folder / one.file).parent.mkdir(exist_ok=True)
            (folder / one.file).write_text(one.text, encoding="utf-8")
        elif one.name == name:
            told = _run(["bash", "-euo", "pipefail", "-c", one.text], folder, environment)
    return told


def test_every_example_of_the_guide_is_run_here() -> None:
    fences = re.findall(r"^```(\w+)(.*)$", GUIDE, re.MULTILINE)
    assert all(rest.startswith(" example=") for _language, rest in fences)
    assert {(one.language, one.name) for one in EXAMPLES} == {
        *(("sh", name) for name in (*BY_CURL, "python", "webhook", "stream", "typescript")),
        ("python", "python"),
        ("python", "webhook"),
        ("js", "webhook"),
        ("js", "stream"),
        ("ts", "typescript"),
    }
    assert all((one.language == "sh") == (not one.file) for one in EXAMPLES)


@pytest.mark.full
@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_the_examples_in_curl(environment: dict[str, str], people: Cast, tmp_path: Path) -> None:
    event = make_event(people.mayors, title="Bahar şenliği")
    guest = make_guest(event, "Ayşe", "Işık", answer=None, companions_allowed=1)
    with system():
        events.announce(event, by=None)
        events.publish(event, by=people.secretary, title="Bahar şenliği", text="Herkes davetlidir.")
        guest.refresh_from_db()
        environment["INVITATION"] = links.token_for(guest)
    shell = [one for one in EXAMPLES if one.language == "sh" and one.name in BY_CURL]
    script = "set -euo pipefail\n" + "".join(f"{one.text}\necho; echo '== {one.name}'\n" for one in shell)
    told = _run(["bash", "-c", script], tmp_path, environment)
    parts = re.split(r"\n== ([\w-]+)\n", told)
    said = dict(zip(parts[1::2], parts[0::2], strict=False))

    data = json.loads(said["first-query"])["data"]
    assert {"code": "kaldirim-ve-bordur", "name": "Kaldırım ve bordür", "groupName": "Yol"} in data[
        "publicCategories"
    ]["nodes"]
    assert json.loads(said["submit"])["name"] == "photo.png"
    case: Any = json.loads(said["follow"])["data"]["portalComplaint"]
    assert (case["isAwaited"], case["canAdd"], case["canRate"]) == (False, True, False)
    assert json.loads(said["add"])["data"]["portalComplaintAdd"]["errors"] == []
    messages = json.loads(said["conversation"])["data"]["portalComplaintConversation"]["nodes"]
    assert [one["text"] for one in messages if one["direction"] == "IN"] == [
        "İğdeli Sokak 4 önünde derin bir çukur var.",
        "Çukur bugün daha da büyüdü.",
    ]
    first, listed = (
        said["open311"].strip().split("\n", 1) if "\n" in said["open311"].strip() else (said["open311"], "")
    )
    assert '"service_request_id"' in first
    assert "<service_request_id>" in first + listed
    asked: Any = json.loads(said["appointment"])["data"]
    assert asked["portalAppointment"]["status"] == "Alındı"
    [line] = asked["portalAppointments"]["nodes"]
    assert (line["status"], line["isAwaited"]) == ("Alındı", False)
    shown, given = (json.loads(one) for one in said["invitation"].strip().replace("}{", "}\n{").split("\n"))
    assert (
        shown["data"]["portalInvitation"]["mayAnswer"],
        shown["data"]["portalInvitation"]["privacyNotice"],
    ) == (True, None)
    assert given["data"]["portalInvitationAnswer"] == {
        "invitation": {"answer": "COMING", "companions": 1},
        "errors": [],
    }
    suggested = json.loads(said["suggestion"])["data"]["portalEventSuggest"]
    assert suggested["errors"] == []
    with system():
        assert AppointmentRequest.objects.get().reference == line["reference"]
        guest.refresh_from_db()
        assert (guest.companion_names, guest.privacy_notice_id is not None) == ("Çağrı Işık", True)
        suggestion = Complaint.objects.get(kind="SUGGESTION")
        assert (suggestion.reference, "Bahar şenliği" in suggestion.subject) == (suggested["reference"], True)
        [one, two] = Complaint.objects.exclude(kind="SUGGESTION").order_by("id")
        assert one.reference == case["reference"]
        assert one.applicant is not None
        assert one.applicant.first_name == "İlkay"
        assert Attachment.objects.filter(complaint=one).count() == 1
        assert two.category is not None


def test_the_example_in_python(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "report.py").write_text(_one("python", "python"), encoding="utf-8")
    told = _run([sys.executable, "report.py"], tmp_path, environment)
    with system():
        assert told == f"{Complaint.objects.get().reference} Alındı\n"


@pytest.mark.full
@pytest.mark.parametrize("name", ["python", "typescript"])
def test_a_program_of_the_guide_runs_as_it_is_pasted_into_an_empty_folder(
    environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    told = _pasted(name, tmp_path, environment)
    with system():
        assert told.splitlines()[-1] == f"{Complaint.objects.get().reference} Alındı"
    if name == "typescript":
        made = json.loads((tmp_path / "src/gql/persisted-documents.json").read_text(encoding="utf-8"))
        assert [len(sha256) for sha256 in made] == [64, 64]


@pytest.mark.parametrize(
    ("program", "language", "file"),
    [
        (sys.executable, "python", "hook.py"),
        pytest.param("env/bin/python", "python", "hook.py", marks=pytest.mark.full),
        (str(NODE), "js", "hook.mjs"),
    ],
)
def test_the_example_of_a_webhook_takes_what_is_signed_once_and_nothing_else(
    tmp_path: Path, program: str, language: str, file: str
) -> None:
    if program.startswith("env"):
        _pasted("webhook", tmp_path, _environment())
    (tmp_path / file).write_text(_one(language, "webhook"), encoding="utf-8")
    secret = signing.new_secret()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = _environment(WEBHOOK_SECRET=secret, PORT=str(port))
    hook = _begun([program, file], tmp_path, environment)
    body = json.dumps({"type": "complaint.changed", "data": {"reference": "2026/184"}}).encode()

    def sent(key: str, age: int = 0, *others: str) -> int | None:
        headers = signing.headers("msg_1", int(time.time()) - age, body, [*others, key])
        return post(target_of(f"http://127.0.0.1:{port}/"), body, headers).status

    try:
        end = time.monotonic() + 20
        while (first := sent(secret)) is None and time.monotonic() < end:
            time.sleep(0.1)
        another = signing.new_secret()
        assert (first, sent(secret), sent(another), sent(secret, 0, another)) == (204, 204, 400, 204)
        assert sent(secret, 3600) == 400
    finally:
        os.killpg(hook.pid, signal.SIGTERM)
        told, _none = hook.communicate(timeout=20)
    assert told == "complaint.changed 2026/184\n"


@pytest.mark.full
def test_the_example_of_the_stream_follows_a_case_to_its_end(
    committed_db: CommittedDatabase, tmp_path: Path
) -> None:
    make_cast()
    account, token = make_portal()
    taken = public_cases.submit(by=account, kind="COMPLAINT", subject="Çukur")
    _pasted("stream", tmp_path, _environment())
    server = Server(committed_db, OZELKALEM_STREAM_HEARTBEAT_SECONDS="1")
    address = f"http://127.0.0.1:{server.port}"
    environment = _environment(OZELKALEM=address, TOKEN=token, CODE=taken.code)
    follows = _begun([str(NODE), "follow.mjs"], tmp_path, environment)
    try:
        assert follows.stdout is not None
        first = follows.stdout.readline()
        public_cases.withdraw(taken.code, by=account)
        rest, _none = follows.communicate(timeout=30)
    finally:
        if follows.poll() is None:
            os.killpg(follows.pid, signal.SIGTERM)
        server.end()
    assert (first, follows.returncode) == (f"{taken.reference} Alındı\n", 0)
    assert rest == f"{taken.reference} Kapandı: başvuru geri çekildi\n"
