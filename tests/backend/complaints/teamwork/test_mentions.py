"""A note mentions who may see the case, and nobody else: not in the list, not in the text, not in a notification."""

from __future__ import annotations

import pytest

from backend.complaints.teamwork import mentions
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization.models import User
from permissions.complaints import sharing
from permissions.core import scope
from tests.backend.stories import code, say
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_complaint, refetch
from tests.schema.client import Asking

LIST = "/admin/complaints/complaint/"


def _texts(person: User) -> list[str]:
    with scope.session(person):
        rows = scope.visible(Notification.objects.unseen()).filter(kind__in=("MENTION", "CASE_NOTE"))
        return list(rows.order_by("pk").values_list("text", flat=True))


def test_who_is_mentioned_is_told_once_and_that_it_was_them(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(
        case,
        "comment",
        by=cast.secretary,
        body="@fen.memur bakar mısınız? (@FEN.MEMUR) bilgi@fen.mudur değil.",
    )
    assert _texts(cast.fen_clerk) == ["complaints/mentioned"]
    assert _texts(cast.fen_head) == ["complaints/noted"], "an address of mail mentions nobody"
    say(case, "comment", by=cast.fen_clerk, body="@ozelkalem.memur: yarın. @fen.memur")
    assert _texts(cast.secretary) == ["complaints/mentioned"]
    assert _texts(cast.fen_clerk) == ["complaints/mentioned"], "nobody is told of what they wrote"


@pytest.mark.parametrize("name", ["park.memur", "disarida", "bilgi.islem", "portal.153"])
def test_another_is_refused_at_the_note_which_stays_unwritten(cast: Cast, name: str) -> None:
    case = make_complaint(to=cast.fen)
    assert code(lambda: say(case, "comment", by=cast.fen_clerk, body=f"@{name} bakınız")) == ErrorCode.INVALID
    page = signed_in(cast.fen_clerk).post(f"{LIST}{case.key}/comment/", {"body": f"@{name} bakınız"})
    assert f"“@{name}” bu başvuruyu görebilen biri değildir" in page.content.decode()
    assert f"@{name} bakınız" in page.content.decode(), "what was typed is kept"
    with system():
        assert not refetch(case).comments.exists()


def test_an_at_before_what_is_no_user_name_is_only_text(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    body = "@belediye hesabına da yazmış; @ işaretiyle. @fen.mudur bakar mısınız?"
    say(case, "comment", by=cast.fen_clerk, body=body)
    with system():
        assert refetch(case).comments.get().body == body
    assert _texts(cast.fen_head) == ["complaints/mentioned"]


def test_the_database_names_exactly_who_the_rules_let_see(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, collaborators=(cast.park,))
    other = make_complaint(to=cast.cleaning)
    with system():
        sharing.share(refetch(other), by=cast.office_head, user=cast.outsider)
    for row in (case, other):
        expected = set()
        for name, person in cast.people().items():
            with as_viewer(person):
                if scope.visible(type(row)).filter(pk=row.pk).exists() and person.is_staff:
                    expected.add(name)
        for asker in ("secretary", "deputy_mayor"):
            with as_viewer(cast.people()[asker]):
                found = set(mentions.readers(row).values_list("username", flat=True))
            assert found == {cast.people()[name].username for name in expected}
    for stranger in (cast.park_clerk, cast.fen_clerk, cast.administrator, None):
        with as_viewer(stranger):
            assert not mentions.readers(other).exists(), "who does not see it learns nothing"


def test_the_list_proposes_by_any_beginning_and_only_them(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    client = signed_in(cast.fen_clerk)
    for text, name in (
        ("sel", "fen.mudur"),
        ("AYD", "fen.mudur"),
        ("ulk", "baskan"),
        ("ozelkalem.me", "ozelkalem.memur"),
    ):
        part = client.get(f"{LIST}{case.key}/mentions/", {"q": text}).content.decode()
        assert f'data-name="{name}"' in part, text
    part = client.get(f"{LIST}{case.key}/mentions/", {"q": "park"}).content.decode()
    assert "data-name" not in part
    assert signed_in(cast.park_clerk).get(f"{LIST}{case.key}/mentions/").status_code == 404
    page = client.get(f"{LIST}{case.key}/change/?do=comment").content.decode()
    assert f'data-mentions="{LIST}{case.key}/mentions/"' in page


def test_a_program_mentions_by_the_same_words(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    asking = Asking(cast.fen_clerk)
    (row,) = asking.data("{ complaints(first: 9) { nodes { id } } }")["complaints"]["nodes"]
    (error,) = asking.does("complaintComment", "complaint { id }", id=row["id"], body="@park.memur bakınız")[
        "errors"
    ]
    assert (error["code"], error["field"]) == ("INVALID", "body")
    assert not asking.does("complaintComment", "complaint { id }", id=row["id"], body="@fen.mudur bakınız")[
        "errors"
    ]
    assert _texts(cast.fen_head) == ["complaints/mentioned"]
    assert case.pk
