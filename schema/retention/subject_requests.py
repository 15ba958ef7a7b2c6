"""Query and mutation fields of the register of applications under KVKK m.11."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.retention.models import SubjectRequest as Row
from backend.retention.subject_requests import actions
from backend.retention.subject_requests.moves import subject_request_action
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.action_mutations import action_mutations
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import action_kwargs, optional, required
from schema.retention.subject_request_types import (
    SubjectIdentity,
    SubjectRequest,
    SubjectRequestChannel,
    SubjectRequestStatus,
    SubjectRight,
)

SOONEST = Keyset("subject_request", "target_on", dt.date)


@strawberry.input(description="Which applications: all of these must hold; within a list, any.")
class SubjectRequestFilter:
    status: list[SubjectRequestStatus] | None = optional("Where it stands.")
    rights: list[SubjectRight] | None = optional("What is asked.")
    late: bool | None = optional("Unanswered behind its last day.")
    unsent: bool | None = optional("Answered, and not recorded as sent.")


def _filtered(asked: SubjectRequestFilter | None) -> Any:
    fields = {name: value for name, value in (values(asked) if asked else {}).items() if value is not None}
    rows: Any = Row.objects.late() if fields.get("late") else Row.objects.all()
    if fields.get("unsent"):
        rows = rows.filter(pk__in=Row.objects.unsent().values("pk"))
    if "status" in fields:
        rows = rows.filter(status__in=[one.value for one in fields["status"]])
    if "rights" in fields:
        rows = rows.filter(rights__overlap=[one.value for one in fields["rights"]])
    return rows


@strawberry.type
class SubjectRequestQueries:
    @connection_field(
        description="The applications under KVKK m.11, the soonest target first: for the office, as far as it may know"
        " every citizen."
    )
    def subject_requests(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[SubjectRequestFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[SubjectRequest]:
        return listed(_filtered(filter), SOONEST, page, info)


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.input(description="An application under KVKK m.11 to record.")
class SubjectRequestRegisterInput:
    channel: SubjectRequestChannel = required("How it came.")
    rights: list[SubjectRight] = required("What is asked.")
    text: str = required("In the person's words.")
    requester: str | None = optional("Who asks; by default the name of the person on record.")
    contact: str | None = optional("Where the answer goes; by default the address of the person on record.")
    citizen: strawberry.ID | None = optional("The record of the person.")
    identity: SubjectIdentity | None = optional("How the identity was checked, if it was.")
    received_on: dt.date | None = optional("The local day of its receipt; today by default.")
    complaint: strawberry.ID | None = optional("The case with which it came.")


@strawberry.type(description="The application, as the viewer sees it afterwards.")
class SubjectRequestPayload(Payload):
    subject_request: SubjectRequest | None = refetched_row(Row, "The application; null if nothing was done.")


def _register(input: SubjectRequestRegisterInput) -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.register(
            by=viewer.user, **action_kwargs(input, {"citizen": Citizen, "complaint": Complaint})
        )
    return {"key": row.key}


@strawberry.type
class SubjectRequestMutations:
    @strawberry.mutation(description="Record an application under KVKK m.11: the office.")
    def subject_request_register(self, input: SubjectRequestRegisterInput) -> SubjectRequestPayload:
        return run_mutation(SubjectRequestPayload, lambda: _register(input))


SubjectRequestActions = action_mutations(
    "SubjectRequest", subject_request_action, Row, SubjectRequestPayload, row="The application."
)
