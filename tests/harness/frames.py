"""Five things that took time below every test and prove nothing.

Frames lie in one piece: of one file of tests, memory was mapped 158,000 times otherwise. Freezegun, which listed
the names of three thousand modules each time that a clock was frozen, asks how many each has and which came last. And
Django does not write down which addresses a request is not for, which it tells on the page of a missing one in DEBUG.
It copies an expression by its dictionary, which is what pickle's protocol comes to. And Django's client keeps of a page
each context once, where it copied the page's for every template that was included.
"""

from __future__ import annotations

from copy import copy
from types import ModuleType
from typing import Any

import pytest
from _pytest import runner
from django.db.models.expressions import BaseExpression
from django.template import Context
from django.test import client
from django.test.utils import ContextList
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


def copied(expression: Any) -> Any:
    """Return what `copy.copy` does; a quarter of its time."""
    twin = object.__new__(type(expression))
    vars(twin).update(expression.__getstate__())
    return twin


_copied = "__copy__"
assert not hasattr(BaseExpression, _copied), "Django copies expressions in a way of its own now"
setattr(BaseExpression, _copied, copied)


def store_first(
    store: dict[str, Any], signal: object, sender: object, context: Context, **_more: Any
) -> None:
    """Keep a context when the first template is drawn with it: what the view gave, for `response.context`."""
    seen = store.setdefault("seen", [])
    if not any(context is one for one in seen):
        seen.append(context)
        store.setdefault("context", ContextList()).append(copy(context))


_stored = "store_rendered_templates"  # a function without a name in the stubs
assert hasattr(client, _stored), "Django's client keeps contexts by another function now"
setattr(client, _stored, store_first)

_run = in_one_piece(runner.pytest_runtest_protocol)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run the test as pytest does; leave one that may have a second try to the plugin for these."""
    return None if item.get_closest_marker("flaky") else _run(item, nextitem)
