"""What may be done to a case, as forms: what their declarations do not say already."""

from __future__ import annotations

from admin_ui.complaints import forms
from admin_ui.complaints.split_form import SplitForm
from admin_ui.core.actions import steps_of
from admin_ui.core.forms import AttachForm
from backend.complaints.moves import Verb, complaint_action

STEPS = steps_of(
    complaint_action,
    {
        Verb.TRIAGE: forms.TriageForm,
        Verb.CORRECT: forms.CorrectForm,
        Verb.ROUTE: forms.RouteForm,
        Verb.RELEASE_COLLABORATOR: forms.ReleaseForm,
        Verb.PUT_ON_HOLD: forms.WaitForm,
        Verb.DRAFT: forms.DraftForm,
        Verb.SEND: forms.SendForm,
        Verb.ATTACH: AttachForm,
        Verb.ASK_FEE: forms.FeeForm,
        Verb.RECORD_FEE: forms.PaymentForm,
        Verb.FORWARD: forms.ForwardForm,
        Verb.CLOSE: forms.CloseForm,
        Verb.MARK_DUPLICATE: forms.DuplicateForm,
        Verb.SPLIT: SplitForm,
        Verb.MARK_NOT_EXAMINABLE: forms.NotExaminableForm,
        Verb.REJECT: forms.RejectForm,
        Verb.RECORD_OBJECTION: forms.ContestForm,
        Verb.TAG: forms.TagForm,
        Verb.UNSHARE: forms.UnshareForm,
    },
)
