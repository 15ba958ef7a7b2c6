"""Asking for programmes and changing them; free and busy times, which say nothing of what they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from django.db.models import DateField, DateTimeField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, LPad
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.organization.models import Department, User
from backend.programme import actions, models, places
from backend.programme.moves import Verb
from backend.programme.recurrence import Pattern
from permissions import scope
from permissions.handing_over import hand_over_entry
from permissions.scope import Action
from schema import programme_inputs as inputs
from schema.connection import Connection, Keyset, Page, paged
from schema.nodes import MODELS, decode, key_of, must_load, row_again
from schema.organization import After, Before, First, Last, Search
from schema.programme_types import (
    PressItem,
    Principal,
    ProgrammeEntry,
    ProgrammeKind,
    ProgrammeStatus,
)
from schema.results import Payload, answered
from schema.scalars import values
from schema.verbs import given, optional, says

BY_TIME = Keyset("S", "starts_at", dt.datetime)
IN_ORDER = Keyset("principal", "place_in_order", str)
MOST_DAYS, MOST_FREE = 62, 100
MAX_MINUTES = 480

From = Annotated[
    dt.date | None, strawberry.argument(name="from", description="Only what ends on this local day or later.")
]
Until = Annotated[
    dt.date | None, strawberry.argument(description="Only what begins on this local day or earlier.")
]


def midnight(day: Any, days_later: int = 0) -> Func:
    """The moment at which a local day begins, made by the database so that its indexes serve it."""
    return Func(
        Value(day, output_field=DateField()),
        template=f"(((%(expressions)s)::date + {days_later})::timestamp AT TIME ZONE 'Europe/Istanbul')",
        output_field=DateTimeField(),
    )


def of_principal(rows: QuerySet[Any], value: str | None) -> QuerySet[Any]:
    """Narrow to one principal; an id of nothing fits nothing."""
    if value is None or value is strawberry.UNSET:
        return rows
    found = decode(value)
    if found is None or found[0] != MODELS[models.Principal]:
        return rows.none()
    return rows.filter(principal__key=found[1])


def in_days(rows: QuerySet[Any], first: dt.date | None, last: dt.date | None) -> QuerySet[Any]:
    if first is not None:
        rows = rows.filter(ends_at__gt=midnight(first))
    if last is not None:
        rows = rows.filter(starts_at__lt=midnight(last, 1))
    return rows


def listed(rows: QuerySet[Any], keyset: Keyset, page: Page, info: strawberry.Info) -> Any:
    """The visible ones of these rows, as a page."""
    seen = scope.visible(rows)
    return paged(seen, keyset, page, info)


@strawberry.input(description="Which entries: all of these must hold; within a list, any.")
class ProgrammeFilter:
    principal: strawberry.ID | None = optional("Whose programme.")
    kind: list[ProgrammeKind] | None = optional("What it is.")
    status: list[ProgrammeStatus] | None = optional("Where it stands.")


@strawberry.type(description="From a moment until before another. It says nothing of what is there.")
class TimeSpan:
    starts_at: dt.datetime = strawberry.field(description="From when.")
    ends_at: dt.datetime = strawberry.field(description="Until before when.")


def spans(found: Any) -> list[TimeSpan]:
    return [TimeSpan(starts_at=span.start, ends_at=span.end) for span in found]


def _between(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments between which these local days lie. INVALID, OVER_LIMIT."""
    if last < first:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "until")
    if (last - first).days > MOST_DAYS:
        raise DomainError(ErrorCode.OVER_LIMIT, _("At most 62 days at a time."), "until")
    start = dt.datetime.combine(first, dt.time(), ISTANBUL)
    return start, dt.datetime.combine(last, dt.time(), ISTANBUL) + dt.timedelta(days=1)


