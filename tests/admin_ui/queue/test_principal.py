"""A principal's home: now and next, the folder, who promised what; on any day."""

from __future__ import annotations

import datetime as dt

from backend.core.localtime import today
from backend.core.session import elevated
from permissions.core import scope
from tests.cast import Cast, signed_in
from tests.factories import at, make_entry, make_instruction

HOME = "/admin/"


def test_the_next_day_with_an_entry_stands_where_nothing_is_left_of_today(cast: Cast) -> None:
    soon = today() + dt.timedelta(days=3)
    entry = make_entry(cast.mayors, "Muhtarlar toplantısı", starts_at=at(soon.isoformat()))
    page = signed_in(cast.mayor).get(HOME).content.decode()
    assert "Muhtarlar toplantısı" in page
    assert f"/admin/programme/briefing/{entry.key}/" in page, "the briefing is the page, one tap away"
    assert "/admin/folder/" in page
    assert "Muhtarlar" not in signed_in(cast.park_clerk).get(HOME).content.decode()


def test_who_owes_what_stands_by_its_day(cast: Cast) -> None:
    for number, name in enumerate(("Geç iş", "Erken iş")):
        make_instruction(
            cast.mayors, cast.fen, name, by=cast.secretary, due_on=today() + dt.timedelta(days=7 - number * 2)
        )
    with scope.session(cast.mayor), elevated():
        page = signed_in(cast.mayor).get(HOME).content.decode()
    assert page.index("Erken iş") < page.index("Geç iş")
    assert "Fen İşleri" in page
