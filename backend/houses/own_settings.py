"""Django's settings as a house has them: `backend/settings.py` run once more, with the house's variables."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

from backend.environment import variables

SECRETS = {"SECRET_KEY": 50, "NATIONAL_ID_KEY": 32}
"""What no two houses share, and how long each must be at least in production."""
SOURCES = ("backend.office_defaults", "backend.sign_on_settings", "backend.settings")
ALWAYS = {"DATABASES", "STORAGES", "SECRET_KEY_FALLBACKS", *SECRETS}
"""A house has these of its own, whatever they hold: what is made of them is kept at the house."""


def of(own_variables: Mapping[str, str]) -> dict[str, Any]:
    """Return those that are other ones than the installation's, DATABASES and STORAGES among them."""
    result: dict[str, Any] = {}
    with variables(own_variables):
        for source in SOURCES:
            shared = vars(import_module(source))
            own: dict[str, Any] = {"__name__": source, "__file__": shared["__file__"]}
            exec(_code(source), own)  # noqa: S102 - our own settings, as importing them does
            result |= {name: value for name, value in own.items() if _is_own(name, value, shared)}
    for pooled in result["DATABASES"].values():
        if pooled["OPTIONS"].pop("pool", None):
            pooled["CONN_MAX_AGE"] = 600  # Django's pools are distinguished by alias alone
    return result


def _is_own(name: str, value: object, shared: dict[str, Any]) -> bool:
    return name.isupper() and (name in ALWAYS or name not in shared or value != shared[name])


@cache
def _code(source: str) -> CodeType:
    file = sys.modules[source].__file__ or ""
    return compile(Path(file).read_bytes(), file, "exec")
