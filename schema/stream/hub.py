"""Wakes the subscribers of a row when something happened to it: one look at the change feed, for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections
from prometheus_client import Gauge

from backend.core.frames import in_one_piece
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.change_feed import Cursor, News
from permissions.complaints import subscriptions
from permissions.complaints.subscriptions import Audience
from schema.stream.subscriber import Subscriber

WORK_THREADS, ACCEPT_THREADS, LOOK_THREADS = 4, 2, 1
"""Threads that ask the database, each with one connection, however many follow: for events, for who comes, and
for what happened. None of them waits for another kind's work."""
LOOK_SECONDS, RETRY_SECONDS = 0.1, 1.0
"""Between two looks at the change feed, while anyone follows; and while none does, or the database is away."""
SHARE_OF_LOOKS = 4
"""A look that takes long is followed by a pause of so many times as long: a transaction that stays open for minutes
makes them all slower."""
CONNECTIONS = Gauge(
    "ozelkalem_stream_connections", "Who follows the stream now.", multiprocess_mode="livesum"
)
log = logging.getLogger("schema")


class Hub:
    """The change feed is looked at several times a second, by its snapshots: no commit notifies, and none waits.
    What is heard is a hint only. Each subscriber reads the feed from its own place, so nothing is missed."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self._subscribers: dict[Subscriber, asyncio.Event] = {}
        self._workers = ThreadPoolExecutor(WORK_THREADS, thread_name_prefix="stream")
        self._acceptors = ThreadPoolExecutor(ACCEPT_THREADS, thread_name_prefix="stream-door")
        self._lookers = ThreadPoolExecutor(LOOK_THREADS, thread_name_prefix="stream-ear")
        self._place: Cursor | None = None
        self._looking: asyncio.Task[None] | None = None
        self._came = asyncio.Event()

    def __len__(self) -> int:
        return len(self._subscribers)

    def of_account(self, account: int | None) -> int:
        return sum(subscriber.account == account for subscriber in self._subscribers)

    async def start(self) -> None:
        self._looking = asyncio.create_task(self._look_again_and_again())

    async def stop(self) -> None:
        self.close()
        if self._looking:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        for pool in (self._workers, self._acceptors, self._lookers):
            pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """Let every subscriber go: they come again with their last id."""
        self.closing.set()
        self._wake(lambda _follower: True)

    async def run_working[T](self, act: Callable[..., T], *arguments: Any) -> T:
        """Run something synchronous that may ask the database, for a subscriber."""
        return await _run(self._workers, act, *arguments)

    async def run_accepting[T](self, act: Callable[..., T], *arguments: Any) -> T:
        """Accept new connections at the same speed, however much is being sent to subscribers."""
        return await _run(self._acceptors, act, *arguments)

    @contextlib.contextmanager
    def joined(self, subscriber: Subscriber) -> Iterator[asyncio.Event]:
        """The event that is set when a look is worth it; at once, for what happened meanwhile."""
        woken = self._subscribers[subscriber] = asyncio.Event()
        CONNECTIONS.set(len(self))
        woken.set()
        self._came.set()
        try:
            yield woken
        finally:
            del self._subscribers[subscriber]
            CONNECTIONS.set(len(self))

    def _wake(self, whom: Callable[[Subscriber], bool]) -> None:
        for subscriber, woken in self._subscribers.items():
            if whom(subscriber):
                woken.set()

    async def _look_again_and_again(self) -> None:
        while True:
            began = time.monotonic()
            is_read = await self._look()
            took = time.monotonic() - began
            if is_read and self._subscribers:
                await asyncio.sleep(max(LOOK_SECONDS, SHARE_OF_LOOKS * took))
                continue
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), RETRY_SECONDS)

    async def _look(self) -> bool:
        """Wake the subscribers it concerns; all of them where that cannot be determined. False: it cannot be read."""
        try:
            heard, self._place = await _run(self._lookers, _since, self._place)
        except Exception as error:  # the next look, or each one's own, finds it
            log.warning({"event": "stream_not_read", "error": type(error).__name__})
            self._place = None
            self._wake(lambda _follower: True)
            return False
        if heard is None:
            self._wake(lambda _follower: True)
            return True
        for kind, rows, reach in heard:
            self._wake(lambda subscriber: subscriber.is_concerned(kind, rows, reach))  # noqa: B023 - called at once
        return True


Heard = list[tuple[str, frozenset[int], Audience | None]]
"""For each kind: to which rows something happened, and whom it may concern (None: it cannot be determined)."""


def _since(place: Cursor | None) -> tuple[Heard | None, Cursor]:
    with system():
        result = change_feed.since(place) if place else None
        if result is None:
            return None, change_feed.current_cursor()
    return [_heard(kind, news) for kind, news in _by_kind(result[0]).items()], result[1]


def _by_kind(news: list[News]) -> dict[str, list[News]]:
    kinds: dict[str, list[News]] = {}
    for event in news:
        kinds.setdefault(event.kind, []).append(event)
    return kinds


def _heard(kind: str, news: list[News]) -> tuple[str, frozenset[int], Audience | None]:
    rows = frozenset(event.subject_id for event in news)
    return kind, rows, subscriptions.audience_of(news) if kind == "complaint" else None


async def _run[T](pool: ThreadPoolExecutor, act: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, _kept, act, *arguments)


@in_one_piece
def _kept[T](act: Callable[..., T], *arguments: Any) -> T:
    """On a connection that lives and is not too old."""
    close_old_connections()
    return act(*arguments)
