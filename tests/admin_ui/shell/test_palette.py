"""The palette finds requests, entries and invitations too, as far as each is seen, and names nobody else."""

from __future__ import annotations

from backend.core.session import system
from backend.programme.models import Entry
from tests.cast import Cast, signed_in
from tests.days import DAY
from tests.factories import at, make_citizen, make_entry, make_invitation, make_request


def found(user, text: str) -> str:
    return signed_in(user).get("/admin/search/", {"s": text}).content.decode()


def test_a_request_is_found_by_its_number_words_and_person(cast: Cast) -> None:
    row = make_request(cast.mayors, "Kurbağalı dere", applicant=make_citizen("Nil", "Gezer"))
    for text in (row.reference, "kurbagali", "gezer"):
        body = found(cast.secretary, text)
        assert row.reference in body, text
        assert "Nil GEZER" in body
    for text in (row.reference, "kurbagali", "gezer"):
        assert "RT-" not in found(cast.park_clerk, text)


def test_entries_and_invitations_are_found_by_whoever_sees_them(cast: Cast) -> None:
    make_entry(cast.mayors, "Kurbağa sergisi", at(DAY))
    make_invitation(cast.mayors, "Kurbağa şenliği")
    body = found(cast.secretary, "kurbağa")
    assert "Kurbağa sergisi" in body
    assert "Kurbağa şenliği" in body
    assert "Kurbağa" not in found(cast.park_clerk, "kurbağ")


def test_a_confidential_entry_is_found_by_its_readers_only(cast: Cast) -> None:
    make_entry(cast.mayors, "Kurbağa sırrı", at(DAY), by=cast.mayor, readers=(cast.fen_clerk,))
    with system():
        assert not Entry.objects.exists()
    assert "Kurbağa sırrı" in found(cast.fen_clerk, "kurbağa")
    for user in (cast.secretary, cast.office_head, cast.administrator):
        assert "Kurbağa sırrı" not in found(user, "kurbağa"), user.username
