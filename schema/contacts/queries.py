"""The citizens: who calls, what is open for them; recording, correcting, merging. All shown are noted."""

from __future__ import annotations

from typing import Annotated

import strawberry
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions, models
from backend.core.errors import DomainError, ErrorCode
from backend.core.symbolic import symbolic
from backend.core.words.text import search_form
from permissions.core import scope
from schema.contacts.types import Citizen
from schema.core.connection import Connection, Keyset, Page, connection_field, paged

BY_NAME = Keyset("citizen", "name_fold", str)


@strawberry.type
class ContactsQueries:
    @connection_field(
        description="Who it is: by telephone in any spelling, by the beginning of the name, or by T.C. kimlik"
        " no. Give exactly one. Merged records are answered by the one that stands for them."
    )
    def citizens(
        self,
        info: strawberry.Info,
        page: Page,
        phone: Annotated[
            str | None, strawberry.argument(description="Telephone, however it is written.")
        ] = None,
        name: Annotated[
            str | None, strawberry.argument(description="Beginning of the name, then surname.")
        ] = None,
        national_id: Annotated[
            str | None, strawberry.argument(description="The whole T.C. kimlik no.")
        ] = None,
    ) -> Connection[Citizen]:
        rows = scope.visible(_found(phone, name, national_id))
        return paged(rows, BY_NAME, page, info)


@symbolic(str)
def _folded(name: str) -> str:
    return search_form(name)


def _found(phone: str | None, name: str | None, national_id: str | None) -> QuerySet[models.Citizen]:
    items = [text for text in (phone, name, national_id) if text is not None]
    if len(items) != 1:
        raise DomainError(
            ErrorCode.INVALID, _("Give a telephone number, a name or a T.C. kimlik no."), "phone"
        )
    if phone is not None:
        return actions.find_by_phone(phone)
    if national_id is not None:
        return actions.find_by_national_id(national_id)
    beginning = _folded(name or "")
    if not beginning:
        raise DomainError(ErrorCode.REQUIRED, _("Write the beginning of the name."), "name")
    return models.Citizen.objects.standing().filter(name_fold__startswith=beginning)
