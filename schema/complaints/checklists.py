"""What is to be done on cases: the lists of categories, and ticking items off."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.complaints import models
from backend.complaints.teamwork import checklist
from backend.organization.models import Category as CategoryRow
from permissions.core import scope
from permissions.core.scope import Action
from schema.complaints.types import ChecklistItem
from schema.core.action_mutations import action_mutations
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import optional, required
from schema.organization.types import Category

BY_POSITION = Keyset("checklist", "position", int)


@node_type(models.ChecklistTemplateItem, "ChecklistTemplateItem")
class ChecklistTemplateItem(Node, Everybody):
    """Something that is to be done on each case of a category, or of the categories of a group."""

    category: Category = column("Of which category, or group of categories.")
    text: str = column("What is to be done.")
    position: int = column("Its place among the others.")
    is_required: bool = column("Whether it has to be done before the reply is submitted.")
    is_active: bool = column("Whether new cases get it.")


@strawberry.type
class ChecklistQueries:
    @connection_field(description="What is to be done on cases, by the place in the list of their category.")
    def checklist_template_items(
        self, info: strawberry.Info, page: Page
    ) -> Connection[ChecklistTemplateItem]:
        return listed(models.ChecklistTemplateItem.objects.all(), BY_POSITION, page, info)


@strawberry.type(description="The item of the list of a category, as it is now.")
class ChecklistTemplateItemPayload(Payload):
    item: ChecklistTemplateItem | None = refetched_row(
        models.ChecklistTemplateItem, "The item; null if nothing was done."
    )


@strawberry.type(description="The item of a case, as it is now.")
class ChecklistItemPayload(Payload):
    item: ChecklistItem | None = refetched_row(models.ChecklistItem, "The item; null if nothing was done.")


@strawberry.input(description="An item of the list of a category, new or corrected.")
class ChecklistTemplateItemSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    category: strawberry.ID = required("Of which category, or group of categories.")
    text: str = required("What is to be done; at most 200 letters.")
    position: int | None = optional("Its place among the others; default 100.")
    is_required: bool | None = optional("Whether it has to be done before the reply is submitted.")
    is_active: bool | None = optional("Whether new cases get it; default yes.")


def _save(input: ChecklistTemplateItemSaveInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id").items() if value is not None}
    with scope.elevated_for(models.ChecklistTemplateItem, Action.CHANGE) as viewer:
        row = must_load(models.ChecklistTemplateItem, input.id, "id") if input.id else None
        fields["category"] = must_load(CategoryRow, fields["category"], "category")
        return {"key": checklist.save_template_item(row, by=viewer.user, **fields).key}


@strawberry.type
class ChecklistMutations:
    @strawberry.mutation(description="Add an item to the list of a category, or correct one.")
    def checklist_template_item_save(
        self, input: ChecklistTemplateItemSaveInput
    ) -> ChecklistTemplateItemPayload:
        return run_mutation(ChecklistTemplateItemPayload, lambda: _save(input))


ChecklistItemActions = action_mutations(
    "ChecklistItem", checklist.checklist_action, models.ChecklistItem, ChecklistItemPayload, row="The item."
)
