"""What the router proposes, its versions and its published score."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, cast

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint as Case
from backend.organization import models as organization
from backend.triage import actions, choices, models, moves, runs, training  # noqa: F401 - declares the verbs
from backend.triage.moves import router_action
from permissions.core import scope
from permissions.core.scope import Action
from permissions.triage import suggestions
from permissions.triage.rules import ROUTERS
from permissions.triage.suggestions import Suggested, Suggestions
from schema.complaints.types import Complaint, ComplaintPriority
from schema.core.action_mutations import action_mutations
from schema.core.computed import Computed, computed, row, rows
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column, viewer_can
from schema.core.nodes import Everybody, Node, Scoped, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import at_most, cleaned, described_enum
from schema.organization.types import Category, Department, StaffMember

BY_AGE = Keyset("router-version", "trained_at", dt.datetime, descending=True)
BY_MONTH = Keyset("router-score", "month", dt.date, descending=True)
RouterVersionStatus = described_enum(
    choices.Standing, "RouterVersionStatus", "Where a version of the router stands."
)
RouterVersionVerb = described_enum(moves.Verb, "RouterVersionVerb", "What may be done to a version.")


@strawberry.type(description="A category that is proposed, and why.")
class SuggestedCategory(Computed):
    category: Category = row(organization.Category, "The category.")
    words: list[str] = strawberry.field(description="The words of the text that speak for it most.")
    sure_percent: int | None = strawberry.field(
        description="How sure it is, in percent; null for the words of the catalogue, and for a viewer who does not"
        " see every case."
    )
    past_cases: list[Complaint] = rows(
        Case, "Closed cases of it with these words, the newest first, as far as the viewer sees them."
    )


@strawberry.type(description="A department that is proposed, and why.")
class SuggestedDepartment(Computed):
    department: Department = row(organization.Department, "The department.")
    words: list[str] = strawberry.field(description="The words of the text that speak for it most.")
    sure_percent: int | None = strawberry.field(
        description="How sure it is, in percent; null for the words of the catalogue, and for a viewer who does not"
        " see every case."
    )
    past_cases: list[Complaint] = rows(
        Case, "Closed cases of it with these words, the newest first, as far as the viewer sees them."
    )


@strawberry.type(description="What is proposed of a case, three of each at most. A person decides.")
class CaseSuggestions(Computed):
    is_learned: bool = strawberry.field(
        description="Learned from past cases; false: the words of the catalogue propose."
    )
    version: int | None = strawberry.field(
        description="The number of the version that spoke; null for the words, and for a viewer who does not see every"
        " case."
    )
    is_of_law: bool = strawberry.field(
        description="Whose it is follows from a rule (an emergency, another body's business): no department is"
        " proposed."
    )
    categories: list[SuggestedCategory] = strawberry.field(
        description="What it may be about, the best first."
    )
    departments: list[SuggestedDepartment] = strawberry.field(description="Whose it may be, the best first.")
    priority: ComplaintPriority | None = strawberry.field(
        description="The priority that such cases had; null where nothing is learned of it. Never URGENT."
    )


def _values(found: Suggestions) -> dict[str, Any]:
    return {
        "is_learned": found.is_learned,
        "version": found.version,
        "is_of_law": found.is_of_law,
        "categories": [_suggested(one, "category") for one in found.categories],
        "departments": [_suggested(one, "department") for one in found.units],
        "priority": found.priority or None,
    }


def _suggested(one: Suggested, name: str) -> dict[str, Any]:
    return {
        name: one.row.pk,
        "words": list(one.words),
        "sure_percent": one.sure_percent,
        "past_cases": [case.pk for case in one.past],
    }


def _on_text(text: str, place: str) -> dict[str, Any]:
    at_most(text, suggestions.LONGEST, "text", _("This text is too long."))
    return _values(suggestions.on_text(cleaned(text), cleaned(place)))


def _on_case(id: str) -> dict[str, Any]:
    return _values(suggestions.on_case(scope.get(Case, key_of(Case, id), field="id")))


@node_type(models.RouterVersion, "RouterVersion")
class RouterVersion(Node, Scoped):
    """What was learned in one night from closed cases (öneri modeli). It holds no text of a case."""

    number: int = column("Its number.")
    trained_at: dt.datetime = column("When it was learned; of a training, when it was asked for.")
    status: RouterVersionStatus = column("Where it stands.")
    is_held: bool = column("Someone went back to it: newer versions do not take its place by themselves.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    cases: int = column("How many closed cases it was learned from; of a training, from how many at most.")
    categories: int = column("How many categories it knows.")
    units: int = column("How many departments it knows.", name="departments")
    threshold: int = column("How sure it had to be to speak when it was measured, in percent.")
    measured_on: int = column(
        "On how many of the newest cases it was measured, which it had not seen.", name="measuredCases"
    )
    spoke_percent: int | None = column("Of how many of them it spoke, in percent.")
    right_percent: int | None = column("Of how many of these it was right, in percent.")
    first_right_percent: int | None = column("How often its first category was right, of all of them.")
    words_right_percent: int | None = column("How often the first of the catalogue's words was right.")
    put_in_force_at: dt.datetime | None = column("Since when it is in force, or was last.")
    put_in_force_by: StaffMember | None = column("Who put it in force; null if it came by itself.")
    asked_by: StaffMember | None = column("Who let it be learned; null for what was learned at night.")
    step_done: int = column("Of a training that runs: how much of the present step is done.")
    step_total: int = column("How much that step is; 0 before the first.")
    fault: str = column("Why a training failed; otherwise empty.")
    can = viewer_can(ROUTERS, RouterVersionVerb)


@node_type(models.RouterScore, "RouterScore")
class RouterScore(Node, Everybody):
    """How often what was proposed was right, of the cases that ended in a month; of twenty at least."""

    month: dt.date = column("The first day of the month.", name="beginsOn")
    category: Category | None = column("The category; null for all cases.")
    cases: int = column("How many cases, rounded down to tens.")
    spoke_percent: int = column("Of how many something was proposed, in percent.")
    right_percent: int | None = column("Of how many of these people decided so, in percent.")
    changed_percent: int | None = column("Of how many of these people decided otherwise, in percent.")


@strawberry.type
class RouterQueries:
    @strawberry.field(
        description="Propose category, department and priority of a text, from past cases where the router is sure,"
        " else from the words of the catalogue. Law and emergencies are in `categorySuggestion`. Ask by POST: what a"
        " citizen writes does not belong into an address."
    )
    def suggestions(
        self,
        info: strawberry.Info,
        text: Annotated[str, strawberry.argument(description="The words of the complaint.")],
        place: Annotated[str, strawberry.argument(description="The street part of the address.")] = "",
    ) -> CaseSuggestions:
        scope.require_viewer()
        return cast(CaseSuggestions, computed(info, CaseSuggestions, _on_text, text=text, place=place))

    @strawberry.field(description="The same of a case that the viewer sees.")
    def complaint_suggestions(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
    ) -> CaseSuggestions:
        scope.require_viewer()
        return cast(CaseSuggestions, computed(info, CaseSuggestions, _on_case, id=id))

    @connection_field(description="The versions of the router, the newest first; for who sees every case.")
    def router_versions(self, info: strawberry.Info, page: Page) -> Connection[RouterVersion]:
        return listed(models.RouterVersion.objects.all(), BY_AGE, page, info)

    @connection_field(
        description="The score of what was proposed, by month: of all cases, and by category. The newest first."
    )
    def router_scores(self, info: strawberry.Info, page: Page) -> Connection[RouterScore]:
        return listed(models.RouterScore.objects.all(), BY_MONTH, page, info)


@strawberry.type(description="The version, as it is now.")
class RouterVersionPayload(Payload):
    router_version: RouterVersion | None = refetched_row(
        models.RouterVersion, "The version; null if nothing was done."
    )


RouterVersionActions: Any = action_mutations(
    "RouterVersion", router_action, models.RouterVersion, RouterVersionPayload, row="The version."
)


@strawberry.input(description="A training.")
class RouterTrainInput:
    cases: int = strawberry.field(
        default=training.MOST_CASES, description="From so many of the newest answered cases, 100 to 10,000."
    )


def _train(input: RouterTrainInput) -> dict[str, Any]:
    with scope.elevated_for(models.RouterVersion, Action.REGISTER):
        return {"key": runs.start(by=scope.require_user(), cases=input.cases).key}


@strawberry.type
class RouterMutations:
    @strawberry.mutation(
        description="Learn now, in the worker, as at night: Bilgi İşlem or the head of the office. The version says how"
        " far it is; asked again while one is on its way, it is that one."
    )
    def router_train(self, input: RouterTrainInput) -> RouterVersionPayload:
        return run_mutation(RouterVersionPayload, lambda: _train(input))
