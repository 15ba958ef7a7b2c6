"""Drafts: what is typed is kept for its writer, bounded, and goes with its row and after four weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.drafts import actions, jobs
from backend.drafts.models import Draft
from backend.organization.models import User
from backend.retention import anonymising
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.factories import make_citizen, make_complaint


def save(person: User, text: str, page: str = "/admin/intake/", field: str = "body") -> Draft | None:
    with as_viewer(person), scope.elevated_for(Draft, Action.REGISTER):
        return actions.keep(by=person, page=page, field=field, text=text)


def kept(person: User) -> list[tuple[str, str, str]]:
    with as_viewer(person):
        return list(scope.visible(Draft).order_by("pk").values_list("page", "field", "text"))


def refused(call: object) -> str:
    with pytest.raises(DomainError) as error:
        call()  # type: ignore[operator]
    return error.value.code


def test_a_text_is_kept_once_a_field_and_as_it_was_typed(cast: Cast) -> None:
    text = "  Iğdır sokağı 🕳️\nİkinci satır\n"
    save(cast.secretary, "Iğ")
    save(cast.secretary, text)
    save(cast.secretary, "Not", field="note")
    assert kept(cast.secretary) == [("/admin/intake/", "body", text), ("/admin/intake/", "note", "Not")]
    save(cast.secretary, " \n", field="note")
    assert kept(cast.secretary) == [("/admin/intake/", "body", text)]


def test_what_follows_a_question_mark_is_not_kept(cast: Cast) -> None:
    row = save(cast.secretary, "Metin", page="/admin/letters/letter/?q=Ay%C5%9Fe#do")
    assert row is not None
    assert row.page == "/admin/letters/letter/"


def test_drafts_are_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(lambda: save(cast.secretary, "a" * (actions.LONGEST + 1))) == ErrorCode.TOO_LARGE
    assert refused(lambda: save(cast.secretary, "a", page="/" + "a" * 300)) == ErrorCode.INVALID
    assert refused(lambda: save(cast.secretary, "a", page="intake")) == ErrorCode.INVALID
    assert refused(lambda: save(cast.secretary, "a", field=" ")) == ErrorCode.REQUIRED
    monkeypatch.setattr(actions, "MOST", 2)
    for number in range(3):
        save(cast.secretary, str(number), page=f"/admin/{number}/")
    assert [text for _page, _field, text in kept(cast.secretary)] == ["1", "2"]


def test_no_one_sees_anothers_draft_on_either_wall(cast: Cast) -> None:
    save(cast.fen_clerk, "Yalnız benim")
    for person in (cast.secretary, cast.office_head, cast.mayor, cast.administrator, cast.fen_head):
        assert kept(person) == []
        with as_viewer(person):
            assert Draft.objects.count() == 0, "the second wall"
            with elevated():
                assert Draft.objects.update(text="anders") == 0
    with as_viewer(cast.fen_clerk, ["READ", "WRITE"]):
        assert not scope.visible(Draft).exists(), "a token may read less than its owner"
    assert [text for _page, _field, text in kept(cast.fen_clerk)] == ["Yalnız benim"]


def test_drafts_go_after_four_weeks_and_with_a_closed_account(cast: Cast) -> None:
    save(cast.secretary, "Eski")
    save(cast.fen_clerk, "Yeni")
    with as_viewer(cast.secretary), elevated():
        Draft.objects.update(saved_at=dt.datetime.now(dt.UTC) - actions.KEPT - dt.timedelta(minutes=1))
    assert jobs.remove_old() == 1
    assert jobs.remove_old() == 0
    assert kept(cast.fen_clerk) != []
    with system():
        User.objects.filter(pk=cast.fen_clerk.pk).update(is_active=False)
    assert jobs.remove_old() == 1


def test_a_draft_goes_with_its_row_and_with_the_person_whom_it_names(cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    case = make_complaint("Çukur", to=cast.fen, applicant=citizen)
    other = make_complaint("Lamba", to=cast.fen)
    save(cast.fen_clerk, "Cevap metni", page=f"/admin/complaints/complaint/{case.key}/draft/")
    save(cast.fen_clerk, "Kalan", page=f"/admin/complaints/complaint/{other.key}/draft/")
    save(cast.secretary, "Arayan ZÜMRÜT KILIÇASLAN, lamba")
    with system():
        anonymising.forget("CITIZEN", [citizen.pk])
    assert [text for _page, _field, text in kept(cast.fen_clerk)] == ["Kalan"]
    assert kept(cast.secretary) == []
