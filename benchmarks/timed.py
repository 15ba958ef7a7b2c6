"""The product as it is served; each answer says what it took: processor time of its thread, and the wait for one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from backend.gunicorn import WAITED
from backend.wsgi import application as product
from benchmarks.processes import PROCESSOR


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    began = time.thread_time()
    waited = environ.get(f"HTTP_{WAITED.upper().replace('-', '_')}", "0")

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        took = f"{(time.thread_time() - began) * 1000:.2f}"
        return start_response(status, [*headers, (PROCESSOR, took), (WAITED, waited)], *more)

    answer: Iterable[bytes] = product(environ, start)
    return answer
