"""Asking for complaints: lists, one by its number, figures, a suggestion, the citizen's view."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints import catalogue, suggestion
from backend.complaints.danger import danger_in
from backend.complaints.models import Complaint as Row
from backend.complaints.models import ComplaintQuerySet
from backend.complaints.reporting.figures import figures
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.symbolic import symbolic
from backend.core.words.text import clean
from backend.organization import models as organization
from backend.stickers.models import Sticker
from permissions.complaints import access as complaint_access
from permissions.complaints import totals
from permissions.complaints.rules import known_persons
from permissions.core import scope
from permissions.core.filters import NOTHING
from schema.complaints.types import (
    Complaint,
    ComplaintChannel,
    ComplaintKind,
    ComplaintPriority,
    ComplaintRegime,
    ComplaintStatus,
)
from schema.core.connection import Connection, Keyset, Page, connect, connection_field
from schema.core.nodes import MODELS, decode, key_of, load, single_row
from schema.core.scalars import at_most, values
from schema.organization.types import Category, Department, OutsideBody

MAX_TEXT = 20_000


@strawberry.enum(description="What is true of a case today.")
class ComplaintCondition(enum.Enum):
    OPEN = strawberry.enum_value("open", description="Not ended (tr: açık).")
    CLOSED = strawberry.enum_value("closed", description="Ended (tr: kapalı).")
    LATE = strawberry.enum_value(
        "late", description="Open, not replied, and past its target date (tr: gecikmiş)."
    )
    DUE_TODAY = strawberry.enum_value(
        "due", description="Open, not replied, and due today (tr: bugün biten)."
    )
    UNROUTED = strawberry.enum_value(
        "unrouted", description="Open, without a responsible department (tr: havalesiz)."
    )
    TO_ENTER_IN_CIMER = strawberry.enum_value(
        "to_enter",
        description="Came through CİMER; its approved reply is still to be entered there (tr: CİMER'e girilecek).",
    )
    BOUNCING = strawberry.enum_value(
        "returned_often", description="Open, and returned too often (tr: gidip gelen)."
    )


@strawberry.enum(description="By what a list of cases is ordered.")
class ComplaintOrderField(enum.Enum):
    WORK = strawberry.enum_value(
        "rises_on",
        description="Open and urgent, or proposed as that; open, by target date; closed (tr: iş sırası).",
    )
    TARGET_ON = strawberry.enum_value("target_on", description="Target date (tr: hedef tarihi).")
    REGISTERED_AT = strawberry.enum_value("registered_at", description="Time of receipt (tr: kayıt zamanı).")


@strawberry.enum(description="Which way a list is ordered.")
class OrderDirection(enum.Enum):
    ASC = strawberry.enum_value("asc", description="The smallest first (tr: artan).")
    DESC = strawberry.enum_value("desc", description="The greatest first (tr: azalan).")


@strawberry.input(description="The order of a list of cases; the number of the row decides between equals.")
class ComplaintOrder:
    field: ComplaintOrderField = strawberry.field(
        description="By what.", default=ComplaintOrderField.TARGET_ON
    )
    direction: OrderDirection = strawberry.field(description="Which way.", default=OrderDirection.ASC)


def _optional(description: str) -> Any:
    return strawberry.field(description=description, default=strawberry.UNSET)


@strawberry.input(description="Which cases: all of these must hold; within a list, any.")
class ComplaintFilter:
    condition: list[ComplaintCondition] | None = _optional("What is true of it today; all of them.")
    status: list[ComplaintStatus] | None = _optional("Where it stands.")
    kind: list[ComplaintKind] | None = _optional("What the citizen brings.")
    channel: list[ComplaintChannel] | None = _optional("How it came.")
    regime: list[ComplaintRegime] | None = _optional("The law it runs under.")
    priority: list[ComplaintPriority] | None = _optional("How urgent it is.")
    responsible_department: strawberry.ID | None = _optional("The department that is responsible.")
    assignee: strawberry.ID | None = _optional("The person who is responsible within the unit.")
    category: strawberry.ID | None = _optional("What it is about.")
    neighbourhood: strawberry.ID | None = _optional("The neighbourhood.")
    sticker: strawberry.ID | None = _optional("The place with a QR code at which it was reported.")
    applicant: strawberry.ID | None = _optional("The citizen, with the records merged into theirs.")
    tag: str | None = _optional("One of its tags.")
    reference: str | None = _optional("Its number, such as 2027/15.")
    cimer_number: str | None = _optional("CİMER's number of it, in any spelling.")
    registered_from: dt.date | None = _optional("Received on this local day or later.")
    registered_to: dt.date | None = _optional("Received on this local day or earlier.")
    target_from: dt.date | None = _optional("Target date on this day or later.")
    target_to: dt.date | None = _optional("Target date on this day or earlier.")


LISTS = ("status", "kind", "channel", "regime", "priority")
RANGES = {
    "registered_from": "registered_on__gte",
    "registered_to": "registered_on__lte",
    "target_from": "target_on__gte",
    "target_to": "target_on__lte",
}
EDGES = {
    "responsible_department": organization.Department,
    "assignee": organization.User,
    "category": organization.Category,
    "neighbourhood": organization.Neighbourhood,
    "sticker": Sticker,
}


ONE_VALUE: dict[str, Callable[[ComplaintQuerySet, str], ComplaintQuerySet]] = {
    "tag": lambda rows, value: rows.filter(tags__contains=[value]),
    "reference": lambda rows, value: rows.filter(reference=value),
    "cimer_number": lambda rows, value: rows.with_cimer_number(value),
    "applicant": lambda rows, value: rows.filter(_brought_by(value)),
}


def filtered(facts: ComplaintFilter | None, search: str | None = None) -> ComplaintQuerySet:
    """The cases that fit, before anybody's sight is considered. An id of nothing visible fits nothing."""
    rows: Any = Row.objects.all()
    if search is not None:
        rows = complaint_access.search(rows, search)
    fields = values(facts) if facts else {}
    for name, value in fields.items():
        if value is None:
            continue
        if name == "condition":
            for condition in value:
                rows = getattr(rows, condition.value)()
        elif name in LISTS:
            rows = rows.filter(**{f"{name}__in": [choice.value for choice in value]})
        elif name in RANGES:
            rows = rows.filter(**{RANGES[name]: value})
        elif name in EDGES:
            key = _key(EDGES[name], value)
            rows = rows.none() if key is None else rows.filter(**{f"{name}__key": key})
        else:
            rows = ONE_VALUE[name](rows, value)
    return rows


