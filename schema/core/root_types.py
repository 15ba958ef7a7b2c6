"""The root types: all classes `…Queries` and `…Mutations` of the services, found where they lie."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import strawberry

import schema
from schema.core import action_mutations

NO_SERVICES = frozenset({"compiler", "core", "developers", "http", "management", "open311", "stream"})


def root_type(name: str, ending: str, description: str) -> Any:
    """Return a type with the fields of all classes whose names end so, by service and module."""
    parts = tuple(cls for module in _modules() for cls in _classes(module, ending))
    return strawberry.type(type(name, parts, {}), description=description)


def _modules() -> Iterator[Any]:
    for service in sorted(pkgutil.iter_modules(schema.__path__, "schema."), key=lambda found: found.name):
        if service.ispkg and service.name.removeprefix("schema.") not in NO_SERVICES:
            package = importlib.import_module(service.name)
            for module in sorted(
                found.name for found in pkgutil.iter_modules(package.__path__, f"{service.name}.")
            ):
                yield importlib.import_module(module)
    yield importlib.import_module("schema.core.nodes")


def _classes(module: Any, ending: str) -> list[type]:
    homes = (module.__name__, action_mutations.__name__)  # its own classes, and those made from its verbs
    own = (cls for cls in vars(module).values() if getattr(cls, "__module__", "") in homes)
    return [cls for cls in own if isinstance(cls, type) and cls.__name__.endswith(ending)]
