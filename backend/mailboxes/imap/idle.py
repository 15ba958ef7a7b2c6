"""Waiting at mail servers that say when something comes (IDLE, RFC 2177): a connection and a thread for each mailbox.

Nothing is read here: the job that fetches is woken. Whatever fails, the mailboxes are read every minute all the same.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable

from django.db import connection
from imap_tools import BaseMailBox

from backend.core.session import system
from backend.mailboxes.imap import line
from backend.mailboxes.imap.faults import CannotReadError
from backend.mailboxes.models import Mailbox

log = logging.getLogger("mailboxes")
MOST = 20
"""So many servers are waited at by one worker; the other mailboxes are read every minute."""
LOOK_SECONDS, SLICE = 20, 5
"""How often it is looked which mailboxes there are, and how long a thread waits before it looks whether it goes on."""
RENEWED, LONGEST = 9 * 60, 24 * 3600
"""How often the command is sent anew, before a firewall forgets the line, and after how long the line itself is."""
PAUSES, WITHOUT = (5, 15, 60, 300), 3600
"""Seconds before a server is asked again: after so many failures, and where it does not know IDLE."""

Wake = Callable[[int], object]


def serve(ending: threading.Event, wake: Wake, context: ssl.SSLContext | None = None) -> None:
    """Wait at the servers of the mailboxes in use until `ending` is set. `wake`: has a mailbox read, by its key."""
    waiters: dict[int, Waiter] = {}
    while not ending.is_set():
        try:
            _adjust(waiters, wake, context)
        except Exception as error:  # of the database, for the most part: it comes back
            log.warning({"event": "mailboxes_not_listed", "error": type(error).__name__})
        finally:
            connection.close()
        ending.wait(LOOK_SECONDS)
    for waiter in waiters.values():
        waiter.end()


def _adjust(waiters: dict[int, Waiter], wake: Wake, context: ssl.SSLContext | None) -> None:
    """Have a thread for each mailbox, by its present settings."""
    with system():
        rows = {row.pk: row for row in Mailbox.objects.active().order_by("pk")[: MOST + 1]}
    if len(rows) > MOST:
        rows.popitem()
        log.info({"event": "mailboxes_without_a_line", "most": MOST})
    for key, waiter in list(waiters.items()):
        if key not in rows or rows[key].version != waiter.mailbox.version or not waiter.is_alive():
            waiter.end()
            del waiters[key]
    for key, row in rows.items():
        if key not in waiters:
            waiters[key] = Waiter(row, wake, context)
            waiters[key].start()


class Waiter(threading.Thread):
    """Waits at one server. It keeps no connection of the database while it waits."""

    def __init__(self, mailbox: Mailbox, wake: Wake, context: ssl.SSLContext | None) -> None:
        super().__init__(daemon=True, name=f"mailbox-{mailbox.pk}")
        self.mailbox, self.wake, self.context = mailbox, wake, context
        self._over = threading.Event()
        self._server: BaseMailBox | None = None

    def end(self) -> None:
        """End, now: also where it waits."""
        self._over.set()
        if (server := self._server) is not None:
            line.cut(server)

    def run(self) -> None:
        failures = 0
        while not self._over.is_set():
            began = time.monotonic()
            try:
                pause: float = self._stay()
            except Exception as error:
                if time.monotonic() - began > PAUSES[-1]:
                    failures = 0
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                if not isinstance(error, CannotReadError):  # such a fault is noted by the fetch
                    log.warning({"event": "mailbox_not_waited_at", "error": type(error).__name__})
            finally:
                self._server = None
                connection.close()
            self._over.wait(pause)

    def _stay(self) -> float:
        """One connection, for as long as it lasts; how long to pause then."""
        with (
            line.faults(),
            line.signed_in(self.mailbox, self.context, seconds=LONGEST) as server,
        ):
            self._server = server
            connection.close()  # of the token
            if not knows_idle(server):
                return WITHOUT
            while not self._over.is_set():
                server.client.noop()
                if _came(server):  # their number came with the folder, or grew since
                    self._wake()
                server.idle.start()
                came = self._listen(server)
                server.idle.stop()
                if came:
                    self._wake()
        return 0

    def _listen(self, server: BaseMailBox) -> bool:
        """Whether something came, before the command is sent anew."""
        ends = time.monotonic() + RENEWED
        if _says_so(_at_hand(server)):
            return True
        while not self._over.is_set() and time.monotonic() < ends:
            began = time.monotonic()
            answers = server.idle.poll(timeout=SLICE)
            if _says_so(answers):
                return True
            if not answers and time.monotonic() - began < SLICE / 2:
                return False  # the line ended: the next command says so
        return False

    def _wake(self) -> None:
        try:
            self.wake(self.mailbox.pk)
        finally:
            connection.close()


def knows_idle(server: BaseMailBox) -> bool:
    """Whether the server says when something comes; after one signed in, as many say more then."""
    _code, answers = server.client.capability()
    return any(b"IDLE" in answer.upper().split() for answer in answers if isinstance(answer, bytes))


def _at_hand(server: BaseMailBox) -> list[bytes]:
    """Lines that came in one packet with the answer to the command: they are read already, so no poll sees them."""
    lines: list[bytes] = []
    sock = server.client.socket()
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        while answer := server.client.readline():
            lines.append(answer)
    except OSError:  # no more for now
        pass
    finally:
        sock.settimeout(timeout)
    return lines


def _says_so(answers: list[bytes]) -> bool:
    return any(b"EXISTS" in answer for answer in answers)


def _came(server: BaseMailBox) -> bool:
    _code, answers = server.client.response("EXISTS")
    return bool(answers) and answers[0] is not None
