"""Signing on by SAML: the answer comes from another site, counts once and in the browser that asked, and out again."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.checks import run_checks
from django.test import Client

from backend.core.session import system
from backend.monitoring.directory import directory_lines
from backend.organization.models import DirectoryPerson, User
from backend.organization.sign_on.saml import xml
from permissions.models import DepartmentGrant
from tests.backend.organization.sign_on import signer
from tests.backend.organization.sign_on.rows import make_rule
from tests.backend.organization.sign_on.signer import HERE, answer, asked, carried
from tests.cast import Cast

ADDRESS, OUT = "/accounts/directory/saml/", "/accounts/directory/saml/out/"
FEN = "/belediye/Fen İşleri"


@pytest.fixture(autouse=True)
def _provider(tmp_path: Any, settings: Any) -> None:
    signer.set_up(tmp_path, settings)
    (tmp_path / "key.pem").write_bytes(signer.key("ours").private_pem)
    (tmp_path / "cert.pem").write_bytes(signer.key("ours").pem)
    own = {"key": str(tmp_path / "key.pem"), "certificate": str(tmp_path / "cert.pem")}
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, **own}


def _ask(browser: Client, onward: str = "/admin/intake/") -> str:
    """The id of the question that the browser is led away with."""
    response = browser.get("/accounts/directory/", {"next": onward})
    assert response.status_code == 302
    return str(asked(response["Location"]).get("ID"))


def _send(browser: Client, root: Any) -> Any:
    return browser.post(ADDRESS, {"SAMLResponse": carried(root)})


def test_a_person_signs_on_and_has_what_the_table_gives(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Client()

    response = _send(browser, answer(_ask(browser)))

    assert response["Location"] == "/admin/intake/"
    assert browser.get("/admin/").status_code == 200
    user = User.objects.get(username="irmak.isik")
    assert user.get_full_name() == "İrmak IŞIK"
    with system():
        assert DepartmentGrant.dated.live().get(user=user).content_object == cast.fen
        person = DirectoryPerson.objects.get(user=user)
    assert (person.source, person.subject) == (signer.ISSUER, "8c1f")


def test_an_answer_counts_once_and_only_where_it_was_asked_for(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser, other = Client(), Client()
    root = answer(_ask(browser))
    _ask(other)

    assert _send(other, root).status_code == 400
    assert _send(browser, root).status_code == 302
    _ask(browser)
    assert _send(browser, root).status_code == 400  # its question was answered
    session = browser.session
    session["directory.saml"] = {root.get("InResponseTo"): 9_999_999_999}
    session.save()
    page = _send(browser, root)  # its own id was used
    assert page.status_code == 400
    assert "Girişe yeniden başlayınız" in page.content.decode()
    assert other.get("/admin/").status_code == 302


def test_a_form_of_another_site_is_sent_once_more_with_our_cookies(cast: Cast) -> None:
    """A browser gives our cookies to no form of another site: the page that it gets must not set new ones either."""
    make_rule(cast.fen, FEN)
    browser = Client()
    given = carried(answer(_ask(browser)))

    page = Client(enforce_csrf_checks=True).post(ADDRESS, {"SAMLResponse": given})

    assert page.status_code == 200
    assert not page.cookies
    assert f'value="{given}"' in page.content.decode().replace("&#x2B;", "+")
    assert browser.post(ADDRESS, {"SAMLResponse": given, "again": "1"})["Location"] == "/admin/intake/"
    assert Client().post(ADDRESS, {"SAMLResponse": given, "again": "1"}).status_code == 400
    hostile = Client().post(ADDRESS, {"SAMLResponse": '"><script>'}).content.decode()
    assert "<script>" not in hostile.partition("<main")[2]


def test_the_secretarys_name_and_address_make_nobody_the_secretary(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(email="sekreter@belediye.example")
    browser = Client()
    facts = {**signer.FACTS, "uid": (cast.secretary.username,), "mail": ("sekreter@belediye.example",)}

    response = _send(browser, answer(_ask(browser), facts=facts))

    assert response.status_code == 403
    assert "henüz bağlanmamış" in response.content.decode()
    assert browser.get("/admin/").status_code == 302


def test_groups_that_are_not_said_take_nothing(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    for number, (facts, status) in enumerate(((signer.FACTS, 302), ({"uid": ("irmak.isik",)}, 403))):
        browser = Client()
        assert _send(browser, answer(_ask(browser), key_id=f"_{number}", facts=facts)).status_code == status
    with system():
        assert DepartmentGrant.dated.live().filter(user__username="irmak.isik").exists()


def test_it_leads_to_no_other_site(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Client()
    assert _send(browser, answer(_ask(browser, "//evil.example/")))["Location"] == "/admin/"


def test_what_is_asked_says_who_asks_and_is_signed(cast: Cast) -> None:
    where = Client().get("/accounts/directory/")["Location"]
    root, query = asked(where), parse_qs(urlsplit(where).query)
    assert where.startswith(f"{signer.SIGN_IN}&SAMLRequest=")
    assert root.get("AssertionConsumerServiceURL") == HERE
    assert root.findtext("saml:Issuer", namespaces=xml.NAMES) == signer.US
    assert root.find("samlp:NameIDPolicy", xml.NAMES).get("Format") == xml.PERSISTENT
    assert query["SigAlg"] == [xml.RSA_SHA256]
    described = xml.parsed(Client().get("/accounts/directory/saml/metadata/").content)
    assert described.get("entityID") == signer.US
    assert described.find("md:SPSSODescriptor", xml.NAMES).get("WantAssertionsSigned") == "true"
    [held] = described.iter(xml.name("ds", "X509Certificate"))
    assert xml.certificate_of(held.text) == signer.key("ours").certificate


def test_signing_out_here_asks_the_provider_to_sign_out_too(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Client()
    _send(browser, answer(_ask(browser)))

    page = browser.post("/accounts/logout/").content.decode()

    assert f"url={signer.SIGN_OUT}?SAMLRequest=" in page
    where = page.partition("url=")[2].partition('"')[0].replace("&amp;", "&")
    root = asked(where)
    assert root.findtext("saml:NameID", namespaces=xml.NAMES) == "8c1f"
    assert root.findtext("samlp:SessionIndex", namespaces=xml.NAMES) == "_s1"
    assert browser.get(OUT, {"SAMLResponse": "x"})["Location"] == "/accounts/login/"
    assert browser.get("/admin/").status_code == 302


def test_the_provider_signs_out_whom_it_means_and_nobody_else_does(cast: Cast) -> None:
    make_rule(cast.fen, FEN)
    browser = Client()
    _send(browser, answer(_ask(browser)))
    here = f"{HERE}out/"
    right = signer.sign_out("8c1f", here)
    for forged in (
        signer.sign_out("8c1f", here, by=signer.key("stranger")),
        signer.sign_out("8c1f", here, issuer="https://evil.example"),
        signer.sign_out("8c1f", "https://other.example/"),
        signer.sign_out("8c1f", here, minutes=-1),
        right.partition("&SigAlg")[0],
        right.replace("RelayState=r+1", "RelayState=s"),
        f"{right}&SAMLRequest=x",
        "SAMLRequest=%FF",
    ):
        assert browser.get(f"{OUT}?{forged}").status_code == 400
    of_another = browser.get(f"{OUT}?{signer.sign_out('77aa', here)}")
    assert of_another["Location"].startswith(signer.SIGN_OUT)
    assert browser.get("/admin/").status_code == 200

    answered = browser.get(f"{OUT}?{right}")["Location"]

    assert asked(answered, "SAMLResponse").get("InResponseTo") == "_o1"
    assert parse_qs(urlsplit(answered).query)["RelayState"] == ["r 1"]
    assert browser.get("/admin/").status_code == 302


def test_a_provider_that_is_not_set_up_well_says_so(cast: Cast, tmp_path: Any, settings: Any) -> None:
    lines = {line.check: line for line in directory_lines()}
    assert lines["sign_on_provider"].state == "GOOD"
    (tmp_path / "provider.xml").write_bytes(signer.metadata(signer.key("soon", 9)))
    lines = {line.check: line for line in directory_lines()}
    assert (lines["sign_on_provider"].state, "gün" in lines["sign_on_provider"].sentence) == (
        "ATTENTION",
        True,
    )
    assert not [
        one for one in run_checks(databases=["default"]) if one.id and one.id.startswith("organization.E")
    ]

    (tmp_path / "provider.xml").write_bytes(b"")
    settings.SIGN_ON_OIDC = {**settings.SIGN_ON_OIDC, "issuer": "https://kimlik.example"}
    found = {one.id for one in run_checks(databases=["default"])}
    assert {"organization.E001", "organization.E002"} <= found
    assert Client().get("/accounts/directory/").status_code == 503
    lines = {line.check: line for line in directory_lines()}
    assert lines["sign_on_provider"].state == "ATTENTION"


def test_without_a_provider_there_is_no_door(db: None, settings: Any) -> None:
    settings.SIGN_ON_SAML = {**settings.SIGN_ON_SAML, "metadata": ""}
    assert Client().post(ADDRESS).status_code == 404
    assert Client().get(OUT).status_code == 404
    assert Client().get("/accounts/directory/saml/metadata/").status_code == 404
