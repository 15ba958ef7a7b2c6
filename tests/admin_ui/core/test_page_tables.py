"""A table inside a page is taken along by the gate of every list: what its page shows to this person, all of it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse
from openpyxl import load_workbook

from admin_ui.core.page_tables import OF, TABLES, ExportableTable
from admin_ui.partners import lists as partner_lists
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Event
from backend.exports.models import Export
from backend.journal.models import AccessLog, AuditLog
from backend.partners import lists
from backend.partners.models import ContactList, Organisation
from permissions.exports import access
from schema.core.nodes import global_id
from tests.backend.stories import say, through_cimer
from tests.cast import CONTENT, Cast, Populated, as_viewer, in_mind, signed_in
from tests.days import day
from tests.factories import (
    at,
    make_citizen,
    make_engagement,
    make_event,
    make_instruction,
    make_organisation,
    refetch,
)
from tests.harness.tiers import sample
from tests.schema.client import Asking

START = """mutation($input: ExportStartInput!) { exportStart(input: $input) {
  errors { code message field } export { rowsTotal title } } }"""


def take(person: Any, name: str, row: Model | None = None, format: str = "CSV", **asked: str) -> Any:
    said = ({OF: str(row.key)} if row else {}) | asked  # type: ignore[attr-defined]
    return signed_in(person).post(f"/admin/export/{name}/", {"format": format, **said})


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def _menus(page: str) -> set[str]:
    return set(re.findall(r'action="/admin/export/([a-z_]+)/"', page))


@pytest.fixture
def opening(cast: Cast) -> Event:
    """Forty guests to be called, three tasks."""
    event = make_event(cast.mayors, "Park açılışı", starts_at=at(day(31), "14:00"))
    with system():
        for number in range(40):
            person = make_citizen("Konuk", f"Çınar{number:02}", phone=f"+9053212345{number:02}")
            events.add_guest(refetch(event), by=None, person=person, title="Müdür")
        for title, department in (("Ses", cast.fen), ("=1+1", cast.fen), ("Çiçek", cast.park)):
            events.add_task(refetch(event), by=None, title=title, department=department)
    return refetch(event)


@in_mind()
def test_every_table_is_what_its_page_shows_and_nobody_takes_what_they_may_not_open(
    cast: Cast, populated: Populated
) -> None:
    """Each viewer asks for each table of each row: the file is there exactly where the page is."""
    waiting = through_cimer()
    for verb, said in (("draft", {"body": "Onarıldı."}), ("submit", {}), ("approve", {})):
        say(waiting, verb, by=cast.secretary, **said)
    taken: set[str] = set()
    with system():
        rows: dict[str, list[Any]] = {
            name: list(table.of._default_manager.order_by("pk")[:3]) if table.of else [None]
            for name, table in TABLES.items()
        }
    tables = dict(sample([*TABLES.items()], 4))
    for member in ("secretary", "fen_clerk", "mayor", "outsider"):
        person = cast.people()[member]
        client = signed_in(person)
        for name, table in tables.items():
            for row in rows[name]:
                page = client.get(table.back(row), follow=True, headers=CONTENT)
                answer = take(person, name, row)
                assert (answer.status_code == 200) is (page.status_code == 200), (member, name, row)
                if page.status_code == 200:
                    told = rows_of(answer)
                    assert told[0] == [str(column.title) for column in table.columns]
                    if len(told) > 1:
                        taken.add(name)
                        assert name in _menus(page.content.decode()), (member, name, row)
                        for line in told[1:]:
                            assert line[0].lstrip("'")[:20].strip(), (member, name, line)
    assert taken >= set(tables) - {"event_calls", "public_day_visits"}, set(tables) - taken


def test_the_calling_list_holds_all_who_wait_and_says_so_in_the_read_log(cast: Cast, opening: Event) -> None:
    told = rows_of(take(cast.secretary, "event_calls", opening))
    assert len(told) == 41, "and not the thirty that the page shows"
    assert told[1][1] == "Müdür"
    assert told[1][3].startswith("0532 123")
    with system():
        line = AuditLog.objects.get(verb="list_exported")
        assert line.subject_label == "Arama listesi, CSV", "it names nobody and no event"
        noted = AccessLog.objects.filter(purpose="admin: calling list (exported)").values_list(
            "subject_ids", flat=True
        )
        assert len({pk for ids in noted for pk in ids}) == 40
        assert Export.objects.get().rows_total == 40
    assert take(cast.fen_clerk, "event_calls", opening).status_code == 404, "it sees the event and no guest"
    assert take(cast.park_head, "event_calls").status_code == 404


@pytest.mark.parametrize("format", ["XLSX", "CSV", "PDF"])
def test_a_table_comes_in_every_format(cast: Cast, opening: Event, format: str) -> None:
    answer = take(cast.secretary, "event_tasks", opening, format)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Disposition"].rstrip('"').endswith(f".{format.lower()}")
    assert "Park" not in answer["Content-Disposition"]
    if format == "CSV":
        assert {line[0] for line in rows_of(answer)[1:]} == {"Ses", "'=1+1", "Çiçek"}
        theirs = rows_of(take(cast.fen_clerk, "event_tasks", opening))
        assert {line[0] for line in theirs[1:]} == {"Ses", "'=1+1"}, "its own tasks, as on the page"


def test_what_narrows_the_page_narrows_the_file_and_nothing_else_does(cast: Cast) -> None:
    for department, text in ((cast.fen, "Yol"), (cast.park, "Bank")):
        make_instruction(cast.mayors, department, text, by=cast.secretary)
    whole = rows_of(take(cast.secretary, "instructions_open"))
    assert [line[2] for line in whole[1:]] == ["Yol", "Bank"]
    one = rows_of(take(cast.secretary, "instructions_open", department="fen-isleri"))
    assert [line[2] for line in one[1:]] == ["Yol"]
    page = signed_in(cast.secretary).get("/admin/instructions/instruction/open/?department=fen-isleri")
    assert '<input type="hidden" name="department" value="fen-isleri">' in page.content.decode()
    wrong = take(cast.secretary, "instructions_open", surname="Ak")
    assert wrong.status_code == 302
    assert wrong["Location"].startswith("/admin/instructions/instruction/open/")
    assert take(cast.secretary, "nothing").status_code == 404


def test_graphql_takes_the_same_table_along_by_the_id_of_its_row(cast: Cast, opening: Event) -> None:
    said = {"list": "event_tasks", "format": "CSV", "filters": [{"name": "of", "value": global_id(opening)}]}
    found = Asking(cast.secretary).data(START, input=said)["exportStart"]
    assert found == {"errors": [], "export": {"rowsTotal": 3, "title": "İşler ve giderler"}}
    hidden = Asking(cast.park_clerk).data(START, input={**said, "list": "event_calls"})["exportStart"]
    assert [error["code"] for error in hidden["errors"]] == ["NOT_FOUND"]
    wrong = Asking(cast.secretary).data(START, input={**said, "list": "nothing"})["exportStart"]["errors"]
    assert "event_calls" in wrong[0]["message"], "it says what there is"


@pytest.fixture
def invited(cast: Cast) -> ContactList:
    """Six associations, in the order of their names."""
    for number in range(1, 7):
        make_organisation(f"Dernek {number}", tags=["davet"])
    with system():
        return lists.make(by=None, title="Davetliler", tags=["davet"])


def test_what_comes_and_goes_between_two_slices_shifts_nothing(
    cast: Cast, invited: ContactList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file opens its list anew for each slice: a new first entry and one that left neither double a row nor
    leave one out."""
    from backend.exports import jobs, making

    monkeypatch.setattr(access, "AT_ONCE", 3)
    monkeypatch.setattr(making, "SLICE", 2)
    assert take(cast.secretary, "contact_list", invited).status_code == 302
    cells, slices = ExportableTable.cells, []

    def meanwhile(self: ExportableTable, keys: Any) -> Any:
        found = cells(self, keys)
        slices.append(len(found))
        if len(slices) == 1:
            with system():
                gone = Organisation.objects.get(name="Dernek 2")
                lists.leave_out(refetch(invited), by=None, organisation=gone)
                lists.add(refetch(invited), by=None, organisation=Organisation.objects.get(name="Dernek 6"))
        return found

    monkeypatch.setattr(ExportableTable, "cells", meanwhile)
    with as_viewer(cast.secretary):
        (row,) = Export.objects.all()
    jobs.make_export(key=str(row.key))
    with as_viewer(cast.secretary):
        text = Export.objects.get().file.read().decode("utf-8-sig")
    names = [line[0] for line in csv.reader(io.StringIO(text, newline=""), delimiter=";")][1:]
    assert names == [f"Dernek {number}" for number in range(1, 7)]


