"""The municipality: departments, people, mahalle, categories, outside bodies. All staff read it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import F, QuerySet

from backend.core.models import TrFold, TrSortKey, joined
from backend.core.symbolic import symbolic
from backend.core.words.text import clean, tr_fold
from backend.organization import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, Search, connect, connection_field, sliced
from schema.organization.types import (
    AdministrativeLeave,
    Category,
    Department,
    HolidayCorrection,
    Neighbourhood,
    OutsideBody,
    StaffMember,
)

BY_NAME = Keyset("name", "name_sort", str)


BY_PERSON = Keyset("person", "name_order", str)


BY_DAY = Keyset("day", "day", dt.date, descending=True)
BY_VERSION = Keyset("version", "version", int, descending=True)


@symbolic(str)
def _words(search: str) -> list[str]:
    return tr_fold(clean(search)).split()[:5]


def reference_list(
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
    @connection_field(
        description="The departments by name, in Turkish order; open ones unless asked otherwise.",
        public=True,
    )
    def departments(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        include_closed: Annotated[
            bool, strawberry.argument(description="Also those that have ended.")
        ] = False,
    ) -> Connection[Department]:
        rows = models.Department.objects.all() if include_closed else models.Department.objects.open()
        return reference_list(rows, info, page, search)

    @connection_field(description="The neighbourhoods (mahalle) by name.", public=True)
    def neighbourhoods(
        self, info: strawberry.Info, page: Page, search: Search = None
    ) -> Connection[Neighbourhood]:
        return reference_list(models.Neighbourhood.objects.all(), info, page, search)

    @connection_field(description="The categories (konu) in use, by name.", public=True)
    def categories(self, info: strawberry.Info, page: Page, search: Search = None) -> Connection[Category]:
        rows = models.Category.objects.filter(is_active=True)
        return reference_list(rows, info, page, search)

    @connection_field(description="The outside bodies (dış kurum) by name.", public=True)
    def outside_bodies(
        self, info: strawberry.Info, page: Page, search: Search = None
    ) -> Connection[OutsideBody]:
        return reference_list(models.OutsideBody.objects.all(), info, page, search)

    @connection_field(
        description="The members of staff by name: to share a case with, or to appoint.", public=True
    )
    def staff(self, info: strawberry.Info, page: Page, search: Search = None) -> Connection[StaffMember]:
        name = joined("first_name", "last_name")
        rows = models.User.objects.filter(is_active=True).annotate(name=name, name_order=TrSortKey(name))
        return reference_list(rows, info, page, search, by=BY_PERSON)

    @connection_field(
        description="The days of administrative leave (idari izin), the latest first.", public=True
    )
    def administrative_leave(self, info: strawberry.Info, page: Page) -> Connection[AdministrativeLeave]:
        rows = models.AdministrativeLeave.objects.all()
        return reference_list(rows, info, page, by=BY_DAY)

    @connection_field(
        description="The corrections of public holidays over the calculated ones, the newest first.",
        public=True,
    )
    def holiday_corrections(self, info: strawberry.Info, page: Page) -> Connection[HolidayCorrection]:
        rows = models.HolidayCorrection.objects.all()
        return reference_list(rows, info, page, by=BY_VERSION)
