"""What a case must be for a verb to have anything to act upon, beyond its state: filters over the table of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import BigIntegerField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now

from backend.complaints.choices import ADOPTING, ANSWERED, BEFORE_REPLY, NoticeKind
from backend.complaints.law.clock import RESTARTED
from backend.complaints.law.deadlines import RULES, Regime, Rule
from backend.complaints.models import (
    PENDING_REPLY,
    SENT_MESSAGE,
    SENT_REPLY,
    UNPAID,
    Complaint,
    ComplaintLine,
    FeeNotice,
    Forwarding,
    Notice,
)
from backend.outbox.holding import HELD, LEFT, UNDO

ASKING = Func(function="app.user_id", output_field=BigIntegerField())
"""Who asks, as the second wall knows them."""


def _under(has: Callable[[Rule], object]) -> Q:
    """The cases under a regime and matter whose rule has it."""
    result = Q(pk__in=[])
    for (regime, matter), rule in RULES.items():
        if has(rule):
            result |= Q(regime=regime, matter=matter)
    return result


_OF_CASE = OuterRef("pk")
HAS_REPLY = Q(Exists(Notice.objects.filter(PENDING_REPLY, complaint=_OF_CASE)))
HAS_COLLABORATORS = ~Q(collaborators=[])
ANSWERED_IN_STEPS = _under(lambda rule: rule.progress_notice)
_DATED_BY_CIMER = Q(regime=Regime.CIMER, cimer_due_on__isnull=False) & ~Q(deadline_inputs__has_key=RESTARTED)
"""The day is CİMER's own, and moves there alone."""
NOT_YET_EXTENDED = (
    _under(lambda rule: rule.extended_days) & ~Q(deadline_inputs__has_key="extension") & ~_DATED_BY_CIMER
)
WITHOUT_FEE = (
    _under(lambda rule: rule.fee_notice_days) & ~Q(deadline_inputs__has_key="fee_notice") & ~_DATED_BY_CIMER
)
"""Of the clock that runs now: what was before a reopening does not count."""


def undone_by_payment() -> QuerySet[FeeNotice]:
    """The fees of a case that lapsed and that a payment in time still revives: until it was answered or ended
    otherwise, or asked for again."""
    answered = Notice.objects.filter(
        complaint=OuterRef("complaint"),
        kind=NoticeKind.RESULT,
        notified_at__date__gte=OuterRef("lapsed_on"),
    )
    later = FeeNotice.objects.filter(complaint=OuterRef("complaint"), pk__gt=OuterRef("pk"))
    by_lapse = Q(complaint__status__in=BEFORE_REPLY) | Q(complaint__closed_at__date=F("lapsed_on"))
    return FeeNotice.objects.filter(by_lapse, ~Exists(answered), ~Exists(later), lapsed_on__isnull=False)


HAS_OPEN_FEE = Q(Exists(FeeNotice.objects.filter(UNPAID, complaint=_OF_CASE))) & Q(status__in=BEFORE_REPLY)
HAS_LAPSED_FEE = Q(Exists(undone_by_payment().filter(complaint=_OF_CASE)))
HAS_UNTOLD_FORWARDING = Q(Exists(Forwarding.objects.filter(complaint=_OF_CASE, notice__isnull=True)))
HAS_HELD_REPLY = Q(Exists(Notice.objects.filter(SENT_REPLY, HELD, complaint=_OF_CASE)))
HAS_HELD_MESSAGE = Q(Exists(Notice.objects.filter(SENT_MESSAGE, HELD, complaint=_OF_CASE)))
STEP_UNDO = UNDO
"""How long a step can be taken back: as long as a message waits."""
CLOCKS_DIFFER = dt.timedelta(seconds=5)
"""By how much the clock of a web server may run before PostgreSQL's."""
STEPS_JUST_DONE = ComplaintLine.objects.annotate(
    undo_version=Cast(KeyTextTransform("undo_version", "details"), IntegerField())
).filter(undo_version__isnull=False, at__gt=Now() - STEP_UNDO, at__lte=Now() + CLOCKS_DIFFER)
"""The lines of steps that were done a moment ago and say how they are taken back, and which version of the case they
led to."""
HAS_STEP_TO_UNDO = Q(
    Exists(STEPS_JUST_DONE.filter(complaint=_OF_CASE, actor=ASKING, undo_version=OuterRef("version")))
)
IS_LINKED = Q(linked_to__isnull=False)
IS_SET_APART = ~Q(apart_from=[])
HAS_REPLY_TO_ADOPT = Q(
    Exists(
        Notice.objects.filter(
            SENT_REPLY, LEFT, complaint=OuterRef("linked_to"), complaint__status__in=list(ANSWERED)
        )
    )
)
HAS_UNANSWERED_LINKS = Q(
    Exists(Complaint.objects.filter(linked_to=_OF_CASE, status__in=list(ADOPTING))),
    Exists(Notice.objects.filter(SENT_REPLY, LEFT, complaint=_OF_CASE)),
)
