"""Written once as somebody would who has a profiler: guardian on the thirty departments, asked once a request; joins
and prefetches made from the selection, columns that are read and no others, enums left as text."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from graphene import relay
from graphene_django import DjangoConnectionField, DjangoObjectType
from graphql import FieldNode
from guardian.shortcuts import get_objects_for_user

from backend.complaints.models import Comment, Complaint, ComplaintLine, Notice, Routing
from backend.contacts.models import Citizen
from backend.organization.models import Department
from benchmarks.graphene_peer.applicants import applicant_of
from benchmarks.graphene_peer.tutorial import (
    COLUMNS,
    CategoryType,
    CommentType,
    Counted,
    DepartmentType,
    LineType,
    NeighbourhoodType,
    NoticeType,
    RoutingType,
    newest,
)
from permissions.core.viewer import HEAD, OVERSEE, WORK
from permissions.models import ComplaintGrant

__all__ = ["CategoryType", "DepartmentType", "NeighbourhoodType", "schema"]

RELATIONS = ("category", "neighbourhood", "responsible_department", "applicant")
KNOWN_BY = ("identity_hidden", "responsible_department", "collaborators")
LISTS: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "lines": (ComplaintLine, ("-at", "-id"), ("actor", "department")),
    "routings": (Routing, ("-routed_at", "-id"), ("department",)),
    "comments": (Comment, ("-at", "-id"), ("author",)),
    "notices": (Notice, ("-drafted_at", "-id"), ()),
}


def visible(rows: QuerySet[Complaint], info: Any) -> QuerySet[Complaint]:
    request = info.context
    if request.is_office:
        return rows
    if not hasattr(request, "departments"):
        held = [f"organization.{name}" for name in (WORK, HEAD, OVERSEE)]
        request.departments = list(
            get_objects_for_user(
                request.user, held, Department, any_perm=True, with_superuser=False
            ).values_list("pk", flat=True)
        )
        shared = ComplaintGrant.dated.live().filter(user=request.user, user__is_superuser=False)
        request.shared = list(shared.values_list("content_object_id", flat=True))
    return rows.filter(
        Q(responsible_department__in=request.departments)
        | Q(collaborators__overlap=request.departments)
        | Q(pk__in=request.shared)
    )


def selection(info: Any) -> dict[str, FieldNode]:
    """The fields that are asked of a complaint, by the names of its model."""
    nodes: list[Any] = list(info.field_nodes)
    for step in ("edges", "node"):
        if info.field_name == "complaints":
            nodes = [
                field
                for node in nodes
                for field in node.selection_set.selections
                if isinstance(field, FieldNode) and field.name.value == step
            ]
    fields = [field for node in nodes for field in node.selection_set.selections]
    return {_snake(field.name.value): field for field in fields if isinstance(field, FieldNode)}


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def optimized(rows: QuerySet[Complaint], info: Any) -> QuerySet[Complaint]:
    asked = selection(info)
    joined = [name for name in RELATIONS if name in asked]
    inner = [
        f"{name}__{_snake(field.name.value)}"
        for name in joined
        for field in asked[name].selection_set.selections  # type: ignore[union-attr]
        if isinstance(field, FieldNode)
    ]
    columns = [name for name in COLUMNS if name in asked and name not in RELATIONS]
    rows = rows.select_related(*joined).only("id", *KNOWN_BY, *columns, *joined, *inner)
    for name, (model, order, relations) in LISTS.items():
        if name in asked:
            rows = rows.prefetch_related(_newest(name, model, order, relations, asked[name]))
    return rows


def _newest(name: str, model: Any, order: Any, relations: Any, field: FieldNode) -> Prefetch:
    count = next((int(a.value.value) for a in field.arguments if a.name.value == "first"), 20)  # type: ignore[attr-defined]
    inside = {node.name.value for node in field.selection_set.selections if isinstance(node, FieldNode)}  # type: ignore[union-attr]
    number = Window(
        RowNumber(), partition_by="complaint_id", order_by=[F(column[1:]).desc() for column in order]
    )
    rows = model.objects.annotate(place=number).filter(place__lte=count).order_by(*order)
    joined = [name for name in relations if name in inside]
    return Prefetch(name, rows.select_related(*joined), to_attr=f"newest_{name}")


class PersonType(DjangoObjectType):
    class Meta:
        model = Citizen
        fields = ("first_name", "last_name", "phone", "email", "address")

    def resolve_phone(self, info: Any) -> str:
        return self.phone.as_e164 if self.phone else ""  # type: ignore[attr-defined, no-any-return]


class ComplaintNode(DjangoObjectType):
    class Meta:
        model = Complaint
        interfaces = (relay.Node,)
        connection_class = Counted
        fields = COLUMNS

    lines = newest(LineType)
    routings = newest(RoutingType)
    comments = newest(CommentType)
    notices = newest(NoticeType)

    def resolve_applicant(self, info: Any) -> Citizen | None:
        return applicant_of(self, info.context)

    def resolve_lines(self, info: Any, first: int) -> Any:
        return self.newest_lines  # type: ignore[attr-defined]

    def resolve_routings(self, info: Any, first: int) -> Any:
        return self.newest_routings  # type: ignore[attr-defined]

    def resolve_comments(self, info: Any, first: int) -> Any:
        return self.newest_comments  # type: ignore[attr-defined]

    def resolve_notices(self, info: Any, first: int) -> Any:
        return self.newest_notices  # type: ignore[attr-defined]


class Query(graphene.ObjectType):
    complaints = DjangoConnectionField(
        ComplaintNode,
        only_open=graphene.Boolean(),
        search=graphene.String(),
        order_by=graphene.List(graphene.String, default_value=["target_on", "id"]),
    )
    complaint = graphene.Field(ComplaintNode, reference=graphene.String(required=True))

    def resolve_complaints(self, info: Any, order_by: list[str], **given: Any) -> Any:
        rows = Complaint.objects.search(given["search"]) if given.get("search") else Complaint.objects.all()
        if given.get("only_open"):
            rows = rows.open()
        return optimized(visible(rows, info), info).order_by(*order_by)

    def resolve_complaint(self, info: Any, reference: str) -> Complaint | None:
        return optimized(visible(Complaint.objects.filter(reference=reference), info), info).first()


schema = graphene.Schema(query=Query)
