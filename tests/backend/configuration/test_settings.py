"""The settings of the office: what is in force, who changed it, and that every process follows."""

from __future__ import annotations

import io
import runpy
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured_by_environment
from django.db import transaction
from PIL import Image
from pytest_django.fixtures import Settings

from backend.complaints.choices import Priority
from backend.complaints.law import clock
from backend.configuration import actions, crest, memory
from backend.configuration.models import SettingChange
from backend.configuration.office import DECLARED, configured, default_of, dialled, shown_with
from backend.configuration.sections import SECTIONS
from backend.core.errors import DomainError, ErrorCode, InputFaultsError
from backend.core.session import system
from backend.journal.models import AuditLog
from tests.cast import Cast
from tests.databases import CommittedDatabase

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def change(by: Any = None, revision: int | None = None, **texts: str) -> list[SettingChange]:
    with system():
        return actions.change(texts, by=by, revision=revision)


def refused(**texts: str) -> dict[str | None, str]:
    with pytest.raises(InputFaultsError) as found:
        change(**texts)
    return {one.field: one.code for one in found.value.errors}


def test_every_setting_begins_with_its_variable_and_has_a_section(settings: Settings) -> None:
    for name, kind in DECLARED.items():
        assert kind.section in SECTIONS, name
        value = getattr(configured, name)
        assert value == default_of(name)
        assert kind.parse(kind.text(value), name) == value, name
    settings.MUNICIPALITY_NAME = "Başka Belediyesi"
    assert configured.MUNICIPALITY_NAME == "Başka Belediyesi"
    assert configured.sender_name == "Başka Belediyesi Özel Kalem"
    with pytest.raises(AttributeError):
        configured.NOTHING_SUCH  # noqa: B018


def test_a_change_is_in_force_at_once_and_kept_with_who_and_what_was_before(cast: Cast) -> None:
    change(by=cast.administrator, MUNICIPALITY_NAME="Iğdır Belediyesi 🏛", REOPEN_DAYS="45")
    assert configured.MUNICIPALITY_NAME == "Iğdır Belediyesi 🏛"
    assert configured.REOPEN_DAYS == 45
    name, days = SettingChange.objects.order_by("id")
    assert (name.before, name.after, name.by) == (
        "Sancaktepe Belediyesi",
        "Iğdır Belediyesi 🏛",
        cast.administrator,
    )
    assert (days.before, days.after, days.revision) == ("30", "45", name.revision)
    with system():
        line = AuditLog.objects.get(verb="settings_changed")
    assert line.actor == cast.administrator
    assert "Belediyenin adı: Sancaktepe Belediyesi → Iğdır Belediyesi 🏛" in line.note
    assert change(MUNICIPALITY_NAME="Iğdır Belediyesi 🏛") == [], "nothing was changed"


def test_what_is_changed_back_follows_the_installation_again(cast: Cast, settings: Settings) -> None:
    change(REOPEN_DAYS="45")
    change(REOPEN_DAYS="30")
    settings.REOPEN_DAYS = 20
    assert configured.REOPEN_DAYS == 20
    assert [row.value for row in SettingChange.objects.order_by("id")] == [45, None]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("MUNICIPALITY_NAME", "  ", ErrorCode.REQUIRED),
        ("MUNICIPALITY_NAME", "x" * 81, ErrorCode.INVALID),
        ("MUNICIPALITY_PHONE", "ara beni", ErrorCode.INVALID),
        ("MUNICIPALITY_EMAIL", "ozelkalem", ErrorCode.INVALID),
        ("MUNICIPALITY_WEB", "https://belediye", ErrorCode.INVALID),
        ("MAP_URL", "https://harita.example/", ErrorCode.INVALID),
        ("MAP_URL", "http://harita.example/?q={where}", ErrorCode.INVALID),
        ("MAP_URL", "javascript:alert({where})", ErrorCode.INVALID),
        ("MAP_URL", "https://{where}.example/", ErrorCode.INVALID),
        ("MUNICIPALITY_COLOUR", "#ffff00", ErrorCode.INVALID),
        ("MUNICIPALITY_COLOUR", "mavi", ErrorCode.INVALID),
        ("SMS_SENDER", "belediyemiz a", ErrorCode.INVALID),
        ("QUIET_FROM", "25.00", ErrorCode.INVALID),
        ("QUIET_FROM", "12.00", ErrorCode.INVALID),
        ("REOPEN_DAYS", "-1", ErrorCode.INVALID),
        ("REOPEN_DAYS", "٣", ErrorCode.INVALID),
        ("HEAD_MAY_APPROVE", "evet", ErrorCode.INVALID),
        ("APPLICANT_REMINDERS", "DAY_BEFORE,NEVER", ErrorCode.INVALID),
        ("SECRET_KEY", "x", ErrorCode.NOT_FOUND),
    ],
)
def test_what_is_no_value_is_refused_at_its_field(cast: Cast, name: str, text: str, code: str) -> None:
    assert refused(**{name: text}) == {name: code}
    assert not SettingChange.objects.exists()


def test_all_faults_are_told_at_once_and_nothing_is_kept(cast: Cast) -> None:
    assert set(refused(REOPEN_DAYS="x", MUNICIPALITY_NAME="", TARGET_WARNING_DAYS="3")) == {
        "REOPEN_DAYS",
        "MUNICIPALITY_NAME",
    }
    assert not SettingChange.objects.exists()


