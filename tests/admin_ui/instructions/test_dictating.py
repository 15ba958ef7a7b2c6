"""A principal says an instruction; the secretariat records it, and the words go."""

from __future__ import annotations

import re
import uuid

from backend.core.session import system
from backend.instructions.models import Dictation, Instruction
from tests.cast import Cast, as_viewer, signed_in

SAY, HOME = "/admin/dictate/", "/admin/"


def say(cast: Cast, text: str, token: str = "") -> None:
    answer = signed_in(cast.mayor).post(SAY, {"once": token or str(uuid.uuid4()), "text": text})
    assert answer["Location"] == HOME


def test_what_the_mayor_says_waits_with_the_secretariat_until_it_is_recorded(cast: Cast) -> None:
    client, token = signed_in(cast.mayor), str(uuid.uuid4())
    for _again in range(2):
        client.post(SAY, {"once": token, "text": "Pazar yerindeki su birikintisi giderilsin."})
    with as_viewer(cast.secretary):
        row = Dictation.objects.get()
    assert "Pazar yerindeki" in client.get(HOME).content.decode()
    office = signed_in(cast.secretary)
    home = office.get(HOME).content.decode()
    assert "Pazar yerindeki" in home
    url = f"/admin/instructions/instruction/new/?dictation={row.key}"
    assert url in home
    form = office.get(url).content.decode()
    assert "Pazar yerindeki su birikintisi giderilsin." in form
    once = re.search(r'name="once" value="([^"]+)"', form)
    assert once is not None
    given = {
        "once": once[1],
        "principal": str(cast.mayors.key),
        "text": "Pazar yerindeki su birikintisi giderilsin.",
        "department": cast.fen.code,
        "priority": "NORMAL",
        "confirmed": "on",
        "form": "ORAL",
        "setting": "PASSING",
    }
    answer = office.post(url, given)
    assert answer.status_code == 302, answer.content.decode()
    with system():
        assert Instruction.objects.get().confirmed_at is not None
        assert not Dictation.objects.exists(), "the words go with the instruction that they became"


def test_who_does_not_keep_the_programme_sees_and_says_nothing(cast: Cast) -> None:
    say(cast, "Kimse görmesin")
    with system():
        row = Dictation.objects.get()
    for person in (cast.fen_clerk, cast.park_head, cast.administrator, cast.outsider):
        client = signed_in(person)
        assert "Kimse görmesin" not in client.get(HOME).content.decode()
        assert client.post(f"/admin/dictate/{row.key}/discard/").status_code == 404
        assert client.get(f"/admin/instructions/instruction/new/?dictation={row.key}").status_code in (
            403,
            404,
        )
    assert (
        signed_in(cast.secretary)
        .post(SAY, {"once": str(uuid.uuid4()), "text": "Ben başkan değilim"})
        .status_code
        == 404
    )
    assert signed_in(cast.mayor).post(f"/admin/dictate/{row.key}/discard/").status_code == 302
    with system():
        assert not Dictation.objects.exists()


def test_an_empty_word_is_refused(cast: Cast) -> None:
    say(cast, "   ")
    with system():
        assert not Dictation.objects.exists()
