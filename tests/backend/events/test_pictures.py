"""Pictures in the public calendar: with words and permission, of what is public alone, gone with it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.events import actions
from backend.events.models import Event, EventPicture, PicturePermission, PublishedEvent
from backend.events.published.pictures import MOST_PICTURES
from permissions.core import scope
from tests.backend.news.test_news import picture
from tests.cast import Cast, as_viewer
from tests.days import day
from tests.factories import at, make_event, refetch

WORDS = {"alternative_text": "Sahne ve koro", "permission": "Fotoğrafçı Ayşe İpek, 3 Mayıs"}


def in_the_calendar(cast: Cast, title: str = "Konser") -> Event:
    hours = {"Konser": "10:00", "Sergi": "14:00"}
    event = make_event(cast.mayors, title, starts_at=at(day(40), hours[title]))
    with system():
        actions.announce(event, by=None)
        actions.publish(event, by=None)
    return refetch(event)


def added(event: Event, **facts: object) -> EventPicture:
    with system():
        row: EventPicture = actions.add_picture(
            refetch(event), by=None, **({"file": picture(), "name": "sahne.jpg"} | WORDS | facts)
        )
    return row


def refused(event: Event, **facts: object) -> tuple[ErrorCode, str | None]:
    with pytest.raises(DomainError) as error:
        added(event, **facts)
    return error.value.code, error.value.field


def test_a_picture_is_kept_with_its_words_and_the_calendar_has_changed(cast: Cast) -> None:
    event = in_the_calendar(cast)
    with system():
        before = PublishedEvent.objects.get(event=event)
    row = added(event, alternative_text="Sahne\n ve  koro 🎶")
    assert (row.alternative_text, row.content_type) == ("Sahne ve koro 🎶", "image/jpeg")
    with system():
        after = PublishedEvent.objects.get(event=event)
        lines = list(event.lines.order_by("id").values_list("verb", flat=True))
    assert after.sequence == before.sequence + 1
    assert after.changed_at > before.changed_at
    assert lines[-1] == "picture_added"


def test_without_words_permission_or_publication_there_is_none(cast: Cast) -> None:
    event = in_the_calendar(cast)
    assert refused(event, alternative_text=" ") == (ErrorCode.REQUIRED, "alternative_text")
    assert refused(event, permission="") == (ErrorCode.REQUIRED, "permission")
    assert refused(event, permission="ı" * 301) == (ErrorCode.INVALID, "permission")
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF", content_type="application/pdf")
    assert refused(event, file=paper, name="a.pdf")[0] == ErrorCode.UNSUPPORTED
    draft = make_event(cast.mayors, "Taslak", starts_at=at(day(41), "10:00"))
    assert refused(draft)[0] == ErrorCode.WRONG_STATE
    for _number in range(MOST_PICTURES):
        added(event)
    assert refused(event) == (ErrorCode.INVALID, "file")
    with system(), pytest.raises(IntegrityError), transaction.atomic():
        EventPicture.objects.update(alternative_text="")
    with system(), pytest.raises(IntegrityError), transaction.atomic():
        PicturePermission.objects.update(text="")


def test_the_public_row_names_nobody(cast: Cast) -> None:
    """Neither wall hides a column of it: what names persons stands in a row that those who keep the event read."""
    event = in_the_calendar(cast)
    with system():
        row = actions.add_picture(
            event, by=cast.secretary, file=picture(), name="Ayşe İpek nikâh.jpg", **WORDS
        )
    open_to_all = {cast.portal: 0, cast.fen_clerk: 0, cast.secretary: 1}
    for user, seen in open_to_all.items():
        with as_viewer(user):
            values = EventPicture.objects.values().get(pk=row.pk)
            assert "permission" not in values
            assert values["name"] == "picture"
            assert not values["uploaded_by_id"]
            assert PicturePermission.objects.filter(picture=row).count() == seen, user
            assert scope.visible(PicturePermission).filter(picture=row).count() == seen, user


def test_words_are_changed_and_another_events_picture_is_not(cast: Cast) -> None:
    event, other = in_the_calendar(cast), in_the_calendar(cast, "Sergi")
    row, of_other = added(event), added(other)
    with system():
        actions.describe_picture(
            refetch(event), by=None, picture=row, alternative_text="Koro", permission="Koro şefi"
        )
        row.refresh_from_db()
        assert (row.alternative_text, row.granted.text) == ("Koro", "Koro şefi")
        for call in (actions.drop_picture, actions.describe_picture):
            with pytest.raises(DomainError) as error:
                call(
                    refetch(event),
                    by=None,
                    picture=of_other,
                    **(WORDS if call is actions.describe_picture else {}),
                )
            assert (error.value.code, error.value.field) == (ErrorCode.NOT_FOUND, "picture")


@pytest.mark.parametrize("way", ["drop", "unpublish"])
def test_its_file_leaves_with_it(cast: Cast, way: str, django_capture_on_commit_callbacks: Any) -> None:
    event = in_the_calendar(cast)
    row = added(event)
    storage, name = row.file.storage, str(row.file.name)
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True), system():
        if way == "drop":
            actions.drop_picture(refetch(event), by=None, picture=row)
        else:
            actions.unpublish(refetch(event), by=None)
        assert not EventPicture.objects.exists()
    assert not storage.exists(name)


def test_hidden_data_of_the_camera_is_removed(cast: Cast) -> None:
    drawn, facts = io.BytesIO(), Image.Exif()
    facts[0x010F] = "Kamera"
    Image.new("RGB", (64, 64), "navy").save(drawn, "JPEG", exif=facts)
    row = added(in_the_calendar(cast), file=SimpleUploadedFile("a.jpg", drawn.getvalue()))
    with Image.open(row.file) as kept:
        assert not dict(kept.getexif())
