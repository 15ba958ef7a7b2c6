"""A user agent that asks an exchange for the calls of extensions (SUBSCRIBE, RFC 6665 and 4235) and hears of them.

Messages are read, written and signed by aiosipua, over a line of `lines`; nothing that it hears is logged, since each
message names a caller. A subscription is made anew before it ends, with a name of its own, so that a line that was cut
or an exchange that begins anew costs a minute at most.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from aiosipua import SipDigestAuth, SipMessage, SipRequest, SipResponse
from aiosipua.auth import answer_challenge

from backend.telephone.lines import Datagrams, Line, Secure

logger = logging.getLogger(__name__)

PORTS = {"sip": 5060, "sips": 5061}
EXPIRES = 180
AGAIN = 60
"""Seconds after which a subscription is made anew."""
AFTER_FAULT = 15
RESENT: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
"""Seconds between which a request is sent again until it is answered (RFC 3261 17.1.2)."""
ALIVE = 25
"""Seconds after which an exchange is asked whether it is there (OPTIONS), where a connection could have died unnoticed:
that is known within half a minute, whatever the machine or the exchange keeps alive by itself."""
ACCEPT = "application/dialog-info+xml"
MOST_TASKS = 200
"""Documents in hand; in a flood the others are passed over, and the next full state says how it is."""
Heard = Callable[[str, bytes], Awaitable[None]]


@dataclass(frozen=True)
class Exchange:
    """Where the exchange is, and as whom it is asked. `authorities`: a file of certificates that are trusted for it,
    where there is none those of the machine."""

    host: str
    port: int
    domain: str
    user: str
    password: str
    is_secure: bool = False
    authorities: str = ""

    @classmethod
    def of(cls, address: str, authorities: str = "") -> Exchange:
        """Of `sip://user:password@host:port/domain`, or `sips://` over TLS; the domain is the host where it is left
        out. ValueError."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise ValueError("not of the form sip://user:password@host:port/domain")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            domain=parts.path.strip("/") or parts.hostname,
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            is_secure=parts.scheme == "sips",
            authorities=authorities,
        )


@dataclass
class Subscription:
    """What an extension's calls are heard by: the name of the dialog and our tag in it."""

    extension: str
    call_id: str = field(default_factory=lambda: secrets.token_hex(16))
    tag: str = field(default_factory=lambda: secrets.token_hex(8))
    number: int = 0
    heard: dict[str, int] = field(default_factory=dict)
    """The number of the last NOTIFY of each who sends them; an older one that comes late says what is over."""

    def is_newer(self, request: SipRequest) -> bool:
        """Whether a NOTIFY was sent after all that were heard."""
        sender, cseq = request.from_addr, request.cseq
        tag = (sender.params.get("tag") if sender else None) or ""
        if cseq is None or cseq.seq <= self.heard.get(tag, -1):
            return False
        self.heard[tag] = cseq.seq
        return True


