"""A plugin of mypy: `Annotated[SomeModel, Field(...)]` is the model.

The plugin of Django reads the second part as a type, since it has a meaning of its own for `Annotated` models, and
refuses a call there. It stands behind this one.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import AnalyzeTypeContext, Plugin
from mypy.types import Type


class AnnotatedPlugin(Plugin):
    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        return _first if fullname == "typing.Annotated" else None


def _first(context: AnalyzeTypeContext) -> Type:
    return context.api.analyze_type(context.type.args[0])


def plugin(version: str) -> type[Plugin]:
    return AnnotatedPlugin
