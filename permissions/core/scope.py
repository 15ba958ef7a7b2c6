"""The only access to rows of persons and departments.

`session` begins a request as a viewer. `visible` narrows a queryset, `can` checks a verb, `get` loads one row,
`authorized` loads one row for an action and runs it. Hidden and missing rows get the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast, overload
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, ExpressionWrapper, Model, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from backend.core import standby, tickets
from backend.core.errors import CHANGED, DomainError, ErrorCode
from backend.core.session import elevated, prepared, preserve_settings
from backend.organization.models import User
from backend.portals.models import Scope as ApiScope
from backend.portals.models import token_digest
from permissions.core.access_log import log_access
from permissions.core.allowed_actions import allowed_actions_sql
from permissions.core.filters import EVERYTHING, NOTHING, Action, SeenAsOwner, VerbTable
from permissions.core.registry import PUBLISHED, RULES, VERB_TABLES
from permissions.core.viewer import (
    ANONYMOUS,
    CONTACTS,
    HEAD,
    KEEP,
    MEMBERSHIPS,
    OVERSEE,
    PRESS,
    READ,
    SELF,
    WORK,
    Viewer,
    current,
)

_ENTER = "app.{}($1, $2, $3)"
_ENTER_STANDBY = "app.{}_standby($1, $2, $3, $4::text::bigint)"
_ROWS = "SELECT * FROM {}"
_WORDS = "SELECT {}"
_ROWS_AND_WORDS = "SELECT e.*, e::text FROM {} AS e"

OF_VISIBLE_OWNER = "of_visible_owner"
"""The hint of a queryset that `of_visible_owner` has marked."""

__all__ = [
    "Action",
    "Viewer",
    "action_flag",
    "allowed_actions",
    "allowed_actions_sql",
    "applies_flag",
    "applies_name",
    "authorized",
    "authorized_many",
    "authorized_to_create",
    "can",
    "current_viewer",
    "elevated_for",
    "flag_name",
    "get",
    "log_access",
    "not_found",
    "of_visible_owner",
    "placeholder_viewer",
    "relation_flag",
    "require_user",
    "require_viewer",
    "session",
    "token_session",
    "visible",
    "with_relations",
]


def current_viewer() -> Viewer:
    return current.get()


def require_viewer() -> Viewer:
    """The viewer, or UNAUTHENTICATED."""
    viewer = current.get()
    if viewer.user is None:
        raise DomainError(ErrorCode.UNAUTHENTICATED, _("Please sign in."))
    return viewer


def require_user() -> User:
    """The account of the viewer, or UNAUTHENTICATED."""
    user = current.get().user
    if user is None:
        raise DomainError(ErrorCode.UNAUTHENTICATED, _("Please sign in."))
    return user


@contextmanager
def session(user: User | None, scopes: Iterable[str] | None = None) -> Iterator[Viewer]:
    """One transaction as `user` (None: anonymous), within `scopes`; statements end after STATEMENT_SECONDS."""
    with preserve_settings():
        viewer = _enter(user, scopes)
        token = current.set(viewer)
        try:
            yield viewer
        finally:
            current.reset(token)


@contextmanager
def token_session(secret: str) -> Iterator[Viewer | None]:
    """One transaction as the account of a live token, no further than its scopes; None: there is no such token."""
    with token_session_by_digest(token_digest(secret)) as viewer:
        yield viewer


@contextmanager
def token_session_by_digest(digest: str) -> Iterator[Viewer | None]:
    """`token_session`, for callers that stored the digest of a token and not its secret."""
    with preserve_settings():
        viewer = _enter_bearer(digest)
        token = current.set(viewer or ANONYMOUS)
        try:
            yield viewer
        finally:
            current.reset(token)


@contextmanager
def placeholder_viewer(viewer: Viewer) -> Iterator[None]:
    """Build querysets as a placeholder viewer; no row may be read in it: row security sees the real one."""
    token = current.set(viewer)
    try:
        yield
    finally:
        current.reset(token)


def _entering(door: str, ticket: str, form: str = _ROWS) -> tuple[str, list[str]]:
    """The call that enters a session in the database; the time limits are set in the same."""
    parameters = [ticket, f"{settings.STATEMENT_SECONDS}s", f"{settings.IDLE_TRANSACTION_SECONDS}s"]
    if (position := standby.required_position()) is not None:
        return form.format(_ENTER_STANDBY.format(door)), [*parameters, str(position)]
    return form.format(_ENTER.format(door)), parameters


def entering_bearer(digest: str, *, with_rows: bool) -> tuple[str, list[str]]:
    """Statement and parameters that enter as the account of a token and tell of it in words, one for each row.

    `with_rows`: before them the rows, which are for `bearer`. The words alone cost PostgreSQL 25 µs less.
    """
    form = _ROWS_AND_WORDS if with_rows else _WORDS
    return _entering("enter_bearer", tickets.sign("bearer", digest), form)


def _entered(statement: str, parameters: list[str]) -> list[tuple[Any, ...]]:
    with prepared(statement, parameters, keep=False) as cursor:
        return cursor.fetchall()


def _enter(user: User | None, scopes: Iterable[str] | None) -> Viewer:
    rows = _entered(*_entering("enter", tickets.sign("enter", str(user.pk) if user else "")))
    return ANONYMOUS if user is None else _viewer(user, scopes, rows)


def _enter_bearer(digest: str) -> Viewer | None:
    return bearer(_entered(*_entering("enter_bearer", tickets.sign("bearer", digest))))


def bearer(rows: list[tuple[Any, ...]]) -> Viewer | None:
    """The account of a token as the database reports it; None: it is none."""
    if not rows:
        return None
    (pk, is_superuser, scopes, client, *_none), *grants = rows
    # What else is to be known of the account is read when it is asked for.
    user = User.from_db(DEFAULT_DB_ALIAS, ["id", "is_superuser", "is_active"], [pk, is_superuser, True])
    return replace(_viewer(user, scopes, [row[4:] for row in grants]), client=client)


def _viewer(user: User, scopes: Iterable[str] | None, grants: Iterable[tuple[int, str, bool]]) -> Viewer:
    rows = list(grants)
    held: defaultdict[str, set[int]] = defaultdict(set)
    for row, codename, _office in rows:
        held[codename].add(row)
    return Viewer(
        user=user,
        works_in=frozenset(held[WORK]),
        heads=frozenset(held[HEAD]),
        oversees=frozenset(held[OVERSEE]),
        contacts_in=frozenset(held[CONTACTS]),
        memberships_in=frozenset(held[MEMBERSHIPS]),
        office=frozenset(department for department, _codename, is_office in rows if is_office),
        keeps=frozenset(held[KEEP]),
        principal_of=frozenset(held[SELF]),
        reads_programmes=frozenset(held[READ]),
        press_of=frozenset(held[PRESS]),
        scopes=None if scopes is None else frozenset(scopes),
    )


@overload
def visible[Rows: QuerySet[Any]](queryset: Rows, viewer: Viewer | None = None, action: str = ...) -> Rows: ...
@overload
def visible[M: Model](queryset: type[M], viewer: Viewer | None = None, action: str = ...) -> QuerySet[M]: ...
def visible(queryset: Any, viewer: Viewer | None = None, action: str = Action.VIEW) -> Any:
    """The rows to which the viewer (default: of this request) may do `action` (default: see them)."""
    if isinstance(queryset, type):
        queryset = cast(type[Model], queryset)._default_manager.all()
    viewer = viewer or current.get()
    if not viewer.may(ApiScope.READ) and queryset.model not in PUBLISHED:
        return queryset.none()
    if action == Action.VIEW and OF_VISIBLE_OWNER in queryset._hints:
        return queryset
    rule = RULES[queryset.model][action](viewer)
    if rule == EVERYTHING:
        return queryset
    return queryset.none() if rule == NOTHING else queryset.filter(rule)


def of_visible_owner[Rows: QuerySet[Any]](queryset: Rows, key: str) -> Rows:
    """Mark children that a statement reaches, by this key of theirs, from an owner of whom it has asked the rule:
    where the table says that they are seen exactly as the owner is, `visible` does not ask it of them again.

    The second wall does. Whoever marks others breaks the first.
    """
    rule = RULES.get(queryset.model, {}).get(Action.VIEW)
    if isinstance(rule, SeenAsOwner) and rule.key == key:
        queryset._add_hints(**{OF_VISIBLE_OWNER: True})  # type: ignore[attr-defined]
    return queryset


def can(action: str, row: Model, viewer: Viewer | None = None) -> bool:
    """Whether the viewer may do `action` to this row, by permission alone (the state table is `moves`)."""
    viewer = viewer or current.get()
    if action != Action.VIEW and not viewer.may("WRITE"):
        return False
    return visible(type(row), viewer, action).filter(pk=row.pk).exists()


def get[M: Model](
    model: type[M], key: UUID | str, *, field: str | None = None, action: str = Action.VIEW
) -> M:
    """The visible row with this key. NOT_FOUND if it is hidden or missing, FORBIDDEN if seen but not allowed."""
    row = visible(model).filter(key=_uuid(key, field)).first()
    if row is None:
        raise not_found(field)
    if action != Action.VIEW:
        _require(action, row, field)
    return row


def _uuid(key: UUID | str, field: str | None) -> UUID:
    try:
        return key if isinstance(key, UUID) else UUID(key)
    except ValueError:
        raise not_found(field) from None


def not_found(field: str | None = None) -> DomainError:
    """Hidden and missing are this one answer."""
    return DomainError(ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), field=field)


def _require(action: str, row: Model, field: str | None = None) -> None:
    if can(action, row):
        return
    if not can(Action.VIEW, row):  # it left while we waited for its lock
        raise not_found(field)
    raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."), field=field)


@contextmanager
def authorized[M: Model](
    action: str,
    model: type[M],
    key: UUID | str,
    *,
    field: str = "id",
    version: int | None = None,
    named: Iterable[object] = (),
) -> Iterator[M]:
    """Load one row, locked, for an action, and run the block with the right to write.

    `named`: what the action is about besides, for a row that queues up before it is locked.

    Both walls decide whether the row is there, the table of rules whether the action is allowed; the rule is asked
    again under the lock, so that a case that was routed away a moment ago is gone. CONFLICT if `version` is old.
    """
    require_viewer()
    row = get(model, key, field=field, action=action)
    with elevated():
        if hasattr(row, "acquire_lock"):
            row.acquire_lock(*named)
        locked = model._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if locked is None:
            raise not_found(field)
        _require(action, locked, field)
        if version is not None and getattr(locked, "version", version) != version:
            raise DomainError(ErrorCode.CONFLICT, CHANGED, "version")
        yield locked


@contextmanager
def authorized_many[M: Model](action: str, model: type[M], keys: Iterable[UUID]) -> Iterator[list[M]]:
    """Those of the rows with these keys to which the viewer may do `action`, locked, with the right to write.

    A row that is hidden or missing, or where the action is not allowed, is left out.
    """
    viewer = require_viewer()
    if not viewer.may("WRITE"):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    allowed = list(
        visible(visible(model), action=action).filter(key__in=list(keys)).values_list("pk", flat=True)
    )
    with elevated():
        rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=allowed).order_by("pk")
        locked = list(rows)
        still = set(visible(model, action=action).filter(pk__in=allowed).values_list("pk", flat=True))
        yield [row for row in locked if row.pk in still]


@contextmanager
def authorized_to_create[M: Model](
    action: str, owner: type[M], key: UUID | str, *, field: str
) -> Iterator[M]:
    """Run a block that creates a child of a row, if the viewer may do `action` to that row, which is not locked:
    children may be created concurrently."""
    require_viewer()
    row = get(owner, key, field=field, action=action)
    with elevated():
        yield row


@contextmanager
def elevated_for(model: type[Model], action: str) -> Iterator[Viewer]:
    """Run a block that makes rows of `model`, if the table gives the viewer `action` on all of them."""
    viewer = require_viewer()
    if not viewer.may("WRITE") or RULES[model][action](viewer) != EVERYTHING:
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    with elevated():
        yield viewer


# -- what may be done to the rows of a page, without a query a row -------------------------------------------
def with_relations[Rows: QuerySet[Any]](queryset: Rows, viewer: Viewer | None = None) -> Rows:
    """Annotate each row with what the viewer is to it; `abilities` reads it."""
    table = VERB_TABLES[queryset.model]
    return queryset.annotate(
        **{flag_name(relation): relation_flag(table, relation, viewer) for relation in table.relations},
        **{applies_name(verb): applies_flag(table, verb) for verb in table.applies},
    )


def flag_name(relation: str) -> str:
    return f"viewer_is_{relation.lower()}"


def applies_name(verb: str) -> str:
    return f"applies_{verb.lower()}"


def applies_flag(table: VerbTable, verb: str) -> Any:
    """Whether a verb has anything to act upon in a row, as an expression over its table."""
    return _Flag(verb, table.applies[verb])


def relation_flag(table: VerbTable, relation: str, viewer: Viewer | None = None) -> Any:
    """Whether the viewer is this to a row, as an expression over its table."""
    condition = table.relations[relation](viewer or current.get())
    known = condition in (EVERYTHING, NOTHING)
    return _Flag(relation, Value(condition == EVERYTHING) if known else condition)


def action_flag(model: type[Model], action: str, viewer: Viewer | None = None) -> Any:
    """Whether the viewer may do `action` to a row, as an expression over its table."""
    viewer = viewer or current.get()
    condition = RULES[model][action](viewer) if viewer.may("WRITE") else NOTHING
    known = condition in (EVERYTHING, NOTHING)
    return _Flag(action, Value(condition == EVERYTHING) if known else condition)


class _Flag(ExpressionWrapper):
    """Equal to no other relation's flag: of equal columns of a query with a window Django reads one, and misses one."""

    def __init__(self, relation: str, condition: Any, output_field: Any = None) -> None:
        self.relation = relation
        super().__init__(condition, output_field or BooleanField())


def allowed_actions(row: Model, viewer: Viewer | None = None) -> list[Any]:
    """The verbs that the viewer may perform on this row now (permission and state), in the table's order."""
    viewer, table = viewer or current.get(), VERB_TABLES[type(row)]
    if not viewer.may("WRITE"):
        return []
    if not hasattr(row, flag_name(next(iter(table.relations)))):
        row = with_relations(type(row)._default_manager.filter(pk=row.pk), viewer).get()
    held = {relation for relation in table.relations if getattr(row, flag_name(relation))}
    without = {verb for verb in table.applies if not getattr(row, applies_name(verb))}
    return table.allowed_verbs(held, row.status, without)  # type: ignore[attr-defined]
