"""News on the citizens' site: the list, a page each with its photographs, the feed, and what is gone."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.news import actions, writing
from backend.news.models import PressOptOut, Release
from tests.backend.news.test_news import photographed, published
from tests.cast import Cast
from tests.factories import make_release, refetch
from website import api

pytestmark = pytest.mark.usefixtures("site")
ATOM = "{http://www.w3.org/2005/Atom}"


def test_published_news_are_read_with_their_photographs(cast: Cast) -> None:
    row, photo = photographed()
    row = published(row)
    published(make_release("<b>İkinci</b> & 🎉"))
    listed = Client().get("/haberler/").content.decode()
    assert "Park açıldı" in listed
    assert "&lt;b&gt;İkinci&lt;/b&gt; &amp; 🎉" in listed
    assert f"/files/news/{photo.key}/thumbnail/" in listed
    page = Client().get(f"/haberler/{row.slug}/").content.decode()
    assert f'<img src="/files/news/{photo.key}/thumbnail/" alt="Kurdele kesiliyor"' in page
    assert f'<meta property="og:image" content="http://testserver/files/share/news/{row.slug}.png">' in page
    assert '<meta property="og:title" content="Park açıldı">' in page
    assert len(page) < 20_000


def test_what_is_not_published_is_one_answer(cast: Cast) -> None:
    row = published()
    with system():
        actions.withdraw(refetch(row), by=None, reason="Yanlış")
    for slug in (row.slug, "yok", "x" * 300):
        answer = Client().get(f"/haberler/{slug}/")
        assert answer.status_code == 404, slug
        assert "Park açıldı" not in answer.content.decode()


def test_a_correction_is_shown(cast: Cast) -> None:
    row = published()
    with system():
        actions.correct(refetch(row), by=None, correction="Gün düzeltildi.", lead="Yeni özet")
    page = Client().get(f"/haberler/{row.slug}/").content.decode()
    assert "Gün düzeltildi." in page
    assert "Yeni özet" in page


def test_the_list_goes_on_page_by_page(cast: Cast) -> None:
    for number in range(21):
        row = published(make_release(f"Haber no {number}."))
        with system():
            moment = row.published_at - dt.timedelta(hours=number)  # type: ignore[operator]
            Release.objects.filter(pk=row.pk).update(published_at=moment)
    api.forget()
    first = Client().get("/haberler/").content.decode()
    assert "Haber no 19." in first
    assert "Haber no 20." not in first
    after = first[first.index("?after=") :].split('"')[0]
    assert "Haber no 20." in Client().get(f"/haberler/{after}").content.decode()
    assert Client().get("/haberler/?after=yok").status_code == 404


def test_news_readers_get_a_feed(cast: Cast) -> None:
    row = published(make_release("Şölen & İftar"))
    answer = Client().get("/haberler.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    (entry,) = ET.fromstring(answer.content).iter(f"{ATOM}entry")  # noqa: S314 - our own
    assert entry.findtext(f"{ATOM}title") == "Şölen & İftar"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/haberler/{row.slug}/"  # type: ignore[union-attr]


def test_a_paper_leaves_the_list_by_the_link_of_its_mail(cast: Cast) -> None:
    address = f"/haberler/ayril/{writing.token_for('Haber@Posta.example')}/"
    page = Client().get(address).content.decode()
    assert "Listeden ayrıl" in page
    assert "posta.example" not in page.lower()
    with system():
        assert not PressOptOut.objects.exists()  # a program that opens links does nothing
    program = Client(enforce_csrf_checks=True)  # of mails: it has no cookie of ours (RFC 8058)
    page = program.post(address, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "Artık size basın bülteni göndermeyeceğiz." in page
    with system():
        assert PressOptOut.objects.filter(digest=writing.digest_of("haber@posta.EXAMPLE")).exists()
    wrong = Client().post("/haberler/ayril/yanlis/")
    assert (wrong.status_code, "Bu bağlantı eksik" in wrong.content.decode()) == (404, True)


@pytest.mark.urls("tests.site_off")
def test_where_the_site_is_off_the_list_is_left_all_the_same(cast: Cast, settings: Settings) -> None:
    settings.WEBSITE = False
    address = f"/haberler/ayril/{writing.token_for('haber@posta.example')}/"
    assert "Listeden ayrıl" in Client().get(address).content.decode()
    assert Client().post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with system():
        assert PressOptOut.objects.filter(digest=writing.digest_of("haber@posta.example")).exists()
    assert Client().post("/haberler/ayril/yanlis/").status_code == 404
