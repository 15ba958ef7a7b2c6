"""Kinds of settings: how a value is read, checked, written down, and shown.

A value is what JSON has. `parse` makes one of a text, as a form or a program sends it, and refuses what is none; `text`
is the way back, and `shown` what people read of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backend.configuration import crest
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import is_email_address
from backend.core.words.text import line
from backend.organization.models import Department

Words = str | Promise

_WEB = re.compile(r"(?=.{4,120}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_MAP = re.compile(r"https://[^\s/?#{}<>\"\\@]+[^\s<>\"\\]*")
_TILES = re.compile(r"(?:https://[a-z0-9.-]+(?::[0-9]{1,5})?)?/[^\s<>\"'\\;]+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9 ()/-]{3,24}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,8})?", re.ASCII)
_SPOT = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,8})?) ?, ?(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)")
_COLOUR = re.compile("#[0-9a-f]{6}")
_SENDER = re.compile(r"[A-Z0-9][A-Z0-9 .-]{0,10}")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A setting: its section in the page, its label, and what is to be known of it."""

    section: str
    label: Words
    help: Words = ""
    is_required: bool = True
    is_public: bool = False
    """Whether a portal reads it too."""

    def parse(self, text: str, name: str) -> Any:
        """The value of a text. REQUIRED, INVALID."""
        value = line(text)
        if not value:
            if self.is_required:
                raise DomainError(ErrorCode.REQUIRED, _("Write something here."), name)
            return ""
        return self.checked(value, name)

    def checked(self, value: str, name: str) -> Any:
        """The value of a text that is not empty."""
        return value

    def default(self, value: Any) -> Any:
        """The value of what the installation begins with."""
        return value

    def text(self, value: Any) -> str:
        return str(value)

    def shown(self, value: Any) -> str:
        """What a history says of it."""
        return self.text(value) or "–"


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    most: int = 120

    def checked(self, value: str, name: str) -> str:
        if len(value) > self.most:
            message = _("At most %(count)s letters are possible here.") % {"count": self.most}
            raise DomainError(ErrorCode.INVALID, message, name)
        return value


@dataclass(frozen=True, kw_only=True)
class Pattern(Text):
    """A text of one shape; `like` is an example for who wrote another."""

    like: str = ""

    def fits(self, value: str) -> bool:
        raise NotImplementedError

    def normal(self, value: str) -> str:
        return value

    def checked(self, value: str, name: str) -> str:
        value = self.normal(super().checked(value, name))
        if not self.fits(value):
            message = _("Write it like this: %(example)s") % {"example": self.like}
            raise DomainError(ErrorCode.INVALID, message, name)
        return value


@dataclass(frozen=True, kw_only=True)
class Phone(Pattern):
    like: str = "0216 311 11 11"

    def fits(self, value: str) -> bool:
        return bool(_PHONE.fullmatch(value)) and sum(map(str.isdigit, value)) >= 3


@dataclass(frozen=True, kw_only=True)
class Mail(Pattern):
    like: str = "ozelkalem@belediye.bel.tr"

    def fits(self, value: str) -> bool:
        return is_email_address(value)


@dataclass(frozen=True, kw_only=True)
class Web(Pattern):
    """A host, as a letter names it: without “https://” and without a path."""

    like: str = "www.belediye.bel.tr"

    def normal(self, value: str) -> str:
        return re.sub(r"\Ahttps?://", "", value, flags=re.IGNORECASE).rstrip("/").lower()

    def fits(self, value: str) -> bool:
        return bool(_WEB.fullmatch(value))


@dataclass(frozen=True, kw_only=True)
class Map(Pattern):
    """The address of a map, in which `{where}` stands for the place that is looked for."""

    like: str = "https://harita.belediye.bel.tr/?q={where}"
    most: int = 300

    def fits(self, value: str) -> bool:
        return value.count("{where}") == 1 and bool(_MAP.fullmatch(value))


@dataclass(frozen=True, kw_only=True)
class Rectangle(Pattern):
    """A rectangle in degrees (WGS 84): west, south, east, north."""

    like: str = "29.15, 40.93, 29.35, 41.06"

    def fits(self, value: str) -> bool:
        parts = value.split(",")
        if len(parts) != 4 or not all(_DEGREES.fullmatch(part.strip()) for part in parts):
            return False
        west, south, east, north = map(float, parts)
        return -180 <= west < east <= 180 and -90 <= south < north <= 90


@dataclass(frozen=True, kw_only=True)
class Tiles(Pattern):
    """Where the background of a map comes from: squares (`{z}`, `{x}`, `{y}`), a file of PMTiles, or a WMS with its
    layers; a path is one of this host."""

    like: str = "https://harita.belediye.bel.tr/{z}/{x}/{y}.png"
    most: int = 300

    def fits(self, value: str) -> bool:
        squares = [value.count(part) for part in ("{z}", "{x}", "{y}")]
        is_named = ".pmtiles" in value or bool(re.search(r"[?&]layers=[^&]", value, re.IGNORECASE))
        is_known = squares == [1, 1, 1] or (is_named and not any(squares))
        return is_known and not value.startswith("//") and bool(_TILES.fullmatch(value))


