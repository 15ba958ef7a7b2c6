"""What a scanned QR code opens on the citizens' site."""

from __future__ import annotations

import pytest
from django.test import Client

from backend.core.session import system
from backend.stickers import actions
from tests.backend.stickers.test_stickers import make_sticker
from tests.cast import Cast
from tests.factories import make_neighbourhood
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
