"""What may be done to press releases: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.news import actions
from backend.news.models import Release
from backend.news.moves import release_action
from backend.portals.models import Scope
from permissions.core import scope
from permissions.core.scope import Action
from permissions.news import access
from permissions.portals import access as portals
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned
from schema.core.verbs import action_kwargs, optional, required
from schema.news.types import PressRelease


@strawberry.input(description="A press release to begin.")
class PressReleaseDraftInput:
    title: str = required("Its title.")
    lead: str | None = optional("The sentence or two that say the most.")
    text: str | None = optional("The text, with an empty line between paragraphs.")
    event: strawberry.ID | None = optional("The event it is about.")
    engagement: strawberry.ID | None = optional("The engagement it is about.")


@strawberry.type(description="The press release, as the viewer sees it afterwards.")
class PressReleasePayload(Payload):
    press_release: PressRelease | None = refetched_row(
        Release, "The press release; null if nothing was done."
    )


def _draft(input: PressReleaseDraftInput) -> dict[str, Any]:
    with scope.elevated_for(Release, Action.REGISTER) as viewer:
        facts = action_kwargs(input, {"event": Event, "engagement": Engagement})
        return {"key": actions.draft(by=viewer.user, **facts).key}


@strawberry.type
class NewsMutations:
    @strawberry.mutation(description="Begin a press release. For the office.")
    def press_release_draft(self, input: PressReleaseDraftInput) -> PressReleasePayload:
        return run_mutation(PressReleasePayload, lambda: _draft(input))


@strawberry.input(description="An address leaves the lists of the press.")
class PortalPressLeaveInput:
    token: str = required("What stands between `/ayril/` and the next stroke of the address in the mail.")


@strawberry.type(description="That no press release goes there any more.")
class PortalPressLeavePayload(Payload):
    pass


def _leave(input: PortalPressLeaveInput) -> dict[str, Any]:
    portals.account(Scope.FOLLOW)
    access.leave(cleaned(input.token))
    return {}


@strawberry.type
class PressMutations:
    @strawberry.mutation(
        description="For a portal (FOLLOW): the address whose mail has this link gets no press releases any more."
    )
    def portal_press_leave(self, input: PortalPressLeaveInput) -> PortalPressLeavePayload:
        return run_mutation(PortalPressLeavePayload, lambda: _leave(input))


NewsActions = action_mutations(
    "PressRelease", release_action, Release, PressReleasePayload, row="The press release."
)
