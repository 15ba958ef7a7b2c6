"""The file of houses (TOML, OZELKALEM_HOUSES): a table for each, with its host names and its own settings.

    [sancaktepe]
    hosts = ["ozelkalem.sancaktepe.example"]
    MUNICIPALITY_NAME = "Sancaktepe Belediyesi"

The keys in capitals are variables without OZELKALEM_, and the three DATABASE_…_URL. What is not named follows from the
installation's own environment: the database `<its database>_<house>`, secrets derived from its secrets, a folder below
OZELKALEM_VAR. The file is read again when it has changed.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from backend import office_defaults
from backend.database import HOUSE_DATABASE, databases
from backend.environment import BASE_DIR, ENVIRONMENT, env, whole
from backend.houses import own_settings
from backend.houses.own_settings import SECRETS

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
TEMPLATE = "template"
"""The database from which new ones are copied has a house of this name, which no request can name."""
DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READ_URL")
OWN = re.compile(
    r"SECRET_KEY(_FALLBACKS)?|NATIONAL_ID_KEY|TRUSTED_ORIGINS|PUBLIC_URL|MEDIA_ROOT|S3_[A-Z]+|EMAIL_[A-Z]+"
    r"|SMS_GATEWAY_(URL|TOKEN)|SEAL_(FILE|PASSPHRASE|ROOTS)|(CITIZEN_)?SIGN_ON_[A-Z_]+|OPEN311_JURISDICTION"
    r"|TELEPHONE(_CA)?|CERTIFICATES|STREAM_(PORT|URL)|BACKUP_HOURS|LEAVE_MOVES_STATUTORY_DATES"
)
"""Variables that a house may have of its own, in addition to those of the office."""
OFFICE = {name for name in vars(office_defaults) if name.isupper()} - {"BASE_DIR", "ENVIRONMENT", "MAP_URL"}
AT_HAND = whole("HOUSES_AT_HAND", 8)
"""A thread keeps connections to so many houses, those that it served last; a process, plans of them."""
log = logging.getLogger("houses")


class HousesError(ImproperlyConfigured):
    """The file of houses cannot be used; one sentence says why."""


class NoHouseError(ImproperlyConfigured):
    """Rows, files or secrets were asked for outside of every house."""

    def __init__(self) -> None:
        super().__init__(
            "OZELKALEM_HOUSES is set, and no house was entered: run commands by `manage.py houses run`."
        )


@dataclass(frozen=True, eq=False)
class House:
    """A municipality: its name, the host names by which it is asked, and its own variables by their full names."""

    name: str
    hosts: tuple[str, ...]
    variables: Mapping[str, str] = field(repr=False)
    table: Mapping[str, Any] = field(repr=False, default_factory=dict)
    """What the file says of it."""
    tell: ClassVar[Callable[[Iterable[str]], None]] = staticmethod(lambda _names: None)
    """Hears of the names of its settings as they are read: set once the process is wired (`wiring.wire`)."""

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Those of Django's settings that are other ones than the installation's."""
        own = own_settings.of(self.variables)
        House.tell(own)
        return own

    @property
    def database(self) -> str:
        """The name of its database."""
        name: str = self.settings["DATABASES"]["default"]["NAME"]
        return name


@dataclass(frozen=True)
class _File:
    """The file as it was read."""

    stamp: tuple[int, int]
    houses: Mapping[str, House]
    hosts: Mapping[str, House]


_lock = Lock()
_read: dict[Path, _File] = {}


def path() -> Path | None:
    """Return where the file is; None where there are no houses."""
    chosen = env("HOUSES")
    return Path(chosen) if chosen else None


def is_on() -> bool:
    """Whether this installation has houses."""
    return bool(env("HOUSES"))


def every() -> list[House]:
    """Return all houses in the order of the file. HousesError for a file that cannot be used, or never could."""
    return list(_file().houses.values())


def named(name: str) -> House:
    """Return the house of this name, or the template's. HousesError where there is none."""
    if name == TEMPLATE:
        return template()
    house = _file().houses.get(name)
    if house is None:
        raise HousesError(f"There is no house “{name}” in {path()}.")
    return house


def by_host(host: str) -> House | None:
    """Return the house that is asked by this name (the header `Host`); None for an unknown name."""
    return _file().hosts.get(plain(host))


def plain(host: str) -> str:
    """Return a host name as it is compared: without its port, in small letters."""
    host = host.strip().lower()
    name, colon, port = host.rpartition(":")
    if colon and not host.endswith("]") and port.isdecimal():
        host = name
    return host.removesuffix(".")


def template(*, is_whole: bool = True) -> House:
    """Return the house of the database from which new ones are copied, or of the one that becomes it."""
    own = {} if is_whole else {HOUSE_DATABASE: f"{template().database}_unfinished"}
    return House(TEMPLATE, (), _variables(TEMPLATE, (), own))


def _file() -> _File:
    file = path()
    if file is None:
        raise HousesError("There are no houses: OZELKALEM_HOUSES names no file.")
    known = _read.get(file)
    try:
        stat = os.stat(file)
        stamp = stat.st_mtime_ns, stat.st_ino
        if known is not None and known.stamp == stamp:
            return known
        with _lock:
            houses = parse(file.read_text(encoding="utf-8"))
            if known is not None:
                houses = {name: _same(known.houses.get(name), house) for name, house in houses.items()}
            hosts = {host: house for house in houses.values() for host in house.hosts}
            _read[file] = _File(stamp, houses, hosts)
            return _read[file]
    except FileNotFoundError:
        if known is not None:
            return known
        return _File((0, 0), {}, {})  # before the first house is made
    except (OSError, UnicodeDecodeError, HousesError) as error:
        if known is None:
            raise error if isinstance(error, HousesError) else HousesError(f"{file}: {error}") from error
        if known.stamp != stamp:  # logged once
            log.error({"event": "houses_file_refused", "reason": str(error)})
            _read[file] = _File(stamp, known.houses, known.hosts)
        return known


