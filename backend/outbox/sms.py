"""Text messages: what the outbox needs of a gateway, and a gateway that is reached by HTTP."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from backend.configuration.office import configured
from backend.outbox.short_texts import ESCAPE, EXTENDED, GSM

TIMEOUT = 20  # seconds
_LETTERS, _DOUBLE = frozenset(GSM) - {chr(ESCAPE)}, frozenset(EXTENDED)
_TURKISH = frozenset("ğĞşŞıİç")
"""What takes the room of two letters by the table of shifts for Turkish, as those of `_DOUBLE` do by every table."""


def parts(text: str) -> int:
    """How many messages a text is paid as by the gateway in use."""
    return sms_port().parts(text)


def parts_with_turkish(text: str) -> int:
    """The same with a gateway that has the Turkish table; any other sign, such as an emoji or a curly quote, makes all
    of it twice as wide."""
    signs = set(text)
    if signs <= _LETTERS | _DOUBLE | _TURKISH:
        length = len(text) + sum(sign in _DOUBLE | _TURKISH for sign in text)
        one, several = (155, 149) if signs & _TURKISH else (160, 153)
    else:
        length, one, several = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= one else -(-length // several)


class Undeliverable(Exception):  # noqa: N818
    """This message will never arrive. The text names no person."""


class TryAgain(Exception):  # noqa: N818
    """It did not work this time. The text names no person."""


class SmsPort(Protocol):
    """A way to send text messages. The class is named by the setting SMS_PORT and made without arguments."""

    @property
    def is_configured(self) -> bool:
        """Whether messages can leave at all."""

    def send(self, *, key: str, to: str, text: str) -> str | None:
        """Hand one message over; `key` is the same at every attempt, `to` is E.164. Returns how the provider names it,
        where its reports do not name our key.

        Raises Undeliverable or TryAgain.
        """

    def keep_up(self) -> None:
        """Stay connected, where what comes in comes by the line that we opened. Raises TryAgain."""

    def parts(self, text: str) -> int:
        """How many messages a text is sent as."""

    @property
    def gateway(self) -> str:
        """Who reports of what leaves now: the key of a line of ours, or a name; kept with each message."""


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """Follow no redirection: it would send the token to another address, and the message as a GET."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoDetour)
SENDING: list[Callable[[], str]] = []
"""Which line of ours the gateway calls that sends for us: its key, or "" for none."""


class HttpGateway:
    """POSTs JSON (`id`, `to`, `text`, `sender`) with a bearer token; the key also goes as Idempotency-Key.

    Any 2xx says that the gateway has it. A 4xx is final, but for 408, 425 and 429; whatever else comes is tried again.
    """

    @property
    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    @property
    def gateway(self) -> str:
        return next(filter(None, (line() for line in SENDING)), "")

    def keep_up(self) -> None:
        """It calls us (`/lines/…`): there is no line to keep."""

    def parts(self, text: str) -> int:
        return parts_with_turkish(text)

    def send(self, *, key: str, to: str, text: str) -> None:
        if not self.is_configured:
            raise Undeliverable("no SMS gateway configured")
        body = json.dumps({"id": key, "to": to, "text": text, "sender": configured.SMS_SENDER}).encode()
        request = urllib.request.Request(  # noqa: S310
            settings.SMS_GATEWAY_URL,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
                "Idempotency-Key": key,
            },
        )
        try:
            with _opener.open(request, timeout=TIMEOUT):
                return
        except urllib.error.HTTPError as error:
            permanent = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise (Undeliverable if permanent else TryAgain)(f"gateway answered {error.code}") from None
        except (OSError, http.client.HTTPException) as error:  # URLError and TimeoutError are of the former
            raise TryAgain(f"gateway not reached ({type(error).__name__})") from None


def sms_port() -> SmsPort:
    return cast(SmsPort, import_string(settings.SMS_PORT)())
