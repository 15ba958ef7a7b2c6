"""Who asks: read once a request, from the database function that also sets up the second wall."""

from __future__ import annotations

from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Model, Q

from backend.organization.models import User
from backend.portals.models import Scope

WORK, HEAD, OVERSEE, CONTACTS, MEMBERSHIPS = (
    "work_department",
    "head_department",
    "oversee_department",
    "contacts_department",
    "memberships_department",
)
KEEP, READ, PRESS = "keep_programme", "read_programme", "press_programme"
SELF = "principal"
"""What `app.enter` calls the person whose programme it is; no permission."""


DEPARTMENTS = ("works_in", "heads", "oversees", "contacts_in", "memberships_in", "office")
PRINCIPALS = ("keeps", "principal_of", "reads_programmes", "press_of")
"""Sets of a viewer that hold numbers of one table each; what is equal in both tables is no relation."""


@dataclass(frozen=True)
class ViewerShape:
    """`shape` is the same for all who share a statement; `values` are this viewer's own, by number."""

    shape: Hashable
    values: tuple[object, ...]


@dataclass(frozen=True)
class Viewer:
    """A person or program, and the departments in which they are something today.

    A closed department counts with its successor, in both directions: who works in the successor sees the
    cases of the closed one. `scopes` limits a program; None for a person in a browser.
    """

    user: User | None = None
    works_in: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    oversees: frozenset[int] = frozenset()
    contacts_in: frozenset[int] = frozenset()
    memberships_in: frozenset[int] = frozenset()
    office: frozenset[int] = frozenset()
    keeps: frozenset[int] = frozenset()  # programmes: the numbers of principals
    principal_of: frozenset[int] = frozenset()
    reads_programmes: frozenset[int] = frozenset()
    press_of: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = field(default=None)
    client: int | None = None  # the number of the client whose token it is; no rule reads it
    rules: dict[tuple[type[Model], str], Q] = field(default_factory=dict, compare=False, repr=False)
    """What the table says of them, as far as the gates of pages have asked (`page_access`); no rule reads it."""

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def departments(self) -> frozenset[int]:
        """The departments whose cases they see."""
        return self.works_in | self.heads | self.oversees

    @property
    def staffs(self) -> frozenset[int]:
        """The departments in which they work, as a clerk or as the head."""
        return self.works_in | self.heads

    @property
    def kept(self) -> frozenset[int]:
        """The principals for whom they decide who is received: they keep the programme, or it is theirs."""
        return self.keeps | self.principal_of

    @property
    def programmes(self) -> frozenset[int]:
        """The principals whose programme they see as a whole, but for what is confidential."""
        return self.keeps | self.principal_of | self.reads_programmes

    @property
    def is_office(self) -> bool:
        """Works in the private office, which coordinates every case."""
        return bool(self.staffs & self.office)

    @property
    def heads_office(self) -> bool:
        return bool(self.heads & self.office)

    @property
    def sees_all(self) -> bool:
        """Whether the viewer belongs to the private office or is its principal (the mayor)."""
        return bool(self.departments & self.office)

    @property
    def sees_all_contacts(self) -> bool:
        return self.sees_all and bool(self.contacts_in & self.office) and self.may(Scope.CONTACTS)

    @property
    def sees_all_memberships(self) -> bool:
        """Whether the viewer sees all memberships at associations, unions and parties (KVKK m.6)."""
        return self.sees_all_contacts and bool(self.memberships_in & self.office)

    @property
    def source_number_scope(self) -> User | None:
        """Account whose external numbers a new case is compared with: this one only, so that DUPLICATE reveals no
        hidden case. None (all accounts) for viewers of every case."""
        return None if self.sees_all and self.may(Scope.READ) else self.user

    def may(self, scope: str) -> bool:
        """Whether the token (if it is one) reaches that far. A person in a browser is not limited by scopes."""
        return self.scopes is None or scope in self.scopes

    @cached_property
    def shape(self) -> ViewerShape:
        """Departments and principals count by what the viewer is to them, not by which they are."""
        departments, of_departments = self.by_role(DEPARTMENTS)
        principals, of_principals = self.by_role(PRINCIPALS)
        flags = None if self.user is None else (self.user.is_superuser, self.user.is_active)
        shape = (flags, self.scopes, of_departments, of_principals)
        return ViewerShape(shape, (self.user_id, *departments, *principals))

    def by_role(self, names: tuple[str, ...]) -> tuple[list[int], Hashable]:
        """The numbers in these sets, ordered by what they are in, and that order's roles."""
        held = [getattr(self, name) for name in names]
        masks: dict[int, tuple[bool, ...]] = {
            number: tuple(number in each for each in held) for number in frozenset().union(*held)
        }
        ordered = sorted(masks, key=lambda number: (masks[number], number))
        return ordered, tuple(masks[number] for number in ordered)


ANONYMOUS = Viewer()

current: ContextVar[Viewer] = ContextVar("viewer", default=ANONYMOUS)
"""Viewer of this request. Set only by `permissions.core.scope.session`."""
