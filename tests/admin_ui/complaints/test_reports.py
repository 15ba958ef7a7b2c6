"""Reports in the admin: numbers open their lists, charts have their tables, everybody counts their own."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from backend.complaints.models import Complaint
from backend.complaints.reporting import keeping
from backend.complaints.reporting.jobs import keep_figures
from backend.core.localtime import today
from backend.core.session import system
from backend.documents import typesetting
from tests.cast import Cast, signed_in
from tests.factories import at, make_category, make_complaint, make_neighbourhood

BOARD = "/admin/reports/"
TILE = re.compile(r'<a class="ok-number-card[^"]*" href="([^"]+)"><strong>([^<]+)</strong><span>([^<]+)')
CELL = re.compile(r'<td class="ok-number"><a class="ok-link" href="([^"]+)">([\d.]+)</a>')


def shown(client: Client, address: str) -> list[str]:
    body = client.get(address.replace("&amp;", "&")).content.decode()
    return re.findall(r'<span class="ok-reference">(\d+/\d+)</span></a></td>', body)


def text(client: Client, address: str = BOARD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def cases(cast: Cast) -> None:
    """This year's: of two departments, with and without mahalle and subject, open, late and closed."""
    group = make_category("aydinlatma", "Aydınlatma")
    category, place = make_category("isik", "Işık", parent=group), make_neighbourhood()
    for n, to in enumerate((cast.fen, cast.fen, cast.park, cast.park, cast.park, None)):
        fields: dict[str, Any] = {"category": category, "neighbourhood": place} if n % 2 else {}
        made = make_complaint(f"Başvuru {n}", to=to, by=cast.secretary, **fields)
        with system():
            row = Complaint.objects.filter(pk=made.pk)
            if n in (1, 2):
                row.update(target_on=today() - dt.timedelta(days=3))
            if n == 4:
                row.update(
                    status="CLOSED",
                    outcome="SOLVED",
                    replied_at=made.registered_at,
                    closed_at=made.registered_at,
                )
    old = make_complaint("Eski", to=cast.fen, by=cast.secretary)
    with system():
        Complaint.objects.filter(pk=old.pk).update(
            registered_at=at("2020-05-05"),
            registered_on=dt.date(2020, 5, 5),
            closed_at=at("2020-06-05"),
            status="CLOSED",
            outcome="WITHDRAWN",
        )


@pytest.mark.parametrize("person", ["secretary", "mayor", "deputy_mayor", "fen_head", "park_clerk"])
def test_every_number_opens_the_list_that_it_counts(cast: Cast, cases: None, person: str) -> None:
    client = signed_in(cast.people()[person])
    body = text(client)
    tiles = [tile for tile in TILE.findall(body) if "%" not in tile[1] and tile[1] != "–"]
    assert [title for _url, _number, title in tiles] == ["Gelen", "Kapanan", "Şu an açık", "Şu an geciken"]
    cells = CELL.findall(body)
    assert len(cells) > 8
    for url, number in [*((url, number) for url, number, _title in tiles), *cells]:
        assert len(shown(client, url)) == int(number), url


def test_the_numbers_are_those_that_somebody_sees(cast: Cast, cases: None) -> None:
    def received(user: Any) -> str:
        return next(number for _url, number, title in TILE.findall(text(signed_in(user))) if title == "Gelen")

    assert [received(user) for user in (cast.secretary, cast.fen_clerk, cast.park_head, cast.outsider)] == [
        "6",
        "2",
        "3",
        "0",
    ]
    assert "Yalnızca görebildiğiniz başvurular sayılır" in text(signed_in(cast.park_head))
    assert "Yalnızca görebildiğiniz" not in text(signed_in(cast.secretary))


