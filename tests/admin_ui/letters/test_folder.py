"""The signature folder: leafing through, signing and returning from the paper itself."""

from __future__ import annotations

from backend.core.session import elevated, system
from backend.letters import actions
from backend.letters.choices import Status, Urgency
from backend.letters.models import Letter
from permissions.core import scope
from tests.cast import Cast, signed_in
from tests.factories import make_letter, refetch

FOLDER = "/admin/folder/"


def to_sign(cast: Cast, subject: str, **facts: object) -> Letter:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject=subject, **facts)
    with scope.session(cast.secretary), elevated():
        actions.submit(letter, by=cast.secretary)
    return letter


def test_letters_are_leafed_through_signed_and_returned(cast: Cast) -> None:
    first, second = to_sign(cast, "Birinci yazı"), to_sign(cast, "İkinci yazı")
    urgent = to_sign(cast, "Acele yazı", urgency=Urgency.URGENT)
    client = signed_in(cast.mayor)
    page = client.get(FOLDER).content.decode()
    assert "Acele yazı" in page
    assert "1. yazı (toplam 3)" in page
    assert "data:image/png;base64" in page
    assert f"{FOLDER}?at={first.key}" in page
    at_second = f"{FOLDER}?at={second.key}"
    back = client.post(at_second, {"do": "send_back", "reason": ""})
    assert back.status_code == 200, "a reason is asked for, and the letter stays"
    answer = client.post(at_second, {"do": "send_back", "reason": "Tarih yanlış."})
    assert answer.status_code == 302
    assert refetch(second).status == Status.DRAFT
    answer = client.post(f"{FOLDER}?at={urgent.key}", {"do": "sign", "version": str(urgent.version)})
    assert answer["Location"] == f"{FOLDER}?at={first.key}"
    assert refetch(urgent).status == Status.SIGNED
    again = client.post(f"{FOLDER}?at={urgent.key}", {"do": "sign"}, follow=True)
    assert "artık sizi beklemiyor" in again.content.decode()
    client.post(f"{FOLDER}?at={first.key}", {"do": "sign"})
    with system():
        assert set(Letter.objects.values_list("status", flat=True)) == {Status.SIGNED, Status.DRAFT}
    assert "Sizi bekleyen yazı yok" in client.get(FOLDER).content.decode()


def test_a_letter_of_another_is_in_no_folder(cast: Cast) -> None:
    letter = to_sign(cast, "Birinci yazı")
    for person in (cast.secretary, cast.fen_head, cast.administrator):
        page = signed_in(person).get(f"{FOLDER}?at={letter.key}").content.decode()
        assert "Birinci yazı" not in page
        signed_in(person).post(f"{FOLDER}?at={letter.key}", {"do": "sign"})
    with system():
        assert Letter.objects.get(pk=letter.pk).status == Status.SIGNATURE
