"""Two houses that differ in every word and in nothing else: the same numbers, keys, accounts and moments."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import LazySettings, settings
from django.contrib.contenttypes.models import ContentTypeManager
from django.core.cache import caches
from django.core.files.storage import DefaultStorage, StorageHandler, storages
from django.core.management import call_command
from django.db import connections
from django.db.models import Value
from django.db.models.functions import Concat
from django.db.utils import ConnectionHandler
from django.test import override_settings

from backend import houses
from backend.complaints.models import Complaint
from backend.configuration import actions as configuration
from backend.configuration import memory
from backend.contacts.models import Citizen
from backend.core import tickets
from backend.core.session import system
from backend.houses import House, wiring
from backend.houses.kept import cache_key
from backend.organization.models import Department, User
from backend.partners.models import Organisation
from backend.programme.models import Entry
from tests.cast import Cast, make_cast
from tests.databases import TestDatabases, pointed_at
from tests.permissions.walls.world import populate

WORDS = {"ankara": "Angora", "bursa": "Prusa"}
MARKED: tuple[tuple[Any, str], ...] = (
    (Complaint, "subject"),
    (Citizen, "first_name"),
    (Department, "name"),
    (User, "title"),
    (Organisation, "name"),
    (Entry, "title"),
)
"""What people read most, which bears the house's word."""


@dataclass
class Pair:
    """The houses of a file, and the rows that both began with."""

    file: Path
    cast: Cast
    rows: dict[str, Complaint]
    databases: dict[str, str]
    plain: dict[str, Any] = field(default_factory=dict)
    moment: Any = None
    known: list[House] = field(default_factory=list)

    def __getitem__(self, name: str) -> House:
        return houses.named(name)

    @contextmanager
    def wired(self) -> Iterator[None]:
        """Let this process serve houses, as one does that was started with OZELKALEM_HOUSES."""
        with patch.dict("os.environ", OZELKALEM_HOUSES=str(self.file)), wired():
            for house in self.known:
                wiring.know(house.settings)  # as it did when they were read, in a former test
            yield
            self.known = houses.every()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Let this process be an installation of this house alone: its database and its settings, and no houses."""
        own = {
            key: value
            for key, value in self.plain[name].items()
            if key not in ("DATABASES", "STORAGES", "CACHES")
        }
        with pointed_at(self.databases[name]), override_settings(**own):
            memory.forget()
            yield
        memory.begin_with({})


@contextmanager
def wired() -> Iterator[None]:
    """`wiring.wire`, and back."""
    known, key_of = set(vars(LazySettings)), caches["default"].key_func
    wiring.wire()
    caches["default"].key_func = cache_key
    try:
        yield
    finally:
        connections.__class__, storages.__class__ = ConnectionHandler, StorageHandler
        caches["default"].key_func = key_of
        for owner, name in ((DefaultStorage, "_wrapped"), (ContentTypeManager, "_cache")):
            delattr(owner, name)
        for name in set(vars(LazySettings)) - known:
            delattr(LazySettings, name)


def build(databases: TestDatabases, folder: Path) -> Pair:
    """Make both databases and the file. The caller drops them."""
    first = databases.clone()
    with pointed_at(first):
        cast = make_cast()
        rows = populate(cast)
        call_command("website_client", stdout=io.StringIO())
    names = {"ankara": first, "bursa": databases.clone(of=first)}
    file = folder / "houses.toml"
    parts: list[str] = []
    for name, database in names.items():
        media = shutil.copytree(settings.MEDIA_ROOT, folder / name)
        parts.append(
            f'[{name}]\nhosts = ["{name}.test"]\ndatabase = "{database}"\nMEDIA_ROOT = "{media}"\n'
            f'MUNICIPALITY_PHONE = "0{len(parts) + 300} 311 11 11"\n'
        )
    file.write_text("\n".join(parts), encoding="utf-8")
    pair = Pair(file, cast, rows, names)
    with pair.wired():
        for name in names:
            with houses.inside(pair[name]):
                with connections["owner"].cursor() as cursor:
                    tickets.install_keys(cursor)
                _mark(WORDS[name])
            pair.plain[name] = pair[name].settings
    return pair


def _mark(word: str) -> None:
    with system():
        for model, column in MARKED:
            model.objects.update(**{column: Concat(Value(f"{word} "), column)})
        configuration.change({"MUNICIPALITY_NAME": f"{word} Belediyesi"}, by=None)