def test_texts_are_taken_as_people_write_them(cast: Cast) -> None:
    change(
        MUNICIPALITY_WEB="HTTPS://WWW.Igdir.bel.tr/",
        QUIET_FROM="21.30",
        APPLICANT_REMINDERS="HOUR_BEFORE, DAY_BEFORE",
        MUNICIPALITY_KEP="",
    )
    assert configured.MUNICIPALITY_WEB == "www.igdir.bel.tr"
    assert f"{configured.quiet_from:%H:%M}" == "21:30"
    assert configured.APPLICANT_REMINDERS == ["DAY_BEFORE", "HOUR_BEFORE"]
    assert configured.MUNICIPALITY_KEP == ""


def test_of_two_who_change_the_same_the_second_is_told(cast: Cast) -> None:
    seen = memory.revision()
    change(revision=seen, MUNICIPALITY_PHONE="444 0 555")
    change(revision=seen, REOPEN_DAYS="40")  # another one is no conflict
    with pytest.raises(DomainError) as found:
        change(revision=seen, MUNICIPALITY_PHONE="444 0 556")
    assert (found.value.code, found.value.field) == (ErrorCode.CONFLICT, "MUNICIPALITY_PHONE")
    assert configured.MUNICIPALITY_PHONE == "444 0 555"


def test_actions_read_what_is_in_force(cast: Cast) -> None:
    change(SERVICE_TARGET_DAYS="9", HEAD_MAY_APPROVE="true")
    assert configured.HEAD_MAY_APPROVE is True
    assert clock.target_days(None, Priority.NORMAL) == 9
    assert clock.target_days(None, Priority.URGENT) == 1


def test_another_process_follows_within_seconds(
    committed_db: CommittedDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OFFICE_SETTINGS_SECONDS = 3.0
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    memory.begin_with({})
    monkeypatch.setattr(memory, "forget", lambda: None)  # this process did not change it
    change(REOPEN_DAYS="77")
    assert configured.REOPEN_DAYS == 30
    now[0] += 3.1
    assert configured.REOPEN_DAYS == 77


def test_what_is_taken_back_is_not_in_force(committed_db: CommittedDatabase) -> None:
    class TakenBackError(Exception):
        pass

    def act() -> None:
        with system(), transaction.atomic():
            actions.change({"REOPEN_DAYS": "77"}, by=None)
            assert configured.REOPEN_DAYS == 77
            raise TakenBackError

    with pytest.raises(TakenBackError):
        act()
    assert configured.REOPEN_DAYS == 30


def test_a_preview_stores_nothing_and_ends(cast: Cast) -> None:
    with shown_with({"MUNICIPALITY_NAME": "Deneme Belediyesi"}):
        assert configured.MUNICIPALITY_NAME == "Deneme Belediyesi"
    assert configured.MUNICIPALITY_NAME == configured_by_environment.MUNICIPALITY_NAME


# -- the crest ----------------------------------------------------------------------------------------------------
def test_a_crest_is_a_plain_drawing_or_a_photograph(cast: Cast) -> None:
    change(MUNICIPALITY_CREST=DRAWING)
    assert configured.MUNICIPALITY_CREST == DRAWING
    assert crest.png(DRAWING).startswith(b"\x89PNG")
    photograph = io.BytesIO()
    Image.new("RGB", (40, 60), "navy").save(photograph, "PNG")
    drawn = crest.as_svg(photograph.getvalue())
    change(MUNICIPALITY_CREST=drawn)
    assert crest.png(drawn).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)" d="M0 0"/>',
        '<image href="https://example.org/a.png"/>',
        '<image xlink:href="//example.org/a.png"/>',
        '<foreignObject width="9" height="9"/>',
        '<style>@import "https://example.org/a.css";</style>',
        '<rect style="fill:url(https://example.org/a.svg#b)"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
    ],
)
def test_a_crest_that_does_something_is_refused(cast: Cast, part: str) -> None:
    drawing = DRAWING.replace("<path", f"{part}<path", 1)
    assert refused(MUNICIPALITY_CREST=drawing) == {"MUNICIPALITY_CREST": ErrorCode.INVALID}


def test_what_is_no_picture_or_too_large_is_no_crest(cast: Cast) -> None:
    assert refused(MUNICIPALITY_CREST="Arma") == {"MUNICIPALITY_CREST": ErrorCode.INVALID}
    large = DRAWING.replace("M0 0", "M0 0" + " " * crest.MOST)
    assert refused(MUNICIPALITY_CREST=large) == {"MUNICIPALITY_CREST": ErrorCode.TOO_LARGE}


@pytest.mark.parametrize("colour", ["#1e3a8a", "#000000", "#7f1d1d", "#14532d"])
def test_a_colour_is_read_on_a_dark_page_too(colour: str) -> None:
    light = crest.on_dark(colour)
    page = 0.05 + crest._luminance("#171e2b")
    assert (0.05 + crest._luminance(light)) / page >= crest.READABLE


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("0216 311 11 11", "tel:+902163111111"),
        ("+90 (216) 311-11-11", "tel:+902163111111"),
        ("153", "tel:153"),
        ("444 0 555", "tel:4440555"),
    ],
)
def test_a_telephone_number_is_dialled(written: str, link: str) -> None:
    assert dialled(written) == link


def test_the_public_address_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written behind it begins with one: a provider compares such addresses letter by letter."""
    monkeypatch.setenv("OZELKALEM_PUBLIC_URL", "https://ozelkalem.example/")
    settings = runpy.run_path(str(Path(__file__).parents[3] / "backend" / "settings.py"))
    assert settings["PUBLIC_URL"] == "https://ozelkalem.example"
