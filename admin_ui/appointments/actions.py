"""What may be done to a request on its page: a step a verb, with what its form has of its own."""

from __future__ import annotations

from admin_ui.appointments import forms as f
from admin_ui.core.actions import Step, steps_of
from backend.appointments.choices import Status
from backend.appointments.moves import Verb, appointment_action
from permissions.appointments import outcomes
from permissions.programme.handing_over import hand_over_request

V = Verb
STEPS = steps_of(
    appointment_action,
    {
        V.APPROVE: f.TimeForm,
        V.PROPOSE: f.ProposeForm,
        V.ACCEPT: f.AcceptForm,
        V.RESCHEDULE: f.TimeForm,
        V.HAND_OVER: f.HandOverForm,
        V.REDIRECT: f.RedirectForm,
        V.PUT_ON_PUBLIC_DAY: f.PublicDayForm,
        V.MOVE_VISIT: f.PublicDayForm,
        V.SEE_OUT: f.SettleForm,
        V.SETTLE: f.SettleForm,
        V.TURN: f.TurnForm,
        V.MESSAGE: f.MessageForm,
        V.CORRECT: f.CorrectForm,
        V.ATTACH: f.AttachForm,
    },
    base=f.RequestForm,
    through={V.HAND_OVER: hand_over_request, V.SEE_OUT: outcomes.see_out, V.SETTLE: outcomes.settle},
)

NEXT = {
    Status.NEW: V.APPROVE,
    Status.PROPOSED: V.ACCEPT,
    Status.APPROVED: V.SETTLE,
    Status.REDIRECTED: V.SETTLE,
}
"""The step that usually comes next: it is only drawn stronger."""


def step_called(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)
