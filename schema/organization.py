"""The municipality: departments, people, mahalle, categories, outside bodies. All staff read it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf, Trim
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions import announce_leave, cancel_leave
from backend.core.errors import DomainError, ErrorCode
from backend.core.models import TrFold, TrSortKey, joined
from backend.core.symbolic import symbolic
from backend.core.text import clean, tr_fold
from backend.organization import models
from permissions import scope
from schema.connection import Connection, Keyset, Page, connect, sliced
from schema.fields import column, owned
from schema.nodes import Node, node_type
from schema.results import Payload, answered
from schema.scalars import described_enum, values

if TYPE_CHECKING:
    from schema.partner_types import Organisation

DepartmentKind = described_enum(models.Department.Kind, "DepartmentKind", "What kind of unit it is.")
BY_NAME = Keyset("name", "name_sort", str)
BY_PERSON = Keyset("person", "name_order", str)
BY_DAY = Keyset("day", "day", dt.date, descending=True)
First = Annotated[
    int | None, strawberry.argument(description="How many from the beginning (up to 100, default 50).")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes behind this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end (up to 100).")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]
Search = Annotated[str | None, strawberry.argument(description="Turkish search by the beginnings of words.")]


class Everybody:
    """Reference data: whoever is signed in reads all of it."""

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: Any) -> QuerySet[Any]:
        return queryset if scope.current_viewer().user is not None else queryset.none()


@node_type(models.User, "StaffMember")
class StaffMember(Node, Everybody):
    """A member of staff (personel), or the account of a program."""

    first_name: str = column("Given name.")
    last_name: str = column("Surname.")
    title: str = column("Title (unvan).")
    is_active: bool = column("Whether the account may sign in.")

    @strawberry_django.field(
        description="Name and surname.",
        only=["first_name", "last_name", "username"],
        metadata={
            "sql": Coalesce(
                NullIf(Trim(joined("first_name", "last_name")), Value("")),
                F("username"),
                output_field=TextField(),
            )
        },
    )
    def full_name(self) -> str:
        return str(self)


@strawberry_django.type(models.Section, name="Section", description="A part of a department (şeflik).")
class Section(Everybody):
    code: str = column("Short code, unique.")
    name: str = column("Name.")


@node_type(models.Department, "Department")
class Department(Node, Everybody):
    """A department (müdürlük) during the time it bears this name."""

    code: str = column("Short code, unique.")
    name: str = column("Full name.")
    short_name: str = column("Short name.")
    kind: DepartmentKind = column("What kind of unit it is.")
    is_private_office: bool = column("Whether it is the mayor's private office (özel kalem).")
    valid_from: dt.date = column("The first day of its existence.")
    valid_to: dt.date | None = column("The last day of its existence, if it has ended.")
    successor: Department | None = column("The department that has its rights and cases since.")
    head: StaffMember | None = column("The head (müdür).")
    acting_head: StaffMember | None = column("Who acts for the head (vekil).")
    acting_from: dt.date | None = column("The first day of acting.")
    acting_until: dt.date | None = column("The last day of acting.")
    deputy_mayor: StaffMember | None = column("The deputy mayor who oversees it.")
    sections: list[Section] = owned("Its parts (şeflik).", ["name_sort", "id"])


@node_type(models.Neighbourhood, "Neighbourhood")
class Neighbourhood(Node, Everybody):
    """A neighbourhood (mahalle)."""

    code: str = column("Short code, unique.")
    name: str = column("Name.")
    latitude: float | None = column("Latitude of its centre, in degrees (WGS 84).")
    longitude: float | None = column("Longitude of its centre, in degrees (WGS 84).")


@node_type(models.OutsideBody, "OutsideBody")
class OutsideBody(Node, Everybody):
    """An institution or company outside the municipality (dış kurum)."""

    code: str = column("Short code, unique.")
    name: str = column("Full name.")
    short_name: str = column("Short name.")
    is_public: bool = column(
        "A public body: forward and inform (3071 m.5). To a company there is no transfer in law."
    )
    serves_here: bool = column("Whether it serves this district.")
    short_code: str = column("Its short telephone code, such as 185.")
    liaison: Department | None = column("The department that speaks with it.")
    organisation: Annotated[Organisation, strawberry.lazy("schema.partner_types")] | None = column(
        "The organisation that it is, if the office works with it and the viewer sees that."
    )


@strawberry_django.type(
    models.CategoryCandidate, name="CategoryCandidate", description="A department that may be responsible."
)
class CategoryCandidate(Everybody):
    department: Department = column("The department.")
    position: int = column("Its place in the order of likelihood.")


@node_type(models.Category, "Category")
class Category(Node, Everybody):
    """What a complaint is about (konu), and who may be responsible for it."""

    code: str = column("Short code, unique.")
    name: str = column("Name.")
    parent: Category | None = column("The subject group.")
    is_ambiguous: bool = column("Several departments may be responsible: a person must choose.")
    is_active: bool = column("Whether it may be chosen for new cases.")
    target_days: int | None = column("Target in working days for a service request.")
    body: OutsideBody | None = column("The outside body whose matter it is.")
    candidates: list[CategoryCandidate] = owned(
        "The departments that may be responsible, the likeliest first.", ["position", "id"], "candidate_rows"
    )


@strawberry_django.type(
    models.AdministrativeLeave,
    name="AdministrativeLeave",
    description="A day of administrative leave (idari izin).",
)
class AdministrativeLeave(Everybody):
    day: dt.date = column("The day.")
    half_day: bool = column("Only from 13:00.")
    reason: str = column("The reason or the source of the announcement.")


@symbolic(str)
def _words(search: str) -> list[str]:
    return tr_fold(clean(search)).split()[:5]


def _listed(
    queryset: QuerySet[Any],
    info: strawberry.Info,
    page: Page,
    search: str | None = None,
    by: Keyset = BY_NAME,
) -> Any:
    """A page of reference data. `search` finds in the name what contains every word, in Turkish spelling."""
    scope.require_viewer()
    if search is not None:
        queryset = queryset.alias(folded=TrFold(F("name")))
        for word in _words(search):
            queryset = queryset.filter(folded__contains=word)
    return connect(queryset, by, page, info, narrow=sliced(lambda rows: rows), all_rows=queryset)


@strawberry.type
class OrganizationQueries:
    @strawberry.field(
        description="The departments by name, in Turkish order; open ones unless asked otherwise."
    )
    def departments(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
        include_closed: Annotated[
            bool, strawberry.argument(description="Also those that have ended.")
        ] = False,
    ) -> Connection[Department]:
        rows = models.Department.objects.all() if include_closed else models.Department.objects.open()
        return _listed(rows, info, Page.of(first, after, last, before), search)

    @strawberry.field(description="The neighbourhoods (mahalle) by name.")
    def neighbourhoods(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
    ) -> Connection[Neighbourhood]:
        return _listed(models.Neighbourhood.objects.all(), info, Page.of(first, after, last, before), search)

    @strawberry.field(description="The categories (konu) in use, by name.")
    def categories(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
    ) -> Connection[Category]:
        rows = models.Category.objects.filter(is_active=True)
        return _listed(rows, info, Page.of(first, after, last, before), search)

    @strawberry.field(description="The outside bodies (dış kurum) by name.")
    def outside_bodies(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
    ) -> Connection[OutsideBody]:
        return _listed(models.OutsideBody.objects.all(), info, Page.of(first, after, last, before), search)

    @strawberry.field(description="The members of staff by name: to share a case with, or to appoint.")
    def staff(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
    ) -> Connection[StaffMember]:
        name = joined("first_name", "last_name")
        rows = models.User.objects.filter(is_active=True).annotate(name=name, name_order=TrSortKey(name))
        return _listed(rows, info, Page.of(first, after, last, before), search, by=BY_PERSON)

    @strawberry.field(description="The days of administrative leave (idari izin), the latest first.")
    def administrative_leave(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AdministrativeLeave]:
        rows = models.AdministrativeLeave.objects.all()
        return _listed(rows, info, Page.of(first, after, last, before), by=BY_DAY)


# -- administrative leave (case 5) --------------------------------------------------------------------------
@strawberry.input(description="A day of administrative leave to enter or to change.")
class AdministrativeLeaveSetInput:
    day: dt.date = strawberry.field(description="The day.")
    reason: str = strawberry.field(description="The reason or the source of the announcement.")
    half_day: bool = strawberry.field(description="Only from 13:00.", default=False)


@strawberry.input(description="A day of administrative leave to take back.")
class AdministrativeLeaveRemoveInput:
    day: dt.date = strawberry.field(description="The day.")


@strawberry.type(description="What became of the day, and how many cases got other dates.")
class AdministrativeLeavePayload(Payload):
    leave: AdministrativeLeave | None = strawberry.field(
        description="The day as it stands now.", default=None
    )
    recomputed: int = strawberry.field(description="How many open cases got other dates.", default=0)


@strawberry.type
class OrganizationMutations:
    @strawberry.mutation(description="Enter a day of administrative leave; the dates of open cases follow.")
    def administrative_leave_set(self, input: AdministrativeLeaveSetInput) -> AdministrativeLeavePayload:
        def act() -> dict[str, Any]:
            with scope.elevated_for(models.AdministrativeLeave, scope.Action.CHANGE) as viewer:
                leave, count = announce_leave(**values(input), by=viewer.user)
            return {"leave": leave, "recomputed": count}

        return answered(AdministrativeLeavePayload, act)

    @strawberry.mutation(
        description="Take a day of administrative leave back; the dates of open cases follow."
    )
    def administrative_leave_remove(
        self, input: AdministrativeLeaveRemoveInput
    ) -> AdministrativeLeavePayload:
        def act() -> dict[str, Any]:
            with scope.elevated_for(models.AdministrativeLeave, scope.Action.CHANGE) as viewer:
                leave = models.AdministrativeLeave.objects.filter(day=input.day).first()
                if leave is None:
                    raise DomainError(
                        ErrorCode.NOT_FOUND, _("No administrative leave is entered for this day."), "day"
                    )
                return {"recomputed": cancel_leave(leave, by=viewer.user)}

        return answered(AdministrativeLeavePayload, act)
