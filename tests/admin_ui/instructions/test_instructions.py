"""The screens of instructions: the mayor just called, the department answers, the office decides; print and phone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from admin_ui.instructions.admin import InstructionAdmin
from backend.core.localtime import today
from backend.core.session import system
from backend.documents import typesetting
from backend.instructions import actions
from backend.instructions.choices import Status
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from tests.cast import Cast, signed_in
from tests.factories import (
    make_complaint,
    make_entry,
    make_instruction,
    make_invitation,
    make_request,
    refetch,
)

DAY = dt.timedelta(days=1)
LIST = "/admin/instructions/instruction/"
NEW, OPEN = f"{LIST}new/", f"{LIST}open/"


def _url(row: Any, tail: str = "change") -> str:
    return f"{LIST}{row.key}/{tail}/"


def _page(user: Any, url: str, **data: Any) -> str:
    return signed_in(user).get(url, data).content.decode()


def _typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "once": str(uuid.uuid4()),
        "principal": str(cast.mayors.key),
        "text": "Yenidoğan parkındaki salıncak onarılsın.",
        "department": cast.park.code,
        "priority": "HIGH",
        "setting": "PHONE",
        "form": "ORAL",
    } | more


def _say(user: Any, row: Any, verb: Verb, **typed: Any) -> Any:
    return signed_in(user).post(_url(row, verb.value.lower()), typed)


def test_the_mayor_just_called(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    typed = _typed(cast, confirmed="on")
    first: Any = client.post(NEW, typed)
    assert first.status_code == 302, first.content.decode()
    again: Any = client.post(NEW, typed)
    assert again.url == first.url, "two quick presses record one"
    with system():
        row = Instruction.objects.get()
    assert (row.priority, row.department, row.heard_by) == ("HIGH", cast.park, cast.secretary)
    assert row.confirmed_by == cast.secretary
    page = client.get(first.url).content.decode()
    assert "salıncak" in page
    assert "müdürlüğe yazıldı" in page


def test_a_day_in_the_text_is_shown_while_one_types_and_stands_unless_another_is_written(cast: Cast) -> None:
    named, other = today() + 9 * DAY, today() + 3 * DAY
    text = f"Salıncak {named:%d.%m.%Y} tarihine kadar onarılsın."
    client = signed_in(cast.secretary)
    assert f"<strong>{named:%d.%m.%Y} " in client.post(f"{NEW}until/", {"text": text}).content.decode()
    nothing = client.post(f"{NEW}until/", {"text": "Pazara kadar asfalt"}).content.decode()
    assert "<strong>" not in nothing
    assert client.get(f"{NEW}until/").status_code == 405
    answer = client.post(NEW, _typed(cast, text=text), follow=True).content.decode()
    assert f"son gün {named:%d.%m.%Y}" in answer
    client.post(NEW, _typed(cast, text=text, due_on=f"{other:%d.%m.%Y}"))
    with system():
        assert list(Instruction.objects.order_by("pk").values_list("due_on", flat=True)) == [named, other]


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    page = signed_in(cast.secretary).post(NEW, _typed(cast, text=" ", place="Saha", due_on="2020-01-01"))
    text = page.content.decode()
    assert page.status_code == 200
    assert 'id="id_text_error"' in text
    assert 'value="Saha"' in text
    late = signed_in(cast.secretary).post(NEW, _typed(cast, due_on="2020-01-01")).content.decode()
    assert "Gün geçmişte olamaz." in late
    with system():
        assert not Instruction.objects.exists()


def test_who_records_nobodys_instructions_has_no_form(cast: Cast) -> None:
    assert signed_in(cast.park_head).get(NEW).status_code == 403
    assert "Talimat kaydet" not in _page(cast.park_head, LIST)
    # A keeper writes down only what their own principal says.
    page = signed_in(cast.fen_clerk).post(NEW, _typed(cast))
    assert page.status_code == 200
    with system():
        assert not Instruction.objects.exists()


def test_a_confidential_one_is_on_no_page_of_others(cast: Cast) -> None:
    typed = _typed(cast, is_confidential="on", readers=[cast.outsider.username])
    signed_in(cast.secretary).post(NEW, typed)
    with system():
        assert not Instruction.objects.exists(), "not even the house sees it"
    for user in (cast.secretary, cast.mayor, cast.outsider, cast.park_clerk):
        assert "salıncak" in _page(user, LIST)
    for user in (cast.office_head, cast.fen_head, cast.administrator):
        assert "salıncak" not in _page(user, LIST)
        assert "salıncak" not in _page(user, OPEN)
        assert "salıncak" not in _page(user, "/admin/")


def test_the_department_answers_and_the_office_decides(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    page = _page(cast.fen_clerk, _url(row))
    assert f'action="{_url(row, "acknowledge")}"' in page, "the next step stands open"
    assert "Yerine getirilemiyor…" not in page, "a clerk does not refuse"
    _say(cast.fen_clerk, row, Verb.ACKNOWLEDGE, version=row.version)
    assert refetch(row).acknowledged_by == cast.fen_clerk
    files = [SimpleUploadedFile("bir.txt", b"tutanak"), SimpleUploadedFile("iki.pdf", b"MZ\x90\x00")]
    wrong = _say(cast.fen_clerk, row, Verb.REPORT, result="Bitti.", evidence=files)
    assert wrong.status_code == 200
    assert "Bitti." in wrong.content.decode()
    assert refetch(row).status == Status.ACKNOWLEDGED
    _say(cast.fen_clerk, row, Verb.REPORT, result="Bitti.")
    page = _page(cast.secretary, _url(row))
    assert f'action="{_url(row, "accept")}"' in page
    _say(cast.secretary, row, Verb.SEND_BACK, reason="Bir tane eksik.")
    assert "Bir tane eksik." in _page(cast.fen_head, _url(row))
    _say(
        cast.fen_head, row, Verb.REQUEST_EXTENSION, until=(row.due_on + 3 * DAY).isoformat(), reason="Yağmur"
    )
    page = _page(cast.mayor, _url(row))
    assert "gününe kadar ek süre istiyor" in page
    _say(cast.mayor, row, Verb.GRANT_EXTENSION, due_on=(row.due_on + 2 * DAY).isoformat())
    assert refetch(row).due_on == row.due_on + 2 * DAY


def test_every_verb_has_its_step(cast: Cast) -> None:
    assert {step.verb for step in InstructionAdmin.steps} == set(Verb)


def test_correcting_keeps_the_moment_and_tells_what_was_before(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, "Eski metin", by=cast.secretary)
    form = signed_in(cast.secretary).get(f"{_url(row)}?do=correct").context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}
    typed |= {
        "text": "Yeni metin",
        "said_at": f"{localtime(row.said_at):%Y-%m-%dT%H:%M}",
        "due_on": row.due_on.isoformat(),
        "heard_by": cast.secretary.username,
        "person": "",
    }
    answer = _say(cast.secretary, row, Verb.CORRECT, **typed)
    assert answer.status_code == 302, answer.content.decode()
    found = refetch(row)
    assert (found.text, found.said_at) == ("Yeni metin", row.said_at)
    with system():
        assert found.lines.latest("id").details["before"] == {"text": "Eski metin"}
    assert "Metin: Eski metin" in _page(cast.secretary, _url(row))


def test_given_to_another_department_it_leaves_the_former_ones_pages(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    _say(cast.secretary, row, Verb.REASSIGN, department=cast.park.code)
    assert signed_in(cast.fen_head).get(_url(row)).status_code == 404
    assert row.reference not in _page(cast.fen_head, LIST)
    assert row.reference in _page(cast.park_clerk, LIST)


def test_the_tabs_and_the_open_page_say_the_same(cast: Cast) -> None:
    late = make_instruction(cast.mayors, cast.fen, "Geciken iş", by=cast.secretary)
    done = make_instruction(cast.mayors, cast.park, "Bildirilen iş", by=cast.secretary)
    make_instruction(cast.deputys, cast.park, "Yeni iş", by=cast.secretary)
    with system():
        actions.acknowledge(late, by=cast.fen_clerk)
        Instruction.objects.filter(pk=late.pk).update(due_on=today() - 2 * DAY)
        actions.report(done, by=cast.park_clerk, result="Bitti.")
    subjects = {"Geciken iş", "Bildirilen iş", "Yeni iş"}

    def shown(page: str) -> set[str]:
        return {subject for subject in subjects if subject in page}

    for tab, which, expected in (
        ("open", "", subjects),
        ("late", "late", {"Geciken iş"}),
        ("unacknowledged", "unacknowledged", {"Yeni iş"}),
        ("decide", "decide", {"Bildirilen iş"}),
    ):
        assert shown(_page(cast.secretary, LIST, tab=tab)) == expected, tab
        assert shown(_page(cast.secretary, OPEN, which=which)) == expected, which
    assert shown(_page(cast.park_head, OPEN)) == {"Bildirilen iş", "Yeni iş"}
    assert shown(_page(cast.secretary, OPEN, department=cast.fen.code)) == {"Geciken iş"}
    assert shown(_page(cast.secretary, OPEN, principal=str(cast.deputys.key))) == {"Yeni iş"}
    assert shown(_page(cast.secretary, OPEN, principal="x")) == set()
    assert "2 gün gecikti" in _page(cast.mayor, OPEN)
    assert shown(_page(cast.secretary, LIST, q="BİLDİRİLEN")) == {"Bildirilen iş"}
    for person, expected, words in (  # the queue of the start page: with whom the next step is
        (cast.secretary, {"Bildirilen iş"}, "Sonucu onayla"),
        (cast.park_clerk, {"Yeni iş"}, "Alındığını onayla"),
        (cast.fen_head, {"Geciken iş"}, "2 gün gecikti"),
    ):
        home = _page(person, "/admin/")
        assert shown(home) == expected, person
        assert words in home


def test_the_weekly_list_is_a_pdf_without_what_is_confidential(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_instruction(cast.mayors, cast.fen, "Açık #iş *yıldız*", by=cast.secretary)
    make_instruction(cast.mayors, cast.fen, "Gizli iş", by=cast.secretary, is_confidential=True)
    given: list[Any] = []
    real = typesetting.pdf

    def pdf(name: str, values: dict[str, Any]) -> bytes:
        given.append(values)
        return real(name, values)

    monkeypatch.setattr(typesetting, "pdf", pdf)
    answer = signed_in(cast.secretary).get(f"{OPEN}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    (section,) = given[0]["sections"]
    assert [line["subject"] for line in section["rows"]] == ["Açık #iş *yıldız*"]
    assert signed_in(cast.outsider).get(f"{OPEN}pdf/").content.startswith(b"%PDF"), "an empty list too"


def test_an_instruction_comes_of_a_meeting_a_request_an_invitation_or_a_case_in_one_step(cast: Cast) -> None:
    ends = {
        "entry": make_entry(cast.mayors, "Esnaf toplantısı"),
        "request": make_request(cast.mayors, "Esnaf görüşmesi"),
        "invitation": make_invitation(cast.mayors, "Esnaf yemeği"),
        "complaint": make_complaint("Esnaf şikâyeti", to=cast.park),
    }
    client = signed_in(cast.secretary)
    for name, row in ends.items():
        page = client.get(f"{NEW}?{name}={row.key}").content.decode()
        assert "Esnaf" in page, name
        made: Any = client.post(f"{NEW}?{name}={row.key}", _typed(cast, setting="MEETING"))
        assert made.status_code == 302, name
        with system():
            assert getattr(Instruction.objects.latest("pk"), f"{name}_id") == row.pk
        assert "Esnaf" in client.get(made.url).content.decode(), name


def test_nothing_hidden_is_linked_or_shown(cast: Cast) -> None:
    secret = make_entry(cast.mayors, "Gizli görüşme", by=cast.mayor, readers=(cast.mayor,))
    client = signed_in(cast.secretary)
    assert client.get(f"{NEW}?entry={secret.key}").status_code == 404
    assert client.post(f"{NEW}?entry={secret.key}", _typed(cast)).status_code == 404
    case = make_complaint("Gürültü", to=cast.park)
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary, complaint=case)
    assert "Gürültü" in _page(cast.secretary, _url(row))
    assert "Gürültü" not in _page(cast.fen_clerk, _url(row))


def test_pages_cost_the_same_with_many_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    def cost(user: Any, url: str) -> int:
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(200) as found:
            client.get(url)
        return len(found)

    make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    urls = [(cast.secretary, LIST), (cast.secretary, OPEN), (cast.fen_head, "/admin/"), (cast.fen_head, OPEN)]
    few = [cost(*one) for one in urls]
    for _each in range(8):
        make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    assert [cost(*one) for one in urls] == few
