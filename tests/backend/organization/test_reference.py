"""Reference data from editable files: what is new, what differs, what is wrong, and nothing by halves."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import (
    BodyMatter,
    Category,
    Department,
    MainArtery,
    Neighbourhood,
    OutsideBody,
    Section,
)
from backend.organization.reference import DEFAULT_DIRECTORY, Report, load, sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the product's files that a test may edit."""
    return Path(shutil.copytree(DEFAULT_DIRECTORY, tmp_path / "data"))


def loaded(directory: Path = DEFAULT_DIRECTORY, *, dry_run: bool = False) -> Report:
    with system():
        return load(directory, dry_run=dry_run)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problem_of(directory: Path) -> str:
    """The one problem that keeps the files out; nothing was loaded."""
    report = loaded(directory)
    with system():
        assert not Department.objects.exists()
        assert not AuditLog.objects.exists()
    assert len(report.problems) == 1
    return str(report.problems[0])


def test_all_files_are_loaded_as_they_stand() -> None:
    report = loaded()
    assert not report.problems
    for sheet in sheets():
        with (DEFAULT_DIRECTORY / sheet.file).open(encoding="utf-8", newline="") as file:
            codes = {row["code"] for row in csv.DictReader(file)}
        with system():
            assert codes == set(sheet.model._default_manager.values_list("code", flat=True))
        assert set(report.created[sheet.file]) == codes
    assert Department.objects.get(is_private_office=True).code == "ozel-kalem"
    assert Department.objects.open().count() == 30
    assert Neighbourhood.objects.count() == 19
    assert Section.objects.filter(department__code="ozel-kalem").count() == 3
    assert MainArtery.objects.exists()
    assert OutsideBody.objects.get(code="ayedas").liaison == Department.objects.get(code="fen-isleri")
    assert BodyMatter.objects.get(code="ana-arter-yol").only_on_main_arteries


def test_candidates_keep_their_order_and_ambiguity() -> None:
    loaded()
    noise = Category.objects.get(code="gurultu")
    assert noise.is_ambiguous
    assert [row.department.code for row in noise.candidate_rows.all()] == [
        "zabita",
        "iklim-degisikligi-ve-sifir-atik",
        "yapi-kontrol",
    ]


def test_a_second_run_changes_nothing_and_writes_no_record() -> None:
    loaded()
    with system():
        before = AuditLog.objects.count()
    report = loaded()
    assert report.is_empty
    assert not report.missing
    with system():
        assert AuditLog.objects.count() == before


def test_a_difference_is_told_old_and_new_written_and_journalled(directory: Path) -> None:
    loaded()
    edit(
        directory / "categories.csv",
        'asfalt-bozuklugu,"Asfalt bozukluğu, çukur"',
        "asfalt-bozuklugu,Yol çukuru",
    )
    report = loaded(directory)
    assert [str(change) for change in report.changed] == [
        "categories.csv asfalt-bozuklugu: name: Asfalt bozukluğu, çukur → Yol çukuru"
    ]
    assert Category.objects.get(code="asfalt-bozuklugu").name == "Yol çukuru"
    with system():
        record = AuditLog.objects.get(verb="reference_changed")
    assert record.note == "name: Asfalt bozukluğu, çukur → Yol çukuru"


def test_a_dry_run_tells_the_same_and_writes_nothing(directory: Path) -> None:
    loaded()
    edit(directory / "neighbourhoods.csv", "Akpınar", "Akpınarlar")
    edit(directory / "main_arteries.csv", "sile-otoyolu", "yeni-yol")
    report = loaded(directory, dry_run=True)
    assert [change.code for change in report.changed] == ["akpinar"]
    assert report.created == {"main_arteries.csv": ["yeni-yol"]}
    assert report.missing == {"main_arteries.csv": ["sile-otoyolu"]}
    assert Neighbourhood.objects.get(code="akpinar").name == "Akpınar"
    assert not MainArtery.objects.filter(code="yeni-yol").exists()
    with system():
        assert not AuditLog.objects.filter(verb="reference_changed").exists()


def test_what_the_file_does_not_name_is_told_and_left(directory: Path) -> None:
    loaded()
    (directory / "main_arteries.csv").write_text(
        "code,name\nankara-caddesi,Ankara Caddesi\n", encoding="utf-8"
    )
    report = loaded(directory)
    assert "sile-otoyolu" in report.missing["main_arteries.csv"]
    assert MainArtery.objects.filter(code="sile-otoyolu").exists()


