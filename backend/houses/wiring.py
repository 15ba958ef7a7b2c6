"""What makes Django know houses: its settings, connections, storages and content types lead to the present one's.

Nothing of it is done in an installation without houses.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from django.conf import STATICFILES_STORAGE_ALIAS, LazySettings
from django.core.files.storage import DefaultStorage, StorageHandler, storages
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import ConnectionHandler

from backend.database import ENGINE
from backend.houses.current import current
from backend.houses.kept import PerHouse
from backend.houses.own_settings import SECRETS
from backend.houses.registry import AT_HAND, House, NoHouseError


def wire() -> None:
    """Do so, once, before anything is asked. No connection, file or secret is had outside of a house then."""
    connections.__class__ = HouseConnections
    storages.__class__ = HouseStorages
    setattr(DefaultStorage, "_wrapped", property(lambda _self: storages["default"]))  # noqa: B010 - Django's own
    for name in (*SECRETS, "SECRET_KEY_FALLBACKS"):
        setattr(LazySettings, name, _Secret(name))
    House.tell = staticmethod(know)
    LazySettings.ALLOWED_HOSTS = _Hosts("ALLOWED_HOSTS")  # type: ignore[attr-defined]
    from django.contrib.contenttypes.models import ContentTypeManager

    setattr(ContentTypeManager, "_cache", _ContentTypes())  # noqa: B010 - Django's own


class _Own:
    """A setting of a house; read by its name from what `settings` holds where the house has none of its own.

    A descriptor of the class, since `settings` keeps in its own dictionary what was read once.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        house = current()
        if house is not None and self.name in (own := house.settings):
            return own[self.name]
        return self.without(instance)

    def __set__(self, instance: Any, value: object) -> None:
        raise AttributeError(self.name)  # `settings` passes what is set on to what it wraps

    def without(self, instance: Any) -> Any:
        """Return what is read outside of a house."""
        return getattr(instance._wrapped, self.name)


class _Secret(_Own):
    """A secret: there is none outside of a house."""

    def without(self, instance: Any) -> Any:
        raise NoHouseError


class _Hosts(_Own):
    """The names of a house; outside of one no name is allowed (with none at all Django allows some in DEBUG)."""

    def without(self, instance: Any) -> Any:
        return [""]


def know(names: Iterable[str]) -> None:
    """Let `settings` lead to what a house has of its own (`House.settings`), once this process is wired."""
    if not isinstance(connections, HouseConnections):
        return
    for name in names:
        if not hasattr(LazySettings, name):
            setattr(LazySettings, name, _Own(name))


class HouseConnections(ConnectionHandler):
    """One connection for each alias, house and thread."""

    _connections: Any

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        house = current()
        if house is None:
            return {}
        # Kept at the house itself: it goes with it, where the file says something new.
        known: dict[str, dict[str, Any]] | None = house.__dict__.get("databases")
        if known is None:
            known = house.__dict__["databases"] = self.configure_settings(house.settings["DATABASES"])
        return known

    def __getitem__(self, alias: str) -> Any:
        house = current()
        if house is None:
            return _nobodys()
        here: dict[str, Any] = self._here(house)
        connection = here.get(alias)
        if connection is None:
            if alias not in self.settings:
                raise self.exception_class(f"The connection '{alias}' doesn't exist.")
            connection = here[alias] = self.create_connection(alias)
        return connection

    def __setitem__(self, key: str, value: Any) -> None:
        if (house := current()) is None:
            raise NoHouseError
        self._here(house)[key] = value

    def __delitem__(self, key: str) -> None:
        if (house := current()) is None:
            raise NoHouseError
        del self._here(house)[key]

    def all(self, initialized_only: bool = False) -> list[Any]:
        """Return this house's; of no house there are none."""
        if (house := current()) is None:
            return []
        here = self._here(house)
        return list(here.values()) if initialized_only else [self[alias] for alias in self]

    def close_all(self) -> None:
        """End all that this thread keeps, of whichever house."""
        for here in self._kept().values():
            for connection in here.values():
                connection.close()

    def _kept(self) -> OrderedDict[House, dict[str, Any]]:
        """This thread's, by house, the one that was entered last at the end."""
        try:
            kept: OrderedDict[House, dict[str, Any]] = self._connections.by_house
        except AttributeError:
            kept = self._connections.by_house = OrderedDict()
        return kept

    def _here(self, house: House) -> dict[str, Any]:
        kept = self._kept()
        here = kept.get(house)
        if here is None:
            here = kept[house] = {}
        return here

    def enter(self, house: House) -> None:
        """Note that this thread serves a house now, and end what it keeps of those it served longest ago.

        Also what is older than Django would keep it: the end of another house's request does not look at these.
        """
        kept = self._kept()
        self._here(house)
        kept.move_to_end(house)
        for other in list(kept)[:-1]:
            too_many, now = len(kept) > AT_HAND, time.monotonic()
            for connection in list(kept[other].values()):
                if too_many or (connection.close_at is not None and now >= connection.close_at):
                    connection.close()
            if too_many:
                del kept[other]


def _nobodys() -> Any:
    """Return what knows how to speak to a database, and has none: models that are made outside of a house ask it."""
    connection: Any = ConnectionHandler({DEFAULT_DB_ALIAS: {"ENGINE": ENGINE, "NAME": "-"}})[DEFAULT_DB_ALIAS]
    connection.get_new_connection = _refuse
    return connection


def _refuse(_parameters: Any) -> Any:
    raise NoHouseError


class HouseStorages(StorageHandler):
    """The storages of each house."""

    def __getitem__(self, alias: str) -> Any:
        if alias == STATICFILES_STORAGE_ALIAS:  # the program's own
            return super().__getitem__(alias)
        house = current()
        if house is None:
            raise NoHouseError
        handler: StorageHandler | None = house.__dict__.get("storages")
        if handler is None:
            handler = house.__dict__.setdefault("storages", StorageHandler(house.settings["STORAGES"]))
        return handler[alias]


class _ContentTypes:
    """The cache of content types, whose numbers are each database's own."""

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        caches: PerHouse[dict[Any, Any]] = instance.__dict__.setdefault("_of_houses", PerHouse(dict))
        return caches.here()

    def __set__(self, instance: Any, value: object) -> None:
        """A manager begins with an empty one, as it does here."""
