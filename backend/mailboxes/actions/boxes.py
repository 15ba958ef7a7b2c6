"""Keeping a mailbox: where it is read, how one signs in there, and what its mails become."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, email_address, refuse, required, short
from backend.journal.actions import record
from backend.mailboxes.choices import OAUTH, Purpose, Security, SignIn
from backend.mailboxes.imap.tokens import KNOWN
from backend.mailboxes.models import Mailbox
from backend.mailboxes.servers import require_server
from backend.organization.models import Department, User
from backend.portals.webhooks import addresses

_LINE = ("host", "port", "security", "sign_in", "login", "client_id", "token_url")
"""Where secrets go: one that was entered goes nowhere else."""
_READ = ("host", "login", "folder")


@transaction.atomic
def save_mailbox(
    mailbox: Mailbox | None,
    *,
    by: User | None,
    name: str,
    address: str,
    host: str,
    port: int,
    security: str,
    login: str,
    department: Department,
    purpose: str,
    folder: str = "INBOX",
    is_active: bool = True,
    authserv_id: str = "",
    secret: str = "",
    sign_in: str = "",
    client_id: str = "",
    client_secret: str = "",
    authorize_url: str = "",
    token_url: str = "",
    scope: str = "",
) -> Mailbox:
    """Keep a mailbox, new or changed; without a `secret` the former one stays, as long as it goes to the same account.

    `secret`: the password; with OAuth 2 what renews the token, where that was got elsewhere. Without it a person
    connects the mailbox (`imap.tokens`). Where another folder, account or server is read from now on, it is read from
    the beginning: what is here already is not stored twice. REQUIRED, INVALID; DUPLICATE for an address that another
    mailbox has.
    """
    # Locked: a token that is renewed at this moment is not overwritten by the one of before.
    row = Mailbox.objects.select_for_update().get(pk=mailbox.pk) if mailbox else Mailbox()
    before = {name: getattr(row, name) for name in (*_LINE, *_READ)}
    row.name = required(name, "name", _("Write what it is called."), 120)
    row.address = _address(address)
    row.host = required(host, "host", _("Write the name of the server."), 200)
    if not 1 <= port <= 65535:
        refuse(ErrorCode.INVALID, _("A port is a number from 1 to 65535."), "port")
    require_server(row.host, port)
    row.port = port
    row.security = choice(Security, security, "security")
    row.sign_in = choice(SignIn, sign_in or row.sign_in, "sign_in")
    row.login = required(login, "login", _("Write the user name."), 200)
    row.folder = short(folder, "folder", 200) or "INBOX"
    row.department = department
    row.purpose = choice(Purpose, purpose, "purpose")
    row.is_active = is_active
    row.authserv_id = short(authserv_id, "authserv_id", 200).lower()
    _set_provider(row, client_id, authorize_url, token_url, scope)
    is_same = mailbox is not None and all(getattr(row, name) == before[name] for name in _LINE)
    _set_secrets(row, secret, client_secret, is_new=mailbox is None, is_same=is_same)
    if mailbox is not None and any(getattr(row, name) != before[name] for name in _READ):
        row.generation += 1
        row.uid_validity, row.last_uid, row.not_taken = None, 0, []
    row.fault, row.failing_since = "", None
    row.version += 0 if mailbox is None else 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        refuse(ErrorCode.DUPLICATE, _("Another mailbox has this address."), "address")
    record(verb="mailbox_saved", about=row, by=by)
    return row


def _set_provider(row: Mailbox, client_id: str, authorize_url: str, token_url: str, scope: str) -> None:
    """Set who gives tokens: as typed, or else as a well-known provider has it; nothing with a password."""
    if row.sign_in not in OAUTH:
        row.client_id = row.authorize_url = row.token_url = row.scope = ""
        return
    is_consented = row.sign_in == SignIn.OAUTH2
    known = KNOWN.get(row.host.lower()) if is_consented else None
    row.client_id = required(client_id, "client_id", _("Write the client ID that the provider gave."), 200)
    row.token_url = _url(token_url or (known.token_url if known else ""), "token_url")
    row.authorize_url = (
        _url(authorize_url or (known.authorize_url if known else ""), "authorize_url") if is_consented else ""
    )
    row.scope = short(scope, "scope", 500) or (known.scope if known else "")


def _set_secrets(row: Mailbox, secret: str, client_secret: str, *, is_new: bool, is_same: bool) -> None:
    """Take the secrets that were entered; a former one goes only where it was entered for."""
    if not is_same:
        row.access_token, row.access_until = b"", None
    if row.sign_in not in OAUTH:
        row.client_secret = b""
        if secret:
            row.seal_secret(secret)
        elif is_new:
            refuse(ErrorCode.REQUIRED, _("Write the password."), "secret")
        elif not is_same:
            message = _(
                "Write the password anew: the former one goes only to the server for which it was entered."
            )
            refuse(ErrorCode.REQUIRED, message, "secret")
        return
    if secret or not is_same:
        row.seal_secret(secret if row.sign_in == SignIn.OAUTH2 else "")
    if client_secret:
        row.seal_secret(client_secret, "client_secret")
    elif not is_same and (row.client_secret or row.sign_in == SignIn.CLIENT):
        message = _("Write the client secret: it goes only to the provider for which it was entered.")
        refuse(ErrorCode.REQUIRED, message, "client_secret")


def _url(text: str, field: str) -> str:
    """An address of the provider: a public one with https."""
    url = required(text, field, _("Write the address that the provider names."), 500)
    try:
        addresses.require_public(addresses.target_of(url))
    except DomainError as refusal:
        raise DomainError(refusal.code, str(refusal), field) from None
    return url


def _address(text: str) -> str:
    address = required(text, "address", _("Write the e-mail address."), 254).lower()
    return email_address(address, "address")
