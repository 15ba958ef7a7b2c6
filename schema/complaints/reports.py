"""Reports: figures of the cases that the viewer sees, over a period; and the yearly ones of 4982 m.30.

Computed in Python from two aggregates over the gate's rows (`complaints.access.countable`), since they are of no rows:
medians and working days are no field of anything, and the figures belong together. They cost what they read
(`limits.DEAR`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.complaints.law import periods
from backend.complaints.law.periods import Period, Preset
from backend.complaints.models import Complaint as Row
from backend.complaints.reporting import information_report as yearly
from backend.complaints.reporting import reports
from backend.complaints.reporting.reports import Division
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.organization.models import Department
from permissions.complaints import access as complaint_access
from permissions.core import scope
from schema.complaints.queries import ComplaintFilter, filtered
from schema.complaints.types import InformationRefusalGround
from schema.core.nodes import MODELS, decode, global_id
from schema.core.scalars import values


@strawberry.type(
    description="The figures of some of the cases. Times are from registration to the answer, that day included."
)
class ReportPart:
    id: strawberry.ID | None = strawberry.field(
        description="The department, category or mahalle that they share; null where they have none, and of"
        " channels and legal regimes."
    )
    name: str = strawberry.field(description="Its name in the viewer's language; empty where they have none.")
    code: str = strawberry.field(
        description="Its code, or the value of the enum; empty where they have none."
    )
    received: int = strawberry.field(description="Received in the period (tr: gelen).")
    closed: int = strawberry.field(description="Closed in the period (tr: kapanan).")
    solved: int = strawberry.field(description="Of the closed, solved (tr: çözülen).")
    countable: int = strawberry.field(
        description="Of the closed, without withdrawn, forwarded and duplicate ones."
    )
    solved_share: float | None = strawberry.field(
        description="solved / countable, from 0 to 1; null of none."
    )
    answered: int = strawberry.field(description="Answered in the period (tr: cevaplanan).")
    answered_late: int = strawberry.field(description="Of the answered, after their target date.")
    open: int = strawberry.field(description="Open on `countedOn` (tr: açık).")
    late: int = strawberry.field(
        description="Of the open, not answered and past the target date on `countedOn`."
    )
    mean_days: float | None = strawberry.field(description="Mean calendar days to the answer; null of none.")
    median_days: float | None = strawberry.field(
        description="Median calendar days to the answer; null of none."
    )
    mean_working_days: float | None = strawberry.field(
        description="Mean working days to the answer; null of none."
    )
    median_working_days: float | None = strawberry.field(
        description="Median working days to the answer; null of none."
    )
    rated: int = strawberry.field(description="Of the answered, those that the citizen rated.")
    mean_rating: float | None = strawberry.field(
        description="How content citizens are with the answers (tr: memnuniyet), 1 to 5; null of none."
    )
    contributing: int = strawberry.field(
        description="Of a department: received ones on which it collaborates with the responsible one; in no sum."
    )


@strawberry.type(description="A day, week or month of the period.")
class ReportStretch:
    covers_from: dt.date = strawberry.field(description="Its first day in the period.")
    covers_to: dt.date = strawberry.field(description="Its last day in the period.")
    received: int = strawberry.field(description="Received in it.")
    closed: int = strawberry.field(description="Closed in it.")
    open: int = strawberry.field(description="Open on its last day.")


@strawberry.type(
    description="Figures of the cases that the viewer sees, over a period. The parts of each division come to the"
    " total, since a case that has none is a part too."
)
class ComplaintReport:
    covers_from: dt.date = strawberry.field(description="The first day of the period.")
    covers_to: dt.date = strawberry.field(description="The last day of the period.")
    counted_on: dt.date = strawberry.field(
        description="The day on which open and late are counted: the last of the period, or today before it is over."
    )
    formula: str = strawberry.field(
        description="How the share of solved cases comes about, in the viewer's language."
    )
    total: ReportPart = strawberry.field(description="All of them.")
    by_department: list[ReportPart] = strawberry.field(description="By the responsible department.")
    by_category: list[ReportPart] = strawberry.field(description="By what they are about.")
    by_neighbourhood: list[ReportPart] = strawberry.field(description="By mahalle.")
    by_channel: list[ReportPart] = strawberry.field(description="By how they came.")
    by_regime: list[ReportPart] = strawberry.field(description="By the law they run under.")
    over_time: list[ReportStretch] = strawberry.field(
        description="By day, week (from Monday) or month, as long as the period is; none that lies ahead."
    )


@strawberry.type(description="How many refusals name a ground.")
class GroundCount:
    ground: InformationRefusalGround = strawberry.field(description="The article of Law 4982.")
    count: int = strawberry.field(description="How many; a refusal may name several.")


@strawberry.type(
    description="The yearly figures of 4982 m.30 (tr: bilgi edinme raporu), of the cases that the viewer sees:"
    " applications by the day of registration, with what has become of them by now."
)
class InformationReport:
    year: int = strawberry.field(description="The year.")
    counted_on: dt.date = strawberry.field(description="As of when.")
    due_on: dt.date = strawberry.field(description="The last day on which the report goes to the Board.")
    received: int = strawberry.field(description="m.30 (a): applications, those through CİMER included.")
    given: int = strawberry.field(description="m.30 (b): answered positively; ended as solved or informed.")
    refused: int = strawberry.field(
        description="m.30 (c): refused; the sum of rejected, not possible and not examinable."
    )
    rejected: int = strawberry.field(description="Of the refused: rejected.")
    not_possible: int = strawberry.field(description="Of the refused: not possible.")
    not_examinable: int = strawberry.field(description="Of the refused: not examinable for their form.")
    forwarded: int = strawberry.field(description="Forwarded to the body that has it (m.7).")
    withdrawn: int = strawberry.field(description="Withdrawn, those deemed so for an unpaid fee included.")
    duplicate: int = strawberry.field(description="Duplicates.")
    waiting: int = strawberry.field(description="Not ended yet.")
    extended: int = strawberry.field(description="Limit lengthened to 30 working days (m.11).")
    fee_asked: int = strawberry.field(description="A fee was asked for (m.10).")
    fee_lapsed: int = strawberry.field(description="Of those, not paid in time (m.11).")
    answered: int = strawberry.field(description="Answered, whatever the answer.")
    answered_in_time: int = strawberry.field(description="Of those, within the legal limit.")
    partial: int = strawberry.field(description="m.30 (d): given after parts were taken out or separated.")
    without_ground: int = strawberry.field(
        description="Rejected or not possible, and no ground was recorded."
    )
    contested: int = strawberry.field(description="m.30 (e): contested before the Board or a court.")
    contested_at_court: int = strawberry.field(description="Of those, before a court.")
    contest_accepted: int = strawberry.field(description="Of those, accepted.")
    contest_partly: int = strawberry.field(description="Of those, accepted in part.")
    contest_rejected: int = strawberry.field(description="Of those, rejected.")
    by_ground: list[GroundCount] = strawberry.field(
        description="m.30 (c): refusals, wholly or in part, by the grounds that they name; those named at all."
    )


def _part(part: reports.Part) -> ReportPart:
    return ReportPart(
        id=global_id(part.key) if type(part.key) in MODELS else None,
        **{name: getattr(part, name) for name in _FIGURES},
    )


def _found(facts: ComplaintFilter | None, period: Period) -> reports.Report:
    """The figures of the cases that fit, from what is kept where they are narrowed to a department or not at all."""
    rows = filtered(facts)
    fields = {name: value for name, value in values(facts).items() if value is not None} if facts else {}
    of: list[int | None] | None = None
    if is_kept := set(fields) <= {"responsible_department"}:
        if fields:
            decoded = decode(fields["responsible_department"])
            of = [*Department.objects.filter(key=decoded[1]).values_list("pk", flat=True)] if decoded else []
        if complaint_access.wait_for(rows, period, of, is_kept=True) is complaint_access.Wait.SUMMED:
            raise DomainError(ErrorCode.TIMEOUT, complaint_access.SUMS_ARE_MADE)
    return complaint_access.reported(rows, period, of) if is_kept else complaint_access.counted(rows, period)


_FIGURES = [name for name in ReportPart.__annotations__ if name != "id"]


def _period(first: dt.date | None, last: dt.date | None) -> Period:
    """The period: this year by default; a missing start is 1 January, a missing end today."""
    if first is None and last is None:
        return periods.preset(Preset.YEAR)
    last = last or today()
    return Period(first or last.replace(month=1, day=1), last)


@strawberry.type
class ReportQueries:
    @strawberry.field(
        description="Figures of the cases that the viewer sees: a period, in all, by division, over time. All cases,"
        " and those of a department, are added up of sums that are kept; others are counted one by one, which takes"
        " seconds where they are some hundred thousand. TIMEOUT after a change of very many at once, until the sums"
        " are made."
    )
    def complaint_report(
        self,
        from_: Annotated[
            dt.date | None,
            strawberry.argument(name="from", description="The first local day; default 1 January."),
        ] = None,
        to: Annotated[
            dt.date | None,
            strawberry.argument(
                description="The last local day; default today, and 31 December without `from`."
            ),
        ] = None,
        filter: Annotated[ComplaintFilter | None, strawberry.argument(description="Of which ones.")] = None,
    ) -> ComplaintReport | None:
        scope.require_viewer()
        period = _period(from_, to)
        result = _found(filter, period)
        divided: dict[str, Any] = {
            f"by_{division.value}": [_part(part) for part in result.parts[division]] for division in Division
        }
        return ComplaintReport(
            covers_from=period.first,
            covers_to=period.last,
            counted_on=result.on,
            formula=result.formula,
            total=_part(result.total),
            over_time=[
                ReportStretch(
                    covers_from=bucket.first,
                    covers_to=bucket.last,
                    received=bucket.received,
                    closed=bucket.closed,
                    open=bucket.open,
                )
                for bucket in result.buckets
            ],
            **divided,
        )

    @strawberry.field(description="The yearly figures of 4982 m.30, of the cases that the viewer sees.")
    def information_report(
        self, year: Annotated[int, strawberry.argument(description="The calendar year.")]
    ) -> InformationReport:
        scope.require_viewer()
        result = yearly.information_report(scope.visible(Row), year)  # type: ignore[arg-type]
        names = [
            name for name in InformationReport.__annotations__ if name not in ("counted_on", "by_ground")
        ]
        return InformationReport(
            counted_on=result.as_of,
            by_ground=[
                GroundCount(ground=InformationRefusalGround(ground), count=count)
                for ground, count in result.grounds
            ],
            **{name: getattr(result, name) for name in names},
        )
