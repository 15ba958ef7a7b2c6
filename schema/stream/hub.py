"""Wakes the subscribers of a row when something happened to it: one look at the change feed, for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from prometheus_client import Gauge

from backend.core.frames import in_one_piece
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.change_feed import Cursor, News
from permissions.complaints import subscriptions
from permissions.complaints.subscriptions import Audience
from schema.stream.subscriber import Subscriber
from schema.stream.together import Round, deliveries, still_standing

WORK_THREADS, ACCEPT_THREADS, LOOK_THREADS = 4, 2, 1
"""Threads that ask the database, each with one connection, however many follow: for events, for who comes, and
for what happened. None of them waits for another kind's work."""
LOOK_SECONDS, RETRY_SECONDS = 0.1, 1.0
"""Between two looks at the change feed, while anyone follows; and while none does, or the database is away."""
SHARE_OF_LOOKS = 2
"""A look that takes long is followed by a pause of so many times as long: a transaction that stays open for minutes
makes them all slower."""
CONFIRMED_AT_ONCE = 500
WRITE_SECONDS = 1.0
"""So long a round waits until what it left is sent, so that followers who read are served together again."""
OWN_LOOK_HEARTBEATS = 8
"""After so many heartbeats each one looks alone again, for what ends by the clock without any row that changes: a
browser that was idle for too long."""
CONNECTIONS = Gauge(
    "ozelkalem_stream_connections", "Who follows the stream now.", multiprocess_mode="livesum"
)
log = logging.getLogger("schema")


@dataclass(eq=False)
class Seat:
    """The place of a subscriber in a hub. Only its event loop touches it.

    `woken` is set when a look is worth it. `write` sends to the client; `fault` is why it could not send what a round
    left in `pending`. Who holds the lock looks, writes, or reads for this one. `level`: the last round up to which
    everything was sent; `missed`: the last one that concerned it and sent it nothing. `confirmed_at`: when the database
    last answered that its rights are those of its own last look, at `looked_at`.
    """

    write: Callable[[bytes], Awaitable[None]]
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    pending: bytes = b""
    fault: Exception | None = None
    level: int = -1
    missed: int = 0
    looked_at: float = 0.0
    confirmed_at: float = 0.0

    def is_free(self) -> bool:
        """Whether a round may serve it: all before is sent, and its own look is not long ago."""
        is_level = self.level >= self.missed and not self.pending and not self.lock.locked()
        return is_level and time.monotonic() - self.looked_at < OWN_LOOK_HEARTBEATS * _heartbeat_seconds()

    def is_confirmed(self) -> bool:
        """Whether a heartbeat needs no look: nothing is missing, and the rights were asked since the last one."""
        return self.is_free() and time.monotonic() - self.confirmed_at < _heartbeat_seconds()


