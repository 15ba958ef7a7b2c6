"""One verb for many cases, with a look beforehand at what will happen."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints import bulk
from backend.complaints.models import Complaint as Row
from backend.complaints.moves import Verb
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Department, User
from permissions.core import scope
from schema.complaints.inputs import ComplaintsBulkInput
from schema.core.nodes import decode, global_id
from schema.core.results import Payload, UserError, run_mutation, to_user_error
from schema.core.verbs import action_kwargs

USES: dict[Verb, set[str]] = {
    Verb.ACCEPT: set(),
    Verb.APPROVE: set(),
    Verb.ROUTE: {"to", "note"},
    Verb.ASSIGN: {"person", "note"},
    Verb.CLOSE: {"outcome", "note"},
    Verb.TAG: {"add", "remove"},
    Verb.UNDO: set(),
}


@strawberry.type(description="A case that is left as it is, and why.")
class BulkRefusal:
    id: strawberry.ID = strawberry.field(description="The id as it was passed.")
    reference: str | None = strawberry.field(
        description="The number of the case; null if the viewer sees none."
    )
    error: UserError = strawberry.field(description="Why.")


@strawberry.type(description="What will be done, or was.")
class BulkEffect:
    done: int = strawberry.field(description="How many cases it will change, or changed.")
    refused: list[BulkRefusal] = strawberry.field(description="The others (at most 500).")


@strawberry.type(description="What was done to the cases.")
class ComplaintsBulkPayload(Payload):
    effect: BulkEffect | None = strawberry.field(description="What was done.", default=None)


class _Asked:
    """Rows and parameters of a bulk input, with the rows that the viewer may not act on separated."""

    def __init__(self, input: ComplaintsBulkInput) -> None:
        scope.require_viewer()
        self.verb = Verb(str(input.verb.value))
        if len(input.ids) > bulk.LIMIT:
            raise DomainError(ErrorCode.OVER_LIMIT, _("At most 500 cases at once."), "ids")
        fields = action_kwargs(input, {"to": Department, "person": User})
        self.params = {name: value for name, value in fields.items() if name in USES[self.verb]}
        if self.verb is Verb.ROUTE and "to" not in self.params:
            raise DomainError(ErrorCode.REQUIRED, _("Choose the department."), "to")
        if self.verb is Verb.ASSIGN and "person" not in self.params:
            raise DomainError(ErrorCode.REQUIRED, _("Choose the person."), "person")
        self.keys = {
            result[1]: value for value in input.ids if (result := decode(value)) and result[0] == "Complaint"
        }
        self.refused = [
            self._refused(value, None, ErrorCode.NOT_FOUND)
            for value in input.ids
            if value not in self.keys.values()
        ]

    def _refused(self, value: str, row: Row | None, code: ErrorCode) -> BulkRefusal:
        sentences = {
            ErrorCode.NOT_FOUND: _("There is no such record, or you may not see it."),
            ErrorCode.FORBIDDEN: _("You are not allowed to do this."),
        }
        error = to_user_error(DomainError(code, sentences[code]))
        return BulkRefusal(id=strawberry.ID(value), reference=row.reference if row else None, error=error)

    def effect(self, allowed: list[Row], outcome: bulk.Effect) -> BulkEffect:
        seen = {row.key: row for row in scope.visible(Row).filter(key__in=list(self.keys))}
        may = {row.key for row in allowed}
        refused = list(self.refused)
        for key, value in self.keys.items():
            if key not in seen and key not in may:
                refused.append(self._refused(value, None, ErrorCode.NOT_FOUND))
            elif key not in may:
                refused.append(self._refused(value, seen[key], ErrorCode.FORBIDDEN))
        for left in outcome.refused:
            row = left.complaint
            refused.append(
                BulkRefusal(id=global_id(row), reference=row.reference, error=to_user_error(left.error))
            )
        return BulkEffect(done=len(outcome.done), refused=refused)


@strawberry.type
class BulkQueries:
    @strawberry.field(description="What a verb would do to these cases. Changes nothing.")
    def complaints_bulk_preview(
        self,
        input: Annotated[ComplaintsBulkInput, strawberry.argument(description="The cases and the verb.")],
    ) -> BulkEffect:
        asked = _Asked(input)
        allowed = list(scope.visible(scope.visible(Row), action=asked.verb).filter(key__in=list(asked.keys)))
        return asked.effect(allowed, bulk.preview(allowed, asked.verb, asked.params))


@strawberry.type
class BulkMutations:
    @strawberry.mutation(description="Say a verb to many cases; a refused one does not stop the others.")
    def complaints_bulk_run(self, input: ComplaintsBulkInput) -> ComplaintsBulkPayload:
        def act() -> dict[str, Any]:
            asked = _Asked(input)
            with scope.authorized_many(asked.verb, Row, asked.keys) as allowed:
                outcome = bulk.run(allowed, asked.verb, by=scope.current_viewer().user, params=asked.params)
                return {"effect": asked.effect(allowed, outcome)}

        return run_mutation(ComplaintsBulkPayload, act)
