"""Text messages: what the outbox needs of a gateway, and a gateway that is reached by HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from backend.configuration.office import configured

TIMEOUT = 20  # seconds


class Undeliverable(Exception):  # noqa: N818
    """This message will never arrive. The text names no person."""


class TryAgain(Exception):  # noqa: N818
    """It did not work this time. The text names no person."""


class SmsPort(Protocol):
    """A way to send text messages. The class is named by the setting SMS_PORT and made without arguments."""

    @property
    def is_configured(self) -> bool:
        """Whether messages can leave at all."""

    def send(self, *, key: str, to: str, text: str) -> None:
        """Hand one message over; `key` is the same at every attempt, `to` is E.164.

        Raises Undeliverable or TryAgain.
        """


class HttpGateway:
    """POSTs JSON (`id`, `to`, `text`, `sender`) with a bearer token; the key also goes as Idempotency-Key."""

    @property
    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

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
            with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            permanent = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise (Undeliverable if permanent else TryAgain)(f"gateway answered {error.code}") from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise TryAgain(f"gateway not reached ({type(error).__name__})") from None


def sms_port() -> SmsPort:
    return cast(SmsPort, import_string(settings.SMS_PORT)())
