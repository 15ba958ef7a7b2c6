"""Open numbers: what anybody may know of how many applications come and end."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.utils.translation import gettext as _

from backend.complaints.reporting import publishing
from backend.complaints.reporting.published import OpenFigure
from permissions.portals import open_figures
from schema.core.scalars import described_enum

FIRST_YEAR, LAST_YEAR = 1900, 2200
OpenNumberOf = described_enum(OpenFigure.Of, "OpenNumberOf", "Of what a published number is.")


@strawberry.type(description="The published numbers of a month.")
class OpenNumber:
    begins_on: dt.date = strawberry.field(description="The first day of the month.")
    of: OpenNumberOf = strawberry.field(
        description="Of all applications, of a category or of a neighbourhood."
    )
    code: str | None = strawberry.field(
        description="The code of the category or neighbourhood; null for those without one, and in all."
    )
    name: str | None = strawberry.field(description="Its name.")
    received: int | None = strawberry.field(description="How many were received; null where they are few.")
    ended: int | None = strawberry.field(description="How many ended; null where they are few.")
    solved_percent: int | None = strawberry.field(
        description="The solved share of those that ended, in percent; null below `shareFrom`."
    )


@strawberry.type(description="Open numbers of a year: whole months, counted anew every night.")
class OpenNumbers:
    published_at: dt.datetime | None = strawberry.field(description="When they were counted.")
    smallest: int = strawberry.field(
        description="Smaller numbers are left out, with the next one where it could be reckoned."
    )
    share_from: int = strawberry.field(description="A share is published of so many at least.")
    formula: str = strawberry.field(description="How the solved share is reckoned.")
    rows: list[OpenNumber] = strawberry.field(description="By month: in all, by category, by neighbourhood.")


def _row(figure: OpenFigure) -> OpenNumber:
    what = figure.category or figure.neighbourhood
    return OpenNumber(
        begins_on=figure.month,
        of=OpenFigure.Of(figure.of),
        code=what.code if what else None,
        name=what.name if what else None,
        received=figure.received,
        ended=figure.ended,
        solved_percent=figure.solved_percent,
    )


@strawberry.type
class OpenNumberQueries:
    @strawberry.field(
        description="How many applications came and ended, by month, category and neighbourhood."
    )
    def public_numbers(
        self, year: Annotated[int, strawberry.argument(description="Of which year.")]
    ) -> OpenNumbers:
        figures = open_figures.of_year(year) if FIRST_YEAR < year < LAST_YEAR else []
        return OpenNumbers(
            published_at=figures[0].published_at if figures else None,
            smallest=publishing.FEW,
            share_from=publishing.SHARE_FROM,
            formula=_(
                "Solved ÷ (ended − withdrawn, sent on to another body and duplicate), in the month in which they ended."
            ),
            rows=[_row(figure) for figure in figures],
        )
