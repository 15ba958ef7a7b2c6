"""XML of SAML 2.0: its names, moments and certificates, and a reader that follows nothing outside the text."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates

SAML, SAMLP = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
MD, DS = "urn:oasis:names:tc:SAML:2.0:metadata", "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS}
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


class UnreadableError(ValueError):
    """What came is no XML of SAML, or asks the reader to follow something."""


def parsed(text: bytes) -> Any:
    """Read a text into its root element. UnreadableError for one that is none, or declares a DTD."""
    from lxml import etree

    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, reader)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError("no XML") from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableError("a DTD")
    return root


def name(prefix: str, local: str) -> str:
    """Return a name as lxml writes it."""
    return f"{{{NAMES[prefix]}}}{local}"


def written(root: Any) -> bytes:
    """Return the text of an element."""
    from lxml import etree

    return etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def text_of(element: Any) -> str:
    """Return the whole text of an element, "" without one: never the part of it that stands before a comment."""
    return "" if element is None else str(element.xpath("string()")).strip()


def moment(value: str | None) -> dt.datetime | None:
    """Read a moment; None where there is none. UnreadableError for one that does not say its zone."""
    if not value:
        return None
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise UnreadableError("a moment") from error
    if found.tzinfo is None:
        raise UnreadableError("a moment")
    return found


def stamp(at: dt.datetime) -> str:
    """Return a moment as SAML writes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def certificate_of(encoded: str) -> Certificate:
    """Read a certificate as metadata holds it. UnreadableError."""
    try:
        return load_der_x509_certificate(base64.b64decode("".join(encoded.split()), validate=True))
    except ValueError as error:
        raise UnreadableError("a certificate") from error


def certificates_of(pem: bytes) -> tuple[Certificate, ...]:
    """Read all certificates of a file. UnreadableError."""
    try:
        return tuple(load_pem_x509_certificates(pem))
    except ValueError as error:
        raise UnreadableError("a certificate") from error
