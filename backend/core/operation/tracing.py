"""Spans for OpenTelemetry: stages of requests, statements, jobs, webhooks, messages. Off, and nothing of it is loaded,
unless OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `otel` is installed.

Attributes say what kind of work it was and how it ended: never a parameter, an address, a text, or what an exception
says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanKind, Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROPAGATED = ("traceparent", "tracestate")
_NOTHING: AbstractContextManager[None] = nullcontext()
_tracer: Tracer | None = None


def begin(part: str) -> None:
    """Trace this process, if an endpoint is set; `part` (web, worker, stream) is how the collector knows it."""
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"ozelkalem-{part}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    begin_with(provider)


def begin_with(provider: TracerProvider | None) -> None:
    """Trace with this provider; None: no more."""
    global _tracer
    _tracer = provider.get_tracer("ozelkalem") if provider else None


def is_on() -> bool:
    """Whether this process traces."""
    return _tracer is not None


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[Span | None]:
    """Open a span for what runs inside; in names of attributes `__` stands for a dot."""
    return _NOTHING if _tracer is None else _spanned(name, attributes)


def served(request: HttpRequest) -> AbstractContextManager[Span | None]:
    """Open the span of a request: below the one of our proxy (W3C Trace Context); a client's is not believed."""
    if _tracer is None:
        return _NOTHING
    carrier = {name: request.headers.get(name, "") for name in PROPAGATED} if settings.PROXY_COUNT else {}
    from opentelemetry.trace import SpanKind

    attributes = {"http__request__method": str(request.method)}
    return _spanned("request", attributes, kind=SpanKind.SERVER, carrier=carrier)


def answered(span: Span | None, request: HttpRequest, status: int) -> None:
    """Say what a request was and how it ended: the pattern of its address, never the address."""
    if span is None:
        return
    if request.resolver_match:
        span.update_name(request.resolver_match.view_name or request.resolver_match.route)
        span.set_attribute("http.route", request.resolver_match.route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        _fail(span, str(status))


def statement(text: object) -> AbstractContextManager[Span | None]:
    """Open the span of a statement of a traced request or job: its first word is all that is known of it."""
    if not trace_id():
        return _NOTHING
    word = str(text).split(None, 1)[0].upper() if isinstance(text, str) and text.strip() else "STATEMENT"
    return _spanned(f"db {word}", {"db__system__name": "postgresql", "db__operation__name": word})


def trace_id() -> str:
    """The id of the running trace, in hexadecimal; empty where nothing is traced."""
    if _tracer is None:
        return ""
    from opentelemetry import trace

    here = trace.get_current_span().get_span_context()
    return trace.format_trace_id(here.trace_id) if here.is_valid else ""


@contextmanager
def _spanned(
    name: str,
    attributes: dict[str, str] | dict[str, str | int | bool],
    *,
    kind: SpanKind | None = None,
    carrier: dict[str, str] | None = None,
) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    assert _tracer is not None  # noqa: S101 - the callers ask
    with _tracer.start_as_current_span(
        name,
        context=TraceContextTextMapPropagator().extract(carrier) if carrier is not None else None,
        kind=kind or SpanKind.INTERNAL,
        attributes={key.replace("__", "."): value for key, value in attributes.items()},
        record_exception=False,  # it may say what was asked for
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except BaseException as fault:
            _fail(opened, type(fault).__name__)
            raise


def _fail(span: Span, reason: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", reason)
    span.set_status(Status(StatusCode.ERROR))
