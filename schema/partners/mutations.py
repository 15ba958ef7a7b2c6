"""What may be done to partners: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.contacts.models import Citizen
from backend.organization.models import Department, Neighbourhood, OutsideBody
from backend.partners import actions
from backend.partners.models import Organisation as Row
from backend.partners.models import Role
from backend.partners.moves import Verb
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import row_again
from schema.core.results import Payload, answered
from schema.core.verbs import given, says
from schema.partners import inputs as i
from schema.partners.types import Organisation


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The organisation, as the viewer sees it afterwards.")
class OrganisationPayload(Payload):
    organisation: Organisation | None = row_again(
        Row, "The organisation; null if it left the viewer's sight, or nothing was done."
    )


def _record(input: i.OrganisationRecordInput) -> dict[str, Any]:
    edges = {"body": OutsideBody, "neighbourhood": Neighbourhood, "liaisons": Department}
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.record(by=viewer.user, **given(input, edges))
    return {"key": row.key}


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb in (Verb.CORRECT, Verb.CORRECT_ROLE)
    return says(verb, act, Row, OrganisationPayload, input_type, description, keep_null=keep_null, **edges)


V, a = Verb, actions


@strawberry.type
class PartnerMutations:
    @strawberry.mutation(description="Record an organisation. For the office.")
    def organisation_record(self, input: i.OrganisationRecordInput) -> OrganisationPayload:
        return answered(OrganisationPayload, lambda: _record(input))

    organisation_correct = _said(
        V.CORRECT,
        a.correct,
        i.OrganisationCorrectInput,
        "Set facts right.",
        body=OutsideBody,
        neighbourhood=Neighbourhood,
    )
    organisation_reclassify = _said(
        V.RECLASSIFY, a.reclassify, i.OrganisationReclassifyInput, "It is something else."
    )
    organisation_add_liaison = _said(
        V.ADD_LIAISON,
        a.add_liaison,
        i.OrganisationDepartmentInput,
        "A department works with it, and sees it.",
        department=Department,
    )
    organisation_release_liaison = _said(
        V.RELEASE_LIAISON,
        a.release_liaison,
        i.OrganisationDepartmentInput,
        "A department works with it no longer, and no longer sees it.",
        department=Department,
    )
    organisation_add_role = _said(
        V.ADD_ROLE, a.add_role, i.OrganisationAddRoleInput, "A person with their role.", person=Citizen
    )
    organisation_correct_role = _said(
        V.CORRECT_ROLE, a.correct_role, i.OrganisationCorrectRoleInput, "Set a role right.", role=Role
    )
    organisation_end_role = _said(
        V.END_ROLE, a.end_role, i.OrganisationEndRoleInput, "The last day of a role.", role=Role
    )
    organisation_close = _said(V.CLOSE, a.close, i.OrganisationCloseInput, "It exists no longer.")
    organisation_reopen = _said(V.REOPEN, a.reopen, i.OrganisationRemarkInput, "It exists after all.")
    organisation_merge = _said(
        V.MERGE, a.merge, i.OrganisationMergeInput, "Another record stands for both. Can be undone.", into=Row
    )
    organisation_undo_merge = _said(
        V.UNDO_MERGE, a.undo_merge, i.OrganisationInput, "A merged record stands for itself again."
    )
