"""Every address of the site: which of them answer somebody unknown is a list here, and no surprise."""

from __future__ import annotations

import json
import re

from django.test import Client

from tests.harness.tiers import sample
from tests.permissions.walls.sweep_graph import top_level_requests
from tests.permissions.walls.sweep_pages import addresses

OPEN = {
    "/graphql/stream/": "the same, in the second process; a subscription needs a viewer",
    "/graphql/": "asks who it is itself; every field but the public ones needs a viewer",
    "/oauth/token": "a token to a program that proves itself with its secret; shows no row",
    "/oauth/revoke": "the same program gives its token back",
    "/.well-known/oauth-authorization-server": "where these two are; no data",
    "/aydinlatma/": "the privacy notices in force: public texts",
    "/aydinlatma/<uuid:key>/": "one version of such a text for good",
    "/onay/": "the former address of `/basvuru/onay/`, which it leads to; a code posted here is taken as ever",
    "/takip/": "asks for a tracking code, as /basvuru/takip/; shows a case to whoever holds its code",
    "/kimlik/arma.svg": "the municipality's crest, which stands on its pages",
    "/kimlik/renkler.css": "the municipality's colours, which its pages have",
    "/belge/": "whether a letter is genuine: number and date to whoever holds the code printed on it",
    "/accounts/directory/": "leads to the provider of the directory, where one is set up; shows nothing",
    "/accounts/directory/back/": "takes the provider's answer; refuses one that was not asked for",
    "/accounts/directory/saml/": "takes the answer of a provider of SAML; refuses one that was not asked for",
    "/accounts/directory/saml/metadata/": "what a provider of SAML has to know of us, where one is set up",
    "/accounts/directory/saml/out/": "signs out whom the provider says to, if it signed that; shows nothing",
    "/dil/": "the language of the pages: a cookie, and one's own account if one has signed in; shows nothing",
    "/etkinlikler/": "the public calendar: what was published of events, nothing personal",
    "/etkinlikler/oneri/": "begins a suggestion about events, as an application; another method than GET is refused",
    "/etkinlikler.ics": "the same for calendar programs",
    "/etkinlikler.rss": "the same for news readers",
    "/gelistirici/": "what developers read: the schema, the guide, error codes; no row of anybody",
    "/gelistirici/ara/": "the same, searched",
    "/graphql/schema.graphql": "the same, as a file; with a portal's token its part of it",
    "/gelistirici/sema/<str:name>/": "the same: the page of a type",
    "/gelistirici/<slug:name>/": "the same: the guide, error codes, changes",
    "/health/": "what works, for the monitor; no data",
    "/health/live/": "liveness for the supervisor; no data",
    "/": "the citizens' home; a member of staff who is signed in is led to the desk",
    "/haberler/": "published news: public texts and photographs",
    "/haberler.xml": "the same for news readers",
    "/haberler/ayril/<str:token>/": "leaves the lists of the press by the link of a mail; shows no address",
    "/haberler/<slug:slug>/": "the same, one of them; another method than GET is refused",
    "/map/ground/outlines.json": "the ground of maps: names and outlines of the mahalle, no row of anybody",
    "/map/ground/<int:x>/<int:y>.json": "the same: streets of a square; another method than GET is refused",
    "/yer/<str:code>/": "what a QR code in the street says: a place; another method than GET is refused",
    "/basvuru/": "the form of an application; what was answered lies in the visitor's own session",
    **{
        f"/basvuru/{step}/": "the same: a question of it, or what came of it"
        for step in ("ne", "anlat", "konu", "yer", "kim", "iletisim", "kontrol", "onay", "alindi")
    },
    "/basvuru/foto/": "the same: photographs to be sent along",
    "/basvuru/foto/<uuid:key>/": "the same: one of them, small; another method than GET is refused",
    "/basvuru/baglantisiz/": "the same on one page, for a device to keep: nothing of anybody",
    "/basvuru/baglantisiz/hazir/": "the same: that there is a line, with a token against forgery",
    "/basvuru/baglantisiz/foto/": "the same: takes a photograph; GET is refused",
    "/basvuru/baglantisiz/gonder/": "the same: files what the device kept; GET is refused",
    "/basvuru/baglantisiz/ac/": "the same: has the page of what came of it shown; GET is refused",
    "/basvuru/isci.js": "the same: the script that keeps the page",
    "/basvuru/uygulama.webmanifest": "the same: its name on a home screen",
    "/basvuru/benzer/": "the same: open applications at the place, nothing of who brought them",
    **{
        f"/basvuru/ben-de/{step}": "the same: says that such a one affects the visitor too, by a code"
        for step in ("", "iletisim/", "kontrol/", "sil/", "kod/", "alindi/")
    },
    "/basvuru/sil/": "the same: forgets the answers; GET is refused",
    "/basvuru/takip/": "asks for a tracking code; shows a case to the holder of its code",
    "/basvuru/takip/durum/": "the same: the case whose code this browser named",
    "/basvuru/takip/birak/": "the same: forgets the code; GET is refused",
    "/iletisim/": "how the municipality is reached, from its settings",
    "/randevu/": "a citizen asks for an appointment: one's own answers, kept in the session of one's browser",
    "/randevu/halk-gunu/": "a citizen takes a place on a halk günü: one's own answers, kept in one's own session",
    "/randevu/halk-gunu/gun/": "the same",
    "/randevu/halk-gunu/saat/": "the same",
    "/randevu/halk-gunu/konu/": "the same",
    "/randevu/halk-gunu/adina/": "the same",
    "/randevu/halk-gunu/kisi/": "the same",
    "/randevu/halk-gunu/iletisim/": "the same",
    "/randevu/halk-gunu/kontrol/": "the same",
    "/randevu/halk-gunu/sil/": "the same",
    "/randevu/halk-gunu/kod/": "the same",
    "/randevu/halk-gunu/alindi/": "the same",
    "/randevu/kim/": "the same",
    "/randevu/konu/": "the same",
    "/randevu/adina/": "the same",
    "/randevu/kisi/": "the same",
    "/randevu/zaman/": "the same",
    "/randevu/iletisim/": "the same",
    "/randevu/kontrol/": "the same",
    "/randevu/sil/": "the same",
    "/randevu/kod/": "the same",
    "/randevu/alindi/": "the same",
    "/etkinlikler/kayit/": "the same, to sign up for an event",
    "/etkinlikler/kayit/kisi/": "the same",
    "/etkinlikler/kayit/kim/": "the same",
    "/etkinlikler/kayit/kontrol/": "the same",
    "/etkinlikler/kayit/sil/": "the same",
    "/etkinlikler/kayit/kod/": "the same",
    "/etkinlikler/kayit/alindi/": "the same",
    "/etkinlikler/yerlestir/": "the public calendar, for a frame on another site",
    "/etkinlikler/<uuid:key>/": "a published event",
    "/etkinlikler/<uuid:key>/etkinlik.ics": "the same as a file",
    "/etkinlikler/<uuid:key>/kayit/": "leads to the sign-up for it",
    "/sayilar/": "open numbers: counts of whole months, none of few",
    "/sayilar/<int:year>/": "the same, of a year",
    "/sayilar/<int:year>.csv": "the same as a table",
    "/sayilar/<int:year>.json": "the same for programs",
    "/islerim/": "what one has running, to whoever writes the code that was sent to the contact",
    "/islerim/kod/": "where that code is written",
    "/islerim/kapat/": "closes it",
    "/islerim/etkilenen/": "takes back that an application of another affects one, from that list",
    "/islerim/etkinlik/": "gives a place back that is in that list",
    "/islerim/randevu/<str:number>/": "an appointment that is in that list",
    "/giris/": "citizens' sign-on: leads to the provider; 404 where there is none",
    "/giris/donus/": "the same: takes the provider's answer, kept in one's own session",
    "/giris/cikis/": "the same: forgets it",
    "/accounts/login/": "sign-in",
    "/admin/alive/": "says who is signed in, to the page that asks before it sends",
    "/accounts/invitation/<uuid:uidb64>/<str:token>/": "says that the link is not, or no longer, good",
    "/accounts/inactive/": "says that the account is closed",
    "/accounts/signup/": "says that accounts are made by Bilgi işlem",
    "/randevu/<str:token>/randevu.ics": "nothing without the link of a message; another method than GET is refused",
}


