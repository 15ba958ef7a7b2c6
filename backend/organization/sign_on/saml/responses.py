"""The provider's Response: one assertion that it signed, for us, for this request, now. All else is refused.

Facts are read from the text that was signed and from nothing else (signxml hands that text out), so a response into
which something was wrapped says no more than the one that it was made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import Certificate
from django.utils import timezone

from backend.organization.sign_on.found import RefusedError
from backend.organization.sign_on.saml import xml
from backend.organization.sign_on.saml.provider import Provider

SLACK = dt.timedelta(minutes=2)
"""By how much the clocks may differ."""
LONGEST = 500_000
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
CONDITIONS = {xml.name("saml", local) for local in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}


@dataclass(frozen=True)
class Assertion:
    """What the provider states of a person. `request` is the id of ours, `key` that of the assertion."""

    request: str
    key: str
    until: dt.datetime
    name_id: str
    name_format: str
    qualifiers: dict[str, str]
    session: str
    classes: frozenset[str]
    attributes: dict[str, list[str]] = field(default_factory=dict)


def validate(text: bytes, idp: Provider, pending: Collection[str], *, here: str, us: str) -> Assertion:
    """Check an answer to one of our pending that arrived `here`, for `us`. RefusedError says in a word why not."""
    try:
        return _checked(text, idp, pending, here, us)
    except xml.UnreadableError as error:
        raise RefusedError(str(error)) from error


def _checked(text: bytes, idp: Provider, pending: Collection[str], here: str, us: str) -> Assertion:
    _need(len(text) <= LONGEST, "its length")
    root = xml.parsed(text)
    _need(root.tag == xml.name("samlp", "Response") and root.get("Version") == "2.0", "no response")
    _need(root.get("Destination", here) == here, "another destination")
    status = root.find("samlp:Status/samlp:StatusCode", xml.NAMES)
    _need(status is not None and status.get("Value") == xml.SUCCESS, "the provider says no")
    _need(next(root.iter(xml.name("saml", "EncryptedAssertion")), None) is None, "an encrypted assertion")
    assertions = list(root.iter(xml.name("saml", "Assertion")))
    _need(len(assertions) == 1 and assertions[0].getparent() is root, "not one assertion")
    signed = _signed(assertions[0], idp.certificates)
    _need(signed.get("Version") == "2.0", "its version")
    _need(xml.text_of(signed.find("saml:Issuer", xml.NAMES)) == idp.name, "another issuer")
    now = timezone.now()
    request, until = _confirmed(signed, pending, here, now)
    _need(root.get("InResponseTo", request) == request, "another request")
    _conditions(signed, us, now)
    stated = signed.findall("saml:AuthnStatement", xml.NAMES)
    _need(bool(stated), "no sign-in")
    for one in stated:
        ends = xml.moment(one.get("SessionNotOnOrAfter"))
        _need(ends is None or ends > now - SLACK, "a session that ended")
    named = signed.findall("saml:Subject/saml:NameID", xml.NAMES)
    _need(len(named) <= 1, "two names")
    subject = named[0] if named else None
    return Assertion(
        request,
        str(signed.get("ID")),
        until,
        xml.text_of(subject),
        "" if subject is None else subject.get("Format", ""),
        {}
        if subject is None
        else {key: subject.get(key) for key in ("NameQualifier", "SPNameQualifier") if subject.get(key)},
        stated[0].get("SessionIndex", ""),
        frozenset(
            xml.text_of(one)
            for one in signed.iterfind(
                "saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef", xml.NAMES
            )
        ),
        _attributes(signed),
    )


def _need(is_so: bool, reason: str) -> None:
    if not is_so:
        raise RefusedError(reason)


def _signed(assertion: Any, certificates: tuple[Certificate, ...]) -> Any:
    """The assertion as it was signed with one of the provider's keys, read anew from the signed text."""
    from lxml import etree
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    signatures = list(assertion.iter(xml.name("ds", "Signature")))
    _need(len(signatures) == 1 and signatures[0].getparent() is assertion, "not one signature")
    strong = SignatureConfiguration(
        location="./",
        signature_methods=frozenset(
            SignatureMethod[f"{kind}_SHA{bits}"] for kind in ("RSA", "ECDSA") for bits in (256, 384, 512)
        ),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
    )
    assertion.tail = None  # white space of the answer around it
    for certificate in certificates:
        try:
            result: Any = XMLVerifier().verify(
                assertion, x509_cert=certificate, id_attribute="ID", expect_config=strong
            )
        except (
            SignXMLException,
            InvalidSignature,
            UnsupportedAlgorithm,
            etree.LxmlError,
            ValueError,
            TypeError,
            AttributeError,
            KeyError,
            AssertionError,
            NotImplementedError,
        ):
            continue
        signed = result.signed_xml
        _need(signed is not None and signed.tag == assertion.tag, "something else was signed")
        _need(bool(signed.get("ID")) and signed.get("ID") == assertion.get("ID"), "something else was signed")
        _need(all(isinstance(one.tag, str) for one in signed.iter()), "a comment was signed")
        return signed
    raise RefusedError("the signature")


def _confirmed(signed: Any, pending: Collection[str], here: str, now: dt.datetime) -> tuple[str, dt.datetime]:
    """Which of our requests it answers, and until when: who brings it here is whom it speaks of (bearer)."""
    for confirmation in signed.findall("saml:Subject/saml:SubjectConfirmation", xml.NAMES):
        data = confirmation.find("saml:SubjectConfirmationData", xml.NAMES)
        if confirmation.get("Method") != BEARER or data is None:
            continue
        begins, ends = xml.moment(data.get("NotBefore")), xml.moment(data.get("NotOnOrAfter"))
        if ends is None or now >= ends + SLACK:
            raise RefusedError("it has run out")
        _need(begins is None or begins - SLACK <= now, "it does not hold yet")
        _need(data.get("Recipient") == here, "another recipient")
        request = data.get("InResponseTo", "")
        _need(request in pending, "another request")
        return request, ends + SLACK
    raise RefusedError("not confirmed")


def _conditions(signed: Any, us: str, now: dt.datetime) -> None:
    found = signed.findall("saml:Conditions", xml.NAMES)
    _need(len(found) == 1, "not one set of conditions")
    [conditions] = found
    begins, ends = xml.moment(conditions.get("NotBefore")), xml.moment(conditions.get("NotOnOrAfter"))
    _need(begins is None or begins - SLACK <= now, "it does not hold yet")
    _need(ends is None or now < ends + SLACK, "it has run out")
    _need({one.tag for one in conditions} <= CONDITIONS, "a condition that we do not know")
    audiences = conditions.findall("saml:AudienceRestriction", xml.NAMES)
    _need(bool(audiences), "no audience")
    for one in audiences:
        named = {xml.text_of(audience) for audience in one.findall("saml:Audience", xml.NAMES)}
        _need(us in named, "another audience")


def _attributes(signed: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in signed.iterfind("saml:AttributeStatement/saml:Attribute", xml.NAMES):
        values = [xml.text_of(value) for value in one.findall("saml:AttributeValue", xml.NAMES)]
        found.setdefault(one.get("Name", ""), []).extend(value for value in values if value)
    return found
