"""The directory behind a provider of OpenID Connect: state, nonce and PKCE, the signature and the issuer are checked.

By authlib, as citizens sign on: the provider of allauth looks at neither nonce nor signature (ADR 0092).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from joserfc.errors import JoseError

from backend.organization.sign_on import ldap
from backend.organization.sign_on.found import LDAP, DirectoryAwayError, Found, RefusedError, SignedOn
from backend.organization.sign_on.models import LONGEST_SUBJECT

PATIENCE = 10
"""Seconds to wait for the provider."""


def is_configured() -> bool:
    """Whether there is a provider to sign on with."""
    return bool(settings.SIGN_ON_OIDC["issuer"])


def source() -> str:
    """Whose ids the provider's are: the directory's own, where it says these, else its own."""
    is_directory = settings.SIGN_ON_OIDC["subject_claim"] != "sub" and ldap.is_configured()
    return LDAP if is_directory else str(settings.SIGN_ON_OIDC["issuer"])


def lead(request: HttpRequest, back: str) -> HttpResponseBase:
    """Lead the browser to the provider. DirectoryAwayError."""
    try:
        answer: HttpResponseBase = _provider().authorize_redirect(request, back)
    except (AuthlibBaseError, OSError, ValueError) as error:
        raise DirectoryAwayError(type(error).__name__) from error
    return answer


def take(request: HttpRequest) -> SignedOn:
    """Read the provider's answer. RefusedError, DirectoryAwayError."""
    chosen, provider = settings.SIGN_ON_OIDC, _provider()
    try:
        if request.GET.get("iss", chosen["issuer"]).rstrip("/") != chosen["issuer"]:
            raise RefusedError("issuer")  # RFC 9207: the answer of another provider
        token = provider.authorize_access_token(request)
        claims = dict(token["userinfo"])
        if claims["iss"].rstrip("/") != chosen["issuer"]:
            raise RefusedError("issuer")
        more = dict(provider.userinfo(token=token)) if _is_short(claims) else {}
    except OSError as error:  # what `requests` raises is one
        raise DirectoryAwayError(type(error).__name__) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise RefusedError(type(error).__name__) from error
    if more.get("sub") == claims["sub"]:  # OpenID Connect Core 5.3.2: else it is another person's
        claims = {**more, **claims}
    return SignedOn(_found(claims), _has_second_factor(claims), str(token.get("id_token", "")))


def way_out(id_token: str, back: str) -> str:
    """The address at the provider that signs out there too; "" where it has none or cannot be asked."""
    try:
        where = _provider().load_server_metadata().get("end_session_endpoint", "")
    except (AuthlibBaseError, OSError, ValueError):
        return ""
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back}
    return f"{where}?{urlencode(asked)}" if where else ""


def _is_short(claims: dict[str, Any]) -> bool:
    """Whether the token of identity leaves out what the address for it may say."""
    chosen = settings.SIGN_ON_OIDC
    return any(chosen[name] not in claims for name in ("username_claim", "groups_claim", "subject_claim"))


def _found(claims: dict[str, Any]) -> Found:
    chosen = settings.SIGN_ON_OIDC
    subject, username = (str(claims.get(chosen[name]) or "") for name in ("subject_claim", "username_claim"))
    if not subject or not username or len(subject) > LONGEST_SUBJECT:
        raise RefusedError(chosen["username_claim"] if subject else chosen["subject_claim"])
    stated = None if source() == LDAP else claims.get(chosen["groups_claim"])
    groups = stated if isinstance(stated, list) else [stated]
    return Found(
        source(),
        subject,
        username,
        first_name=str(claims.get("given_name") or claims.get("name") or ""),
        last_name=str(claims.get("family_name") or ""),
        email=str(claims.get("email") or ""),
        groups=None if stated is None else tuple(map(str, groups)),
    )


def _has_second_factor(claims: dict[str, Any]) -> bool:
    ways = claims.get("amr") or []
    proved = {*map(str, ways if isinstance(ways, list) else [ways]), f"acr:{claims.get('acr', '')}"}
    return bool(proved & set(settings.SIGN_ON_OIDC["second_factor"]))


def _provider() -> Any:
    chosen = settings.SIGN_ON_OIDC
    return _registered(chosen["issuer"], chosen["client_id"], chosen["client_secret"], chosen["scope"])


@cache
def _registered(issuer: str, client_id: str, client_secret: str, scope: str) -> Any:
    from authlib.integrations.django_client import OAuth

    return OAuth().register(
        "directory",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )
