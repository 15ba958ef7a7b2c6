"""Written once as the tutorials of graphene-django and guardian show it: a permission row for every complaint and
group, `get_objects_for_user` in `get_queryset`, relations as they come."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import QuerySet
from graphene import relay
from graphene_django import DjangoConnectionField, DjangoObjectType
from guardian.shortcuts import get_objects_for_user

from backend.complaints.models import Comment, Complaint, ComplaintLine, Notice, Routing
from backend.contacts.models import Citizen
from backend.organization.models import Category, Department, Neighbourhood, User
from benchmarks.graphene_peer.applicants import applicant_of


class StaffType(DjangoObjectType):
    class Meta:
        model = User
        fields = ("first_name", "last_name")


class DepartmentType(DjangoObjectType):
    class Meta:
        model = Department
        fields = ("name", "short_name")


class CategoryType(DjangoObjectType):
    class Meta:
        model = Category
        fields = ("name",)


class NeighbourhoodType(DjangoObjectType):
    class Meta:
        model = Neighbourhood
        fields = ("name",)


class CitizenType(DjangoObjectType):
    class Meta:
        model = Citizen
        fields = ("first_name", "last_name", "phone", "email", "address")

    def resolve_phone(self, info: Any) -> str:
        return self.phone.as_e164 if self.phone else ""  # type: ignore[attr-defined, no-any-return]


class LineType(DjangoObjectType):
    class Meta:
        model = ComplaintLine
        fields = ("verb", "at", "note", "actor", "department")


class RoutingType(DjangoObjectType):
    class Meta:
        model = Routing
        fields = ("department", "role", "routed_at", "accepted_at", "ended_at", "reason")


class CommentType(DjangoObjectType):
    class Meta:
        model = Comment
        fields = ("at", "body", "author")


class NoticeType(DjangoObjectType):
    class Meta:
        model = Notice
        fields = ("kind", "status", "body", "notified_at")


class Counted(relay.Connection):
    class Meta:
        abstract = True

    total_count = graphene.Int()

    def resolve_total_count(self, info: Any) -> int:
        return self.length  # type: ignore[attr-defined, no-any-return]


def newest(kind: Any) -> graphene.List:
    return graphene.List(graphene.NonNull(kind), first=graphene.Int(default_value=20))


COLUMNS = (
    "reference", "subject", "body", "status", "priority", "kind", "channel", "regime", "target_on", "legal_due_on",
    "place", "registered_at", "registered_on", "category", "neighbourhood", "responsible_department", "applicant",
)  # fmt: skip


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

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Complaint], info: Any) -> QuerySet[Complaint]:
        return get_objects_for_user(
            info.context.user, "complaints.read_complaint", queryset, with_superuser=False
        )

    def resolve_applicant(self, info: Any) -> Citizen | None:
        return applicant_of(self, info.context)

    def resolve_lines(self, info: Any, first: int) -> Any:
        return self.lines.order_by("-at", "-id")[:first]  # type: ignore[attr-defined]

    def resolve_routings(self, info: Any, first: int) -> Any:
        return self.routings.order_by("-routed_at", "-id")[:first]  # type: ignore[attr-defined]

    def resolve_comments(self, info: Any, first: int) -> Any:
        return self.comments.order_by("-at", "-id")[:first]  # type: ignore[attr-defined]

    def resolve_notices(self, info: Any, first: int) -> Any:
        return self.notices.order_by("-drafted_at", "-id")[:first]  # type: ignore[attr-defined]


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
        return rows.order_by(*order_by)

    def resolve_complaint(self, info: Any, reference: str) -> Complaint | None:
        return ComplaintNode.get_queryset(Complaint.objects.filter(reference=reference), info).first()


schema = graphene.Schema(query=Query)
