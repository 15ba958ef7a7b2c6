"""CİMER's desk: what is to be entered, with its age; the list that is handed over, and the list that comes back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from backend.complaints.choices import Status
from backend.complaints.models import Complaint, Notice
from backend.core.localtime import today
from backend.core.session import system
from tests.backend.stories import say, through_cimer
from tests.cast import Cast, signed_in
from tests.factories import refetch

DESK = "/admin/cimer/"
HEAD = "CİMER başvuru numarası;CİMER'e girildiği gün;CİMER'in onayı\n"
TODAY = f"{today():%d.%m.%Y}"


def approved(number: str, cast: Cast, days_ago: int = 0, **facts: Any) -> Complaint:
    case = through_cimer(number, to=cast.fen, accepted_by=cast.fen_clerk, **facts)
    say(case, "draft", by=cast.fen_clerk, body=f"Onarıldı ({number}).")
    say(case, "submit", by=cast.fen_clerk)
    say(case, "approve", by=cast.secretary)
    with system():
        Notice.objects.filter(complaint=case).update(approved_at=timezone.now() - dt.timedelta(days=days_ago))
    return refetch(case)


def words_of(answer: Any) -> str:
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text.replace("&#x27;", "'")


def look(client: Client, table: str | bytes) -> str:
    file = io.BytesIO(table.encode() if isinstance(table, str) else table)
    file.name = "donus.csv"
    return words_of(client.post(DESK, {"file": file}))


def ticket(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    return found[1] if found else ""


def record(client: Client, table: str | bytes) -> str:
    held = ticket(look(client, table))
    assert held
    return words_of(client.post(DESK, {"ticket": held}, follow=True))


def test_the_desk_lists_what_waits_with_its_age(cast: Cast) -> None:
    old, new = approved("2600-000001", cast, 3), approved("2600-000002", cast)
    through_cimer("2600000003")
    client = signed_in(cast.secretary)
    page = words_of(client.get(DESK))
    assert [old.reference in page, new.reference in page, "2600000003" in page] == [True, True, False]
    assert "3 gündür" in page
    assert "Onarıldı (2600-000001)." in page
    tab = words_of(client.get("/admin/complaints/complaint/?tab=to_enter"))
    assert tab.count("CİMER'e girilecek · ") == 2
    assert "3 gündür" in tab
    assert DESK in tab
    home = words_of(client.get("/admin/"))
    assert 'href="?show=to_enter">CİMER\'e girilecek <strong>2<' in home
    assert old.reference not in words_of(client.get("/admin/complaints/complaint/?tab=approved"))
    case = words_of(client.get(f"/admin/complaints/complaint/{old.key}/change/?do=record_cimer_entry"))
    assert "2600000001" in case
    assert "Onarıldı (2600-000001)." in case


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    approved("1", cast)
    client.get(DESK)
    with CaptureQueriesContext(connection) as one:
        client.get(DESK)
    for number in range(2, 6):
        approved(str(number), cast)
    with CaptureQueriesContext(connection) as five:
        client.get(DESK)
    assert len(five) == len(one)


@pytest.mark.parametrize("member", ["fen_head", "fen_clerk", "mayor", "outsider", "park_head"])
def test_the_desk_is_the_offices(cast: Cast, member: str) -> None:
    approved("1", cast)
    client = signed_in(getattr(cast, member))
    assert client.get(DESK).status_code == 404
    assert client.post(DESK, {"ticket": "x"}).status_code == 404
    assert client.post("/admin/export/complaints_cimer/", {"format": "CSV"}).status_code == 404


def test_a_head_who_may_approve_works_at_it_for_their_own_department(cast: Cast, settings: Any) -> None:
    settings.HEAD_MAY_APPROVE = True
    mine = approved("2600000001", cast)
    other = through_cimer("2600000002", to=cast.park)
    client = signed_in(cast.fen_head)
    page = words_of(client.get(DESK))
    assert mine.reference in page
    told = look(client, f"{HEAD}2600000001;{TODAY};4711\n2600000002;{TODAY};4712\n2600000009;{TODAY};4713\n")
    assert other.reference not in told
    hidden, missing = (
        re.search(rf"başvuru bulunmuyor: {number}", told) for number in ("2600000002", "2600000009")
    )
    assert hidden
    assert missing


def test_the_list_that_is_handed_over_comes_back_filled_in(cast: Cast) -> None:
    case, later = approved("2600-000001", cast, 2), approved("2600-000002", cast)
    client = signed_in(cast.secretary)
    taken = client.post("/admin/export/complaints_cimer/", {"format": "CSV"}).content.decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(taken), delimiter=";"))
    assert head[:4] == ["CİMER başvuru numarası", "Başvuru no", "Müdürlük", "Onaylandığı gün"]
    assert {row[0]: row[5] for row in rows} == {
        "2600000001": "Onarıldı (2600-000001).",
        "2600000002": "Onarıldı (2600-000002).",
    }
    for row in rows:
        if row[0] == "2600000001":
            row[6:8] = [TODAY, "CİMER onayı 4711"]
    back = io.StringIO()
    csv.writer(back, delimiter=";").writerows([head, *rows])
    page = look(client, back.getvalue())
    assert refetch(case).status == Status.APPROVED, "looking writes nothing"
    assert "Girilen: 1" in page
    assert "henüz girilmemiş: 1" in page
    record(client, back.getvalue())
    assert (refetch(case).status, refetch(later).status) == (Status.REPLIED, Status.APPROVED)
    with system():
        notice = Notice.objects.get(complaint=case)
    assert (notice.means, notice.proof) == ("CIMER", "CİMER onayı 4711")
    again = look(client, back.getvalue())
    assert not ticket(again), "read twice it records nothing"
    assert f"{TODAY} günü girildiği kayıtlı" in again


def test_the_same_as_a_workbook(cast: Cast) -> None:
    case = approved("2600000001", cast)
    client = signed_in(cast.secretary)
    taken = client.post("/admin/export/complaints_cimer/", {"format": "XLSX"}).content
    book = load_workbook(io.BytesIO(taken))
    sheet = book.active
    assert sheet is not None
    (row,) = [cells for cells in sheet.iter_rows() if str(cells[0].value) == "2600000001"]
    row[0].value, row[6].value, row[7].value = 2600000001, today(), "4711"
    back = io.BytesIO()
    book.save(back)
    record(client, back.getvalue())
    assert refetch(case).status == Status.REPLIED


def test_each_row_that_cannot_be_recorded_says_why_and_the_others_are(cast: Cast) -> None:
    good = approved("2600000001", cast)
    approved("2600000002", cast)
    approved("2600000003", cast)
    through_cimer("2600000004")
    tomorrow = f"{today() + dt.timedelta(days=1):%d.%m.%Y}"
    table = HEAD + "".join(
        [
            f"2600-000001;{TODAY};4711\n",
            f"26 00 000001;{TODAY};4711\n",
            f"2600000002;{tomorrow};4712\n",
            f"2600000003;{TODAY};\n",
            f"2600000004;{TODAY};4713\n",
            f"2699999999;{TODAY};4714\n",
            "2600000002;;4712\n",
            "2600000003;dün;4712\n",
            f";{TODAY};4715\n",
        ]
    )
    client = signed_in(cast.secretary)
    page = look(client, table)
    for words in (
        "2. satırda aynı numara var",
        "arasında bir gün yazınız",
        "CİMER'in onayını",
        "cevabı onaylanmış değil",
        "başvuru bulunmuyor: 2699999999",
        "girildiği gün eksik",
        "Başvuru numarası yok",
    ):
        assert words in page, words
    done = record(client, table)
    assert "kaydedilemeyen: " in done
    with system():
        replied = list(Complaint.objects.filter(status=Status.REPLIED))
    assert replied == [good]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("Ad;Soyad\nAyşe;Işık\n", "CİMER başvuru numarası"),
        ("CİMER no;Ad\n1;Ayşe\n", "girildiği gün"),
        ("", "boş"),
    ],
)
def test_a_file_that_is_no_return_is_refused_with_a_sentence(cast: Cast, table: str, words: str) -> None:
    page = look(signed_in(cast.secretary), table)
    assert words in page
    assert not ticket(page)


def test_a_preview_of_somebody_else_is_none(cast: Cast) -> None:
    case = approved("2600000001", cast)
    held = ticket(look(signed_in(cast.secretary), f"{HEAD}2600000001;{TODAY};4711\n"))
    signed_in(cast.office_head).post(DESK, {"ticket": held})
    assert refetch(case).status == Status.APPROVED
