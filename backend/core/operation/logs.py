"""Structured logs: one JSON object per line, without personal data.

Allowed keys are listed; an unknown key is left out until it is added here.
"""

import json
import logging
import re
from typing import Any

ALLOWED = (
    "event",
    "request",
    "request_id",
    "user_id",
    "code",
    "status",
    "operation",
    "duration_ms",
    "task",
    "message_id",
    "count",
    "attempt",
    "reason",
    "error",
    "release",
)


SECRET = re.compile(r"(/(?:randevu|takvim|davet)/|\bapi_key=)[^/&\s]+")


def without_secrets(path: str) -> str:
    """An address without what opens it by itself: an applicant's link, the secret of a calendar feed, the key of a
    client of Open311."""
    return SECRET.sub(r"\1•", path)


class JsonFormatter(logging.Formatter):
    """Formats structlog's dictionaries and plain records alike.

    Of a plain record only the template is written, never the values that it was called with.
    """

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, Any] = record.msg if isinstance(record.msg, dict) else {"event": str(record.msg)}
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


def _where(traceback: Any) -> list[str]:
    """File, line and function of each frame; never the values, nor the exception's own text."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-12:]
