"""What names an organisation in words and is not linked with its record: requests for appointments and invitations, as
far as the viewer sees them. They are missing on the page of the organisation until they are linked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb as RequestVerb
from backend.core.models import TrFold
from backend.core.words.text import search_form
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation
from backend.invitations.moves import Verb as InvitationVerb
from backend.partners import actions as partners
from backend.partners.models import Organisation
from permissions.core import scope

MOST = 50
SHORTEST = 4
"""Letters from which on the beginning of a name is taken for the name."""


@dataclass(frozen=True)
class Written:
    """A visible row, and what was written in it."""

    row: AppointmentRequest | Invitation
    text: str
    title: str
    may_link: bool

    @property
    def reference(self) -> str:
        return self.row.reference


def unlinked(organisation: Organisation) -> list[Written]:
    """The visible rows that name this organisation and are linked with no record, the newest first, at most some.
    Written is its name, the beginning of it, or its short name, as with `partners.meant_by`."""
    names = names_of(organisation)
    requests = _named(AppointmentRequest, "organisation", names).order_by("-registered_at", "-pk")
    invited = _named(Invitation, "host", names).order_by("-starts_at", "-pk")
    asked, hosts = list(requests[:MOST]), list(invited[:MOST])
    able = _linkable(AppointmentRequest, asked), _linkable(Invitation, hosts)
    return [
        *(Written(row, row.organisation, row.subject, row.pk in able[0]) for row in asked),
        *(Written(row, row.host, row.title, row.pk in able[1]) for row in hosts),
    ]


def link(organisation: Organisation, keys: Collection[UUID]) -> int:
    """Link those of the unlinked rows with the record that stands for the organisation. Leaves out what the viewer may
    not link; returns how many were linked."""
    by, linked = scope.current_viewer().user, 0
    stands = partners.standing(organisation)
    for one in unlinked(organisation):
        if one.row.key not in keys or not one.may_link:
            continue
        if isinstance(one.row, AppointmentRequest):
            with scope.authorized(RequestVerb.LINK_PARTNER, AppointmentRequest, one.row.key) as request:
                appointments.link_partner(request, by=by, partner=stands)
        else:
            with scope.authorized(InvitationVerb.LINK_PARTNER, Invitation, one.row.key) as invitation:
                invitations.link_partner(invitation, by=by, partner=stands)
        linked += 1
    return linked


def _linkable(model: type[AppointmentRequest] | type[Invitation], rows: Sequence[Model]) -> set[int]:
    """The numbers of those rows that the viewer may link."""
    if not scope.current_viewer().may("WRITE"):
        return set()
    able = scope.visible(
        model._default_manager.filter(pk__in=[row.pk for row in rows]), action="LINK_PARTNER"
    )
    return set(able.values_list("pk", flat=True)) if rows else set()


def _named(model: Any, field: str, names: set[str]) -> Any:
    rows = model.objects.filter(partner__isnull=True).exclude(**{field: ""})
    return scope.visible(rows.alias(written=TrFold(field)).filter(written__in=names))


def names_of(organisation: Organisation) -> set[str]:
    """The words, in search form, by which an organisation may have been written."""
    standing = partners.standing(organisation)
    rows = Organisation.objects.filter(pk__in=partners.family(standing))
    texts = [text for row in rows for text in (row.name, row.short_name) if text]
    return {name for text in texts for name in _beginnings(search_form(text))}


def _beginnings(text: str) -> Iterator[str]:
    yield text
    words = text.split(" ")
    for count in range(1, len(words)):
        beginning = " ".join(words[:count])
        if len(beginning) >= SHORTEST:
            yield beginning
        if count > 1:
            yield f"{beginning} {words[-1]}"
