"""Sample applications under Law 4982: refused, granted in part, objected to with their result."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from backend.complaints.choices import (
    Channel,
    ContestedAt,
    ContestResult,
    Kind,
    Outcome,
    RefusalGround,
)
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.core.session import system
from backend.organization.models import Department, User
from permissions.demo.clock import moved_clock
from permissions.demo.complaints import sayings
from permissions.demo.complaints.walking import Walker
from permissions.demo.world import in_office_hours

SOURCE = "demo-bilgi"
DAY = dt.timedelta(days=1)
GIVEN = "İstenen bilgi ve belge ekte sunulmuştur."
REFUSED = (
    "İstenen bilgi ve belge, 4982 sayılı Kanunda sayılan istisnalar kapsamında olduğundan verilememiştir."
)


class Answer(NamedTuple):
    """An application of so many days ago, and how it was decided."""

    ago: int
    outcome: Outcome
    ground: RefusalGround | None = None
    is_contested: bool = False
    result: ContestResult | None = None


ANSWERS = (
    Answer(150, Outcome.NOT_POSSIBLE, RefusalGround.PRIVACY, True, ContestResult.ACCEPTED),
    Answer(128, Outcome.INFORMED),
    Answer(110, Outcome.NOT_POSSIBLE, RefusalGround.NOT_HELD, True, ContestResult.REJECTED),
    Answer(83, Outcome.INFORMED, RefusalGround.PRIVACY),
    Answer(61, Outcome.NOT_POSSIBLE, RefusalGround.INTERNAL_OPINION),
    Answer(47, Outcome.INFORMED),
    Answer(40, Outcome.NOT_POSSIBLE, RefusalGround.TRADE_SECRET, True),
    Answer(33, Outcome.SOLVED, RefusalGround.PRIVACY),
)


def load_once() -> None:
    """Once, by what people did then."""
    with system(), moved_clock() as move_to:
        people = list(Citizen.objects.standing().exclude(address="").order_by("pk")[: len(ANSWERS)])
        if people and not Complaint.objects.filter(source=SOURCE).exists():
            now, walker = timezone.now(), Walker(move_to)
            for number, answer in enumerate(ANSWERS):
                _walk(walker, number, answer, people[number % len(people)], now)


def _walk(walker: Walker, number: int, answer: Answer, applicant: Citizen, now: dt.datetime) -> None:
    subject, body, code = sayings.INFORMATION[number % len(sayings.INFORMATION)]
    department = Department.objects.select_related("head").get(code=code)
    office = User.objects.get(username="sekreter").pk
    clerk = department.head.pk if department.head else office
    start = in_office_hours(now - answer.ago * DAY, now - (answer.ago + 1) * DAY, now)
    about = {"kind": Kind.INFORMATION_REQUEST, "channel": Channel.WEB, "subject": subject, "body": body}
    case = walker.register(
        start, office, applicant=applicant, source=SOURCE, source_number=str(number + 1), **about
    )
    grounds = {"grounds": [answer.ground]} if answer.ground else {}
    if answer.ground and answer.outcome is not Outcome.NOT_POSSIBLE:
        grounds["is_partial"] = True  # type: ignore[assignment]
    text = REFUSED if answer.outcome is Outcome.NOT_POSSIBLE else GIVEN

    def on(day: int) -> dt.datetime:
        return in_office_hours(start + day * DAY, start, now)

    walker.say(case, Verb.ROUTE, on(1), office, to=department)
    walker.say(case, Verb.ACCEPT, on(2), clerk)
    walker.say(case, Verb.DRAFT, on(9), clerk, body=text, is_refusal=answer.ground is not None)
    walker.say(case, Verb.SUBMIT, on(9), clerk)
    walker.say(case, Verb.APPROVE, on(10), office)
    walker.say(case, Verb.SEND, on(10), office, **sayings.IN_WRITING)
    walker.say(case, Verb.CLOSE, on(11), office, outcome=answer.outcome, **grounds)
    if answer.is_contested:
        contested = {"contested_on": local_date(start) + 18 * DAY, "contested_at": ContestedAt.BOARD}
        walker.say(case, Verb.RECORD_OBJECTION, on(19), office, **contested)
        if answer.result:
            ended = {"contest_result": answer.result, "contest_ended_on": local_date(start) + 60 * DAY}
            walker.say(case, Verb.RECORD_OBJECTION, on(61), office, **contested, **ended)
