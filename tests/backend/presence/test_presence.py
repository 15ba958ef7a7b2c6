"""Who has a case open is seen by who sees the case, said by who works it, and forgotten after a minute."""

from __future__ import annotations

from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import User
from backend.presence import jobs
from backend.presence.models import FORGOTTEN, Presence
from permissions.core import scope
from schema.core.nodes import encode, global_id
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_complaint
from tests.schema.client import Asking, errors_of

CASE = "/admin/complaints/complaint/"
THERE = "query($i: ID!) { complaintPresence(id: $i) { username writes } }"


def beat(person: User, case: Complaint, form: str = "") -> str:
    answer = signed_in(person).post(f"{CASE}{case.key}/presence/", {"form": form})
    assert answer.status_code == 200
    return answer.content.decode()


def there(person: User, case: Complaint) -> list[tuple[str, str | None]]:
    found = Asking(person).data(THERE, i=global_id(case))["complaintPresence"]
    return [(one["username"], one["writes"]) for one in found]


def test_the_others_are_named_with_what_they_write(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    assert beat(cast.fen_clerk, case).strip() == ""
    opened = beat(cast.secretary, case)
    assert f"{cast.fen_clerk} bu başvuruyu açtı." in opened
    beat(cast.fen_clerk, case, "draft")
    beat(cast.fen_clerk, case)
    written = beat(cast.secretary, case, "comment")
    assert f"{cast.fen_clerk} cevap yazıyor." in written, "another window does not take it back"
    assert "önce görüşünüz" in written
    assert f"{cast.secretary} iç not yazıyor." in beat(cast.fen_clerk, case)
    page = signed_in(cast.fen_head).get(f"{CASE}{case.key}/change/").content.decode()
    assert f"{cast.fen_clerk} cevap yazıyor." in page
    assert there(cast.fen_clerk, case) == [(cast.secretary.username, "NOTE")]


def test_what_was_sent_is_written_no_more(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    beat(cast.fen_clerk, case, "draft")
    assert "önce görüşünüz" in beat(cast.fen_head, case)
    signed_in(cast.fen_clerk).post(f"{CASE}{case.key}/presence/", {"written": "1"})
    seen = beat(cast.fen_head, case)
    assert f"{cast.fen_clerk} bu başvuruyu açtı." in seen
    assert "yazıyor" not in seen


def test_who_only_reads_is_not_shown_and_who_does_not_see_the_case_sees_nothing(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    beat(cast.mayor, case)
    beat(cast.deputy_mayor, case)
    assert there(cast.fen_clerk, case) == []
    beat(cast.fen_clerk, case)
    assert signed_in(cast.park_clerk).post(f"{CASE}{case.key}/presence/").status_code == 404
    hidden = Asking(cast.park_clerk).answer(THERE, i=global_id(case))
    assert errors_of(hidden) == errors_of(
        Asking(cast.park_clerk).answer(THERE, i=encode("Complaint", case.key))
    )
    assert errors_of(hidden) == ["NOT_FOUND"]
    with as_viewer(cast.park_clerk):
        assert not Presence.objects.exists(), "the second wall"
        assert not scope.visible(Presence).exists()
    (refused,) = Asking(cast.park_clerk).does("complaintBeHere", id=global_id(case))["errors"]
    assert refused["code"] == "NOT_FOUND"


def test_it_is_forgotten_after_a_minute_and_at_once_when_the_page_is_left(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    beat(cast.fen_clerk, case, "draft")
    with system():
        Presence.objects.update(seen_at=timezone.now() - FORGOTTEN)
    assert there(cast.secretary, case) == []
    assert jobs.forget() == 1
    with system():
        assert not Presence.objects.exists()
    beat(cast.fen_clerk, case)
    assert signed_in(cast.fen_clerk).post(f"{CASE}{case.key}/presence/", {"gone": "1"}).status_code == 204
    with system():
        assert not Presence.objects.exists()


def test_a_program_says_it_too(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    beat(cast.secretary, case)
    said = Asking(cast.fen_clerk).does(
        "complaintBeHere", "presence { name }", id=global_id(case), writes="REPLY"
    )
    assert said == {"errors": [], "presence": [{"name": str(cast.secretary)}]}
    assert there(cast.secretary, case) == [(cast.fen_clerk.username, "REPLY")]
