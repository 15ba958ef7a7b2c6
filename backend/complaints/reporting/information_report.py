"""The yearly report on the right to information (4982 m.30), which goes to the Bilgi Edinme Değerlendirme Kurulu by the
end of February, and what of it the cases can tell.

The applications of a calendar year, by the day of registration, with what had become of them by now. m.30 lists:
(a) how many applications there were, (b) how many were answered positively, (c) how many were refused, and by what
grounds, (d) how many were answered after secret parts had been taken out or separated, (e) how many refusals were
contested, and with what result. Grounds, separated parts and objections are kept with the decision since 2026-11-26
(`information`): of the refused without a recorded ground the report says how many there are, and invents none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import REFUSALS, ContestedAt, ContestResult, Outcome, RefusalGround
from backend.complaints.law.information import information_requests
from backend.complaints.law.periods import year as whole_year
from backend.complaints.models import Complaint, ComplaintQuerySet, FeeNotice
from backend.core.localtime import ISTANBUL, midnight, today

GIVEN = (Outcome.SOLVED, Outcome.INFORMED)
NEEDS_GROUND = (Outcome.REJECTED, Outcome.NOT_POSSIBLE)
NOT_TAKEN_UP = (Outcome.FORWARDED, Outcome.WITHDRAWN, Outcome.DUPLICATE)
REPORT_MONTH = 2
"""By the end of this month of the next year the report is sent (m.30)."""


def lacks_ground(complaint: Complaint) -> bool:
    """Whether it was refused without a recorded ground: the report counts it as such, its page says so at once."""
    is_refused = complaint.outcome in NEEDS_GROUND and not complaint.refusal_grounds
    return is_refused and complaint.asks_information


@dataclass(frozen=True)
class InformationReport:
    """The figures of one year. `received` is the sum of granted, refused, not taken up and waiting."""

    year: int
    as_of: dt.date
    received: int
    given: int
    rejected: int
    not_possible: int
    not_examinable: int
    forwarded: int
    withdrawn: int
    duplicate: int
    waiting: int
    extended: int
    fee_asked: int
    fee_lapsed: int
    answered: int
    answered_in_time: int
    partial: int
    without_ground: int
    contested: int
    contested_at_court: int
    contest_accepted: int
    contest_partly: int
    contest_rejected: int
    grounds: tuple[tuple[str, int], ...] = ()
    """(article, how many refusals name it, wholly or in part), in the order of the law; a refusal may name several."""

    @property
    def refused(self) -> int:
        return self.rejected + self.not_possible + self.not_examinable

    @property
    def due_on(self) -> dt.date:
        """The last day on which it can be sent: the end of February of the next year."""
        return dt.date(self.year + 1, REPORT_MONTH + 1, 1) - dt.timedelta(days=1)

    @property
    def is_final(self) -> bool:
        """Whether the year is over and nothing of it waits."""
        return self.as_of.year > self.year and not self.waiting


@dataclass(frozen=True)
class Line:
    """A line of the report on paper: the letter of m.30 (or none), what it is, the number and
    a remark."""

    letter: str
    title: str | Promise
    number: int
    remark: str | Promise = ""


def information_report(rows: ComplaintQuerySet, year: int) -> InformationReport:
    """Count in one statement. INVALID at `year` for one that no report can be of."""
    period = whole_year(year)
    answered_on = Coalesce(TruncDate("replied_at", tzinfo=ISTANBUL), TruncDate("closed_at", tzinfo=ISTANBUL))
    fees = FeeNotice.objects.filter(complaint=OuterRef("pk"))
    asked = rows.filter(
        information_requests(),
        registered_on__range=(period.first, period.last),
        registered_at__gte=midnight(period.first),  # the same local days: these have an index
        registered_at__lt=midnight(period.last + dt.timedelta(days=1)),
    ).annotate(
        answered_on=answered_on,
        has_fee=Exists(fees),
        has_lapsed=Exists(fees.filter(lapsed_on__isnull=False)),
    )
    was_answered = Q(replied_at__isnull=False) | Q(outcome__in=[*GIVEN, *REFUSALS])
    counts: dict[str, Any] = asked.aggregate(
        received=Count("pk"),
        given=Count("pk", filter=Q(outcome__in=GIVEN)),
        **{one.value.lower(): Count("pk", filter=Q(outcome=one)) for one in (*REFUSALS, *NOT_TAKEN_UP)},
        waiting=Count("pk", filter=Q(outcome="")),
        extended=Count("pk", filter=Q(extension__isnull=False)),
        fee_asked=Count("pk", filter=Q(has_fee=True)),
        fee_lapsed=Count("pk", filter=Q(has_lapsed=True)),
        answered=Count("pk", filter=was_answered),
        answered_in_time=Count("pk", filter=was_answered & Q(answered_on__lte=F("legal_due_on"))),
        partial=Count("pk", filter=Q(is_partial=True)),
        without_ground=Count("pk", filter=Q(outcome__in=NEEDS_GROUND, refusal_grounds=[])),
        contested=Count("pk", filter=Q(contested_on__isnull=False)),
        contested_at_court=Count("pk", filter=Q(contested_at=ContestedAt.COURT)),
        **{
            f"contest_{one.value.lower()}": Count("pk", filter=Q(contest_result=one)) for one in ContestResult
        },
        **{
            f"ground_{one.value}": Count("pk", filter=Q(refusal_grounds__contains=[one]))
            for one in RefusalGround
        },
    )
    grounds = tuple((one.value, counts.pop(f"ground_{one.value}")) for one in RefusalGround)
    return InformationReport(
        year=year, as_of=today(), grounds=tuple(pair for pair in grounds if pair[1]), **counts
    )


def lines(found: InformationReport) -> list[Line]:
    """The report line by line: first what m.30 lists, in its order, then what explains it."""
    by_ground = _("By ground; a refusal may name several, and one in part counts too")
    return [
        Line(
            "a", _("Applications received"), found.received, _("By the day of registration, CİMER included")
        ),
        Line(
            "b",
            _("Answered positively, information or document given"),
            found.given,
            _("Ended as solved or informed"),
        ),
        Line("b", _("of these: given in part, refused in part"), found.partial),
        Line("c", _("Refused applications"), found.refused),
        Line("c", _("of these: rejected"), found.rejected),
        Line("c", _("of these: not possible"), found.not_possible),
        Line("c", _("of these: not examinable for their form"), found.not_examinable),
        *(Line("c", RefusalGround(article).label, number, by_ground) for article, number in found.grounds),
        Line(
            "c",
            _("Rejected or not possible without a recorded ground"),
            found.without_ground,
            _("To be looked up in the file") if found.without_ground else "",
        ),
        Line("d", _("Given after secret parts were taken out or separated"), found.partial),
        Line("e", _("Contested before the Board or a court"), found.contested),
        Line("e", _("of these: before a court"), found.contested_at_court),
        Line("e", _("of these: objection accepted"), found.contest_accepted),
        Line("e", _("of these: objection accepted in part"), found.contest_partly),
        Line("e", _("of these: objection rejected"), found.contest_rejected),
        Line("", _("Forwarded to the body that has it (m.7)"), found.forwarded),
        Line(
            "",
            _("Withdrawn applications"),
            found.withdrawn,
            _("Those deemed withdrawn for an unpaid fee (m.11) included"),
        ),
        Line("", _("Duplicate"), found.duplicate),
        Line("", _("Not ended yet"), found.waiting),
        Line("", _("Limit lengthened to 30 working days (m.11)"), found.extended),
        Line("", _("Fee asked for (m.10)"), found.fee_asked),
        Line("", _("of these: not paid in time, deemed withdrawn (m.11)"), found.fee_lapsed),
        Line("", _("Answered, whatever the answer"), found.answered),
        Line("", _("of these: within the legal limit"), found.answered_in_time),
    ]
