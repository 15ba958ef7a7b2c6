"""Recording an organisation and setting its facts right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, email_address, required, short, web_address
from backend.core.words.languages import Language
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, search_form, tr_lower
from backend.journal.action_table import Field, Trait
from backend.organization.models import Department, Neighbourhood, OutsideBody, User
from backend.partners import moves
from backend.partners.actions.step import move, write_line
from backend.partners.choices import THERE, Kind, Status
from backend.partners.models import Liaison, Organisation, OrganisationQuerySet
from backend.partners.moves import Verb, organisation_action
from backend.partners.story import EventType

LENGTHS = {"short_name": 80, "address": 300, "city": 80, "country": 60, "sister_decision": 60}
MOST_TAGS, MOST_ALIKE = 12, 8


OneDepartment = Annotated[Department, Field(_("Department"), api="Which department.")]
Note = Annotated[str, Field(_("Note"), api="A remark.", rows=2)]


class NameField(TypedDict, total=False):
    name: Annotated[str | None, Field(api="Its full name.")]


class Facts(TypedDict, total=False):
    short_name: Annotated[str | None, Field(api="Its short name.")]
    body: Annotated[OutsideBody | None, Field(api="The outside body that it is.")]
    phone: Annotated[str | None, Field(api="Telephone in any spelling.")]
    email: Annotated[str | None, Field(api="E-mail address.")]
    website: Annotated[str | None, Field(api="Web site.")]
    address: Annotated[str | None, Field(api="Address.")]
    neighbourhood: Annotated[Neighbourhood | None, Field(api="The neighbourhood.")]
    city: Annotated[str | None, Field(api="City.")]
    country: Annotated[str | None, Field(api="Country, where it is not Türkiye.")]
    language: Annotated[Language | None, Field(api="In which language it is written to.")]
    tags: Annotated[list[str] | None, Field(api="Tags; all of them.")]
    note: Annotated[str | None, Field(api="What the office should know.")]
    sister_since: Annotated[dt.date | None, Field(api="Since when it is a sister municipality.")]
    sister_decision: Annotated[str | None, Field(api="The decision of the council on that.")]


class CorrectFields(NameField, Facts, total=False): ...


class AlikeError(DomainError):
    """One of these may be meant (`rows`); it is recorded all the same with `accept_alike`."""

    def __init__(self, rows: list[Organisation]) -> None:
        message = _("There is something like it already: %(names)s. If yours is another one, say so.")
        names = "; ".join(" · ".join(filter(None, [row.name, row.city])) for row in rows)
        super().__init__(ErrorCode.UNUSUAL, message % {"names": names}, "accept_alike")
        self.rows = rows


@transaction.atomic
def record(
    *,
    by: User | None,
    kind: str,
    name: str,
    liaisons: Iterable[Department] = (),
    among: OrganisationQuerySet | None = None,
    accept_alike: bool = False,
    **facts: Unpack[Facts],
) -> Organisation:
    """Record an organisation, seen by the office and the departments in `liaisons`. REQUIRED, INVALID; CONFLICT where
    another one is that outside body already; AlikeError where one of `among` (those that the asker sees) has such a
    name, unless `accept_alike`."""
    if among is not None and not accept_alike:
        meant = alike(name, facts.get("short_name") or "").values("pk")
        if rows := list(among.filter(pk__in=meant).order_by("name_sort", "pk")[:MOST_ALIKE]):
            raise AlikeError(rows)
    values = {field: value for field, value in facts.items() if value is not None}
    row = Organisation(kind=choice(Kind, kind, "kind"), recorded_by=by)
    for field, value in _checked(row, {"name": name, **values}).items():
        setattr(row, field, value)
    with _one_a_body():
        row.save(force_insert=True)
    for department in {liaison.pk: liaison for liaison in liaisons}.values():
        Liaison.objects.create(organisation=row, department=_open(department))
    write_line(row, EventType.RECORDED, by=by, from_status="")
    row.refresh_from_db(fields=["departments", "is_membership"])
    return row


@organisation_action(Verb.CORRECT, event=EventType.CORRECTED, source=THERE, traits=Trait.PRIMARY)
def correct(organisation: Organisation, *, by: User | None, **facts: Unpack[CorrectFields]) -> Organisation:
    """Set facts right.

    The story has the old ones. INVALID where nothing changes.
    """
    moves.require(Verb.CORRECT, organisation.status)
    result = _checked(organisation, dict(facts))
    changed = {field: value for field, value in result.items() if getattr(organisation, field) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    before = {
        field: _as_text(getattr(organisation, field)) for field in sorted(changed) if field != "tag_text"
    }
    with _one_a_body():
        move(organisation, Verb.CORRECT, by=by, details={"before": before}, **changed)
    return organisation


@organisation_action(
    Verb.RECLASSIFY,
    event=EventType.RECLASSIFIED,
    source=THERE,
    hint=_("Who sees its people follows: members of associations are seen by fewer."),
)
def reclassify(
    organisation: Organisation,
    *,
    by: User | None,
    kind: Annotated[Kind, Field(_("Which kind?"), api="What it is.")],
) -> Organisation:
    """It is something else.

    Who may see its people follows.
    """
    moves.require(Verb.RECLASSIFY, organisation.status)
    chosen = choice(Kind, kind, "kind")
    if chosen == organisation.kind:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."), "kind")
    if organisation.sister_since and chosen != Kind.MUNICIPALITY:
        raise DomainError(ErrorCode.INVALID, _("Only a municipality can be a sister municipality."), "kind")
    details = {"before": {"kind": str(organisation.kind)}}
    move(organisation, Verb.RECLASSIFY, by=by, details=details, kind=chosen)
    organisation.refresh_from_db(fields=["is_membership"])
    return organisation


@organisation_action(Verb.ADD_LIAISON, event=EventType.LIAISON_ADDED, source=THERE)
def add_liaison(
    organisation: Organisation,
    *,
    by: User | None,
    department: OneDepartment,
) -> Organisation:
    """A department works with it, and sees it."""
    moves.require(Verb.ADD_LIAISON, organisation.status)
    _open(department)
    if department.pk in organisation.departments:
        raise DomainError(ErrorCode.DUPLICATE, _("This department works with it already."), "department")
    Liaison.objects.create(organisation=organisation, department=department)
    move(organisation, Verb.ADD_LIAISON, by=by, details={"department": department.short_name})
    return organisation


@organisation_action(
    Verb.RELEASE_LIAISON, event=EventType.LIAISON_RELEASED, source=THERE, applies=~Q(departments=[])
)
def release_liaison(
    organisation: Organisation,
    *,
    by: User | None,
    department: OneDepartment,
) -> Organisation:
    """A department works with it no longer, and no longer sees it."""
    moves.require(Verb.RELEASE_LIAISON, organisation.status)
    if department.pk not in organisation.departments:
        raise DomainError(ErrorCode.NOT_FOUND, _("This department does not work with it."), "department")
    Liaison.objects.filter(organisation=organisation, department=department).delete()
    move(organisation, Verb.RELEASE_LIAISON, by=by, details={"department": department.short_name})
    return organisation


@organisation_action(
    Verb.CLOSE, event=EventType.CLOSED, source=Status.ACTIVE, target=Status.CLOSED, traits=Trait.DESTRUCTIVE
)
def close(
    organisation: Organisation,
    *,
    by: User | None,
    note: Note = "",
    on: Annotated[
        dt.date | None, Field(_("When?"), api="When; today by default.", help=_("Empty: today."))
    ] = None,
) -> Organisation:
    """It exists no longer.

    No list and no letter proposes it.
    """
    moves.require(Verb.CLOSE, organisation.status)
    day = on or today()
    if day > today():
        raise DomainError(ErrorCode.INVALID, _("The day must not lie in the future."), "on")
    move(organisation, Verb.CLOSE, by=by, note=clean(note), closed_on=day)
    return organisation


@organisation_action(
    Verb.REOPEN, event=EventType.REOPENED, source=Status.CLOSED, target=Status.ACTIVE, traits=Trait.PRIMARY
)
def reopen(
    organisation: Organisation,
    *,
    by: User | None,
    note: Note = "",
) -> Organisation:
    """It exists after all."""
    moves.require(Verb.REOPEN, organisation.status)
    move(organisation, Verb.REOPEN, by=by, note=clean(note), closed_on=None)
    return organisation


def alike(name: str, short_name: str = "") -> OrganisationQuerySet:
    """Find possible duplicates of an organisation: equal names in search form, one name within the other, or the
    same short name. The caller restricts the result to the visible rows."""
    folded = [search_form(text) for text in (name, short_name)]
    asked = Q(pk__in=[])
    for text in filter(None, folded):
        asked |= Q(name_fold=text)
        if len(text) >= 4:
            asked |= Q(name_fold__startswith=f"{text} ") | Q(short_name__iexact=clean(text))
    if folded[0]:
        asked |= Q(short_name__iexact=clean(name))
    return Organisation.objects.standing().filter(asked)


def meant_by(text: str) -> OrganisationQuerySet:
    """Find whom a written name may mean: as `alike`, and with words left out before the last one, so that “Ilıca Yapı
    A.Ş.” means “Ilıca Yapı Sanayi ve Ticaret A.Ş.” The caller restricts the result to the visible rows."""
    first, _blank, last = search_form(text).rpartition(" ")
    if " " not in first:
        return alike(text)
    shortened = Q(name_fold__startswith=f"{first} ", name_fold__endswith=f" {last}")
    return alike(text) | Organisation.objects.standing().filter(shortened)


# -- facts ---------------------------------------------------------------------------------------------------
def _checked(row: Organisation, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of an organisation: {', '.join(sorted(unknown))}")
    checked = {field: CHECKS.get(field, _as_it_is)(value) for field, value in facts.items()}
    if "tags" in checked:
        checked["tag_text"] = " ".join(checked["tags"])
    if checked.get("sister_since") and row.kind != Kind.MUNICIPALITY:
        message = _("Only a municipality can be a sister municipality.")
        raise DomainError(ErrorCode.INVALID, message, "sister_since")
    return checked


def _website(text: str | None) -> str:
    return web_address(text, "website")


def checked_tags(words: Any) -> list[str]:
    """Tags in lower case, each once, in the entered order."""
    items = [tr_lower(" ".join(short(word, "tags", 40).split())) for word in words or []]
    tags = list(dict.fromkeys(filter(None, items)))
    if len(tags) > MOST_TAGS:
        message = _("At most %(count)s tags are possible.") % {"count": MOST_TAGS}
        raise DomainError(ErrorCode.INVALID, message, "tags")
    return tags


def _line(field: str, length: int) -> Callable[[str | None], str]:
    return lambda value: " ".join(short(value, field, length).split())


def _as_it_is(value: Any) -> Any:
    return value


CHECKS: dict[str, Callable[[Any], Any]] = {
    **{field: _line(field, length) for field, length in LENGTHS.items()},
    "name": lambda value: " ".join(required(value, "name", _("Write the name."), 200).split()),
    "note": lambda value: clean(value or ""),
    "phone": lambda value: normal_phone(str(value or "")),
    "email": email_address,
    "website": _website,
    "language": lambda value: choice(Language, value or Language.TR, "language"),
    "tags": checked_tags,
}
"""Validators of facts: input -> stored value, or an error that names the fact."""


def _open(department: Department) -> Department:
    if not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    return department


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


@contextmanager
def _one_a_body() -> Iterator[None]:
    """Two organisations that are one outside body: CONFLICT."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "body" not in str(error):
            raise
        message = _("Another organisation is this outside body already. Merge the two.")
        raise DomainError(ErrorCode.CONFLICT, message, "body") from None
