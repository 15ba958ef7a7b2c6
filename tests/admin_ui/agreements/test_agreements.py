"""The pages and the mutations of agreements: begun, signed, obligations ticked off; each sees their own."""

from __future__ import annotations

import uuid

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from backend.agreements.models import Agreement, Obligation
from backend.agreements.moves import Verb
from backend.core.session import system
from tests.cast import Cast, signed_in
from tests.factories import make_agreement, make_organisation, refetch

LIST = "/admin/agreements/agreement/"


def page_of(row: Agreement) -> str:
    return reverse("admin:agreements_agreement_change", args=[row.key])


def do(client: Client, row: Agreement, verb: Verb, **data: object):
    url = reverse("admin:agreements_agreement_act", args=[row.key, verb.value.lower()])
    return client.post(url, {"version": refetch(row).version, **data})


def test_every_verb_has_its_form() -> None:
    page = admin.site._registry[Agreement]
    assert {step.verb for step in page.steps} == set(Verb)  # type: ignore[attr-defined]


def test_an_agreement_is_begun_signed_and_an_obligation_ticked_off(cast: Cast) -> None:
    make_organisation("Çekmeköy Belediye Başkanlığı", "MUNICIPALITY", short_name="Çekmeköy")
    client = signed_in(cast.secretary)
    given = {
        "once": str(uuid.uuid4()),
        "kind": "PROTOCOL",
        "title": "Dere ıslahı protokolü",
        "department": "fen-isleri",
        "notice_days": 60,
    }
    assert "Hangi kuruluşla" in client.post(f"{LIST}new/", given).content.decode()
    for _press in range(2):
        assert client.post(f"{LIST}new/", given | {"party": "Çekmeköy"}).status_code == 302
    with system():
        row = Agreement.objects.get()
    asked = do(client, row, Verb.SIGN, signed_on="2026-01-12").content.decode()
    assert "5393" in asked
    assert do(client, row, Verb.SIGN, signed_on="2026-01-12", decision="2026/3").status_code == 302
    said = {"side": "OURS", "text": "Makine verilecek.", "department": "park-ve-bahceler"}
    assert do(client, row, Verb.ADD_OBLIGATION, **said).status_code == 302
    with system():
        one = Obligation.objects.get()
    park = signed_in(cast.park_clerk)
    assert "Makine verilecek." in park.get(page_of(row)).content.decode()
    assert do(park, row, Verb.FULFIL, obligation=str(one.key)).status_code == 302
    assert do(park, row, Verb.END, reason="x").status_code == 403
    page = client.get(page_of(row)).content.decode()
    assert "Çekmeköy Belediye Başkanlığı" in page
    assert "tarihinde yapıldı" in page


def test_it_stands_in_the_partners_timeline_and_is_hidden_from_others(cast: Cast) -> None:
    where = make_organisation("Sağlık", "INSTITUTION", departments=(cast.fen,))
    row = make_agreement(cast.park, where, title="Ortak tarama")
    organisation = reverse("admin:partners_organisation_change", args=[where.key])
    assert "Ortak tarama" in signed_in(cast.secretary).get(organisation).content.decode()
    assert "Ortak tarama" not in signed_in(cast.fen_clerk).get(organisation).content.decode()
    assert signed_in(cast.fen_clerk).get(page_of(row)).status_code == 404
