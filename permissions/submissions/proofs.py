"""Codes and sessions of contacts, asked for by portals: see `backend.submissions.proofs`."""

from __future__ import annotations

from ipaddress import ip_address

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.words.addresses import current_address
from backend.organization.models import User
from backend.submissions import proofs
from backend.submissions.proofs import CodeSent, Session


def line_asked_from(address: str) -> str:
    """The address of the citizen as the portal sees it; otherwise where the request comes from. INVALID."""
    try:
        return str(ip_address(address)) if address else current_address.get()
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("This is no IP address."), "address") from None


def ask(*, by: User, first_name: str, last_name: str, phone: str, email: str, address: str = "") -> CodeSent:
    """`proofs.ask`. `address`: as `line_asked_from`."""
    line = line_asked_from(address)
    with system():
        return proofs.ask(
            by=by, first_name=first_name, last_name=last_name, phone=phone, email=email, address=line
        )


def prove(proof: str, code: str, *, by: User) -> Session | DomainError:
    """`proofs.prove`: a refusal is returned, so that the attempt stays counted."""
    with system():
        return proofs.prove(proof, code, by=by)


def end(session: str, *, by: User) -> None:
    """`proofs.end`."""
    with system():
        proofs.end(session, by=by)


def require_proved(session: str, *, by: User, email: str, phone: str) -> None:
    """`proofs.require_proved`."""
    with system():
        proofs.require_proved(session, by=by, email=email, phone=phone)
