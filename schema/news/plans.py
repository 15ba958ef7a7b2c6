"""What sending a press release to a list of the press would do, before it is done."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated

import strawberry

from backend.news.models import Release
from backend.news.moves import Verb
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.news import access
from schema.core.nodes import key_of

MOST_SHOWN = 200


@strawberry.type(description="One mail as it will leave.")
class PressMailDraft:
    to: str = strawberry.field(description="Whom it is for.")
    address: str = strawberry.field(description="The address.")
    subject: str = strawberry.field(description="The subject.")
    body: str = strawberry.field(description="The text.")


@strawberry.type(description="What sending a press release would do.")
class PressMailPlan:
    by_mail: int = strawberry.field(description="To how many addresses it would go.")
    not_reached: int = strawberry.field(description="How many on the list have no e-mail address.")
    samples: list[PressMailDraft] = strawberry.field(description="At most three of the mails.")
    without_address: list[str] = strawberry.field(
        description="Who has no e-mail address, by name, at most two hundred."
    )


@strawberry.type(description="An address that a press release went to, or is about to.")
class PressMailing:
    address: str = strawberry.field(description="The address; empty once its message is deleted.")
    state: str = strawberry.field(description="How far the mail has come, in words.")
    at: dt.datetime = strawberry.field(description="When it was sent.")
    is_current: bool = strawberry.field(
        description="It was sent as the release reads now, and not before a correction."
    )


@strawberry.type(description="To whom a press release went within ninety days.")
class PressMailings:
    count: int = strawberry.field(description="To how many in all.")
    newest: list[PressMailing] = strawberry.field(description="The newest hundred.")


@strawberry.type
class PressMailQueries:
    @strawberry.field(
        description="To whom a press release went within ninety days. Null for who may not send it."
    )
    def press_release_mailings(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The press release.")]
    ) -> PressMailings | None:
        scope.require_viewer()
        row = scope.visible(Release).filter(key=key_of(Release, id)).first()
        found = access.mailed(row) if row else None
        if found is None:
            return None
        newest, count = found
        return PressMailings(count=count, newest=[PressMailing(**dataclasses.asdict(one)) for one in newest])

    @strawberry.field(
        description="What `pressReleaseSend` would do: to how many, some mails exactly, and whom it does not reach."
        " Null for who may not send it."
    )
    def press_release_mail_plan(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The press release.")],
        contact_list: Annotated[strawberry.ID, strawberry.argument(description="To which list.")],
    ) -> PressMailPlan | None:
        scope.require_viewer()
        row = scope.visible(Release).filter(key=key_of(Release, id)).first()
        chosen = scope.visible(ContactList).filter(key=key_of(ContactList, contact_list)).first()
        if row is None or chosen is None or not scope.can(Verb.SEND, row):
            return None
        plan = access.planned(row, chosen)
        return PressMailPlan(
            by_mail=plan.by_mail,
            not_reached=len(plan.unreachable),
            samples=[
                PressMailDraft(to=one.to, address=one.address, subject=one.subject, body=one.body)
                for one in plan.samples
            ],
            without_address=[one.name for one in plan.unreachable[:MOST_SHOWN]],
        )