def test_a_renamed_department_is_a_new_row_and_the_old_one_names_it(directory: Path) -> None:
    loaded()
    edit(
        directory / "departments.csv",
        "tesisler,Tesisler Müdürlüğü,Tesisler,DEPARTMENT,no,2009-04-01,,",
        "tesisler,Tesisler Müdürlüğü,Tesisler,DEPARTMENT,no,2009-04-01,2026-06-30,isletme\n"
        "isletme,İşletme Müdürlüğü,İşletme,DEPARTMENT,no,2026-07-01,,",
    )
    assert not loaded(directory).problems
    old = Department.objects.get(code="tesisler")
    assert old.name == "Tesisler Müdürlüğü"
    current = old.current()
    assert current is not None
    assert current.code == "isletme"
    assert loaded(directory).is_empty


def test_the_private_office_may_move_to_another_row(directory: Path) -> None:
    loaded()
    edit(directory / "departments.csv", "Özel Kalem,DEPARTMENT,yes", "Özel Kalem,DEPARTMENT,no")
    edit(directory / "departments.csv", "Afet İşleri,DEPARTMENT,no", "Afet İşleri,DEPARTMENT,yes")
    assert not loaded(directory).problems
    assert Department.objects.get(is_private_office=True).code == "afet-isleri"


def test_a_file_saved_by_turkish_excel_is_read(directory: Path) -> None:
    path = directory / "neighbourhoods.csv"
    rows = path.read_text(encoding="utf-8").replace(",", ";")
    path.write_bytes(rows.encode("cp1254"))
    assert not loaded(directory).problems
    assert Neighbourhood.objects.get(code="eyup-sultan").name == "Eyüp Sultan"


def test_one_file_alone_may_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "main_arteries.csv").write_text("code,name\nyeni,Yeni Cadde\n", encoding="utf-8")
    assert loaded(tmp_path).created == {"main_arteries.csv": ["yeni"]}


def test_a_date_that_is_none_is_named_with_file_line_and_column(directory: Path) -> None:
    edit(directory / "departments.csv", "no,2009-04-01", "no,1 Nisan")
    told = problem_of(directory)
    assert told.startswith("departments.csv")
    assert "2" in told
    assert "valid_from" in told
    assert "01.03.2026" in told


def test_a_code_that_nobody_knows_is_named(directory: Path) -> None:
    edit(directory / "sections.csv", ",fen-isleri,", ",fen-islari,")
    told = problem_of(directory)
    assert "sections.csv" in told
    assert "fen-islari" in told
    assert "departments.csv" in told


def test_a_code_twice_is_named(directory: Path) -> None:
    edit(directory / "main_arteries.csv", "ankara-caddesi", "sile-otoyolu")
    assert "sile-otoyolu" in problem_of(directory)


def test_a_missing_column_is_named(directory: Path) -> None:
    edit(directory / "main_arteries.csv", "code,name", "code,ad")
    assert "name" in problem_of(directory)


def test_a_value_too_long_is_refused_not_cut(directory: Path) -> None:
    edit(directory / "neighbourhoods.csv", "Akpınar", "A" * 81)
    told = problem_of(directory)
    assert "neighbourhoods.csv" in told
    assert "name" in told


def test_a_second_private_office_is_refused(directory: Path) -> None:
    edit(directory / "departments.csv", "Zabıta,DEPARTMENT,no", "Zabıta,DEPARTMENT,yes")
    assert "is_private_office" in problem_of(directory)


def test_an_open_department_with_a_successor_is_refused(directory: Path) -> None:
    edit(directory / "departments.csv", "2026-02-28,sosyal-destek-hizmetleri", ",sosyal-destek-hizmetleri")
    assert "valid_to" in problem_of(directory)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"], ids=["empty", "picture"])
def test_a_file_that_is_no_table_is_refused(directory: Path, content: bytes) -> None:
    (directory / "main_arteries.csv").write_bytes(content)
    assert "main_arteries.csv" in problem_of(directory)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert "departments.csv" in problem_of(tmp_path)


def test_the_command_ends_with_an_error_that_lists_every_problem(directory: Path) -> None:
    edit(directory / "sections.csv", ",fen-isleri,", ",fen-islari,")
    edit(directory / "main_arteries.csv", "ankara-caddesi", "sile-otoyolu")
    with pytest.raises(CommandError) as error:
        call_command("load_reference", data=directory)
    assert "sections.csv" in str(error.value)
    assert "main_arteries.csv" in str(error.value)
