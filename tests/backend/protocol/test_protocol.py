"""Offices, their holders by date, and orders of precedence that are data (acceptance case 24)."""

from __future__ import annotations

import datetime as dt
import io
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook

from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.core.table_reader.tables import TableError
from backend.journal.models import AuditLog
from backend.protocol import actions, importing
from backend.protocol.choices import Capacity, ListKind, Sphere
from backend.protocol.holders import incumbents
from backend.protocol.models import Holding, Office, PrecedenceList, SnapshotLine
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_citizen, make_office, make_precedence

DAY = dt.timedelta(days=1)
START = dt.date(2026, 3, 1)


def _appoint(office: Office, person: Any, first: dt.date = START, **more: Any) -> Holding:
    with system():
        return actions.appoint(office, by=None, person=person, valid_from=first, **more)


def _order(rows: Any) -> list[tuple[int, str]]:
    with system():
        return list(rows.order_by("position").values_list("place", "office__short_title"))


def test_a_new_holder_succeeds_the_former_from_the_day_before(db: None) -> None:
    office, first, second = make_office("Kaymakam"), make_citizen("Zülfü"), make_citizen("Ali")
    former = _appoint(office, first)
    _appoint(office, second, START + 100 * DAY)
    with system():
        former.refresh_from_db()
        assert former.valid_until == START + 99 * DAY
        at = {day: incumbents([office], START + day * DAY)[office.pk].speaks for day in (-1, 0, 99, 100)}
    assert [one and one.person_id for one in at.values()] == [None, first.pk, first.pk, second.pk]


def test_an_office_is_vacant_where_nobody_holds_it_and_who_acts_speaks_for_it(db: None) -> None:
    office = make_office("Kaymakam")
    holder, acting = make_citizen("Asıl"), make_citizen("Vekil")
    with system():
        assert incumbents([office], START)[office.pk].is_vacant
    _appoint(office, holder)
    _appoint(office, acting, START + DAY, capacity=Capacity.ACTING, valid_until=START + 3 * DAY)
    with system():
        found = [incumbents([office], START + n * DAY)[office.pk] for n in (0, 2, 4)]
    assert [one.speaks and one.speaks.person_id for one in found] == [holder.pk, acting.pk, holder.pk]
    assert [bool(one.acting) for one in found] == [False, True, False]


@pytest.mark.parametrize(
    ("first", "last"), [(START - DAY, START), (START, None), (START + 5 * DAY, START + 6 * DAY)]
)
def test_two_holders_on_one_day_are_refused_with_the_days(
    db: None, first: dt.date, last: dt.date | None
) -> None:
    office = make_office("Kaymakam")
    _appoint(office, make_citizen(), START, valid_until=START + 10 * DAY)
    with pytest.raises(DomainError) as refusal:
        _appoint(office, make_citizen(), first, valid_until=last)
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.CONFLICT, "valid_from")
    assert "01.03.2026" in str(refusal.value.message)


def test_the_database_itself_refuses_two_holders(db: None) -> None:
    office = make_office("Kaymakam")
    _appoint(office, make_citizen())
    with system(), pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(office=office, person=make_citizen(), valid_from=START + DAY)


def test_an_office_of_several_has_several_holders_and_nobody_twice(db: None) -> None:
    office, one = make_office("Milletvekili", is_collective=True), make_citizen()
    _appoint(office, one)
    _appoint(office, make_citizen())
    with pytest.raises(DomainError) as refusal:
        _appoint(office, one, START + DAY)
    assert refusal.value.code == ErrorCode.DUPLICATE
    with system():
        found = incumbents([office], START)[office.pk]
        assert (len(found.holders), found.speaks) == (2, None)
        with pytest.raises(DomainError) as stands:
            actions.save_office(office, by=None, title=office.title, is_collective=False)
    assert stands.value.field == "is_collective"


def test_an_end_is_brought_forward_and_what_had_not_begun_is_removed(db: None) -> None:
    office = make_office("Kaymakam")
    row = _appoint(office, make_citizen(), valid_until=START + 10 * DAY)
    with system():
        with pytest.raises(DomainError):
            actions.end_holding(row, by=None, last_day=START + 20 * DAY)
        actions.end_holding(row, by=None, last_day=START + 5 * DAY)
        assert Holding.objects.get().valid_until == START + 5 * DAY
        actions.end_holding(row, by=None, last_day=START - DAY)
        assert not Holding.objects.exists()


def test_a_merged_record_is_appointed_as_the_one_that_stands_for_it(db: None) -> None:
    one, other = make_citizen(), make_citizen()
    with system():
        contacts.merge(one, into=other, by=None)
        one.refresh_from_db()
    assert _appoint(make_office("Kaymakam"), one).person_id == other.pk


def test_the_journal_names_offices_and_days_and_no_person(db: None) -> None:
    _appoint(make_office("Kaymakam"), make_citizen("Zülfikar", "Özgü"))
    with system():
        line = AuditLog.objects.get(verb="office_filled")
    assert line.subject_label == "Kaymakam"
    assert "Zülfikar" not in line.note + line.subject_label
    assert "01.03.2026" in line.note


