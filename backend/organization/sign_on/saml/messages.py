"""Messages in an address (HTTP-Redirect): AuthnRequest, LogoutRequest, LogoutResponse; signed where we have a key."""

from __future__ import annotations

import base64
import secrets
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from django.utils import timezone

from backend.organization.sign_on.found import RefusedError
from backend.organization.sign_on.saml import xml
from backend.organization.sign_on.saml.provider import (
    Provider,
    back_address,
    entity_id,
    out_address,
    own_key,
)

LONGEST = 20_000
SIGNED = ("SAMLRequest", "RelayState", "SigAlg")
"""What the signature of an address is over, in this order and as it stands there."""


def authn_request(idp: Provider) -> tuple[str, str]:
    """The id of a new AuthnRequest and the address that carries it."""
    root = _message("AuthnRequest", idp.sign_in)
    root.set("AssertionConsumerServiceURL", back_address())
    root.set("ProtocolBinding", xml.POST)
    if not settings.SIGN_ON_SAML["subject_attribute"]:
        _child(root, "samlp", "NameIDPolicy", "", Format=xml.PERSISTENT, AllowCreate="true")
    return root.get("ID"), _carried(idp.sign_in, "SAMLRequest", root)


def logout_request(idp: Provider, ticket: dict[str, str]) -> str:
    """The address that ends the person's session at the provider; "" where it has none."""
    if not idp.sign_out:
        return ""
    root = _message("LogoutRequest", idp.sign_out)
    known = {key: ticket[key] for key in ("Format", "NameQualifier", "SPNameQualifier") if ticket.get(key)}
    _child(root, "saml", "NameID", ticket["name_id"], **known)
    if ticket.get("session"):
        _child(root, "samlp", "SessionIndex", ticket["session"])
    return _carried(idp.sign_out, "SAMLRequest", root)


def logout_response(idp: Provider, request: str, relay: str) -> str:
    """The address that answers the provider's LogoutRequest: it was followed."""
    root = _message("LogoutResponse", idp.sign_out)
    root.set("InResponseTo", request)
    status = _child(root, "samlp", "Status", "")
    _child(status, "samlp", "StatusCode", "", Value=xml.SUCCESS)
    return _carried(idp.sign_out, "SAMLResponse", root, relay)


def read_logout_request(query: str, idp: Provider) -> tuple[str, str]:
    """The id of the provider's LogoutRequest, and whom it means (NameID). RefusedError if it did not sign it."""
    parts = dict(parse_qsl(query, keep_blank_values=True))
    raw = {one.partition("=")[0]: one for one in query.split("&")}
    if len(raw) != query.count("&") + 1:
        raise RefusedError("a name twice")
    over = "&".join(raw[one] for one in SIGNED if one in raw).encode()
    if parts.get("SigAlg") != xml.RSA_SHA256 or not _is_signed(over, parts.get("Signature", ""), idp):
        raise RefusedError("the signature")
    root = _inflated(parts.get("SAMLRequest", ""))
    if root.tag != xml.name("samlp", "LogoutRequest") or not root.get("ID"):
        raise RefusedError("no request")
    if xml.text_of(root.find("saml:Issuer", xml.NAMES)) != idp.name:
        raise RefusedError("another issuer")
    if root.get("Destination") != out_address():
        raise RefusedError("another destination")
    try:
        ends = xml.moment(root.get("NotOnOrAfter"))
    except xml.UnreadableError as error:
        raise RefusedError(str(error)) from error
    if ends is not None and ends <= timezone.now():
        raise RefusedError("it has run out")
    return root.get("ID"), xml.text_of(root.find("saml:NameID", xml.NAMES))


def _is_signed(over: bytes, signature: str, idp: Provider) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    for certificate in idp.certificates:
        key = certificate.public_key()
        if isinstance(key, RSAPublicKey):
            try:
                key.verify(raw, over, padding.PKCS1v15(), hashes.SHA256())
            except InvalidSignature:
                continue
            return True
    return False


def _inflated(carried: str) -> Any:
    try:
        reader = zlib.decompressobj(-15)
        text = reader.decompress(base64.b64decode(carried, validate=True), LONGEST)
    except (ValueError, zlib.error) as error:
        raise RefusedError("no request") from error
    try:
        return xml.parsed(text)
    except xml.UnreadableError as error:
        raise RefusedError(str(error)) from error


def _message(kind: str, where: str) -> Any:
    from lxml import etree

    root = etree.Element(xml.name("samlp", kind), nsmap={"samlp": xml.SAMLP, "saml": xml.SAML})
    root.set("ID", f"_{secrets.token_hex(20)}")
    root.set("Version", "2.0")
    root.set("IssueInstant", xml.stamp(timezone.now()))
    root.set("Destination", where)
    _child(root, "saml", "Issuer", entity_id())
    return root


def _child(parent: Any, prefix: str, local: str, text: str, **facts: str) -> Any:
    from lxml import etree

    child = etree.SubElement(parent, xml.name(prefix, local), **facts)
    child.text = text or None
    return child


def _carried(where: str, kind: str, root: Any, relay: str = "") -> str:
    """The address with the message, and with our signature where we have a key. SetupError."""
    shrinker = zlib.compressobj(wbits=-15)
    packed = shrinker.compress(xml.written(root)) + shrinker.flush()
    carried = {kind: base64.b64encode(packed).decode()}
    if relay:
        carried["RelayState"] = relay
    query, key = urlencode(carried), own_key()
    if key is not None:
        query += "&" + urlencode({"SigAlg": xml.RSA_SHA256})
        signature = key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
        query += "&" + urlencode({"Signature": base64.b64encode(signature).decode()})
    return f"{where}{'&' if '?' in where else '?'}{query}"
