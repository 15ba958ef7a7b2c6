"""What a suggestion is made from, read from the tables that an administrator edits."""

from __future__ import annotations

from backend.complaints.suggestion import BodyRow, Catalogue, CategoryRow, MatterRow
from backend.organization.models import BodyMatter, Category, CategoryCandidate, MainArtery, OutsideBody


def current() -> Catalogue:
    """The catalogue as it stands now, in five statements: categories in use, departments without an end."""
    candidates: dict[int, list[str]] = {}
    rows = CategoryCandidate.objects.order_by("position", "id").filter(department__valid_to__isnull=True)
    for category, department in rows.values_list("category_id", "department__code"):
        candidates.setdefault(category, []).append(department)
    categories = Category.objects.filter(is_active=True).select_related("body").order_by("id")
    return Catalogue(
        categories=tuple(
            CategoryRow(
                code=row.code,
                name=row.name,
                candidates=tuple(candidates.get(row.pk, ())),
                is_ambiguous=row.is_ambiguous,
                body=row.body.code if row.body else None,
                keywords=tuple(row.keywords),
            )
            for row in categories
        ),
        bodies=tuple(
            BodyRow(row.code, row.is_public, row.serves_here, row.liaison.code if row.liaison else None)
            for row in OutsideBody.objects.select_related("liaison").order_by("id")
        ),
        matters=tuple(
            MatterRow(
                row.code, row.body.code, tuple(row.keywords), row.only_on_main_arteries, row.say_at_once
            )
            for row in BodyMatter.objects.select_related("body").order_by("id")
        ),
        arteries=tuple(MainArtery.objects.order_by("id").values_list("name", flat=True)),
    )
