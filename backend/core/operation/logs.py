"""Structured logs: one JSON object per line, without personal data.

Allowed keys are listed; an unknown key is left out until it is added here.
"""

import json
import logging
import re
from contextvars import ContextVar
from typing import Any

from backend import houses
from backend.core.operation import tracing

ALLOWED = (
    "event",
    "house",
    "request",
    "request_id",
    "trace_id",
    "user_id",
    "code",
    "status",
    "operation",
    "duration_ms",
    "bytes",
    "task",
    "message_id",
    "count",
    "attempt",
    "reason",
    "error",
    "release",
    "mailbox_id",
    "fault",
    "uid",
)
SECRET = re.compile(r"(/(?:randevu|takvim|davet|belge|ayril|requests|tokens)/|\bapi_key=)[^/&\s]+")
DIRECTIVE = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")

context: ContextVar[dict[str, Any] | None] = ContextVar("log_context", default=None)
"""What every line bears that is written for this request: its number, its operation, whose it is."""


def bind(**values: Any) -> None:
    """Add to what the lines of this request bear. Outside of a request nothing is kept."""
    if (here := context.get()) is not None:
        here.update(values)


def without_secrets(path: str) -> str:
    """An address without what opens it by itself: an applicant's link, the secret of a calendar feed, the code of a
    letter or of a case, the key to leaving the media lists, the key of a client of Open311."""
    return SECRET.sub(r"\1•", path)


class JsonFormatter(logging.Formatter):
    """Formats dictionaries and plain records alike.

    Of a plain record the template is written and the numbers in it, never another value that it was called with.
    """

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, Any] = (
            record.msg if isinstance(record.msg, dict) else {"event": _numbered(str(record.msg), record.args)}
        )
        values = {
            **(context.get() or {}),
            "house": houses.name() or None,
            "trace_id": tracing.trace_id() or None,
            **values,
        }
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            **{key: values[key] for key in ALLOWED if values.get(key) is not None},
        }
        if "request" in line:  # the query may contain a search text
            line["request"] = without_secrets(str(line["request"]).partition("?")[0])
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _numbered(template: str, values: Any) -> str:
    """The template with the numbers filled in, such as those of processes."""
    rest = iter(values if isinstance(values, tuple) else ())

    def fill(directive: re.Match[str]) -> str:
        if directive[0] == "%%":
            return directive[0]
        value = next(rest, None)
        return str(value) if isinstance(value, int | float) else directive[0]

    return DIRECTIVE.sub(fill, template)


def _where(traceback: Any) -> list[str]:
    """File, line and function of each frame; never the values, nor the exception's own text."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-12:]
