"""What may be done to a request on its page: a step a verb, with what its form has of its own."""

from __future__ import annotations

from admin_ui.appointments import forms
from admin_ui.core.actions import steps_of
from backend.appointments.choices import Status
from backend.appointments.moves import Verb, appointment_action
from permissions.appointments import outcomes
from permissions.programme.handing_over import hand_over_request

STEPS = steps_of(
    appointment_action,
    {
        Verb.APPROVE: forms.TimeForm,
        Verb.DECLINE: forms.DeclineForm,
        Verb.PROPOSE: forms.ProposeForm,
        Verb.ACCEPT: forms.AcceptForm,
        Verb.RESCHEDULE: forms.TimeForm,
        Verb.HAND_OVER: forms.HandOverForm,
        Verb.REDIRECT: forms.RedirectForm,
        Verb.ASSIGN_TO_PUBLIC_DAY: forms.PublicDayForm,
        Verb.MOVE_VISIT: forms.PublicDayForm,
        Verb.COMPLETE_VISIT: forms.SettleForm,
        Verb.COMPLETE: forms.SettleForm,
        Verb.CONVERT_TO_COMPLAINT: forms.TurnForm,
        Verb.MESSAGE: forms.MessageForm,
        Verb.CORRECT: forms.CorrectForm,
        Verb.ATTACH: forms.AttachForm,
    },
    base=forms.RequestForm,
    through={
        Verb.HAND_OVER: hand_over_request,
        Verb.COMPLETE_VISIT: outcomes.complete_visit,
        Verb.COMPLETE: outcomes.complete,
    },
)

NEXT = {
    Status.NEW: Verb.APPROVE,
    Status.PROPOSED: Verb.ACCEPT,
    Status.APPROVED: Verb.COMPLETE,
    Status.REDIRECTED: Verb.COMPLETE,
}
"""The step that usually comes next: it is only drawn stronger."""