@strawberry.type
class ProgrammeQueries:
    @strawberry.field(description="Whose programmes are kept, in their order.")
    def principals(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Principal]:
        scope.require_viewer()
        order = LPad(Cast("position", TextField()), 5, Value("0"))
        rows = models.Principal.objects.annotate(place_in_order=order)
        page = Page.of(first, after, last, before)
        return paged(rows, IN_ORDER, page, info)

    @strawberry.field(description="The entries that the viewer sees, in order of time.")
    def programme(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: From = None,
        until: Until = None,
        search: Search = None,
        filter: Annotated[ProgrammeFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[ProgrammeEntry]:
        scope.require_viewer()
        rows: Any = models.Entry.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("kind", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        rows = in_days(of_principal(rows, fields.get("principal")), from_, until)
        return listed(rows, BY_TIME, Page.of(first, after, last, before), info)

    @strawberry.field(description="What the press unit may know of the programmes, in order of time.")
    def press_view(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        from_: From = None,
        until: Until = None,
    ) -> Connection[PressItem]:
        scope.require_viewer()
        rows = in_days(models.PressItem.objects.all(), from_, until)
        return listed(rows, BY_TIME, Page.of(first, after, last, before), info)

    @strawberry.field(
        description="When a principal is not free, in order and joined where it touches; at most 62 days. For"
        " everybody, without a word of what it is."
    )
    def busy_times(
        self,
        principal: Annotated[strawberry.ID, strawberry.argument(description="Whose.")],
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first local day.")],
        until: Annotated[dt.date, strawberry.argument(description="The last local day.")],
    ) -> list[TimeSpan]:
        scope.require_viewer()
        row = must_load(models.Principal, principal, "principal")
        return spans(places.busy(row.pk, *_between(from_, until)))

    @strawberry.field(
        description="Where something fits into the working hours of a principal, in order; at most 62 days."
    )
    def free_times(
        self,
        principal: Annotated[strawberry.ID, strawberry.argument(description="Whose.")],
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first local day.")],
        until: Annotated[dt.date, strawberry.argument(description="The last local day.")],
        minutes: Annotated[
            int | None, strawberry.argument(description="How long; default the usual length.")
        ] = None,
        preparation_minutes: Annotated[int, strawberry.argument(description="Before it.")] = 0,
        travel_minutes: Annotated[int, strawberry.argument(description="The way there.")] = 0,
        follow_up_minutes: Annotated[int, strawberry.argument(description="After it.")] = 0,
        first: Annotated[int, strawberry.argument(description="How many at most (up to 100).")] = 20,
    ) -> list[TimeSpan]:
        scope.require_viewer()
        row = must_load(models.Principal, principal, "principal")
        start, end = _between(from_, until)
        length = minutes or row.slot_minutes
        for value in (length, preparation_minutes, travel_minutes, follow_up_minutes):
            if not 0 <= value <= MAX_MINUTES:
                raise DomainError(ErrorCode.INVALID, _("Between 0 and 480 minutes."), "minutes")
        wanted = places.Time(
            start,
            start + dt.timedelta(minutes=length),
            preparation_minutes,
            travel_minutes,
            follow_up_minutes,
        )
        count = min(max(first, 0), MOST_FREE)
        found = places.slots_of(row, start, end).free(wanted)
        return spans(span for span, _number in zip(found, range(count), strict=False))


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The entry, as the viewer sees it afterwards.")
class ProgrammeEntryPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    entry: ProgrammeEntry | None = row_again(
        models.Entry, "The entry; null if it left the viewer's sight, or nothing was done."
    )


def with_free_times(payload: Any, act: Callable[[], dict[str, Any]]) -> Any:
    """`answered`, and the nearest free times if the time is taken."""
    free: list[Any] = []

    def run() -> dict[str, Any]:
        try:
            return act()
        except places.CollisionError as error:
            free.extend(error.free)
            raise

    answer = answered(payload, run)
    answer.free_times = spans(free)
    return answer


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    return says(
        verb,
        act,
        models.Entry,
        ProgrammeEntryPayload,
        input_type,
        description,
        answer=with_free_times,
        **edges,
    )


def _uninvite(entry: models.Entry, *, by: Any, participant: str) -> None:
    key = key_of(models.Participant, participant, "participant")
    actions.uninvite(entry, by=by, participant=str(key))


def _plan(input: inputs.ProgrammeEntryPlanInput) -> dict[str, Any]:
    fields = given(input, {"participants": User, "readers": User}, "principal", "series")
    if input.series:
        series = values(input.series)
        fields["series"] = Pattern(**series | {"weekdays": tuple(series["weekdays"])})
    key = key_of(models.Principal, input.principal, "principal")
    with scope.making(Action.PLAN, models.Principal, key, field="principal") as principal:
        entry = actions.plan(principal, by=scope.current_viewer().user, **fields)
    return {"key": entry.key}


@strawberry.type(description="The principal afterwards.")
class PrincipalPayload(Payload):
    principal: Principal | None = row_again(models.Principal, "The principal; null if nothing was done.")


def _managing(act: Callable[[Any], models.Principal]) -> PrincipalPayload:
    def run() -> dict[str, Any]:
        with scope.elevated_for(models.Principal, Action.CHANGE) as viewer:
            return {"key": act(viewer.user).key}

    return answered(PrincipalPayload, run)


@strawberry.type
class ProgrammeMutations:
    @strawberry.mutation(description="Enter something into a programme, or a series of it.")
    def programme_entry_plan(self, input: inputs.ProgrammeEntryPlanInput) -> ProgrammeEntryPayload:
        return with_free_times(ProgrammeEntryPayload, lambda: _plan(input))

    programme_entry_confirm = _said(
        Verb.CONFIRM, actions.confirm, inputs.ProgrammeEntryConfirmInput, "What was on hold stands."
    )
    programme_entry_extend_hold = _said(
        Verb.EXTEND_HOLD,
        actions.extend_hold,
        inputs.ProgrammeEntryExtendHoldInput,
        "Hold the time longer.",
    )
    programme_entry_release = _said(
        Verb.RELEASE, actions.release, inputs.ProgrammeEntryReleaseInput, "Let a hold go."
    )
    programme_entry_move = _said(
        Verb.MOVE, actions.move_to, inputs.ProgrammeEntryMoveInput, "Give it another time."
    )
    programme_entry_hand_over = _said(
        Verb.HAND_OVER,
        hand_over_entry,
        inputs.ProgrammeEntryHandOverInput,
        "Another principal attends.",
        to=models.Principal,
    )
    programme_entry_correct = _said(
        Verb.CORRECT, actions.correct, inputs.ProgrammeEntryCorrectInput, "Set facts right."
    )
    programme_entry_cancel = _said(
        Verb.CANCEL, actions.cancel, inputs.ProgrammeEntryCancelInput, "It will not be."
    )
    programme_entry_restore = _said(
        Verb.RESTORE, actions.restore, inputs.ProgrammeEntryRestoreInput, "Take it up again at its old time."
    )
    programme_entry_finish = _said(
        Verb.FINISH, actions.finish, inputs.ProgrammeEntryFinishInput, "It took place."
    )
    programme_entry_miss = _said(
        Verb.MISS, actions.miss, inputs.ProgrammeEntryMissInput, "It did not take place."
    )
    programme_entry_invite = _said(
        Verb.INVITE, actions.invite, inputs.ProgrammeEntryInviteInput, "Add a participant.", user=User
    )
    programme_entry_uninvite = _said(
        Verb.UNINVITE, _uninvite, inputs.ProgrammeEntryUninviteInput, "Remove a participant."
    )
    programme_entry_prepare = _said(
        Verb.PREPARE,
        actions.prepare,
        inputs.ProgrammeEntryPrepareInput,
        "Write what is to be said and arranged.",
    )
    programme_entry_ask_note = _said(
        Verb.ASK_NOTE,
        actions.ask_note,
        inputs.ProgrammeEntryAskNoteInput,
        "Ask a department for its note.",
        department=Department,
    )
    programme_entry_conceal = _said(
        Verb.CONCEAL,
        actions.conceal,
        inputs.ProgrammeEntryConcealInput,
        "Let only named readers see it.",
        readers=User,
    )
    programme_entry_disclose = _said(
        Verb.DISCLOSE, actions.disclose, inputs.ProgrammeEntryDiscloseInput, "End confidentiality."
    )
    programme_entry_name_reader = _said(
        Verb.NAME_READER,
        actions.name_reader,
        inputs.ProgrammeEntryNameReaderInput,
        "Let one more person read it.",
        user=User,
    )
    programme_entry_unname_reader = _said(
        Verb.UNNAME_READER,
        actions.unname_reader,
        inputs.ProgrammeEntryUnnameReaderInput,
        "Take a reader off.",
        user=User,
    )
    programme_entry_show_press = _said(
        Verb.SHOW_PRESS, actions.show_press, inputs.ProgrammeEntryShowPressInput, "Show it to the press unit."
    )
    programme_entry_hide_press = _said(
        Verb.HIDE_PRESS,
        actions.hide_press,
        inputs.ProgrammeEntryHidePressInput,
        "Take it from the press view.",
    )

    @strawberry.mutation(description="Establish a programme.")
    def principal_establish(self, input: inputs.PrincipalEstablishInput) -> PrincipalPayload:
        return _managing(lambda by: actions.establish(by=by, **given(input, {"person": User})))

    @strawberry.mutation(description="Change what is usual for a principal.")
    def principal_change(self, input: inputs.PrincipalChangeInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.id, "id")
            return actions.change_principal(row, by=by, **given(input, {"person": User}, keep_null=True))

        return _managing(act)

    @strawberry.mutation(description="Set the working hours of the week.")
    def principal_set_hours(self, input: inputs.PrincipalSetHoursInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.id, "id")
            hours = [(one.weekday, one.begins, one.ends) for one in input.hours]
            return actions.set_working_hours(row, by=by, hours=hours)

        return _managing(act)

    @strawberry.mutation(description="Say when the halk günü is, from a day on.")
    def public_day_set(self, input: inputs.PublicDaySetInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.principal, "principal")
            fields = given(input, {}, "principal", "begins")
            return actions.set_public_day(row, by=by, starts=input.begins, **fields).principal

        return _managing(act)

    @strawberry.mutation(description="End a rule of the halk günü.")
    def public_day_end(self, input: inputs.PublicDayEndInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            rule = must_load(models.PublicDayRule, input.rule, "rule")
            actions.end_public_day(rule, by=by, **given(input, {}, "rule"))
            return rule.principal

        return _managing(act)

    @strawberry.mutation(description="Say who stands in for a principal, from a day to a day (vekâlet).")
    def stand_in_appoint(self, input: inputs.StandInAppointInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.principal, "principal")
            fields = given(input, {"deputy": models.Principal}, "principal")
            return actions.appoint_stand_in(row, by=by, **fields).principal

        return _managing(act)

    @strawberry.mutation(description="End a stand-in: the principal is back today.")
    def stand_in_end(self, input: inputs.StandInEndInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            return actions.end_stand_in(must_load(models.StandIn, input.stand_in, "stand_in"), by=by)

        return _managing(act)
