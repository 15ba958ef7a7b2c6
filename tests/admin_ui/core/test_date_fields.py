"""Date and time fields follow the page's language, never the browser's: nowhere is one of the browser's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django import forms
from django.utils import translation
from freezegun import freeze_time

from admin_ui.core.fields import ClockField, DayField, MomentField
from backend.core.localtime import ISTANBUL
from schema.app import schema  # noqa: F401  loads every form of every interface
from tests.cast import Cast, signed_in
from tests.databases import ROOT

OF_THE_BROWSER = re.compile(r"""type["']?\s*[=:]\s*["']?(date|time|datetime-local|month|week)\b""")
FOLDERS = ("admin_ui", "backend", "schema", "website")


def test_no_template_script_or_form_names_a_date_field_of_the_browser() -> None:
    files = [
        path
        for folder in FOLDERS
        for ending in ("html", "js", "py")
        for path in (ROOT / folder).rglob(f"*.{ending}")
        if not {"graphiql", "event-calendar", "cally"} & set(path.parts)
    ]
    assert len(files) > 500
    assert [str(path) for path in files if OF_THE_BROWSER.search(path.read_text())] == []


def _forms(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for one in of.__subclasses__():
        yield one
        yield from _forms(one)


def test_every_form_asks_for_days_and_times_with_our_fields() -> None:
    ours = [
        one
        for one in set(_forms())
        if one.__module__.split(".")[0] in FOLDERS and hasattr(one, "base_fields")
    ]
    fields = [(one, name, field) for one in ours for name, field in one.base_fields.items()]
    asked = [
        f"{one.__module__}.{one.__qualname__}.{name}"
        for one, name, field in fields
        if isinstance(field, forms.fields.BaseTemporalField)
        and not isinstance(field, DayField | MomentField | ClockField)
        and one.__qualname__ != "DragForm"  # read from a script, never drawn
    ]
    assert asked == []
    assert sum(isinstance(field, DayField) for _one, _name, field in fields) > 30


class Asking(forms.Form):
    day = DayField()
    at = MomentField()
    clock = ClockField()


def test_a_field_is_text_and_shows_what_was_meant() -> None:
    day, at = dt.date(2026, 12, 3), dt.datetime(2026, 12, 3, 14, 30, tzinfo=ISTANBUL)
    form = Asking(initial={"day": day, "at": at, "clock": dt.time(14, 30)})
    with translation.override("tr"):
        drawn = form.as_div()
    assert 'value="03.12.2026"' in drawn
    assert 'value="03.12.2026 Perşembe 14.30"' in drawn
    assert 'value="14.30"' in drawn
    assert re.findall(r'<input type="([a-z-]+)"', drawn) == ["text", "text", "text"]
    with translation.override("en"):
        assert 'value="Thursday, 03/12/2026 14:30"' in form.as_div()


@pytest.mark.parametrize("language", ["tr", "en"])
def test_what_a_field_shows_it_understands_again(language: str) -> None:
    day, at, clock = dt.date(2026, 12, 3), dt.datetime(2026, 12, 3, 14, 30, tzinfo=ISTANBUL), dt.time(14, 30)
    with translation.override(language):
        shown = {
            name: Asking(initial={"day": day, "at": at, "clock": clock})[name]
            for name in ("day", "at", "clock")
        }
        texts = {name: re.search(r'value="([^"]*)"', str(field)) for name, field in shown.items()}
        form = Asking({name: found[1] for name, found in texts.items() if found})
        assert form.is_valid(), form.errors
    assert form.cleaned_data == {"day": day, "at": at, "clock": clock}


def test_what_programs_put_into_an_address_is_shown_as_people_write_it() -> None:
    form = Asking(initial={"day": "2026-12-03", "at": "2026-12-03T14:30"})
    assert 'value="03.12.2026"' in str(form["day"])
    assert 'value="03.12.2026 Perşembe 14.30"' in str(form["at"])


def test_what_is_not_understood_stays_in_the_field_with_an_example() -> None:
    form = Asking({"day": "31 şubat", "at": "perşembe", "clock": "öğlen"})
    assert not form.is_valid()
    assert {*form.errors} == {"day", "at", "clock"}
    assert "örneğin" in str(form.errors["day"])
    assert 'value="31 şubat"' in str(form["day"])


def test_filters_take_a_typed_day_and_say_what_is_none(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    with freeze_time("2026-11-25T08:00:00Z"):
        page = client.get(
            "/admin/complaints/complaint/?tab=all&registered_from=3+kas%C4%B1m&registered_to=31.02.2026"
        )
    text = page.content.decode()
    assert 'value="03.11.2026"' in text
    assert "registered_from=2026-11-03" in text  # what is kept of it says the same day tomorrow
    assert "“31.02.2026” bir gün değil" in text