def test_of_two_who_appoint_at_once_one_holds_the_office(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    office, people = make_office("Kaymakam"), [make_citizen() for _each in range(4)]
    told: list[str] = []

    def appoint(person: Any) -> None:
        try:
            with scope.session(cast.secretary), elevated():
                actions.appoint(office, by=cast.secretary, person=person, valid_from=START)
            told.append("done")
        except DomainError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["CONFLICT", "CONFLICT", "CONFLICT", "done"]


# -- orders ---------------------------------------------------------------------------------------------------
def test_an_order_keeps_its_ties_and_never_sorts_by_name(db: None) -> None:
    zulu, alfa, ceyhan = make_office("Zirve"), make_office("Alfa"), make_office("Ceyhan")
    row = make_precedence([[zulu], [ceyhan, alfa]])
    assert _order(row.entries) == [(1, "Zirve"), (2, "Ceyhan"), (2, "Alfa")]


def test_a_list_holds_until_the_next_of_its_kind_begins(db: None) -> None:
    office = make_office("Kaymakam")
    first = make_precedence([[office]], valid_from=START)
    second = make_precedence([[office]], valid_from=START + 30 * DAY)
    province = make_precedence([[office]], kind=ListKind.PROVINCE, valid_from=START)
    with system():
        lists = PrecedenceList.objects
        found = [lists.in_force(ListKind.DISTRICT, START + n * DAY) for n in (-1, 0, 29, 30)]
        assert found == [None, first, first, second]
        assert lists.in_force(ListKind.PROVINCE, START + 90 * DAY) == province
    with pytest.raises(DomainError) as refusal:
        make_precedence([[office]], valid_from=START)
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.DUPLICATE, "valid_from")


def test_the_whole_order_is_rewritten_at_once_and_told(db: None) -> None:
    one, two, three = (make_office(name) for name in ("Bir", "İki", "Üç"))
    row = make_precedence([[one], [two]])
    with system():
        actions.rewrite(row, by=None, order=[[two, three], [one]], note="Kaymakamlık yazısı")
        line = AuditLog.objects.get(verb="precedence_rewritten")
    assert _order(row.entries) == [(1, "İki"), (1, "Üç"), (2, "Bir")]
    assert line.note == "Kaymakamlık yazısı; Bir: 1 → 2; İki: 2 → 1; Üç: – → 1"


@pytest.mark.parametrize("twice", [True, False])
def test_an_order_without_an_office_or_with_one_twice_is_refused(db: None, twice: bool) -> None:
    office = make_office("Kaymakam")
    with pytest.raises(DomainError) as refusal:
        make_precedence([[office], [office]] if twice else [[]])
    assert refusal.value.field == "order"


def test_an_event_keeps_its_copy_whatever_becomes_of_the_list(db: None) -> None:
    """Acceptance case 24: the list changes afterwards, the past event does not."""
    one, two = make_office("Bir"), make_office("İki")
    row = make_precedence([[one], [two]])
    with system():
        snapshot = actions.take_snapshot(row, by=None)
        actions.rewrite(row, by=None, order=[[two], [one]])
        actions.save_office(one, by=None, title="Başka ad")
        later = actions.take_snapshot(row, by=None)
        titles = list(snapshot.lines.values_list("place", "title"))
        assert titles == [(1, "Bir"), (2, "İki")]
        assert (snapshot.list_version, later.list_version) == (1, 2)
        with pytest.raises(DomainError):
            actions.withdraw_list(row, by=None)


def test_a_place_at_one_event_is_changed_with_a_reason_that_is_kept(db: None) -> None:
    one, two, three, guest = (make_office(name) for name in ("Bir", "İki", "Üç", "Konuk"))
    row = make_precedence([[one], [two, three]])
    with system():
        snapshot = actions.take_snapshot(row, by=None)
        move = {"by": None, "office": three}
        with pytest.raises(DomainError) as refusal:
            actions.move_in_snapshot(snapshot, **move, reason=" ", before=one)
        assert (refusal.value.code, refusal.value.field) == (ErrorCode.REQUIRED, "reason")
        actions.move_in_snapshot(snapshot, **move, reason="Törenin ev sahibi", before=one)
        assert _order(snapshot.lines) == [(1, "Üç"), (2, "Bir"), (3, "İki")]
        actions.move_in_snapshot(snapshot, by=None, office=guest, reason="Bakan konuğu", beside=one)
        actions.move_in_snapshot(snapshot, by=None, office=two, reason="Ayrılacak")
        assert _order(snapshot.lines) == [(1, "Üç"), (2, "Bir"), (2, "Konuk"), (3, "İki")]
        moved = SnapshotLine.objects.get(office=three)
        assert (moved.listed_place, moved.why) == (2, "Törenin ev sahibi")
        assert SnapshotLine.objects.get(office=guest).listed_place is None
        assert AuditLog.objects.filter(verb="precedence_overridden").count() == 3
        assert _order(row.entries) == [(1, "Bir"), (2, "İki"), (2, "Üç")]
        stranger = make_office("Yabancı")
        with pytest.raises(DomainError) as unknown:
            actions.move_in_snapshot(snapshot, by=None, office=one, reason="x", before=stranger)
        assert unknown.value.field == "before"


