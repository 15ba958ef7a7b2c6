"""The page of an event with its organisations, letters and instructions, and the pages that lead back to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Event, EventPartner
from backend.instructions.models import Instruction
from backend.letters.models import Letter, LetterLine
from backend.partners.models import Organisation
from permissions.core import scope
from tests.cast import Cast, signed_in
from tests.days import day
from tests.factories import at, make_event, make_letter, make_organisation, refetch


@pytest.fixture
def opening(cast: Cast) -> Event:
    row = make_event(cast.mayors, "Park açılışı", starts_at=at(day(31), "14:00"))
    with system():
        events.add_task(refetch(row), by=None, title="Asfalt", department=cast.fen)
    return refetch(row)


@pytest.fixture
def union(cast: Cast) -> Organisation:
    return make_organisation("Işıklar Derneği", departments=(cast.fen,))


def _page(row: Any) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.key])


def _do(client: Any, event: Event, verb: str, **data: object) -> Any:
    url = reverse("admin:events_event_act", args=[event.key, verb])
    return client.post(url, {"version": refetch(event).version, **data})


def test_an_organisation_is_named_by_its_name_and_leads_back(
    cast: Cast, opening: Event, union: Organisation
) -> None:
    client = signed_in(cast.secretary)
    said = {"organisation": "ışıklar", "role": "CO_HOST", "note": "Fidanlar onlardan"}
    assert _do(client, opening, "add_partner", **said).status_code == 302
    page = client.get(_page(opening)).content.decode()
    for text in ("Işıklar Derneği", "Birlikte düzenleyen", "Fidanlar onlardan"):
        assert text in page
    assert "Park açılışı" in client.get(_page(union)).content.decode()
    twice = _do(client, opening, "add_partner", **said).content.decode()
    assert "Başka bir sıfat veya kurum seçiniz." in twice
    empty = _do(client, opening, "add_partner", role="HOST")
    assert empty.status_code == 200
    with system():
        row = EventPartner.objects.get()
    assert _do(client, opening, "drop_partner", partner=str(row.key)).status_code == 302
    assert "Işıklar" not in client.get(_page(opening)).content.decode()


def test_who_sees_one_end_alone_is_told_nothing_of_the_other(
    cast: Cast, opening: Event, union: Organisation
) -> None:
    hidden = make_organisation("Uzak Vakfı", "FOUNDATION", departments=(cast.park,))
    with system():
        for row in (union, hidden):
            events.add_partner(refetch(opening), by=None, organisation=refetch(row), role="HOST")
    page = signed_in(cast.fen_clerk).get(_page(opening)).content.decode()
    assert "Işıklar Derneği" in page
    assert "Uzak Vakfı" not in page
    assert "Park açılışı" not in signed_in(cast.park_clerk).get(_page(hidden)).content.decode()


def test_letters_and_instructions_of_an_event_stand_on_its_page_and_lead_back(
    cast: Cast, opening: Event
) -> None:
    client = signed_in(cast.secretary)
    assert client.post(reverse("admin:letters_letter_make", args=["event", opening.key])).status_code == 302
    with system():
        letter = Letter.objects.get()
    assert letter.event_id == opening.pk
    page = client.get(_page(opening)).content.decode()
    assert letter.subject in page
    assert opening.reference in client.get(_page(letter), follow=True).content.decode()
    url = f"{reverse('admin:instructions_instruction_new')}?event={opening.key}"
    assert url in page
    form = client.get(url).content.decode()
    assert "Park açılışı" in form
    assert "Bir etkinlik için" in form
    with system():
        assert not Instruction.objects.exists()
    department = signed_in(cast.fen_clerk).get(_page(opening)).content.decode()
    assert letter.subject not in department.replace(opening.title, "")


def test_a_letter_that_arrived_is_put_into_the_file_by_its_number(cast: Cast, opening: Event) -> None:
    row = make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, subject="İzin Yazısı")
    with system():
        Letter.objects.filter(pk=row.pk).update(sender_number="E-123")
    client = signed_in(cast.secretary)
    assert "Bu numarada yazı yok" in _do(client, opening, "link_letter", letter="X-1").content.decode()
    assert _do(client, opening, "link_letter", letter="E-123").status_code == 302
    page = client.get(_page(opening)).content.decode()
    assert "İzin Yazısı" in page
    assert "Yazı dosyaya eklendi" in page
    assert _do(client, opening, "unlink_letter", letter=str(row.key)).status_code == 302
    assert "İzin Yazısı" not in client.get(_page(opening)).content.decode()
    with system():
        told = [line.verb for line in LetterLine.objects.filter(letter=row).order_by("pk")]
    assert told[-2:] == ["joined_event", "left_event"]
    story = client.get(_page(row)).content.decode()
    assert "Bir etkinliğin dosyasına alındı" in story
    assert "Bir etkinliğin dosyasından çıkarıldı" in story


def test_a_letter_of_another_event_names_that_event_to_whoever_sees_it(
    cast: Cast, opening: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_event(cast.deputys, "Gizli toplantı")
    row = make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.fen, event=other)
    with system():
        Letter.objects.filter(pk=row.pk).update(sender_number="E-123")
    client = signed_in(cast.secretary)
    told = _do(client, opening, "link_letter", letter="E-123").content.decode()
    assert "“Gizli toplantı”" in told
    assert refetch(other).reference in told
    seen = scope.visible

    def but_that_one(queryset: Any, *rest: Any, **more: Any) -> Any:
        found = seen(queryset, *rest, **more)
        return found.exclude(pk=other.pk) if found.model is Event else found

    monkeypatch.setattr(scope, "visible", but_that_one)
    hidden = _do(client, opening, "link_letter", letter="E-123").content.decode()
    assert "Önce o dosyadan çıkarılması için özel kaleme danışınız." in hidden
    assert "Gizli toplantı" not in hidden
