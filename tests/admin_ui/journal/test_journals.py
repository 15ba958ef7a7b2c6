"""The journal and the read log as pages: who did what, who looked at whom, narrowed by kind and day."""

from __future__ import annotations

import datetime as dt
import re

from backend.core.localtime import today
from backend.core.session import system
from backend.journal.actions import record
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint

JOURNAL, READ_LOG = "/admin/journal/auditlog/", "/admin/journal/accesslog/"


def _rows(page: str) -> list[str]:
    """The text of each row of the list."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_the_read_log_says_who_looked_at_whom_where_and_when(cast: Cast):
    case = make_complaint(to=cast.fen, applicant=make_citizen("İrem", "Çınar"))
    signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/")
    reader = signed_in(cast.office_head)
    (row,) = _rows(reader.get(READ_LOG).content.decode())
    for part in (f"{today():%d.%m.%Y}", str(cast.fen_clerk), "İrem ÇINAR", "başvuru sayfası"):
        assert part in row, part
    tomorrow = today() + dt.timedelta(days=1)
    assert "İrem ÇINAR" not in reader.get(f"{READ_LOG}?at_from={tomorrow}").content.decode()
    bare = signed_in(cast.administrator).get(READ_LOG).content.decode()
    assert str(cast.fen_clerk) in bare
    assert "ÇINAR" not in bare, "Bilgi İşlem learns that somebody was looked at, and not who"


def test_the_journal_says_what_was_done_by_whom_and_is_narrowed_by_kind(cast: Cast):
    with system():
        record(verb="department_renamed", about=cast.fen, by=cast.office_head, note="Fen → Yol")
        record(verb="leave_added", about=cast.office, by=cast.secretary, note="Kar")
    client = signed_in(cast.office_head)
    both = _rows(client.get(JOURNAL).content.decode())
    assert any("Fen → Yol" in row and str(cast.office_head) in row for row in both)
    assert any("Kar" in row and str(cast.secretary) in row for row in both)
    narrowed = _rows(client.get(f"{JOURNAL}?what=leave_added").content.decode())
    assert len(narrowed) == 1
    assert "Kar" in narrowed[0]
    client.post(JOURNAL, {"action": "delete_selected", "post": "yes"})
    assert _rows(client.get(JOURNAL).content.decode()) == both