def test_whoever_sees_no_case_at_all_has_no_reports(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    for address in ("", "pdf/", "xlsx/", "information/", "information/pdf/", "information/xlsx/"):
        assert client.get(f"{BOARD}{address}").status_code == 404
    assert BOARD not in client.get("/admin/").content.decode()
    assert BOARD in signed_in(cast.fen_clerk).get("/admin/").content.decode()


def test_a_period_and_filters_narrow_the_board_and_keep_one_another(cast: Cast, cases: None) -> None:
    client = signed_in(cast.secretary)
    assert TILE.findall(text(client, f"{BOARD}?from=2020-01-01&to=2020-12-31"))[0][1] == "1"
    narrowed = text(client, f"{BOARD}?department=park-ve-bahceler&period=month")
    assert TILE.findall(narrowed)[0][1] == "3"
    assert "?period=last-month&amp;department=park-ve-bahceler" in narrowed
    assert TILE.findall(text(client, f"{BOARD}?neighbourhood=-"))[0][1] == "3", "those without a mahalle"
    assert TILE.findall(text(client, f"{BOARD}?category=isik&department=fen-isleri"))[0][1] == "1"
    assert TILE.findall(text(client, f"{BOARD}?department=yok"))[0][1] == "0", (
        "what there is not has no cases"
    )


def goes_on_to_its_figures(client: Client, name: str) -> None:
    """A page comes first, says what is done, and asks for the file or the map by itself and by a link."""
    waiting = text(client, f"{BOARD}{name}?period=year")
    assert "tek tek sayılıyor" in waiting
    (link,) = re.findall(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', waiting)
    assert f'href="{link}"' in waiting, "for who turned that off"
    answer = client.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "Hesaplanıyor" not in answer.content.decode(errors="replace")


def test_where_counting_takes_long_the_page_comes_first_and_asks_for_its_figures(
    cast: Cast, cases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_figures()
    client, department = signed_in(cast.secretary), f"{BOARD}?department=fen-isleri"
    monkeypatch.setattr(keeping, "MOST_CHANGES", 1)
    assert TILE.findall(text(client))[0][1] == "6", "sums are there"
    for n in range(3):  # a large import, of which no sum is made yet
        make_complaint(f"Aktarılan {n}", to=cast.fen, by=cast.secretary)
    for url, received in ((BOARD, "9"), (department, "5")):
        waiting = text(client, url)
        assert "Hesaplanıyor" in waiting
        assert not TILE.findall(waiting), "no figure is shown that is not true of this moment"
        assert '<table class="ok-figures">' not in waiting
        (link,) = re.findall(r'href="([^"]+)" hx-get="\1" hx-trigger="load"', waiting)
        counted = text(client, link.replace("&amp;", "&"))
        assert "Hesaplanıyor" not in counted
        assert TILE.findall(counted)[0][1] == received
    for taken in ("map/", "pdf/", "xlsx/"):
        goes_on_to_its_figures(client, taken)
    assert "Hesaplanıyor" in text(client, f"{BOARD}?channel=PHONE"), "narrowed in a way that no sum has"
    assert "Hesaplanıyor" not in text(client, f"{BOARD}?category=isik&department=fen-isleri"), "one is few"
    assert "Hesaplanıyor" not in text(signed_in(cast.outsider)), "what others see makes nobody wait"
    monkeypatch.setattr(keeping, "MOST_COUNTED", 2)
    assert 'id="figures" class="ok-stack" data-follow=' in text(client), "so many that sums are waited for"
    assert 'id="figures" class="ok-stack" data-follow=' not in text(client, f"{BOARD}?channel=PHONE")
    sent = client.get(f"{BOARD}xlsx/?department=fen-isleri&period=year")
    assert sent["Location"] == f"{BOARD}?period=year&department=fen-isleri", "the page that follows the sums"
    assert "Birkaç dakika sonra yeniden deneyiniz" in text(client, sent["Location"])
    keep_figures()
    assert TILE.findall(text(client))[0][1] == "9"


def test_days_that_cannot_be_are_refused_in_words_and_this_year_is_shown(cast: Cast, cases: None) -> None:
    client = signed_in(cast.secretary)
    assert "Bitiş günü başlangıç gününden önce olamaz." in text(
        client, f"{BOARD}?from=2026-02-02&to=2026-02-01"
    )
    assert "en çok 10 yılı kapsar" in text(client, f"{BOARD}?from=1999-01-01&to=2026-02-01")
    for wrong in ("31.02.2026", "abc"):
        asked = f"?from={wrong}&to=2026-02-01"
        assert f"“{wrong}” bir gün değil." in text(client, f"{BOARD}{asked}")
        for name in (
            "pdf/",
            "xlsx/",
            "map/",
        ):  # a file would say nothing of the period that it was not made of
            assert client.get(f"{BOARD}{name}{asked}")["Location"] == f"{BOARD}{asked}"
    for junk in ("from=x&to=y", "period=x", "from=9999-12-31&to=9999-12-31", "from=0001-01-01&to=0001-01-02"):
        text(client, f"{BOARD}?{junk}")


def test_the_share_stands_there_with_its_formula(cast: Cast, cases: None) -> None:
    body = text(signed_in(cast.secretary))
    assert "Çözüm oranı: % 100,0." in body
    assert "Çözülen (1) ÷ [kapanan (1) − vazgeçilen, başka kuruma gönderilen ve mükerrer (0) = 1]" in body


def test_every_chart_is_told_in_words_and_has_its_table(cast: Cast, cases: None) -> None:
    body = text(signed_in(cast.secretary))
    charts = re.findall(r'<svg [^>]*aria-labelledby="([\w-]+) ([\w-]+)"[^>]*>', body)
    assert len(charts) == 6
    for title, words in charts:
        assert f'<title id="{title}">' in body
        assert re.search(rf'<desc id="{words}">[^<]+', body)
    assert body.count('<table class="ok-figures">') == 6
    assert "style=" not in "".join(re.findall(r"<svg.*?</svg>", body, re.DOTALL))


def test_a_name_is_text_in_a_chart(cast: Cast) -> None:
    make_complaint(to=cast.fen, by=cast.secretary, category=make_category("kotu", "<script>x</script> & Çöp"))
    body = text(signed_in(cast.secretary))
    assert "&lt;script&gt;x&lt;/script&gt; &amp; Çöp" in body
    assert "<script>x" not in body


def test_the_queries_of_the_board_do_not_grow_with_the_cases(cast: Cast, cases: None) -> None:
    client = signed_in(cast.secretary)
    text(client)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(client)
        return len(captured)

    few = count()
    for n in range(4):
        make_complaint(to=cast.cleaning, by=cast.secretary, category=make_category(f"k{n}", f"Konu {n}"))
    assert count() == few


def test_the_paper_has_the_same_numbers_and_no_name(
    cast: Cast, cases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    real = typesetting.pdf

    def pdf(name: str, values: dict[str, Any]) -> bytes:
        seen.append(values)
        return real(name, values)

    monkeypatch.setattr(typesetting, "pdf", pdf)
    client = signed_in(cast.secretary)
    for address in ("pdf/", "pdf/?period=last-week", "information/pdf/"):
        answer = client.get(f"{BOARD}{address}")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert "no-store" in answer["Cache-Control"]
    year, week, information = seen
    assert [one["number"] for one in year["numbers"]] == ["6", "1", "5", "2"]
    assert year["summary"][0] == (
        "6 başvuru geldi, 1 başvuru sonuçlandırıldı; 5 başvuru açık, bunların 2 tanesi gecikmiş durumda."
    )
    assert "En çok başvuru gelen konular: Işık (3)." in year["summary"]
    assert (
        "Geciken başvurusu en çok olan müdürlükler: Fen İşleri (1), Park ve Bahçeler (1)." in year["summary"]
    )
    assert [bool(one["chart"]) for one in year["front"]] == [True, True]
    assert not any(one["chart"] for one in year["sections"][:2]), "a chart is drawn once"
    assert (information["summary"], information["front"]) == ([], [])
    assert week["title"] == "Haftalık başvuru raporu"
    assert "Işık" not in str(information)
    assert "Ayşe" not in str(seen)
    assert information["sections"][0]["rows"][0][:3] == ["a", "Gelen başvuru", "0"]


def test_the_spreadsheet_has_every_part_and_they_come_to_the_total(cast: Cast, cases: None) -> None:
    answer = signed_in(cast.secretary).get(f"{BOARD}xlsx/")
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, row in enumerate(rows) if row[0] == "Kırılım")
    table = rows[head + 1 :]
    total = next(row for row in table if row[0] == "Toplam")
    for division in ("Müdürlüğe göre", "Konuya göre", "Mahalleye göre", "Başvuru kanalına göre"):
        parts = [row for row in table if row[0] == division]
        assert parts
        for column in (2, 3, 7, 8):
            assert sum(row[column] for row in parts) == total[column]
    assert any("÷" in str(row[0]) for row in rows[:head]), "the formula stands above"
    assert "filename*=utf-8''Ba%C5%9Fvuru%20raporu%20" in answer["Content-Disposition"]


def test_the_yearly_report_on_information_is_a_page(cast: Cast) -> None:
    make_complaint(to=cast.fen, by=cast.secretary, kind="INFORMATION_REQUEST", channel="WEB")
    body = text(signed_in(cast.secretary), f"{BOARD}information/?year={today().year}")
    assert re.search(r'Gelen başvuru</th><td class="ok-number">1</td>', body)
    assert "kayıtta yok" not in body
    assert "Kurula veya yargıya taşınan" in body
    assert f"{today().year + 1}" in body
    for year in ("1900", "x", "99999", str(today().year + 1)):
        text(signed_in(cast.secretary), f"{BOARD}information/?year={year}")
