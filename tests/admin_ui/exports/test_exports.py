"""Every list can be taken along: what a person sees of it, all rows, and nothing else."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from admin_ui.core.listing import name_of
from admin_ui.core.page_tables import text_of
from admin_ui.core.screen import ScopedAdmin
from backend.complaints import actions
from backend.core.session import system
from backend.documents import table_writer
from backend.exports.models import Export
from backend.instructions.models import Instruction
from backend.journal.models import AccessLog, AuditLog
from backend.organization.models import User
from permissions.core import grants
from permissions.exports import access
from permissions.models import DepartmentGrant
from tests.backend.stories import say
from tests.cast import CONTENT, Cast, Populated, as_viewer, in_mind, signed_in
from tests.factories import make_citizen, make_complaint, make_instruction
from tests.harness.tiers import sample, size

CASES = "complaints_complaint"
LIST = "/admin/complaints/complaint/"


def take(person: User, name: str, format: str = "CSV", **asked: str) -> Any:
    return signed_in(person).post(f"/admin/export/{name}/", {"format": format, **asked})


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def shown_rows(page: Any) -> list[list[str]]:
    """The cells of the table that a page draws, as a CSV holds their texts."""
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [
        re.findall(r"<td[^>]* data-label=[^>]*>(.*?)</td>", row, re.S) for row in body.split("</tr>")[:-1]
    ]
    texts = [[text_of(cell) for cell in row] for row in rows]
    return [[table_writer._csv_cell("" if text == "–" else text) for text in row] for row in texts]


def screens() -> list[ScopedAdmin]:
    found = [one for one in admin.site._registry.values() if isinstance(one, ScopedAdmin)]
    return [one for one in found if one.can_be_exported]


CLOCK = re.compile(r"\b(\d\d):(\d\d)\b")


def kept(person: User) -> list[Export]:
    with as_viewer(person):
        return list(Export.objects.order_by("pk"))


@in_mind()
def test_the_export_of_every_list_is_what_the_page_shows_to_each_person(
    cast: Cast, populated: Populated
) -> None:
    """In every tab; who may not open a page may not export it either."""
    compared = 0
    for name in (
        "secretary",
        "fen_clerk",
        "park_clerk",
        "mayor",
        "deputy_mayor",
        "outsider",
        "administrator",
    ):
        client = signed_in(cast.people()[name])
        for screen in sample(screens(), 16):
            for tab in ("", *(tab.name for tab in screen.tabs)):
                asked = {"tab": tab} if tab else {}
                shown = client.get(screen.url("changelist"), asked, headers=CONTENT)
                answer = client.post(f"/admin/export/{name_of(screen)}/", {"format": "CSV", **asked})
                if shown.status_code == 404:
                    assert answer.status_code == 404, (name, name_of(screen))
                    continue
                listing = shown.context["list"]
                if tab and listing.tab.name != tab:  # it is not for them
                    assert answer.status_code == 302, (name, name_of(screen), tab)
                    continue
                if listing.counted > access.AT_ONCE:  # the read log, after all these pages
                    assert answer.status_code == 302
                    continue
                told = rows_of(answer)
                assert told[0] == [str(column.title) for column in listing.columns]
                on_page = shown_rows(shown)
                assert listing.counted == len(told) - 1
                assert len(on_page) == min(listing.page_size, listing.counted)
                for seen, exported in zip(on_page, told[1:], strict=False):
                    cells = [
                        exported[place] for place, _column in listing.shown
                    ]  # a file has what is put away too
                    for (_place, column), text, cell in zip(listing.shown, seen, cells, strict=True):
                        # A program reads 19:45, a person 19.45.
                        assert CLOCK.sub(r"\1.\2", cell) == text or column.html, (
                            name,
                            name_of(screen),
                            tab,
                            column.title,
                        )
                compared += len(on_page)
    assert compared > size(-1, 500)


def test_filters_search_and_order_are_those_of_the_list_and_the_page_is_not(cast: Cast) -> None:
    for number in range(60):
        make_complaint(f"Lamba {number:02}", to=cast.fen, channel="PHONE" if number % 2 else "COUNTER")
    answer = take(cast.secretary, CASES, tab="all", channel="PHONE", q="lamba", sort="-0")
    subjects = [row[1] for row in rows_of(answer)[1:]]
    assert subjects == [f"Lamba {number:02}" for number in range(59, 0, -2)]
    body = signed_in(cast.secretary).get(f"{LIST}?tab=all&channel=PHONE&q=lamba&sort=-0").content.decode()
    for name, value in {"tab": "all", "channel": "PHONE", "q": "lamba", "sort": "-0"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in body
    assert 'action="/admin/export/complaints_complaint/"' in body
    assert len(rows_of(take(cast.secretary, CASES, tab="all"))) == 61


def test_cells_are_values_and_words_never_html(cast: Cast) -> None:
    make_complaint("=1+1 <b>İğde</b>", to=cast.fen, priority="URGENT")
    answer = take(cast.secretary, CASES, "XLSX", tab="all")
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Disposition"].rstrip('"').endswith(".xlsx")
    assert answer["X-Content-Type-Options"] == "nosniff"
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "Sekme: Tümü"
    assert cast.secretary.get_full_name() in rows[2][0]
    row = dict(zip(rows[4], rows[5], strict=True))
    assert row["Konu"].startswith("=1+1 <b>İğde</b>")
    assert row["Hedef tarih"].year >= 2026
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert take(cast.secretary, CASES, "PDF", tab="all").content.startswith(b"%PDF")


def test_a_mark_that_is_said_to_the_ear_is_no_word_of_a_cell(cast: Cast) -> None:
    make_complaint("Rögar kapağı")
    assert "sıra bizde" in signed_in(cast.secretary).get(f"{LIST}?tab=all").content.decode()
    headings, row = rows_of(take(cast.secretary, CASES, tab="all"))
    assert row[headings.index("Durum")] == "Yeni"


def test_a_hidden_identity_stays_hidden_and_a_search_by_name_finds_nothing_through_it(cast: Cast) -> None:
    somebody = make_citizen("Zübeyde", "Kırmızıgül", phone="+905321112233")
    make_complaint("İhbar", to=cast.fen, applicant=somebody, identity_hidden=True)
    assert len(rows_of(take(cast.secretary, CASES, tab="all", q="Kırmızıgül"))) == 2
    assert len(rows_of(take(cast.fen_clerk, CASES, tab="all", q="Kırmızıgül"))) == 1
    assert len(rows_of(take(cast.fen_clerk, "contacts_citizen"))) == 1


def test_a_file_outlives_no_identity_that_was_hidden_after_it_was_made(cast: Cast) -> None:
    """An identity that was hidden before is in no file, and hinders none."""
    case = make_complaint(to=cast.fen, applicant=make_citizen("Zübeyde", "Kırmızıgül"))
    make_complaint(to=cast.fen, applicant=make_citizen("Ömer", "Saklı"), identity_hidden=True)
    text = take(cast.fen_clerk, CASES, tab="all").content.decode()
    assert ("KIRMIZIGÜL" in text, "SAKLI" in text) == (True, False)
    [row] = kept(cast.fen_clerk)
    address = f"/admin/exports/export/{row.key}/file/"
    assert signed_in(cast.fen_clerk).get(address).status_code == 200
    say(case, "correct", by=cast.secretary, identity_hidden=True)
    assert signed_in(cast.fen_clerk).get(address).status_code == 403
    assert "KIRMIZIGÜL" not in take(cast.fen_clerk, CASES, tab="all").content.decode()


def test_each_person_in_an_export_is_in_the_read_log_as_exported(cast: Cast) -> None:
    people = [make_citizen("Gül", f"Tekin{n}") for n in range(3)]
    with system():
        before = AccessLog.objects.count()
    assert len(rows_of(take(cast.secretary, "contacts_citizen"))) == 4
    with system():
        [line] = AccessLog.objects.order_by("pk")[before:]
    assert sorted(line.subject_ids) == sorted(one.pk for one in people)
    assert (line.reader_id, line.purpose) == (cast.secretary.pk, "admin: list of citizens (exported)")
    page = signed_in(cast.office_head).get("/admin/journal/accesslog/").content.decode()
    assert "vatandaş listesi (dışa aktarıldı)" in page


def test_the_journal_says_who_took_which_list_and_how_many_rows_but_not_what_was_searched(cast: Cast) -> None:
    make_citizen("Gül", "Tekin")
    answer = take(cast.secretary, "contacts_citizen", q="Tekin")
    assert "tekin" not in answer["Content-Disposition"].lower()
    with system():
        line = AuditLog.objects.get(verb="list_exported")
    assert (line.actor_id, line.subject_label, line.note) == (
        cast.secretary.pk,
        "Vatandaşlar, CSV",
        "1 satır",
    )
    [row] = kept(cast.secretary)
    assert (row.status, row.asked, row.rows_total) == ("DONE", {}, 1)
    assert "ekin" not in f"{row.name}{row.title}{row.file.name}"


def test_an_export_is_its_owners_alone(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    take(cast.secretary, CASES, tab="all")
    [row] = kept(cast.secretary)
    assert kept(cast.office_head) == kept(cast.administrator) == []
    address = f"/admin/exports/export/{row.key}/"
    for tail in ("change/", "file/"):
        assert signed_in(cast.secretary).get(address + tail).status_code == 200
        for other in (cast.office_head, cast.administrator, cast.mayor, cast.fen_clerk):
            assert signed_in(other).get(address + tail).status_code == 404
    assert signed_in(cast.office_head).post(address + "stop/").status_code == 404
    fetched = signed_in(cast.secretary).get(address + "file/")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert "no-store" in fetched["Cache-Control"]
    assert len(rows_of(fetched)) == 2
    assert "Dışa aktarımlar" in signed_in(cast.secretary).get("/admin/exports/export/").content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"tab": "xyz"}, "böyle bir sekme yok"),
        ({"xyz": "1"}, "böyle bir süzgeç yok"),
        ({"channel": "xyz"}, "böyle bir değer yok"),
        ({"registered_from": "herhangi"}, "2026-11-26"),
        ({"format": "DOC"}, "XLSX, CSV, PDF"),
    ],
)
def test_what_the_list_does_not_know_is_refused_with_what_there_is(
    cast: Cast, asked: dict[str, str], said: str
) -> None:
    """Rather than exporting more than was meant."""
    make_complaint(to=cast.fen)
    answer = signed_in(cast.secretary).post(
        "/admin/export/complaints_complaint/", {"format": "CSV", **asked}, follow=True
    )
    assert said in answer.content.decode()
    assert kept(cast.secretary) == []


def test_nothing_is_exported_by_a_link_or_without_the_token_of_the_form(cast: Cast) -> None:
    assert signed_in(cast.secretary).get("/admin/export/complaints_complaint/").status_code == 405
    client = signed_in(cast.secretary)
    client.handler.enforce_csrf_checks = True
    assert client.post("/admin/export/complaints_complaint/", {"format": "CSV"}).status_code == 403
    assert take(cast.secretary, "organization_nothing").status_code == 404
    assert take(cast.fen_clerk, "organization_user").status_code == 404
    assert take(cast.secretary, "exports_export").status_code == 404


def test_a_pdf_of_too_many_rows_says_what_to_do(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(table_writer, "PDF_ROWS", 2)
    for _number in range(3):
        make_complaint(to=cast.fen)
    answer = signed_in(cast.secretary).post(
        "/admin/export/complaints_complaint/", {"format": "PDF", "tab": "all"}, follow=True
    )
    assert "Bir PDF en çok 2 satır alır" in answer.content.decode()


def test_after_a_refusal_the_list_stands_as_it_was_but_for_what_was_searched(cast: Cast) -> None:
    answer = take(cast.secretary, CASES, "PNG", tab="all", q="Tekin", priority="URGENT")
    assert answer["Location"] == f"{LIST}?tab=all&priority=URGENT"
    assert take(cast.secretary, CASES, "PNG")["Location"] == LIST


def test_a_large_one_waits_for_the_worker_and_two_presses_are_one(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(access, "AT_ONCE", 2)
    for _number in range(3):
        make_complaint(to=cast.fen)
    first = take(cast.secretary, CASES, tab="all")
    again = take(cast.secretary, CASES, tab="all")
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    [row] = kept(cast.secretary)
    assert (row.status, row.asked) == ("WAITING", {"tab": "all"})
    page = signed_in(cast.secretary).get(first["Location"]).content.decode()
    assert re.search(r'id="export"[^>]* data-follow=', page)
    other = signed_in(cast.secretary).post(
        "/admin/export/complaints_complaint/", {"format": "XLSX", "tab": "all"}, follow=True
    )
    assert "henüz sürüyor" in other.content.decode()
    stopped = signed_in(cast.secretary).post(f"/admin/exports/export/{row.key}/stop/", follow=True)
    assert "Durduruldu" in stopped.content.decode()
    [row] = kept(cast.secretary)
    assert (row.status, row.asked) == ("STOPPED", {})
    assert take(cast.secretary, CASES, tab="open").status_code == 302


def test_a_file_does_not_outlive_the_right_to_it(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    clerk = signed_in(cast.fen_clerk)
    take(cast.fen_clerk, CASES)
    with system():
        more = grants.give(cast.fen_clerk, "work_department", cast.park, by=None)
    take(cast.fen_clerk, CASES)
    before, after = (f"/admin/exports/export/{row.key}/file/" for row in kept(cast.fen_clerk))
    assert [clerk.get(address).status_code for address in (before, after)] == [200, 200]
    with system():
        grants.take(more, by=None)
    assert [clerk.get(address).status_code for address in (before, after)] == [200, 403]
    with system():
        for grant in DepartmentGrant.objects.filter(user=cast.fen_clerk):
            grants.take(grant, by=None)
    assert clerk.get(before).status_code in (403, 404)


def test_of_a_table_inside_a_page_it_is_asked_what_is_seen_and_not_what_still_stands_in_it(
    cast: Cast,
) -> None:
    said = ("Gider", "Kalır")
    case, _other = (make_instruction(cast.mayors, cast.fen, text, by=cast.secretary) for text in said)
    clerk, table = signed_in(cast.fen_clerk), "instructions_open"
    take(cast.fen_clerk, table)
    (row,) = kept(cast.fen_clerk)
    address = f"/admin/exports/export/{row.key}/file/"
    with system():
        Instruction.objects.filter(pk=case.pk).update(status="WITHDRAWN", ended_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        assert clerk.get(address).status_code == 200  # it left the table and is seen all the same
    assert len([one for one in queries if "instructions_instruction" in one["sql"]]) <= 2
    with system():
        Instruction.objects.filter(pk=case.pk).update(department=cast.park)
    assert clerk.get(address).status_code == 403
    with system():
        Export.objects.filter(pk=row.pk).update(row_keys=[])
    assert clerk.get(address).status_code == 403  # of what it holds nothing is known


def test_a_file_does_not_outlive_the_sight_of_its_rows(cast: Cast) -> None:
    case, stays = (make_complaint(subject, to=cast.fen) for subject in ("Gider", "Kalır"))
    clerk = signed_in(cast.fen_clerk)
    take(cast.fen_clerk, CASES)
    (row,) = kept(cast.fen_clerk)
    address = f"/admin/exports/export/{row.key}/file/"
    assert clerk.get(address).status_code == 200
    with system():
        actions.route(case, to=cast.park, by=cast.secretary)
    refused = clerk.get(address)
    assert refused.status_code == 403
    assert "Listeyi yeniden dışa aktarınız" in refused.content.decode()
    assert [cells[1] for cells in rows_of(take(cast.fen_clerk, CASES))[1:]] == ["Kalır"]
    assert clerk.get(f"/admin/exports/export/{kept(cast.fen_clerk)[1].key}/file/").status_code == 200
    with system():
        type(stays).objects.filter(pk=stays.pk).update(
            status="CLOSED", closed_at=timezone.now(), outcome="SOLVED"
        )
    # It left the tab of the list, and is seen all the same.
    assert clerk.get(f"/admin/exports/export/{kept(cast.fen_clerk)[1].key}/file/").status_code == 200
