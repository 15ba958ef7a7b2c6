"""Traces: what was done and how it ended, never what of whom; off it costs nothing and is not even loaded."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from backend.core.operation import job_metrics, tracing
from backend.core.operation.logs import JsonFormatter
from backend.portals.webhooks import sending
from tests.cast import Cast, signed_in
from tests.databases import ROOT
from tests.factories import make_complaint

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
FROM_PROXY = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
SECRET = "Zübeyde Gizlioğlu"
ASKED = "query Cases($text: String!) { complaints(search: $text) { nodes { reference } } }"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.begin_with(provider)
    yield exporter
    tracing.begin_with(None)


def asked(client: Client, query: str, headers: dict[str, str] | None = None, **variables: object) -> Any:
    body = json.dumps({"query": query, "variables": variables})
    return client.post("/graphql/", body, content_type="application/json", headers=headers or {})


def names(spans: InMemorySpanExporter) -> set[str]:
    return {span.name for span in spans.get_finished_spans()}


def test_a_request_has_its_stages_and_statements_below_it(cast: Cast, spans: InMemorySpanExporter) -> None:
    make_complaint(to=cast.fen)
    spans.clear()
    assert asked(signed_in(cast.fen_clerk), "{ complaints { nodes { reference } } }").status_code == 200
    found = {span.name: span for span in spans.get_finished_spans()}
    assert {"graphql admission", "graphql compiled_read", "graphql compile", "db SELECT"} <= set(found)
    [request] = [span for span in spans.get_finished_spans() if span.parent is None]
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "graphql/",
        "http.response.status_code": 200,
    }
    assert {span.context.trace_id for span in spans.get_finished_spans()} == {request.context.trace_id}


def test_nothing_personal_is_in_a_trace(cast: Cast, spans: InMemorySpanExporter) -> None:
    reader = signed_in(cast.secretary)
    asked(reader, ASKED, text=SECRET)
    reader.get("/admin/complaints/complaint/", {"q": SECRET})
    reader.get(f"/randevu/{SECRET}/")
    with pytest.raises(ValueError), tracing.span("job x"):
        raise ValueError(SECRET)
    done = spans.get_finished_spans()
    shown = repr([(span.name, dict(span.attributes or {}), span.events) for span in done])
    shown += "".join(str(span.to_json()) for span in done)
    assert len(done) > 10
    assert "Gizlio" not in shown
    assert "G%C" not in shown
    assert "ValueError" in shown


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_trace_stands_in_errors_and_log_lines_and_follows_our_proxy_alone(
    cast: Cast, spans: InMemorySpanExporter, settings: Any, caplog: pytest.LogCaptureFixture, proxies: int
) -> None:
    settings.PROXY_COUNT = proxies
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonFormatter().format(record))

    handler = Kept()
    logging.getLogger("request").addHandler(handler)
    try:
        answer = asked(signed_in(cast.secretary), "{ nothing }", FROM_PROXY).json()
    finally:
        logging.getLogger("request").removeHandler(handler)
    trace = answer["errors"][0]["extensions"]["traceId"]
    assert (trace == TRACE) is bool(proxies)
    assert json.loads(lines[-1])["trace_id"] == trace
    refused = asked(signed_in(cast.secretary), "", FROM_PROXY).json()
    assert len(refused["errors"][0]["extensions"]["traceId"]) == 32
    [root] = [span for span in spans.get_finished_spans() if span.name == "graphql"][-1:]
    assert bool(root.parent) is bool(proxies)


def test_a_nonsensical_parent_is_no_parent(cast: Cast, spans: InMemorySpanExporter, settings: Any) -> None:
    settings.PROXY_COUNT = 1
    for text in ("", "x", "00-0-0-00", f"00-{'0' * 32}-{PARENT}-01", "ş" * 900):
        sent = {"traceparent": text.encode().decode("latin-1")}
        assert asked(signed_in(cast.secretary), "{ viewer { name } }", sent).status_code == 200
    assert all(span.parent is None for span in spans.get_finished_spans() if span.name == "graphql")


def test_jobs_messages_and_webhooks_are_traced(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Context:
        class job:  # noqa: N801 - as procrastinate names it
            task_name = "outbox.deliver"

    assert job_metrics.measured(lambda: 7, Context, None) == 7
    monkeypatch.setattr(sending, "_answer", lambda *_: sending.Answer(None, 3, "", "TIMEOUT"))
    sending.post(None, b"{}", {})
    [job, webhook] = spans.get_finished_spans()
    assert job.name == "job outbox.deliver"
    assert dict(webhook.attributes or {}) == {"http.response.status_code": 0, "error.type": "TIMEOUT"}


# -- off ----------------------------------------------------------------------------------------------------------
def test_off_a_span_is_nothing_and_no_library_is_loaded() -> None:
    assert not tracing.is_on()
    assert tracing.span("a") is tracing.span("b", c=1) is tracing.statement("SELECT 1")
    assert tracing.trace_id() == ""
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup()\n"
        "from backend.core.operation import tracing; tracing.begin('web')\n"
        "assert not tracing.is_on()\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_without_a_trace_errors_bear_none(cast: Cast) -> None:
    answer = asked(signed_in(cast.secretary), "{ nothing }").json()
    assert "traceId" not in answer["errors"][0]["extensions"]


# -- a collector --------------------------------------------------------------------------------------------------
@contextmanager
def collector(status: int) -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """An endpoint of OTLP over HTTP that keeps what it is sent."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf":
                received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 400])
def test_a_collector_receives_the_spans_and_its_faults_stop_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    made: list[TracerProvider] = []
    begin_with = tracing.begin_with

    def begun(provider: TracerProvider) -> None:
        made.append(provider)
        begin_with(provider)

    monkeypatch.setattr(tracing, "begin_with", begun)
    with collector(status) as (address, received):
        monkeypatch.setenv(tracing.ENDPOINT, address)
        try:
            tracing.begin("web")
            assert tracing.is_on()
            assert asked(signed_in(cast.secretary), "{ viewer { name } }").status_code == 200
            made[0].force_flush()
        finally:
            begin_with(None)
            made[0].shutdown()
    resources = [one for request in received for one in request.resource_spans]  # one each five seconds
    named = [{one.key: one.value.string_value for one in each.resource.attributes} for each in resources]
    assert {each["service.name"] for each in named} == {"ozelkalem-web"}
    sent = {span.name for each in resources for scope in each.scope_spans for span in scope.spans}
    assert {"graphql", "graphql admission"} <= sent
