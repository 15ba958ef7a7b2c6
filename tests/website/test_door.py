"""The site does nothing that a portal cannot: registered documents, as a client, through the pipeline of them all."""

from __future__ import annotations

import ast
import json
import logging
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import resolve

from backend.complaints.models import Complaint
from backend.core.operation.logs import JsonFormatter
from backend.core.session import system
from backend.portals.clients import change_client, close_client
from backend.portals.models import Client, ClientMinute
from backend.portals.trusted import register_documents, retire_document, sha256_of
from schema.http import in_process
from tests.cast import Cast, signed_in
from tests.databases import ROOT
from website import api

pytestmark = pytest.mark.usefixtures("site")
MUNICIPALITY = api.HASHES["municipality"]
SUBMIT = (
    "mutation S($input: PortalComplaintSubmitInput!) { portalComplaintSubmit(input: $input)"
    " { reference trackingCode errors { code field } } }"
)


def _run(document: str, variables: dict[str, object] | None = None, key: str = "") -> in_process.Answered:
    return in_process.run(
        settings.WEBSITE_ACCOUNT,
        document,
        variables or {},
        address="203.0.113.7",
        language="tr",
        idempotency_key=key,
    )


def _client() -> Client:
    with system():
        return Client.objects.get(account__username=settings.WEBSITE_ACCOUNT)


def _register(text: str) -> str:
    with system():
        register_documents(_client(), json.dumps({sha256_of(text): text}), by=None)
    return sha256_of(text)


def _code(answered: in_process.Answered) -> str:
    return str(answered[1]["errors"][0]["extensions"]["code"])


def test_every_document_of_the_site_is_registered_for_its_client() -> None:
    with system():
        registered = set(_client().documents.live().values_list("sha256", flat=True))
    assert registered == set(api.HASHES.values())
    assert _client().documents_only


def test_a_registered_document_is_answered_and_counted() -> None:
    status, answer = _run(MUNICIPALITY)
    assert status == 200
    assert answer["data"]["publicMunicipality"]["phone"]
    with system():
        assert ClientMinute.objects.get(client=_client()).requests == 1


def test_a_document_that_is_not_registered_is_refused() -> None:
    assert _code(_run(sha256_of("{ publicMunicipality { name } }"))) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_retired_document_is_refused() -> None:
    with system():
        retire_document(_client().documents.get(sha256=MUNICIPALITY), by=None)
    assert _code(_run(MUNICIPALITY)) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_client_without_the_scope_is_refused() -> None:
    document = _register(SUBMIT)
    sent = {"input": {"kind": "COMPLAINT", "subject": "Kaldırımda çukur"}}
    assert _run(document, sent)[1]["data"]["portalComplaintSubmit"]["reference"]
    with system():
        change_client(_client(), by=None, scopes=["FOLLOW"])
    refused = _run(document, sent)
    payload = (refused[1].get("data") or {}).get("portalComplaintSubmit")
    codes = [one["code"] for one in payload["errors"]] if payload else [_code(refused)]
    assert codes == ["FORBIDDEN"]


def test_a_closed_client_is_refused_at_once_and_its_reopening_serves() -> None:
    assert _run(MUNICIPALITY)[0] == 200
    with system():
        close_client(_client(), by=None)
    assert _run(MUNICIPALITY)[0] == 401
    assert in_process.run("no.such.account", MUNICIPALITY, {}, address="::1", language="tr")[0] == 401


def test_what_the_client_may_ask_in_a_minute_ends() -> None:
    with system():
        change_client(_client(), by=None, requests_per_minute=1)
    assert _run(MUNICIPALITY)[0] == 200
    assert _run(MUNICIPALITY)[0] == 429


def test_one_key_is_done_once() -> None:
    document = _register(SUBMIT)
    sent = {"input": {"kind": "COMPLAINT", "subject": "Kaldırımda çukur"}}
    key = "7d7f4c2e-3f1e-4a52-9a51-0f6f4a6f2f11"
    assert _run(document, sent, key) == _run(document, sent, key)
    with system():
        assert Complaint.objects.count() == 1