# -- files ----------------------------------------------------------------------------------------------------
FILE = """Sancaktepe Kaymakamlığı öndegelim listesi;;;
Sıra;Makam;Kurum;Alan
2;İlçe Müftüsü;Sancaktepe Müftülüğü;Devlet kuruluşu
1;KAYMAKAM;Sancaktepe Kaymakamlığı;CIVIL
2;İlçe Emniyet Müdürü;;
"""


def _bring(text: str | bytes, **more: Any) -> importing.Report:
    data = text.encode("utf-8") if isinstance(text, str) else text
    facts: dict[str, Any] = {"kind": "DISTRICT", "name": "Liste", "source": "Kaymakamlık", **more}
    with system():
        return importing.bring(io.BytesIO(data), by=None, **facts)


def test_a_file_becomes_an_order_and_a_dry_run_writes_nothing(db: None) -> None:
    known = make_office("Kaymakam", institution="Sancaktepe Kaymakamlığı")
    gone = make_office("Eski")
    make_precedence([[gone]], valid_from=START)
    text = FILE.replace("Devlet kuruluşu", str(Sphere.DIRECTORATE.label))
    tried = _bring(text, dry_run=True)
    assert (tried.problems, tried.written, [row.title for row in tried.new]) == (
        [],
        None,
        ["İlçe Müftüsü", "İlçe Emniyet Müdürü"],
    )
    assert tried.gone == [gone]
    with system():
        assert (Office.objects.count(), PrecedenceList.objects.count()) == (2, 1)
    written = _bring(text).written
    assert written is not None
    assert written.valid_from == today()
    assert _order(written.entries) == [(1, "Kaymakam"), (2, "İlçe Müftüsü"), (2, "İlçe Emniyet Müdürü")]
    with system():
        assert written.entries.get(position=1).office == known
        assert Office.objects.get(title="İlçe Müftüsü").sphere == Sphere.DIRECTORATE


def test_a_workbook_without_numbers_is_an_order_of_its_rows(db: None) -> None:
    book = Workbook()
    for row in (["Unvan", "Kurum"], ["Zabıta Müdürü", "Belediye"], ["Afet İşleri Müdürü", "Belediye"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    written = _bring(file.getvalue()).written
    assert written is not None
    assert _order(written.entries) == [(1, "Zabıta Müdürü"), (2, "Afet İşleri Müdürü")]


def test_what_is_wrong_in_a_file_is_told_line_by_line_and_nothing_is_written(db: None) -> None:
    report = _bring("Sıra;Makam;Alan\n1;Kaymakam;\nbir;Müftü;\n3;;x\n4;Vali;Uzay\n5;kaymakam;\n")
    assert [problem[:8] for problem in report.problems] == ["Satır 3:", "Satır 4:", "Satır 5:", "Satır 6:"]
    with system():
        assert not Office.objects.exists()
    with pytest.raises(TableError):
        _bring("Ad;Soyad\nAli;Veli\n")
    with pytest.raises(TableError):
        _bring(b"\x00\x01\x02\x03\x04")


def test_the_shipped_orders_load_once_and_say_where_they_come_from(db: None) -> None:
    with system():
        lists = importing.load_shipped()
        assert [row.kind for row in lists] == [ListKind.PROVINCE, ListKind.DISTRICT]
        assert importing.load_shipped() == []
        order = _order(lists[1].entries)
        assert "Ek-1" in lists[1].source
        assert Office.objects.filter(code="milletvekili").count() == 1
    assert order[:5] == [
        (1, "Kaymakam"),
        (2, "Milletvekili"),
        (3, "Garnizon Komutanı"),
        (4, "Büyükşehir Belediye Başkanı"),
        (5, "Belediye Başkanı"),
    ]
    assert [place for place, _name in order][5:8] == [6, 6, 6]


def test_only_the_office_changes_and_departments_see_no_holder(cast: Cast) -> None:
    office = make_office("Kaymakam")
    row = _appoint(office, make_citizen())
    with scope.session(cast.park_clerk):
        assert scope.visible(Office).filter(pk=office.pk).exists()
        assert not scope.visible(Holding).exists()
        assert not Holding.objects.exists()
        with pytest.raises(DomainError), scope.elevated_for(Office, scope.Action.CHANGE):
            pass
    with scope.session(cast.mayor):
        assert scope.visible(Holding).get() == row
        with pytest.raises(DomainError), scope.elevated_for(Office, scope.Action.CHANGE):
            pass
