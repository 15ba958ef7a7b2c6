"""A provider of SAML that a test holds in its hand: it says whatever it is told to, right or hostile."""

from __future__ import annotations

import base64
import datetime as dt
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.utils import timezone
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from backend.organization.sign_on.saml import xml

ISSUER, SIGN_IN = "https://kimlik.example/saml", "https://kimlik.example/sso?realm=belediye"
SIGN_OUT = "https://kimlik.example/slo"
HERE, US = "https://ozelkalem.example/accounts/directory/saml/", "https://ozelkalem.example/saml-us"
FACTS: dict[str, tuple[str, ...]] = {
    "uid": ("irmak.isik",),
    "givenName": ("İrmak",),
    "sn": ("IŞIK",),
    "groups": ("/belediye/Fen İşleri",),
}


@dataclass(frozen=True)
class Key:
    """A key and the certificate that holds its other half."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def private_pem(self) -> bytes:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@cache
def key(name: str = "provider", days: int = 90) -> Key:
    """A key of this name, the same in the whole run; its certificate ends in so many days."""
    private = rsa.generate_private_key(65537, 2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    return Key(private, made)


def metadata(*keys: Key, sign_in: str = SIGN_IN, sign_out: str = SIGN_OUT, until: str = "") -> bytes:
    """The provider's metadata, with these keys."""
    described = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{xml.DS}"><ds:X509Data><ds:X509Certificate>'
        f"{base64.encodebytes(one.certificate.public_bytes(serialization.Encoding.DER)).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in keys or (key(),)
    )
    return (
        f'<md:EntityDescriptor xmlns:md="{xml.MD}" entityID="{ISSUER}"{f' validUntil="{until}"' if until else ""}>'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{xml.SAMLP}">{described}'
        f'<md:SingleLogoutService Binding="{xml.REDIRECT}" Location="{sign_out}"/>'
        f'<md:SingleSignOnService Binding="{xml.POST}" Location="https://kimlik.example/post"/>'
        f'<md:SingleSignOnService Binding="{xml.REDIRECT}" Location="{sign_in}"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    ).encode()


def set_up(folder: Path, settings: Any, **other: Any) -> None:
    """Name this provider in the settings of the product."""
    (folder / "provider.xml").write_bytes(metadata())
    settings.PUBLIC_URL = HERE.removesuffix("/accounts/directory/saml/")
    named = {"metadata": str(folder / "provider.xml"), "entity_id": US}
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, **named, **other}


def answer(
    question: str,
    *,
    name_id: str = "8c1f",
    name_format: str = xml.PERSISTENT,
    facts: dict[str, tuple[str, ...]] = FACTS,
    key_id: str = "_a1",
    issuer: str = ISSUER,
    audiences: tuple[str, ...] = (US,),
    recipient: str = HERE,
    in_response_to: str | None = None,
    minutes: float = 5,
    begins: float = -1,
    class_: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer",
    more: str = "",
    signed_by: Key | None = None,
    method_of_signature: SignatureMethod = SignatureMethod.RSA_SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
) -> Any:
    """An answer to a question of ours, signed."""
    now = timezone.now()
    at, ends = xml.stamp(now + dt.timedelta(minutes=begins)), xml.stamp(now + dt.timedelta(minutes=minutes))
    asked = question if in_response_to is None else in_response_to
    audience = "".join(
        f"<saml:AudienceRestriction><saml:Audience>{one}</saml:Audience></saml:AudienceRestriction>"
        for one in audiences
    )
    stated = "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in facts.items()
    )
    text = (
        f'<saml:Assertion xmlns:saml="{xml.SAML}" ID="{key_id}" Version="2.0" IssueInstant="{at}">'
        f"<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>"
        f'<saml:NameID Format="{name_format}">{name_id}</saml:NameID><saml:SubjectConfirmation Method="{method}">'
        f'<saml:SubjectConfirmationData Recipient="{recipient}" NotOnOrAfter="{ends}" InResponseTo="{asked}"/>'
        f'</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at}" NotOnOrAfter="{ends}">'
        f'{audience}{more}</saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_s1">'
        f"<saml:AuthnContext><saml:AuthnContextClassRef>{class_}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        f"<saml:AttributeStatement>{stated}</saml:AttributeStatement></saml:Assertion>"
    )
    return wrapped(signed(etree.fromstring(text), signed_by or key(), method_of_signature, c14n), question)


def signed(
    assertion: Any,
    by: Key,
    method: SignatureMethod = SignatureMethod.RSA_SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
) -> Any:
    """The assertion with a signature, where its schema wants it."""
    place = etree.Element(xml.name("ds", "Signature"), Id="placeholder", nsmap={"ds": xml.DS})
    assertion.insert(1, place)
    signer = _Signer(signature_algorithm=method, digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm=c14n)
    return signer.sign(
        assertion,
        key=by.private_pem,
        cert=by.pem.decode(),
        reference_uri=assertion.get("ID"),
        id_attribute="ID",
    )


class _Signer(XMLSigner):
    """Signs with SHA-1 too, as a provider of long ago."""

    def check_deprecated_methods(self) -> None:
        pass


def wrapped(assertion: Any, question: str) -> Any:
    """The response around an assertion."""
    text = (
        f'<samlp:Response xmlns:samlp="{xml.SAMLP}" xmlns:saml="{xml.SAML}" ID="_r1" Version="2.0" Destination="{HERE}"'
        f' InResponseTo="{question}" IssueInstant="{xml.stamp(timezone.now())}"><saml:Issuer>{ISSUER}</saml:Issuer>'
        f'<samlp:Status><samlp:StatusCode Value="{xml.SUCCESS}"/></samlp:Status></samlp:Response>'
    )
    root = etree.fromstring(text)
    root.append(assertion)
    return root


def carried(root: Any) -> str:
    """The answer as a form has it."""
    return base64.b64encode(etree.tostring(root)).decode()


def asked(address: str, name: str = "SAMLRequest") -> Any:
    """The message that an address carries."""
    [packed] = parse_qs(urlsplit(address).query)[name]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))


def sign_out(
    name_id: str, destination: str, *, by: Key | None = None, issuer: str = ISSUER, minutes: int = 5
) -> str:
    """The query with which the provider signs somebody out, signed by this key."""
    ends = xml.stamp(timezone.now() + dt.timedelta(minutes=minutes))
    text = (
        f'<samlp:LogoutRequest xmlns:samlp="{xml.SAMLP}" xmlns:saml="{xml.SAML}" ID="_o1" Version="2.0"'
        f' Destination="{destination}" NotOnOrAfter="{ends}"><saml:Issuer>{issuer}</saml:Issuer>'
        f"<saml:NameID>{name_id}</saml:NameID></samlp:LogoutRequest>"
    )
    shrinker = zlib.compressobj(wbits=-15)
    packed = shrinker.compress(text.encode()) + shrinker.flush()
    query = urlencode(
        {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": "r 1", "SigAlg": xml.RSA_SHA256}
    )
    raw = (by or key()).private.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{query}&{urlencode({'Signature': base64.b64encode(raw).decode()})}"
