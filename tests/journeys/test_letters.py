"""The office writes: a condolence right after the call, an answer to the Kaymakamlık, a letter to three departments."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from backend.core.session import system
from backend.letters.actions.templates import save_template
from backend.letters.models import Letter
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import issue_letter, make_body, make_file_code, make_letter
from tests.schema.client import Asking


def _rows(**given: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("addressees", "references", "annexes", "steps"):
        rows = given.get(name, [])
        found |= {f"{name}-TOTAL_FORMS": max(1, len(rows)), f"{name}-INITIAL_FORMS": 0}
        found |= {f"{name}-{i}-{key}": value for i, row in enumerate(rows) for key, value in row.items()}
    return found


def _act(client: Client, letter: Letter, verb: str, **given: Any) -> None:
    response = client.post(reverse("admin:letters_letter_act", args=[letter.key, verb]), given)
    assert response.status_code == 302, re.findall(
        r"ok-(?:alert|error)[^<]*<?[^<]*", response.content.decode()
    )


def _only() -> Letter:
    with system():
        return Letter.objects.latest("pk")


def test_a_condolence_is_on_its_way_in_six_presses(cast: Cast) -> None:
    """Within two minutes of the call: four words are typed, the rest is the template's and the office's."""
    with system():
        template = save_template(
            by=None,
            name="Taziye",
            kind="CONDOLENCE",
            salutation="Sayın {{ad}} {{SOYAD}},",
            body="Vefat haberini derin üzüntüyle aldığım {{vefat eden}} için Allah’tan rahmet, size sabır dilerim.",
            closing="Saygılarımla.",
        )
    secretary, mayor = signed_in(cast.secretary), signed_in(cast.mayor)
    typed = {"place_0": "Ayşe", "place_1": "Işık", "place_2": "babanız Yiğit Işık", "address": "Emek Mah."}
    began = secretary.post(reverse("admin:letters_lettertemplate_change", args=[template.key]), typed)
    assert "bulgu yok" in secretary.get(began["Location"]).content.decode()
    letter = _only()
    _act(secretary, letter, "submit")
    assert "Taziye" in mayor.get("/admin/letters/letter/?tab=turn").content.decode()
    _act(mayor, letter, "sign")
    _act(secretary, letter, "register")
    with system():
        to = str(letter.addressees.get().key)
    _act(secretary, letter, "dispatch", addressee=to, means="HAND", proof="Zimmet 4")
    letter = _only()
    assert (letter.status, letter.document_number) == ("SENT", "")
    assert letter.reference.startswith("GD-")


def test_the_kaymakamlik_is_answered_with_arz(cast: Cast) -> None:
    make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True, is_superior=True)
    make_file_code()
    secretary, mayor = signed_in(cast.secretary), signed_in(cast.mayor)
    came = {
        "body_of_sender": "kaymakamlik",
        "sender_number": "E-41827365-010-1187",
        "sent_on": "2026-11-20",
        "subject": "Tören Planı",
        "received_on": "2026-11-23",
        "asks_for": "OPINION",
        "confidentiality": "NONE",
    }
    secretary.post("/admin/letters/letter/receive/", came)
    incoming = _only()
    _act(secretary, incoming, "reply")
    answer = _only()
    typed = {
        "kind": "REPLY",
        "file_code": "752",
        "subject": "Tören Planı",
        "body": "İlgi yazınızda belirtilen plan uygun görülmüştür.",
        "closing": "Bilgilerinize rica ederim.",
        "signatory": "baskan",
        "signatory_title": "Belediye Başkanı",
        "office": "MAYOR",
        "capacity": "OWN",
        "version": answer.version,
        **_rows(
            addressees=[{"who": "Sancaktepe Kaymakamlığı"}],
            references=[{"number": "E-41827365-010-1187", "on": "2026-11-20"}],
        ),
    }
    write = reverse("admin:letters_letter_write", args=[answer.key])
    text = secretary.post(write, typed | {"look": "1"}).content.decode()
    assert "Kapanış muhataba uygun değil" in text
    assert secretary.post(write, typed | {"closing": "Bilgilerinize arz ederim."}).status_code == 302
    for client, verb in ((secretary, "submit"), (mayor, "sign"), (secretary, "register")):
        _act(client, answer, verb)
    with system():
        assert Letter.objects.get(pk=incoming.pk).status == "ANSWERED"


def test_three_departments_get_one_letter_and_each_reads_it(cast: Cast) -> None:
    make_file_code()
    secretary, mayor = signed_in(cast.secretary), signed_in(cast.mayor)
    typed = {
        "kind": "OFFICIAL",
        "file_code": "752",
        "subject": "Meydan Hazırlıkları",
        "body": "Meydanda yapılacak tören öncesinde gerekli çalışmaların tamamlanması gerekmektedir.",
        "closing": "Gereğini rica ederim.",
        "signatory": "baskan",
        "signatory_title": "Belediye Başkanı",
        "office": "MAYOR",
        "capacity": "OWN",
        **_rows(
            addressees=[
                {"who": cast.fen.name},
                {"who": cast.park.name},
                {"who": cast.cleaning.name, "purpose": "INFORMATION"},
            ]
        ),
    }
    assert secretary.post("/admin/letters/letter/new/", typed).status_code == 302
    letter = _only()
    page = reverse("admin:letters_letter_change", args=[letter.key])
    assert signed_in(cast.park_clerk).get(page).status_code == 404
    for client, verb in ((secretary, "submit"), (mayor, "sign"), (secretary, "register")):
        _act(client, letter, verb)
    assert _only().reference.startswith("İÇ-")
    for reader in (cast.fen_clerk, cast.park_clerk, cast.deputy_mayor):
        assert "Meydan Hazırlıkları" in signed_in(reader).get(page).content.decode()
    assert signed_in(cast.outsider).get(page).status_code in (403, 404)


def test_a_reminder_is_written_through_either_door_and_never_to_a_superior(cast: Cast) -> None:
    above = make_body(
        "kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True, is_superior=True
    )
    equal = make_body("iski", "İstanbul Su ve Kanalizasyon İdaresi Genel Müdürlüğü", "İSKİ", is_public=True)
    secretary = signed_in(cast.secretary)
    mutation = (
        "mutation ($input: LetterRemindInput!) { letterRemind(input: $input)"
        " { letter { kind references { number } } errors { code message } } }"
    )
    told = []
    for body in (equal, above):
        letter = issue_letter(
            make_letter(cast.office, cast.mayor, by=cast.secretary, to=body),
            by=cast.secretary,
            signatory=cast.mayor,
        )
        with system():
            Letter.objects.filter(pk=letter.pk).update(status="SENT")
        page = secretary.get(reverse("admin:letters_letter_change", args=[letter.key])).content.decode()
        told.append("/remind/" in page)
        done = Asking(cast.secretary).data(mutation, input={"id": encode("Letter", letter.key)})[
            "letterRemind"
        ]
        if body == equal:
            assert done["letter"] == {"kind": "REMINDER", "references": [{"number": letter.document_number}]}
        else:
            assert [error["code"] for error in done["errors"]] == ["INVALID"]
            assert "Sancaktepe Kaymakamlığı" in done["errors"][0]["message"]
    assert told == [True, False]
