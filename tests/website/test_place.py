"""What a scanned QR code opens on the citizens' site."""

from __future__ import annotations

import pytest
from django.test import Client

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.stickers import actions
from tests.backend.places.rows import make_boundary, make_street
from tests.backend.stickers.test_stickers import make_sticker
from tests.cast import Cast
from tests.factories import make_category, make_neighbourhood
from website import stickers

pytestmark = pytest.mark.usefixtures("site")


def test_a_code_says_what_and_where_it_is_and_offers_the_form(cast: Cast) -> None:
    row, browser = make_sticker(neighbourhood=make_neighbourhood()), Client()
    page = browser.get(f"/yer/{row.code}/").content.decode()
    assert "Çınarlı Park" in page
    assert "Abdurrahmangazi Mahallesi, İğdeli Sokak No: 4" in page
    assert stickers.form_url() in page
    assert browser.session[stickers.KEPT]["code"] == row.code
    assert "Çınarlı Park" in Client().get(f"/yer/{row.code.lower().replace('-', '')}/").content.decode()


def test_a_withdrawn_or_unknown_code_offers_the_ordinary_form(cast: Cast) -> None:
    row, browser = make_sticker(), Client()
    browser.get(f"/yer/{row.code}/")
    with system():
        actions.save_sticker(row, by=None, label=row.label, street="x", is_active=False)
    for code in (row.code, "7G2K-0QXM", "ş", "x" * 500):
        answer = browser.get(f"/yer/{code}/")
        assert answer.status_code == 404, code
        page = answer.content.decode()
        assert "Bu karekod artık kullanılmıyor" in page
        assert stickers.form_url() in page
        assert "Çınarlı" not in page
        assert stickers.KEPT not in browser.session


def test_an_application_from_a_scanned_place_remembers_it(cast: Cast) -> None:
    about = make_category("oyun-grubu", "Oyun grubu", parent=make_category("park", "Park"))
    row, browser = make_sticker(neighbourhood=make_neighbourhood(), category=about), Client()
    browser.get(f"/yer/{row.code}/")
    browser.post("/basvuru/ne/", {"kind": "COMPLAINT"})
    browser.post("/basvuru/anlat/", {"text": "Salıncak kırık, çocuklar düşüyor."})
    assert '<option value="oyun-grubu" selected>' in browser.get("/basvuru/konu/").content.decode()
    browser.post("/basvuru/konu/", {"another": "oyun-grubu"})
    shown = browser.get("/basvuru/yer/").content.decode()
    assert 'value="İğdeli Sokak No: 4, Çınarlı Park"' in shown
    assert '<option value="abdurrahmangazi" selected>' in shown
    browser.post("/basvuru/yer/", {"neighbourhood": "abdurrahmangazi", "place": "Girişin solunda"})
    browser.post("/basvuru/kim/", {"who": "NAMELESS"})
    assert browser.post("/basvuru/kontrol/").status_code == 302
    with system():
        case = Complaint.objects.get()
    assert (case.sticker_id, case.place, case.category_id) == (row.pk, "Girişin solunda", about.pk)
    assert stickers.KEPT not in browser.session


def test_the_register_fills_in_what_is_sure_and_refuses_a_point_outside_once(cast: Cast) -> None:
    merve = make_neighbourhood("merve", "Merve")
    make_street(merve, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)))
    make_boundary(merve, 29.25, 41.015)
    browser = Client()
    browser.post("/basvuru/ne/", {"kind": "COMPLAINT"})
    browser.post("/basvuru/anlat/", {"text": "Kaldırım çöktü, yürünmüyor."})
    far = {"place": "Evimin önü", "latitude": "41.3", "longitude": "29.3"}
    refused = browser.post("/basvuru/yer/", far).content.decode()
    assert "ilçemizin dışında" in refused
    assert 'value="Evimin önü"' in refused, "what was typed is kept"
    assert 'value="41.3"' not in refused, "and the point is not"
    browser.post("/basvuru/yer/", {"place": "Aydın sk. no 12"})
    browser.post("/basvuru/kim/", {"who": "NAMELESS"})
    assert "Merve" in browser.get("/basvuru/kontrol/").content.decode()
    assert '<option value="merve" selected>' in browser.get("/basvuru/yer/").content.decode(), (
        "and to change it"
    )
    assert browser.post("/basvuru/kontrol/").status_code == 302
    with system():
        case = Complaint.objects.get()
    assert (case.neighbourhood, case.point_source) == (merve, "DOOR")