def test_a_file_takes_the_way_of_a_portals_file() -> None:
    document = _register(SUBMIT)
    sent = {"input": {"kind": "COMPLAINT", "subject": "Kaldırımda çukur"}}
    code = _run(document, sent)[1]["data"]["portalComplaintSubmit"]["trackingCode"]
    where = {"address": "203.0.113.7", "language": "tr"}
    text = SimpleUploadedFile("not.txt", "Çukur büyüdü.".encode(), "text/plain")
    in_process._tokens.here()[settings.WEBSITE_ACCOUNT] = (
        "of-another-day"  # another is issued, and nothing is lost
    )
    assert in_process.send_file(settings.WEBSITE_ACCOUNT, code, text, **where)[0] == 201
    program = SimpleUploadedFile("x.exe", b"MZ" + b"\x00" * 200, "image/png")
    assert in_process.send_file(settings.WEBSITE_ACCOUNT, code, program, **where)[0] == 415
    assert in_process.send_file(settings.WEBSITE_ACCOUNT, "0000-0000-0000", text, **where)[0] != 201


def test_the_command_twice_changes_nothing_and_a_former_document_is_retired() -> None:
    former = _register("query Former { publicMunicipality { name } }")
    call_command("website_client", stdout=StringIO())
    with system():
        assert _client().documents.get(sha256=former).retired_at is not None
        before = list(_client().documents.order_by("id").values_list("sha256", "registered_at"))
    call_command("website_client", stdout=StringIO())
    with system():
        assert list(_client().documents.order_by("id").values_list("sha256", "registered_at")) == before


def test_the_site_imports_nothing_of_the_product_but_the_door() -> None:
    """What the contract of imports says of modules, said of every line here too."""
    found = set()
    for path in (ROOT / "website").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                found |= {one.name for one in node.names}
    ours = {
        one for one in found if one.split(".")[0] in {"backend", "permissions", "schema", "admin_ui", "tests"}
    }
    assert ours == {"schema.http.in_process"}


def test_the_home_is_the_citizens_and_a_member_of_staff_sees_the_desk(cast: Cast) -> None:
    page = Browser().get("/")
    assert page.status_code == 200
    assert "Personel girişi" in page.content.decode()
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    assert signed_in(cast.secretary).get("/")["Location"] == "/admin/"


def test_without_its_client_the_site_says_so() -> None:
    with system():
        close_client(_client(), by=None)
    api.forget()
    page = Browser().get("/")
    assert page.status_code == 503
    assert "112" in page.content.decode()


def test_the_style_sheet_is_small() -> None:
    size = (Path(ROOT) / "website/static/website/website.css").stat().st_size
    assert size < 20_000


def test_switched_off_it_is_not_there() -> None:
    """The home leads to the desk as before, and of the site there is only what messages name."""
    said = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "print(resolve('/').view_name)\n"
        "try: resolve('/basvuru/')\n"
        "except Resolver404: print('none')\n"
        "print(resolve('/takip/').view_name)"
    )
    environment = {**os.environ, "OZELKALEM_WEBSITE": "off", "DJANGO_SETTINGS_MODULE": "backend.settings"}
    command = [sys.executable, "-c", said]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["home", "none", "tracking"], done.stderr


class _Written(logging.Handler):
    """What the log of requests writes, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(JsonFormatter().format(record)))


def test_the_line_of_a_page_names_the_page_and_not_what_it_asked_for() -> None:
    written, log = _Written(), logging.getLogger("request")
    log.addHandler(written)
    try:
        assert Browser().get("/sayilar/").status_code == 200
    finally:
        log.removeHandler(written)
    (line,) = written.lines
    assert line["operation"] == resolve("/sayilar/").view_name
    assert "user_id" not in line
