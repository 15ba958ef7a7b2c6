"""An answer of a provider of SAML is believed only where all of it is as it has to be; each hostile one is refused."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod

from backend.organization.sign_on.found import LDAP, RefusedError
from backend.organization.sign_on.saml import flow, provider, xml
from backend.organization.sign_on.saml.responses import Assertion, validate
from tests.backend.organization.sign_on import signer
from tests.backend.organization.sign_on.signer import HERE, ISSUER, US, answer, key

ASKED = "_q1"


def _provider(*keys: signer.Key) -> provider.Provider:
    return provider._of_metadata(xml.parsed(signer.metadata(*keys)), "")


def _checked(root: Any, *keys: signer.Key) -> Assertion:
    return validate(etree.tostring(root), _provider(*keys), {ASKED: 1}, here=HERE, us=US)


def test_a_right_answer_says_who_it_is() -> None:
    found = _checked(answer(ASKED, name_id="8c1f", audiences=(US,)))

    assert (found.request, found.key, found.name_id, found.session) == (ASKED, "_a1", "8c1f", "_s1")
    assert found.attributes["givenName"] == ["İrmak"]
    assert found.until > timezone.now()


def test_each_key_of_the_metadata_counts() -> None:
    """A provider that changes its key names both for a while."""
    _checked(answer(ASKED, signed_by=key("next")), key(), key("next"))


def _without_signature() -> Any:
    root = answer(ASKED)
    [signature] = root.iter(xml.name("ds", "Signature"))
    signature.getparent().remove(signature)
    return root


def _changed_after() -> Any:
    root = answer(ASKED)
    next(root.iter(xml.name("saml", "NameID"))).text = "bad1"
    return root


def _of_another(root: Any) -> Any:
    """An assertion of the attacker's own, with the same ID as the signed one or not."""
    evil = copy.deepcopy(root.find("saml:Assertion", xml.NAMES))
    evil.remove(evil.find("ds:Signature", xml.NAMES))
    next(evil.iter(xml.name("saml", "NameID"))).text = "bad1"
    return evil


def _wrapped(place: str) -> Any:
    """The signed assertion is somewhere else, and one of the attacker's stands where the facts are read."""
    root = answer(ASKED)
    good = root.find("saml:Assertion", xml.NAMES)
    evil = _of_another(root)
    if place == "beside":
        root.insert(0, evil)
    elif place == "same id beside":
        root.append(evil)
    elif place == "inside the signature":
        root.replace(good, evil)
        signature = good.find("ds:Signature", xml.NAMES)
        evil.insert(1, signature)
        etree.SubElement(signature, xml.name("ds", "Object")).append(good)
    elif place == "inside the assertion":
        evil.set("ID", "_evil")
        root.replace(good, evil)
        signature = good.find("ds:Signature", xml.NAMES)
        evil.insert(1, signature)
        evil.append(good)
    elif place == "in extensions":
        evil.set("ID", "_evil")
        root.replace(good, evil)
        etree.SubElement(root, xml.name("samlp", "Extensions")).append(good)
    return root


def _with_dtd() -> bytes:
    text = etree.tostring(answer(ASKED, name_id="8c1f"))
    return b'<!DOCTYPE r [<!ENTITY e "bad1">]>' + text


