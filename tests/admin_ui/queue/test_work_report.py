"""The report has the other work of the office: what the viewer sees of it, on the page and as a file."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from openpyxl import load_workbook

from backend.appointments import actions as appointments
from backend.appointments.models import Promise, PublicDaySession, Visit
from backend.core.localtime import today
from backend.core.session import system
from backend.instructions import actions as instructions
from backend.instructions.models import Instruction
from permissions.core import scope
from permissions.queue.figures import work_of
from tests.cast import Cast, signed_in
from tests.days import day
from tests.factories import make_complaint, make_instruction, make_public_day, make_request

DAY = dt.timedelta(days=1)
LIST = "/admin/appointments/publicdaysession/"
ROW = re.compile(r"<td>([^<]+)</td><td class=\"ok-number\">([\d.]+)</td>")


@pytest.fixture
def work(cast: Cast) -> None:
    make_complaint("Lamba", to=cast.fen)
    first, second = (make_request(cast.mayors, name) for name in ("Bir", "İki"))
    with system():
        appointments.decline(second, by=cast.secretary, ground="PROGRAMME", means="UNTOLD")
        Promise.objects.create(
            request=first, text="Bank konacak", due_on=today() + DAY, made_by=cast.secretary
        )
    for department in (cast.fen, cast.park):
        make_instruction(cast.mayors, department, by=cast.secretary)
    day = make_public_day(cast.mayors)
    guest = make_request(cast.mayors, "Üç")
    with system():
        appointments.assign_to_public_day(guest, by=cast.secretary, session=day, means="UNTOLD")
        Visit.objects.filter(request=guest).update(status="OUT")
        PublicDaySession.objects.filter(pk=day.pk).update(day=today())
    done = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    late = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        instructions.report(done, by=cast.fen_head, result="Yapıldı")
        Instruction.objects.filter(pk=late.pk).update(due_on=today() - DAY)


def counted(person, first: dt.date, last: dt.date) -> dict[str, dict[str, int]]:
    with scope.session(person):
        return {one.name: one.counts for one in work_of(first, last)}


def test_each_kind_is_counted_as_it_stands_today_and_only_what_is_seen(cast: Cast, work: None) -> None:
    year = (today().replace(month=1, day=1), today())
    office = counted(cast.secretary, *year)
    assert office["appointments"] == {"all": 3, "settled": 0, "declined": 1, "absent": 0, "waiting": 1}
    assert office["instructions"] == {"all": 4, "in_time": 1, "late": 0, "overdue": 1, "withdrawn": 0}
    assert office["promises"] == {"all": 1, "kept": 0, "broken": 0, "overdue": 0, "open": 1}
    assert "events" not in office  # none: no line
    assert office["public_days"] == {"all": 1, "places": 1, "came": 1}
    clerk = counted(cast.park_clerk, *year)
    assert clerk.keys() <= {"instructions"}
    assert clerk.get("instructions", {"all": 0})["all"] <= 1
    assert counted(cast.secretary, today() - 40 * DAY, today() - 30 * DAY) == {}


def test_who_had_a_place_on_a_cancelled_day_is_not_counted(cast: Cast, work: None) -> None:
    with system():
        for principal in (cast.mayors, cast.deputys):
            session, guest = make_public_day(principal, day(9)), make_request(principal, "Dört")
            appointments.assign_to_public_day(guest, by=cast.secretary, session=session, means="UNTOLD")
            Visit.objects.filter(request=guest).update(status="OUT")
            PublicDaySession.objects.filter(pk=session.pk).update(day=today() - DAY)
        PublicDaySession.objects.filter(pk=session.pk).update(status="CANCELLED")
    office = counted(cast.secretary, today() - DAY, today())
    assert office["public_days"] == {"all": 2, "places": 2, "came": 2}
    assert f"{LIST}?tab=past" in signed_in(cast.secretary).get("/admin/reports/?period=year").content.decode()


def test_the_page_and_the_file_say_the_same(cast: Cast, work: None) -> None:
    client = signed_in(cast.secretary)
    body = client.get("/admin/reports/?period=year").content.decode()
    assert "Dönemin diğer işleri" in body
    section = body.partition('id="other-work"')[2]
    shown = [(title, int(count)) for title, count in ROW.findall(section)]
    address = re.search(r'href="(/admin/reports/work/xlsx/[^"]+)"', body)
    assert address
    answer = client.get(address[1].replace("&amp;", "&"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    kept = [(row[1], row[2]) for row in sheet.iter_rows(values_only=True) if isinstance(row[2], int)]
    assert [count for _title, count in kept] == [count for _title, count in shown]
    narrowed = client.get("/admin/reports/?period=year&department=fen").content.decode()
    assert "Dönemin diğer işleri" not in narrowed
    assert client.get("/admin/reports/work/xlsx/?from=x").status_code == 200


def test_the_questions_do_not_grow_with_the_rows(cast: Cast, work: None, django_assert_num_queries) -> None:
    with scope.session(cast.secretary), django_assert_num_queries(6):
        work_of(today().replace(month=1, day=1), today())
