"""Press releases: written, approved, public from their moment on, corrected in public, taken back."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.news import actions
from backend.news.choices import Status
from backend.news.models import Release, ReleaseLine, ReleasePhoto
from permissions.news import public
from tests.cast import Cast
from tests.factories import at, make_engagement, make_event, make_release, refetch

HOUR = dt.timedelta(hours=1)


def picture(name: str = "tören.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "navy").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/jpeg")


def photographed(alternative_text: str = "Kurdele kesiliyor") -> tuple[Release, ReleasePhoto]:
    row = make_release()
    with system():
        photo = actions.attach(
            row, by=None, file=picture(), caption="Açılış töreni", alternative_text=alternative_text
        )
    return refetch(row), photo


def published(row: Release | None = None, by: Any = None, **facts: Any) -> Release:
    with system():
        return actions.publish(refetch(row or make_release()), by=by, **facts)


def refused(call: Any, code: ErrorCode, field: str | None) -> None:
    with pytest.raises(DomainError) as error, system():
        call()
    assert (error.value.code, error.value.field) == (code, field)


def test_a_draft_has_a_number_and_a_story(cast: Cast) -> None:
    with system():
        first, second = (actions.draft(by=cast.secretary, title=f"İlk\n haber {n} 🎉") for n in (1, 2))
        assert (first.title, second.number - first.number) == ("İlk haber 1 🎉", 1)
        assert first.reference == f"BB-{first.year}/{first.number}"
        assert list(first.lines.values_list("verb", flat=True)) == ["drafted"]
    refused(lambda: actions.draft(by=None, title=" "), ErrorCode.REQUIRED, "title")
    refused(lambda: actions.draft(by=None, title="x", lead="ı" * 401), ErrorCode.INVALID, "lead")
    refused(lambda: actions.draft(by=None, title="x", text="ı" * 20_001), ErrorCode.INVALID, "text")


def test_it_is_about_an_event_or_an_engagement(cast: Cast) -> None:
    event = make_event(cast.mayors, "Açılış", starts_at=at(dt.date(2027, 5, 4), "10:00"))
    visit = make_engagement(cast.mayors, starts_at=at(dt.date(2027, 5, 5), "10:00"))
    row = make_release(event=event)
    assert row.event == event
    refused(lambda: actions.edit(refetch(row), by=None, engagement=visit), ErrorCode.INVALID, "engagement")
    with system():
        row = actions.edit(refetch(row), by=None, event=None, engagement=visit)
    assert (row.event, row.engagement) == (None, visit)


def test_what_lacks_lead_text_or_alternative_text_is_not_published(cast: Cast) -> None:
    for facts in ({"lead": ""}, {"text": ""}):
        row = make_release(**facts)
        refused(lambda row=row: actions.publish(refetch(row), by=None), ErrorCode.REQUIRED, None)
    row, photo = photographed(alternative_text="")
    refused(lambda: actions.publish(refetch(row), by=None), ErrorCode.REQUIRED, None)
    with system():
        actions.describe(refetch(row), by=None, photo=photo, alternative_text="Kurdele kesiliyor")
    assert published(row).status == Status.APPROVED


def test_it_is_public_from_its_moment_on(cast: Cast) -> None:
    now = timezone.now()
    later, at_once = published(publish_at=now + HOUR), published()
    with system():
        assert list(Release.objects.published()) == [at_once]
        assert list(Release.objects.waiting()) == [later]
        Release.objects.filter(pk=later.pk).update(published_at=now - HOUR)
        assert set(Release.objects.published()) == {later, at_once}
    assert at_once.slug == f"park-acildi-{at_once.year}-{at_once.number}"
    for wrong in (now - HOUR, now + dt.timedelta(days=400)):
        row = make_release()
        call = lambda row=row, wrong=wrong: actions.publish(refetch(row), by=None, publish_at=wrong)  # noqa: E731
        refused(call, ErrorCode.INVALID, "publish_at")
    assert published(make_release("🎉🎉")).slug.startswith("haber-")


def test_a_correction_is_published_and_the_former_words_stay_in_the_story(cast: Cast) -> None:
    row = published()
    refused(
        lambda: actions.correct(refetch(row), by=None, correction=" ", lead="Yeni"),
        ErrorCode.REQUIRED,
        "correction",
    )
    refused(
        lambda: actions.correct(refetch(row), by=None, correction="Boş", lead=""), ErrorCode.REQUIRED, "lead"
    )
    refused(lambda: actions.edit(refetch(row), by=None, lead="Sessizce"), ErrorCode.WRONG_STATE, None)
    with system():
        row = actions.correct(refetch(row), by=cast.office_head, correction="Gün düzeltildi.", lead="Yeni")
        line = ReleaseLine.objects.get(release=row, verb="corrected")
    assert (row.lead, row.correction, row.corrected_at is not None) == ("Yeni", "Gün düzeltildi.", True)
    assert line.details == {"before": {"lead": "Parkımız hizmete girdi."}}


def test_what_was_taken_back_is_public_no_more_and_comes_again_at_its_address(cast: Cast) -> None:
    row, photo = photographed()
    row = published(row)
    with system():
        assert public.photo(photo.key) == photo
    assert public.item(row.slug) is not None
    refused(lambda: actions.withdraw(refetch(row), by=None, reason=" "), ErrorCode.REQUIRED, "reason")
    with system():
        actions.withdraw(refetch(row), by=None, reason="Yanlış kişi adı")
        assert public.photo(photo.key) is None
    assert public.item(row.slug) is None
    with system():
        actions.rewrite(refetch(row), by=None)
    assert published(row).slug == row.slug


def test_photographs_are_pictures_of_this_release_and_at_most_twenty(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, photo = photographed()
    other = make_release("Başka")
    pdf = SimpleUploadedFile("a.txt", "düz yazı".encode())
    refused(lambda: actions.attach(refetch(row), by=None, file=pdf), ErrorCode.UNSUPPORTED, "file")
    refused(lambda: actions.detach(refetch(other), by=None, photo=photo), ErrorCode.NOT_FOUND, "photo")
    monkeypatch.setattr(actions, "MOST_PHOTOS", 1)
    refused(lambda: actions.attach(refetch(row), by=None, file=picture()), ErrorCode.INVALID, "file")
    with system():
        actions.detach(refetch(row), by=None, photo=photo)
        assert not ReleasePhoto.objects.exists()


def test_of_two_people_at_once_one_wins(cast: Cast) -> None:
    row = make_release()
    mine, theirs = refetch(row), refetch(row)
    with system():
        actions.edit(mine, by=cast.secretary, title="Benim")
    refused(lambda: actions.publish(theirs, by=cast.office_head), ErrorCode.WRONG_STATE, None)