BY_LINK = {
    "/map/ground/<int:x>/<int:y>.json": "no secret: the streets of a square of the map",
    "/haberler/<slug:slug>/": "no secret: published news",
    "/haberler/ayril/<str:token>/": "signed, of one address, which the page does not show",
    "/yer/<str:code>/": "no secret: what and where the thing is that bears this QR code",
    "/aydinlatma/<uuid:key>/": "one version of a privacy notice: a public text at a permanent address",
    "/belge/<str:code>/": "the same, by the QR code on the paper",
    "/randevu/<str:token>/": "an applicant's own appointment, to whoever holds the signed link of our message",
    "/randevu/<str:token>/randevu.ics": "the same as a file for the calendar of whoever holds that link",
    "/davet/<str:token>/": "a guest's own invitation and answer, to whoever holds the signed link of it",
    "/gelistirici/sema/<str:name>/": "no secret: the page of a type of the schema",
    "/gelistirici/<slug:name>/": "no secret: the guide, error codes, changes of the schema",
    "/open311/discovery.<open311:format>": "no secret: where Open311 is spoken",
    "/open311/v2/services.<open311:format>": "no secret: the public list of categories",
    "/open311/v2/services/<slug:code>.<open311:format>": "no secret: what may be said to a category",
    "/open311/v2/requests.<open311:format>": "asks for a client's token; shows what that client brought",
    "/open311/v2/requests/<slug:id>.<open311:format>": "the same, one of them",
    "/open311/v2/servicerequestupdates.<open311:format>": "the same, what happened to it; what its citizen adds",
    "/open311/v2/tokens/<slug:token>.<open311:format>": "the same, its number",
    "/basvuru/foto/<uuid:key>/": "no key: a small picture of a file, to the session whose draft has it",
    "/lines/<uuid:key>/": "asks for the secret of the line: takes messages of its gateway, shows nothing",
    "/etkinlikler/<uuid:key>/": "no secret: a published event",
    "/etkinlikler/<uuid:key>/etkinlik.ics": "the same as a file",
    "/etkinlikler/<uuid:key>/kayit/": "the same: where one signs up for it",
    "/sayilar/<int:year>/": "no secret: the same, of a year",
    "/sayilar/<int:year>.csv": "no secret: the same as a table",
    "/sayilar/<int:year>.json": "no secret: the same for programs",
    "/islerim/randevu/<str:number>/": "no key: shown to the session that has this number in its list",
    "/takvim/<str:secret>.ics": "a calendar feed: what its owner may see today, to whoever holds the secret",
}