def _same(before: House | None, house: House) -> House:
    """Return the house as it is known, with all that is kept of it, unless the file says something new."""
    return before if before and before.table == house.table else house


def parse(text: str) -> dict[str, House]:
    """Read the text of the file. HousesError with what is wrong, and in which house."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HousesError(f"The file of houses is no TOML: {error}.") from error
    houses = {name: _house(name, table) for name, table in tables.items()}
    _require_apart(houses.values())
    return houses


def _require_apart(houses: Iterable[House]) -> None:
    """Refuse two houses with one host name, database, secret or place for files."""
    taken: dict[object, str] = {}
    for house in houses:
        for what, value in _claims(house):
            if (other := taken.setdefault((what, value), house.name)) != house.name:
                shown = f" {value}" if what == "host name" else ""
                raise HousesError(f"{other} and {house.name} have the same {what}{shown}.")


def _claims(house: House) -> Iterator[tuple[str, object]]:
    """Yield what no other house may have."""
    of = house.variables
    yield from (("host name", host) for host in house.hosts)
    yield "database", (of.get("DATABASE_URL"), of[HOUSE_DATABASE])
    yield from ((secret, of[f"OZELKALEM_{secret}"]) for secret in SECRETS)
    yield "folder of files", of.get("OZELKALEM_MEDIA_ROOT") or of["OZELKALEM_VAR"]
    yield "place in the bucket", (of.get("OZELKALEM_S3_BUCKET"), of["OZELKALEM_S3_PREFIX"])


def _house(name: str, table: Any) -> House:
    if not NAME.fullmatch(name) or name == TEMPLATE:
        raise HousesError(f"“{name}” cannot be the name of a house: small letters, digits and _, at most 31.")
    if not isinstance(table, dict):
        raise HousesError(f"“{name}” is no table: write [{name}] above its lines.")
    hosts = table.get("hosts")
    if (
        not isinstance(hosts, list)
        or not hosts
        or not all(isinstance(h, str) and HOST.fullmatch(h) for h in hosts)
    ):
        raise HousesError(f"{name}: hosts must be a list of host names in small letters, without ports.")
    own: dict[str, str] = {}
    for key, value in table.items():
        if key in ("hosts", "database"):
            continue
        if key not in DATABASES and not OWN.fullmatch(key) and key not in OFFICE:
            raise HousesError(f"{name}: {key} is nothing that a house has of its own.")
        if isinstance(value, bool):
            value = "1" if value else "0"
        if not isinstance(value, str | int):
            raise HousesError(f"{name}: {key} must be a text or a whole number.")
        own[key if key in DATABASES else f"OZELKALEM_{key}"] = str(value)
    if database := table.get("database"):
        own[HOUSE_DATABASE] = str(database)
    return House(name, tuple(hosts), _variables(name, tuple(hosts), own), table)


def _variables(name: str, hosts: tuple[str, ...], own: Mapping[str, str]) -> dict[str, str]:
    """Return what the settings are read from: the process's environment, under what is the house's own."""
    values = dict(os.environ)
    for secret, shortest in SECRETS.items():
        if ENVIRONMENT == "production" and len(env(secret)) < shortest:
            raise HousesError(
                f"Set OZELKALEM_{secret} to {shortest} random characters: those of houses follow from it."
            )
        values[f"OZELKALEM_{secret}"] = _derived(env(secret, "development"), name, secret)
    former = [key for key in env("SECRET_KEY_FALLBACKS").split(",") if key]
    values["OZELKALEM_SECRET_KEY_FALLBACKS"] = ",".join(_derived(key, name, "SECRET_KEY") for key in former)
    if "OZELKALEM_SECRET_KEY" in own:
        del values["OZELKALEM_SECRET_KEY_FALLBACKS"]
    variable_folder = Path(env("VAR") or BASE_DIR / "var")
    values["OZELKALEM_VAR"] = str(variable_folder / "houses" / name)
    values["OZELKALEM_STATIC_ROOT"] = env("STATIC_ROOT") or str(variable_folder / "static")
    if media := env("MEDIA_ROOT"):
        values["OZELKALEM_MEDIA_ROOT"] = str(Path(media) / name)
    values["OZELKALEM_S3_PREFIX"] = "/".join(filter(None, (env("S3_PREFIX").strip("/"), name)))
    values["OZELKALEM_ALLOWED_HOSTS"] = ",".join(hosts)
    if hosts:
        usual = "https://all" if ENVIRONMENT == "production" else "http://all:8000"
        address = urlsplit(env("PUBLIC_URL", usual))
        port = f":{address.port}" if address.port else ""
        values["OZELKALEM_PUBLIC_URL"] = f"{address.scheme}://{hosts[0]}{port}"
    if "DATABASE_URL" in own:
        for url in DATABASES:
            values.pop(url, None)
        values[HOUSE_DATABASE] = ""
    else:
        values[HOUSE_DATABASE] = f"{databases()['default']['NAME']}_{name}"
    return {**values, **own}


def _derived(secret: str, name: str, purpose: str) -> str:
    return hmac.digest(secret.encode(), f"house {name}: {purpose}".encode(), "sha256").hex()