class Agent:
    """Subscribes to the extensions that it is to follow, and passes on each document with its extension."""

    def __init__(self, exchange: Exchange, heard: Heard) -> None:
        self.exchange, self.heard = exchange, heard
        self._waiting: dict[tuple[str, int], asyncio.Future[SipResponse]] = {}
        self._known: dict[str, Subscription] = {}
        self._followed: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._anew = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self.answered: set[str] = set()
        """The extensions that the exchange reports."""
        here = (exchange.host, exchange.port)
        self.line: Line = (
            Secure(*here, exchange.authorities, self.received, self._begin_anew)
            if exchange.is_secure
            else Datagrams(*here, self.received)
        )

    # -- the line ------------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Open the line; from then on only what comes from the exchange is heard."""
        await self.line.open()
        if self.line.is_reliable:
            self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        """Give a connection up over which the exchange answers nothing; any answer says that it is there."""
        while True:
            await asyncio.sleep(ALIVE)
            call = secrets.token_hex(16)
            if await self._ask("OPTIONS", self.exchange.domain, call, 1, secrets.token_hex(8), {}) is None:
                self.line.renew()

    def _begin_anew(self) -> None:
        """Have everything subscribed anew at once: the line is another one, and no answer comes over the former one."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(TimeoutError())
        self._anew.set()
        self._anew = asyncio.Event()

    def received(self, data: bytes) -> None:
        """Take a message of the exchange; what is none is passed over."""
        try:
            message = SipMessage.parse(data)
            if isinstance(message, SipResponse):
                number = message.cseq.seq if message.cseq else 0
                waiting = self._waiting.get((message.call_id or "", number))
                if waiting and not waiting.done() and message.status_code >= 200:
                    waiting.set_result(message)
            else:
                self._answer(message)
        except Exception:
            return

    # -- what the exchange says ----------------------------------------------------------------------------------
    def _answer(self, request: SipRequest) -> None:
        known = self._known.get(request.call_id or "")
        to = request.to_addr
        is_ours = request.method == "NOTIFY" and known and to and to.params.get("tag") == known.tag
        status = (
            (200, "OK") if is_ours or request.method == "OPTIONS" else (481, "Subscription Does Not Exist")
        )
        response = SipResponse(status_code=status[0], reason_phrase=status[1])
        for name in ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route"):
            for value in request.get_header_values(name):
                response.add_header(name, value)
        self.line.send(bytes(response))
        if is_ours and known and request.body and known.is_newer(request) and len(self._tasks) < MOST_TASKS:
            self._begin(self.heard(known.extension, request.body))

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what is asked of it -------------------------------------------------------------------------------------
    async def follow(self, extensions: list[str]) -> None:
        """Follow these extensions, and no others any more."""
        for gone in set(self._followed) - set(extensions):
            self._followed.pop(gone).cancel()
            self.answered.discard(gone)
            self._known = {name: one for name, one in self._known.items() if one.extension != gone}
        for extension in extensions:
            if extension not in self._followed or self._followed[extension].done():
                self._followed[extension] = asyncio.ensure_future(self._keep(extension))

    async def _keep(self, extension: str) -> None:
        """Subscribe to an extension again and again. The older subscription is heard until the newer one is taken."""
        before = ""
        while True:
            anew, subscription = self._anew, Subscription(extension)
            self._known[subscription.call_id] = subscription
            is_there = await self._subscribe(subscription)
            self._known.pop(before if is_there else subscription.call_id, None)
            before = subscription.call_id if is_there else before
            (self.answered.add if is_there else self.answered.discard)(extension)
            with suppress(TimeoutError):
                await asyncio.wait_for(anew.wait(), AGAIN if is_there else AFTER_FAULT)

    async def _subscribe(self, subscription: Subscription) -> bool:
        """Whether the exchange took it."""
        response = await self._ask_for(subscription, None)
        if response is not None and response.status_code in (401, 407):
            signed = answer_challenge(
                SipDigestAuth(self.exchange.user, self.exchange.password),
                response,
                response.status_code,
                "SUBSCRIBE",
                self._address(subscription.extension),
            )
            response = await self._ask_for(subscription, signed) if signed else response
        status = response.status_code if response else 0
        if status >= 300 or not status:
            logger.warning("The exchange takes no subscription: %s", status or "no answer")
        return 200 <= status < 300

    def _address(self, user: str) -> str:
        return f"sip:{user}@{self.exchange.domain}"

    async def _ask_for(
        self, subscription: Subscription, signed: tuple[str, str] | None
    ) -> SipResponse | None:
        """Ask for a subscription."""
        subscription.number += 1
        more = {
            "Contact": f"<sip:{self.exchange.user}@{self.line.here};transport={self.line.transport.lower()}>",
            "Event": "dialog",
            "Accept": ACCEPT,
            "Expires": str(EXPIRES),
            **(dict([signed]) if signed else {}),
        }
        to = f"{subscription.extension}@{self.exchange.domain}"
        return await self._ask(
            "SUBSCRIBE", to, subscription.call_id, subscription.number, subscription.tag, more
        )

    async def _ask(
        self, method: str, whom: str, call_id: str, number: int, tag: str, more: dict[str, str]
    ) -> SipResponse | None:
        """Send a request until it is answered; None without an answer."""
        to = f"sip:{whom}"
        request = SipRequest(method=method, uri=to)
        for name, value in {
            "Via": f"SIP/2.0/{self.line.transport} {self.line.here};branch=z9hG4bK{secrets.token_hex(8)};rport",
            "Max-Forwards": "70",
            "From": f"<{self._address(self.exchange.user)}>;tag={tag}",
            "To": f"<{to}>",
            "Call-ID": call_id,
            "CSeq": f"{number} {method}",
            **more,
        }.items():
            request.set_header(name, value)
        key = (call_id, number)
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            for seconds in RESENT:
                if seconds == RESENT[0] or not self.line.is_reliable:
                    self.line.send(bytes(request))
                try:
                    return await asyncio.wait_for(asyncio.shield(self._waiting[key]), seconds)
                except TimeoutError:
                    continue
            return None
        finally:
            self._waiting.pop(key).cancel()
