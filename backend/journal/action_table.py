"""The declaration of a verb on the action that does it.

From it come the table of states, the line of the history, the mutation with its input, the form with its button, and
what `viewerCan` lists. Who may do it is not declared here: that is one line in `permissions/<service>/rules.py`.

    @complaint_action(Verb.ROUTE, event=EventType.ROUTED, source=OPEN, target=Status.ASSIGNED, traits=Trait.PRIMARY)
    def route(complaint, *, by, to: Annotated[Department, Field(_("Department"), api="The department.")])

A parameter with a `Field` in its annotation is asked of people and programs; one without is for other code alone. Where
the action takes a `str`, a closed list after the `Field` says what may be chosen: `Annotated[str, Field(...), Means]`.
"""

from __future__ import annotations

import enum
import functools
import inspect
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

NOT_NOW = _(
    "“%(verb)s” is not possible while the state is “%(status)s”. Reload the page: it may have changed."
)

HandOver = Callable[[Any, Any, Any], None]
"""Called with the row, who acts, and the outcome of the action."""


class Trait(enum.Flag):
    """How an action is offered. PRIMARY: as a button of its own. DESTRUCTIVE: with a warning. CONCURRENT: it only adds,
    so no one is refused because the row changed since the page was loaded."""

    NONE = 0
    PRIMARY = enum.auto()
    DESTRUCTIVE = enum.auto()
    CONCURRENT = enum.auto()


@dataclass(frozen=True)
class Field:
    """What interfaces say of a parameter: `label` and what follows in a form, `api` to programs.

    Without a label it is in no form, without a description for programs it is in no API.
    """

    label: Words = ""
    api: str = ""
    help: Words = ""
    when: Words = ""
    """When it is needed, behind the label; without it a form says “optional” of what may be left empty."""
    why: Words = ""
    """What a newcomer does not know of it, behind a “?” at the field."""
    law: str = ""
    """The article that it follows from, such as "3071 m. 7" (2709: the constitution): behind the “?” and in the API."""
    empty: Words = ""
    """The choice that chooses nothing, in a form."""
    rows: int = 0
    """Lines of a text area; 0: one line."""
    max_length: int | None = None
    min_value: int | None = None
    max_value: int | None = None
    name: str = ""
    """What programs call it, where that is not the parameter's name."""

    @property
    def description(self) -> str:
        """What programs are told of it, with the article."""
        return f"{self.api} Law: {self.law}." if self.api and self.law else self.api


@dataclass(frozen=True)
class Parameter:
    """One parameter of an action that is asked for."""

    name: str
    type: Any
    field: Field
    is_list: bool
    is_nullable: bool
    """None is a value of its own: it empties. Otherwise None counts as left out."""
    is_required: bool