def _key(model: Any, value: str) -> UUID | None:
    """The key in an id of this model; None for an id of nothing."""
    result = decode(value)
    return result[1] if result and result[0] == MODELS[model] else None


@symbolic(str)
def _number(text: str) -> str:
    """Normalise the number of a case, whatever its spacing."""
    return clean(text).replace(" ", "")


def _brought_by(value: str) -> Q:
    """The cases of a citizen, found only as far as the viewer may know who brought them (case 13)."""
    known = known_persons(scope.current_viewer())
    if known == NOTHING:
        return NOTHING
    try:
        citizen = scope.get(Citizen, key_of(Citizen, value))
    except DomainError:
        return NOTHING
    return Q(applicant__in=contacts.family(citizen)) & known


def _keyset(order: ComplaintOrder | None) -> Keyset:
    order = order or ComplaintOrder()
    descending = order.direction is OrderDirection.DESC
    if order.field is ComplaintOrderField.REGISTERED_AT:
        return Keyset("R" if descending else "r", "registered_at", dt.datetime, descending)
    if order.field is ComplaintOrderField.WORK:
        return Keyset("U" if descending else "u", "rises_on", dt.date, descending)
    return Keyset("T" if descending else "t", "target_on", dt.date, descending)


@strawberry.type(description="Figures of the cases that the viewer sees.")
class ComplaintFigures:
    open: int = strawberry.field(description="Open now.")
    new: int = strawberry.field(description="New: not looked at yet.")
    unrouted: int = strawberry.field(description="Open, without a responsible department.")
    late: int = strawberry.field(description="Open, not replied, past the target date.")
    due_today: int = strawberry.field(description="Open, not replied, due today.")
    returned_often: int = strawberry.field(description="Open, and returned too often.")
    waiting_approval: int = strawberry.field(description="The reply waits for approval.")
    to_enter_in_cimer: int = strawberry.field(
        description="The approved reply is still to be entered in CİMER."
    )
    closed: int = strawberry.field(description="Closed since that day.")
    solved: int = strawberry.field(description="Of those, solved.")
    countable: int = strawberry.field(
        description="Of those, without withdrawn, forwarded and duplicate ones."
    )
    solved_share: float | None = strawberry.field(
        description="solved / countable, from 0 to 1; null of none."
    )
    formula: str = strawberry.field(description="How the share is computed, in the viewer's language.")


@strawberry.type(description="A possible danger to life: what the call taker says first.")
class Emergency:
    body: OutsideBody | None = strawberry.field(description="Whom the caller must reach now.")
    say: str = strawberry.field(description="The words for the telephone.")


