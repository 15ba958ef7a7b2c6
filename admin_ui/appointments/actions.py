"""What may be done to a request, as forms: the verb, its fields, and the one action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from admin_ui.appointments import forms as f
from backend.appointments import actions
from backend.appointments.choices import Status
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.organization.models import User
from permissions.appointments import outcomes
from permissions.programme.handing_over import hand_over_request

Run = Callable[[AppointmentRequest, dict[str, Any], User], Any]


@dataclass(frozen=True)
class Deed:
    """`form` has the fields of the action's parameters, by the same names. `tells`: the action tells the applicant,
    so that it can be rehearsed for a preview. `guarded`: refused if somebody changed the request since the page was
    loaded."""

    verb: Verb
    run: Run
    form: type[f.RequestForm] = f.RequestForm
    tells: bool = False
    guarded: bool = True
    danger: bool = False
    hint: Any = ""

    @property
    def slug(self) -> str:
        return self.verb.value.lower()

    @property
    def needs_form(self) -> bool:
        return self.form is not f.RequestForm


def _call(action: Callable[..., Any]) -> Run:
    return lambda request, values, by: action(request, by=by, **values)


def _attach(request: AppointmentRequest, values: dict[str, Any], by: User) -> Any:
    upload = values["file"]
    return actions.attach(request, by=by, file=upload, name=upload.name)


V = Verb
_ALL = [
    Deed(V.APPROVE, _call(actions.approve), f.TimeForm, tells=True),
    Deed(
        V.PROPOSE,
        _call(actions.propose),
        f.ProposeForm,
        tells=True,
        hint=_("The time is kept; the applicant answers by the link in the message or by telephone."),
    ),
    Deed(V.ACCEPT, _call(actions.accept), f.AcceptForm, tells=True),
    Deed(V.REFUSE, _call(actions.refuse), f.NoteForm),
    Deed(V.RESCHEDULE, _call(actions.reschedule), f.RescheduleForm, tells=True),
    Deed(
        V.HAND_OVER,
        _call(hand_over_request),
        f.HandOverForm,
        tells=True,
        hint=_("At the same time, if the other is free then; from now on it is their appointment."),
    ),
    Deed(V.CANCEL, _call(actions.cancel), f.CancelForm, tells=True, danger=True),
    Deed(V.DECLINE, _call(actions.decline), f.DeclineForm, tells=True, danger=True),
    Deed(
        V.REDIRECT,
        _call(actions.redirect),
        f.RedirectForm,
        tells=True,
        hint=_("Another principal's keeper decides anew; a department settles it itself."),
    ),
    Deed(V.PUT_ON_PUBLIC_DAY, _call(actions.put_on_public_day), f.PublicDayForm, tells=True),
    Deed(V.MOVE_VISIT, _call(actions.move_visit), f.MoveVisitForm, tells=True),
    Deed(V.TAKE_OFF, _call(actions.take_off), f.NoteForm),
    Deed(V.ARRIVE, _call(actions.arrive)),
    Deed(V.CALL_IN, _call(actions.call_in)),
    Deed(V.SEE_OUT, _call(outcomes.see_out), f.SettleForm),
    Deed(V.SETTLE, _call(outcomes.settle), f.SettleForm),
    Deed(V.PROMISE, _call(actions.promise), f.PromiseForm, guarded=False),
    Deed(V.MISS, _call(actions.miss), f.NoteForm),
    Deed(
        V.TURN,
        _call(actions.turn),
        f.TurnForm,
        tells=True,
        hint=_("An application is recorded and linked both ways; an appointment that was given stays."),
    ),
    Deed(V.MESSAGE, _call(actions.message), f.MessageForm, tells=True, guarded=False),
    Deed(V.CORRECT, _call(actions.correct), f.CorrectForm),
    Deed(V.ATTACH, _attach, f.AttachForm, guarded=False),
    Deed(V.WITHDRAW, _call(actions.withdraw), f.NoteForm, danger=True),
    Deed(
        V.UNDO,
        _call(actions.undo),
        f.UndoForm,
        hint=_("For a result recorded by mistake: the request stands where it stood before."),
    ),
    Deed(V.REOPEN, _call(actions.reopen), f.NoteForm),
]
DEEDS: dict[Verb, Deed] = {deed.verb: deed for deed in _ALL}
"""Every verb has its deed, in the order of the buttons; a test holds this against the table of moves."""

ASIDE = (V.CORRECT, V.ATTACH, V.WITHDRAW, V.MISS, V.TURN, V.UNDO)
"""The verbs that are one click further away than the others."""

NEXT = {
    Status.NEW: V.APPROVE,
    Status.PROPOSED: V.ACCEPT,
    Status.APPROVED: V.SETTLE,
    Status.REDIRECTED: V.SETTLE,
}
"""The deed that usually comes next: it is only drawn stronger."""


def offered(verbs: list[Verb]) -> list[Deed]:
    """The deeds of these verbs, in the order of the buttons."""
    return [deed for verb, deed in DEEDS.items() if verb in verbs]