def test_where_a_table_is_cut_the_file_and_the_page_say_so(
    cast: Cast, invited: ContactList, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = signed_in(cast.secretary), reverse("admin:partners_contactlist_change", args=[invited.key])
    assert "En fazla 5.000 satır" in client.get(page).content.decode()
    assert "İlk 4 kayıt" not in client.get(page).content.decode()
    monkeypatch.setattr(partner_lists, "SHOWN", 4)
    assert "İlk 4 kayıt" in client.get(page).content.decode()
    monkeypatch.setitem(TABLES, "contact_list", replace(TABLES["contact_list"], most=4))
    sheet = load_workbook(io.BytesIO(take(cast.secretary, "contact_list", invited, "XLSX").content)).active
    told = [str(row[0].value or "") for row in sheet.iter_rows()]
    assert sum(text.startswith("Dernek ") for text in told) == 4
    assert any("en çok 4" in text for text in told), told
    (union,) = [row for row in _organisations() if row.name == "Dernek 1"]
    for number in range(3):
        make_engagement(cast.mayors, f"Tanışma {number}", organisation=union)
    monkeypatch.setitem(TABLES, "organisation_timeline", replace(TABLES["organisation_timeline"], most=2))
    sheet = load_workbook(
        io.BytesIO(take(cast.secretary, "organisation_timeline", union, "XLSX").content)
    ).active
    told = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
    assert sum(text.startswith("Tanışma ") for text in told) == 2
    assert any("en çok 2" in text for text in told), told


def _organisations() -> list[Organisation]:
    with system():
        return list(Organisation.objects.all())


def test_a_large_table_is_made_by_the_worker_by_the_slice(
    cast: Cast, opening: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.exports import jobs, making

    monkeypatch.setattr(access, "AT_ONCE", 10)
    monkeypatch.setattr(making, "SLICE", 7)
    answer = take(cast.secretary, "event_calls", opening)
    assert answer.status_code == 302
    with as_viewer(cast.secretary):
        (row,) = Export.objects.all()
        key = str(row.key)
    jobs.make_export(key=key)
    with as_viewer(cast.secretary):
        row = Export.objects.get()
        assert (row.status, row.rows_total) == ("DONE", 40)
