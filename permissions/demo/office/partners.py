"""Invented partners with their people: associations, schools, municipalities, two of them sisters, the local press."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from backend.contacts import actions as contacts
from backend.core.session import system
from backend.organization.models import Department, User
from backend.partners import actions, lists
from backend.partners.models import Organisation

TEXTS = Path(__file__).with_name("partners.toml")
NUMBER = "+90 509 700 {:02d} {:02d}"
"""Unassigned telephone numbers of the demo."""


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        if not Organisation.objects.exists():
            _load(User.objects.get(username="sekreter"))


def _load(by: User) -> None:
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    departments = {row.code: row for row in Department.objects.open()}
    rows: dict[str, Organisation] = {}
    for number, fields in enumerate(texts["organisations"]):
        kind, name, short, city, country, language, tags, codes, note = fields
        since, decision = texts["sisters"].get(short, (None, ""))
        rows[short or name] = actions.record(
            by=by,
            kind=kind,
            name=name,
            short_name=short,
            city=city,
            country=country,
            language=language,
            tags=tags,
            note=note,
            phone="" if country else f"+90 216 700 10 {number:02d}",
            email=f"iletisim{number}@posta.example",
            sister_since=dt.date.fromisoformat(since) if since else None,
            sister_decision=decision,
            liaisons=[departments[code] for code in codes if code in departments],
        )
    for number, fields in enumerate(texts["people"]):
        _add(rows, number, fields, by)
    _lists(by, departments)


def _lists(by: User, departments: dict[str, Department]) -> None:
    """Three sample lists: dynamic, static, departmental."""
    civil = ["ASSOCIATION", "FOUNDATION", "SPORTS_CLUB"]
    heads = lists.make(
        by=by, title="Sivil toplum başkanları", kinds=civil, role_kinds=["HEAD"], note="Bayram tebriği"
    )
    absent = Organisation.objects.get(short_name="Sarıgazi Spor").roles.get()
    lists.leave_out(heads, by=by, role=absent)
    lists.make(
        by=by,
        title="Okul müdürleri",
        kinds=["SCHOOL"],
        role_kinds=["HEAD"],
        department=departments.get("park-ve-bahceler"),
        note="Fidan dikimi daveti",
    )
    press = lists.make(by=by, title="Yerel basın", kinds=["PRESS"], note="Basın bültenleri")
    lists.add(press, by=by, organisation=Organisation.objects.get(short_name="AYTÜ"))


def _add(rows: dict[str, Organisation], number: int, fields: list[Any], by: User) -> None:
    where, first, last, title, kind, there, salutation, since, until = fields
    row = rows[where]
    person = contacts.record(
        by=by,
        first_name=first,
        last_name=last,
        title=title,
        languages=list(dict.fromkeys([row.language, "TR"])) if row.country else ["TR"],
        phone="" if row.country else NUMBER.format(number // 60, 10 + number),
        email=f"kisi{number}@posta.example",
    )
    actions.add_role(
        row,
        by=by,
        person=person,
        kind=kind,
        title=there,
        salutation=salutation,
        valid_from=dt.date(since, 4, 1),
        valid_to=dt.date(until, 3, 31) if until else None,
    )