HOSTILE: dict[str, tuple[Callable[[], Any], str]] = {
    "unsigned": (_without_signature, "not one signature"),
    "another key": (lambda: answer(ASKED, signed_by=key("stranger")), "the signature"),
    "changed after it was signed": (_changed_after, "the signature"),
    "SHA-1": (lambda: answer(ASKED, method_of_signature=SignatureMethod.RSA_SHA1), "the signature"),
    "another issuer": (lambda: answer(ASKED, issuer="https://evil.example"), "another issuer"),
    "another audience": (lambda: answer(ASKED, audiences=("https://other.example",)), "another audience"),
    "two audiences of which we are one": (
        lambda: answer(ASKED, audiences=(US, "https://o.example")),
        "another audience",
    ),
    "no audience": (lambda: answer(ASKED, audiences=()), "no audience"),
    "another recipient": (lambda: answer(ASKED, recipient="https://other.example/"), "another recipient"),
    "not asked for": (lambda: answer("_unknown"), "another request"),
    "of no question": (lambda: answer(ASKED, in_response_to=""), "another request"),
    "run out": (lambda: answer(ASKED, minutes=-3), "it has run out"),
    "not yet": (lambda: answer(ASKED, begins=3, minutes=9), "it does not hold yet"),
    "confirmed in another way": (
        lambda: answer(ASKED, method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
        "not confirmed",
    ),
    "an unknown condition": (lambda: answer(ASKED, more="<saml:Condition/>"), "a condition"),
    "a comment that was signed": (
        lambda: answer(
            ASKED,
            name_id="8c1f<!-- -->x",
            c14n=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
        ),
        "a comment",
    ),
    **{
        f"wrapped: {place}": (lambda place=place: _wrapped(place), "not one")
        for place in (
            "beside",
            "same id beside",
            "inside the signature",
            "inside the assertion",
            "in extensions",
        )
    },
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_answer_is_refused(what: str) -> None:
    make, reason = HOSTILE[what]
    with pytest.raises(RefusedError, match=reason):
        _checked(make())


def test_what_is_no_xml_of_saml_is_refused() -> None:
    idp = _provider()
    for text in (b"", b"<a", b"<a/>", b"\xff", _with_dtd(), b"x" * 600_000):
        with pytest.raises(RefusedError):
            validate(text, idp, {ASKED: 1}, here=HERE, us=US)


def test_whatever_is_changed_in_a_response_it_is_refused_or_says_the_same() -> None:
    """A letter of the text, or an element that is left out or put in twice: nothing but a refusal comes of it."""
    root = answer(ASKED)
    text, right = etree.tostring(root), _checked(root)
    chance = random.Random(23)
    texts = [
        text[:place] + bytes([chance.randrange(32, 127)]) + text[place + 1 :]
        for place in chance.sample(range(len(text)), 250)
    ]
    for number in range(1, len(list(root.iter()))):
        for is_doubled in (False, True):
            other = copy.deepcopy(root)
            one = list(other.iter())[number]
            if is_doubled:
                one.addnext(copy.deepcopy(one))
            else:
                one.getparent().remove(one)
            texts.append(etree.tostring(other))
    refused = 0
    for one in texts:
        try:
            assert validate(one, _provider(), {ASKED: 1}, here=HERE, us=US) == right
        except RefusedError:
            refused += 1
    assert refused > len(texts) // 2


def test_a_status_a_destination_and_a_cipher_that_do_not_fit_are_refused() -> None:
    for change, reason in (
        (lambda root: root.find("samlp:Status/samlp:StatusCode", xml.NAMES).set("Value", "no"), "says no"),
        (lambda root: root.set("Destination", "https://other.example/"), "another destination"),
        (lambda root: root.set("InResponseTo", "_other"), "another request"),
        (lambda root: etree.SubElement(root, xml.name("saml", "EncryptedAssertion")), "encrypted"),
        (lambda root: root.remove(root.find("saml:Assertion", xml.NAMES)), "not one assertion"),
    ):
        root = answer(ASKED)
        change(root)
        with pytest.raises(RefusedError, match=reason):
            _checked(root)


def test_a_comment_shortens_no_name() -> None:
    """CVE-2017-11427 and its like: whose id begins with another's writes a comment behind the beginning."""
    root = answer(ASKED, name_id="8c1f.evil.example")
    text = etree.tostring(root).replace(b"8c1f.evil", b"8c1f<!-- -->.evil")

    found = validate(text, _provider(), {ASKED: 1}, here=HERE, us=US)

    assert found.name_id == "8c1f.evil.example"


@pytest.fixture
def named(tmp_path: Any, settings: Any) -> Any:
    signer.set_up(tmp_path, settings)
    return settings


def _found(root: Any) -> Any:
    return flow._found(_checked(root), ISSUER)


def test_an_id_that_may_change_is_none(named: Any) -> None:
    assert _found(answer(ASKED)).subject == "8c1f"
    for other in ("emailAddress", "unspecified", "transient"):
        named = f"urn:oasis:names:tc:SAML:1.1:nameid-format:{other}"
        with pytest.raises(RefusedError, match="does not stay"):
            _found(answer(ASKED, name_format=named, name_id="sekreter@belediye.example"))
    with pytest.raises(RefusedError, match="two values"):
        _found(answer(ASKED, facts={"uid": ("irmak", "sekreter")}))
    with pytest.raises(RefusedError, match="no user name"):
        _found(answer(ASKED, facts={}))
    with pytest.raises(RefusedError, match="no immutable id"):
        _found(answer(ASKED, name_id="x" * 256))


def test_groups_that_are_not_said_are_not_none(named: Any) -> None:
    assert _found(answer(ASKED)).groups == ("/belediye/Fen İşleri",)
    assert _found(answer(ASKED, facts={"uid": ("a",)})).groups is None


def test_an_object_guid_of_ad_fs_is_the_one_that_was_read(named: Any) -> None:
    """It comes as base64 of its bytes, the reading writes it as a UUID: both have to be one person."""
    settings = named
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, "subject_attribute": "objectGUID"}
    settings.SIGN_ON_LDAP = {**settings.SIGN_ON_LDAP, "urls": ["ldaps://dc1.example"]}
    for said in ("AAECAwQFBgcICQoLDA0ODw==", "03020100-0504-0706-0809-0A0B0C0D0E0F"):
        found = _found(answer(ASKED, facts={"uid": ("a",), "objectGUID": (said,), "groups": ("x",)}))
        assert (found.source, found.subject) == (LDAP, "03020100-0504-0706-0809-0a0b0c0d0e0f")
        assert found.groups is None  # those of the reading count


def test_a_second_factor_is_one_that_the_settings_name(named: Any) -> None:
    settings, mfa = named, "https://refeds.org/profile/mfa"
    by_method = {"uid": ("a",), flow.METHODS: ("http://schemas.microsoft.com/claims/multipleauthn",)}
    for root in (answer(ASKED, class_=mfa), answer(ASKED, facts=by_method)):
        assert not flow._has_second_factor(_checked(root))
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, "second_factor": [mfa, *by_method[flow.METHODS]]}
    for root in (answer(ASKED, class_=mfa), answer(ASKED, facts=by_method)):
        assert flow._has_second_factor(_checked(root))
    assert not flow._has_second_factor(_checked(answer(ASKED)))


def test_metadata_that_cannot_be_used_says_why(named: Any, tmp_path: Any) -> None:
    file = tmp_path / "provider.xml"
    past = xml.stamp(timezone.now() - dt.timedelta(days=1))
    several = signer.metadata().decode()
    for text, why in (
        (b"no xml", "cannot be used"),
        (signer.metadata(until=past), "run out"),
        (signer.metadata(sign_in=""), "missing"),
        (
            f'<md:EntitiesDescriptor xmlns:md="{xml.MD}">{several}{several}</md:EntitiesDescriptor>'.encode(),
            "2 providers",
        ),
    ):
        file.write_bytes(text)
        with pytest.raises(provider.SetupError, match=why):
            provider.provider()
    file.unlink()
    with pytest.raises(provider.SetupError, match="cannot be read"):
        provider.provider()
