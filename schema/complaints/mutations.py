"""Saying a verb to a case: load through the scope, one action, the case read again as the viewer sees it."""

from __future__ import annotations

from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints import actions
from backend.complaints.models import Complaint as Row
from backend.complaints.moves import complaint_action
from backend.contacts.models import Citizen, PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Category, Neighbourhood
from backend.stickers.models import Sticker
from permissions.complaints import access as complaint_access
from schema.complaints import inputs
from schema.complaints.types import Complaint
from schema.contacts.types import new_applicant
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import action_kwargs


@strawberry.type(description="The case, as the viewer sees it afterwards.")
class ComplaintPayload(Payload):
    complaint: Complaint | None = refetched_row(
        Row, "The case; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="The receipt handed to the citizen.")
class ComplaintReceipt:
    reference: str = strawberry.field(description="The number of the case.")
    tracking_code: str = strawberry.field(description="With this the citizen follows the case.")


@strawberry.type(description="The new case, and its receipt, even for a user who will not see the case.")
class ComplaintRegisterPayload(ComplaintPayload):
    receipt: ComplaintReceipt | None = strawberry.field(
        description="What the citizen takes along.", default=None
    )


def _register(input: inputs.ComplaintRegisterInput) -> dict[str, Any]:
    fields = action_kwargs(
        input,
        {
            "category": Category,
            "neighbourhood": Neighbourhood,
            "sticker": Sticker,
            "applicant": Citizen,
            "on_behalf_of": Citizen,
            "privacy_notice": PrivacyNotice,
        },
        "new_applicant",
        "post",
    )
    with complaint_access.authorized_to_register() as viewer:
        if input.new_applicant:
            if "applicant" in fields:
                message = _("Name a known applicant or a new one, not both.")
                raise DomainError(ErrorCode.INVALID, message, "new_applicant")
            fields["applicant"] = new_applicant(input.new_applicant, viewer.user)
        fields = {"applicant": None} | fields
        complaint_access.refuse_known_cimer_number(
            fields.get("source_number", ""), channel=fields["channel"], regime=fields.get("regime", "")
        )
        complaint = actions.register(
            **fields,
            by=viewer.user,
            source_account=viewer.source_number_scope,
            recorder_has_code=True,
        )
        if input.post:
            actions.record_post_of(complaint, by=viewer.user, **values(input.post))
    receipt = ComplaintReceipt(reference=complaint.reference, tracking_code=complaint.tracking_code)
    return {"key": complaint.key, "receipt": receipt}


@strawberry.type
class ComplaintMutations:
    @strawberry.mutation(description="Record a new case. Every member of staff may (TCK 121).")
    def complaint_register(self, input: inputs.ComplaintRegisterInput) -> ComplaintRegisterPayload:
        return run_mutation(ComplaintRegisterPayload, lambda: _register(input))


ComplaintActions = action_mutations("Complaint", complaint_action, Row, ComplaintPayload, row="The case.")
