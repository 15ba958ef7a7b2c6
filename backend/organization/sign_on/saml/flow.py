"""Signing on by SAML 2.0, as a service provider: AuthnRequest, Response, and LogoutRequest either way.

What is spoken is what a web browser needs (Web Browser SSO and Single Logout with HTTP-Redirect and HTTP-POST); answers
that were not asked for are refused (ADR 0098). Needs the extra `saml`.
"""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from backend.core.session import system
from backend.organization.sign_on import ldap, once
from backend.organization.sign_on.found import LDAP, DirectoryAwayError, Found, RefusedError, SignedOn
from backend.organization.sign_on.models import LONGEST_SUBJECT
from backend.organization.sign_on.saml import messages, provider, xml
from backend.organization.sign_on.saml.responses import Assertion, validate

ASKED = "directory.saml"
"""In a session: the ids of the requests that wait for a response, and when each was made."""
PATIENCE, MOST = 30 * 60, 5
"""Seconds for which a response is awaited; requests that wait at once."""
METHODS = "http://schemas.microsoft.com/claims/authnmethodsreferences"
"""Where AD FS and Entra ID say with which factors a person signed in."""
log = logging.getLogger(__name__)


def lead(session: SessionBase) -> str:
    """The address that asks the provider who this is. DirectoryAwayError where it is not set up well."""
    with _usable():
        request, where = messages.authn_request(provider.provider())
    waiting = sorted(_waiting(session).items(), key=lambda one: one[1])[-MOST + 1 :]
    session[ASKED] = {**dict(waiting), request: int(time.time())}
    return where


def is_awaited(session: SessionBase) -> bool:
    """Whether this browser asked, as far as it shows us its cookies."""
    return bool(_waiting(session))


def take(session: SessionBase, carried: str) -> SignedOn:
    """Read the provider's answer, once. RefusedError, DirectoryAwayError."""
    with _usable():
        idp, waiting = provider.provider(), _waiting(session)
    try:
        text = base64.b64decode(carried, validate=False)
    except ValueError as error:
        raise RefusedError("no answer") from error
    try:
        answer = validate(text, idp, waiting, here=provider.back_address(), us=provider.entity_id())
        signed = SignedOn(_found(answer, idp.name), _has_second_factor(answer), _ticket(answer))
        with system():
            if not once.use(f"assertion {quote(idp.name)} {answer.key}", answer.until):
                raise RefusedError("used before")
    except RefusedError as error:
        log.warning("An answer of the SAML provider was refused: %s", error)
        raise
    waiting.pop(answer.request)
    session[ASKED] = waiting
    return signed


def way_out(ticket: dict[str, str]) -> str:
    """The address at the provider that signs out there too; "" where it has none or is not set up well."""
    try:
        return messages.logout_request(provider.provider(), ticket)
    except provider.SetupError:
        return ""


def asked_out(query: str, ticket: object, relay: str) -> tuple[bool, str]:
    """Whether the provider signs the owner of this ticket out, and the address that tells it so. RefusedError."""
    with _usable():
        idp = provider.provider()
        request, name_id = messages.read_logout_request(query, idp)
        is_meant = isinstance(ticket, dict) and ticket.get("name_id") == name_id
        return is_meant, messages.logout_response(idp, request, relay) if idp.sign_out else ""


@contextmanager
def _usable() -> Iterator[None]:
    """Take a provider that is not set up well for one that is away, and write down why."""
    try:
        yield
    except provider.SetupError as error:
        log.error("%s", error)
        raise DirectoryAwayError(str(error)) from error


def _waiting(session: SessionBase) -> dict[str, int]:
    since = time.time() - PATIENCE
    return {key: at for key, at in session.get(ASKED, {}).items() if at > since}


def source(name: str) -> str:
    """Whose ids the provider's are: the directory's own, where an attribute says these, else its own."""
    return LDAP if settings.SIGN_ON_SAML["subject_attribute"] and ldap.is_configured() else name


def _found(answer: Assertion, name: str) -> Found:
    chosen = settings.SIGN_ON_SAML
    if chosen["subject_attribute"]:
        subject = _only(answer, "subject_attribute")
    elif answer.name_format == xml.PERSISTENT:
        subject = answer.name_id
    else:
        raise RefusedError("a NameID that does not stay, and no attribute is named")
    username, of = _only(answer, "username_attribute"), source(name)
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise RefusedError("no immutable id")
    if not username:
        raise RefusedError("no user name")
    groups = None if of == LDAP else answer.attributes.get(chosen["groups_attribute"])
    return Found(
        of,
        _as_directory(subject) if of == LDAP else subject,
        username,
        first_name=_first(answer, "given_name_attribute"),
        last_name=_first(answer, "surname_attribute"),
        email=_first(answer, "email_attribute"),
        groups=None if groups is None else tuple(groups),
    )


def _first(answer: Assertion, setting: str) -> str:
    return next(iter(answer.attributes.get(settings.SIGN_ON_SAML[setting], ())), "")


def _only(answer: Assertion, setting: str) -> str:
    values = answer.attributes.get(settings.SIGN_ON_SAML[setting], [])
    if len(values) > 1:
        raise RefusedError("two values of what is one's own")
    return next(iter(values), "")


def _as_directory(subject: str) -> str:
    """The id as the reading of Active Directory has it: AD FS hands the bytes of an objectGUID out as base64."""
    if settings.SIGN_ON_LDAP["id"].lower() != "objectguid":
        return subject
    try:
        raw = base64.b64decode(subject, validate=True)
    except ValueError:
        return subject.lower()
    return str(UUID(bytes_le=raw)) if len(raw) == 16 else subject


def _has_second_factor(answer: Assertion) -> bool:
    proved = answer.classes | set(answer.attributes.get(METHODS, ()))
    return bool(proved & set(settings.SIGN_ON_SAML["second_factor"]))


def _ticket(answer: Assertion) -> dict[str, str]:
    return {
        "name_id": answer.name_id,
        "Format": answer.name_format,
        **answer.qualifiers,
        "session": answer.session,
    }
