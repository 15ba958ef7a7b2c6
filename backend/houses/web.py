"""The web of many houses: each request belongs to the house whose host name it asks."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextvars import Token
from typing import Any

from django.db import OperationalError, connections
from prometheus_client import Counter

from backend.houses import wiring
from backend.houses.current import enter, inside, leave
from backend.houses.registry import House, by_host

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
RETRY_SECONDS = 10
ANSWERS = Counter("ozelkalem_house_answers", "Answers of the web, by house and status.", ["house", "status"])
log = logging.getLogger("houses")


class ByHost:
    """A WSGI application that enters a house, and leaves it when the answer is sent to its end.

    An unknown name enters none: there is no allowed host then, and the answer is 400 as for any such name. Before a
    process serves a house for the first time it asks `admit`, which raises where that would be unsafe.
    """

    def __init__(self, application: Application, admit: Callable[[], None]) -> None:
        self._application, self._admit = application, admit
        self._admitted: set[House] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        house = by_host(environ.get("HTTP_HOST", ""))
        if house is not None and not self._is_admitted(house):
            return _refused(start_response)
        token = enter(house)
        try:
            if house is None:
                body = self._application(environ, start_response)
            else:
                handler: wiring.HouseConnections = connections  # type: ignore[assignment]
                handler.enter(house)
                body = self._application(environ, _counted(house, start_response))
        except BaseException:
            leave(token)
            raise
        return _Answer(body, token)

    def _is_admitted(self, house: House) -> bool:
        if house not in self._admitted:
            try:
                with inside(house):
                    self._admit()
            except OperationalError:
                return False
            except Exception as refusal:
                log.error({"event": "house_refused", "reason": str(refusal)})
                return False
            self._admitted.add(house)
        return True


class _Answer:
    """A body whose parts are made inside of its house, which is left when the server closes it."""

    def __init__(self, body: Iterable[bytes], token: Token[House | None]) -> None:
        self._body, self._token = body, token

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            leave(self._token)


def _counted(house: House, start_response: Any) -> Any:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        ANSWERS.labels(house=house.name, status=status[:3]).inc()
        return start_response(status, headers, *rest)

    return start


def _refused(start_response: Any) -> list[bytes]:
    """Say that this house is not served now; its operator finds the reason in the log."""
    body = json.dumps({"status": "failed", "problems": ["house"]}).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Retry-After", str(RETRY_SECONDS)),
    ]
    start_response("503 Service Unavailable", headers)
    return [body]