@dataclass(frozen=True, kw_only=True)
class Spot(Pattern):
    """A point: latitude and longitude in degrees, with a comma between; empty: none."""

    like: str = "41.00210, 29.23160"
    most: int = 40

    def fits(self, value: str) -> bool:
        found = _SPOT.fullmatch(value)
        return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


@dataclass(frozen=True, kw_only=True)
class Colour(Pattern):
    """A colour that white letters are read on: headings and buttons have it."""

    like: str = "#1e3a8a"

    def normal(self, value: str) -> str:
        return value.lower()

    def fits(self, value: str) -> bool:
        return bool(_COLOUR.fullmatch(value))

    def checked(self, value: str, name: str) -> str:
        value = super().checked(value, name)
        if crest.contrast_with_white(value) < crest.READABLE:
            message = _("This colour is too light: white letters cannot be read on it. Choose a darker one.")
            raise DomainError(ErrorCode.INVALID, message, name)
        return value


@dataclass(frozen=True, kw_only=True)
class Sender(Pattern):
    """Who a text message comes from, as operators take it."""

    like: str = "BELEDIYE"
    most: int = 11

    def fits(self, value: str) -> bool:
        return bool(_SENDER.fullmatch(value))


@dataclass(frozen=True, kw_only=True)
class Clock(Pattern):
    """A time of day, stored as 22:00."""

    like: str = "20.00"
    first: str = "00:00"
    last: str = "23:59"

    def normal(self, value: str) -> str:
        parts = value.replace(".", ":").split(":")[:2]
        return ":".join(part.zfill(2) for part in parts)

    def fits(self, value: str) -> bool:
        return bool(re.fullmatch("(?:[01][0-9]|2[0-3]):[0-5][0-9]", value))

    def checked(self, value: str, name: str) -> str:
        value = super().checked(value, name)
        if not self.first <= value <= self.last:
            message = _("Choose a time between %(first)s and %(last)s.")
            values = {"first": self.shown(self.first), "last": self.shown(self.last)}
            raise DomainError(ErrorCode.INVALID, message % values, name)
        return value

    def shown(self, value: Any) -> str:
        return str(value).replace(":", ".")


@dataclass(frozen=True, kw_only=True)
class Whole(Kind):
    least: int = 0
    most: int = 365

    def checked(self, value: str, name: str) -> int:
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1
        if not self.least <= number <= self.most:
            message = _("Write a whole number between %(least)s and %(most)s.")
            raise DomainError(ErrorCode.INVALID, message % {"least": self.least, "most": self.most}, name)
        return number


@dataclass(frozen=True, kw_only=True)
class Flag(Kind):
    is_required: bool = False

    def parse(self, text: str, name: str) -> bool:
        if text not in ("true", "false", ""):
            raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), name)
        return text == "true"

    def text(self, value: Any) -> str:
        return "true" if value else "false"

    def shown(self, value: Any) -> str:
        return _("yes") if value else _("no")


@dataclass(frozen=True, kw_only=True)
class Several(Kind):
    """Some of a closed list, in its order; as text with commas between."""

    is_required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()

    def options(self) -> tuple[tuple[str, Words], ...]:
        """What may be chosen, with its words."""
        return self.choices

    def parse(self, text: str, name: str) -> list[str]:
        chosen = {part.strip() for part in text.split(",") if part.strip()}
        if not chosen:
            return []
        options = self.options()
        if chosen - {value for value, _label in options}:
            raise DomainError(ErrorCode.INVALID, _("Choose one of the listed values."), name)
        return [value for value, _label in options if value in chosen]

    def text(self, value: Iterable[str]) -> str:
        return ",".join(value)

    def shown(self, value: Any) -> str:
        return ", ".join(str(label) for one, label in self.options() if one in value) or "–"


@dataclass(frozen=True, kw_only=True)
class Units(Several):
    """Some of the units of the house, by their codes."""

    def options(self) -> tuple[tuple[str, Words], ...]:
        return tuple(Department.objects.open().in_order().values_list("code", "name"))


@dataclass(frozen=True, kw_only=True)
class Picture(Kind):
    """A drawing (SVG), or a photograph that was made one; the installation begins with a file."""

    is_required: bool = False
    most: int = field(default=crest.MOST)

    def parse(self, text: str, name: str) -> str:
        return crest.checked(text.strip().encode(), name) if text.strip() else ""

    def default(self, value: Any) -> str:
        return crest.of_file(value) if value and Path(value).is_file() else ""

    def shown(self, value: Any) -> str:
        return _("a picture of %(size)s kB") % {"size": max(1, len(value) // 1024)} if value else "–"


def dialled(phone: str) -> str:
    """What a telephone dials: “tel:+902163111111”; of a short number itself."""
    digits = "".join(filter(str.isdigit, phone))
    if phone.lstrip().startswith("+"):
        return f"tel:+{digits}"
    return f"tel:+9{digits}" if digits.startswith("0") else f"tel:{digits}"
