"""A connection to the server of a mailbox, signed in and with its folder open, whose length is bounded."""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxStarttlsError,
)

from backend.core import sealing
from backend.mailboxes.choices import OAUTH, Fault, Security
from backend.mailboxes.imap import tokens
from backend.mailboxes.imap.faults import CannotReadError
from backend.mailboxes.models import Mailbox
from backend.mailboxes.servers import leads_to_a_server

log = logging.getLogger("mailboxes")
SECONDS, MOST_SECONDS = 30, 300
"""How long a server may be silent, and when the line of a run is cut, whatever comes."""


@contextmanager
def faults() -> Iterator[None]:
    """Turn what a server and its line do wrong into CannotReadError."""
    try:
        yield
    except MailboxFolderSelectError:
        raise CannotReadError(Fault.FOLDER) from None
    except (OSError, imaplib.IMAP4.abort):
        raise CannotReadError(Fault.LINE) from None
    except (ImapToolsError, imaplib.IMAP4.error, ValueError):
        raise CannotReadError(Fault.ANSWER) from None


@contextmanager
def signed_in(
    mailbox: Mailbox, context: ssl.SSLContext | None = None, *, seconds: float | None = None
) -> Iterator[BaseMailBox]:
    """A connection with the folder open, which is cut after `seconds`. CannotReadError where one cannot sign in."""
    refused = ""
    for _attempt in range(2):  # a token may end before its time, or be taken back: once more with another
        with _opened(mailbox, context, seconds or MOST_SECONDS) as server:
            refused = _sign_in(server, mailbox, refused)
            if not refused:
                server.folder.set(mailbox.folder)
                yield server
                return
    raise CannotReadError(Fault.TOKEN)


@contextmanager
def _opened(mailbox: Mailbox, context: ssl.SSLContext | None, seconds: float) -> Iterator[BaseMailBox]:
    if not leads_to_a_server(mailbox.host, mailbox.port):
        raise CannotReadError(Fault.LINE)
    kind = MailBox if mailbox.security == Security.SSL else MailBoxStartTls
    context = context or ssl.create_default_context()
    try:
        server = kind(mailbox.host, mailbox.port, timeout=SECONDS, ssl_context=context)
    except MailboxStarttlsError:
        raise CannotReadError(Fault.LINE) from None
    guard = threading.Timer(seconds, cut, [server])
    guard.daemon = True
    guard.start()
    try:
        yield server
    finally:
        guard.cancel()
        _leave(server)


def _leave(server: BaseMailBox) -> None:
    try:
        server.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        with suppress(OSError):
            server.client.shutdown()


def cut(server: BaseMailBox) -> None:
    """End the line under what reads from it: a server that sends a letter now and then is never silent."""
    with suppress(OSError):
        socket.socket.shutdown(server.client.socket(), socket.SHUT_RDWR)


def _sign_in(server: BaseMailBox, mailbox: Mailbox, refused: str = "") -> str:
    """Sign in; the token that the server refused, or "" where one is in. `refused`: a token of before, which is no
    longer used."""
    try:
        secret = (
            tokens.access(mailbox, refused=refused) if mailbox.sign_in in OAUTH else mailbox.read_secret()
        )
    except sealing.WrongKeyError:
        raise CannotReadError(Fault.KEY) from None
    if mailbox.sign_in in OAUTH:
        return "" if _answered(lambda: _with_token(server, mailbox.login, secret)) else secret
    if (mailbox.login + secret).isascii():
        is_in = _answered(lambda: server.login(mailbox.login, secret, initial_folder=None))
    else:
        is_in = _answered(lambda: server.login_utf8(mailbox.login, secret, initial_folder=None))
    if not is_in:
        raise CannotReadError(Fault.SIGN_IN)
    return ""


def _with_token(server: BaseMailBox, login: str, token: str) -> None:
    """XOAUTH2. A refusal comes as a challenge, which is answered by nothing; imap-tools would send the token again."""
    words = iter([f"user={login}\1auth=Bearer {token}\1\1".encode()])
    server.client.authenticate("XOAUTH2", lambda _challenge: next(words, b""))


def _answered(ask: Callable[[], object]) -> bool:
    """Whether the server lets in; a line that breaks is another fault."""
    try:
        ask()
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error):
        return False
    return True
