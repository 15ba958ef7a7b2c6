"""What a citizen is told before they send something: whom to call now, what it may be about, whose it may be."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from permissions.complaints import advice
from schema.complaints.public_lists import PublicCategory, public_category
from schema.core.scalars import cleaned


@strawberry.type(description="A body outside the municipality, such as İSKİ.")
class PublicBody:
    name: str = strawberry.field(description="Its name.")
    short_name: str = strawberry.field(description="How people call it.")
    short_code: str = strawberry.field(
        description="Its short telephone number, such as 185; empty if it has none."
    )
    is_public: bool = strawberry.field(
        description="A public one: what is sent is passed on to it (3071 m.5), and the citizen is written to."
    )


@strawberry.type(description="Whom to call now, because somebody may be in danger.")
class PublicCall:
    body: PublicBody = strawberry.field(description="Who is called.")
    say: str = strawberry.field(description="What to do at once, in Turkish.")


@strawberry.type(description="What the words of a citizen propose; the office decides.")
class PublicAdvice:
    calls: list[PublicCall] = strawberry.field(description="Whom to call now, before anything else.")
    categories: list[PublicCategory] = strawberry.field(
        description="What it may be about, the best first: by the words of the catalogue; where the municipality allows"
        " it first what such matters became."
    )
    body: PublicBody | None = strawberry.field(
        description="Whose matter it may be, if it is not the municipality's alone."
    )


def _body(row: Any) -> PublicBody | None:
    if row is None:
        return None
    return PublicBody(
        name=row.name, short_name=row.short_name, short_code=row.short_code, is_public=row.is_public
    )


@strawberry.type
class PublicAdviceQueries:
    @strawberry.field(
        description="For everybody: whom to call now, what it may be about and whose it may be, by the words. Ask by"
        " POST: what a citizen writes does not belong into an address."
    )
    def public_advice(
        self,
        text: Annotated[str, strawberry.argument(description="What the citizen says.")],
        place: Annotated[str, strawberry.argument(description="The street part of the address.")] = "",
    ) -> PublicAdvice:
        found = advice.advice_on(cleaned(text), cleaned(place))
        calls = [(_body(call.body), call.say) for call in found.calls]
        return PublicAdvice(
            calls=[PublicCall(body=body, say=say) for body, say in calls if body is not None],
            categories=[public_category(row) for row in found.categories],
            body=_body(found.body),
        )
