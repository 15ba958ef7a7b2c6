"""Real input: the files of a call centre and of CİMER, all of a file or nothing, and nothing twice."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import Workbook

from backend.complaints import actions, importing
from backend.complaints.choices import Channel, Kind, Status
from backend.complaints.importing import Outcome, Report, cells, writing
from backend.complaints.jobs import escalate
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.reporting.figures import figures
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, local_date
from backend.core.session import system
from backend.core.table_reader.tables import TableError
from backend.core.words.phones import normal_phone
from backend.journal.models import AuditLog, ChangeEvent
from backend.outbox.models import Message
from tests.databases import CommittedDatabase
from tests.factories import make_category, make_citizen, make_neighbourhood, make_user

db = pytest.mark.django_db
HEADER = ["Başvuru No", "Başvuru Tarihi", "Konu", "Açıklama", "Ad", "Soyad", "Telefon"]
ROW = ["C-1", "24.11.2025 14:30", "Işıklar yanmıyor", "Üç gündür karanlık", "Ayşe", "Işık", "0509 111 22 33"]


def csv_file(
    *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter: str = ";"
) -> io.BytesIO:
    lines = [
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [header, *rows]
    ]
    return io.BytesIO("\r\n".join(lines).encode(encoding))


def workbook(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> io.BytesIO:
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return file


def run(file: io.BytesIO, **options: Any) -> Report:
    with system():
        return importing.import_file(file, **({"by": None} | options))


def imported(file: io.BytesIO, **options: Any) -> list[Complaint]:
    """The cases of a file that is taken as a whole, in the order of their numbers."""
    report = run(file, **options)
    assert report.refused == []
    assert report.written
    with system():
        return list(Complaint.objects.select_related("applicant").order_by("year", "number"))


def refusal(*cells: str, header: Sequence[str] = HEADER) -> str:
    """What is told of a row that keeps the file out."""
    report = run(csv_file(cells, header=header))
    assert not report.written
    with system():
        assert not Complaint.objects.exists()
        assert not Citizen.objects.exists()
    (row,) = report.refused
    assert row.row == 2
    return " ".join(row.messages)


def changed(**cells: str) -> list[str]:
    """The usual row with other cells, by header."""
    return [cells.get(name.replace(" ", "_"), cell) for name, cell in zip(HEADER, ROW, strict=True)]


# -- what a row becomes -----------------------------------------------------------------------------------
@db
def test_a_row_becomes_the_case_that_registering_would_have_made() -> None:
    clerk = make_user("cagri")
    (case,) = imported(csv_file(ROW), by=clerk)
    with system():
        twin = actions.register(
            kind=case.kind,
            channel=case.channel,
            subject=case.subject,
            body=case.body,
            applicant=case.applicant,
            registered_at=case.registered_at,
            source="other",
            source_number="C-1",
            by=clerk,
            receipt=False,
        )
        lines = {row.pk: row.lines.get() for row in (case, twin)}
    own = {"id", "key", "number", "reference", "tracking_code", "source", "words", "registered_by"}
    own |= {"point_source"}  # a job looks for the points of what was imported
    for field in Complaint._meta.concrete_fields:
        if field.name not in own:
            assert getattr(case, field.attname) == getattr(twin, field.attname), field.name
    assert (case.reference, twin.reference) == ("2025/1", "2025/2")
    assert len(case.tracking_code) == len(twin.tracking_code) == 14
    for name in ("verb", "from_status", "to_status", "actor_id", "note"):
        assert getattr(lines[case.pk], name) == getattr(lines[twin.pk], name)
    assert case.words


@db
def test_the_moment_is_local_and_the_number_belongs_to_its_local_year() -> None:
    cases = imported(csv_file(changed(Başvuru_Tarihi="01.01.2025 00:05"), changed(Başvuru_No="C-2")))
    assert [case.reference for case in cases] == ["2025/1", "2025/2"]
    assert cases[0].registered_at == dt.datetime(2024, 12, 31, 21, 5, tzinfo=dt.UTC)
    assert cases[0].registered_on == dt.date(2025, 1, 1)


@db
def test_numbers_have_no_gap_beside_those_of_the_counter() -> None:
    with system():
        actions.register(kind=Kind.COMPLAINT, channel=Channel.PHONE, subject="A", applicant=None, by=None)
    year = local_date(dt.datetime.now(dt.UTC)).year
    header = [name for name in HEADER if name != "Başvuru Tarihi"]
    rows = [["1", "Bir", "", "", "", ""], ["2", "İki", "", "", "", ""]]
    references = [case.reference for case in imported(csv_file(*rows, header=header))]
    with system():
        last = actions.register(
            kind=Kind.COMPLAINT, channel=Channel.PHONE, subject="B", applicant=None, by=None
        )
    assert references == [f"{year}/{number}" for number in (1, 2, 3)]
    assert last.reference == f"{year}/4"


@db
def test_nobody_is_written_to_for_what_the_source_has_acknowledged() -> None:
    header = [*HEADER, "E-posta"]
    imported(csv_file([*ROW, "ayse@posta.example"], header=header))
    with system():
        assert not Message.objects.exists()


@db
def test_cimer_rows_keep_the_date_that_cimer_shows_and_the_kind_decides_the_limit() -> None:
    header = [
        "CİMER Başvuru No",
        "Başvuru Tarihi",
        "Başvuru Türü",
        "Başvuru Metni",
        "Son Cevap Tarihi",
        "Adres",
        "Ad Soyad",
    ]
    file = csv_file(
        [
            "2500001",
            "12.10.2026",
            "Bilgi Edinme",
            "Rapor istiyorum",
            "02.11.2026",
            "Gül Sokak 3",
            "Ayşe Nur Işık",
        ],
        ["2500002", "12.10.2026", "ŞİKÂYET", "Gürültü var", "01.11.2026", "", ""],
        header=header,
    )
    asked, complained = imported(file, source="cimer")
    assert (asked.channel, asked.regime, asked.matter) == (Channel.CIMER, Regime.CIMER, Matter.INFORMATION)
    assert asked.raw_due_on == dt.date(2026, 11, 2)
    assert complained.cimer_due_on == complained.legal_due_on == dt.date(2026, 11, 1)
    assert asked.applicant is not None
    assert asked.applicant.address == "Gül Sokak 3"
    # A whole name in one column is never cut at a blank.
    assert (asked.applicant.first_name, asked.applicant.last_name) == ("Ayşe Nur Işık", "")
    assert complained.applicant is None


@db
def test_kinds_channels_and_priorities_are_read_as_people_write_them() -> None:
    header = [*HEADER, "Başvuru Türü", "Kanal", "Öncelik", "Kimlik Gizli"]
    (case,) = imported(csv_file([*ROW, "İHBAR", "Açık Kapı", "Çok Acil", "EVET"], header=header))
    assert (case.kind, case.channel, case.priority) == ("TIP_OFF", "COUNTER", "URGENT")
    assert case.identity_hidden


@db
@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("e-Devlet", "E_DEVLET"),
        ("turkiye.gov.tr", "E_DEVLET"),
        ("e-Belediye", "E_MUNICIPALITY"),
        ("e-posta", "EMAIL"),
    ],
)
def test_what_comes_in_writing_has_the_date_of_the_law(written: str, channel: str) -> None:
    """3071 m.7, 2577 m.8: thirty days, until a person decides otherwise."""
    (case,) = imported(csv_file([*ROW, written], header=[*HEADER, "Kanal"]))
    assert (case.channel, case.regime) == (channel, Regime.PETITION_3071)
    assert case.legal_due_on == dt.date(2025, 12, 24)


@db
def test_a_dilekce_has_the_clock_of_the_law_and_a_call_the_target_of_its_category() -> None:
    make_category("copler", "Çöp toplama", target_days=2)
    header = [*HEADER, "Kanal", "Kategori"]
    petition, call = imported(
        csv_file([*ROW, "Dilekçe", ""], [*changed(Başvuru_No="C-2"), "Telefon", "ÇÖP TOPLAMA"], header=header)
    )
    assert petition.regime == Regime.PETITION_3071
    assert petition.legal_due_on == dt.date(2025, 12, 24)
    assert (call.regime, call.legal_due_on) == (Regime.SERVICE_REQUEST, None)
    assert call.target_on == dt.date(2025, 11, 26)
    with system():
        for case in (petition, call):
            assert clock.dates(case) == {name: getattr(case, name) for name in clock.dates(case)}


@db
@pytest.mark.parametrize("spelling", ["Sarıgazi", "SARIGAZİ MAHALLESİ", "sarigazi mah."])
def test_a_mahalle_is_found_by_any_spelling(spelling: str) -> None:
    mahalle = make_neighbourhood("sarigazi", "Sarıgazi")
    (case,) = imported(csv_file([*ROW, spelling], header=[*HEADER, "Mahalle"]))
    assert case.neighbourhood_id == mahalle.pk


@db
def test_what_is_not_known_is_kept_elsewhere_and_told() -> None:
    header = [*HEADER, "Kategori", "Mahalle", "Adres"]
    row = [*changed(Telefon="153"), "Uydurma", "Marslı", "Gül Sokak"]
    report = run(csv_file(row, header=header))
    assert report.written
    assert len(report.noted[0].messages) == 3
    with system():
        case = Complaint.objects.select_related("applicant").get()
    assert case.tags == ["Uydurma"]
    assert case.place == "Marslı, Gül Sokak"
    assert case.applicant is not None
    assert "153" in case.applicant.note
    assert not case.applicant.phone


@db
def test_a_long_subject_is_shortened_and_nothing_of_it_is_lost() -> None:
    long = "kaldırım " * 40
    (case,) = imported(csv_file(changed(Konu=long)))
    assert len(case.subject) <= 200
    assert case.subject.endswith("…")
    assert case.body.startswith(long.strip())
    assert case.body.endswith("Üç gündür karanlık")


@db
def test_a_text_alone_gives_the_subject_too() -> None:
    (case,) = imported(csv_file(changed(Konu="")))
    assert case.subject == case.body == "Üç gündür karanlık"


@db
def test_decomposed_letters_and_control_characters_are_cleaned() -> None:
    (case,) = imported(csv_file(changed(Konu="S\u0327ikayet\x07 var")))
    assert case.subject == "Şikayet var"


# -- who it is --------------------------------------------------------------------------------------------
@db
def test_a_citizen_is_known_by_telephone_and_name_in_any_spelling() -> None:
    known = make_citizen("Ayşe", "Işık", phone="+905091112233")
    cases = imported(
        csv_file(
            changed(Ad="AYŞE", Soyad="IŞIK", Telefon="+90 (509) 111-22-33"),
            changed(Başvuru_No="C-2", Ad="ayse", Soyad="isik", Telefon="5091112233"),
            changed(Başvuru_No="C-3", Ad="Mehmet"),
        )
    )
    assert cases[0].applicant_id == cases[1].applicant_id == known.pk
    assert cases[2].applicant is not None
    assert cases[2].applicant_id != known.pk
    assert cases[2].applicant.first_name == "Mehmet"


@db
def test_one_person_on_two_rows_is_one_record_and_a_merged_record_is_not_taken() -> None:
    into = make_citizen("Ayşe", "Işık", phone="+905091112233")
    old = make_citizen("Ayşe", "Işık", phone="+905091112233", merged_into=into)
    cases = imported(
        csv_file(ROW, changed(Başvuru_No="C-2"), changed(Başvuru_No="C-3", Telefon="05094445566"))
    )
    assert cases[0].applicant_id == cases[1].applicant_id == into.pk != old.pk
    with system():
        assert Citizen.objects.filter(phone="+905094445566").count() == 1


@db
def test_a_caller_without_a_name_is_recorded_by_the_number() -> None:
    (case,) = imported(csv_file(changed(Ad="", Soyad="")))
    assert case.applicant is not None
    assert str(case.applicant.phone.as_e164) == "+905091112233"


# -- a file is taken whole, and once ----------------------------------------------------------------------
@db
def test_a_second_run_adds_nothing_and_a_longer_file_only_what_is_new() -> None:
    imported(csv_file(ROW))
    report = run(csv_file(ROW, changed(Başvuru_No="C-2")))
    assert [row.outcome for row in report.rows] == [Outcome.ALREADY_THERE, Outcome.ADDED]
    assert not run(csv_file(ROW, changed(Başvuru_No="C-2"))).written
    with system():
        assert Complaint.objects.count() == 2
        assert Citizen.objects.count() == 1


@db
def test_the_same_number_of_another_source_is_another_case() -> None:
    imported(csv_file(ROW))
    assert len(imported(csv_file(ROW), source="muhtarlik")) == 2


@db
def test_one_bad_row_keeps_the_whole_file_out() -> None:
    report = run(csv_file(ROW, changed(Başvuru_No="C-2", Başvuru_Tarihi="yarın")))
    assert not report.written
    assert [row.row for row in report.refused] == [3]
    with system():
        assert not Complaint.objects.exists()


@db
def test_the_good_rows_are_taken_when_that_is_asked_for() -> None:
    report = run(csv_file(ROW, changed(Başvuru_No="C-2", Başvuru_Tarihi="yarın")), skip_invalid=True)
    assert report.written
    with system():
        assert Complaint.objects.get().source_number == "C-1"


@db
def test_a_fault_while_writing_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 1)
    told = []

    def fall(phase: str, count: int) -> None:
        told.append(phase)
        if told.count("write") == 2:
            raise RuntimeError("power cut")

    rows = [changed(Başvuru_No=f"C-{number}") for number in range(4)]
    with pytest.raises(RuntimeError):
        run(csv_file(*rows), progress=fall)
    with system():
        assert not Complaint.objects.exists()
        assert not Citizen.objects.exists()
        assert not AuditLog.objects.exists()
    assert [case.number for case in imported(csv_file(*rows))] == [1, 2, 3, 4]


@db
def test_a_dry_run_tells_all_and_writes_nothing() -> None:
    report = run(csv_file(ROW, changed(Başvuru_No="C-2", Başvuru_Tarihi="yarın")), dry_run=True)
    assert report.counts == {Outcome.ADDED: 1, Outcome.REFUSED: 1}
    assert not report.written
    with system():
        assert not Complaint.objects.exists()


@db
def test_the_import_stands_in_the_journal_without_anybody_s_name() -> None:
    clerk = make_user("cagri")
    imported(csv_file(ROW), by=clerk)
    with system():
        record = AuditLog.objects.get(verb="complaints_imported")
    assert record.actor == clerk
    assert "Işık" not in record.note + record.subject_label


def test_two_imports_of_one_file_at_once_add_it_once(committed_db: CommittedDatabase) -> None:
    barrier = Barrier(2)
    rows = [changed(Başvuru_No=f"C-{number}") for number in range(50)]

    def one(_number: int) -> bool:
        try:
            barrier.wait(10)
            return run(csv_file(*rows)).written
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]
    with system():
        assert Complaint.objects.count() == 50
        assert sorted(Complaint.objects.values_list("number", flat=True)) == list(range(1, 51))


# -- what is refused, and how it is told ------------------------------------------------------------------
@db
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Başvuru_No": ""}, "Başvuru No"),
        ({"Başvuru_No": "1,23E+11"}, "1,23E+11"),
        ({"Başvuru_No": "9" * 61}, "60"),
        ({"Başvuru_Tarihi": ""}, "24.11.2026 14.30"),
        ({"Başvuru_Tarihi": "31.02.2026"}, "31.02.2026"),
        ({"Başvuru_Tarihi": "24.11.1926"}, "24.11.1926"),
        ({"Başvuru_Tarihi": "24.11.2999"}, ""),
        ({"Konu": "", "Açıklama": ""}, ""),
    ],
)
def test_a_row_that_cannot_be_registered_is_told_with_its_number_and_the_remedy(
    cells: dict[str, str], told: str
) -> None:
    message = refusal(*changed(**cells))
    assert told in message
    assert message


@db
def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    message = refusal(*ROW, "Şarkı", header=[*HEADER, "Tür"])
    assert "Şarkı" in message
    assert message.count(",") >= 5


@db
def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    message = refusal(*changed(Başvuru_No="", Başvuru_Tarihi="dün"))
    assert "Başvuru No" in message
    assert "Başvuru Tarihi" in message


@db
@pytest.mark.parametrize("other", [{}, {"Konu": "Başka"}])
def test_a_number_twice_in_a_file_is_one_case_and_one_line_of_the_report(other: dict[str, str]) -> None:
    report = run(csv_file(ROW, changed(**other), changed(Başvuru_No="C-2")))
    assert report.written
    assert [(row.row, row.outcome) for row in report.rows] == [(2, Outcome.ADDED), (4, Outcome.ADDED)]
    (message,) = report.rows[0].messages
    assert "3. satır" in message
    assert ("farklı" in message) is bool(other)
    with system():
        assert Complaint.objects.filter(source_number="C-1").get().subject == ROW[2]
    again = run(csv_file(ROW, changed(**other)))
    assert [(row.outcome, row.reference) for row in again.rows] == [
        (Outcome.ALREADY_THERE, report.rows[0].reference)
    ]


CIMER_HEADER = ["CİMER Başvuru No", "Başvuru Tarihi", "Başvuru Metni", "Son Cevap Tarihi"]
SPELLINGS = [
    "2600 123456",
    "2600-123456",
    "2600123456",
    "２６００１２３４５６",
    "٢٦٠٠١٢٣٤٥٦",
    " 26 00 1234.56 ",
]


@db
def test_a_number_of_cimer_is_one_in_every_spelling() -> None:
    rows = [[number, "12.10.2026", "Gürültü", "24.12.2026"] for number in SPELLINGS]
    report = run(csv_file(*rows, header=CIMER_HEADER), source="cimer")
    assert [(row.row, row.outcome) for row in report.rows] == [(2, Outcome.ADDED)]
    assert len(report.rows[0].messages) == len(SPELLINGS) - 1
    with system():
        assert Complaint.objects.get().source_number == "2600123456"


@db
def test_excel_makes_a_number_of_a_cimer_number_and_it_is_the_same() -> None:
    day = dt.date(2026, 10, 12)
    rows = [[2600123456, day, "Gürültü", day], [2600123456.0, day, "Gürültü", day]]
    report = run(workbook(*rows, header=CIMER_HEADER), source="cimer")
    assert [row.outcome for row in report.rows] == [Outcome.ADDED]
    with system():
        assert Complaint.objects.get().source_number == "2600123456"


@db
def test_a_number_of_cimer_is_known_whatever_source_the_file_names() -> None:
    (known,) = imported(
        csv_file(["2600123456", "12.10.2026", "Gürültü", "24.12.2026"], header=CIMER_HEADER), source="cimer"
    )
    header = [*CIMER_HEADER, "Kanal"]
    row = ["2600-123456", "12.10.2026", "Gürültü", "24.12.2026", "CİMER"]
    report = run(csv_file(row, header=header), source="cagri-merkezi")
    assert [(row.outcome, row.reference) for row in report.rows] == [(Outcome.ALREADY_THERE, known.reference)]


@db
def test_a_cell_without_any_digit_is_no_number_of_cimer() -> None:
    report = run(
        csv_file(["---", "12.10.2026", "Gürültü", "24.12.2026"], header=CIMER_HEADER), source="cimer"
    )
    assert not report.written
    assert "CİMER Başvuru No" in report.refused[0].messages[0]


# -- files ------------------------------------------------------------------------------------------------
@db
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "utf-16"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    (case,) = imported(csv_file(changed(Açıklama="ığüşöç, İIĞ; ŞÖÇ"), encoding=encoding, delimiter=delimiter))
    assert case.body == "ığüşöç, İIĞ; ŞÖÇ"
    assert case.applicant is not None
    assert case.applicant.last_name == "Işık"


@db
def test_a_cell_may_hold_lines_quotes_and_delimiters() -> None:
    file = io.BytesIO('Başvuru No;Açıklama\r\n1;"Birinci ""satır"";\nikinci"\r\n2;Son\r\n'.encode())
    first, second = imported(file)
    assert first.body == 'Birinci "satır";\nikinci'
    assert second.body == "Son"


@db
def test_excel_dates_numbers_and_serials_are_read() -> None:
    at = dt.datetime(2026, 10, 5, 9, 45)  # noqa: DTZ001 - Excel knows no zones
    file = workbook(
        [1001, at, "Bir", "", "Ayşe", "Işık", 5091112233],
        [1002.0, 46300.5, "İki", None, "Ayşe", "Işık", 5091112233.0],
        [Decimal(1003), dt.date(2026, 10, 5), "Üç", None, None, None, None],
    )
    cases = imported(file)
    assert [case.source_number for case in cases] == ["1001", "1002", "1003"]
    assert cases[0].registered_at == at.replace(tzinfo=ISTANBUL)
    assert cases[1].registered_at == dt.datetime(2026, 10, 5, 12, 0, tzinfo=ISTANBUL)
    assert cases[0].applicant_id == cases[1].applicant_id
    assert cases[2].applicant is None


@db
def test_a_title_above_and_a_merged_heading_do_not_disturb() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Çağrı Merkezi Kayıt Raporu"])
    sheet.append([])
    sheet.append(["Başvuru No", "Tarih", "Konu", "Başvuran", None, None])
    sheet.append([None, None, None, "Ad", "Soyad", "Telefon"])
    sheet.append(["7", dt.date(2026, 10, 5), "Çukur", "Ayşe", "Işık", "05091112233"])
    for merged in ("A1:F1", "A3:A4", "B3:B4", "C3:C4", "D3:F3"):
        sheet.merge_cells(merged)
    (case,) = imported(saved(book))
    assert (case.source_number, case.subject) == ("7", "Çukur")
    assert case.applicant is not None
    assert (case.applicant.first_name, case.applicant.last_name) == ("Ayşe", "Işık")


@db
def test_rows_that_hold_nothing_are_passed_over_and_rows_keep_their_numbers() -> None:
    file = workbook([], ["1", "05.10.2026", "A"], [None, None, " "], [], ["", "05.10.2026", "B"])
    report = run(file)
    assert [(row.row, row.outcome) for row in report.rows] == [
        (3, Outcome.ADDED),
        (4, Outcome.REFUSED),
        (6, Outcome.REFUSED),
    ]


@db
def test_a_formula_without_a_result_is_told() -> None:
    report = run(workbook(["1", "05.10.2026", '=CONCATENATE("a";"b")']))
    (row,) = report.refused
    assert "Excel" in row.messages[0]


@db
def test_a_column_may_be_named_by_a_mapping_and_another_left_out() -> None:
    file = csv_file(["1", "Çukur", "gizli not"], header=["Sicil", "Vaka", "Not"])
    (case,) = imported(file, mapping={"SİCİL": "source_number", "vaka": "subject", "Not": ""})
    assert (case.source_number, case.subject, case.body) == ("1", "Çukur", "")


@db
def test_columns_that_are_not_used_are_told() -> None:
    report = run(csv_file([*ROW, "Ali"], header=[*HEADER, "Operatör"]))
    assert report.unused == ["Operatör"]
    assert report.columns["source_number"] == "Başvuru No"


@db
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "boş|empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "CSV"),
        (b"PK\x03\x04 broken", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "xlsx"),
        (b"Merhaba\nBu bir mektup\n", "Başvuru No"),
        ("Konu;Açıklama\nA;B\n".encode(), "Başvuru No"),
        ("Başvuru No;Telefon\n1;2\n".encode(), "Konu"),
    ],
    ids=["empty", "picture", "zip", "old-excel", "letter", "no-number", "no-text"],
)
def test_a_file_that_is_no_table_of_applications_is_refused_with_a_sentence(
    content: bytes, told: str
) -> None:
    with pytest.raises(TableError) as error:
        run(io.BytesIO(content))
    assert any(part in str(error.value) for part in told.split("|"))


@db
def test_a_word_document_is_no_workbook() -> None:
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(TableError):
        run(file)


@db
def test_a_mapping_to_no_field_is_refused() -> None:
    with pytest.raises(TableError, match="sicil_no"):
        run(csv_file(ROW), mapping={"Konu": "sicil_no"})


@db
def test_an_unclosed_quotation_mark_is_told_with_its_line() -> None:
    with pytest.raises(TableError, match="3"):
        run(io.BytesIO(('Başvuru No;Açıklama\n1;A\n2;"B' + "x" * 250_000).encode()))


# -- the command ------------------------------------------------------------------------------------------
@db
def test_the_command_imports_and_writes_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, report, mapping = tmp_path / "a.csv", tmp_path / "r.csv", tmp_path / "m.json"
    file.write_bytes(csv_file(ROW, changed(Başvuru_No="C-2")).getvalue())
    mapping.write_text(json.dumps({"Konu": "subject"}), encoding="utf-8")
    make_user("cagri")
    call_command("import_complaints", file, mapping=mapping, user="cagri", report=report)
    assert "Başvuru No → source_number" in capsys.readouterr().out
    rows = report.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "2025/1" in rows[1]
    with system():
        assert Complaint.objects.filter(registered_by__username="cagri", status=Status.NEW).count() == 2
        assert ComplaintLine.objects.filter(verb="registered").count() == 2


@db
def test_the_command_ends_with_an_error_when_rows_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv_file(changed(Başvuru_No="")).getvalue())
    with pytest.raises(CommandError):
        call_command("import_complaints", file, verbosity=0)
    with pytest.raises(CommandError):
        call_command("import_complaints", tmp_path / "missing.csv", verbosity=0)


@db
def test_a_message_that_excel_would_compute_is_defused_in_the_report() -> None:
    report = run(csv_file(changed(Başvuru_No="")))
    report.refused[0].messages = ["=1+1"]
    text = io.StringIO()
    report.write_csv(text)
    assert "'=1+1" in text.getvalue()


@pytest.mark.parametrize(
    "spelling",
    [
        "05091112233",
        "0509 111 22 33",
        "+90 (509) 111-22-33",
        "5091112233",
        "00905091112233",
        "(0509) 111 22 33",
    ],
)
def test_a_telephone_is_the_same_in_every_spelling(spelling: str) -> None:
    assert cells.phone(spelling) == "+905091112233" == normal_phone(spelling)


@pytest.mark.parametrize(
    "spelling", ["153", "050911122", "0509111223344", "abc", "0519 111 22 33", "05091112233 dahili"]
)
def test_what_is_no_telephone_is_refused_as_at_the_counter(spelling: str) -> None:
    with pytest.raises(DomainError):
        normal_phone(spelling)
    with pytest.raises(cells.CellError):
        cells.phone(spelling)


# -- cases of the past ---------------------------------------------------------------------------------------------
PAST = [*HEADER, "Durum", "Cevap Tarihi", "Kapanış Tarihi", "Sonuç"]


def past(*ending: str, number: str = "C-1") -> list[str]:
    return [number, *ROW[1:], *ending]


@db
def test_history_comes_in_closed_with_its_dates_and_wakes_nobody() -> None:
    (case,) = imported(csv_file(past("Çözüldü", "26.11.2025", "27.11.2025 16:00", ""), header=PAST))
    assert (case.status, case.outcome, case.is_open) == (Status.CLOSED, "SOLVED", False)
    assert case.registered_at == dt.datetime(2025, 11, 24, 14, 30, tzinfo=ISTANBUL)
    assert case.replied_at == dt.datetime(2025, 11, 26, tzinfo=ISTANBUL)
    assert case.closed_at == dt.datetime(2025, 11, 27, 16, tzinfo=ISTANBUL)
    with system():
        lines = list(
            ComplaintLine.objects.order_by("at").values_list("verb", "at", "from_status", "to_status")
        )
        assert not ChangeEvent.objects.exists()  # neither a webhook nor a subscription hears of it
        assert escalate() == 0
        assert not Message.objects.exists()
        assert not Complaint.objects.open().exists()
    assert lines == [
        ("registered", case.registered_at, "", "NEW"),
        ("closed", case.closed_at, "NEW", "CLOSED"),
    ]
    with system():
        of_its_day = figures(Complaint.objects.all(), since=dt.date(2025, 11, 27), on=dt.date(2025, 11, 27))
        of_the_next = figures(Complaint.objects.all(), since=dt.date(2025, 11, 28), on=dt.date(2025, 11, 28))
    assert (of_its_day.closed, of_the_next.closed) == (1, 0)


@db
@pytest.mark.parametrize(
    ("ending", "status", "outcome"),
    [
        (("Kapalı", "", "27.11.2025", "Bilgi verildi"), "CLOSED", "INFORMED"),
        (("Cevaplandı", "27.11.2025", "", ""), "CLOSED", "INFORMED"),
        (("", "", "27.11.2025", ""), "CLOSED", ""),
        (("Mükerrer", "", "27.11.2025", ""), "CLOSED", "DUPLICATE"),
        (("İptal edildi", "", "24.11.2025", ""), "WITHDRAWN", "WITHDRAWN"),
        (("Reddedildi", "", "27.11.2025", ""), "REJECTED", "REJECTED"),
        (("Açık", "", "", ""), "NEW", ""),
        (("", "", "", ""), "NEW", ""),
    ],
)
def test_how_a_case_stands_is_read_as_people_write_it(
    ending: tuple[str, ...], status: str, outcome: str
) -> None:
    (case,) = imported(csv_file(past(*ending), header=PAST))
    assert (case.status, case.outcome) == (status, outcome)
    assert case.is_open is (status == "NEW")


@db
def test_what_the_file_says_of_an_end_in_its_own_words_stays_in_the_story() -> None:
    imported(csv_file(past("Kapalı", "", "27.11.2025", "Ekip gönderildi, lamba değişti"), header=PAST))
    with system():
        assert ComplaintLine.objects.get(verb="closed").note == "Ekip gönderildi, lamba değişti"


@db
@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (("Kapalı", "", "", ""), "“Kapanış Tarihi”"),
        (("Açık", "", "27.11.2025", ""), "Açık görünüyor"),
        (("Kapalı", "", "20.11.2025", ""), "birbirini izlemiyor"),
        (("Kapalı", "28.11.2025", "27.11.2025", ""), "birbirini izlemiyor"),
        (("Kapalı", "", "27.11.2099", ""), "birbirini izlemiyor"),
        (("Belki", "", "", ""), "bilinmiyor"),
    ],
)
def test_an_end_that_cannot_be_is_told(ending: tuple[str, ...], sentence: str) -> None:
    report = run(csv_file(past(*ending), header=PAST))
    assert sentence in str(report.refused[0].messages)
    assert not report.written