@strawberry.type(description="A first guess at whose a case is; a person confirms it.")
class CategorySuggestion:
    categories: list[Category] = strawberry.field(
        description="What it may be about, the best first (at most 10)."
    )
    candidates: list[Department] = strawberry.field(
        description="Departments that may be responsible, in order."
    )
    responsible: Department | None = strawberry.field(
        description="The one proposed; null where a person must choose."
    )
    is_ambiguous: bool = strawberry.field(description="Several may be responsible: never chosen silently.")
    needs_choice: bool = strawberry.field(description="A person must decide.")
    body: OutsideBody | None = strawberry.field(description="The outside body whose matter it is.")
    on_main_artery: bool = strawberry.field(description="The place is a main artery (5216 m.7).")
    needs_road_class: bool = strawberry.field(description="A road matter whose road is not known.")
    danger: str = strawberry.field(
        description="The danger for which urgency is proposed, as a person reads it; otherwise empty."
    )
    emergencies: list[Emergency] = strawberry.field(
        description="Comes before all the rest; empty where no danger is recognised (at most one a body)."
    )


def _by_code(model: Any, codes: Any) -> list[Any]:
    rows = {row.code: row for row in model.objects.filter(code__in=list(codes))}
    return [rows[code] for code in codes if code in rows]


SearchCases = Annotated[
    str | None,
    strawberry.argument(
        description="Turkish search by the beginnings of words in subject, text and place, or by number. A"
        " number of up to four digits among other words is whole: that of a door. For a person"
        " ask `citizens(name: …)` or `citizens(phone: …)`, then `filter.applicant`."
    ),
]


@strawberry.type
class ComplaintQueries:
    @connection_field(description="The cases that the viewer sees.")
    def complaints(
        self,
        info: strawberry.Info,
        page: Page,
        search: SearchCases = None,
        filter: Annotated[ComplaintFilter | None, strawberry.argument(description="Which ones.")] = None,
        order_by: Annotated[ComplaintOrder | None, strawberry.argument(description="In which order.")] = None,
    ) -> Connection[Complaint]:
        rows = filtered(filter, search)
        return connect(
            rows,
            _keyset(order_by),
            page,
            info,
            narrow=complaint_access.first_page,
            all_rows=complaint_access.countable(rows),
            total=totals.total(rows),
        )

    @strawberry.field(description="The case with this number. Null if it is hidden or missing.")
    def complaint(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its number, such as 2027/15.")],
    ) -> Complaint | None:
        scope.require_viewer()
        return single_row(scope.visible(Row).filter(reference=_number(reference)), info)

    @strawberry.field(description="Figures of the cases that the viewer sees.")
    def complaint_figures(
        self,
        filter: Annotated[ComplaintFilter | None, strawberry.argument(description="Of which ones.")] = None,
        since: Annotated[
            dt.date | None,
            strawberry.argument(description="First day of closing that counts; default 1 January."),
        ] = None,
    ) -> ComplaintFigures:
        scope.require_viewer()
        result = figures(scope.visible(filtered(filter)), since=since)
        return ComplaintFigures(
            **dataclasses.asdict(result),
            solved_share=result.solved_share,
            formula=str(_("Solved ÷ (closed − withdrawn − forwarded − duplicate)")),
        )

    @strawberry.field(description="Propose whose a case is, from its text and place.")
    def category_suggestion(
        self,
        text: Annotated[str, strawberry.argument(description="The words of the complaint.")],
        place: Annotated[str, strawberry.argument(description="The street part of the address.")] = "",
        category: Annotated[
            strawberry.ID | None, strawberry.argument(description="The category that a person has chosen.")
        ] = None,
    ) -> CategorySuggestion:
        scope.require_viewer()
        at_most(text, MAX_TEXT, "text", _("This text is too long."))
        chosen = load(organization.Category, category, "category")
        result = suggestion.suggest(
            clean(text),
            catalogue.current(),
            category=chosen.code if chosen else None,
            place=clean(place)[:300],
        )
        candidates = _by_code(organization.Department, result.candidates)
        named = {result.body or "", *(emergency.body for emergency in result.emergencies)}
        bodies = {row.code: row for row in _by_code(organization.OutsideBody, named)}
        return CategorySuggestion(
            categories=_by_code(organization.Category, result.categories[:10]),
            candidates=candidates,
            responsible=next((row for row in candidates if row.code == result.responsible), None),
            is_ambiguous=result.is_ambiguous,
            needs_choice=result.needs_choice,
            body=bodies.get(result.body or ""),
            on_main_artery=result.on_main_artery,
            needs_road_class=result.needs_road_class,
            danger=danger_in(clean(text)),
            emergencies=[
                Emergency(body=bodies.get(emergency.body), say=emergency.say)
                for emergency in result.emergencies
            ],
        )
