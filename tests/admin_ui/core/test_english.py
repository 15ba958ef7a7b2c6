"""English is the second language: whoever chose it reads no Turkish but names, texts of people, and what is quoted."""

from __future__ import annotations

import datetime as dt
import gettext
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import translation

from admin_ui.core.dates import date_text, day_text, moment_text, weekday_text
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.core.words.dates import moment_meant
from backend.greetings import wording
from backend.organization.models import User
from tests.cast import Cast, signed_in
from tests.harness.tiers import sample, size
from tests.permissions.walls import sweep_pages, worlds

ROOT = Path(__file__).resolve().parents[3]
WORD = re.compile(r"[^\W\d_]{2,}")
DOTTED = re.compile(r"\b\d{1,2}\.\d{1,2}\.20\d\d\b")
TURKISH = re.compile("[ğışöüçĞİŞÖÜÇ]")
SHOWN = re.compile(r"""\b(?:title|aria-label|placeholder|alt)=(?:"([^"]*)"|'([^']*)')""")
UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->|<textarea.*?</textarea>", re.S | re.I)
ALIKE = {"alt"}
"""Words of the packages that are words in both languages: the key."""


def _catalogue() -> Iterator[tuple[str, str]]:
    for part in ("backend", "admin_ui"):
        with (ROOT / part / "locale/tr/LC_MESSAGES/django.mo").open("rb") as file:
            for msgid, msgstr in gettext.GNUTranslations(file)._catalog.items():  # type: ignore[attr-defined]
                yield str(msgid[0] if isinstance(msgid, tuple) else msgid), msgstr


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The words of our Turkish that are in no English of ours; and the English ones, with what they quote."""
    english, turkish = set(), words("Ocak Şubat Mart Nisan Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık")
    turkish |= words("Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar Pzt Çar Per Cmt saniye dakika")
    for msgid, msgstr in _catalogue():
        english |= words(msgid)
        turkish |= words(msgstr)
    return frozenset(turkish - english), frozenset(english)


def recorded() -> set[str]:
    """Every word that stands in a row: what people wrote, and names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'ARRAY', 'jsonb')"
            " AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')"
            " AND has_column_privilege(quote_ident(table_name), column_name, 'SELECT')"
        )
        found: set[str] = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (text,) in cursor.fetchall():
                found |= words(text) | set(DOTTED.findall(text))
    for path in (ROOT / "backend").glob("*/data/**/*.toml"):
        found |= words(path.read_text("utf-8"))  # templates of events
    for path in (ROOT / "backend").glob("*/data/*.csv"):
        found |= words(
            path.read_text("utf-8")
        )  # what the page of reference data would load, and days to greet
    found |= words(" ".join(wording.PLACES))
    return found


def shown(page: str) -> str:
    """What a person reads or hears of a page."""
    page = UNSEEN.sub(" ", page)
    page = re.sub(r'<(\w+)[^>]*\blang="tr"[^>]*>.*?</\1>', " ", page, flags=re.S)
    said = [a or b for a, b in SHOWN.findall(page)]
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *said]))


def turkish_in(text: str, data: set[str]) -> set[str]:
    turkish, english = vocabulary()
    found = words(text) - data - ALIKE
    return {word for word in found if word in turkish or (TURKISH.search(word) and word not in english)}


def test_what_is_turkish_is_seen():
    assert turkish_in("Gönder kaydet Perşembe Çarşı", {"çarşı"}) == {"gönder", "kaydet", "perşembe"}
    assert not turkish_in("Send to the kaymakamlık, Bilgi İşlem", set())


def test_a_person_keeps_their_language(cast: Cast):
    """On every device, and without asking the browser; a browser without a person keeps it in a cookie."""
    assert (
        '<html lang="tr"' in signed_in(cast.mayor).get("/admin/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    english(cast.mayor)
    assert '<html lang="en"' in signed_in(cast.mayor).get("/admin/").content.decode()
    assert signed_in(cast.mayor).post("/dil/", {"language": "xx"}).status_code == 302
    assert '<html lang="en"' in signed_in(cast.mayor).get("/admin/").content.decode()
    visitor = Client()
    assert 'value="en"' in visitor.get("/takip/").content.decode()
    answer = visitor.post("/dil/", {"language": "en"}, HTTP_REFERER="http://testserver/takip/")
    assert answer["Location"] == "/takip/" or answer["Location"].endswith("/takip/")
    assert "Türkçe" in visitor.get("/takip/").content.decode()
    assert visitor.post("/dil/", {"language": "en", "next": "https://example.org/"})["Location"] == "/"
    assert visitor.get("/dil/").status_code == 405


def test_dates_are_written_and_understood_in_english():
    day = dt.datetime(2027, 1, 14, 10, 30, tzinfo=ISTANBUL)
    with translation.override("en"):
        assert day_text(day) == "14/01/2027"
        assert date_text(day, "j F Y l") == "Thursday, 14 January 2027"
        assert moment_meant(weekday_text(day)) == day
        assert moment_meant("thu 10:30") == moment_meant("perşembe 10:30")
        assert moment_meant("tomorrow 14") == moment_meant("yarın 14")
    with translation.override("tr"):
        assert moment_text(day) == "14.01.2027 10.30"
        assert moment_meant(weekday_text(day)) == day
        assert day_text(dt.datetime(2027, 1, 14, 22, 0, tzinfo=dt.UTC)) == "15.01.2027"


def english(user: User | None) -> Client:
    client = signed_in(user) if user else Client()
    client.post("/dil/", {"language": "en"})
    return client


@pytest.fixture
def everything(cast: Cast) -> tuple[Cast, list[Model]]:
    """The rows of one of the two worlds of the sweep: something of everything."""
    made = worlds.Worlds(cast, {}, worlds._common(cast))
    worlds._differ(made, "A")
    rows: list[Any] = [*made.seen.values(), *made.hidden, *made.citizens[:1], *made.files[:1]]
    return cast, [*rows, *made.hidden_programme, *made.filters, *made.feeds, *made.imports]


@pytest.mark.parametrize("who", ["office_head", "mayor", "fen_head", "administrator", None])
def test_no_page_speaks_turkish_to_whoever_reads_english(who: str | None, everything: Any):
    cast, rows = everything
    client = english(getattr(cast, who) if who else None)
    with system():
        data = recorded() | words("Sancaktepe Belediyesi Türkçe")
        forms = [
            worlds.Ask(
                f"/admin/{'/'.join(sweep_pages._table(type(row)))}/{row.key}/change/?do={verb.lower()}"
            )
            for row in rows
            if type(row) in sweep_pages.VERBS
            for verb in sweep_pages.VERBS[type(row)].values
        ]
    asks = [*sweep_pages.pages(rows), *(forms if who in ("office_head", "fen_head") else [])]
    wrong, read = [], 0
    for ask in sample(asks):
        answer = client.get(ask.path)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        read += 1
        text = shown(answer.content.decode())
        if found := turkish_in(text, data) | (set(DOTTED.findall(text)) - data):
            wrong.append(f"{ask.path}: {' '.join(sorted(found))}")
    assert not wrong, f"{len(wrong)} of {read}\n" + "\n".join(wrong)
    assert read > size(-1, 100 if who == "office_head" else 4)