def _filled(address: str) -> str:
    address = re.sub(
        r"\^|\$|\(\?P<app_label>[^)]*\)", lambda m: "complaints" if len(m[0]) > 1 else "", address
    )
    address = re.sub(r"\(\?P<uidb36>[^)]*\)|\(\?P<key>[^)]*\)|\(\?P<url>[^)]*\)", "1", address)
    address = re.sub(r"<uuid:\w+>", "6a1f6c1e-7f3e-4d0e-9a51-111111111111", address)
    return re.sub(r"<[^>]+>", "1", address).replace("\\", "")


def _turns_away(client: Client, address: str) -> bool:
    """Whether somebody unknown is sent to the sign-in page, or told that there is nothing."""
    for method in (client.get, client.post):
        response = method(address)
        sign_in = ("/accounts/login/", "/admin/login/")
        sent_to_sign_in = response.status_code == 302 and response["Location"].startswith(sign_in)
        if not sent_to_sign_in and response.status_code not in {403, 404}:
            return False
    return True


def test_the_addresses_that_answer_without_a_sign_in_are_exactly_these(db: None) -> None:
    asked = sample([*addresses()], 4)
    found = {address for address in asked if not _turns_away(Client(), _filled(address))}
    assert found == set(OPEN) & set(asked)


def test_the_addresses_that_a_signed_link_opens_are_exactly_these() -> None:
    behind_sign_in = ("/admin/", "/accounts/", "/files/")
    assert {one for one in addresses() if "<" in one and not one.startswith(behind_sign_in)} == set(BY_LINK)


def test_the_pages_of_ones_own_account_are_exactly_these() -> None:
    """None of them changes an e-mail address, or resets a password by e-mail: Bilgi işlem hands an invitation over."""
    found = {address for address in addresses() if address.startswith("/accounts/")}
    assert {address.removeprefix("/accounts/") for address in found} == {
        "login/",
        "logout/",
        "inactive/",
        "signup/",
        "invitation/<uuid:uidb64>/<str:token>/",
        "directory/",
        "directory/back/",
        "directory/saml/",
        "directory/saml/metadata/",
        "directory/saml/out/",
        "reauthenticate/",
        "password/change/",
        "password/set/",
        "2fa/",
        "2fa/authenticate/",
        "2fa/reauthenticate/",
        "2fa/totp/activate/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "2fa/recovery-codes/download/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/webauthn/login/",
        "2fa/webauthn/reauthenticate/",
        "2fa/webauthn/keys/<int:pk>/edit/",
        "2fa/webauthn/keys/<int:pk>/remove/",
        "sessions/",
    }


def test_there_are_addresses_at_all() -> None:
    assert len(list(addresses())) > 40


def test_nobody_unknown_gets_more_of_graphql_than_what_the_citizen_may_ask(db: None) -> None:
    """Every field of Query and Mutation, asked by nobody: the public ones answer, all others say UNAUTHENTICATED."""
    answered = set()
    asked = sample([*top_level_requests()], 4)
    for name, query in asked:
        response = Client().post("/graphql/", json.dumps({"query": query}), content_type="application/json")
        answer = json.loads(response.content)
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        codes |= {error["code"] for error in ((answer.get("data") or {}).get(name) or {}).get("errors", [])}
        if name in {"submissionFile", "submissionConfirm"}:  # they answer anybody, and here refuse nonsense
            assert codes <= {"BAD_REQUEST", "NOT_FOUND", "INVALID", "REQUIRED"}, (name, answer)
            continue
        assert codes <= {"UNAUTHENTICATED"}, (name, answer)
        if not codes:
            answered.add(name)
    assert answered == {
        "complaintTracking",
        "publicAdvice",
        "publicCategories",
        "publicDayPlaces",
        "publicEventPlaces",
        "publicFreeBusy",
        "publicMap",
        "publicMapBackground",
        "publicMunicipality",
        "addressOf",
        "placeAt",
        "publicNeighbourhoods",
        "publicNews",
        "publicNewsItem",
        "publicPlace",
        "publicNumbers",
        "publicPrincipals",
        "publicPrivacyNotice",
        "publicPrivacyNoticeVersion",
        "publishedEvent",
        "publishedEvents",
    } & {name for name, _query in asked}
