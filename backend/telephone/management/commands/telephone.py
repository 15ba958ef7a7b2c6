"""`manage.py telephone`: the process that hears from the exchange for whom it rings."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from backend.core.session import system
from backend.telephone import calls, dialogs
from backend.telephone.agent import Agent, Exchange

ROUND = 30.0
"""Seconds after which the extensions of the accounts are read again."""


@sync_to_async
def _extensions() -> list[str]:
    close_old_connections()
    with system():
        return calls.extensions()


@sync_to_async
def _keep(extension: str, found: dialogs.Dialogs) -> None:
    close_old_connections()
    with system():
        calls.follow(extension, found)


async def heard(extension: str, body: bytes) -> None:
    """Keep a document of the exchange; one that is lost while the database is away is announced again in a minute."""
    found = dialogs.read(body)
    if found is not None:
        with suppress(DatabaseError):
            await _keep(extension, found)


async def serve(exchange: Exchange, ends: asyncio.Event, seconds: float = ROUND) -> None:
    """Follow the extensions of the accounts until it is to end."""
    agent, known = Agent(exchange, heard), list[str]()
    await agent.open()
    while not ends.is_set():
        with suppress(DatabaseError):  # while it is away the extensions that are known are followed
            known = await _extensions()
        await agent.follow(known)
        try:
            await asyncio.wait_for(ends.wait(), seconds)
        except TimeoutError:
            continue


class Command(BaseCommand):
    help = "Hear from the telephone exchange who calls whom (OZELKALEM_TELEPHONE) until it is ended."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with 0 after SIGTERM or SIGINT; at once where no exchange is configured."""
        if not settings.TELEPHONE:
            raise CommandError("No exchange is configured: set OZELKALEM_TELEPHONE.")
        try:
            exchange = Exchange.of(settings.TELEPHONE, settings.TELEPHONE_CA)
        except ValueError:
            # The value itself is not shown: it holds a password.
            message = (
                "OZELKALEM_TELEPHONE is not of the form sip://user:password@host:port/domain (or sips://)."
            )
            raise CommandError(message) from None
        if exchange.authorities and not Path(exchange.authorities).is_file():
            raise CommandError("OZELKALEM_TELEPHONE_CA names no file.")
        asyncio.run(_until_ended(exchange))


async def _until_ended(exchange: Exchange) -> None:
    ends = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ends.set)
    await serve(exchange, ends)
