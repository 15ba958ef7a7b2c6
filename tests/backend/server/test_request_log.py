"""A running web writes one line of JSON for each request on standard output, which can be read and names nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from backend.core.operation import logs
from backend.core.operation.request_log import RequestLogMiddleware, name_operation
from tests.backend.server.running import running_web
from tests.cast import make_cast
from tests.databases import ROOT, CommittedDatabase

SECRETS = ("GIZLIKOD", "ayse.yilmaz", "10.1.2.3")
SECRET_PATHS = (
    "/randevu/x/",
    "/takvim/x.ics",
    "/davet/x/",
    "/belge/x/",
    "/haberler/ayril/x/",
    "/open311/v2/requests/x.json",
)
NUMBER = "0123456789abcdef" * 2


def test_each_request_is_one_readable_line(committed_db: CommittedDatabase, tmp_path: Path) -> None:
    cast = make_cast()
    secret = cast.portal_secret
    ask = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}", "X-Request-ID": NUMBER}
    with running_web(committed_db, tmp_path) as web:
        answers = [
            web.ask("/graphql/", json.dumps({"query": "query Whoami { me { username } }"}), **ask),
            web.ask("/graphql/", "{ no JSON", **ask | {"X-Request-ID": "ayse.yilmaz"}),
            web.ask("/randevu/GIZLIKOD/?q=ayse.yilmaz"),
            web.ask("/belge/GIZLIKOD/"),
            web.ask("/open311/v2/requests/GIZLIKOD.json?api_key=GIZLIKOD"),
            web.ask("/takip/", "code=GIZLIKOD"),  # without its CSRF token
            web.ask("/static/admin_ui/office.css"),
        ]
    lines = web.lines()
    requests = [line for line in lines if line["logger"] == "request"]
    assert [line["status"] for line in requests] == [status for status, _text in answers]
    assert [line["bytes"] for line in requests[:4]] == [len(text.encode()) for _status, text in answers[:4]]
    assert all(isinstance(line["duration_ms"], float) and line["duration_ms"] > 0 for line in requests)
    assert all(re.fullmatch("[0-9a-f]{32}", line["request_id"]) for line in requests)
    first = requests[0]
    assert (first["operation"], first["user_id"], first["request_id"]) == (
        "Whoami",
        cast.portal.pk,
        NUMBER,
    )
    assert [line["request"] for line in requests[2:5]] == [
        "GET /randevu/•/",
        "GET /belge/•/",
        "GET /open311/v2/requests/•",
    ]
    assert any(re.fullmatch(r"Booting worker with pid: \d+", line["event"]) for line in lines)
    assert [line for line in lines if line["event"] == "%s: %s"] == []
    written = web.output.read_text("utf-8")
    assert [word for word in (*SECRETS, secret) if word in written] == []


def test_a_fault_is_one_line_with_its_kind_and_place(
    caplog: pytest.LogCaptureFixture, rf: Any, client: Any
) -> None:
    """The answer is made of the exception below the middleware, as Django does it."""
    from django.core.handlers.exception import convert_exception_to_response

    def broken(_request: HttpRequest) -> HttpResponse:
        raise ValueError("Ayşe Yılmaz")

    with caplog.at_level("INFO"):
        RequestLogMiddleware(convert_exception_to_response(broken))(rf.get("/"))
    lines = [
        json.loads(logs.JsonFormatter().format(each)) for each in caplog.records if each.name == "request"
    ]
    assert [(line["event"], line["status"], line["error"]) for line in lines] == [
        ("request_failed", 500, "ValueError")
    ]
    assert any("broken" in where for where in lines[0]["where"])
    assert "Ayşe" not in json.dumps(lines, ensure_ascii=False)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ({"query": "query Inbox($a: Int) { me { id } }"}, "Inbox"),
        ({"query": "{ me { id } }", "operationName": "Chosen"}, "Chosen"),
        ({"query": "{ me { id } }"}, None),
        ({"query": "{ me { id } }", "operationName": "0555 000 00 00"}, None),
        ({"query": None}, None),
    ],
)
def test_an_operation_is_named_as_its_client_names_it(operation: dict[str, Any], name: str | None) -> None:
    token = logs.context.set({})
    name_operation(operation)
    assert (logs.context.get() or {}).get("operation") == name
    logs.context.reset(token)


def test_nginx_writes_json_with_the_duration_and_no_secret() -> None:
    """What its map takes out of an address is what the application's own log takes out."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    form = re.search(r"log_format ozelkalem escape=json(.*?);\n", text, re.DOTALL)
    assert form is not None
    variables = set(re.findall(r"\$(\w+)", form[1]))
    assert {"request_time", "status", "logged_path", "request_id", "bytes_sent"} <= variables
    personal = {"remote_addr", "remote_user", "request", "request_uri", "uri", "args", "query_string"}
    assert not variables & personal
    assert not [name for name in variables if name.startswith(("http_", "arg_", "cookie_"))]
    assert text.count("access_log /var/log/nginx/ozelkalem.log ozelkalem;") == len(
        re.findall(r"^server {", text, re.M)
    )
    rules = re.search(r"map \$request_uri \$logged_path {(.*?)\n}", text, re.DOTALL)
    assert rules is not None
    secret, plain = (re.compile(each.replace("(?<", "(?P<")) for each in re.findall(r'"~([^"]+)"', rules[1]))
    for path in SECRET_PATHS:
        found = secret.match(f"{path}?q=ayse")
        assert found is not None
        assert f"{found['head']}•" == logs.without_secrets(path).rstrip("/")
    assert secret.match("/takip/?code=/randevu/x") is None
    assert plain.match("/takip/?code=7G2K")["path"] == "/takip/"  # type: ignore[index]
