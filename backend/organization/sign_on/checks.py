"""What an installation whose people sign on by SAML needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from backend.organization.sign_on.saml import provider


@register(Tags.security)
def the_provider_can_be_used(**_options: Any) -> list[CheckMessage]:
    """System check: one provider at most, and what the settings of SAML name can be read."""
    if not provider.is_configured():
        return []
    found: list[CheckMessage] = []
    if settings.SIGN_ON_OIDC["issuer"]:
        hint = "Leave OZELKALEM_SIGN_ON_OIDC_ISSUER or what begins with OZELKALEM_SIGN_ON_SAML_ empty."
        found.append(Error("Two providers are named to sign on with.", hint=hint, id="organization.E001"))
    try:
        idp = provider.provider()
        provider.own_key()
        provider.own_certificate()
    except provider.SetupError as error:
        return [*found, Error(str(error), hint="See docs/operations/sign-on.md.", id="organization.E002")]
    if settings.ENVIRONMENT == "production" and not idp.sign_in.startswith("https://"):
        hint = "The provider has to have an address that begins with https://."
        found.append(
            Error("Who a person is would be asked without encryption.", hint=hint, id="organization.E003")
        )
    return found