class Hub:
    """The change feed is looked at several times a second, by its snapshots: no commit notifies, and none waits.
    What is heard is a hint only. Each subscriber reads the feed from its own place, so nothing is missed; those who
    see alike and are up to date are served together (`together`). Several hubs may stand side by side."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self._subscribers: dict[Subscriber, Seat] = {}
        self._round = 0
        self._began = 0.0
        self._unsent: set[Seat] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._all_sent = asyncio.Event()
        self._workers = ThreadPoolExecutor(WORK_THREADS, thread_name_prefix="stream")
        self._acceptors = ThreadPoolExecutor(ACCEPT_THREADS, thread_name_prefix="stream-door")
        self._lookers = ThreadPoolExecutor(LOOK_THREADS, thread_name_prefix="stream-ear")
        self._place: Cursor | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._came = asyncio.Event()

    def __len__(self) -> int:
        return len(self._subscribers)

    def of_account(self, account: int | None) -> int:
        return sum(subscriber.account == account for subscriber in self._subscribers)

    async def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._look_again_and_again()),
            asyncio.create_task(self._confirm_again_and_again()),
        ]

    async def stop(self) -> None:
        self.close()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for pool in (self._workers, self._acceptors, self._lookers):
            pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """Let every subscriber go: they come again with their last id."""
        self.closing.set()
        for seat in self._subscribers.values():
            seat.woken.set()

    async def run_working[T](self, act: Callable[..., T], *arguments: Any) -> T:
        """Run something synchronous that may ask the database, for a subscriber."""
        return await _run(self._workers, act, *arguments)

    async def run_accepting[T](self, act: Callable[..., T], *arguments: Any) -> T:
        """Accept new connections at the same speed, however much is being sent to subscribers."""
        return await _run(self._acceptors, act, *arguments)

    @contextlib.contextmanager
    def joined(self, subscriber: Subscriber, write: Callable[[bytes], Awaitable[None]]) -> Iterator[Seat]:
        """Its seat, while it follows. The next round wakes it, for what happened meanwhile."""
        seat = self._subscribers[subscriber] = Seat(write)
        CONNECTIONS.set(len(self))
        self._came.set()
        try:
            yield seat
        finally:
            del self._subscribers[subscriber]
            self._sent(seat)
            CONNECTIONS.set(len(self))

    @contextlib.asynccontextmanager
    async def news(self, subscriber: Subscriber, seat: Seat) -> AsyncIterator[bytes]:
        """What is to be sent now: what a round has left, or what the subscriber finds itself. The block sends it."""
        async with seat.lock:
            if seat.pending:
                yield seat.pending
                self._sent(seat)
                seat.woken.set()  # for what it came for
                return
            began = time.monotonic()
            number, place = self._round, self._place if self._began >= subscriber.placed_at else None
            outcome = await self.run_working(subscriber.go_on, place)
            seat.looked_at = seat.confirmed_at = began
            seat.level = number if place and subscriber.place == place else -1
            yield outcome

    async def _send(self, seat: Seat) -> None:
        """Send what a round has left. A client that does not read hears of it from its own coroutine."""
        async with seat.lock:
            try:
                if seat.pending:
                    await seat.write(seat.pending)
            except Exception as error:
                seat.fault = error
                seat.woken.set()
            self._sent(seat)

    def _sent(self, seat: Seat) -> None:
        seat.pending = b""
        self._unsent.discard(seat)
        if not self._unsent:
            self._all_sent.set()

    async def _look_again_and_again(self) -> None:
        while True:
            took = await self._look()
            if took is not None and self._subscribers:
                await asyncio.sleep(max(LOOK_SECONDS, SHARE_OF_LOOKS * took))
                continue
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), RETRY_SECONDS)

    async def _confirm_again_and_again(self) -> None:
        """Ask between two heartbeats for the rights of all whom nothing happened to, some hundreds at once."""
        while True:
            await asyncio.sleep(_heartbeat_seconds() / 3)
            waiting = [
                (subscriber, seat)
                for subscriber, seat in self._subscribers.items()
                if seat.is_free() and subscriber.may_share and not seat.woken.is_set()
            ]
            for few in batched(waiting, CONFIRMED_AT_ONCE):
                await self._confirm(few)

    async def _confirm(self, few: Sequence[tuple[Subscriber, Seat]]) -> None:
        began = time.monotonic()
        try:
            same = await self.run_working(still_standing, [subscriber for subscriber, _seat in few])
        except Exception as error:  # their own looks find it
            log.warning({"event": "stream_not_confirmed", "error": type(error).__name__})
            return
        for subscriber, seat in few:
            if subscriber in same:
                seat.confirmed_at = max(seat.confirmed_at, began)
            else:
                seat.woken.set()

    async def _look(self) -> float | None:
        """Take a round: serve those whom it concerns, or wake them. Seconds that reading took; None: it failed."""
        before, began = self._place, time.monotonic()
        heard: list[Heard] | None = None
        here: Cursor | None = None
        try:
            heard, here = await _run(self._lookers, _since, before)
        except Exception as error:  # the next look, or each one's own, finds it
            log.warning({"event": "stream_not_read", "error": type(error).__name__})
        took = time.monotonic() - began
        self._round, self._place, self._began = self._round + 1, here, began
        free: list[tuple[Subscriber, Seat]] = []
        for subscriber, seat in self._subscribers.items():
            if heard is None or any(
                subscriber.is_concerned(each.kind, each.rows, each.reach) for each in heard
            ):
                if heard is not None and seat.is_free() and subscriber.may_share:
                    free.append((subscriber, seat))
                else:
                    seat.missed = self._round
                    seat.woken.set()
            elif seat.level < 0:
                seat.woken.set()
        if free and heard is not None and before is not None and here is not None:
            await self._serve(free, heard, before, here)
        return None if here is None else took

    async def _serve(
        self, free: list[tuple[Subscriber, Seat]], heard: list[Heard], before: Cursor, here: Cursor
    ) -> None:
        """Serve these together, and let those look for themselves for whom that cannot be."""
        news = [event for each in heard for event in each.news]
        persons = frozenset[int]().union(*(each.reach.persons for each in heard if each.reach))
        number, began = self._round, time.monotonic()
        for _subscriber, seat in free:
            await seat.lock.acquire()  # no one has it: `is_free`
        try:
            found = await self.run_working(
                deliveries, Round(before, here, news, persons), [each for each, _seat in free]
            )
        except Exception as error:  # their own looks find it
            log.warning({"event": "stream_not_shared", "error": type(error).__name__})
            found = {}
        finally:
            for _subscriber, seat in free:
                seat.lock.release()
        for subscriber, seat in free:
            result = found.get(subscriber)
            if subscriber not in self._subscribers:
                continue
            if result is None:
                seat.missed = number
            else:
                subscriber.take(here, result.rows)
                seat.level, seat.pending, seat.confirmed_at = number, result.text, began
            if seat.pending:
                self._unsent.add(seat)
                # Begun at once: to a client that reads it is sent when this returns, and no coroutine is woken for it.
                sending = asyncio.Task(self._send(seat), loop=asyncio.get_running_loop(), eager_start=True)
                self._sending.add(sending)
                sending.add_done_callback(self._sending.discard)
            if result is None:
                seat.woken.set()
        if self._unsent:
            self._all_sent.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_sent.wait(), WRITE_SECONDS)
            self._unsent.clear()  # no later round waits for a client that does not read


def _heartbeat_seconds() -> float:
    return float(settings.STREAM_LIMITS["heartbeat_seconds"])


@dataclass(frozen=True)
class Heard:
    """What happened to rows of a kind, and whom it may concern (None: it cannot be determined)."""

    kind: str
    rows: frozenset[int]
    reach: Audience | None
    news: list[News]


def _since(place: Cursor | None) -> tuple[list[Heard] | None, Cursor]:
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


def _heard(kind: str, news: list[News]) -> Heard:
    rows = frozenset(event.subject_id for event in news)
    return Heard(kind, rows, subscriptions.audience_of(news) if kind == "complaint" else None, news)


async def _run[T](pool: ThreadPoolExecutor, act: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, _kept, act, *arguments)


@in_one_piece
def _kept[T](act: Callable[..., T], *arguments: Any) -> T:
    """On a connection that lives and is not too old."""
    close_old_connections()
    return act(*arguments)
