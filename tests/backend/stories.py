"""Complaints brought into any state by the actions themselves, and every verb with what it needs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from backend.complaints import actions
from backend.complaints.choices import (
    Channel,
    DeliveryMethod,
    Kind,
    NotExaminable,
    Outcome,
    RoutingRole,
    Status,
    WaitingFor,
)
from backend.complaints.models import SENT_MESSAGE, SENT_REPLY, Complaint, Notice, Routing
from backend.complaints.moves import Verb
from backend.complaints.teamwork.assigning import members
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import User
from backend.outbox.models import Message
from tests.cast import Cast
from tests.factories import make_body, make_citizen, make_complaint, refetch

TOLD = {"means": DeliveryMethod.POST, "proof": "RR 123 456 789 TR"}


def refusal(act: Callable[[], Any]) -> DomainError:
    """The refusal of an action, whose writes are taken back."""
    try:
        with system():
            act()
    except DomainError as error:
        return error
    raise AssertionError("nothing was refused")


def code(act: Callable[[], Any]) -> ErrorCode:
    return refusal(act).code


def say(complaint: Complaint, verb: str, **params: Any) -> Any:
    """Run one action as the house on the row as it is now, and return what it returns."""
    with system():
        return getattr(actions, verb)(refetch(complaint), **params)


def petition(**fields: Any) -> Complaint:
    """A petition with all its elements."""
    defaults = {"kind": Kind.COMPLAINT, "channel": Channel.PETITION, "signature_given": True}
    return make_complaint(**(defaults | fields))


def through_cimer(number: str = "2600123456", **fields: Any) -> Complaint:
    """What CİMER brought, to be answered there in thirty days."""
    due_on = today() + dt.timedelta(days=30)
    defaults = {"channel": Channel.CIMER, "source_number": number, "cimer_due_on": due_on}
    return make_complaint(**(defaults | fields))


def information_request(**fields: Any) -> Complaint:
    return make_complaint(**({"kind": Kind.INFORMATION_REQUEST, "channel": Channel.EMAIL} | fields))


def service_request(**fields: Any) -> Complaint:
    return make_complaint(**({"kind": Kind.COMPLAINT, "channel": Channel.PHONE} | fields))


def replied(complaint: Complaint, cast: Cast, body: str = "Lamba değiştirildi.", **told: Any) -> Complaint:
    """From wherever work may be done on it to REPLIED."""
    say(complaint, "draft", by=cast.fen_clerk, body=body)
    say(complaint, "submit", by=cast.fen_clerk)
    say(complaint, "approve", by=cast.secretary)
    say(complaint, "send", by=cast.secretary, **(told or {"means": DeliveryMethod.EMAIL}))
    return refetch(complaint)


def in_state(status: Status, cast: Cast, complaint: Complaint, *, is_refusal: bool = False) -> Complaint:
    """Lead a newly registered case to `status` by the shortest way that people take.

    `is_refusal`: what it is replied with, if it is, refuses.
    """
    by, clerk = cast.secretary, cast.fen_clerk
    ends: dict[Status, Callable[[], Any]] = {
        Status.TRIAGED: lambda: say(complaint, "triage", by=by),
        Status.FORWARDED: lambda: say(complaint, "forward", by=by, to=make_body(), number="E-1"),
        Status.WITHDRAWN: lambda: say(complaint, "withdraw", by=by),
        Status.DUPLICATE: lambda: say(complaint, "mark_duplicate", by=by, of=make_complaint()),
        Status.NOT_EXAMINABLE: lambda: say(
            complaint, "mark_not_examinable", by=by, reason=NotExaminable.NO_DEFINITE_SUBJECT
        ),
        Status.REJECTED: lambda: say(complaint, "reject", by=by, reason="Mevzuata uygun değil."),
    }
    if status in ends:
        ends[status]()
    elif status is not Status.NEW:
        _towards(status, cast, complaint, clerk, is_refusal)
    complaint = refetch(complaint)
    assert complaint.status == status
    return complaint


def _towards(status: Status, cast: Cast, complaint: Complaint, clerk: Any, is_refusal: bool) -> None:
    steps: list[tuple[Status, Callable[[], Any]]] = [
        (Status.ASSIGNED, lambda: say(complaint, "route", by=cast.secretary, to=cast.fen)),
        (Status.ACCEPTED, lambda: say(complaint, "accept", by=clerk)),
        (Status.IN_PROGRESS, lambda: say(complaint, "start", by=clerk)),
    ]
    branch: dict[Status, list[Callable[[], Any]]] = {
        Status.RETURNED: [lambda: say(complaint, "return_", by=clerk, reason="Bizim işimiz değil.")],
        Status.WAITING: [lambda: say(complaint, "put_on_hold", by=clerk, for_=WaitingFor.MATERIAL)],
        Status.ANSWERED: [
            lambda: say(complaint, "draft", by=clerk, body="Onarıldı.", is_refusal=is_refusal),
            lambda: say(complaint, "submit", by=clerk),
        ],
    }
    branch[Status.APPROVED] = [*branch[Status.ANSWERED], lambda: say(complaint, "approve", by=cast.secretary)]
    branch[Status.REPLIED] = [
        *branch[Status.APPROVED],
        lambda: say(complaint, "send", by=cast.secretary, means=DeliveryMethod.EMAIL),
    ]
    branch[Status.CLOSED] = [
        *branch[Status.REPLIED],
        lambda: say(complaint, "close", by=cast.secretary, outcome=Outcome.SOLVED),
    ]
    for reached, step in steps:
        step()
        if reached is status:
            return
    for step in branch[status]:
        step()


def _member(complaint: Complaint) -> User:
    """The first person of the unit that has the case."""
    with system():
        return members(complaint)[0]


SAYING: dict[Verb, Callable[[Complaint, Cast], dict[str, Any]]] = {
    Verb.TRIAGE: lambda _c, _cast: {"note": "Bakıldı."},
    Verb.MARK_URGENT: lambda _c, _cast: {},
    Verb.DISMISS_DANGER: lambda _c, _cast: {},
    Verb.CORRECT: lambda _c, _cast: {"subject": "Düzeltilmiş konu"},
    Verb.ROUTE: lambda _c, cast: {"to": cast.park},
    Verb.ADD_COLLABORATOR: lambda _c, cast: {"department": cast.cleaning},
    Verb.RELEASE_COLLABORATOR: lambda _c, cast: {"department": cast.relations, "reason": "Bitti."},
    Verb.ACCEPT: lambda _c, _cast: {},
    Verb.RETURN: lambda _c, _cast: {"reason": "Bizim işimiz değil."},
    Verb.ASSIGN: lambda c, _cast: {"person": _member(c)},
    Verb.RELEASE: lambda _c, _cast: {},
    Verb.START: lambda _c, _cast: {},
    Verb.PUT_ON_HOLD: lambda _c, _cast: {"for_": WaitingFor.CITIZEN},
    Verb.RESUME: lambda _c, _cast: {},
    Verb.DRAFT: lambda _c, _cast: {"body": "Cevap metni."},
    Verb.SUBMIT: lambda _c, _cast: {},
    Verb.SEND_BACK: lambda _c, _cast: {"reason": "Gerekçe eksik."},
    Verb.APPROVE_AND_SEND: lambda _c, _cast: {"body": "Düzeltilmiş cevap.", "means": DeliveryMethod.EMAIL},
    Verb.CORRECT_REPLY: lambda _c, _cast: {"body": "Düzeltilmiş cevap."},
    Verb.APPROVE: lambda _c, _cast: {},
    Verb.SEND: lambda _c, _cast: {"means": DeliveryMethod.EMAIL},
    Verb.RECALL: lambda _c, _cast: {},
    Verb.RECORD_CIMER_ENTRY: lambda _c, _cast: {"proof": "CİMER onayı 4711"},
    Verb.NOTIFY_PROGRESS: lambda _c, _cast: {"body": "İhale aşamasındadır.", "means": DeliveryMethod.EMAIL},
    Verb.MESSAGE: lambda _c, _cast: {"body": "Yarın geleceğiz.", "means": DeliveryMethod.EMAIL},
    Verb.UNSEND: lambda _c, _cast: {},
    Verb.COMMENT: lambda _c, _cast: {"body": "Ekip yola çıktı."},
    Verb.ATTACH: lambda _c, _cast: {"file": io.BytesIO(b"Tutanak metni."), "name": "tutanak.txt"},
    Verb.RECORD_POST: lambda _c, _cast: {"link": "https://x.com/ornek/status/1", "author": "@ornek"},
    Verb.EXTEND: lambda _c, _cast: {"reason": "Bilgi başka birimden gelecek.", "means": DeliveryMethod.EMAIL},
    Verb.ASK_FEE: lambda _c, _cast: {"amount": "45.50", "means": DeliveryMethod.EMAIL},
    Verb.RECORD_FEE: lambda _c, _cast: {},
    Verb.FORWARD: lambda _c, _cast: {"to": make_body(), "number": "E-24312041-622-7"},
    Verb.NOTIFY_FORWARDING: lambda _c, _cast: {"means": DeliveryMethod.EMAIL},
    Verb.CLOSE: lambda c, _cast: {"outcome": "" if c.status == Status.FORWARDED else Outcome.SOLVED},
    Verb.WITHDRAW: lambda _c, _cast: {"note": "Vazgeçti."},
    Verb.MARK_DUPLICATE: lambda _c, _cast: {"of": make_complaint()},
    Verb.LINK: lambda _c, _cast: {"of": make_complaint()},
    Verb.UNLINK: lambda _c, _cast: {},
    Verb.SET_APART: lambda _c, _cast: {"of": make_complaint()},
    Verb.UNSET_APART: lambda c, _cast: {"of": _apart_from(c)},
    Verb.ADOPT_REPLY: lambda _c, _cast: {},
    Verb.ANSWER_LINKED: lambda _c, _cast: {},
    Verb.SPLIT: lambda _c, _cast: {"subject": "Ayrı konu"},
    Verb.MARK_NOT_EXAMINABLE: lambda _c, _cast: {"reason": NotExaminable.FOR_THE_COURTS},
    Verb.REJECT: lambda _c, _cast: {"reason": "Mevzuata uygun değil.", "means": DeliveryMethod.EMAIL},
    Verb.REOPEN: lambda _c, _cast: {"reason": "Yeniden arıza var."},
    Verb.RECORD_OBJECTION: lambda _c, _cast: {"contested_on": today(), "contested_at": "BOARD"},
    Verb.TAG: lambda _c, _cast: {"add": ["acele"]},
}
"""What each verb needs. SHARE and UNSHARE are said in `permissions.core.grants`, TAKE_OVER by the unit alone, UNDO
by who did a step."""

NAMES = {verb: verb.value.lower() for verb in SAYING} | {Verb.RETURN: "return_", Verb.UNSEND: "take_back"}
INFORMATION = (Verb.EXTEND, Verb.ASK_FEE, Verb.RECORD_FEE, Verb.RECORD_OBJECTION)


def suitable(verb: Verb) -> Complaint:
    """A newly registered case under the regime in which the verb has a meaning."""
    with system():
        applicant = make_citizen()
    if verb in INFORMATION:
        return information_request(applicant=applicant)
    if verb is Verb.NOTIFY_PROGRESS:
        return petition(applicant=applicant)
    if verb is Verb.RECORD_CIMER_ENTRY:
        return through_cimer(applicant=applicant)
    return service_request(applicant=applicant)


def hold_back(complaint: Complaint, kind: Q = SENT_REPLY) -> None:
    """Let the message of the reply wait for its moment, which is far away."""
    moment = timezone.now() + dt.timedelta(days=1)
    with system():
        rows = Notice.objects.filter(kind, complaint=complaint)
        Message.objects.filter(pk__in=rows.values("message")).update(not_before=moment)
        rows.update(held_until=moment)


def _show_danger(complaint: Complaint) -> None:
    with system():
        Complaint.objects.filter(pk=complaint.pk).update(danger="Açık rögar")


def _apart_from(complaint: Complaint) -> Complaint:
    """The case that was said to be another matter; of one of which nothing was said, any other case."""
    for key in refetch(complaint).apart_from:
        with system():
            return Complaint.objects.get(pk=key)
    return make_complaint()


def _set_apart(complaint: Complaint) -> None:
    say(complaint, "set_apart", by=None, of=make_complaint())


def _write_and_hold_back(complaint: Complaint) -> None:
    say(complaint, "message", by=None, body="Hangi sokak?", means=DeliveryMethod.EMAIL)
    hold_back(complaint, SENT_MESSAGE)


BEFORE = {
    Verb.UNSEND: _write_and_hold_back,
    Verb.UNSET_APART: _set_apart,
    Verb.DISMISS_DANGER: _show_danger,
    Verb.RECALL: hold_back,
}


def prepare(verb: Verb, complaint: Complaint, cast: Cast) -> None:
    """What must have happened before the verb makes sense, besides the state."""
    if verb is Verb.RELEASE_COLLABORATOR:
        with system():
            Routing.objects.create(
                complaint=complaint, department=cast.relations, role=RoutingRole.COLLABORATING, routed_by=None
            )
    elif verb in BEFORE:
        BEFORE[verb](complaint)
    elif verb is Verb.RELEASE:
        say(complaint, "assign", by=cast.secretary, person=_member(refetch(complaint)))
    elif verb is Verb.SUBMIT:
        say(complaint, "draft", by=cast.fen_clerk, body="Onarıldı.")
    elif verb is Verb.UNLINK:
        say(complaint, "link", by=cast.secretary, of=make_complaint())
    elif verb is Verb.ADOPT_REPLY:
        replied_one = in_state(Status.REPLIED, cast, service_request())
        say(complaint, "link", by=cast.secretary, of=replied_one)
    elif verb is Verb.ANSWER_LINKED:
        say(service_request(), "link", by=cast.secretary, of=complaint)
    elif verb is Verb.RECORD_FEE:
        say(complaint, "ask_fee", by=cast.secretary, amount="12", means=DeliveryMethod.EMAIL)
    elif verb is Verb.CLOSE and complaint.status == Status.FORWARDED:
        say(complaint, "notify_forwarding", by=cast.secretary, means=DeliveryMethod.EMAIL)
