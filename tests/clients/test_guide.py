"""Every example of the guide for portals is run as it stands, in a process of its own, against a live server."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.organization.models import User
from backend.portals.clients import register_client
from backend.portals.models import Scope
from backend.portals.webhooks import signing
from backend.portals.webhooks.addresses import target_of
from backend.portals.webhooks.sending import post
from tests.cast import Cast
from tests.clients.conftest import HERE, Node
from tests.factories import make_category, make_user
from tests.schema.portals import make_notices
from tests.schema.test_files import picture

ROOT = HERE.parents[1]
GUIDE = (ROOT / "docs" / "portals.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+) example=([\w-]+)(?: file=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CURL = shutil.which("curl")


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
    known = {"OZELKALEM": live_site, "CLIENT_ID": str(client.key), "CLIENT_SECRET": secret}
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **known}


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _one(language: str, name: str) -> str:
    [found] = [one.text for one in EXAMPLES if (one.language, one.name) == (language, name)]
    return found


def test_every_example_of_the_guide_is_run_here() -> None:
    fences = re.findall(r"^```(\w+)(.*)$", GUIDE, re.MULTILINE)
    assert all(rest.startswith(" example=") for _language, rest in fences)
    assert {(one.language, one.name) for one in EXAMPLES} == {
        *(("sh", name) for name in ("token", "first-query", "submit", "follow", "add", "open311")),
        ("python", "python"),
        ("python", "webhook"),
        ("ts", "typescript"),
    }


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_the_examples_in_curl(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(picture())
    shell = [one for one in EXAMPLES if one.language == "sh"]
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
    first, listed = (
        said["open311"].strip().split("\n", 1) if "\n" in said["open311"].strip() else (said["open311"], "")
    )
    assert '"service_request_id"' in first
    assert "<service_request_id>" in first + listed
    with system():
        [one, two] = Complaint.objects.order_by("id")
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


def test_the_example_of_a_webhook_takes_what_is_signed_once_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "hook.py").write_text(_one("python", "webhook"), encoding="utf-8")
    secret = signing.new_secret()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "WEBHOOK_SECRET": secret, "PORT": str(port)}
    hook = subprocess.Popen(
        [sys.executable, "hook.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    body = json.dumps({"type": "complaint.changed", "data": {"reference": "2026/184"}}).encode()

    def sent(key: str) -> int | None:
        headers = signing.headers("msg_1", int(time.time()), body, [key])
        return post(target_of(f"http://127.0.0.1:{port}/"), body, headers).status

    try:
        end = time.monotonic() + 20
        while (first := sent(secret)) is None and time.monotonic() < end:
            time.sleep(0.1)
        assert (first, sent(secret), sent(signing.new_secret())) == (204, 204, 400)
    finally:
        hook.terminate()
        told, _none = hook.communicate(timeout=20)
    assert told == "complaint.changed 2026/184\n"


def test_the_example_in_typescript(environment: dict[str, str], tmp_path: Path, node: Node) -> None:
    """Its types and documents are generated and checked; its program is compiled and run."""
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(ROOT / "schema" / "schema.graphql", tmp_path)
    for one in EXAMPLES:
        if one.language == "ts":
            assert one.file is not None
            (tmp_path / one.file).parent.mkdir(exist_ok=True)
            (tmp_path / one.file).write_text(one.text, encoding="utf-8")
    node("node_modules/@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.ts", cwd=tmp_path)
    [options] = re.findall(r"`npx tsc ([^`]+)`", GUIDE)
    node("node_modules/typescript/bin/tsc", *options.split(), cwd=tmp_path)
    documents = json.loads((tmp_path / "src/gql/persisted-documents.json").read_text(encoding="utf-8"))
    assert {len(sha256) for sha256 in documents} == {64}
    assert len(documents) == 2
    program = Path(sys.executable).parent / "node"
    told = _run([str(program), "dist/report.js"], tmp_path, environment)
    with system():
        assert told == f"{Complaint.objects.get().reference} Alındı\n"
