"""What can be followed. Each event is an operation of its own: the rules are asked again, the row is read again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import strawberry
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from graphql import GraphQLError

from backend.appointments.models import PublicDaySession
from backend.complaints.models import Complaint as Case
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal.change_feed import News
from backend.mailboxes.conversation import of_matter
from backend.mailboxes.models import EDGES
from backend.portals.models import Scope
from permissions.complaints import subscriptions
from permissions.core import scope
from permissions.core.filters import Action
from permissions.mailboxes import portal as portal_conversations
from permissions.notifications.sending import unseen_count
from permissions.portals import access as portals
from schema.appointments.types import PublicDay
from schema.complaints.portal import Code, PortalComplaint, portal_complaint
from schema.complaints.types import Complaint, EventType
from schema.core.nodes import encode, must_load, refetched_row
from schema.core.scalars import cleaned
from schema.mailboxes.portal import portal_message
from schema.stream import conversations
from schema.stream.conversations import Compared, ConversationChange, PortalConversationChange

MOST_HELD = 1_000


class SilentError(GraphQLError):
    """Of this nothing is sent to who follows."""


@dataclass
class Followed:
    """What one connection follows, and what it was shown. `subject`: of this row alone. `key_seen`: its key while they
    may see it."""

    kind: str = ""
    subject: int | None = None
    visible_key: Callable[[], UUID | None] | None = None
    is_over: bool = False
    news: list[News] = field(default_factory=list)
    """What happened to one row, in order; nothing at the beginning."""
    held: OrderedDict[int, None] = field(default_factory=OrderedDict)

    sift: Callable[[list[News], Collection[int]], list[News]] | None = None
    """Filter for events of this kind that the viewer may get, considering what is `held`; the rest is not looked
    at one by one."""
    is_shared: bool = False
    """Whether colleagues who see alike may share one reading (`together`)."""
    stood: str = ""
    """Where the case of a portal stood when it was last shown (`subscriptions.portal_case`)."""

    def begin(self, kind: str, subject: int | None = None) -> None:
        self.kind, self.subject = kind, subject

    def begin_row(self, kind: str, row: Any, action: str = Action.VIEW) -> None:
        """Of a row that the viewer may see (`action`: to which they may do this), while they may. FORBIDDEN."""
        model, number = type(row), row.pk
        self.visible_key = lambda: subscriptions.visible_key(model, number, action)
        if self.visible_key() is None:
            raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."), "id")
        self.begin(kind, row.pk)

    def hold(self, number: int) -> None:
        """This row was shown; of more than a connection remembers the first ones are forgotten."""
        self.held[number] = None
        self.held.move_to_end(number)
        while len(self.held) > MOST_HELD:
            self.held.popitem(last=False)

    @property
    def verbs(self) -> list[str]:
        return list(dict.fromkeys(event.verb for event in self.news if event.verb))


def _followed(info: strawberry.Info) -> Followed:
    scope.require_viewer()
    result: Followed | None = info.context.followed
    if result is None:
        raise GraphQLError("Subscriptions are followed at /graphql/stream/.")
    return result


@strawberry.type(description="Something happened to a case.")
class ComplaintChange:
    key: strawberry.Private[UUID | None] = None
    id: strawberry.ID | None = strawberry.field(
        description="Which case. Null in the first event of an inbox, which says that it is followed from now on."
    )
    happened: list[EventType] = strawberry.field(
        description="What happened, in order; empty in the first event and where the case has left.",
        default_factory=list,
    )

    complaint: Complaint | None = refetched_row(
        Case, "The case as the viewer sees it now. Null: it has left their sight."
    )


@strawberry.type(description="Something happened on a halk günü.")
class WaitingRoomChange:
    key: strawberry.Private[UUID | None]

    public_day: PublicDay | None = refetched_row(
        PublicDaySession,
        "The halk günü as it is now, with those of its visits that the viewer sees. Null: they"
        " see no visitor on it any more.",
    )


@strawberry.type(description="The viewer was notified of something.")
class NotificationsChange:
    notification_count: int = strawberry.field(
        description="How many notifications they have not seen, counted up to 100."
    )


@strawberry.type(
    description="What can be followed, as server-sent events at /graphql/stream/ (graphql-sse, distinct connections)."
)
class Subscription:
    @strawberry.field(
        description="One case: as it is now, and again when something happens to it. Ends when it leaves one's sight."
    )
    def complaint_changed(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
    ) -> ComplaintChange:
        followed = _followed(info)
        if not followed.news:
            row = must_load(Case, id, "id")
            followed.begin_row("complaint", row)
            followed.is_shared = True
            followed.sift = subscriptions.without_deliveries
            return ComplaintChange(key=row.key, id=id)
        key = _still_seen(followed)
        return ComplaintChange(key=key, id=id, happened=_words(followed) if key else [])

    @strawberry.field(
        description="Every case that the viewer sees: which one something happened to, and which one has left."
    )
    def inbox_changed(self, info: strawberry.Info) -> ComplaintChange:
        followed = _followed(info)
        if not followed.news:
            followed.begin("complaint")
            followed.is_shared = True
            followed.sift = subscriptions.concerning
            return ComplaintChange(id=None)
        case = followed.news[0].subject_id
        if key := subscriptions.visible_key(Case, case):
            followed.hold(case)
            return ComplaintChange(key=key, id=encode("Complaint", key), happened=_words(followed))
        lost = subscriptions.revoked_key(followed.news, followed.held)
        followed.held.pop(case, None)
        if lost is None:
            raise SilentError("hidden")
        return ComplaintChange(id=encode("Complaint", lost))

    @strawberry.field(
        description="What the viewer is notified of: how many they have not seen, now and whenever one is written."
    )
    def notifications_changed(self, info: strawberry.Info) -> NotificationsChange:
        followed = _followed(info)
        if not followed.news:
            followed.begin("notification", scope.require_user().pk)
        return NotificationsChange(notification_count=unseen_count())

    @strawberry.field(
        description="The hall of a halk günü: as it is now, and again whenever something changes. For users who"
        " keep that programme or see a visitor on it; ends when they no longer do."
    )
    def waiting_room_changed(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The halk günü.")],
    ) -> WaitingRoomChange:
        followed = _followed(info)
        if not followed.news:
            row = must_load(PublicDaySession, id, "id")
            followed.begin_row("public_day", row, Action.FOLLOW)
            return WaitingRoomChange(key=row.key)
        return WaitingRoomChange(key=_still_seen(followed))

    @strawberry.field(
        description="For a portal (FOLLOW): a case that it brought in, as it is now, and again when there is news"
        " for the citizen."
    )
    def portal_complaint_changed(self, info: strawberry.Info, code: Code) -> PortalComplaint:
        followed, by = _followed(info), portals.account(Scope.FOLLOW)
        case = subscriptions.portal_case(cleaned(code), by, stood=followed.stood)
        if case is None:
            raise scope.not_found("code")
        if case.found is None:
            raise SilentError("inside the house")
        followed.begin("complaint", case.number)
        followed.stood = case.stands
        return portal_complaint(case.found)

    @strawberry.field(
        description="The conversation of a case, a request for an appointment, a letter or a partner: the newest"
        " messages, and again those that are new or fared otherwise, as the viewer sees them. Ends when the matter"
        " leaves one's sight."
    )
    def conversation_changed(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The matter.")],
    ) -> ConversationChange:
        followed, model = _followed(info), conversations.matter_of(id)
        if model is None:
            raise scope.not_found("id")
        if not followed.news:
            followed.begin_row(EDGES[model], must_load(model, id, "id"))
        key = _still_seen(followed)
        if key is None:
            return ConversationChange()
        rows = of_matter(followed.kind, pk=followed.subject)
        found = _compared(followed, scope.visible(rows))
        return ConversationChange(
            rows=rows.filter(pk__in=found.changed),
            gone=conversations.names(key, found.gone),
            has_more=found.has_more,
        )

    @strawberry.field(
        description="For a portal (FOLLOW): the messages of a case that it brought in, as its citizen sees them: the"
        " newest, and again those that are new or fared otherwise."
    )
    def portal_conversation_changed(self, info: strawberry.Info, code: Code) -> PortalConversationChange:
        followed, by = _followed(info), portals.account(Scope.FOLLOW)
        case = portal_conversations.of_case(cleaned(code), by)
        if case is None:
            raise scope.not_found("code")
        with system():
            found = _compared(followed, case.rows)
            rows = list(case.rows.filter(pk__in=found.changed).order_by("at", "pk"))
        followed.begin("complaint", case.matter)
        case.note(rows)
        return PortalConversationChange(
            messages=[portal_message(case.make(row)) for row in rows],
            gone=conversations.names(case.key, found.gone),
            has_more=found.has_more,
        )


def _compared(followed: Followed, rows: QuerySet[Any]) -> Compared:
    """What is new against what was shown; nothing is sent where nothing is."""
    found = conversations.compared(rows, followed.stood if followed.news else "")
    followed.stood = found.stands
    if followed.news and found.is_nothing:
        raise SilentError("nothing of it is theirs")
    return found


def _still_seen(followed: Followed) -> UUID | None:
    """The key of the one row that is followed; None ends it."""
    key = followed.visible_key() if followed.visible_key else None
    followed.is_over = key is None
    return key


def _words(followed: Followed) -> list[Any]:
    return [EventType(verb) for verb in followed.verbs if verb in EventType.values]