@dataclass(frozen=True)
class Action[V: TextChoices, S: TextChoices]:
    """One verb: what it does, between which states, and how it is offered.

    `event`: the type of the history's line. `applies`: the rows that give it something to act upon, beyond their state.
    `preview`: raises what the action would raise and reads only; with it the verb can be done to many rows at once.
    `notifies`: it sends a message that can be shown before.
    `hands_over`: tells those into whose hands the row passes; called with the row, `by` and the outcome, in the same
    transaction: what it writes is there when the action is, and not otherwise.
    `takes_back`: the verbs whose deeds it takes back; its button stands in the messages after those too, and does it
    at once.
    """

    verb: V
    function: Callable[..., Any]
    event: str
    sources: frozenset[S]
    target: S | None = None
    applies: Q | None = None
    traits: Trait = Trait.NONE
    hint: Words = ""
    preview: Callable[..., Any] | None = None
    notifies: bool = False
    hands_over: HandOver | None = None
    takes_back: tuple[V, ...] = ()

    @property
    def description(self) -> str:
        """The first paragraph of the action's docstring."""
        text = inspect.getdoc(self.function) or ""
        return " ".join(text.partition("\n\n")[0].split())

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that have a `Field`, in the order of the signature."""
        return tuple(_parameters(self.function))


class ActionTable[V: TextChoices, S: TextChoices](dict[V, Action[V, S]]):
    """The actions of one kind of row, by verb, in the order of their enumeration. Calling it declares one."""

    def __init__(self, verbs: type[V], statuses: type[S]) -> None:
        super().__init__()
        self.verbs, self.statuses = verbs, statuses

    def __call__[F: Callable[..., Any]](
        self,
        verb: V,
        *,
        event: str,
        source: Collection[S] | S,
        target: S | None = None,
        applies: Q | None = None,
        traits: Trait = Trait.NONE,
        hint: Words = "",
        preview: Callable[..., Any] | None = None,
        notifies: bool = False,
        hands_over: HandOver | None = None,
        takes_back: tuple[V, ...] = (),
    ) -> Callable[[F], F]:
        """Declare the decorated function as the action of `verb`, and run it in one transaction."""
        sources: frozenset[S] = frozenset([source] if isinstance(source, TextChoices) else source)

        def declare(function: F) -> F:
            if verb in self:
                raise ValueError(f"{verb} has two actions")
            function = transaction.atomic(_handing_over(function, hands_over))
            self[verb] = Action(
                verb, function, event, sources, target, applies, traits, hint, preview, notifies, hands_over, takes_back
            )  # fmt: skip
            return function

        return declare

    def in_order(self) -> Iterator[Action[V, S]]:
        """The declared actions in the order of the enumeration of verbs."""
        return (self[verb] for verb in self.verbs if verb in self)

    def allows(self, verb: V, status: str) -> bool:
        return status in self[verb].sources

    def require(self, verb: V, status: str) -> None:
        """Raise WRONG_STATE, naming the state the row is in, unless the verb is possible in it."""
        if not self.allows(verb, status):
            words = {"verb": verb.label, "status": self.statuses(status).label}
            raise DomainError(ErrorCode.WRONG_STATE, NOT_NOW % words)

    def after(self, verb: V, status: str) -> S:
        """The state to which the verb leads from this one."""
        return self[verb].target or self.statuses(status)


def _handing_over[F: Callable[..., Any]](function: F, hands_over: HandOver | None) -> F:
    if hands_over is None:
        return function

    @functools.wraps(function)
    def act(row: Any, **values: Any) -> Any:
        outcome = function(row, **values)
        hands_over(row, values.get("by"), outcome)
        return outcome

    return cast(F, act)


def _parameters(function: Callable[..., Any]) -> Iterator[Parameter]:
    hints = get_type_hints(inspect.unwrap(function), include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            for key, hint in _of_typed_dict(hints[name]):
                yield from _asked_for(key, hint, is_required=False)
        else:
            yield from _asked_for(name, hints.get(name), parameter.default is inspect.Parameter.empty)


def _of_typed_dict(hint: Any) -> Iterator[tuple[str, Any]]:
    """The keys of `**fields: Unpack[SomeTypedDict]`."""
    (fields,) = get_args(hint) or (None,)
    yield from get_type_hints(fields, include_extras=True).items() if fields else ()


def _asked_for(name: str, hint: Any, is_required: bool) -> Iterator[Parameter]:
    if get_origin(hint) is not Annotated:
        return
    kind, *notes = get_args(hint)
    field = next((note for note in notes if isinstance(note, Field)), None)
    if field is None:
        return
    is_nullable = False
    if get_origin(kind) in (Union, UnionType):  # of several types the first is asked for
        is_nullable = NoneType in get_args(kind)
        kind = next(option for option in get_args(kind) if option is not NoneType)
    is_list = get_origin(kind) is not None
    one = next((note for note in notes if isinstance(note, type)), get_args(kind)[0] if is_list else kind)
    yield Parameter(name, one, field, is_list, is_nullable, is_required)
