"""Two records of one organisation: one stands for both, and it can be undone in one step."""

from __future__ import annotations

from typing import Annotated, overload

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.partners import moves
from backend.partners.actions.step import move
from backend.partners.choices import THERE, Status
from backend.partners.models import Liaison, Organisation, OrganisationLine
from backend.partners.moves import Verb, organisation_action
from backend.partners.story import EventType


@organisation_action(
    Verb.MERGE,
    event=EventType.MERGED,
    source=THERE,
    target=Status.MERGED,
    traits=Trait.DESTRUCTIVE,
    hint=_("This record stays as it is and points to the other one. The merge can be undone."),
)
def merge(
    organisation: Organisation,
    *,
    by: User | None,
    into: Annotated[Organisation, Field(_("The record that stays"), api="The record that stands for both.")],
    reason: Annotated[str, Field(_("Reason"), api="Why they are the same.", max_length=200)] = "",
) -> Organisation:
    """Another record stands for both. Can be undone.

    Merge this record into `into`, which represents both; its roles and files stay and are shown there. Its
    departments work with `into` from now on. Returns `into`.
    """
    moves.require(Verb.MERGE, organisation.status)
    if organisation.pk == into.pk:
        raise DomainError(ErrorCode.INVALID, _("A record cannot be merged into itself."), "into")
    target = Organisation.objects.select_for_update(of=("self",)).get(pk=into.pk)
    if target.status == Status.MERGED:
        raise DomainError(ErrorCode.WRONG_STATE, _("One of the records has already been merged."), "into")
    brought = sorted(set(organisation.departments) - set(target.departments))
    Liaison.objects.bulk_create(Liaison(organisation=target, department_id=pk) for pk in brought)
    details = {"brought": brought}
    move(organisation, Verb.MERGE, by=by, note=clean(reason), details=details, merged_into=target)
    return target


@organisation_action(
    Verb.UNDO_MERGE,
    event=EventType.MERGE_UNDONE,
    source=Status.MERGED,
    target=Status.ACTIVE,
    traits=Trait.PRIMARY,
)
def undo_merge(organisation: Organisation, *, by: User | None) -> Organisation:
    """A merged record stands for itself again.

    Departments that came to the other one by the merge leave it.
    """
    moves.require(Verb.UNDO_MERGE, organisation.status)
    line = (
        OrganisationLine.objects.filter(organisation=organisation, verb=EventType.MERGED)
        .order_by("-at", "-pk")
        .first()
    )
    brought = line.details.get("brought", []) if line else []
    Liaison.objects.filter(organisation=organisation.merged_into, department__in=brought).delete()
    to = Status.CLOSED if organisation.closed_on else Status.ACTIVE
    move(organisation, Verb.UNDO_MERGE, by=by, to=to, merged_into=None)
    return organisation


@overload
def standing(organisation: Organisation) -> Organisation: ...


@overload
def standing(organisation: None) -> None: ...


def standing(organisation: Organisation | None) -> Organisation | None:
    """The record that stands for this one: itself, unless it was merged. What is newly linked names that one."""
    result = organisation
    while result is not None and result.merged_into is not None:
        result = result.merged_into
    return result


def family(organisation: Organisation) -> set[int]:
    """The keys of all records of this organisation: whatever was merged into the one that stands for it."""
    return {
        organisation.pk,
        *Organisation.objects.filter(pk=organisation.pk).family().values_list("pk", flat=True),
    }
