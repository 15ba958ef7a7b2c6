"""English is the second language: whoever chose it reads no Turkish but names, texts of people, and what is quoted."""

from __future__ import annotations

import datetime as dt
import gettext
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import DjangoDbBlocker

from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.dates import date_text, day_text, moment_text, weekday_text
from backend.core.calendar import WorkingCalendar
from backend.core.localtime import ISTANBUL, today
from backend.core.session import system
from backend.core.words.dates import moment_meant
from backend.greetings import wording
from backend.organization.models import User
from permissions.core import scope
from tests.cast import CONTENT, Cast, as_viewer, in_mind, make_cast, signed_in
from tests.databases import TestDatabases, pointed_at
from tests.harness.tiers import sample, size
from tests.permissions.walls import sweep_pages, worlds
from tests.permissions.walls.asking import Ask

ROOT = Path(__file__).resolve().parents[3]
WORD = re.compile(r"[^\W\d_]{2,}")
DOTTED = re.compile(r"\b\d{1,2}\.\d{1,2}\.20\d\d\b")
TURKISH = re.compile("[ğışöüçĞİŞÖÜÇ]")
SHOWN = re.compile(r"""\b(?:title|aria-label|placeholder|alt)=(?:"([^"]*)"|'([^']*)')""")
UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->|<textarea.*?</textarea>", re.S | re.I)
KEY = re.compile(r"/[0-9a-f-]{36}/")
FILES = "/files/"
"""Below it are files alone: photos, papers, attachments, which no language of a page concerns."""
ALIKE = {"alt"}
"""Words of the packages that are words in both languages: the key."""


def _catalogue() -> Iterator[tuple[str, str]]:
    for part in ("backend", "admin_ui", "website"):
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
            "SELECT c.relname, a.attname FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
            " AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'text[]'::regtype, 'varchar[]'::regtype,"
            " 'jsonb'::regtype) AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
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
    for year in (today().year, today().year + 1):  # names of holidays, which are suggested as they come near
        holidays = WorkingCalendar().holidays(year)
        found |= words(" ".join(chain.from_iterable([*holidays.full.values(), *holidays.half.values()])))
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


@dataclass
class Everything:
    """One of the two worlds of the sweep: something of everything, and every word that stands in a row."""

    database: str
    cast: Cast
    rows: list[Any]
    words: set[str]


@pytest.fixture(scope="module")
def everything(
    test_databases: TestDatabases, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Everything]:
    with django_db_blocker.unblock():
        name = test_databases.clone()
        with pointed_at(name):
            cast = make_cast()
            made = worlds.Worlds(cast, {}, worlds._common(cast))
            worlds._differ(made, "A")
            call_command("website_client", stdout=StringIO())
            rows: list[Any] = [*made.seen.values(), *made.hidden, *made.citizens[:1], *made.files[:1]]
            rows += [*made.hidden_programme, *made.filters, *made.feeds, *made.imports]
            with system():
                data = recorded() | words("Sancaktepe Belediyesi Türkçe")
        yield Everything(name, cast, rows, data)
        test_databases.drop(name)


@dataclass
class Form:
    """The form of a step that is offered to a person on a row."""

    page: ActionAdmin[Any]
    row: Any
    step: RowAction

    @property
    def path(self) -> str:
        return f"{self.page.url_of(self.row)}?do={self.step.slug}"

    def read(self, user: User) -> str:
        """What it says in English, without the page around it."""
        with as_viewer(user), translation.override("en"):
            row, site = self.page.load(self.row.key), self.page.admin_site.name
            form = self.step.form(row)
            self.page.begin(form, RequestFactory().get("/"))
            act = f"{site}:{self.page.name_of('act')}"
            said = {
                "form": form,
                "step": self.step,
                "row": row,
                "act": act,
                "has_preview": self.step.has_preview,
            }
            return shown(render_to_string("admin_ui/includes/step_form.html", said))


def forms(rows: list[Any], user: User) -> Iterator[Form]:
    """The form of each step that is offered to this person on each row."""
    for row in rows:
        page = admin.site._registry.get(type(row))
        if type(row) not in sweep_pages.VERBS or not isinstance(page, ActionAdmin):
            continue
        with as_viewer(user):
            seen = scope.visible(type(row)).filter(pk=row.pk).first()
            yield from (
                [Form(page, row, step) for step in page.offered(seen) if step.needs_form] if seen else []
            )


def in_page(found: list[Form]) -> list[Ask]:
    """Of each step of each kind of row the content of its page: around the form of the next row it says the same."""
    return [Ask(path) for path in {(type(f.row), f.step.slug): f.path for f in reversed(found)}.values()]


def said_wrongly(path: str, text: str, everything: Everything) -> str:
    """What is Turkish there, after its address; "" where nothing is."""
    said = turkish_in(text, everything.words) | (set(DOTTED.findall(text)) - everything.words)
    return f"{path}: {' '.join(sorted(said))}" if said else ""


@pytest.mark.parametrize("who", ["office_head", "mayor", "fen_head", "administrator", None])
def test_no_page_speaks_turkish_to_whoever_reads_english(who: str | None, everything: Everything):
    user: User | None = getattr(everything.cast, who) if who else None
    wrong: list[str] = []
    read = 0
    with pointed_at(everything.database), in_mind():
        client = english(user)
        asks = [ask for ask in sweep_pages.pages(everything.rows) if not ask.path.startswith(FILES)]
        if user and who in ("office_head", "fen_head"):
            found = list(forms(everything.rows, user))
            assert len({form.step.slug for form in found}) > (20 if who == "office_head" else 5)
            asks += in_page(found)
            wrong += filter(
                None, (said_wrongly(one.path, one.read(user), everything) for one in sample(found))
            )
        # Of further rows of a kind the content alone: what is around it is as at the first.
        whole: set[str] = set()
        for ask in sample(asks):
            kind = KEY.sub("/", ask.path)
            answer = client.get(ask.path, headers=CONTENT if "?do=" in ask.path or kind in whole else None)
            whole.add(kind)
            if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
                continue
            read += 1
            wrong += filter(None, [said_wrongly(ask.path, shown(answer.content.decode()), everything)])
    assert not wrong, f"{len(wrong)} of {read}\n" + "\n".join(wrong)
    assert read > size(-1, 100 if who == "office_head" else 4)
