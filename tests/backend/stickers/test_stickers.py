"""Places with a QR code: recorded, withdrawn, printed, and where a report at one of them takes its place from."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from backend.complaints import actions as complaints
from backend.complaints.choices import Channel, Kind
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.stickers import actions, paper
from backend.stickers.models import Sticker, new_code, plain_code
from tests.cast import Cast
from tests.factories import make_category, make_neighbourhood


def make_sticker(label: str = "Çınarlı Park", **facts: object) -> Sticker:
    with system():
        return actions.save_sticker(
            by=None, label=label, **({"street": "İğdeli Sokak", "number": "4"} | facts)
        )


def report(sticker: Sticker | None, **facts: object) -> Complaint:
    with system():
        return complaints.register(
            kind=Kind.COMPLAINT,
            channel=Channel.WEB,
            subject="Bozuk",
            applicant=None,
            by=None,
            sticker=sticker,
            **facts,
        )


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)
    assert plain_code(f" {code.lower().replace('-', ' ')} ") == code
    assert plain_code("7g2koqxi") == "7G2K-0QX1"
    assert [plain_code(text) for text in ("", "7G2K", "7G2K-0QXM-4", "ş" * 8, "🚧🚧🚧🚧🚧🚧🚧🚧")] == [
        None
    ] * 5


def test_the_code_stays_and_what_changed_on_the_sticker_is_printed_again(cast: Cast) -> None:
    row = make_sticker()
    code = row.code
    with system():
        actions.note_printed([row], by=cast.secretary)
        assert Sticker.objects.to_print().count() == 0
        row = actions.save_sticker(
            Sticker.objects.get(), by=cast.secretary, label="Çınarlı Park", street="İğdeli Sokak", number="4",
            category=make_category("oyun-grubu", "Oyun grubu"),
        )  # fmt: skip
        assert row.printed_at is not None  # the category is on no sticker
        row = actions.save_sticker(row, by=cast.secretary, label="Ihlamur Parkı", street="İğdeli Sokak")
        assert (row.code, row.printed_at) == (code, None)
        assert list(Sticker.objects.to_print()) == [row]
        withdrawn = actions.save_sticker(row, by=None, label=row.label, street="x", is_active=False)
        assert not Sticker.objects.to_print().exists()
        assert not withdrawn.is_active
        verbs = AuditLog.objects.filter(verb__in=["sticker_saved", "stickers_printed"])
        assert verbs.count() == 5


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"label": " "}, ErrorCode.REQUIRED, "label"),
        ({"label": "ı" * 121}, ErrorCode.INVALID, "label"),
        ({"street": "", "number": ""}, ErrorCode.REQUIRED, "description"),
        ({"number": "9" * 21}, ErrorCode.INVALID, "number"),
        ({"latitude": 41.0}, ErrorCode.INVALID, "longitude"),
        ({"latitude": 7.0, "longitude": 29.0}, ErrorCode.INVALID, "latitude"),
        ({"latitude": 41.0, "longitude": 7.0}, ErrorCode.INVALID, "longitude"),
        ({"latitude": float("nan"), "longitude": 29.0}, ErrorCode.INVALID, "latitude"),
    ],
)
def test_what_a_place_needs(cast: Cast, facts: dict[str, object], code: ErrorCode, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        make_sticker(**facts)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_what_is_not_said_comes_from_the_sticker(cast: Cast) -> None:
    mahalle, about = make_neighbourhood(), make_category("oyun-grubu", "Oyun grubu")
    row = make_sticker(neighbourhood=mahalle, category=about, latitude=41.0, longitude=29.2)
    case = report(row)
    assert (case.sticker, case.neighbourhood, case.category) == (row, mahalle, about)
    assert (case.place, case.latitude, case.longitude) == ("İğdeli Sokak No: 4, Çınarlı Park", 41.0, 29.2)
    other = make_category("bank", "Bank")
    case = report(row, place="Girişin solunda", category=other, latitude=40.9, longitude=29.1)
    assert (case.place, case.category, case.latitude) == ("Girişin solunda", other, 40.9)
    assert case.sticker == row
    assert report(None).sticker is None


def test_a_category_no_longer_in_use_stops_no_report(cast: Cast) -> None:
    about = make_category("oyun-grubu", "Oyun grubu")
    row = make_sticker(category=about)
    with system():
        type(about).objects.filter(pk=about.pk).update(is_active=False)
        row = Sticker.objects.get(pk=row.pk)
    assert report(row).category is None
    with pytest.raises(DomainError) as refused:
        make_sticker(category=row.category)
    assert refused.value.field == "category"


def test_the_parts_of_a_report_keep_its_sticker(cast: Cast) -> None:
    row = make_sticker()
    case = report(row)
    with system():
        complaints.split(case, by=cast.secretary, subject="Ayrı konu", body="Bank da kırık.")
        assert Complaint.objects.filter(sticker=row).count() == 2


def test_a_sheet_holds_eight_with_their_codes(cast: Cast) -> None:
    rows = [make_sticker(f"Direk {n} {'İğdeli ' * 15}"[:120], description="ş" * 200) for n in range(9)]
    shown = pypdf.PdfReader(io.BytesIO(paper.sheets(rows)))
    assert len(shown.pages) == 2
    text = " ".join(page.extract_text() for page in shown.pages)
    assert all(row.code in text for row in rows)
    assert text.count("Okutun, bildirin.") == 9
    assert round(float(shown.pages[0].mediabox.width)) == 595
    assert len(pypdf.PdfReader(io.BytesIO(paper.sheets(rows[:8]))).pages) == 1
    assert len(pypdf.PdfReader(io.BytesIO(paper.sheets(rows[:8], free=1))).pages) == 2
