"""Three things that took time below every test and prove nothing.

Frames lie in one piece: of one file of tests, memory was mapped 158,000 times otherwise. Freezegun, which listed
the names of three thousand modules each time that a clock was frozen, asks how many each has and which came last. And
Django does not write down which addresses a request is not for, which it tells on the page of a missing one in DEBUG.
"""

from __future__ import annotations

from types import ModuleType

import pytest
from _pytest import runner
from django.urls import URLResolver
from freezegun import api as freezegun

from backend.core.frames import in_one_piece


def names_of(module: ModuleType) -> str:
    """Return what changes when a module gets another name at its top."""
    names: dict[str, object] = getattr(module, "__dict__", {})  # some libraries put other objects there
    return f"{id(module)}-{len(names)}-{next(reversed(names), '')}"


assert callable(freezegun._get_module_attributes_hash), "freezegun asks by another function now"
freezegun._get_module_attributes_hash = names_of

_tried = "_extend_tried"  # a method without a name in the stubs
assert hasattr(URLResolver, _tried), "Django gathers what it tried by another method now"
setattr(URLResolver, _tried, staticmethod(lambda tried, pattern, sub_tried=None: None))

_run = in_one_piece(runner.pytest_runtest_protocol)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run the test as pytest does; leave one that may have a second try to the plugin for these."""
    return None if item.get_closest_marker("flaky") else _run(item, nextitem)
