"""The pictures for social media: of what is public alone, drawn once for a content."""

from __future__ import annotations

import datetime as dt
import io

from django.test import Client
from PIL import Image

from backend.core.session import system
from backend.documents import share_picture
from backend.events import actions as events
from backend.events.models import PublishedEvent
from backend.news import actions
from tests.backend.news.test_news import published
from tests.cast import Cast
from tests.factories import at, make_event, make_release, refetch


def test_a_picture_of_any_title_is_1200_by_630(cast: Cast) -> None:
    for title in ("Kısa", "Ş" * 160, "Çok uzun başlık " * 12, "🎉 #hash [a](b) $x$", ""):
        picture, mark = share_picture.drawn(title, "4 Mayıs 2027 Salı", "Ü" * 200)
        assert Image.open(io.BytesIO(picture)).size == (share_picture.WIDTH, share_picture.HEIGHT), title
        assert share_picture.drawn(title, "4 Mayıs 2027 Salı", "Ü" * 200)[1] == mark
    assert share_picture.drawn("a", "b")[1] != share_picture.drawn("a", "c")[1]


def test_news_have_one_while_they_are_published(cast: Cast) -> None:
    row = published()
    address = f"/files/share/news/{row.slug}.png"
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    with system():
        actions.correct(refetch(row), by=None, correction="Başlık", title="Yeni başlık")
    assert Client().get(address)["ETag"] != answer["ETag"]
    with system():
        actions.withdraw(refetch(row), by=None, reason="Yanlış")
    assert Client().get(address).status_code == 404
    draft = make_release("Taslak")
    assert not draft.slug


def test_an_event_has_one_while_it_is_in_the_public_calendar(cast: Cast) -> None:
    event = make_event(cast.mayors, "Konser", starts_at=at(dt.date(2027, 5, 4), "14:00"))
    with system():
        events.announce(refetch(event), by=None)
        events.publish(refetch(event), by=None)
        public = PublishedEvent.objects.get()
    address = f"/files/share/events/{public.key}.png"
    before = Client().get(address)
    assert before.status_code == 200
    with system():
        PublishedEvent.objects.update(is_cancelled=True)
    assert Client().get(address)["ETag"] != before["ETag"]
    assert Client().get(f"/files/share/events/{event.key}.png").status_code == 404
    with system():
        events.unpublish(refetch(event), by=None)
    assert Client().get(address).status_code == 404
