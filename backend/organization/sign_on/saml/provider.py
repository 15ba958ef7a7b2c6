"""The provider of SAML as its metadata, or the settings, name it; and how it is to name us.

Files are read at each use: a provider that changes its key is followed by putting its new metadata in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from backend.organization.sign_on.saml import xml

LONGEST_NAME = 200
"""Letters of a provider's name: a person is known by it and by their id there."""


class SetupError(Exception):
    """What is set up cannot be used; one sentence in English says why, for the operator."""


@dataclass(frozen=True)
class Provider:
    """Whose answers are believed, where it is asked, and the certificates of its keys."""

    name: str
    sign_in: str
    sign_out: str
    certificates: tuple[Certificate, ...]


def is_configured() -> bool:
    """Whether there is a provider to sign on with."""
    chosen = settings.SIGN_ON_SAML
    return bool(chosen["metadata"] or chosen["issuer"])


def entity_id() -> str:
    """What we are called at the provider: the address of our metadata, unless the settings say otherwise."""
    return str(settings.SIGN_ON_SAML["entity_id"] or settings.PUBLIC_URL + reverse("directory_metadata"))


def back_address() -> str:
    """Where the provider's answers arrive."""
    return str(settings.PUBLIC_URL + reverse("directory_saml"))


def out_address() -> str:
    """Where the provider's LogoutRequest and LogoutResponse arrive."""
    return str(settings.PUBLIC_URL + reverse("directory_saml_out"))


def provider() -> Provider:
    """Read who the provider is. SetupError."""
    chosen = settings.SIGN_ON_SAML
    try:
        if chosen["metadata"]:
            found = _of_metadata(xml.parsed(Path(chosen["metadata"]).read_bytes()), chosen["issuer"])
        else:
            pem = Path(chosen["certificates"]).read_bytes()
            found = Provider(
                chosen["issuer"], chosen["sign_in_url"], chosen["sign_out_url"], xml.certificates_of(pem)
            )
    except OSError as error:
        raise SetupError(f"A file of SIGN_ON_SAML cannot be read: {error.strerror}.") from error
    except xml.UnreadableError as error:
        raise SetupError(f"What names the provider holds {error} that cannot be used.") from error
    if not (found.name and found.sign_in and found.certificates):
        raise SetupError("The provider's name, address to sign in (HTTP-Redirect) or certificate is missing.")
    if len(found.name) > LONGEST_NAME:
        raise SetupError(f"The provider's name has more than {LONGEST_NAME} letters.")
    return found


def _of_metadata(root: Any, wanted: str) -> Provider:
    """Find the provider in its metadata; `wanted` chooses one where there are several."""
    here = (
        [root]
        if root.tag == xml.name("md", "EntityDescriptor")
        else root.iter(xml.name("md", "EntityDescriptor"))
    )
    entities = [
        one
        for one in here
        if one.find("md:IDPSSODescriptor", xml.NAMES) is not None
        and one.get("entityID") == (wanted or one.get("entityID"))
    ]
    if len(entities) != 1:
        raise SetupError(
            f"The metadata names {len(entities)} providers: OZELKALEM_SIGN_ON_SAML_ISSUER has to choose one."
        )
    entity = entities[0]
    described = entity.find("md:IDPSSODescriptor", xml.NAMES)
    for until in (root.get("validUntil"), entity.get("validUntil"), described.get("validUntil")):
        if (ends := xml.moment(until)) is not None and ends <= timezone.now():
            raise SetupError("The metadata of the provider has run out: fetch it again.")
    return Provider(
        entity.get("entityID", ""),
        _address(described, "SingleSignOnService"),
        _address(described, "SingleLogoutService"),
        tuple(
            xml.certificate_of(xml.text_of(one))
            for key in described.findall("md:KeyDescriptor", xml.NAMES)
            if key.get("use") in (None, "signing")
            for one in key.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", xml.NAMES)
        ),
    )


def _address(described: Any, service: str) -> str:
    found = described.findall(f"md:{service}", xml.NAMES)
    return next((one.get("Location", "") for one in found if one.get("Binding") == xml.REDIRECT), "")


def own_key() -> Any:
    """Return the key that our messages are signed with; None without one. SetupError."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not settings.SIGN_ON_SAML["key"]:
        return None
    try:
        key = load_pem_private_key(Path(settings.SIGN_ON_SAML["key"]).read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise SetupError("OZELKALEM_SIGN_ON_SAML_KEY is no key of PEM without a password.") from error
    if not isinstance(key, RSAPrivateKey):
        raise SetupError("OZELKALEM_SIGN_ON_SAML_KEY is no key of RSA.")
    return key


def own_certificate() -> Certificate | None:
    """Return the certificate of that key, for the metadata; None without one. SetupError."""
    if not settings.SIGN_ON_SAML["certificate"]:
        return None
    try:
        found = xml.certificates_of(Path(settings.SIGN_ON_SAML["certificate"]).read_bytes())
    except (OSError, xml.UnreadableError) as error:
        raise SetupError("OZELKALEM_SIGN_ON_SAML_CERTIFICATE is no certificate of PEM.") from error
    return next(iter(found), None)


def metadata() -> bytes:
    """Say what the provider has to know of us. SetupError."""
    import base64

    from cryptography.hazmat.primitives.serialization import Encoding
    from lxml import etree

    root = etree.Element(xml.name("md", "EntityDescriptor"), nsmap={"md": xml.MD, "ds": xml.DS})
    root.set("entityID", entity_id())
    ours = etree.SubElement(root, xml.name("md", "SPSSODescriptor"))
    ours.set("protocolSupportEnumeration", xml.SAMLP)
    ours.set("AuthnRequestsSigned", "true" if settings.SIGN_ON_SAML["key"] else "false")
    ours.set("WantAssertionsSigned", "true")
    certificate = own_certificate()
    if certificate is not None:
        place = etree.SubElement(ours, xml.name("md", "KeyDescriptor"), use="signing")
        for local in ("KeyInfo", "X509Data", "X509Certificate"):
            place = etree.SubElement(place, xml.name("ds", local))
        place.text = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    out = etree.SubElement(ours, xml.name("md", "SingleLogoutService"))
    out.set("Binding", xml.REDIRECT)
    out.set("Location", out_address())
    if not settings.SIGN_ON_SAML["subject_attribute"]:
        etree.SubElement(ours, xml.name("md", "NameIDFormat")).text = xml.PERSISTENT
    back = etree.SubElement(ours, xml.name("md", "AssertionConsumerService"))
    back.set("Binding", xml.POST)
    back.set("Location", back_address())
    back.set("index", "0")
    back.set("isDefault", "true")
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
