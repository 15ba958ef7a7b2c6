"""What an installation whose citizens sign on needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def citizens_sign_on_over_tls(**_options: Any) -> list[CheckMessage]:
    """System check: the provider of citizens' sign-on has a client of ours, and in production an https address."""
    chosen = settings.CITIZEN_SIGN_ON
    if not chosen["issuer"]:
        return []
    found: list[CheckMessage] = []
    if settings.ENVIRONMENT == "production" and not chosen["issuer"].startswith("https://"):
        hint = "Give OZELKALEM_CITIZEN_SIGN_ON_ISSUER an address that begins with https://."
        found.append(
            Error("Who a citizen is would be asked without encryption.", hint=hint, id="website.E001")
        )
    if not (chosen["client_id"] and chosen["client_secret"]):
        hint = "Set OZELKALEM_CITIZEN_SIGN_ON_CLIENT_ID and OZELKALEM_CITIZEN_SIGN_ON_CLIENT_SECRET."
        found.append(
            Error("The provider of citizens' sign-on knows no client.", hint=hint, id="website.E002")
        )
    return found
