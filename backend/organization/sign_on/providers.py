"""The one provider that people of the directory sign on with, whichever protocol it speaks."""

from __future__ import annotations

from backend.organization.sign_on import oidc
from backend.organization.sign_on.saml import flow as saml
from backend.organization.sign_on.saml import provider as saml_provider


def is_configured() -> bool:
    """Whether there is a provider to sign on with."""
    return oidc.is_configured() or saml_provider.is_configured()


def way_out(ticket: str | dict[str, str], back: str) -> str:
    """The address at the provider that signs out there too; "" where there is none."""
    if isinstance(ticket, dict):
        return saml.way_out(ticket) if saml_provider.is_configured() else ""
    return oidc.way_out(ticket, back) if oidc.is_configured() else ""
