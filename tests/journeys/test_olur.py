"""An olur from the proposal to the car that left (regulation on correspondence, m.20), through both doors."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.letters.actions import substitute
from backend.letters.models import Letter, LetterTemplate
from backend.organization import reference
from backend.organization.models import User
from permissions.core import scope
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.factories import make_file_code
from tests.schema.client import Asking

SHOWN = """letter { id status documentNumber approvedAt approverName approverTitle carriedOutOn viewerCan
  turnOf { fullName } lines { verb note } } errors { code field message }"""
FILLED = {
    "gün": "pazartesi",
    "güzergâh": "Sancaktepe – Ankara",
    "görev": "birlik toplantısı",
    "plaka": "34 ZZ 1453",
    "sürücü": "Tarık ÇELİK",
}
NUMBER = "E-24312041-934-1187"


def _say(user: User, verb: str, **given: Any) -> dict[str, Any]:
    query = f"mutation ($input: Letter{verb}Input!) {{ letter{verb}(input: $input) {{ {SHOWN} }} }}"
    return Asking(user).data(query, input=given)[f"letter{verb}"]


def _ok(user: User, verb: str, **given: Any) -> dict[str, Any]:
    payload = _say(user, verb, **given)
    assert payload["errors"] == []
    return payload["letter"]


@pytest.fixture
def template(cast: Cast, tmp_path: Path) -> LetterTemplate:
    """The text that is shipped for a car, and the head of the office on record."""
    with system():
        type(cast.office).objects.filter(pk=cast.office.pk).update(head=cast.office_head)
        shutil.copy(reference.DEFAULT_DIRECTORY / "letter_templates.csv", tmp_path)
        assert reference.load(tmp_path).problems == []
        return LetterTemplate.objects.get(code="olur-arac")


def _paper(letter: Letter) -> str:
    with system(), Letter.objects.get(pk=letter.pk).paper.open("rb") as file:
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages).split()
        )


def _proposed(cast: Cast, template: LetterTemplate) -> str:
    """Begun from the text, put forward and signed by who proposes; its id."""
    began = _ok(
        cast.secretary,
        "FromTemplate",
        template=encode("LetterTemplate", template.key),
        places=[{"name": name, "value": value} for name, value in FILLED.items()],
    )
    code = encode("FilePlanCode", make_file_code("934", "Taşıt İşleri").key)
    _ok(cast.secretary, "Write", id=began["id"], fileCode=code)
    _ok(cast.secretary, "Submit", id=began["id"])
    signed = _ok(cast.office_head, "Sign", id=began["id"])
    assert (signed["status"], signed["turnOf"]["fullName"]) == ("APPROVAL", "Ülkü Öztürk")
    assert signed["documentNumber"] == ""
    return began["id"]


def _only() -> Letter:
    with system():
        return Letter.objects.get(kind="APPROVAL")


def test_from_the_proposal_to_the_car_that_left(cast: Cast, template: LetterTemplate) -> None:
    id = _proposed(cast, template)
    mayor = signed_in(cast.mayor)
    desk = mayor.get("/admin/").content.decode()
    assert "Olurunuzu bekleyenler" in desk
    assert "Araç Görevlendirmesi" in mayor.get("/admin/letters/letter/?tab=olur").content.decode()
    letter = _only()
    act = reverse("admin:letters_letter_act", args=[letter.key, "approve"])
    assert "Olur ver" in mayor.get(reverse("admin:letters_letter_change", args=[letter.key])).content.decode()
    assert mayor.post(act, {}).status_code == 302
    registered = _ok(cast.secretary, "Register", id=id)
    assert (registered["approverName"], registered["approverTitle"]) == ("Ülkü ÖZTÜRK", "Belediye Başkanı")
    numbered = _ok(cast.secretary, "RecordNumber", id=id, number=NUMBER, on=str(today()))
    assert "CARRY_OUT" in numbered["viewerCan"]
    text = _paper(letter)
    parts = [
        NUMBER,
        "Araç Görevlendirmesi",
        "BAŞKANLIK MAKAMINA",
        "34 ZZ 1453",
        "Olurlarınıza arz ederim.",
        "Kemal YILDIZ",
        "OLUR",
        f"{today():%d.%m.%Y}",
        "Ülkü ÖZTÜRK",
        "Belediye Başkanı",
    ]
    places = [text.rfind(part) if part == parts[7] else text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    allowed = signed_in(cast.secretary).get("/admin/letters/letter/?tab=allowed").content.decode()
    assert "Araç Görevlendirmesi" in allowed
    done = _ok(cast.secretary, "CarryOut", id=id, carriedOutOn=str(today()), what="Araç 09.30’da çıktı.")
    assert done["carriedOutOn"] == str(today())
    assert [line["verb"] for line in done["lines"]][:1] == ["CARRIED_OUT"]
    assert "CARRY_OUT" not in done["viewerCan"]


def test_it_is_refused_with_a_reason_and_gets_no_number(cast: Cast, template: LetterTemplate) -> None:
    id = _proposed(cast, template)
    (error,) = _say(cast.mayor, "Refuse", id=id, reason=" ")["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "reason")
    refused = _ok(cast.mayor, "Refuse", id=id, reason="Tören var.")
    assert (refused["status"], refused["documentNumber"], refused["turnOf"]) == ("REFUSED", "", None)
    page = signed_in(cast.office_head).get(reverse("admin:letters_letter_change", args=[_only().key]))
    assert "Tören var." in page.content.decode()
    assert not {"REGISTER", "APPROVE", "CARRY_OUT"} & set(refused["viewerCan"])


def test_only_whose_it_is_gives_it_and_a_substitute_gives_it_with_v(
    cast: Cast, template: LetterTemplate
) -> None:
    id = _proposed(cast, template)
    for other in (cast.secretary, cast.office_head):
        (error,) = _say(other, "Approve", id=id)["errors"]
        assert error["code"] == "FORBIDDEN"
    assert _say(cast.fen_clerk, "Approve", id=id)["errors"][0]["code"] == "NOT_FOUND"
    with scope.session(cast.office_head), elevated():
        days = {"valid_from": today(), "valid_until": today()}
        substitute(cast.mayor, substitute=cast.deputy_mayor, by=cast.office_head, **days)
    given = _ok(cast.deputy_mayor, "Approve", id=id)
    assert (given["approverName"], given["approverTitle"]) == ("İlker ÜNAL", "Belediye Başkanı V.")
    with pytest.raises(Exception, match="approved_is_read_only"), system():
        Letter.objects.filter(pk=_only().pk).update(approver_name="Başkası")


def test_a_deputy_gives_it_in_the_name_of_the_mayor(cast: Cast, template: LetterTemplate) -> None:
    began = _ok(
        cast.secretary,
        "FromTemplate",
        template=encode("LetterTemplate", template.key),
        places=[{"name": name, "value": value} for name, value in FILLED.items()],
    )
    deputy = encode("StaffMember", cast.deputy_mayor.key)
    more = {
        "approverTitle": "Belediye Başkan Yardımcısı",
        "approverCapacity": "ON_BEHALF",
        "approver": deputy,
    }
    code = encode("FilePlanCode", make_file_code("934", "Taşıt İşleri").key)
    _ok(cast.secretary, "Write", id=began["id"], fileCode=code, **more)
    _ok(cast.secretary, "Submit", id=began["id"])
    _ok(cast.office_head, "Sign", id=began["id"])
    _ok(cast.deputy_mayor, "Approve", id=began["id"])
    _ok(cast.secretary, "Register", id=began["id"])
    text = _paper(_only())
    assert re.search(r"OLUR \d\d\.\d\d\.\d{4} İlker ÜNAL Başkan a\. Belediye Başkan Yardımcısı", text)


def test_what_cannot_be_is_said_and_changes_nothing(cast: Cast, template: LetterTemplate) -> None:
    began = _ok(cast.secretary, "FromTemplate", template=encode("LetterTemplate", template.key), places=[])
    id, head = began["id"], encode("StaffMember", cast.office_head.key)
    code = encode("FilePlanCode", make_file_code("934", "Taşıt İşleri").key)
    _ok(
        cast.secretary,
        "Write",
        id=id,
        fileCode=code,
        approver=None,
        body="Araç görevlendirilmesi gerekmektedir.",
    )
    (error,) = _say(cast.secretary, "Submit", id=id)["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "approver")
    _ok(cast.secretary, "Write", id=id, approver=head)
    (error,) = _say(cast.secretary, "Submit", id=id)["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "approver")
    _ok(cast.secretary, "Write", id=id, approver=encode("StaffMember", cast.mayor.key))
    _ok(cast.secretary, "Submit", id=id)
    _ok(cast.office_head, "Sign", id=id)
    _ok(cast.mayor, "Approve", id=id)
    _ok(cast.secretary, "Register", id=id)
    for day in (today() - dt.timedelta(days=1), today() + dt.timedelta(days=1)):
        (error,) = _say(cast.secretary, "CarryOut", id=id, carriedOutOn=str(day), what="Çıktı.")["errors"]
        assert (error["code"], error["field"]) == ("INVALID", "carriedOutOn")
    assert _only().carried_out_on is None


def test_sent_back_by_the_mayor_it_is_written_on_and_signed_anew(
    cast: Cast, template: LetterTemplate
) -> None:
    id = _proposed(cast, template)
    back = _ok(cast.mayor, "SendBack", id=id, reason="Plaka yanlış.")
    assert (back["status"], back["turnOf"]) == ("DRAFT", None)
    _ok(cast.secretary, "Write", id=id, body="34 ZZ 1881 plakalı aracın görevlendirilmesi gerekmektedir.")
    _ok(cast.secretary, "Submit", id=id)
    _ok(cast.office_head, "Sign", id=id)
    assert _ok(cast.mayor, "Approve", id=id)["status"] == "SIGNED"


def test_who_proposed_does_not_give_it_as_a_substitute_either(cast: Cast, template: LetterTemplate) -> None:
    id = _proposed(cast, template)
    with scope.session(cast.secretary), elevated():
        days = {"valid_from": today(), "valid_until": today()}
        substitute(cast.mayor, substitute=cast.office_head, by=cast.secretary, **days)
    (error,) = _say(cast.office_head, "Approve", id=id)["errors"]
    assert error["code"] == "INVALID"
    assert _only().approved_at is None
